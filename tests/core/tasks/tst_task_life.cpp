// The life of tasks in one service: slots given up while a person is waited for, time limits, what the
// machine holds back, a few gone on with at a time. Over the store's own port, by a clock set by hand.
#include "tests/core/tasks/task_world.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

class SetAdmission final : public Admission {
public:
    [[nodiscard]] Room room() override { return now; }
    void begun(int tasks) override { told += tasks; }

    Room now{.most = 16};
    int told = 0;
};

} // namespace

class TestTaskLife : public QObject {
    Q_OBJECT
private slots:
    void init();
    void waitingGivesItsSlotAway();
    void answeredGoesBeforeNewWork();
    void endsWhileItWaitsWithoutASlot();
    void deadline();
    void deadlineStandsStillWhileItWaits();
    void sleepTakesNoTime();
    void knownResetTakesNoTime();
    void poolsHaveTimeLimits_data();
    void poolsHaveTimeLimits();
    void heldBackByTheMachine();
    void aFewAreGoneOnWithAtATime();
    void cancelReachesTheHolder();
    void ownerThatMayLiveIsTold();
    void chatFirstThenOldest();

private:
    [[nodiscard]] TaskRow row(TaskId id) const { return TaskRepository(*m_db).find(id).value_or(TaskRow{}); }
    TaskId begun(Worker &worker, const TaskRequest &request)
    {
        const TaskId id = worker.enqueue(request);
        worker.service.start();
        return QTest::qWaitFor([&] { return worker.service.holds(id); }, patienceMs) ? id : TaskId{};
    }

    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
};

void TestTaskLife::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
    QVERIFY(PoolRepository(*m_db).setCap(u"one"_s, 1));
}

void TestTaskLife::waitingGivesItsSlotAway()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId asks = begun(worker, aRequest(u"asks"_s, u"one"_s));
    const TaskId next = worker.enqueue(aRequest(u"next"_s, u"one"_s));
    QVERIFY(worker.idle());
    QVERIFY(!worker.service.holds(next));
    worker.service.waitsForPerson(asks, true);
    QTRY_VERIFY_WITH_TIMEOUT(worker.service.holds(next), patienceMs);
    QCOMPARE(row(asks).status, TaskStatus::Waiting);
    QVERIFY(worker.service.holds(asks)); // its session is here
    worker.service.waitsForPerson(asks, false);
    QVERIFY(worker.idle());
    QVERIFY(worker.runner.wentOn.empty()); // the other has the slot
    QCOMPARE(row(asks).status, TaskStatus::Queued);
    worker.service.finished(next, completed);
    QTRY_COMPARE_WITH_TIMEOUT(worker.runner.wentOn, std::vector{asks}, patienceMs);
    QCOMPARE(row(asks).lease.epoch, 1);
    QCOMPARE(worker.runner.started.size(), 2U);
    worker.service.finished(asks, completed);
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 2, patienceMs);
}

void TestTaskLife::answeredGoesBeforeNewWork()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId asks = begun(worker, aRequest(u"asks"_s, u"one"_s));
    const TaskId runs = worker.enqueue(aRequest(u"runs"_s, u"one"_s));
    TaskRequest urgent = aRequest(u"urgent"_s, u"one"_s);
    urgent.priority = 9;
    worker.service.waitsForPerson(asks, true);
    QTRY_VERIFY_WITH_TIMEOUT(worker.service.holds(runs), patienceMs);
    const TaskId later = worker.enqueue(urgent);
    worker.service.waitsForPerson(asks, false);
    worker.service.finished(runs, completed);
    QTRY_COMPARE_WITH_TIMEOUT(worker.runner.wentOn, std::vector{asks}, patienceMs);
    QVERIFY(!worker.service.holds(later));
}

// Its agent gave up by itself.
void TestTaskLife::endsWhileItWaitsWithoutASlot()
{
    Worker worker(*m_temp, livingOwner(1));
    const TaskId asks = begun(worker, aRequest(u"asks"_s, u"one"_s));
    worker.service.waitsForPerson(asks, true);
    QVERIFY(worker.idle());
    worker.service.finished(asks, {.status = TaskStatus::Failed, .reason = FailureReason::Crashed});
    QTRY_COMPARE_WITH_TIMEOUT(worker.settled.size(), 1, patienceMs);
    QCOMPARE(row(asks).reason, std::optional(FailureReason::Crashed));
}

void TestTaskLife::deadline()
{
    Worker worker(*m_temp, livingOwner(1));
    QSignalSpy near(&worker.service, &TaskService::deadlineNear);
    TaskRequest request = aRequest(u"a"_s);
    request.timeLimitMs = 100'000;
    const TaskId id = begun(worker, request);
    QCOMPARE(row(id).deadlineMs, std::optional(m_temp->clock.nowMs() + 100'000));
    m_temp->clock.advance(79'999);
    worker.service.start(); // a pass
    QCOMPARE(near.size(), 0);
    m_temp->clock.advance(1);
    worker.service.start();
    QCOMPARE(near.size(), 1);
    QCOMPARE(near.front().at(1).toLongLong(), 100'000);
    m_temp->clock.advance(19'999);
    worker.service.start();
    QVERIFY(worker.runner.stopped.empty());
    m_temp->clock.advance(1);
    worker.service.start();
    worker.service.start();
    QCOMPARE(near.size(), 1);
    QCOMPARE(worker.runner.stopped.size(), 1U);
    QCOMPARE(worker.runner.stopped.front().reason, FailureReason::DeadlineExceeded);
}

void TestTaskLife::deadlineStandsStillWhileItWaits()
{
    Worker worker(*m_temp, livingOwner(1));
    TaskRequest request = aRequest(u"a"_s);
    request.timeLimitMs = 100'000;
    const TaskId id = begun(worker, request);
    m_temp->clock.advance(40'000);
    worker.service.waitsForPerson(id, true);
    QVERIFY(worker.idle());
    QCOMPARE(row(id).timeLeftMs, std::optional<qint64>(60'000));
    m_temp->clock.advance(3'600'000);
    worker.service.waitsForPerson(id, false);
    QTRY_COMPARE_WITH_TIMEOUT(worker.runner.wentOn.size(), 1U, patienceMs);
    QCOMPARE(row(id).deadlineMs, std::optional(m_temp->clock.nowMs() + 60'000));
    m_temp->clock.advance(59'000);
    worker.service.start();
    QVERIFY(worker.runner.stopped.empty());
    m_temp->clock.advance(1'000);
    worker.service.start();
    QCOMPARE(worker.runner.stopped.size(), 1U);
}

// The wall clock jumps, monotonic time does not.
void TestTaskLife::sleepTakesNoTime()
{
    Worker worker(*m_temp, livingOwner(1), {.renewMs = 3'600'000, .reapMs = 20});
    TaskRequest request = aRequest(u"a"_s);
    request.timeLimitMs = 100'000;
    const TaskId id = begun(worker, request);
    for (const qint64 jump : {7'200'000LL, -3'600'000LL}) {
        m_temp->clock.setNow(m_temp->clock.nowMs() + jump);
        QTRY_COMPARE_WITH_TIMEOUT(row(id).deadlineMs, std::optional(m_temp->clock.nowMs() + 100'000),
                                  patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(row(id).lease.expiresAtMs, m_temp->clock.nowMs() + 60'000, patienceMs);
        worker.service.start();
    }
    QVERIFY(worker.runner.stopped.empty());
    QVERIFY(worker.runner.abandoned.empty());
}

void TestTaskLife::knownResetTakesNoTime()
{
    Worker worker(*m_temp, livingOwner(1));
    TaskRequest request = aRequest(u"a"_s);
    request.timeLimitMs = 100'000;
    const TaskId id = begun(worker, request);
    worker.service.standsStill(id, 50'000);
    QVERIFY(worker.idle());
    QCOMPARE(row(id).deadlineMs, std::optional(m_temp->clock.nowMs() + 150'000));
    m_temp->clock.advance(149'000);
    worker.service.start();
    QVERIFY(worker.runner.stopped.empty());
    m_temp->clock.advance(1'000);
    worker.service.start();
    QCOMPARE(worker.runner.stopped.size(), 1U);
}

void TestTaskLife::poolsHaveTimeLimits_data()
{
    QTest::addColumn<QStringList>("pools");
    QTest::addColumn<std::optional<qint64>>("own");
    QTest::addColumn<std::optional<qint64>>("limit");
    using Ms = std::optional<qint64>;
    QTest::newRow("scheduled") << QStringList{u"scheduled"_s} << Ms() << Ms(1'200'000);
    QTest::newRow("flow: its steps say") << QStringList{u"flow"_s} << Ms() << Ms();
    QTest::newRow("the least") << QStringList{u"scheduled"_s, u"short"_s} << Ms() << Ms(60'000);
    QTest::newRow("its own") << QStringList{u"scheduled"_s} << Ms(5'000'000) << Ms(5'000'000);
    QTest::newRow("none of its own") << QStringList{u"scheduled"_s} << Ms(0) << Ms();
}

void TestTaskLife::poolsHaveTimeLimits()
{
    QFETCH(QStringList, pools);
    QFETCH(std::optional<qint64>, own);
    QVERIFY(PoolRepository(*m_db).put({.name = u"short"_s, .deadlineMs = 60'000}));
    Worker worker(*m_temp, livingOwner(1));
    TaskRequest request = aRequest(u"a"_s);
    request.pools = pools;
    request.timeLimitMs = own;
    QTEST(row(worker.enqueue(request)).timeLeftMs, "limit");
}

// Chats, and what a person forced, begin nevertheless.
void TestTaskLife::heldBackByTheMachine()
{
    QVERIFY(PoolRepository(*m_db).setCap(u"scheduled"_s, 100));
    Worker worker(*m_temp, livingOwner(1));
    SetAdmission admission;
    admission.now = {.most = 0, .heldBack = HeldBack::Memory};
    worker.service.setAdmission(&admission);
    worker.service.start();
    const TaskId first = worker.enqueue(aRequest(u"a"_s));
    const TaskId second = worker.enqueue(aRequest(u"b"_s));
    QVERIFY(worker.idle());
    QCOMPARE(worker.service.heldBack(), std::optional(HeldBack::Memory));
    QCOMPARE(worker.service.heldCount(), 0);
    QVERIFY(TaskRepository(*m_db).runNext(second, true).value());
    worker.service.drain();
    QTRY_VERIFY_WITH_TIMEOUT(worker.service.holds(second), patienceMs);
    QVERIFY(!worker.service.holds(first));
    admission.now = {.most = 1};
    worker.service.start();
    QTRY_VERIFY_WITH_TIMEOUT(worker.service.holds(first), patienceMs);
    QVERIFY(!worker.service.heldBack());
    QCOMPARE(admission.told, 2);
}

void TestTaskLife::aFewAreGoneOnWithAtATime()
{
    constexpr int tasks = 7;
    QVERIFY(PoolRepository(*m_db).setCap(u"scheduled"_s, 100));
    {
        Worker dead(*m_temp, deadOwner());
        for (int i = 0; i < tasks; ++i)
            QVERIFY(dead.enqueue(aRequest(QString::number(i))).isValid());
        dead.service.start();
        QTRY_COMPARE_WITH_TIMEOUT(dead.service.heldCount(), tasks, patienceMs);
    }
    Worker next(*m_temp, livingOwner(1));
    next.service.start();
    QVERIFY(next.idle());
    QTRY_COMPARE_WITH_TIMEOUT(next.runner.started.size(), 3U, patienceMs);
    next.service.start(); // another pass: they have not got going yet
    QVERIFY(next.idle());
    QCOMPARE(next.runner.started.size(), 3U);
    next.service.began(next.runner.started.at(0).id);
    QTRY_COMPARE_WITH_TIMEOUT(next.runner.started.size(), 4U, patienceMs);
    next.service.finished(next.runner.started.at(1).id, completed); // its end is as good
    QTRY_COMPARE_WITH_TIMEOUT(next.runner.started.size(), 5U, patienceMs);
    QVERIFY(std::ranges::all_of(next.runner.started, &ClaimedTask::recovered));
}

// Whoever is asked need not be who holds it.
void TestTaskLife::cancelReachesTheHolder()
{
    Worker holder(*m_temp, livingOwner(1), {.renewMs = 3'600'000, .reapMs = 20});
    const TaskId id = begun(holder, aRequest(u"a"_s));
    QVERIFY(begun(holder, aRequest(u"b"_s)).isValid());
    QVERIFY(TaskRepository(*m_db).requestCancel(id, 5));
    QTRY_VERIFY_WITH_TIMEOUT(!holder.runner.stopped.empty(), patienceMs);
    for (const NotingRunner::Stop &stop : holder.runner.stopped) { // at each pass until it has ended
        QCOMPARE(stop.task, id);
        QCOMPARE(stop.reason, FailureReason::Aborted);
    }
}

void TestTaskLife::ownerThatMayLiveIsTold()
{
    const auto takenFrom = [this](const QString &owner, const QString &key) {
        Worker holder(*m_temp, owner);
        const TaskId id = begun(holder, aRequest(key));
        Worker other(*m_temp, livingOwner(2));
        m_temp->clock.advance(60'000);
        auto taken = other.takeOver();
        return taken.size() == 1 && taken.front().id == id ? std::optional(taken.front().ownerMayLive)
                                                           : std::nullopt;
    };
    QCOMPARE(takenFrom(livingOwner(1), u"a"_s), std::optional(true));
    QVERIFY(
        m_db->exec(u"UPDATE tasks SET lease_expires_at = 0, status = 'completed', slot_claimed_at = NULL"_s));
    QCOMPARE(takenFrom(deadOwner(), u"b"_s), std::optional(false));
}

void TestTaskLife::chatFirstThenOldest()
{
    QVERIFY(PoolRepository(*m_db).setCap(u"scheduled"_s, 100));
    QStringList keys{u"old"_s, u"later"_s, u"chat"_s};
    {
        Worker dead(*m_temp, deadOwner());
        for (const QString &key : std::as_const(keys)) {
            QVERIFY(dead.enqueue(aRequest(key)).isValid());
            m_temp->clock.advance(1);
        }
        dead.service.start();
        QTRY_COMPARE_WITH_TIMEOUT(dead.service.heldCount(), 3, patienceMs);
    }
    QVERIFY(m_db->exec(u"UPDATE tasks SET source = 'chat' WHERE key = 'chat'"_s));
    Worker next(*m_temp, livingOwner(1));
    QStringList order;
    for (const ClaimedTask &task : next.takeOver())
        order += task.request.key;
    QCOMPARE(order, (QStringList{u"chat"_s, u"old"_s, u"later"_s}));
}

QTEST_GUILESS_MAIN(TestTaskLife)
#include "tst_task_life.moc"
