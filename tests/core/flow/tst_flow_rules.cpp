// The rules of the engine, one table: a flow, what happens, and what is decided at each point.
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowRules : public QObject {
    Q_OBJECT
private slots:
    void decides_data();
    void decides();
    void foldingGivesTheSameState();
    void whatCanNotBeIsRefused_data();
    void whatCanNotBeIsRefused();
    void momentsOfRetries();
    void deadlinesStandStillWhileAttemptsWait();
    void attemptsCarryWhatTheFileSays();
    void expressionsSeeOnlyWhatTheyName();
};

namespace {

// "line => decision, decision" for each line of a script.
void row(const char *name, const QString &yaml, const QStringList &script, bool unattended = false)
{
    QTest::newRow(name) << yaml << script << unattended;
}

const QString kTwo = u"  - {id: a, prompt: A}\n  - {id: b, needs: [a], prompt: B}\n"_s;
const QString kRetry = u"  - {id: a, prompt: A, timeout: 10s, retries: {max: 1, backoff: 1s}}\n"_s;

} // namespace

void TestFlowRules::decides_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QStringList>("script");
    QTest::addColumn<bool>("unattended");

    row("one after the other", flowText(kTwo),
        {u"run => queued a#1"_s, u"start a#1 => "_s, u"ok a#1 => settled a completed, queued b#1"_s,
         u"start b#1 => "_s, u"ok b#1 => settled b completed, run completed"_s});
    row("said twice", flowText(kTwo),
        {u"run => queued a#1"_s, u"run => duplicate"_s, u"start a#1 => "_s, u"start a#1 => duplicate"_s,
         u"ok a#1 => settled a completed, queued b#1"_s, u"ok a#1 => duplicate"_s,
         u"start a#1 => duplicate"_s});
    row("a failure stops the run", flowText(kTwo % u"  - {id: c, needs: [b], prompt: C}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 auth_required => settled a failed auth_required, settled b "
                                 u"failed dependency_failed by a, "
                                 "settled c failed dependency_failed by b, run failed auth_required by a"_s});
    row("what runs may end",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n"
                 "  - {id: c, needs: [b], prompt: C}\n"_s),
        {u"run => queued a#1, queued b#1"_s, u"start a#1 => "_s, u"start b#1 => "_s,
         u"fail a#1 crashed => settled a failed crashed, settled c cancelled aborted by a"_s,
         u"ok b#1 => settled b completed, run failed crashed by a"_s});
    row("what only waits for a slot is stopped",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n"_s),
        {u"run => queued a#1, queued b#1"_s,
         u"fail a#1 crashed => settled a failed crashed, stopping b#1 aborted"_s,
         u"aborted b#1 => settled b cancelled aborted, run failed crashed by a"_s});
    row("on_failure continue",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n"
                 "  - {id: c, needs: [b], prompt: C}\n"_s,
                 u"on_failure: continue\n"_s),
        {u"run => queued a#1, queued b#1"_s, u"fail a#1 crashed => settled a failed crashed"_s,
         u"ok b#1 => settled b completed, queued c#1"_s,
         u"ok c#1 => settled c completed, run failed crashed by a"_s});
    row("an optional step may fail",
        flowText(u"  - {id: a, prompt: A, optional: true}\n"
                 "  - {id: b, needs: [a], trigger: all_done, prompt: B}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 crashed => settled a failed crashed, queued b#1"_s,
         u"ok b#1 => settled b completed, run completed"_s});
    row("one_success begins with the first",
        flowText(u"  - {id: a, prompt: A, optional: true}\n"
                 "  - {id: b, prompt: B, optional: true}\n"
                 "  - {id: c, needs: [a, b], trigger: one_success, prompt: C}\n"_s),
        {u"run => queued a#1, queued b#1"_s, u"fail a#1 crashed => settled a failed crashed"_s,
         u"ok b#1 => settled b completed, queued c#1"_s});
    row("one_success without one",
        flowText(u"  - {id: a, prompt: A, optional: true}\n"
                 "  - {id: b, needs: [a], trigger: one_success, prompt: B}\n"_s),
        {u"run => queued a#1"_s,
         u"fail a#1 crashed => settled a failed crashed, "
         "settled b failed dependency_failed by a, run failed dependency_failed by b"_s});
    row("always runs although the run failed",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, needs: [a], trigger: always, prompt: B}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 crashed => settled a failed crashed, queued b#1"_s,
         u"ok b#1 => settled b completed, run failed crashed by a"_s});
    row("cancelled", flowText(kTwo),
        {u"run => queued a#1"_s, u"start a#1 => "_s,
         u"cancel => stopping a#1 aborted, settled b cancelled aborted"_s,
         u"aborted a#1 => settled a cancelled aborted, run cancelled aborted"_s});
    row("ended for a reason is a failure, however often it is cancelled then", flowText(kTwo),
        {u"run => queued a#1"_s,
         u"over deadline_exceeded => stopping a#1 aborted, settled b cancelled aborted"_s, u"cancel => "_s,
         u"aborted a#1 => settled a cancelled aborted, run failed deadline_exceeded"_s});
    row("always runs although cancelled, until cancelled again",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, needs: [a], trigger: always, prompt: B}\n"_s),
        {u"run => queued a#1"_s, u"cancel => stopping a#1 aborted"_s,
         u"aborted a#1 => settled a cancelled aborted, queued b#1"_s, u"start b#1 => "_s,
         u"cancel => stopping b#1 aborted"_s, u"cancel => duplicate"_s,
         u"aborted b#1 => settled b cancelled aborted, run cancelled aborted"_s});
    const QString budget = u"budget_usd: 1\n"_s;
    const QString beside = u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: c, run: ls}\n"
                           "  - {id: d, needs: [a, b, c], prompt: D}\n"_s;
    row("what agents spend is counted together, while they work", flowText(beside, budget),
        {u"run => queued a#1, queued b#1, queued c#1"_s, u"start a#1 => "_s, u"spent a#1 400000 => "_s,
         u"spent b#1 400000 => run.near_budget"_s, u"spent b#1 400000 => "_s, u"spent b#1 500000 => "_s,
         u"spent a#1 500000 => run.budget_crossed, stopping a#1 budget_exceeded, stopping b#1 "
         "budget_exceeded, stopping c#1 aborted, settled d cancelled aborted"_s,
         u"aborted a#1 => settled a failed budget_exceeded"_s,
         u"aborted b#1 => settled b failed budget_exceeded"_s,
         u"aborted c#1 => settled c cancelled aborted, run failed budget_exceeded"_s});
    row("a command that works goes on to its end", flowText(beside, budget),
        {u"run => queued a#1, queued b#1, queued c#1"_s, u"start c#1 => "_s,
         u"spent a#1 1000000 => run.budget_crossed, stopping a#1 budget_exceeded, stopping b#1 "
         "budget_exceeded, settled d cancelled aborted"_s,
         u"aborted a#1 => settled a failed budget_exceeded"_s,
         u"aborted b#1 => settled b failed budget_exceeded"_s,
         u"ok c#1 => settled c completed, run failed budget_exceeded"_s});
    row("what ended counts as it cost, and nothing begins when nothing is left", flowText(kTwo, budget),
        {u"run => queued a#1"_s, u"cost a#1 1000000 => settled a completed, run.budget_crossed, settled b "
                                 "cancelled aborted, run failed budget_exceeded"_s});
    row("the last step may spend the last", flowText(u"  - {id: a, prompt: A}\n"_s, budget),
        {u"run => queued a#1"_s, u"cost a#1 1000000 => settled a completed, run completed"_s});
    row("no retry when nothing is left",
        flowText(u"  - {id: a, prompt: A, retries: {max: 3, on: [budget_exceeded], backoff: 1s}}\n"_s,
                 budget),
        {u"run => queued a#1"_s, u"spent a#1 2000000 => run.budget_crossed, stopping a#1 budget_exceeded"_s,
         u"aborted a#1 => settled a failed budget_exceeded, run failed budget_exceeded"_s});
    row("the agents of finally have nothing left, its commands run",
        flowText(u"  - {id: a, prompt: A}\nfinally:\n  - {id: f, run: ls}\n  - {id: g, prompt: G}\n"_s,
                 budget),
        {u"run => queued a#1"_s, u"spent a#1 2000000 => run.budget_crossed, stopping a#1 budget_exceeded"_s,
         u"aborted a#1 => settled a failed budget_exceeded, settled g failed budget_exceeded, queued f#1"_s,
         u"ok f#1 => settled f completed, run failed budget_exceeded"_s});
    const QString child =
        u"  - {id: a, flow: other}\n  - {id: b, run: ls}\n  - {id: c, needs: [b], flow: other}\n"
        "finally:\n  - {id: g, flow: other}\n"_s;
    row("a run of a flow step is counted, and is ended with the agents", flowText(child, budget),
        {u"run => queued a#1, queued b#1"_s, u"start a#1 => "_s, u"start b#1 => "_s, u"wait a#1 => "_s,
         u"spent a#1 1200000 => run.budget_crossed, stopping a#1 budget_exceeded, settled c cancelled aborted"_s,
         u"ok b#1 => settled b completed"_s,
         u"fail a#1 budget_exceeded => settled a failed budget_exceeded, settled g failed budget_exceeded, "
         "run failed budget_exceeded"_s});
    row("the budget of the run that it is part of", flowText(beside),
        {u"run => queued a#1, queued b#1, queued c#1"_s, u"start c#1 => "_s,
         u"ok a#1 => settled a completed"_s,
         u"broke 1200000 1000000 => stopping b#1 budget_exceeded, settled d cancelled "
         "aborted"_s,
         u"broke 1300000 1000000 => duplicate"_s, u"aborted b#1 => settled b failed budget_exceeded"_s,
         u"ok c#1 => settled c completed, run failed budget_exceeded"_s});
    row("without a budget nothing is counted", flowText(kTwo),
        {u"run => queued a#1"_s, u"spent a#1 900000000 => "_s,
         u"ok a#1 => settled a completed, queued b#1"_s});
    row("a retry waits its time", flowText(kRetry),
        {u"run => queued a#1"_s, u"start a#1 => "_s, u"fail a#1 crashed => retry a#2 crashed"_s,
         u"at 999 => "_s, u"at 1260 => queued a#2"_s,
         u"fail a#2 crashed => settled a failed crashed, run failed crashed by a"_s});
    row("a retry waits for the known reset", flowText(kRetry),
        {u"run => queued a#1"_s, u"start a#1 => "_s,
         u"fail a#1 rate_limited 90000 => retry a#2 rate_limited"_s, u"at 89999 => "_s,
         u"at 90000 => queued a#2"_s});
    row("a reason that is not retried", flowText(kRetry),
        {u"run => queued a#1"_s,
         u"fail a#1 gate_failed => settled a failed gate_failed, run failed gate_failed by a"_s});
    row("timed out, gone, tried again, timed out", flowText(kRetry),
        {u"run => queued a#1"_s, u"start a#1 => "_s, u"at 9999 => "_s,
         u"at 10000 => stopping a#1 deadline_exceeded"_s, u"at 20000 => "_s,
         u"aborted a#1 => retry a#2 deadline_exceeded"_s, u"at 30000 => queued a#2"_s, u"start a#2 => "_s,
         u"at 40000 => stopping a#2 deadline_exceeded"_s,
         u"aborted a#2 => settled a timed_out deadline_exceeded, run failed deadline_exceeded by a"_s});
    row("time in the queue is not the attempt's", flowText(kRetry),
        {u"run => queued a#1"_s, u"at 60000 => "_s, u"start a#1 => "_s, u"at 69999 => "_s,
         u"at 70000 => stopping a#1 deadline_exceeded"_s, u"ok a#1 => settled a completed, run completed"_s});
    row("cancelled by itself", flowText(kTwo),
        {u"run => queued a#1"_s, u"aborted a#1 => settled a cancelled aborted, "
                                 "settled b failed dependency_failed by a, run failed aborted by a"_s});
    row("a lost agent is retried", flowText(kRetry),
        {u"run => queued a#1"_s, u"start a#1 => "_s, u"lost a#1 => retry a#2 crashed"_s});
    row("a lost command is asked about", flowText(u"  - {id: a, run: make, retries: 3}\n"_s),
        {u"run => queued a#1"_s, u"start a#1 => "_s, u"lost a#1 => asked a#1 again"_s,
         u"yes a#1 => queued a#2"_s, u"ok a#2 => settled a completed, run completed"_s});
    row("a lost command is not run again", flowText(u"  - {id: a, run: make}\n"_s),
        {u"run => queued a#1"_s, u"lost a#1 => asked a#1 again"_s,
         u"no a#1 => settled a failed crashed, run failed crashed by a"_s});
    row("nobody to ask", flowText(u"  - {id: a, run: make, retries: 3}\n"_s),
        {u"run => queued a#1"_s, u"lost a#1 => settled a failed crashed, run failed crashed by a"_s}, true);
    row("a lost idempotent command runs again", flowText(u"  - {id: a, run: make, idempotent: true}\n"_s),
        {u"run => queued a#1"_s, u"lost a#1 => retry a#2 crashed, queued a#2"_s}, true);
    row("approved",
        flowText(u"  - {id: ok, approval: go}\n  - {id: b, needs: [ok], prompt: B, "
                 "when: '${{ steps.ok.approved }}'}\n"_s),
        {u"run => asked ok#1"_s, u"yes ok#1 => settled ok completed, evaluate b"_s,
         u"values b [true] => queued b#1"_s, u"ok b#1 => settled b completed, run completed"_s});
    row("rejected",
        flowText(u"  - {id: ok, approval: go}\n  - {id: b, needs: [ok], prompt: B, "
                 "when: '${{ steps.ok.approved }}'}\n"_s),
        {u"run => asked ok#1"_s, u"no ok#1 => settled ok completed, evaluate b"_s, u"no ok#1 => duplicate"_s,
         u"values b [false] => settled b skipped, run completed"_s});
    row("skipped counts as success for all_success only",
        flowText(u"  - {id: a, prompt: A, when: false}\n  - {id: b, needs: [a], prompt: B}\n"
                 "  - {id: c, needs: [a], trigger: one_success, optional: true, prompt: C}\n"_s),
        {u"run => evaluate a"_s,
         u"values a [false] => settled a skipped, settled c failed dependency_failed, queued b#1"_s});
    row("nobody answers", flowText(u"  - {id: ok, approval: {ask: go, timeout: 2d}}\n"_s),
        {u"run => asked ok#1"_s, u"at 172799999 => "_s,
         u"at 172800000 => answered ok#1 no timeout, settled ok completed, run completed, withdraw ok#1 by timeout"_s,
         u"yes ok#1 => duplicate"_s});
    row("nobody answers, and that is a failure",
        flowText(u"  - {id: ok, approval: {ask: go, timeout: 1m, on_timeout: fail}}\n"_s),
        {u"run => asked ok#1"_s,
         u"at 60000 => settled ok timed_out deadline_exceeded, run failed deadline_exceeded by ok, withdraw ok#1 by timeout"_s});
    row("cancelled while asking", flowText(u"  - {id: ok, approval: go}\n"_s),
        {u"run => asked ok#1"_s,
         u"cancel => settled ok cancelled aborted, run cancelled aborted, withdraw ok#1 by flow"_s});
    row("a condition that throws",
        flowText(u"  - {id: a, prompt: A, when: '${{ inputs.x.y }}'}\n"_s,
                 u"inputs: {x: {type: string}}\n"_s),
        {u"run => evaluate a"_s,
         u"error a TypeError => settled a failed runtime_error, run failed runtime_error by a"_s,
         u"values a [true] => duplicate"_s});
    row("text is evaluated once",
        flowText(u"  - {id: a, prompt: 'Do ${{ run.id }}', retries: {max: 1, backoff: 0s}}\n"_s),
        {u"run => evaluate a"_s, u"values a [7] => queued a#1"_s, u"values a [8] => duplicate"_s,
         u"fail a#1 crashed => retry a#2 crashed, queued a#2"_s});

    const QString each =
        u"  - {id: a, prompt: 'Read ${{ item }}', foreach: [x, y, z], batch: two, isolation: none%1}\n"
        "  - {id: b, needs: [a], prompt: B}\n"_s;
    const QString cap = u"batches: {two: {max_concurrent: 2}}\n"_s;
    const QStringList prepared{
        u"run => evaluate a"_s,
        u"values a [[\"x\",\"y\",\"z\"]] => evaluate a[0], evaluate a[1], evaluate a[2]"_s,
        u"values a[0] [\"x\"] => queued a[0]#1"_s, u"values a[2] [\"z\"] => queued a[2]#1"_s,
        u"values a[1] [\"y\"] => "_s};
    row("foreach under a cap", flowText(each.arg(u""_s), cap),
        prepared + QStringList{u"ok a[2]#1 => settled a[2] completed, queued a[1]#1"_s,
                               u"ok a[0]#1 => settled a[0] completed"_s,
                               u"ok a[1]#1 => settled a[1] completed, settled a completed, queued b#1"_s});
    row("foreach, one item fails", flowText(each.arg(u""_s), cap),
        prepared +
            QStringList{
                u"start a[2]#1 => "_s,
                u"fail a[0]#1 crashed => settled a[0] failed crashed, settled a[1] cancelled aborted"_s,
                u"ok a[2]#1 => settled a[2] completed, settled a failed crashed by a[0], "
                "settled b failed dependency_failed by a, run failed crashed by a"_s});
    row("foreach, all_done", flowText(each.arg(u", join: all_done"_s), cap),
        prepared +
            QStringList{
                u"fail a[0]#1 crashed => settled a[0] failed crashed, queued a[1]#1"_s,
                u"ok a[1]#1 => settled a[1] completed"_s,
                u"fail a[2]#1 crashed => settled a[2] failed crashed, settled a completed, queued b#1"_s});
    row("foreach, one_success", flowText(each.arg(u", join: one_success"_s), cap),
        prepared +
            QStringList{
                u"start a[2]#1 => "_s,
                u"ok a[0]#1 => settled a[0] completed, settled a[1] cancelled aborted, "
                "stopping a[2]#1 aborted"_s,
                u"aborted a[2]#1 => settled a[2] cancelled aborted, settled a completed, queued b#1"_s});
    row("foreach over nothing", flowText(each.arg(u""_s), cap),
        {u"run => evaluate a"_s, u"values a [[]] => settled a completed, queued b#1"_s});
    row("foreach over what is no list", flowText(each.arg(u""_s), cap),
        {u"run => evaluate a"_s, u"values a [{\"x\":1}] => settled a failed runtime_error, "
                                 "settled b failed dependency_failed by a, run failed runtime_error by a"_s});
    row("foreach cancelled", flowText(each.arg(u""_s), cap),
        prepared +
            QStringList{u"start a[0]#1 => "_s,
                        u"cancel => stopping a[0]#1 aborted, settled a[1] cancelled aborted, "
                        "stopping a[2]#1 aborted, settled b cancelled aborted"_s,
                        u"aborted a[0]#1 => settled a[0] cancelled aborted"_s,
                        u"aborted a[2]#1 => settled a[2] cancelled aborted, settled a cancelled aborted, "
                        "run cancelled aborted"_s});
    row("one writer at a time in the run's worktree",
        flowText(
            u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: c, prompt: C, isolation: none}\n"_s,
            u"permissions: {write: [x]}\n"_s),
        {u"run => queued c#1, queued a#1"_s, u"ok a#1 => settled a completed, queued b#1"_s});
}

void TestFlowRules::decides()
{
    QFETCH(QString, yaml);
    QFETCH(QStringList, script);
    QFETCH(bool, unattended);
    RulesDriver driver(flowOf(yaml), unattended);
    for (const QString &line : script) {
        const QString input = line.section(u" => "_s, 0, 0);
        QCOMPARE(QString(input % u" => "_s % driver.apply(input).join(u", "_s)), line);
    }
}

// Nothing but the journal is needed to know where a run stands.
void TestFlowRules::foldingGivesTheSameState()
{
    RulesDriver driver(
        flowOf(flowText(kTwo % u"  - {id: ok, needs: [a], approval: {ask: go, timeout: 5m}}\n"_s)));
    for (const QString &line : {u"run"_s, u"start a#1"_s, u"ok a#1"_s, u"start b#1"_s}) {
        driver.apply(line);
        std::vector<FlowEvent> stored;
        for (const FlowEvent &event : driver.journal()) {
            const auto back = flowEventFrom(toEvent(event, {}));
            QVERIFY(back);
            stored.push_back(*back);
        }
        const auto folded = foldJournal(driver.definition(), stored);
        QVERIFY(folded);
        QCOMPARE(folded->timers, driver.state().timers);
        QCOMPARE(folded->runningUnits, driver.state().runningUnits);
        QCOMPARE(folded->waitingUnits, driver.state().waitingUnits);
        QCOMPARE(folded->openSteps, driver.state().openSteps);
        QVERIFY(plan(driver.definition(), *folded, driver.nowMs()).empty());
        for (int step = 0; step < driver.definition().stepCount(); ++step)
            QCOMPARE(folded->unit({step, kNoItem}).phase, driver.state().unit({step, kNoItem}).phase);
    }
}

void TestFlowRules::whatCanNotBeIsRefused_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("an unknown step") << u"ok z#1"_s;
    QTest::newRow("an item of no foreach") << u"ok a[0]#1"_s;
    QTest::newRow("an attempt that was never queued") << u"ok a#2"_s;
    QTest::newRow("a start of what is not queued") << u"start b#1"_s;
    QTest::newRow("an answer that was not asked for") << u"yes b#1"_s;
}

void TestFlowRules::whatCanNotBeIsRefused()
{
    QFETCH(QString, line);
    RulesDriver driver(flowOf(flowText(kTwo)));
    driver.apply(u"run"_s);
    QVERIFY(driver.apply(line).value(0).startsWith(u"error"));
    QCOMPARE(driver.apply(u"ok a#1"_s), QStringList({u"settled a completed"_s, u"queued b#1"_s}));
}

void TestFlowRules::momentsOfRetries()
{
    const RetryPolicy policy{.max = 9, .on = {}, .backoffMs = 10'000};
    const AttemptKey key{.run = RunId{1}, .step = u"a"_s};
    qint64 before = 0;
    for (int retry = 1; retry <= 6; ++retry) {
        const qint64 wait = retryMomentMs(policy, retry, key, 0, {});
        QCOMPARE_GE(wait, 10'000LL << (retry - 1));
        QCOMPARE_LE(wait, (10'000LL << (retry - 1)) * 5 / 4);
        QCOMPARE_GT(wait, before);
        QCOMPARE(retryMomentMs(policy, retry, key, 0, {}), wait);
        before = wait;
    }
    QCOMPARE(retryMomentMs(policy, 40, key, 0, {}), 600'000);
    QCOMPARE(retryMomentMs(policy, 1, key, 0, 3'600'000), 3'600'000);
    const AttemptKey other{.run = RunId{1}, .step = u"b"_s};
    QVERIFY(retryMomentMs(policy, 1, key, 0, {}) != retryMomentMs(policy, 1, other, 0, {}));
}

void TestFlowRules::deadlinesStandStillWhileAttemptsWait()
{
    RulesDriver driver(flowOf(flowText(kRetry)));
    driver.apply(u"run"_s);
    driver.apply(u"start a#1"_s);
    driver.apply(u"at 4000"_s);
    driver.apply(u"wait a#1"_s);
    QCOMPARE(runStatusOf(driver.state()), RunStatus::Waiting);
    QCOMPARE(driver.apply(u"at 100000"_s), QStringList());
    driver.apply(u"continue a#1"_s);
    QCOMPARE(runStatusOf(driver.state()), RunStatus::Running);
    QCOMPARE(driver.apply(u"at 105999"_s), QStringList());
    QCOMPARE(driver.apply(u"at 106000"_s), QStringList(u"stopping a#1 deadline_exceeded"_s));
}

void TestFlowRules::attemptsCarryWhatTheFileSays()
{
    const auto definition = flowOf(
        flowText(u"  - {id: a, agent: writer, prompt: 'For ${{ inputs.n }}', model: m, timeout: 1m, "
                 "documents: [b.md, ./a.md], skills: [t, s], output: {json: {type: object}, files: x.md}}\n"
                 "  - {id: b, run: make, from: c, needs: [c]}\n"
                 "  - {id: c, prompt: C, isolation: step, permissions: {run: [make]}}\n"_s,
                 u"inputs: {n: {type: number}}\n"
                 "documents: a.md\nskills: [s]\nteam: pair\nenv: [A]\n"
                 "defaults: {runtime: demo, budget_usd: 0.5, max_turns: 7}\n"
                 "permissions: {write: [X.md]}\n"_s));
    RulesDriver driver(definition);
    driver.apply(u"run"_s);
    driver.apply(u"values a [7]"_s);
    const AttemptSpec a = attemptSpec(*definition, driver.state(), {0, kNoItem});
    QCOMPARE(a.text, u"For 7"_s);
    QCOMPARE(a.key.toString(), u"1/a#1"_s);
    QCOMPARE(a.profile, u"writer"_s);
    QCOMPARE(a.runtime, u"demo"_s);
    QCOMPARE(a.model, u"m"_s);
    QCOMPARE(a.isolation, StepIsolation::Run);
    QCOMPARE(a.permissions.write, QStringList(u"X.md"_s));
    QCOMPARE(a.budgetMicroUsd, 500'000);
    QCOMPARE(a.maxTurns, 7);
    QCOMPARE(a.documents, (QStringList{u"a.md"_s, u"b.md"_s}));
    QCOMPARE(a.skills, (QStringList{u"s"_s, u"t"_s}));
    QCOMPARE(a.team, u"pair"_s);
    QCOMPARE(a.schema, (QJsonObject{{u"type"_s, u"object"_s}}));
    QCOMPARE(a.outputFiles, QStringList(u"x.md"_s));
    QVERIFY(a.env.isEmpty());
    QCOMPARE(attemptSpec(*definition, driver.state(), {1, kNoItem}).env, QStringList(u"A"_s));
    QCOMPARE(a.timeoutMs, 60'000);
    const AttemptSpec c = attemptSpec(*definition, driver.state(), {2, kNoItem});
    QCOMPARE(c.permissions, (FlowPermissions{.write = {}, .run = {u"make"_s}}));
    const AttemptSpec b = attemptSpec(*definition, driver.state(), {1, kNoItem});
    QCOMPARE(b.kind, StepKind::Shell);
    QCOMPARE(b.from, u"c"_s);
}

void TestFlowRules::expressionsSeeOnlyWhatTheyName()
{
    RulesDriver driver(flowOf(flowText(
        u"  - {id: a, prompt: A, output: json}\n  - {id: b, prompt: B}\n"
        "  - {id: c, needs: [a, b], foreach: '${{ steps.a.json.list }}', as: one, "
        "isolation: none, prompt: '${{ one.name }} ${{ steps.a.status }}'}\n"
        "  - {id: d, needs: [c], prompt: '${{ steps.c.outputs.length + steps.c.items.length }}'}\n"_s)));
    driver.apply(u"run"_s);
    driver.apply(u"ok a#1 {\"list\":[{\"name\":\"x\"}]}"_s);
    QCOMPARE(driver.apply(u"ok b#1 big"_s).last(), u"evaluate c"_s);
    QCOMPARE(driver.asked(u"c"_s)->scope[u"steps"].toObject().keys(), QStringList(u"a"_s));
    driver.apply(u"values c [[{\"name\":\"x\"}]]"_s);
    const QJsonObject scope = driver.asked(u"c[0]"_s)->scope;
    QCOMPARE(scope[u"one"].toObject()[u"name"].toString(), u"x"_s);
    QCOMPARE(scope[u"steps"].toObject()[u"a"].toObject()[u"status"].toString(), u"completed"_s);
    QCOMPARE(driver.apply(u"values c[0] [\"x\", \"completed\"]"_s), QStringList(u"queued c[0]#1"_s));
    driver.apply(u"ok c[0]#1 done"_s);
    const QJsonObject step = driver.asked(u"d"_s)->scope[u"steps"].toObject()[u"c"].toObject();
    QCOMPARE(step[u"outputs"].toArray(), QJsonArray{u"done"_s});
    const QJsonObject item{
        {u"status"_s, u"completed"_s}, {u"files"_s, QJsonArray{}}, {u"branch"_s, {}}, {u"exit_code"_s, {}}};
    QCOMPARE(step[u"items"].toArray(), QJsonArray{item});
}

QTEST_GUILESS_MAIN(TestFlowRules)
#include "tst_flow_rules.moc"
