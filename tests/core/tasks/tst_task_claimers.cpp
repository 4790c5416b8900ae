// Ten services, each on connections of its own, go for the same queue at the same time.
#include "tests/core/tasks/task_world.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestTaskClaimers : public QObject {
    Q_OBJECT
private slots:
    void tenClaimersAndACapOfThree();
    void oneStatement();
};

void TestTaskClaimers::tenClaimersAndACapOfThree()
{
    constexpr int claimers = 10;
    constexpr int tasks = 60;
    constexpr int cap = 3;
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(PoolRepository(*db).setCap(u"three"_s, cap));
    std::vector<std::unique_ptr<Worker>> workers;
    QHash<QString, int> claims;
    qint64 most = 0;
    int ended = 0;
    for (int i = 0; i < claimers; ++i) {
        auto &worker = *workers.emplace_back(std::make_unique<Worker>(temp, livingOwner(i)));
        worker.runner.onStart = [&](const ClaimedTask &task) {
            ++claims[task.request.key];
            most = std::max(
                most, db->value<qint64>(u"SELECT count(*) FROM tasks WHERE slot_claimed_at IS NOT NULL"_s)
                          .value()
                          .value_or(0));
            // Its end is told from the event loop, as by a runner.
            QTimer::singleShot(0, &worker.service,
                               [&worker, id = task.id] { worker.service.finished(id, completed); });
        };
        connect(&worker.service, &TaskService::settled, this, [&] {
            ++ended;
            for (const auto &other : workers)
                other->service.drain(); // as a node does that sees a foreign commit
        });
    }
    for (int i = 0; i < tasks; ++i)
        QVERIFY(workers.front()->enqueue(aRequest(u"t%1"_s.arg(i), u"three"_s)).isValid());
    for (const auto &worker : workers)
        worker->service.start();
    QTRY_COMPARE_WITH_TIMEOUT(ended, tasks, 60'000);
    QCOMPARE(claims.size(), tasks);
    QVERIFY(std::ranges::all_of(claims, [](int times) { return times == 1; }));
    QVERIFY2(most >= 1 && most <= cap, QByteArray::number(most).constData());
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM tasks WHERE status = 'completed' AND lease_epoch = 1"_s)
                 .value()
                 .value(),
             tasks);
    QVERIFY(std::ranges::all_of(workers, [](const auto &worker) { return worker->lost.isEmpty(); }));
}

// Between looking for a free slot and taking it nobody may come: the row is changed exactly once, by one
// UPDATE that a trigger counts.
void TestTaskClaimers::oneStatement()
{
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(
        db->exec(u"CREATE TABLE claims(task INTEGER, before TEXT, after TEXT, owner TEXT, slot INTEGER)"_s));
    QVERIFY(db->exec(u"CREATE TRIGGER claimed AFTER UPDATE ON tasks BEGIN INSERT INTO claims VALUES "
                     "(NEW.id, OLD.status, NEW.status, NEW.lease_owner, NEW.slot_claimed_at); END"_s));
    Worker worker(temp, livingOwner(1));
    QVERIFY(worker.enqueue(aRequest(u"a"_s)).isValid());
    worker.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(worker.runner.started.size(), 1U, patienceMs);
    QVERIFY(worker.idle());
    QCOMPARE(db->value<QString>(u"SELECT group_concat(before || ' ' || after || ' ' || owner || ' ' || slot) "
                                "FROM claims"_s)
                 .value()
                 .value(),
             u"queued running %1 %2"_s.arg(livingOwner(1)).arg(temp.clock.nowMs()));
}

QTEST_GUILESS_MAIN(TestTaskClaimers)
#include "tst_task_claimers.moc"
