// What the person hears of a schedule's firings: their place in the inbox, the rules for it, the streak of
// the limit of agent steps with its grace, notice and pause; run now over the cap; and a scheduler that
// stands still.
#include "core/store/schedule_repository.h"
#include "core/store/store.h"
#include "tests/core/node/schedule_ground.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

// Its wall clock stands: no lease of another core ends by it.
class StandingClock final : public Clock {
public:
    [[nodiscard]] qint64 nowMs() const override { return 1'800'000'000'000; }
    [[nodiscard]] qint64 monotonicMs() const override { return m_clock.monotonicMs() + ahead; }
    qint64 ahead = 0;

private:
    SystemClock m_clock;
};

} // namespace

class TestScheduleResults : public QObject {
    Q_OBJECT
private slots:
    void onlyTheNewestIsOpen();
    void onChangeOnly();
    void aFlowSpeaksByItsLastStep();
    void whatWentWellIsArchived();
    void failures();
    void theLimitOfStepsHasItsStreak();
    void runNowOverTheCap();
    void aSchedulerThatStandsStillIsTold();
};

void TestScheduleResults::onlyTheNewestIsOpen()
{
    ScheduleGround ground;
    const ScheduleId id = ground.make({.prompt = u"say hello"_s, .notify = ResultNotice::Always});
    const FiringInfo first = ground.fired(id);
    QVERIFY(waitFor([&] { return ground.inbox(InboxKind::Result).size() == 1; }));
    const InboxInfo told = ground.inbox(InboxKind::Result).front();
    QCOMPARE(told.schedule, id);
    QCOMPARE(told.who, u"nightly"_s);
    QCOMPARE(told.refs.task, first.task);
    QCOMPARE(told.purpose, u"schedule_result\ncompleted\n\n"_s);
    QVERIFY(!told.body.isEmpty());
    QCOMPARE(ground.node.query(GetStatus{})->waitingForYou, 0); // nobody waits for it
    const FiringInfo second = ground.fired(id);
    QVERIFY(waitFor([&] {
        const auto open = ground.inbox(InboxKind::Result);
        return open.size() == 1 && open.front().refs.task == second.task;
    }));
    const auto all = ground.inbox(InboxKind::Result, false);
    QCOMPARE(all.size(), size_t{2});
    QCOMPARE(all.back().answeredBy, u"newer"_s);
    QVERIFY(ground.node.submit(AnswerInbox{.inbox = all.front().id, .answer = AnswerKind::Yes}));
    QVERIFY(ground.inbox(InboxKind::Result).empty());
}

void TestScheduleResults::onChangeOnly()
{
    ScheduleGround ground;
    ScheduleSpec spec{.prompt = u"say hello"_s, .notify = ResultNotice::Change};
    const ScheduleId id = ground.make(spec);
    (void)ground.fired(id);
    QVERIFY(waitFor([&] { return ground.inbox(InboxKind::Result, false).size() == 1; }));
    (void)ground.fired(id);
    QCOMPARE(ground.inbox(InboxKind::Result, false).size(), size_t{1}); // it said the same
    spec.name = u"nightly"_s;
    spec.when = u"yearly"_s;
    spec.prompt = u"@@crash say hello"_s;
    QVERIFY(ground.node.submit(SaveSchedule{.schedule = id, .spec = spec}));
    QCOMPARE(ground.fired(id).reason, std::optional(FailureReason::Crashed));
    QVERIFY(waitFor([&] { return ground.inbox(InboxKind::Result, false).size() == 2; }));
    QCOMPARE(ground.inbox(InboxKind::Result).size(), size_t{2}); // a failure is another kind of news
    (void)ground.fired(id);
    QCOMPARE(ground.inbox(InboxKind::Result, false).size(), size_t{2}); // nor is the same failure
    spec.prompt = u"say hello"_s;
    QVERIFY(ground.node.submit(SaveSchedule{.schedule = id, .spec = spec}));
    (void)ground.fired(id);
    QCOMPARE(ground.inbox(InboxKind::Result, false).size(), size_t{3}); // it goes well again
}

void TestScheduleResults::aFlowSpeaksByItsLastStep()
{
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "steps:\n  - {id: a, run: echo one, isolation: none}\n"
                             "  - {id: b, needs: [a], run: cat said.txt, isolation: none}\n");
    ground.put(u"said.txt"_s, "first");
    const ScheduleId id = ground.make({.flow = u"own"_s, .notify = ResultNotice::Change});
    const FiringInfo firing = ground.fired(id);
    QVERIFY2(firing.status == FiringStatus::Completed, qPrintable(firing.detail));
    QCOMPARE(ground.inbox(InboxKind::Result).front().body.trimmed(), u"first"_s);
    QCOMPARE(ground.inbox(InboxKind::Result).front().refs.run, firing.run);
    (void)ground.fired(id);
    QCOMPARE(ground.inbox(InboxKind::Result, false).size(), size_t{1});
    ground.put(u"said.txt"_s, "second");
    (void)ground.fired(id);
    QCOMPARE(ground.inbox(InboxKind::Result, false).size(), size_t{2});
    QCOMPARE(ground.inbox(InboxKind::Result).front().body.trimmed(), u"second"_s);
}

void TestScheduleResults::whatWentWellIsArchived()
{
    ScheduleGround ground;
    const ScheduleId id =
        ground.make({.prompt = u"say hello"_s, .notify = ResultNotice::Always, .archive = true});
    QCOMPARE(ground.fired(id).status, FiringStatus::Completed);
    QVERIFY(ground.inbox(InboxKind::Result).empty());
    const auto kept = ground.inbox(InboxKind::Result, false);
    QCOMPARE(kept.size(), size_t{1});
    QCOMPARE(kept.front().answeredBy, u"archived"_s);
    const ScheduleId failing = ground.make(
        {.name = u"f"_s, .prompt = u"@@crash say hello"_s, .notify = ResultNotice::Always, .archive = true});
    (void)ground.fired(failing);
    QCOMPARE(ground.inbox(InboxKind::Result).size(), size_t{1});
}

// Those are told where nothing else was said.
void TestScheduleResults::failures()
{
    ScheduleGround ground;
    const ScheduleId well = ground.make({.prompt = u"say hello"_s});
    QCOMPARE(ground.fired(well).status, FiringStatus::Completed);
    QVERIFY(ground.inbox(InboxKind::Result, false).empty());
    const ScheduleId failing = ground.make({.name = u"f"_s, .prompt = u"@@crash say hello"_s});
    QCOMPARE(ground.fired(failing).status, FiringStatus::Failed);
    QCOMPARE(ground.inbox(InboxKind::Result).size(), size_t{1});
    QVERIFY(
        ground.inbox(InboxKind::Result).front().purpose.startsWith(u"schedule_result\nfailed\ncrashed\n"_s));
    const ScheduleId quiet =
        ground.make({.name = u"q"_s, .prompt = u"@@crash say hello"_s, .notify = ResultNotice::Never});
    QCOMPARE(ground.fired(quiet).status, FiringStatus::Failed);
    QCOMPARE(ground.inbox(InboxKind::Result, false).size(), size_t{1});
}

// Each from a real session: the second one is told of, the fifth pauses it, and after a change of the limit
// none is counted for two intervals.
void TestScheduleResults::theLimitOfStepsHasItsStreak()
{
    ScheduleGround ground;
    ScheduleSpec spec{.name = u"loops"_s,
                      .prompt = u"@@loop:50 say hello"_s,
                      .when = u"every 1h"_s,
                      .maxTurns = 5,
                      .notify = ResultNotice::Never};
    const ScheduleId id = ground.make(spec);
    for (int times = 1; times <= 5; ++times) {
        const FiringInfo firing = ground.fired(id);
        QCOMPARE(firing.reason, std::optional(FailureReason::TurnLimitExceeded));
        QVERIFY2(firing.steps > 5 && firing.steps < 50, qPrintable(QString::number(firing.steps)));
        QVERIFY(ground.processes().isEmpty());
        const ScheduleInfo schedule = ground.show(id).schedule;
        QCOMPARE(schedule.turnLimitStreak, times);
        QCOMPARE(schedule.failureStreak, 0);
        QCOMPARE(schedule.state, times < 5 ? ScheduleState::Active : ScheduleState::PausedByRule);
        const size_t told = times < 2 ? 0 : times < 5 ? 1 : 2;
        QCOMPARE(ground.inbox(InboxKind::Warning, false).size() -
                     static_cast<size_t>(std::ranges::count_if(
                         ground.inbox(InboxKind::Warning, false),
                         [](const InboxInfo &item) { return item.purpose.startsWith(u"budget_near"); })),
                 told);
    }
    const ScheduleInfo paused = ground.show(id).schedule;
    QCOMPARE(paused.pauseReason, PauseReason::TurnLimitStreak);
    QVERIFY2(paused.typicalSteps > 5 && paused.typicalSteps < 50,
             qPrintable(QString::number(paused.typicalSteps)));
    QVERIFY(ground.node.submit(ResumeSchedule{.schedule = id}));
    spec.maxTurns = 4;
    QVERIFY(ground.node.submit(SaveSchedule{.schedule = id, .spec = spec}));
    QCOMPARE(ground.fired(id).reason, std::optional(FailureReason::TurnLimitExceeded));
    QCOMPARE(ground.show(id).schedule.turnLimitStreak, 0);
}

void TestScheduleResults::runNowOverTheCap()
{
    ScheduleGround ground;
    QVERIFY(ground.node.submit(SetPool{.name = u"scheduled"_s, .cap = 1}));
    const ScheduleId id = ground.make({.prompt = u"@@stall:600 say hello"_s});
    QVERIFY(ground.node.submit(RunScheduleNow{.schedule = id}));
    QVERIFY(waitFor([&] { return ground.show(id).schedule.running == 1; }));
    const auto refused = ground.node.submit(RunScheduleNow{.schedule = id});
    QVERIFY(!refused);
    QCOMPARE(refused.error().detail, u"at_capacity"_s);
    QVERIFY2(refused.error().where.startsWith(u"scheduled "), qPrintable(refused.error().where));
    QCOMPARE(ground.show(id).firings.size(), size_t{1}); // what was refused has left nothing
    const auto forced = ground.node.submit(RunScheduleNow{.schedule = id, .atCapacity = AtCapacity::Force});
    QVERIFY(forced);
    QVERIFY(waitFor([&] { return ground.show(id).schedule.running == 2; }));
    const auto told =
        ground.node.query(ListEvents{.filter = {.task = forced->refs.task, .kinds = {u"task.forced"_s}}});
    QVERIFY(told);
    QCOMPARE(told->size(), size_t{1});
    QCOMPARE(told->front().data.value(u"held_back"_s).toString(), u"scheduled"_s);
}

// Another core has the scheduler's lease, which does not end, and passes no more.
void TestScheduleResults::aSchedulerThatStandsStillIsTold()
{
    StandingClock clock;
    ScheduleGround ground(&clock);
    const ScheduleId id = ground.make({.prompt = u"say hello"_s, .when = u"hourly"_s});
    const ScheduleId other = ground.make({.name = u"other"_s, .prompt = u"x"_s});
    QVERIFY(waitFor([&] { return ground.show(id).schedule.nextAt > 0; }));
    {
        auto store = Store::open(StoreOptions::forPaths(ground.node.paths(), Durability::Normal), clock);
        QVERIFY2(store, store ? "" : qPrintable(store.error().detail));
        bool done = false;
        (*store)->writer().write(this, [&](Connection &db) -> Result<bool> {
            return db
                .run(u"UPDATE scheduler SET lease_owner = 'elsewhere', lease_expires_at = ?, passed_at = ?"_s,
                     clock.nowMs() + 60'000, clock.nowMs() - 1)
                .transform([](qint64 changed) { return changed == 1; });
        }, [&](const Result<bool> &written) { done = written.value_or(false); });
        QVERIFY(waitFor([&] { return done; }));
        (*store)->close();
    }
    const auto notes = [&] {
        return ground.node.query(GetStatus{})->notes.filter(u"schedules_overdue"_s);
    };
    // What makes the node try to pass also makes it look.
    QVERIFY(ground.node.submit(PauseSchedule{.schedule = other}));
    QVERIFY(ground.node.submit(ResumeSchedule{.schedule = other}));
    QVERIFY(notes().isEmpty());
    // It is over two minutes after the node saw when the last pass was; nobody tells when that is.
    QVERIFY(waitFor([&] {
        clock.ahead += 121'000;
        return ground.node.submit(PauseSchedule{.schedule = other}) &&
               ground.node.submit(ResumeSchedule{.schedule = other}) && notes().size() == 1;
    }));
    QCOMPARE(notes().front(), u"schedules_overdue\n1799999999999"_s);
}

QTEST_GUILESS_MAIN(TestScheduleResults)
#include "tst_schedule_results.moc"
