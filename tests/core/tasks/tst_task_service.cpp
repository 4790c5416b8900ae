// Leases, takeovers, cancels and stores that take no writes, over the store's own port and by a clock set by
// hand.
#include "tests/core/tasks/task_world.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestTaskService : public QObject {
    Q_OBJECT
private slots:
    void init();
    void startsInOrder();
    void sameKeySameTask();
    void leaseExpires_data();
    void leaseExpires();
    void reapersTakeOnce();
    void renewKeepsWhatIsHeld();
    void nobodysTaskIsTakenUpAgain();
    void oldEpochChangesNothing();
    void oldHolderLearnsThatItLost();
    void lostAndOursAgain();
    void goesOnAfterItWaited();
    void limitSendsItBack();
    void clockThatJumpsTakesNothing();
    void cancelQueued();
    void cancelClaimed();
    void cancelWhileItIsClaimed();
    void cancelWhatAnotherHolds();
    void cancelIsTriedAgain();
    void endIsTriedAgain();
    void failsMidway_data();
    void failsMidway();
    void waitingThatCouldNotBeWritten();

private:
    [[nodiscard]] QString everything() const
    {
        return m_db
            ->value<QString>(
                u"SELECT group_concat(json_array(t.id, status, failure_reason, detail, lease_owner, "
                u"lease_epoch, "
                "lease_expires_at, turns, tokens_in, slot_claimed_at, ended_at, s.output), char(10)) FROM "
                "(SELECT * FROM tasks ORDER BY id) t JOIN task_specs s ON s.task_id = t.id"_s)
            .value()
            .value_or(QString());
    }
    [[nodiscard]] qint64 events() const
    {
        return m_db->value<qint64>(u"SELECT count(*) FROM events"_s).value().value_or(-1);
    }
    [[nodiscard]] TaskRow row(TaskId id) const { return TaskRepository(*m_db).find(id).value_or(TaskRow{}); }
    // Every write to `table` fails while the trigger stands.
    [[nodiscard]] bool refuseWrites(const QString &table, const QString &when = u"UPDATE"_s) const
    {
        return m_db
            ->exec(u"CREATE TRIGGER refuse BEFORE %1 ON %2 BEGIN SELECT RAISE(FAIL, 'no room'); END"_s.arg(
                when, table))
            .has_value();
    }
    [[nodiscard]] bool acceptWrites() const { return m_db->exec(u"DROP TRIGGER refuse"_s).has_value(); }
    // A task that `worker` has claimed and its runner has begun.
    TaskId begun(Worker &worker, const QString &key)
    {
        const TaskId id = worker.enqueue(aRequest(key));
        worker.service.start();
        const bool held = QTest::qWaitFor([&] { return worker.service.holds(id); }, patienceMs);
        return held ? id : TaskId{};
    }

    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
};

void TestTaskService::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
}

// Priority, then age; waiting for longer than ten minutes raises by one.
void TestTaskService::startsInOrder()
{
    Worker worker(*m_temp, livingOwner(1));
    QVERIFY(PoolRepository(*m_db).setCap(u"one"_s, 1));
    const auto add = [&](const QString &key, int priority) {
        TaskRequest request = aRequest(key, u"one"_s);
        request.priority = priority;
        QVERIFY(worker.enqueue(request).isValid());
        m_temp->clock.advance(1);
    };
    add(u"old"_s, 0);
    m_temp->clock.advance(601'000);
    add(u"plain"_s, 0);
    add(u"later"_s, 0);
    add(u"one up"_s, 1);
    add(u"urgent"_s, 5);
    QStringList order;
    worker.runner.onStart = [&](const ClaimedTask &task) {
        order += task.request.key;
        QTimer::singleShot(0, &worker.service,
                           [&worker, id = task.id] { worker.service.finished(id, completed); });
    };
    worker.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 5, patienceMs);
    QCOMPARE(order, (QStringList{u"urgent"_s, u"old"_s, u"one up"_s, u"plain"_s, u"later"_s}));
}

void TestTaskService::sameKeySameTask()
{
    Worker one(*m_temp, livingOwner(1));
    Worker two(*m_temp, livingOwner(2));
    const TaskId first = one.enqueue(aRequest(u"1/build#1"_s));
    QVERIFY(first.isValid());
    QCOMPARE(two.enqueue(aRequest(u"1/build#1"_s)), first);
    QVERIFY(two.enqueue(aRequest(u"2/build#1"_s)) != first); // of another run, so of another project too
    QCOMPARE(events(), 2);
}

void TestTaskService::leaseExpires_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<int>("afterMs");
    QTest::addColumn<bool>("taken");
    QTest::newRow("may live, in time") << livingOwner(1) << 59'999 << false;
    QTest::newRow("may live, over") << livingOwner(1) << 60'000 << true;
    QTest::newRow("proven dead, in time") << deadOwner() << 0 << true;
}

void TestTaskService::leaseExpires()
{
    QFETCH(QString, owner);
    QFETCH(int, afterMs);
    QFETCH(bool, taken);
    Worker holder(*m_temp, owner);
    Worker other(*m_temp, livingOwner(2));
    const TaskId id = begun(holder, u"a"_s);
    QVERIFY(id.isValid());
    m_temp->clock.advance(afterMs);
    other.service.start();
    QVERIFY(other.idle());
    QCOMPARE(other.service.holds(id), taken);
    if (!taken)
        return;
    QTRY_COMPARE_WITH_TIMEOUT(other.runner.started.size(), 1U, patienceMs);
    QVERIFY(other.runner.started.front().recovered);
    QCOMPARE(other.runner.started.front().epoch, 2);
    QCOMPARE(row(id).lease,
             (Lease{.owner = livingOwner(2), .epoch = 2, .expiresAtMs = m_temp->clock.nowMs() + 60'000}));
}

// Ten reapers at once: only what has lapsed, and each of it once.
void TestTaskService::reapersTakeOnce()
{
    constexpr int lapsed = 20;
    QVERIFY(PoolRepository(*m_db).setCap(u"scheduled"_s, 100));
    Worker stopped(*m_temp, livingOwner(1));
    for (int i = 0; i < lapsed; ++i)
        QVERIFY(stopped.enqueue(aRequest(u"lapsed%1"_s.arg(i))).isValid());
    stopped.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(stopped.service.heldCount(), lapsed, patienceMs);
    m_temp->clock.advance(30'000);
    Worker living(*m_temp, livingOwner(2));
    const TaskId kept = begun(living, u"kept"_s);
    m_temp->clock.advance(30'000);

    std::vector<std::unique_ptr<Worker>> reapers;
    reapers.reserve(10);
    for (int i = 0; i < 10; ++i)
        reapers.push_back(std::make_unique<Worker>(*m_temp, livingOwner(10 + i)));
    for (const int expected : {lapsed, lapsed}) { // the second pass finds nothing
        for (const auto &reaper : reapers)
            reaper->service.start();
        int taken = 0;
        for (const auto &reaper : reapers) {
            QVERIFY(reaper->idle());
            taken += static_cast<int>(reaper->runner.started.size());
        }
        QCOMPARE(taken, expected);
    }
    QCOMPARE(m_db->value<qint64>(u"SELECT count(*) FROM tasks WHERE lease_epoch = 2"_s).value().value(),
             lapsed);
    QCOMPARE(row(kept).lease.owner, livingOwner(2));
    QCOMPARE(row(kept).lease.epoch, 1);
}

void TestTaskService::renewKeepsWhatIsHeld()
{
    Worker holder(*m_temp, livingOwner(1),
                  {.renewMs = 10, .reapMs = 3'600'000}); // by the timer, as in a node
    Worker other(*m_temp, livingOwner(2));
    const TaskId id = begun(holder, u"a"_s);
    for (int i = 0; i < 3; ++i) {
        m_temp->clock.advance(50'000);
        QTRY_COMPARE_WITH_TIMEOUT(row(id).lease.expiresAtMs, m_temp->clock.nowMs() + 60'000, patienceMs);
        QVERIFY(other.takeOver().empty());
    }
    QVERIFY(holder.runner.abandoned.empty());
    QCOMPARE(row(id).lease.epoch, 1);
}

// A lease of this process that its service does not know of: it must not be kept alive by the heartbeat.
void TestTaskService::nobodysTaskIsTakenUpAgain()
{
    Worker worker(*m_temp, livingOwner(1), {.renewMs = 5, .reapMs = 3'600'000});
    const TaskId forgotten = worker.enqueue(aRequest(u"forgotten"_s));
    QVERIFY(TaskRepository(*m_db)
                .claim(forgotten, {.owner = livingOwner(1), .nowMs = m_temp->clock.nowMs()})
                .value()
                .has_value());
    const TaskId known = begun(worker, u"known"_s);
    m_temp->clock.advance(60'000);
    QTRY_COMPARE_WITH_TIMEOUT(row(known).lease.expiresAtMs, m_temp->clock.nowMs() + 60'000, patienceMs);
    worker.service.start(); // a pass of the reaper
    QTRY_VERIFY_WITH_TIMEOUT(worker.service.holds(forgotten), patienceMs);
    QCOMPARE(row(forgotten).lease.epoch, 2);
    QCOMPARE(row(known).lease.epoch, 1);
    QVERIFY(worker.runner.abandoned.empty());
}

void TestTaskService::oldEpochChangesNothing()
{
    Worker holder(*m_temp, livingOwner(1));
    Worker other(*m_temp, livingOwner(2));
    const TaskId id = begun(holder, u"a"_s);
    m_temp->clock.advance(60'000);
    QCOMPARE(other.takeOver().size(), 1U);
    const QString before = everything();
    const qint64 eventsBefore = events();
    const TaskOutcome late{.output = {{u"text"_s, u"late"_s}}, .usage = {.tokensIn = 9, .agentSteps = 3}};
    const auto finished =
        holder.asked<void>([&](auto done) { holder.port.finish(id, 1, late, std::move(done)); });
    const auto waiting =
        holder.asked<bool>([&](auto done) { holder.port.setWaiting(id, 1, true, std::move(done)); });
    QVERIFY(finished && waiting);
    QCOMPARE(finished->error().code, ErrorCode::Conflict);
    QCOMPARE(waiting->error().code, ErrorCode::Conflict);
    QCOMPARE(everything(), before);
    QCOMPARE(events(), eventsBefore);
}

void TestTaskService::oldHolderLearnsThatItLost()
{
    Worker holder(*m_temp, livingOwner(1), {.renewMs = 10, .reapMs = 3'600'000});
    Worker other(*m_temp, livingOwner(2));
    const TaskId id = begun(holder, u"a"_s);
    QVERIFY(TaskRepository(*m_db)
                .takeOver(id, 1, livingOwner(2), m_temp->clock.nowMs(), 60'000)
                .value()
                .has_value());
    QTRY_COMPARE_WITH_TIMEOUT(holder.runner.abandoned, std::vector{id}, patienceMs);
    QCOMPARE(holder.lost.size(), 1);
    QVERIFY(!holder.service.holds(id));
    QCOMPARE(row(id).lease.owner, livingOwner(2));
    QCOMPARE(holder.settled.size(), 0);
}

// The holder stood still (a stopped process), another took over and died, and the first wakes up as a reaper.
void TestTaskService::lostAndOursAgain()
{
    Worker holder(*m_temp, livingOwner(1));
    const TaskId id = begun(holder, u"a"_s);
    {
        Worker dead(*m_temp, deadOwner());
        m_temp->clock.advance(60'000);
        QCOMPARE(dead.takeOver().size(), 1U);
    }
    holder.service.start();
    QTRY_COMPARE_WITH_TIMEOUT(holder.runner.started.size(), 2U, patienceMs);
    QCOMPARE(holder.runner.abandoned, std::vector{id});
    QCOMPARE(holder.runner.started.back().epoch, 3);
    holder.service.finished(id, completed);
    QTRY_COMPARE_WITH_TIMEOUT(holder.settled.size(), 1, patienceMs);
    QCOMPARE(row(id).status, TaskStatus::Completed);
    QCOMPARE(holder.service.heldCount(), 0);
}

void TestTaskService::goesOnAfterItWaited()
{
    Worker dead(*m_temp, deadOwner());
    const TaskId id = begun(dead, u"a"_s);
    dead.service.waitsForPerson(id, true);
    QVERIFY(dead.idle());
    QCOMPARE(row(id).status, TaskStatus::Waiting);
    QVERIFY(!row(id).slotClaimedMs);
    Worker next(*m_temp, livingOwner(1));
    next.service.start();
    QTRY_VERIFY_WITH_TIMEOUT(next.service.holds(id), patienceMs);
    QCOMPARE(row(id).status, TaskStatus::Running);
    QVERIFY(next.runner.started.front().recovered);
    next.service.waitsForPerson(id, true);
    QVERIFY(next.idle());
    QCOMPARE(row(id).status, TaskStatus::Waiting);
    QVERIFY(next.runner.wentOn.empty());
    next.service.waitsForPerson(id, false);
    QTRY_COMPARE_WITH_TIMEOUT(next.runner.wentOn, std::vector{id}, patienceMs);
    QCOMPARE(row(id).status, TaskStatus::Running);
    QCOMPARE(next.runner.started.size(), 1U);
    QVERIFY(next.runner.abandoned.empty());
}

// After sleep every lease looks over: the first pass only renews.
// It waits without slot and lease, and goes before new work when its time has come.
void TestTaskService::limitSendsItBack()
{
    Worker worker(*m_temp, livingOwner(1));
    QSignalSpy putOff(&worker.service, &TaskService::putOff);
    const TaskId id = begun(worker, u"a"_s);
    const qint64 until = m_temp->clock.nowMs() + 60'000;
    worker.service.finished(id, {.status = TaskStatus::Failed,
                                 .reason = FailureReason::RateLimited,
                                 .putOffUntilMs = until,
                                 .usage = {.tokensIn = 7, .agentSteps = 2}});
    QTRY_COMPARE_WITH_TIMEOUT(putOff.size(), 1, patienceMs);
    QCOMPARE(putOff.front().at(2).toLongLong(), until);
    QCOMPARE(worker.settled.size(), 0);
    QVERIFY(!worker.service.holds(id));
    TaskRow now = row(id);
    QCOMPARE(now.status, TaskStatus::Queued);
    QVERIFY(!now.reason && !now.slotClaimedMs);
    QCOMPARE(now.notBeforeMs, until);
    QCOMPARE(now.putOff, 1);
    QCOMPARE(now.lease.expiresAtMs, 0);

    m_temp->clock.advance(59'999);
    const TaskId other = worker.enqueue(aRequest(u"b"_s));
    QTRY_VERIFY_WITH_TIMEOUT(worker.service.holds(other), patienceMs);
    QVERIFY(worker.idle());
    QCOMPARE(worker.runner.started.size(), size_t{2});
    m_temp->clock.advance(1);
    worker.service.drain();
    QTRY_COMPARE_WITH_TIMEOUT(worker.runner.started.size(), size_t{3}, patienceMs);
    const ClaimedTask &again = worker.runner.started.back();
    QCOMPARE(again.id, id);
    QCOMPARE(again.putOffs, 1);
    QCOMPARE(again.spent.tokensIn, 7);
    QCOMPARE(again.spent.agentSteps, 2);
    worker.service.finished(id, completed);
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 1, patienceMs);
    now = row(id);
    QCOMPARE(now.status, TaskStatus::Completed);
}

void TestTaskService::clockThatJumpsTakesNothing()
{
    TaskId theirs;
    { // gone before the other begins, or it could claim what the other is to have; its lease stays
        Worker holder(*m_temp, livingOwner(1));
        theirs = begun(holder, u"theirs"_s);
    }
    Worker other(*m_temp, livingOwner(2), {.renewMs = 3'600'000, .reapMs = 1000});
    const TaskId ours = begun(other, u"ours"_s);
    m_temp->clock.setNow(m_temp->clock.nowMs() + 600'000);
    QTRY_COMPARE_WITH_TIMEOUT(row(ours).lease.expiresAtMs, m_temp->clock.nowMs() + 60'000, patienceMs);
    QVERIFY(other.idle());
    QCOMPARE(row(theirs).lease.owner, livingOwner(1));
    QVERIFY(!other.service.holds(theirs));
}

void TestTaskService::cancelQueued()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId id = worker.enqueue(aRequest(u"a"_s)); // not started: nothing is claimed
    worker.service.stop(u"a"_s, FailureReason::Aborted, {});
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 1, patienceMs);
    QCOMPARE(row(id).status, TaskStatus::Cancelled);
    QCOMPARE(row(id).reason, std::optional(FailureReason::Aborted));
    worker.service.start();
    QVERIFY(worker.idle());
    QVERIFY(worker.runner.started.empty());
    worker.service.stop(u"a"_s, FailureReason::Aborted, {}); // twice is once
    QVERIFY(worker.idle());
    QCOMPARE(worker.settled.size(), 1);
}

void TestTaskService::cancelClaimed()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId id = begun(worker, u"a"_s);
    worker.service.stop(u"a"_s, FailureReason::Aborted, {});
    QCOMPARE(worker.runner.stopped.size(), 1U);
    QCOMPARE(worker.runner.stopped.front().task, id);
    QCOMPARE(row(id).status, TaskStatus::Running); // the process dies before its record does
    worker.service.finished(id, aborted);
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 1, patienceMs);
    QCOMPARE(row(id).status, TaskStatus::Cancelled);
    QVERIFY(!row(id).slotClaimedMs);
}

// The claim is on its way when the cancel comes, and nothing more is to be claimed after it.
void TestTaskService::cancelWhileItIsClaimed()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId id = worker.enqueue(aRequest(u"a"_s));
    worker.service.start();
    QVERIFY(worker.idle()); // nothing to take over: now the claim has been posted
    worker.service.stop(u"a"_s, FailureReason::Aborted, {});
    worker.service.pause();
    QTRY_COMPARE_WITH_TIMEOUT(worker.runner.stopped.size(), 1U, patienceMs);
    QCOMPARE(worker.runner.stopped.front().task, id);
    QCOMPARE(worker.settled.size(), 0);
}

void TestTaskService::cancelWhatAnotherHolds()
{
    Worker holder(*m_temp, livingOwner(1));
    Worker other(*m_temp, livingOwner(2));
    const TaskId id = begun(holder, u"a"_s);
    const QString before = everything();
    other.service.stop(u"a"_s, FailureReason::Aborted, {});
    QVERIFY(other.idle());
    QCOMPARE(everything(), before);
    QCOMPARE(other.settled.size(), 0);
    QVERIFY(holder.service.holds(id));
}

void TestTaskService::cancelIsTriedAgain()
{
    Worker worker(*m_temp, livingOwner(1), {.renewMs = 3'600'000, .reapMs = 20});
    const TaskId id = worker.enqueue(aRequest(u"a"_s));
    QVERIFY(refuseWrites(u"tasks"_s));
    worker.service.stop(u"a"_s, FailureReason::Aborted, {});
    QVERIFY(worker.idle());
    QCOMPARE(row(id).status, TaskStatus::Queued);
    QVERIFY(acceptWrites());
    QTRY_COMPARE_WITH_TIMEOUT(row(id).status, TaskStatus::Cancelled, patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 1, patienceMs);
}

void TestTaskService::endIsTriedAgain()
{
    Worker worker(*m_temp, livingOwner(1), {.renewMs = 3'600'000, .reapMs = 20});
    const TaskId id = begun(worker, u"a"_s);
    QVERIFY(refuseWrites(u"tasks"_s));
    worker.service.finished(id, completed);
    QVERIFY(worker.idle());
    QCOMPARE(worker.settled.size(), 0);
    QVERIFY(worker.service.holds(id));
    QVERIFY(acceptWrites());
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 1, patienceMs);
    QCOMPARE(row(id).status, TaskStatus::Completed);
    QCOMPARE(worker.lost.size(), 0);
}

void TestTaskService::failsMidway_data()
{
    QTest::addColumn<QString>("refused");
    QTest::addColumn<QString>("when");
    QTest::newRow("the task's row") << u"tasks"_s << u"UPDATE"_s;
    QTest::newRow("what it made") << u"task_specs"_s << u"UPDATE"_s;
    QTest::newRow("its event") << u"events"_s << u"INSERT"_s;
}

// The end of a task is its usage, its output, its status and its event: all of them or none.
void TestTaskService::failsMidway()
{
    QFETCH(QString, refused);
    QFETCH(QString, when);
    Worker worker(*m_temp, livingOwner(1));
    const TaskId id = begun(worker, u"a"_s);
    const QString before = everything();
    const qint64 eventsBefore = events();
    QVERIFY(refuseWrites(refused, when));
    const TaskOutcome outcome{.output = {{u"text"_s, u"done"_s}}, .usage = {.tokensIn = 9, .agentSteps = 3}};
    const auto finished =
        worker.asked<void>([&](auto done) { worker.port.finish(id, 1, outcome, std::move(done)); });
    QVERIFY(finished && !*finished);
    QVERIFY(finished->error().code != ErrorCode::Conflict);
    QCOMPARE(everything(), before);
    QCOMPARE(events(), eventsBefore);
    QVERIFY(acceptWrites());
    const auto again =
        worker.asked<void>([&](auto done) { worker.port.finish(id, 1, outcome, std::move(done)); });
    QVERIFY(again && *again);
    QCOMPARE(row(id).status, TaskStatus::Completed);
    QCOMPARE(events(), eventsBefore + 1);
}

// That it waits could not be written; that it goes on can: its holder has lost nothing.
void TestTaskService::waitingThatCouldNotBeWritten()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId id = begun(worker, u"a"_s);
    QVERIFY(refuseWrites(u"tasks"_s));
    worker.service.waitsForPerson(id, true);
    QVERIFY(worker.idle());
    QVERIFY(acceptWrites());
    worker.service.waitsForPerson(id, false);
    QVERIFY(worker.idle());
    QVERIFY(worker.service.holds(id));
    QVERIFY(worker.runner.abandoned.empty());
    QCOMPARE(row(id).status, TaskStatus::Running);
}

QTEST_GUILESS_MAIN(TestTaskService)
#include "tst_task_service.moc"
