// Two processes and more on one store: nobody is told "locked", nothing is lost, no cap is exceeded.
#include "core/store/migrator.h"
#include "core/store/task_repository.h"
#include "tests/support/temp_store.h"

#include <QProcess>

using namespace muster;
using namespace Qt::StringLiterals;

class TestStoreProcesses : public QObject {
    Q_OBJECT
private slots:
    void init();
    void writeAtTheSameTime();
    void claimAtTheSameTime();
    void openAtTheSameTime();

private:
    std::unique_ptr<QProcess> start(const QStringList &arguments)
    {
        auto process = std::make_unique<QProcess>();
        process->start(u"" STORE_PROBE ""_s, arguments);
        return process;
    }
    std::unique_ptr<TempStore> m_temp;
};

void TestStoreProcesses::init() { m_temp = std::make_unique<TempStore>(); }

void TestStoreProcesses::writeAtTheSameTime()
{
    const auto db = m_temp->connection();
    QVERIFY(db);
    const auto one = start({u"write"_s, m_temp->options.file, u"1500"_s});
    const auto two = start({u"write"_s, m_temp->options.file, u"1500"_s});
    qint64 acknowledged = 0;
    for (QProcess *process : {one.get(), two.get()}) {
        QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, 90'000);
        QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
        const qint64 rows = process->readAllStandardOutput().trimmed().toLongLong();
        QVERIFY(rows > 0);
        acknowledged += rows;
    }
    // Jobs that were on their way at the end may have been written too.
    const qint64 written = db->value<qint64>(u"SELECT count(*) FROM settings"_s).value().value();
    QVERIFY(written >= acknowledged && written <= acknowledged + 16);
    QCOMPARE(db->value<QString>(u"PRAGMA integrity_check"_s).value().value(), u"ok"_s);
}

void TestStoreProcesses::claimAtTheSameTime()
{
    constexpr int tasks = 120;
    const auto db = m_temp->connection();
    QVERIFY(db);
    QVERIFY(db->inTransaction([&]() -> Status {
        for (int i = 0; i < tasks; ++i)
            (void)TaskRepository(*db).insert({.createdBy = u"person"_s}, {}, {u"scheduled"_s});
        return {};
    }));
    std::vector<std::unique_ptr<QProcess>> claimers;
    for (int i = 0; i < 4; ++i)
        claimers.push_back(start({u"claim"_s, m_temp->options.file}));
    QSet<QByteArray> claimed;
    qsizetype lines = 0;
    for (const auto &process : claimers) {
        QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, 90'000);
        QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
        const QList<QByteArray> output = process->readAllStandardOutput().split('\n');
        for (const QByteArray &line : output) {
            if (line.isEmpty())
                continue;
            const QList<QByteArray> fields = line.split(' ');
            QCOMPARE(fields.size(), 3);
            claimed += fields.at(0);
            ++lines;
            QCOMPARE(fields.at(1), "1"_ba);     // the first and only claim of this task
            QVERIFY(fields.at(2).toInt() <= 2); // the cap
            QVERIFY(fields.at(2).toInt() >= 1);
        }
    }
    QCOMPARE(claimed.size(), lines);
    QCOMPARE(lines, tasks);
}

// Several make the same new store: one migrates, the others find it done.
void TestStoreProcesses::openAtTheSameTime()
{
    for (int round = 0; round < 5; ++round) {
        m_temp = std::make_unique<TempStore>();
        std::vector<std::unique_ptr<QThread>> threads;
        std::atomic<int> created = 0;
        std::atomic<int> opened = 0;
        for (int i = 0; i < 4; ++i) {
            threads
                .emplace_back(QThread::create([&] {
                const auto store = Store::open(m_temp->options, m_temp->clock);
                opened += store ? 1 : 0;
                created += store && (*store)->openReport().created ? 1 : 0;
                if (!store)
                    qWarning().noquote() << store.error().detail << store.error().where;
            }))->start();
        }
        for (const auto &thread : threads)
            thread->wait();
        QCOMPARE(opened.load(), 4);
        QVERIFY(created >= 1);
        const auto db = m_temp->connection();
        QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM schema_migrations"_s).value().value(),
                 Migrator().newest());
    }
}

QTEST_GUILESS_MAIN(TestStoreProcesses)
#include "tst_store_processes.moc"
