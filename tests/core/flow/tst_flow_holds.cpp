// What holds a run up or cuts it short as a whole: a pause, and the time of a group or of all items.
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowHolds : public QObject {
    Q_OBJECT
private slots:
    void decides_data();
    void decides();
    void whatIsPausedSaysSo();
};

namespace {

void row(const char *name, const QString &yaml, const QStringList &script)
{
    QTest::newRow(name) << yaml << script;
}

const QString kTwo = u"  - {id: a, prompt: A}\n  - {id: b, needs: [a], prompt: B}\n"_s;

void pauses()
{
    row("what runs ends, what comes next waits", flow(kTwo),
        {u"run => queued a#1"_s, u"pause => "_s, u"ok a#1 => settled a completed"_s, u"go => queued b#1"_s,
         u"ok b#1 => settled b completed, run completed"_s});
    row("asked twice", flow(kTwo),
        {u"run => queued a#1"_s, u"go => duplicate"_s, u"pause => "_s, u"pause => duplicate"_s});
    row("a retry waits", flow(u"  - {id: a, prompt: A, retries: {max: 1, backoff: 1s}}\n"_s),
        {u"run => queued a#1"_s, u"pause => "_s, u"fail a#1 crashed => retry a#2 crashed"_s, u"at 5000 => "_s,
         u"go => queued a#2"_s});
    row("a question and a delay wait",
        flow(u"  - {id: a, prompt: A}\n  - {id: q, needs: [a], approval: ok}\n"
             "  - {id: d, needs: [a], delay: 1m}\n"_s),
        {u"run => queued a#1"_s, u"pause => "_s, u"ok a#1 => settled a completed"_s,
         u"go => asked q#1, delayed d"_s});
    row("what was asked can be answered",
        flow(u"  - {id: q, approval: ok}\n  - {id: b, needs: [q], prompt: B}\n"_s),
        {u"run => asked q#1"_s, u"pause => "_s, u"yes q#1 => settled q completed"_s, u"go => queued b#1"_s});
    row("a deadline stands", flow(u"  - {id: a, timeout: 1m, prompt: A}\n"_s),
        {u"run => queued a#1"_s, u"start a#1 => "_s, u"pause => "_s,
         u"at 60000 => stopping a#1 deadline_exceeded"_s});
    row("a delay that is under way ends",
        flow(u"  - {id: d, delay: 1m}\n  - {id: b, needs: [d], prompt: B}\n"_s),
        {u"run => delayed d"_s, u"pause => "_s, u"at 60000 => settled d completed"_s, u"go => queued b#1"_s});
    row("rounds wait", flow(u"  - {id: l, loop: {max: 2, steps: [{id: w, prompt: W}]}}\n"_s),
        {u"run => round l 1, queued w#1"_s, u"pause => "_s, u"ok w#1 => settled w completed, round l 2"_s,
         u"go => queued w#2"_s});
    row("cancelling ends a pause", flow(kTwo, {}, u"finally:\n  - {id: f, run: clean}\n"_s),
        {u"run => queued a#1"_s, u"pause => "_s, u"ok a#1 => settled a completed"_s,
         u"cancel => settled b cancelled aborted, queued f#1"_s, u"pause => duplicate"_s,
         u"ok f#1 => settled f completed, run cancelled aborted"_s});
    row("pausing while it fails holds what comes finally",
        flow(kTwo, {}, u"finally:\n  - {id: f, run: c}\n"_s),
        {u"run => queued a#1"_s, u"pause => "_s,
         u"fail a#1 crashed => settled a failed crashed, settled b failed dependency_failed by a"_s,
         u"go => queued f#1"_s});
}

QString spread(const QString &join)
{
    return flow(u"  - {id: s, foreach: [1, 2, 3], isolation: none, batch: two, prompt: S, "
                "retries: {max: 1, on: [deadline_exceeded], backoff: 0s}, join: %1}\n"
                "  - {id: b, needs: [s], trigger: all_done, prompt: B}\n"_s.arg(join),
                u"on_failure: continue\nbatches: {two: {max_concurrent: 2}}\n"_s);
}

void timesOfItems()
{
    const QStringList begun{u"run => evaluate s"_s, u"values s [[1,2,3]] => queued s[0]#1, queued s[1]#1"_s,
                            u"start s[0]#1 => "_s, u"start s[1]#1 => "_s,
                            u"ok s[0]#1 => settled s[0] completed, queued s[2]#1"_s};
    row("what has not ended is stopped, and gets no retry", spread(u"{counts: all_success, timeout: 1m}"_s),
        begun + QStringList{u"at 59999 => "_s,
                            u"at 60000 => time is up s, stopping s[1]#1 deadline_exceeded, "
                            "stopping s[2]#1 deadline_exceeded"_s,
                            u"aborted s[1]#1 => settled s[1] timed_out deadline_exceeded"_s,
                            u"aborted s[2]#1 => settled s[2] timed_out deadline_exceeded, "
                            "settled s timed_out deadline_exceeded by s[1], queued b#1"_s});
    row("all_done completes with what there is", spread(u"{counts: all_done, timeout: 1m}"_s),
        begun + QStringList{u"at 60000 => time is up s, stopping s[1]#1 deadline_exceeded, "
                            "stopping s[2]#1 deadline_exceeded"_s,
                            u"ok s[1]#1 => settled s[1] completed"_s,
                            u"aborted s[2]#1 => settled s[2] timed_out deadline_exceeded, "
                            "settled s completed, queued b#1"_s});
    row("none was enough", spread(u"{counts: one_success, timeout: 1m}"_s),
        {u"run => evaluate s"_s, u"values s [[1,2,3]] => queued s[0]#1, queued s[1]#1"_s,
         u"at 60000 => time is up s, stopping s[0]#1 deadline_exceeded, "
         "stopping s[1]#1 deadline_exceeded, settled s[2] cancelled deadline_exceeded"_s,
         u"aborted s[0]#1 => settled s[0] timed_out deadline_exceeded"_s,
         u"aborted s[1]#1 => settled s[1] timed_out deadline_exceeded, "
         "settled s timed_out deadline_exceeded by s[0], queued b#1"_s});
    row("nothing had begun",
        flow(u"  - {id: s, foreach: [1, 2], isolation: none, prompt: 'S ${{ item }}', "
             "join: {counts: all_done, timeout: 1m}}\n"_s),
        {u"run => evaluate s"_s, u"values s [[1,2]] => evaluate s[0], evaluate s[1]"_s,
         u"at 60000 => time is up s, settled s[0] cancelled deadline_exceeded, "
         "settled s[1] cancelled deadline_exceeded, settled s completed, run completed"_s,
         u"values s[0] [1] => duplicate"_s});
    row("too late to matter", spread(u"{timeout: 1m}"_s),
        {u"run => evaluate s"_s, u"values s [[]] => settled s completed, queued b#1"_s, u"at 60000 => "_s});
}

QString grouped(const QString &join)
{
    return flow(u"  - {id: z, prompt: Z}\n  - {id: a, prompt: A}\n  - {id: b, needs: [a], prompt: B}\n"
                "  - {id: after, needs: [g], trigger: all_done, prompt: C}\n"_s,
                u"on_failure: continue\n"_s,
                u"groups: {g: {steps: [a, b], needs: [z], join: %1}}\n"_s.arg(join));
}

void timesOfGroups()
{
    row("the time of a group runs from its first step", grouped(u"{timeout: 1m}"_s),
        {u"run => queued z#1"_s, u"at 50000 => "_s, u"ok z#1 => settled z completed, queued a#1"_s,
         u"at 109999 => "_s,
         u"at 110000 => time is up g, stopping a#1 deadline_exceeded, "
         "settled b cancelled deadline_exceeded, settled g timed_out deadline_exceeded, queued after#1"_s,
         u"aborted a#1 => settled a timed_out deadline_exceeded"_s,
         u"ok after#1 => settled after completed, run failed deadline_exceeded by g"_s});
    row("a group that need not be whole", grouped(u"{counts: all_done, timeout: 1m}"_s),
        {u"run => queued z#1"_s, u"ok z#1 => settled z completed, queued a#1"_s,
         u"ok a#1 => settled a completed, queued b#1"_s,
         u"at 60000 => time is up g, stopping b#1 deadline_exceeded"_s,
         u"aborted b#1 => settled b timed_out deadline_exceeded, settled g completed, queued after#1"_s,
         u"ok after#1 => settled after completed, run completed"_s});
    row("a loop in a group",
        flow(u"  - {id: l, loop: {max: 3, steps: [{id: w, prompt: W}, {id: v, needs: [w], prompt: V}]}}\n"_s,
             {}, u"groups: {g: {steps: [l], join: {counts: all_done, timeout: 1m}}}\n"_s),
        {u"run => round l 1, queued w#1"_s,
         u"at 60000 => time is up g, stopping w#1 deadline_exceeded, settled v cancelled deadline_exceeded"_s,
         u"aborted w#1 => settled w timed_out deadline_exceeded, settled l timed_out deadline_exceeded by v, "
         "settled g completed, run completed"_s});
    row("a step that begins when its group has settled",
        flow(u"  - {id: a, prompt: A, on_error: continue}\n  - {id: b, prompt: B}\n"
             "  - {id: c, needs: [a], prompt: C}\n"_s,
             u"on_failure: continue\n"_s, u"groups: {g: {steps: [b, c], join: {timeout: 1m}}}\n"_s),
        {u"run => queued a#1, queued b#1"_s,
         u"fail b#1 crashed => settled b failed crashed, settled g failed dependency_failed by b"_s,
         u"ok a#1 => settled a completed, queued c#1"_s, u"at 60000 => "_s,
         u"ok c#1 => settled c completed, run failed crashed by b"_s});
    row("a group in time", grouped(u"{timeout: 1m}"_s),
        {u"run => queued z#1"_s, u"ok z#1 => settled z completed, queued a#1"_s,
         u"ok a#1 => settled a completed, queued b#1"_s,
         u"ok b#1 => settled b completed, settled g completed, queued after#1"_s, u"at 60000 => "_s});
}

} // namespace

void TestFlowHolds::decides_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QStringList>("script");
    pauses();
    timesOfItems();
    timesOfGroups();
}

void TestFlowHolds::decides()
{
    QFETCH(QString, yaml);
    QFETCH(QStringList, script);
    QCOMPARE(played(yaml, script), script);
}

void TestFlowHolds::whatIsPausedSaysSo()
{
    RulesDriver driver(flowOf(flow(kTwo)));
    driver.apply(u"run"_s);
    driver.apply(u"pause"_s);
    QCOMPARE(runStatusOf(driver.state()), RunStatus::Running); // something still runs
    driver.apply(u"ok a#1"_s);
    QCOMPARE(runStatusOf(driver.state()), RunStatus::Paused);
    driver.apply(u"go"_s);
    QCOMPARE(runStatusOf(driver.state()), RunStatus::Running);
}

QTEST_GUILESS_MAIN(TestFlowHolds)
#include "tst_flow_holds.moc"
