#include "core/store/migrator.h"

#include "core/store/sql_script.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

// The library is static: without this, nothing would refer to the resource and the linker would drop it.
static void initMigrations() { Q_INIT_RESOURCE(store_migrations); }

namespace muster {

using namespace Qt::StringLiterals;

namespace {

Result<qint64> pragma(Connection &db, const QString &name)
{
    return db.value<qint64>(u"PRAGMA "_s + name).transform([](const auto &v) { return v.value_or(0); });
}

QString hashOf(const QString &sql)
{
    return QString::fromLatin1(QCryptographicHash::hash(sql.toUtf8(), QCryptographicHash::Sha256).toHex());
}

// A file without a table is new, whatever wrote its header.
Result<bool> isEmpty(Connection &db)
{
    return db.value<qint64>(u"SELECT count(*) FROM sqlite_schema"_s).transform([](const auto &n) {
        return n.value_or(0) == 0;
    });
}

QString createTable()
{
    return u"CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
           "sha TEXT NOT NULL, min_compatible INTEGER NOT NULL, applied_at INTEGER NOT NULL)"_s;
}

} // namespace

Migrator::Migrator(std::vector<Migration> migrations)
    : m_migrations(std::move(migrations))
{
}

std::vector<Migration> Migrator::embedded()
{
    initMigrations();
    std::vector<Migration> migrations;
    const QDir dir(u":/muster/migrations"_s);
    const QStringList names = dir.entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
    for (const QString &name : names) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (auto migration = parse(name, QString::fromUtf8(file.readAll())))
            migrations.push_back(std::move(*migration));
    }
    return migrations;
}

Result<Migration> Migrator::parse(const QString &fileName, const QString &sql)
{
    static const QRegularExpression namePattern(u"^(\\d{3})_[a-z0-9_]+\\.sql$"_s);
    static const QRegularExpression headPattern(u"^-- min_compatible: (\\d+)\\n"_s);
    const auto name = namePattern.match(fileName);
    const auto head = headPattern.match(sql);
    if (!name.hasMatch() || !head.hasMatch())
        return fail(ErrorCode::Corrupt, u"not a migration"_s, fileName);
    return Migration{.version = name.captured(1).toInt(),
                     .name = fileName.chopped(4),
                     .sql = sql,
                     .minCompatible = head.captured(1).toInt()};
}

int Migrator::newest() const { return m_migrations.empty() ? 0 : m_migrations.back().version; }

Status Migrator::inspect(const QString &file) const
{
    if (QFileInfo(file).size() == 0)
        return {};
    auto db = Connection::open({.file = file, .mode = ConnectionOptions::Mode::ReadOnly});
    if (!db)
        return std::unexpected(db.error());
    return check(**db);
}

// Whose file it is, how new, and whether what was applied is what this version knows.
Status Migrator::check(Connection &db) const
{
    const auto empty = isEmpty(db);
    if (!empty)
        return std::unexpected(empty.error());
    const auto application = pragma(db, u"application_id"_s);
    const auto version = pragma(db, u"user_version"_s);
    if (!application || !version)
        return std::unexpected((application ? version : application).error());
    if (*empty && *application == 0)
        return {};
    if (*application != storeApplicationId)
        return fail(ErrorCode::VersionMismatch, u"another program's database"_s, u"application_id"_s);
    if (*version > newest()) {
        const auto needs = db.value<qint64>(
            u"SELECT max(min_compatible) FROM schema_migrations WHERE version > ?"_s, newest());
        if (!needs || needs->value_or(*version) > newest())
            return fail(ErrorCode::NewerStore, QString::number(*version), u"user_version"_s);
    }
    for (const Migration &migration : m_migrations) {
        const auto sha =
            db.value<QString>(u"SELECT sha FROM schema_migrations WHERE version = ?"_s, migration.version);
        if (!sha)
            return std::unexpected(sha.error());
        if (*sha && **sha != hashOf(migration.sql))
            return fail(ErrorCode::VersionMismatch, u"migration was changed after it was applied"_s,
                        migration.name);
    }
    return {};
}

Result<MigrationReport> Migrator::migrate(Connection &db, qint64 nowMs, const BackupFn &backup) const
{
    if (Status fine = check(db); !fine)
        return std::unexpected(fine.error());
    const auto empty = isEmpty(db);
    const auto version = pragma(db, u"user_version"_s);
    if (!empty || !version)
        return std::unexpected((empty ? version.error() : empty.error()));
    MigrationReport report{.created = *empty, .from = static_cast<int>(*version), .to = 0, .backup = {}};
    report.to = std::max(report.from, newest());
    if (report.from >= newest())
        return report;
    if (!report.created) {
        auto made = backup();
        if (!made)
            return std::unexpected(made.error());
        report.backup = *made;
    }
    // Within a transaction this pragma does nothing, and rebuilding a table needs it off; checked at the end.
    if (Status off = db.exec(u"PRAGMA foreign_keys = OFF"_s); !off)
        return std::unexpected(off.error());
    const Status applied = db.inTransaction([&] { return applyPending(db, nowMs); });
    const Status on = db.exec(u"PRAGMA foreign_keys = ON"_s);
    if (!applied || !on)
        return std::unexpected((applied ? on : applied).error());
    return report;
}

Status Migrator::applyPending(Connection &db, qint64 nowMs) const
{
    // Again, now that nobody else can write: another process may have been first.
    const auto version = pragma(db, u"user_version"_s);
    if (!version)
        return std::unexpected(version.error());
    if (Status made = db.exec(createTable()); !made)
        return made;
    for (const Migration &migration : m_migrations) {
        if (migration.version <= *version)
            continue;
        if (Status applied = apply(db, migration, nowMs); !applied)
            return applied;
    }
    Statement broken = db.prepare(u"PRAGMA foreign_key_check"_s);
    const auto row = broken.next();
    if (!row)
        return std::unexpected(row.error());
    if (*row)
        return fail(ErrorCode::Corrupt, u"a migration left a dangling reference"_s,
                    broken.value(0).toString());
    return {};
}

Status Migrator::apply(Connection &db, const Migration &migration, qint64 nowMs)
{
    const QStringList statements = splitSqlScript(migration.sql);
    for (const QString &statement : statements) {
        if (Status done = db.exec(statement); !done) {
            done.error().where = migration.name + u": "_s + statement.left(80);
            return done;
        }
    }
    const auto noted =
        db.run(u"INSERT INTO schema_migrations(version, name, sha, min_compatible, applied_at) "
               "VALUES (?, ?, ?, ?, ?)"_s,
               migration.version, migration.name, hashOf(migration.sql), migration.minCompatible, nowMs);
    if (!noted)
        return std::unexpected(noted.error());
    if (Status id = db.exec(u"PRAGMA application_id = "_s + QString::number(storeApplicationId)); !id)
        return id;
    return db.exec(u"PRAGMA user_version = "_s + QString::number(migration.version));
}

} // namespace muster
