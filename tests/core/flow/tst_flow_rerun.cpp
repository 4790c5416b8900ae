// Running again, as a table: a flow, how it went, what is asked, what is kept and done anew and why, and how
// the next run then goes.
#include "core/flow/rerun.h"
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowRerun : public QObject {
    Q_OBJECT
private slots:
    void goesOn_data();
    void goesOn();
    void editedDoesWhatChanged_data();
    void editedDoesWhatChanged();
    void keptResultsAreSeen();
    void itsOwnRunIsRunAgain();
    void oldJournalsFold();
};

namespace {

// Whose commands do not take turns in a worktree.
QString apart(const QString &steps, const QString &top = {}, const QString &bottom = {})
{
    return flowText(steps, u"defaults: {isolation: none}\n"_s % top, bottom);
}

QString planLine(const FlowDefinition &definition, const Result<RerunPlan> &plan)
{
    if (!plan)
        return u"refused "_s % plan.error().where;
    QStringList kept;
    QStringList redone;
    for (const StepKept &step : plan->kept) {
        const bool within = definition.step(definition.indexOf(step.step)).loop >= 0;
        if (isSettled(step.unit.status) && !within)
            kept += step.from.isValid() ? step.step : QString(step.step % u" passed over"_s);
    }
    for (const RedoneStep &step : plan->redone) {
        QString line = step.step % u' ' % enumName(step.why);
        if (!step.because.isEmpty())
            line += u' ' % step.because;
        if (step.keptItems > 0)
            line += u" +"_s % QString::number(step.keptItems);
        redone += line;
    }
    return u"keep "_s % kept.join(u", "_s) % u" | redo "_s % redone.join(u", "_s);
}

RerunAsk askOf(const QString &text)
{
    return {.mode = enumFromName<RerunMode>(text.section(u' ', 0, 0)).value(), .step = text.section(u' ', 1)};
}

void row(const char *name, const QString &yaml, const QStringList &before, const QString &ask,
         const QString &plan, const QStringList &script = {})
{
    QTest::newRow(name) << yaml << before << ask << plan << script;
}

const QString kChain = u"  - {id: a, run: make}\n  - {id: b, needs: [a], run: make}\n"
                       "  - {id: c, needs: [b], run: make}\n  - {id: x, needs: [a], run: make}\n"_s;
const QStringList kChainFailed{u"run"_s, u"ok a#1"_s, u"ok x#1"_s, u"fail b#1 gate_failed"_s};
const QStringList kChainDone{u"run"_s, u"ok a#1"_s, u"ok x#1"_s, u"ok b#1"_s, u"ok c#1"_s};
const QString kFinally = u"finally:\n  - {id: f, run: clean}\n  - {id: g, needs: [f], run: tell}\n"_s;
const QString kIndependent = u"on_failure: continue\n"_s;

void modes()
{
    row("whole", apart(kChain), kChainFailed, u"whole"_s,
        u"keep  | redo a asked, b asked, x asked, c asked"_s, {u"again => queued a#1"_s});
    row("failed: what failed and what needs it", apart(kChain), kChainFailed, u"failed"_s,
        u"keep a, x | redo b failed, c needs b"_s,
        {u"again => queued b#1"_s, u"ok b#1 => settled b completed, queued c#1"_s,
         u"ok c#1 => settled c completed, run completed"_s});
    row("failed: nothing did", apart(kChain), kChainDone, u"failed"_s, u"refused rerun_nothing_to_redo"_s);
    row("failed: cancelled", apart(kChain),
        {u"run"_s, u"ok a#1"_s, u"ok x#1"_s, u"cancel"_s, u"aborted b#1"_s}, u"failed"_s,
        u"keep a, x | redo b unfinished, c needs b"_s, {u"again => queued b#1"_s});
    row("failed: nothing of it is alive", apart(kChain), {u"run"_s, u"ok a#1"_s, u"ok x#1"_s}, u"failed"_s,
        u"keep a, x | redo b unfinished, c needs b"_s, {u"again => queued b#1"_s});
    row("failed: timed out", apart(u"  - {id: a, run: make, timeout: 1m}\n"_s),
        {u"run"_s, u"start a#1"_s, u"at 70000"_s, u"aborted a#1"_s}, u"failed"_s, u"keep  | redo a failed"_s,
        {u"again => queued a#1"_s});
    row("from: it and what needs it", apart(kChain), kChainDone, u"from b"_s,
        u"keep a, x | redo b asked, c needs b"_s,
        {u"again => queued b#1"_s, u"fail b#1 crashed => settled b failed crashed, "
                                   "settled c failed dependency_failed by b, run failed crashed by b"_s});
    row("from: the first", apart(kChain), kChainDone, u"from a"_s,
        u"keep  | redo a asked, b needs a, x needs a, c needs b"_s);
    row("from: the last", apart(kChain), kChainDone, u"from c"_s, u"keep a, b, x | redo c asked"_s,
        {u"again => queued c#1"_s, u"ok c#1 => settled c completed, run completed"_s});
    row("from: what has no result elsewhere is done too", apart(kChain), kChainFailed, u"from x"_s,
        u"keep a | redo b failed, x asked, c needs b"_s, {u"again => queued b#1, queued x#1"_s});
    row("from: no such step", apart(kChain), kChainDone, u"from nobody"_s, u"refused rerun_unknown_step"_s);
    row("skip: what needed it runs", apart(kChain), kChainFailed, u"skip b"_s,
        u"keep a, b passed over, x | redo c needs b"_s,
        {u"again => queued c#1"_s, u"ok c#1 => settled c completed, run completed"_s});
    row("skip: the last", apart(u"  - {id: a, run: make}\n"_s), {u"run"_s, u"fail a#1 gate_failed"_s},
        u"skip a"_s, u"keep a passed over | redo "_s, {u"again => run completed"_s});
    row("skip: goes on although skipping spreads",
        apart(u"  - {id: a, run: make, skip: propagate}\n  - {id: b, needs: [a], run: make}\n"_s),
        {u"run"_s, u"fail a#1 gate_failed"_s}, u"skip a"_s, u"keep a passed over | redo b needs a"_s,
        {u"again => queued b#1"_s});
    row("skip: it did not fail", apart(kChain), kChainFailed, u"skip a"_s, u"refused rerun_did_not_fail"_s);
    row("skip: it never ran", apart(kChain), {u"run"_s, u"cancel"_s, u"aborted a#1"_s}, u"skip c"_s,
        u"refused rerun_did_not_fail"_s);
    row("skip: no such step", apart(kChain), kChainFailed, u"skip nobody"_s, u"refused rerun_unknown_step"_s);
    row("skip: what else failed is done anew",
        apart(u"  - {id: a, run: make}\n  - {id: b, run: make}\n"_s, kIndependent),
        {u"run"_s, u"fail a#1 gate_failed"_s, u"fail b#1 gate_failed"_s}, u"skip a"_s,
        u"keep a passed over | redo b failed"_s, {u"again => queued b#1"_s});
    row("skip: one_success finds none",
        apart(u"  - {id: a, run: make}\n  - {id: b, needs: [a], trigger: one_success, run: make}\n"_s),
        {u"run"_s, u"fail a#1 gate_failed"_s}, u"skip a"_s, u"keep a passed over | redo b needs a"_s,
        {u"again => settled b failed dependency_failed, run failed dependency_failed by b"_s});
}

void triggersAndFailures()
{
    row("all_done after what failed is done again",
        apart(u"  - {id: a, run: make}\n  - {id: d, needs: [a], trigger: all_done, run: make}\n"_s,
              kIndependent),
        {u"run"_s, u"fail a#1 gate_failed"_s, u"ok d#1"_s}, u"failed"_s,
        u"keep  | redo a failed, d needs a"_s, {u"again => queued a#1"_s});
    row("one_success is met by what is kept",
        apart(u"  - {id: a, run: make}\n  - {id: b, run: make}\n"
              "  - {id: d, needs: [a, b], trigger: one_success, run: make}\n"_s),
        {u"run"_s, u"ok a#1"_s, u"ok d#1"_s, u"ok b#1"_s}, u"from d"_s, u"keep a, b | redo d asked"_s,
        {u"again => queued d#1"_s, u"ok d#1 => settled d completed, run completed"_s});
    row("what was skipped stays so",
        apart(u"  - {id: a, when: '${{ run.id }}', skip: propagate, run: make}\n"
              "  - {id: b, needs: [a], run: make}\n  - {id: c, run: make}\n"_s),
        {u"run"_s, u"values a [false]"_s, u"fail c#1 gate_failed"_s}, u"failed"_s,
        u"keep a, b | redo c failed"_s, {u"again => queued c#1"_s});
    row("skipping spreads from what is kept",
        apart(u"  - {id: a, when: '${{ run.id }}', skip: propagate, run: make}\n"
              "  - {id: b, needs: [a], run: make}\n"_s),
        {u"run"_s, u"values a [false]"_s}, u"from b"_s, u"keep a | redo b asked"_s,
        {u"again => settled b skipped, run completed"_s});
    row("failed: what went on after its failure too",
        apart(u"  - {id: a, run: make, on_error: continue}\n  - {id: b, needs: [a], run: make}\n"_s),
        {u"run"_s, u"fail a#1 gate_failed"_s, u"ok b#1"_s}, u"failed"_s,
        u"keep  | redo a failed, b needs a"_s);
    row("from: a failure that was made good is kept",
        apart(u"  - {id: a, run: make, on_error: continue}\n  - {id: b, needs: [a], run: make}\n"_s),
        {u"run"_s, u"fail a#1 gate_failed"_s, u"ok b#1"_s}, u"from b"_s, u"keep a | redo b asked"_s,
        {u"again => queued b#1"_s, u"ok b#1 => settled b completed, run completed"_s});
    row("from: an optional step that failed has no result",
        apart(u"  - {id: a, run: make, optional: true}\n  - {id: b, run: make}\n"_s),
        {u"run"_s, u"fail a#1 gate_failed"_s, u"ok b#1"_s}, u"from b"_s, u"keep  | redo a failed, b asked"_s);
    const QString jump = u"  - {id: a, run: make, on_error: goto mend}\n  - {id: b, needs: [a], run: make}\n"
                         "  - {id: mend, run: make}\n  - {id: tell, needs: [b, mend], run: make}\n"_s;
    const QStringList jumped{u"run"_s, u"fail a#1 gate_failed"_s, u"ok mend#1"_s, u"ok tell#1"_s};
    row("from: the jump is kept", apart(jump), jumped, u"from tell"_s, u"keep a, mend | redo tell asked"_s,
        {u"again => settled b excluded, queued tell#1"_s});
    row("from: where it jumped to", apart(jump), jumped, u"from mend"_s,
        u"keep a | redo mend asked, tell needs mend"_s,
        {u"again => settled b excluded, queued mend#1"_s,
         u"ok mend#1 => settled mend completed, queued tell#1"_s});
    row("failed: what jumped, and where to", apart(jump), jumped, u"failed"_s,
        u"keep  | redo a failed, b needs a, mend needs a, tell needs b"_s,
        {u"again => queued a#1"_s, u"ok a#1 => settled a completed, settled mend excluded, queued b#1"_s});
    row("skip: without the jump", apart(jump), jumped, u"skip a"_s,
        u"keep a passed over | redo b needs a, mend needs a, tell needs b"_s,
        {u"again => settled mend excluded, queued b#1"_s});
    row("from: nobody jumped", apart(jump), {u"run"_s, u"ok a#1"_s, u"ok b#1"_s, u"ok tell#1"_s},
        u"from tell"_s, u"keep a, b | redo tell asked"_s,
        {u"again => settled mend excluded, queued tell#1"_s});
    row("from: what nobody jumped to", apart(jump), {u"run"_s, u"ok a#1"_s, u"ok b#1"_s, u"ok tell#1"_s},
        u"from mend"_s, u"refused rerun_nothing_to_redo"_s);
}

void kinds()
{
    const QString branches =
        u"  - {id: p, switch: [{case: x, when: '${{ run.id > 1 }}', then: [a]}, {default: [b]}]}\n"
        "  - {id: a, needs: [p], run: make}\n  - {id: b, needs: [p], run: make}\n"
        "  - {id: d, needs: [a, b], run: make}\n"_s;
    const QStringList branched{u"run"_s, u"values p [0]"_s, u"fail a#1 gate_failed"_s};
    row("a switch keeps the branch", apart(branches), branched, u"failed"_s,
        u"keep p | redo a failed, d needs a"_s,
        {u"again => settled b excluded, queued a#1"_s, u"ok a#1 => settled a completed, queued d#1"_s});
    row("a switch that is done anew decides anew", apart(branches), branched, u"from p"_s,
        u"keep  | redo p asked, a failed, b needs p, d needs a"_s,
        {u"again => evaluate p"_s, u"values p [1] => settled p completed, settled a excluded, queued b#1"_s});
    row("what a kept switch leaves out", apart(branches), branched, u"from b"_s,
        u"refused rerun_nothing_to_redo"_s);
    row("a script",
        apart(u"  - {id: s, script: 'run.id'}\n  - {id: a, needs: [s], run: 'x ${{ steps.s.json }}'}\n"_s),
        {u"run"_s, u"values s [7]"_s, u"values a [7]"_s, u"fail a#1 gate_failed"_s}, u"failed"_s,
        u"keep s | redo a failed"_s, {u"again => evaluate a"_s, u"values a [7] => queued a#1"_s});
    row("a delay that was waited for",
        apart(u"  - {id: d, delay: 1m}\n  - {id: a, needs: [d], run: make}\n"_s),
        {u"run"_s, u"at 60000"_s, u"fail a#1 gate_failed"_s}, u"failed"_s, u"keep d | redo a failed"_s,
        {u"again => queued a#1"_s});
    row("a delay that was cut short",
        apart(u"  - {id: d, delay: 1m}\n  - {id: a, needs: [d], run: make}\n"_s), {u"run"_s, u"cancel"_s},
        u"failed"_s, u"keep  | redo d unfinished, a needs d"_s,
        {u"again => delayed d"_s, u"at 60000 => settled d completed, queued a#1"_s});
    const QString ask = u"  - {id: ok, approval: Go on?}\n"
                        "  - {id: a, needs: [ok], when: '${{ steps.ok.approved }}', run: make}\n"_s;
    row("failed: what was approved is kept", apart(ask),
        {u"run"_s, u"yes ok#1"_s, u"values a [true]"_s, u"fail a#1 gate_failed"_s}, u"failed"_s,
        u"keep ok | redo a failed"_s, {u"again => evaluate a"_s});
    row("failed: what was rejected is asked again", apart(ask),
        {u"run"_s, u"no ok#1"_s, u"values a [false]"_s}, u"failed"_s,
        u"keep  | redo ok rejected, a needs ok"_s, {u"again => asked ok#1"_s});
    row("from: what was rejected is kept", apart(ask), {u"run"_s, u"no ok#1"_s, u"values a [false]"_s},
        u"from a"_s, u"keep ok | redo a asked"_s,
        {u"again => evaluate a"_s, u"values a [false] => settled a skipped, run completed"_s});
    row("failed: an answer that came too late",
        apart(u"  - {id: ok, approval: {ask: Go on?, timeout: 1m, on_timeout: fail}}\n"_s),
        {u"run"_s, u"at 60000"_s}, u"failed"_s, u"keep  | redo ok failed"_s, {u"again => asked ok#1"_s});
    const QString group =
        u"  - {id: a, run: make}\n  - {id: b, run: make}\n  - {id: d, needs: [both], run: make}\n"_s;
    const QString both = u"groups: {both: {steps: [a, b]}}\n"_s;
    row("a group", apart(group, both % kIndependent), {u"run"_s, u"ok a#1"_s, u"fail b#1 gate_failed"_s},
        u"failed"_s, u"keep a | redo b failed, both needs b, d needs both"_s,
        {u"again => queued b#1"_s, u"ok b#1 => settled b completed, settled both completed, queued d#1"_s});
    row("from a group: all of it", apart(group, both), {u"run"_s, u"ok a#1"_s, u"ok b#1"_s, u"ok d#1"_s},
        u"from both"_s, u"keep  | redo a asked, b asked, both asked, d needs both"_s);
    row("skip a group: what failed of it", apart(group, both % kIndependent),
        {u"run"_s, u"ok a#1"_s, u"fail b#1 gate_failed"_s}, u"skip both"_s,
        u"keep a, b passed over, both passed over | redo d needs both"_s, {u"again => queued d#1"_s});
}

void loopsItemsAndFinally()
{
    const QString loop =
        u"  - {id: l, loop: {max: 2, until: '${{ steps.t.exit_code === 0 }}', steps: [{id: w, run: make}, "
        "{id: t, needs: [w], run: make, on_error: continue}]}}\n  - {id: b, needs: [l], run: make}\n"_s;
    const QStringList twice{u"run"_s,    u"ok w#1"_s, u"fail t#1 gate_failed"_s, u"values l [false]"_s,
                            u"ok w#2"_s, u"ok t#2"_s, u"values l [true]"_s};
    row("a loop is kept with its last round", apart(loop), twice + QStringList{u"fail b#1 gate_failed"_s},
        u"failed"_s, u"keep l | redo b failed"_s,
        {u"again => queued b#1"_s, u"ok b#1 => settled b completed, run completed"_s});
    row("a loop that failed begins with its first round", apart(loop),
        {u"run"_s, u"ok w#1"_s, u"fail t#1 gate_failed"_s, u"values l [false]"_s, u"fail w#2 gate_failed"_s},
        u"failed"_s, u"keep  | redo l failed, b needs l"_s,
        {u"again => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, queued t#1"_s});
    row("from within a loop", apart(loop), twice, u"from t"_s, u"refused rerun_step_in_loop"_s);
    row("skip within a loop", apart(loop), twice, u"skip t"_s, u"refused rerun_step_in_loop"_s);
    row("skip a loop", apart(loop), {u"run"_s, u"fail w#1 gate_failed"_s}, u"skip l"_s,
        u"keep l passed over | redo b needs l"_s,
        {u"again => queued b#1"_s, u"ok b#1 => settled b completed, run completed"_s});

    const QString items = u"  - {id: r, foreach: '${{ inputs.list }}', isolation: none, run: make}\n"
                          "  - {id: d, needs: [r], run: make}\n"_s;
    const QString input = u"inputs: {list: {type: string}}\n"_s;
    row("failed: a foreach does only the items that failed", apart(items, input % kIndependent),
        {u"run"_s, u"values r [[1,2,3]]"_s, u"ok r[0]#1"_s, u"ok r[2]#1"_s, u"fail r[1]#1 crashed"_s},
        u"failed"_s, u"keep  | redo r failed +2, d needs r"_s,
        {u"again => queued r[1]#1"_s,
         u"ok r[1]#1 => settled r[1] completed, settled r completed, queued d#1"_s,
         u"ok d#1 => settled d completed, run completed"_s});
    row("from: a foreach does all items", apart(items, input),
        {u"run"_s, u"values r [[1,2]]"_s, u"ok r[0]#1"_s, u"ok r[1]#1"_s, u"ok d#1"_s}, u"from r"_s,
        u"keep  | redo r asked, d needs r"_s, {u"again => evaluate r"_s});
    row("a foreach that is kept has its items", apart(items, input),
        {u"run"_s, u"values r [[1,2]]"_s, u"ok r[0]#1"_s, u"ok r[1]#1"_s, u"fail d#1 crashed"_s}, u"failed"_s,
        u"keep r | redo d failed"_s,
        {u"again => queued d#1"_s, u"ok d#1 => settled d completed, run completed"_s});
    row("a foreach behind what is done anew has a list of its own",
        apart(u"  - {id: p, run: make}\n"
              "  - {id: r, needs: [p], foreach: '${{ steps.p.output }}', isolation: none, run: make}\n"_s),
        {u"run"_s, u"ok p#1"_s, u"values r [[1,2]]"_s, u"ok r[0]#1"_s, u"fail r[1]#1 crashed"_s}, u"from p"_s,
        u"keep  | redo p asked, r failed"_s,
        {u"again => queued p#1"_s, u"ok p#1 => settled p completed, evaluate r"_s});
    row("a foreach that was cut short", apart(items, input),
        {u"run"_s, u"values r [[1,2]]"_s, u"ok r[0]#1"_s, u"cancel"_s, u"aborted r[1]#1"_s}, u"failed"_s,
        u"keep  | redo r unfinished +1, d needs r"_s, {u"again => queued r[1]#1"_s});
    row("an empty foreach", apart(items, input), {u"run"_s, u"values r [[]]"_s, u"fail d#1 crashed"_s},
        u"failed"_s, u"keep r | redo d failed"_s, {u"again => queued d#1"_s});
    row("one_success: items that were let go stay so",
        apart(u"  - {id: r, foreach: [1, 2], join: one_success, isolation: none, run: make}\n"
              "  - {id: d, needs: [r], run: make}\n"_s),
        {u"run"_s, u"values r [[1,2]]"_s, u"ok r[0]#1"_s, u"aborted r[1]#1"_s, u"fail d#1 crashed"_s},
        u"failed"_s, u"keep r | redo d failed"_s,
        {u"again => queued d#1"_s, u"ok d#1 => settled d completed, run completed"_s});

    row("finally runs anew", apart(kChain, {}, kFinally),
        kChainFailed + QStringList{u"ok f#1"_s, u"ok g#1"_s}, u"failed"_s,
        u"keep a, x | redo f finally, b failed, g finally, c needs b"_s,
        {u"again => queued b#1"_s, u"ok b#1 => settled b completed, queued c#1"_s,
         u"ok c#1 => settled c completed, queued f#1"_s, u"ok f#1 => settled f completed, queued g#1"_s,
         u"ok g#1 => settled g completed, run completed"_s});
    row("finally is no reason", apart(kChain, {}, kFinally),
        kChainDone + QStringList{u"ok f#1"_s, u"ok g#1"_s}, u"failed"_s, u"refused rerun_nothing_to_redo"_s);
    row("only finally failed", apart(kChain, {}, kFinally),
        kChainDone + QStringList{u"fail f#1 gate_failed"_s}, u"failed"_s,
        u"keep a, b, x, c | redo f failed, g needs f"_s,
        {u"again => queued f#1"_s, u"ok f#1 => settled f completed, queued g#1"_s,
         u"ok g#1 => settled g completed, run completed"_s});
    row("skip what failed of finally", apart(kChain, {}, kFinally),
        kChainDone + QStringList{u"fail f#1 gate_failed"_s}, u"skip f"_s,
        u"keep a, f passed over, b, x, c | redo g needs f"_s,
        {u"again => queued g#1"_s, u"ok g#1 => settled g completed, run completed"_s});
}

} // namespace

void TestFlowRerun::goesOn_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QString>("ask");
    QTest::addColumn<QString>("plan");
    QTest::addColumn<QStringList>("script");
    modes();
    triggersAndFailures();
    kinds();
    loopsItemsAndFinally();
}

void TestFlowRerun::goesOn()
{
    QFETCH(QString, yaml);
    QFETCH(QStringList, before);
    QFETCH(QString, ask);
    QFETCH(QString, plan);
    QFETCH(QStringList, script);
    const auto definition = flowOf(yaml);
    RulesDriver earlier(definition);
    for (const QString &line : before) {
        const QStringList followed = earlier.apply(line);
        QVERIFY2(!followed.contains(u"duplicate"_s) && !followed.value(0).startsWith(u"error"_s),
                 qPrintable(line));
    }
    const auto planned = planRerun(*definition, earlier.state(), *definition, askOf(ask));
    QCOMPARE(planLine(*definition, planned), plan);
    if (!planned)
        return;
    RulesDriver again(definition);
    for (const QString &line : script) {
        const QString input = line.section(u" => "_s, 0, 0);
        const QStringList followed = input == u"again" ? again.begin(planned->kept) : again.apply(input);
        QCOMPARE(QString(input % u" => "_s % followed.join(u", "_s)), line);
        QCOMPARE(again.misread(), QString());
    }
}

void TestFlowRerun::editedDoesWhatChanged_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("plan");
    const auto change = [](const char *name, const QString &from, const QString &to, const QString &plan) {
        QTest::newRow(name) << from << to << plan;
    };
    change("nothing", {}, {}, u"refused rerun_nothing_to_redo"_s);
    change("a command", u"run: test"_s, u"run: test more"_s, u"keep a, x | redo b changed, c needs b"_s);
    change("a kind", u"run: test"_s, u"prompt: test"_s, u"keep a, x | redo b changed, c needs b"_s);
    change("a condition", u"run: test"_s, u"run: test, when: true"_s,
           u"keep a, x | redo b changed, c needs b"_s);
    change("needs", u"needs: [b]"_s, u"needs: [b, x]"_s, u"keep a, b, x | redo c changed"_s);
    change("a trigger", u"needs: [b]"_s, u"needs: [b], trigger: all_done"_s,
           u"keep a, b, x | redo c changed"_s);
    change("the output", u"run: test"_s, u"run: test, output: json"_s,
           u"keep a, x | redo b changed, c needs b"_s);
    change("where it works", u"run: test"_s, u"run: test, isolation: step"_s,
           u"keep a, x | redo b changed, c needs b"_s);
    change("a new step", u"  - {id: x"_s, u"  - {id: n, needs: [a], run: new}\n  - {id: x"_s,
           u"keep a, b, x, c | redo n added"_s);
    change("a step that is gone", u"  - {id: x, needs: [a], run: make}\n"_s, {},
           u"refused rerun_nothing_to_redo"_s);
    change("only what bounds it", u"run: test"_s,
           u"run: test, timeout: 1h, retries: 2, optional: true, on_error: continue"_s,
           u"refused rerun_nothing_to_redo"_s);
    change("the order in the file", u"  - {id: a, run: build}\n"_s,
           u"  - {id: n, run: n}\n  - {id: a, run: build}\n"_s, u"keep a, b, x, c | redo n added"_s);
}

void TestFlowRerun::editedDoesWhatChanged()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, plan);
    const QString steps = u"  - {id: a, run: build}\n  - {id: b, needs: [a], run: test}\n"
                          "  - {id: c, needs: [b], run: make}\n  - {id: x, needs: [a], run: make}\n"_s;
    const auto definition = flowOf(apart(steps));
    RulesDriver earlier(definition);
    for (const QString &line : kChainDone)
        earlier.apply(line);
    QString edited = steps;
    if (!from.isEmpty())
        edited.replace(from, to);
    const auto now = flowOf(apart(edited));
    QString found =
        planLine(*now, planRerun(*definition, earlier.state(), *now, {.mode = RerunMode::Edited}));
    // New steps that nothing needs come where the file has them.
    QStringList kept = found.section(u"keep "_s, 1).section(u" | "_s, 0, 0).split(u", "_s);
    kept.sort();
    QStringList wanted = plan.section(u"keep "_s, 1).section(u" | "_s, 0, 0).split(u", "_s);
    wanted.sort();
    QCOMPARE(kept, wanted);
    QCOMPARE(found.section(u" | "_s, 1), plan.section(u" | "_s, 1));
}

// Outputs, JSON, items and the last round, as if they had been made in this run.
void TestFlowRerun::keptResultsAreSeen()
{
    const auto definition =
        flowOf(apart(u"  - {id: s, output: json, run: make}\n"
                     "  - {id: r, foreach: [1, 2], isolation: none, run: make}\n"
                     "  - {id: l, loop: {max: 1, steps: [{id: w, run: make}]}}\n"
                     "  - {id: d, needs: [s, r, l], run: '${{ [steps.s, steps.r, steps.l] }}'}\n"_s));
    RulesDriver earlier(definition);
    for (const auto &line : {u"run"_s, u"values r [[1,2]]"_s, u"ok s#1 {\"n\": 4}"_s, u"ok r[0]#1 one"_s,
                             u"ok r[1]#1 two"_s, u"ok w#1 round"_s})
        earlier.apply(line);
    const QJsonObject seen = earlier.asked(u"d"_s)->scope;
    earlier.apply(u"error d TypeError"_s);
    const auto plan = planRerun(*definition, earlier.state(), *definition, {.mode = RerunMode::Failed});
    QVERIFY(plan);
    QCOMPARE(plan->keptSteps(), (QStringList{u"s"_s, u"r"_s, u"w"_s, u"l"_s}));
    RulesDriver again(definition);
    QCOMPARE(again.begin(plan->kept), QStringList(u"evaluate d"_s));
    QCOMPARE(again.asked(u"d"_s)->scope[u"steps"], seen[u"steps"]);
    QCOMPARE(seen[u"steps"][u"s"][u"json"][u"n"], QJsonValue(4));
    QCOMPARE(seen[u"steps"][u"r"][u"outputs"], QJsonValue(QJsonArray{u"one"_s, u"two"_s}));
    // An earlier run is not paid for again.
    for (const StepKept &kept : plan->kept)
        QVERIFY(!kept.unit.result.usage.costMicroUsd);
}

// A run that was run again is run again: who did a step first is still known.
void TestFlowRerun::itsOwnRunIsRunAgain()
{
    const auto definition = flowOf(apart(kChain));
    RulesDriver first(definition);
    for (const QString &line : kChainFailed)
        first.apply(line);
    const auto plan = planRerun(*definition, first.state(), *definition, {.mode = RerunMode::Failed});
    QVERIFY(plan);
    RulesDriver second(definition);
    second.begin(plan->kept);
    second.apply(u"ok b#1"_s);
    second.apply(u"fail c#1 gate_failed"_s);
    QCOMPARE(enumName(second.state().verdict->status), u"failed"_s);
    const auto next = planRerun(*definition, second.state(), *definition, {.mode = RerunMode::Failed});
    QVERIFY(next);
    QCOMPARE(planLine(*definition, next), u"keep a, b, x | redo c failed"_s);
    QCOMPARE(next->kept.at(0).from, RunId{1});
    QCOMPARE(next->kept.at(1).from, RunId{2});
}

void TestFlowRerun::oldJournalsFold()
{
    const auto old = flowFactFromJson(u"run.started"_s, {{u"run"_s, 3}, {u"inputs"_s, QJsonObject()}});
    QVERIFY(old);
    QCOMPARE(std::get<RunStarted>(*old).kept, 0);
    const auto definition = flowOf(apart(kChain));
    FlowState state = initialState(*definition);
    QVERIFY(reduce(*definition, state, {.atMs = 1, .fact = *old}));
    const FlowFact odd = StepKept{.step = u"a"_s, .branch = 3};
    QCOMPARE(reduce(*definition, state, {.atMs = 1, .fact = odd}).value(), Reduced::Duplicate);
    FlowState waiting = initialState(*definition);
    QVERIFY(reduce(*definition, waiting, {.atMs = 1, .fact = RunStarted{.run = RunId{3}, .kept = 1}}));
    QCOMPARE(reduce(*definition, waiting, {.atMs = 1, .fact = odd}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(plan(*definition, waiting, 1).empty());
}

QTEST_GUILESS_MAIN(TestFlowRerun)
#include "tst_flow_rerun.moc"
