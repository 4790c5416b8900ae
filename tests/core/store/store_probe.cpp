// A second process for the store's tests.
//   write FILE MS        writes rows through a StoreWriter for that long; prints how many were acknowledged
//   ack FILE             writes for ever; prints each row's number after it was acknowledged, to be killed
//   claim FILE           claims and finishes tasks until none is queued; prints one line per claim
//   one FILE TASK        goes for that task once for each line on stdin; prints whether it has got it
//   migrate FILE ROWS    brings the store to a second version that takes a while, to be killed
#include "core/store/migrator.h"
#include "core/store/store_writer.h"
#include "core/store/task_repository.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

int complain(const Error &error)
{
    std::fprintf(stderr, "%s %s\n", qPrintable(error.detail), qPrintable(error.where));
    return 1;
}

// Several jobs at a time, so that groups are larger than one.
class RowWriter {
public:
    RowWriter(const QString &file, bool printEach, int forMs)
        : m_writer({.file = file, .durability = Durability::Normal, .busyTimeoutMs = 100})
        , m_printEach(printEach)
        , m_forMs(forMs)
    {
    }

    int run()
    {
        if (const Status started = m_writer.start(); !started)
            return complain(started.error());
        m_time.start();
        for (int i = 0; i < 8; ++i)
            writeNext();
        return QCoreApplication::exec();
    }

private:
    void writeNext()
    {
        const qint64 number = ++m_number;
        m_writer.post([number](Connection &db) {
            return db
                .run(u"INSERT INTO settings(key, value, updated_at) VALUES (?, '1', ?)"_s,
                     u"row-"_s + QString::number(QCoreApplication::applicationPid()) + u'-' +
                         QString::number(number),
                     number)
                .transform([](qint64) {});
        }, qApp, [this, number](const Status &status) { written(number, status); });
    }

    void written(qint64 number, const Status &status)
    {
        if (!status) {
            QCoreApplication::exit(complain(status.error()));
            return;
        }
        ++m_acknowledged;
        if (m_printEach) {
            std::printf("%lld\n", static_cast<long long>(number));
            std::fflush(stdout);
        }
        if (m_forMs > 0 && m_time.elapsed() > m_forMs)
            finish();
        else
            writeNext();
    }

    void finish()
    {
        if (std::exchange(m_finished, true))
            return; // the replies that came in the same batch
        m_writer.stop();
        std::printf("%lld\n", static_cast<long long>(m_acknowledged));
        std::fflush(stdout);
        QCoreApplication::exit(0);
    }

    StoreWriter m_writer;
    bool m_printEach;
    int m_forMs;
    QElapsedTimer m_time;
    qint64 m_number = 0;
    qint64 m_acknowledged = 0;
    bool m_finished = false;
};

// Prints "task epoch held" for each claim: held is the number of slots that this transaction saw in use.
int claimAll(const QString &file)
{
    auto db = Connection::open({.file = file, .durability = Durability::Normal, .busyTimeoutMs = 30'000});
    if (!db)
        return complain(db.error());
    TaskRepository tasks(**db);
    const TaskRepository::Claim claim{.owner = QString::number(QCoreApplication::applicationPid()),
                                      .nowMs = 1000};
    const QString open = u"SELECT count(*) FROM tasks WHERE status = 'queued'"_s;
    while ((*db)->value<qint64>(open).value_or(0).value_or(0) > 0) {
        qint64 held = 0;
        const auto claimed = (*db)->inTransaction([&] {
            auto got = tasks.claimNext(claim);
            held = (*db)
                       ->value<qint64>(u"SELECT count(*) FROM tasks WHERE slot_claimed_at IS NOT NULL"_s)
                       .value_or(0)
                       .value_or(0);
            return got;
        });
        if (!claimed)
            return complain(claimed.error());
        if (!*claimed)
            continue;
        std::printf("%lld %lld %lld\n", static_cast<long long>((*claimed)->id.value),
                    static_cast<long long>((*claimed)->lease.epoch), static_cast<long long>(held));
        const auto finished = (*db)->inTransaction([&] {
            return tasks.finish((*claimed)->id, (*claimed)->lease.epoch, 2000,
                                {.status = TaskStatus::Completed});
        });
        if (!finished)
            return complain(finished.error());
    }
    return 0;
}

int claimOne(const QString &file, qint64 task)
{
    auto db = Connection::open({.file = file, .durability = Durability::Normal, .busyTimeoutMs = 30'000});
    if (!db)
        return complain(db.error());
    const TaskRepository::Claim claim{.owner = QString::number(QCoreApplication::applicationPid()),
                                      .nowMs = 1000};
    char line[16];
    while (std::fgets(line, sizeof line, stdin)) {
        const auto lease = TaskRepository(**db).claim({task}, claim);
        if (!lease)
            return complain(lease.error());
        std::printf("claim %d\n", *lease ? 1 : 0);
        std::fflush(stdout);
    }
    return 0;
}

int migrateSlowly(const QString &file, int rows)
{
    auto db = Connection::open({.file = file, .durability = Durability::Normal});
    if (!db)
        return complain(db.error());
    std::vector<Migration> migrations = Migrator::embedded();
    const int next = migrations.back().version + 1;
    const QString sql =
        u"CREATE TABLE second (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT %1) "
        "INSERT INTO second SELECT i FROM n; ALTER TABLE settings ADD COLUMN more TEXT;"_s.arg(rows);
    migrations.push_back({.version = next, .name = u"second"_s, .sql = sql, .minCompatible = next});
    std::printf("begin\n");
    std::fflush(stdout);
    const auto report = Migrator(migrations).migrate(**db, 1, [] { return Result<QString>(u"none"_s); });
    if (!report)
        return complain(report.error());
    std::printf("end\n");
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString mode = arguments.value(1);
    const QString file = arguments.value(2);
    const int number = arguments.value(3).toInt();
    if (mode == u"write")
        return RowWriter(file, false, number).run();
    if (mode == u"ack")
        return RowWriter(file, true, 0).run();
    if (mode == u"claim")
        return claimAll(file);
    if (mode == u"one")
        return claimOne(file, number);
    if (mode == u"migrate")
        return migrateSlowly(file, number);
    return 2;
}
