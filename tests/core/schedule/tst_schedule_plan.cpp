// What one pass does with one schedule: missed, overlapping, put back, out of its day's budget.
#include "core/schedule/schedule_plan.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;
constexpr qint64 hourMs = 60 * minuteMs;
constexpr qint64 nine = 1'800'000'000'000 / hourMs * hourMs; // some full hour

using enum OccurrenceOutcome;
using Reason = OccurrenceReason;

FiringClock hourly() { return {*parseCron(u"0 * * * *"_s), QTimeZone::UTC, 0}; }

SchedulePlan plan(const ScheduleFacts &facts, qint64 nowMs)
{
    FiringClock clock = hourly();
    return planSchedule(facts, clock, nowMs);
}

ScheduleFacts dueAt(qint64 nominalMs)
{
    return {.nextMs = nominalMs, .dueMs = nominalMs, .accountedMs = nominalMs - 1};
}

// "fired@0 missed/caught_up@1": outcome, reason, and the hours after nine; ! where it fires now.
QString textOf(const SchedulePlan &plan)
{
    QStringList parts;
    for (const PlannedOccurrence &each : plan.occurrences) {
        QString part = enumName(each.outcome);
        if (each.reason != Reason::None)
            part += u'/' + enumName(each.reason);
        part += u"@%1"_s.arg((each.nominalMs - nine) / hourMs);
        if (each.count > 1)
            part += u"x%1"_s.arg(each.count);
        parts += part + (each.fires ? u"!"_s : QString());
    }
    return parts.join(u' ');
}

} // namespace

class TestSchedulePlan : public QObject {
    Q_OBJECT
private slots:
    void firesOnTime();
    void leavesAloneWhatIsNotDue();
    void missed_data();
    void missed();
    void missedAndLiveTogether();
    void thousandsGetOneRecord();
    void overlap_data();
    void overlap();
    void waitingFiresWhenTheOtherHasEnded();
    void chatGoesFirstFourTimes();
    void putBackIsNoMiss();
    void missedWaitsForChatToo();
    void dayBudget();
    void expires();
    void skipsWhatHasARecord();
    void pausedDoesNothing();
};

void TestSchedulePlan::firesOnTime()
{
    const SchedulePlan done = plan(dueAt(nine), nine + 5);
    QCOMPARE(textOf(done), u"fired@0!"_s);
    QCOMPARE(done.nextMs, nine + hourMs);
    QCOMPARE(done.dueMs, nine + hourMs);
    QCOMPARE(done.accountedMs, nine);
    QCOMPARE(done.state, ScheduleState::Active);
}

void TestSchedulePlan::leavesAloneWhatIsNotDue()
{
    const SchedulePlan done = plan(dueAt(nine), nine - 1);
    QVERIFY(done.occurrences.empty());
    QCOMPARE(done.nextMs, nine);
    QCOMPARE(done.accountedMs, nine - 1);
}

void TestSchedulePlan::missed_data()
{
    QTest::addColumn<MissedRule>("rule");
    QTest::addColumn<int>("hours"); // asleep
    QTest::addColumn<QString>("text");
    QTest::newRow("skip") << MissedRule::Skip << 2
                          << u"missed/not_running@0 missed/not_running@1 missed/not_running@2"_s;
    QTest::newRow("once") << MissedRule::Once << 2
                          << u"missed/caught_up@0 missed/caught_up@1 delayed/not_running@2!"_s;
    QTest::newRow("all") << MissedRule::All << 2
                         << u"delayed/not_running@0! delayed/not_running@1 delayed/not_running@2"_s;
    QTest::newRow("all, at most ten")
        << MissedRule::All << 11
        << u"missed/over_ten@0 missed/over_ten@1 delayed/not_running@2! delayed/not_running@3 "
           "delayed/not_running@4 delayed/not_running@5 delayed/not_running@6 delayed/not_running@7 "
           "delayed/not_running@8 delayed/not_running@9 delayed/not_running@10 delayed/not_running@11"_s;
}

void TestSchedulePlan::missed()
{
    QFETCH(MissedRule, rule);
    QFETCH(int, hours);
    QFETCH(QString, text);
    ScheduleFacts facts = dueAt(nine);
    facts.missed = rule;
    const SchedulePlan done = plan(facts, nine + hours * hourMs + 2 * minuteMs);
    QCOMPARE(textOf(done), text);
    QCOMPARE(done.nextMs, nine + (hours + 1) * hourMs);
}

void TestSchedulePlan::missedAndLiveTogether()
{
    ScheduleFacts facts = dueAt(nine);
    QCOMPARE(textOf(plan(facts, nine + hourMs + 1)), u"missed/caught_up@0 fired@1!"_s);
    facts.missed = MissedRule::Skip;
    QCOMPARE(textOf(plan(facts, nine + hourMs + 1)), u"missed/not_running@0 fired@1!"_s);
    facts.missed = MissedRule::All;
    QCOMPARE(textOf(plan(facts, nine + hourMs + 1)), u"delayed/not_running@0! delayed/overlap@1"_s);
}

void TestSchedulePlan::thousandsGetOneRecord()
{
    ScheduleFacts facts = dueAt(nine);
    const qint64 now = nine + 1200 * hourMs;
    qint64 accounted = 0;
    int passes = 0;
    QString last;
    for (bool more = true; more; ++passes) {
        const SchedulePlan done = plan(facts, now);
        for (const PlannedOccurrence &each : done.occurrences)
            accounted += each.count;
        more = done.more;
        facts.nextMs = done.nextMs;
        facts.dueMs = done.dueMs;
        facts.accountedMs = done.accountedMs;
        last = textOf(done);
        QVERIFY(passes < 10);
    }
    QCOMPARE(accounted, 1201);
    QCOMPARE(passes, 3);
    QVERIFY2(last.endsWith(u"fired@1200!"_s), qPrintable(last));
}

void TestSchedulePlan::overlap_data()
{
    QTest::addColumn<OverlapRule>("rule");
    QTest::addColumn<int>("waiting");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("stops");
    QTest::newRow("skip") << OverlapRule::Skip << 0 << u"skipped/overlap@0"_s << false;
    QTest::newRow("queue") << OverlapRule::Queue << 0 << u"delayed/overlap@0"_s << false;
    QTest::newRow("queue is full") << OverlapRule::Queue << 1 << u"skipped/queue_full@0"_s << false;
    QTest::newRow("cancel") << OverlapRule::CancelRunning << 0 << u"delayed/replaced@0"_s << true;
    QTest::newRow("cancel, one waits")
        << OverlapRule::CancelRunning << 1 << u"skipped/queue_full@0"_s << false;
}

void TestSchedulePlan::overlap()
{
    QFETCH(OverlapRule, rule);
    QFETCH(int, waiting);
    QFETCH(QString, text);
    QFETCH(bool, stops);
    ScheduleFacts facts = dueAt(nine);
    facts.overlap = rule;
    facts.openFirings = 1;
    facts.waiting = waiting;
    const SchedulePlan done = plan(facts, nine);
    QCOMPARE(textOf(done), text);
    QCOMPARE(done.stopsRunning, stops);
    QVERIFY(!done.waitingFires);
}

void TestSchedulePlan::waitingFiresWhenTheOtherHasEnded()
{
    ScheduleFacts facts = dueAt(nine + hourMs);
    facts.waiting = 1;
    const SchedulePlan done = plan(facts, nine + minuteMs);
    QVERIFY(done.waitingFires);
    QVERIFY(done.occurrences.empty());
    QCOMPARE(done.dueMs, nine + hourMs);
    facts.state = ScheduleState::Expired; // its last time
    facts.nextMs = facts.dueMs = std::nullopt;
    QVERIFY(plan(facts, nine + minuteMs).waitingFires);
}

void TestSchedulePlan::chatGoesFirstFourTimes()
{
    ScheduleFacts facts = dueAt(nine);
    facts.chatStreams = true;
    qint64 now = nine;
    for (int times = 1; times <= 4; ++times) {
        const SchedulePlan done = plan(facts, now);
        QVERIFY(done.occurrences.empty());
        QCOMPARE(done.putBack, times);
        QCOMPARE(done.nextMs, nine);
        QCOMPARE(done.dueMs, now + 30'000);
        facts.putBack = done.putBack;
        facts.dueMs = done.dueMs;
        facts.accountedMs = done.accountedMs;
        now = *done.dueMs;
    }
    const SchedulePlan done = plan(facts, now);
    QCOMPARE(textOf(done), u"delayed/chat_pressure@0!"_s);
    QCOMPARE(done.putBack, 0);
    QCOMPARE(done.dueMs, nine + hourMs);
}

void TestSchedulePlan::putBackIsNoMiss()
{
    ScheduleFacts facts = dueAt(nine);
    facts.missed = MissedRule::Skip;
    facts.putBack = 4;
    facts.dueMs = nine + 120'000;
    QCOMPARE(textOf(plan(facts, nine + 120'100)), u"delayed/chat_pressure@0!"_s);
    QCOMPARE(textOf(plan(facts, nine + 30 * minuteMs)), u"missed/not_running@0"_s); // then it slept
    QVERIFY(plan(facts, nine + 60'000).occurrences.empty());                        // its moment comes
}

void TestSchedulePlan::missedWaitsForChatToo()
{
    ScheduleFacts facts = dueAt(nine);
    facts.chatStreams = true;
    const SchedulePlan put = plan(facts, nine + 30 * minuteMs);
    QCOMPARE(textOf(put), u"delayed/not_running@0"_s);
    QCOMPARE(put.dueMs, nine + 30 * minuteMs + 30'000);
    QCOMPARE(put.nextMs, nine + hourMs);
}

void TestSchedulePlan::dayBudget()
{
    ScheduleFacts facts = dueAt(nine);
    facts.dayBudgetIsSpent = true;
    QCOMPARE(textOf(plan(facts, nine)), u"skipped/day_budget@0"_s);
    facts.waiting = 1;
    const SchedulePlan done = plan(facts, nine);
    QVERIFY(done.waitingIsSkipped);
    QVERIFY(!done.waitingFires);
    facts.waiting = 0;
    QCOMPARE(textOf(plan(facts, nine + 30 * minuteMs)), u"skipped/day_budget@0"_s);
}

void TestSchedulePlan::expires()
{
    FiringClock once(Moment{.atMs = nine}, QTimeZone::UTC, 0);
    const SchedulePlan done = planSchedule(dueAt(nine), once, nine);
    QCOMPARE(textOf(done), u"fired@0!"_s);
    QCOMPARE(done.state, ScheduleState::Expired);
    QCOMPARE(done.nextMs, std::nullopt);
}

void TestSchedulePlan::skipsWhatHasARecord()
{
    ScheduleFacts facts = dueAt(nine);
    facts.missed = MissedRule::Skip;
    facts.recorded = {nine, nine + 2 * hourMs};
    QCOMPARE(textOf(plan(facts, nine + 2 * hourMs)), u"missed/not_running@1"_s);
}

void TestSchedulePlan::pausedDoesNothing()
{
    for (const ScheduleState state : {ScheduleState::Paused, ScheduleState::PausedByRule}) {
        ScheduleFacts facts = dueAt(nine);
        facts.state = state;
        facts.waiting = 1;
        const SchedulePlan done = plan(facts, nine);
        QVERIFY(done.occurrences.empty() && !done.waitingFires);
        QCOMPARE(done.state, state);
    }
}

QTEST_APPLESS_MAIN(TestSchedulePlan)
#include "tst_schedule_plan.moc"
