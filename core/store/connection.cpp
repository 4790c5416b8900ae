#include "core/store/connection.h"

#include "core/store/sql_error.h"

#include <QSqlError>
#include <QThread>

#include <atomic>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// All statements are constants but for a few filters; this only bounds what those could add up to.
constexpr qsizetype cacheLimit = 400;

// Some 90 KiB come and go with each table that SQLite makes for a statement. At first glibc gives as much
// back to the system at once, and takes it again page by page, for which all threads of a process wait on
// each other: half the speed of claims in ten threads. It keeps more from when something larger was freed.
// Source: mallopt(3), M_MMAP_THRESHOLD, "dynamic".
void keepWhatStatementsTake()
{
    static const bool once = [] {
        const QByteArray larger(1 << 20, Qt::Uninitialized);
        return larger.isDetached();
    }();
    Q_UNUSED(once)
}

QString nextName()
{
    static std::atomic<quint64> counter = 0;
    return u"muster-store-"_s + QString::number(++counter);
}

// `?` and `?1` as the names that Statement binds by: by position, QSqlQuery formats such a name for each
// value.
QString named(const QString &sql)
{
    QString out;
    out.reserve(sql.size() * 2);
    int position = 0;
    for (const auto *c = sql.cbegin(); c != sql.cend(); ++c) {
        if (*c != u'?') {
            out += *c;
            continue;
        }
        int number = 0;
        for (; c + 1 != sql.cend() && (c + 1)->isDigit(); ++c)
            number = number * 10 + (c + 1)->digitValue();
        out += placeholderName(number > 0 ? number - 1 : position++);
    }
    return out;
}

} // namespace

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions &options)
{
    keepWhatStatementsTake();
    std::unique_ptr<Connection> connection(new Connection);
    connection->m_name = nextName();
    connection->m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection->m_name);
    QSqlDatabase &database = connection->m_database;
    database.setDatabaseName(options.file);
    QString driverOptions = u"QSQLITE_BUSY_TIMEOUT="_s + QString::number(options.busyTimeoutMs);
    if (options.mode == ConnectionOptions::Mode::ReadOnly)
        driverOptions += u";QSQLITE_OPEN_READONLY"_s;
    database.setConnectOptions(driverOptions);
    if (!database.open())
        return std::unexpected(toError(database.lastError(), options.file));
    if (Status configured = connection->configure(options); !configured)
        return std::unexpected(std::move(configured.error()));
    return connection;
}

Connection::~Connection()
{
    m_constants.clear();
    m_cache.clear();
    if (m_database.isOpen())
        m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Status Connection::configure(const ConnectionOptions &options)
{
    QStringList pragmas{u"PRAGMA foreign_keys = ON"_s};
    if (options.mode == ConnectionOptions::Mode::ReadOnly) {
        pragmas += u"PRAGMA query_only = ON"_s;
    } else {
        if (Status wal = switchToWal(); !wal)
            return wal;
        pragmas += options.durability == Durability::Full ? u"PRAGMA synchronous = FULL"_s
                                                          : u"PRAGMA synchronous = NORMAL"_s;
        // A log that once grew large is cut to this by the next checkpoint that can.
        pragmas += u"PRAGMA journal_size_limit = 16777216"_s;
        pragmas += u"PRAGMA cache_size = -8000"_s;
    }
    for (const QString &pragma : std::as_const(pragmas)) {
        if (Status status = exec(pragma); !status)
            return status;
    }
    return {};
}

// Changing the journal mode takes an exclusive lock for a moment and does not honour the busy timeout when
// two processes make a store at the same time.
Status Connection::switchToWal()
{
    Status status;
    for (int i = 0; i < 200; ++i) {
        status = exec(u"PRAGMA journal_mode = WAL"_s);
        if (status || status.error().code != ErrorCode::Timeout)
            return status;
        QThread::msleep(10);
    }
    return status;
}

QSqlQuery Connection::newQuery() const
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true); // else the driver keeps every row it has read
    return query;
}

Statement Connection::prepare(const QString &sql)
{
    // A constant is the same text at the same place, and hashing it would cost as much as a small statement.
    const auto known = m_constants.constFind(sql.constData());
    if (known != m_constants.cend() && !(*known)->inUse) {
        (*known)->inUse = true;
        return Statement(*known);
    }
    const auto found = m_cache.constFind(sql);
    if (found != m_cache.cend() && !(*found)->inUse) {
        (*found)->inUse = true;
        return Statement(*found);
    }
    auto prepared = std::make_shared<detail::PreparedQuery>(newQuery());
    if (!prepared->query.prepare(named(sql)))
        return Statement(toError(prepared->query.lastError(), sql));
    prepared->inUse = true;
    if (found == m_cache.cend()) { // else the cached one is in use further up: this one is for once
        if (m_cache.size() >= cacheLimit) {
            m_constants.clear();
            m_cache.clear();
        }
        m_cache.insert(sql, prepared);
        m_constants.insert(sql.constData(), prepared);
    }
    return Statement(std::move(prepared));
}

Status Connection::exec(const QString &sql)
{
    QSqlQuery query = newQuery();
    if (!query.exec(sql))
        return std::unexpected(toError(query.lastError(), sql));
    while (query.next()) {
    } // a pragma or a checkpoint is done only at its last row
    const QSqlError error = query.lastError();
    query.finish();
    return error.isValid() ? Status(std::unexpected(toError(error, sql))) : Status();
}

Status Connection::begin()
{
    return run(u"BEGIN IMMEDIATE"_s).transform([](qint64) {});
}

Status Connection::commit()
{
    return run(u"COMMIT"_s).transform([](qint64) {});
}

void Connection::rollback()
{
    // SQLite has rolled back by itself after some errors; then there is no transaction and this says so.
    [[maybe_unused]] const auto rolledBack = run(u"ROLLBACK"_s);
}

Result<qint64> Connection::dataVersion()
{
    return value<qint64>(u"PRAGMA data_version"_s).transform([](const auto &v) { return v.value_or(0); });
}

} // namespace muster
