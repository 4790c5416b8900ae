// What a schedule allows a run of its flow: money, agent steps of all its agents together, and time of work.
// Each from real sessions of the demo agent, with what the firing and the streaks make of it.
#include "tests/core/node/schedule_ground.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestScheduledFlows : public QObject {
    Q_OBJECT
private slots:
    void limits_data();
    void limits();
    void whatTheFlowSaysGoesBefore();
    void stepsOfItsFlowsCount();
    void waitingTakesNoTime();
    void nearTheEndIsTold();
    void theNextNodeGoesOnCounting();

private:
    static RunDetail runOf(ScheduleGround &ground, const FiringInfo &firing)
    {
        return ground.node.query(GetRun{.run = firing.run}).value_or(RunDetail{});
    }
};

void TestScheduledFlows::limits_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<ScheduleSpec>("spec");
    QTest::addColumn<FiringStatus>("status");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<QString>("detail");
    QTest::newRow("money") << QByteArray("@@cost:700000 say hello")
                           << QByteArray("@@cost:700000 @@stall:600 say hello")
                           << ScheduleSpec{.deadlineMs = 0, .budgetMicroUsd = 1'000'000}
                           << FiringStatus::Failed << FailureReason::BudgetExceeded
                           << u"cost_limit 1400000 1000000"_s;
    QTest::newRow("agent steps") << QByteArray("@@loop:5 say hello") << QByteArray("@@loop:50 say hello")
                                 << ScheduleSpec{.maxTurns = 10, .deadlineMs = 0} << FiringStatus::Failed
                                 << FailureReason::TurnLimitExceeded << u"turns_limit 11 10"_s;
    QTest::newRow("time") << QByteArray("say hello") << QByteArray("@@stall:600 say hello")
                          << ScheduleSpec{.deadlineMs = 10'000} << FiringStatus::TimedOut
                          << FailureReason::DeadlineExceeded << u"deadline 10"_s;
}

void TestScheduledFlows::limits()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(ScheduleSpec, spec);
    QFETCH(FailureReason, reason);
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "steps:\n  - {id: a, prompt: '" + first +
                                 "'}\n  - {id: b, needs: [a], prompt: '" + second +
                                 "'}\nfinally:\n  - {id: last, run: echo done, isolation: none}\n");
    spec.flow = u"own"_s;
    const ScheduleId id = ground.make(spec);
    const FiringInfo firing = ground.fired(id);
    QVERIFY(ground.processes().isEmpty());
    QTEST(firing.status, "status");
    QCOMPARE(firing.reason, std::optional(reason));
    QTEST(firing.detail, "detail");
    const RunDetail run = runOf(ground, firing);
    QCOMPARE(run.run.status, RunStatus::Failed);
    QCOMPARE(run.run.reason, std::optional(reason));
    QCOMPARE(run.steps.at(0).status, StepStatus::Completed);
    QCOMPARE(run.steps.at(2).status, StepStatus::Completed); // its last steps run in any case
    const ScheduleInfo schedule = ground.show(id).schedule;
    const bool turns = reason == FailureReason::TurnLimitExceeded;
    QCOMPARE(schedule.turnLimitStreak, turns ? 1 : 0);
    QCOMPARE(schedule.failureStreak, turns ? 0 : 1);
    if (turns) {
        QVERIFY(firing.steps > 10); // what it said until it was stopped counts too
        QCOMPARE(firing.stepLimit, 10);
    }
    QVERIFY(waitFor([&] { return ground.inbox(InboxKind::Warning).empty(); })); // it has ended
}

void TestScheduledFlows::whatTheFlowSaysGoesBefore()
{
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "budget_usd: 3\nsteps:\n"
                             "  - {id: a, prompt: '@@cost:900000 @@loop:6 say hello', max_turns: 50}\n");
    const ScheduleId id =
        ground.make({.flow = u"own"_s, .maxTurns = 40, .deadlineMs = 0, .budgetMicroUsd = 500'000});
    const FiringInfo firing = ground.fired(id);
    QVERIFY2(firing.status == FiringStatus::Completed, qPrintable(firing.detail));
    QCOMPARE(firing.costMicroUsd, std::optional<qint64>(900'000));
}

void TestScheduledFlows::stepsOfItsFlowsCount()
{
    ScheduleGround ground;
    ground.putFlow(u"inner"_s, "steps:\n  - {id: y, prompt: '@@loop:50 say hello'}\n");
    ground.putFlow(u"own"_s, "steps:\n  - {id: a, prompt: '@@loop:5 say hello'}\n"
                             "  - {id: x, needs: [a], flow: inner}\n");
    const ScheduleId id = ground.make({.flow = u"own"_s, .maxTurns = 10, .deadlineMs = 0});
    const FiringInfo firing = ground.fired(id);
    QCOMPARE(firing.reason, std::optional(FailureReason::TurnLimitExceeded));
    QCOMPARE(firing.detail, u"turns_limit 11 10"_s);
    QVERIFY(firing.steps > 10);
    QVERIFY(ground.processes().isEmpty());
}

// While a person takes longer to answer than its work may take, which other work shows.
void TestScheduledFlows::waitingTakesNoTime()
{
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "steps:\n  - {id: ok, approval: Go on?}\n"
                             "  - {id: a, needs: [ok], prompt: say hello}\n");
    const ScheduleId id = ground.make({.flow = u"own"_s, .deadlineMs = 10'000});
    const FiringId firing = ground.fire(id);
    const InboxInfo item = ground.node.openItem();
    QCOMPARE(item.kind, InboxKind::Approval);
    const ScheduleId other =
        ground.make({.name = u"other"_s, .prompt = u"@@stall say hello"_s, .deadlineMs = 11'000});
    QCOMPARE(ground.fired(other).reason, std::optional(FailureReason::DeadlineExceeded));
    QVERIFY(ground.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QCOMPARE(ground.ended(id, firing).status, FiringStatus::Completed);
}

void TestScheduledFlows::nearTheEndIsTold()
{
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "steps:\n  - {id: a, prompt: '@@stall:600 say hello'}\n");
    const ScheduleId id = ground.make({.flow = u"own"_s, .deadlineMs = 5000});
    const FiringId firing = ground.fire(id);
    QVERIFY(waitFor([&] { return !ground.inbox(InboxKind::Warning).empty(); }));
    const InboxInfo warning = ground.inbox(InboxKind::Warning).front();
    QCOMPARE(warning.purpose, u"deadline_near"_s);
    QCOMPARE(warning.who, u"own #1"_s);
    QCOMPARE(ground.ended(id, firing).status, FiringStatus::TimedOut);
}

// What its agents had used before is not forgotten.
void TestScheduledFlows::theNextNodeGoesOnCounting()
{
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "steps:\n  - {id: a, prompt: '@@loop:5 say hello'}\n"
                             "  - {id: ok, needs: [a], approval: Go on?}\n"
                             "  - {id: b, needs: [ok], prompt: '@@loop:50 say hello'}\n");
    const ScheduleId id = ground.make({.flow = u"own"_s, .maxTurns = 10, .deadlineMs = 0});
    const FiringId firing = ground.fire(id);
    const InboxInfo item = ground.node.openItem();
    QCOMPARE(item.kind, InboxKind::Approval);
    ground.node.reopen();
    QVERIFY(ground.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    const FiringInfo ended = ground.ended(id, firing);
    QCOMPARE(ended.reason, std::optional(FailureReason::TurnLimitExceeded));
    QCOMPARE(ended.detail, u"turns_limit 11 10"_s);
}

QTEST_GUILESS_MAIN(TestScheduledFlows)
#include "tst_scheduled_flows.moc"
