// Branches, jumps, loops, groups, delays, scripts and what comes finally, as a table: a flow, what happens,
// and what is decided. After each line the journal is folded: nothing else may be needed to know where a run
// stands.
#include "core/flow/run_summary.h"
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowKinds : public QObject {
    Q_OBJECT
private slots:
    void decides_data();
    void decides();
    void whatExpressionsSee();
    void casesAreOneExpression();
    void attemptsOfRoundsHaveTheirOwnNumbers();
    void itemsOfAnEarlierRound();
    void scopesHoldOnlyWhatIsRead();
};

namespace {

void row(const char *name, const QString &yaml, const QStringList &script)
{
    QTest::newRow(name) << yaml << script;
}

const QString kSwitch = u"  - {id: p, switch: [{case: x, when: '${{ run.id > 1 }}', then: [a, c]}, "
                        "{case: y, when: '${{ run.id > 0 }}', then: [b, c]}%1]}\n"
                        "  - {id: a, needs: [p], prompt: A}\n"
                        "  - {id: b, needs: [p], prompt: B}\n"
                        "  - {id: c, needs: [p], prompt: C}\n"
                        "  - {id: after, needs: [a, b], prompt: D}\n"_s;
const QString kJump = u"  - {id: a, run: make, on_error: goto mend}\n"
                      "  - {id: b, needs: [a], prompt: B}\n"
                      "  - {id: mend, prompt: M}\n"
                      "  - {id: tell, needs: [b, mend], prompt: T}\n"_s;
const QString kLoop = u"  - {id: l, loop: {max: 2, until: '${{ steps.t.exit_code === 0 }}', steps: ["
                      "{id: w, prompt: W}, {id: t, needs: [w], run: make, on_error: continue}]}}\n"
                      "  - {id: b, needs: [l], prompt: B}\n"_s;
const QString kFinally = u"finally:\n  - {id: f, run: clean}\n  - {id: g, needs: [f], prompt: G}\n"_s;

void branches()
{
    row("the case that is taken", flowText(kSwitch.arg(u""_s)),
        {u"run => evaluate p"_s,
         u"values p [1] => settled p completed, settled a excluded, queued b#1, queued c#1"_s,
         u"ok b#1 => settled b completed, queued after#1"_s, u"ok c#1 => settled c completed"_s,
         u"ok after#1 => settled after completed, run completed"_s});
    row("no case", flowText(kSwitch.arg(u""_s)),
        {u"run => evaluate p"_s,
         u"values p [-1] => settled p completed, settled a excluded, settled b excluded, "
         "settled c excluded, settled after excluded, run completed"_s});
    row("the default",
        flowText(kSwitch.arg(u", {default: [after2]}"_s) % u"  - {id: after2, needs: [p], prompt: Z}\n"_s),
        {u"run => evaluate p"_s,
         u"values p [2] => settled p completed, settled a excluded, settled b excluded, settled c excluded, "
         "settled after excluded, queued after2#1"_s});
    row("a case that throws", flowText(kSwitch.arg(u""_s)),
        {u"run => evaluate p"_s,
         u"error p TypeError => settled p failed runtime_error, settled a failed dependency_failed by p, "
         "settled b failed dependency_failed by p, settled c failed dependency_failed by p, "
         "settled after failed dependency_failed by a, run failed runtime_error by p"_s});
    row("a case that there is not", flowText(kSwitch.arg(u""_s), u"on_failure: continue\n"_s),
        {u"run => evaluate p"_s,
         u"values p [7] => settled p failed runtime_error, settled a failed dependency_failed by p, "
         "settled b failed dependency_failed by p, settled c failed dependency_failed by p, "
         "settled after failed dependency_failed by a, run failed runtime_error by p"_s});
    row("a switch that is skipped takes no branch",
        flowText(u"  - {id: p, when: false, switch: [{default: [a]}]}\n  - {id: a, needs: [p], prompt: A}\n"
                 "  - {id: b, needs: [p], prompt: B}\n"_s),
        {u"run => evaluate p"_s, u"values p [false] => settled p skipped, settled a excluded, queued b#1"_s});
    row("all_done runs although all it needs is excluded",
        flowText(
            u"  - {id: p, switch: [{case: x, when: false, then: [a]}]}\n  - {id: a, needs: [p], prompt: A}\n"
            "  - {id: b, needs: [a], trigger: all_done, prompt: B}\n"_s),
        {u"run => evaluate p"_s, u"values p [-1] => settled p completed, settled a excluded, queued b#1"_s});
    row("an excluded need is ignored by one_success",
        flowText(
            u"  - {id: p, switch: [{case: x, when: false, then: [a]}]}\n  - {id: a, needs: [p], prompt: A}\n"
            "  - {id: b, optional: true, prompt: B}\n"
            "  - {id: c, needs: [a, b], trigger: one_success, prompt: C}\n"_s),
        {u"run => queued b#1, evaluate p"_s, u"values p [-1] => settled p completed, settled a excluded"_s,
         u"fail b#1 crashed => settled b failed crashed, settled c failed dependency_failed by b, "
         "run failed dependency_failed by c"_s});
    row("one_success does not begin before its switch is decided",
        flowText(
            u"  - {id: p, switch: [{case: x, when: '${{ run.id }}', then: [c]}]}\n  - {id: b, prompt: B}\n"
            "  - {id: c, needs: [p, b], trigger: one_success, prompt: C}\n"_s),
        {u"run => queued b#1, evaluate p"_s, u"ok b#1 => settled b completed"_s,
         u"values p [-1] => settled p completed, settled c excluded, run completed"_s});
    row("cancelled before it is known", flowText(kSwitch.arg(u""_s)),
        {u"run => evaluate p"_s,
         u"cancel => settled p cancelled aborted, settled a cancelled aborted, settled b cancelled aborted, "
         "settled c cancelled aborted, settled after cancelled aborted, run cancelled aborted"_s,
         u"values p [1] => duplicate"_s});
}

void failures()
{
    row("continue: others go on",
        flowText(u"  - {id: a, run: make, on_error: continue}\n"
                 "  - {id: b, needs: [a], prompt: B}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 gate_failed => settled a failed gate_failed, queued b#1"_s,
         u"ok b#1 => settled b completed, run completed"_s});
    row("continue is no success for one_success",
        flowText(u"  - {id: a, run: make, on_error: continue}\n"
                 "  - {id: b, needs: [a], trigger: one_success, prompt: B}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 gate_failed => settled a failed gate_failed, "
                                 "settled b failed dependency_failed, run failed dependency_failed by b"_s});
    row("on_error is not about what a step needs",
        flowText(u"  - {id: a, run: make}\n  - {id: b, needs: [a], run: make, on_error: continue}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 gate_failed => settled a failed gate_failed, "
                                 "settled b failed dependency_failed by a, run failed gate_failed by a"_s});
    row("a jump", flowText(kJump),
        {u"run => queued a#1"_s,
         u"fail a#1 gate_failed => settled a failed gate_failed, settled b excluded, "
         "queued mend#1"_s,
         u"ok mend#1 => settled mend completed, queued tell#1"_s,
         u"ok tell#1 => settled tell completed, run completed"_s});
    row("no jump", flowText(kJump),
        {u"run => queued a#1"_s, u"ok a#1 => settled a completed, settled mend excluded, queued b#1"_s,
         u"ok b#1 => settled b completed, queued tell#1"_s});
    row("after the retries",
        flowText(
            u"  - {id: a, run: make, on_error: goto m, retries: {max: 1, on: [gate_failed], backoff: 0s}}\n"
            "  - {id: m, prompt: M}\n"_s),
        {u"run => queued a#1"_s, u"fail a#1 gate_failed => retry a#2 gate_failed, queued a#2"_s,
         u"fail a#2 gate_failed => settled a failed gate_failed, queued m#1"_s});
    row("two that jump to one",
        flowText(u"  - {id: a, run: make, on_error: goto m}\n  - {id: b, run: make, on_error: goto m}\n"
                 "  - {id: m, prompt: M}\n"_s,
                 u"defaults: {isolation: none}\n"_s),
        {u"run => queued a#1, queued b#1"_s,
         u"fail a#1 gate_failed => settled a failed gate_failed, queued m#1"_s,
         u"fail b#1 gate_failed => settled b failed gate_failed"_s,
         u"ok m#1 => settled m completed, run completed"_s});
    row("who was cancelled jumps nowhere", flowText(kJump),
        {u"run => queued a#1"_s,
         u"cancel => stopping a#1 aborted, settled b cancelled aborted, "
         "settled mend cancelled aborted, settled tell cancelled aborted"_s,
         u"aborted a#1 => settled a cancelled aborted, run cancelled aborted"_s});
    row("skip: propagate",
        flowText(
            u"  - {id: a, prompt: A, when: false, skip: propagate}\n  - {id: b, needs: [a], prompt: B}\n"
            "  - {id: c, needs: [b], prompt: C}\n  - {id: d, needs: [c], trigger: all_done, prompt: D}\n"_s),
        {u"run => evaluate a"_s,
         u"values a [false] => settled a skipped, settled b skipped, settled c skipped, queued d#1"_s});
}

void loops()
{
    row("done after the first round", flowText(kLoop),
        {u"run => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, queued t#1"_s,
         u"ok t#1 => settled t completed, evaluate l"_s,
         u"values l [true] => settled l completed, queued b#1"_s,
         u"ok b#1 => settled b completed, run completed"_s});
    row("a second round", flowText(kLoop),
        {u"run => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, queued t#1"_s,
         u"fail t#1 gate_failed => settled t failed gate_failed, evaluate l"_s,
         u"values l [false] => round l 2, queued w#2"_s, u"ok w#1 => duplicate"_s,
         u"ok w#2 => settled w completed, queued t#2"_s, u"ok t#2 => settled t completed, evaluate l"_s,
         u"values l [true] => settled l completed, queued b#1"_s});
    row("never done", flowText(kLoop),
        {u"run => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, queued t#1"_s,
         u"fail t#1 gate_failed => settled t failed gate_failed, evaluate l"_s,
         u"values l [false] => round l 2, queued w#2"_s, u"ok w#2 => settled w completed, queued t#2"_s,
         u"fail t#2 gate_failed => settled t failed gate_failed, evaluate l"_s,
         u"values l [false] => settled l failed gate_failed, settled b failed dependency_failed by l, "
         "run failed gate_failed by l"_s});
    row("a step of it fails", flowText(kLoop),
        {u"run => round l 1, queued w#1"_s,
         u"fail w#1 auth_required => settled w failed auth_required, settled t failed dependency_failed by "
         u"w, "
         "settled l failed auth_required by w, settled b failed dependency_failed by l, "
         "run failed auth_required by l"_s});
    row("a step of it fails while another runs",
        flowText(
            u"  - {id: l, on_error: continue, loop: {max: 3, steps: [{id: w, prompt: W}, {id: x, prompt: X}, "
            "{id: y, needs: [x], prompt: Y}]}}\n  - {id: b, needs: [l], prompt: B}\n"_s),
        {u"run => round l 1, queued w#1, queued x#1"_s, u"start x#1 => "_s,
         u"fail w#1 crashed => settled w failed crashed, settled y cancelled aborted by w"_s,
         u"ok x#1 => settled x completed, settled l failed crashed by w, queued b#1"_s,
         u"ok b#1 => settled b completed, run completed"_s});
    row("a number of rounds", flowText(u"  - {id: l, loop: {max: 3, steps: [{id: w, prompt: W}]}}\n"_s),
        {u"run => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, round l 2, queued w#2"_s,
         u"ok w#2 => settled w completed, round l 3, queued w#3"_s,
         u"ok w#3 => settled w completed, settled l completed, run completed"_s});
    row("cancelled in a round", flowText(kLoop),
        {u"run => round l 1, queued w#1"_s, u"start w#1 => "_s,
         u"cancel => stopping w#1 aborted, settled t cancelled aborted, settled b cancelled aborted"_s,
         u"aborted w#1 => settled w cancelled aborted, settled l cancelled aborted, run cancelled aborted"_s});
    row("cancelled while it is judged", flowText(kLoop),
        {u"run => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, queued t#1"_s,
         u"ok t#1 => settled t completed, evaluate l"_s,
         u"cancel => settled l cancelled aborted, settled b cancelled aborted, run cancelled aborted"_s});
    row("a loop that is skipped leaves its steps out",
        flowText(u"  - {id: l, when: false, loop: {max: 3, steps: [{id: w, prompt: W}]}}\n"_s),
        {u"run => evaluate l"_s,
         u"values l [false] => settled l skipped, settled w excluded, run completed"_s});
    row("a switch in a loop, decided each round",
        flowText(
            u"  - {id: l, loop: {max: 2, steps: [{id: p, switch: [{case: x, when: '${{ loop.index > 0 }}', "
            "then: [w]}]}, {id: w, needs: [p], prompt: W}]}}\n"_s),
        {u"run => round l 1, evaluate p"_s,
         u"values p [-1] => settled p completed, settled w excluded, round l 2, evaluate p"_s,
         u"values p [0] => settled p completed, queued w#1"_s,
         u"ok w#1 => settled w completed, settled l completed, run completed"_s});
    row("the run fails elsewhere during a round", flowText(kLoop % u"  - {id: z, prompt: Z}\n"_s),
        {u"run => round l 1, queued z#1, queued w#1"_s, u"start w#1 => "_s,
         u"fail z#1 crashed => settled z failed crashed, settled t cancelled aborted by z, "
         "settled b cancelled aborted by z"_s,
         u"ok w#1 => settled w completed, settled l cancelled aborted, run failed crashed by z"_s});
}

void groupsDelaysAndFinally()
{
    row("a group counts as one step",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: c, needs: [g], prompt: C}\n"_s,
                 {}, u"groups: {g: {steps: [a, b], limit: 1}}\n"_s),
        {u"run => queued a#1"_s, u"ok a#1 => settled a completed, queued b#1"_s,
         u"ok b#1 => settled b completed, settled g completed, queued c#1"_s});
    row("a group in a row, behind another step",
        flowText(u"  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n  - {id: z, prompt: Z}\n"_s, {},
                 u"groups: {g: {steps: [b, a], mode: sequence, needs: [z]}}\n"_s),
        {u"run => queued z#1"_s, u"ok z#1 => settled z completed, queued b#1"_s,
         u"ok b#1 => settled b completed, queued a#1"_s,
         u"ok a#1 => settled a completed, settled g completed, run completed"_s});
    row("one of a group is enough",
        flowText(u"  - {id: a, prompt: A, optional: true}\n  - {id: b, prompt: B, optional: true}\n"
                 "  - {id: c, needs: [g], prompt: C}\n"_s,
                 {}, u"groups: {g: {steps: [a, b], join: one_success}}\n"_s),
        {u"run => queued a#1, queued b#1"_s, u"fail a#1 crashed => settled a failed crashed"_s,
         u"ok b#1 => settled b completed, settled g completed, queued c#1"_s});
    row("a delay", flowText(u"  - {id: d, delay: 10m}\n  - {id: a, needs: [d], prompt: A}\n"_s),
        {u"run => delayed d"_s, u"at 599999 => "_s, u"at 600000 => settled d completed, queued a#1"_s});
    row("a moment that has passed", flowText(u"  - {id: d, delay: '1970-01-01T00:00:00Z'}\n"_s),
        {u"run => delayed d, settled d completed, run completed"_s});
    row("a time that is computed", flowText(u"  - {id: d, delay: '${{ run.id }}m'}\n"_s),
        {u"run => evaluate d"_s, u"values d [2] => delayed d"_s, u"at 119999 => "_s,
         u"at 120000 => settled d completed, run completed"_s});
    row("a time that is none", flowText(u"  - {id: d, delay: '${{ run.id }}'}\n"_s),
        {u"run => evaluate d"_s,
         u"values d [\"soon\"] => settled d failed runtime_error, run failed runtime_error by d"_s});
    row("cancelled while it waits", flowText(u"  - {id: d, delay: 10m}\n"_s),
        {u"run => delayed d"_s, u"cancel => settled d cancelled aborted, run cancelled aborted"_s});
    row("a script", flowText(u"  - {id: s, script: 'run.id + 1'}\n  - {id: a, needs: [s], prompt: A}\n"_s),
        {u"run => evaluate s"_s, u"values s [{\"n\":1}] => settled s completed, queued a#1"_s});
    row("a script that throws", flowText(u"  - {id: s, script: 'run.id + 1', on_error: continue}\n"_s),
        {u"run => evaluate s"_s, u"error s TypeError => settled s failed runtime_error, run completed"_s});
    row("finally, after success", flowText(u"  - {id: a, prompt: A}\n"_s, {}, kFinally),
        {u"run => queued a#1"_s, u"ok a#1 => settled a completed, queued f#1"_s,
         u"ok f#1 => settled f completed, queued g#1"_s, u"ok g#1 => settled g completed, run completed"_s});
    row("finally, after a failure", flowText(u"  - {id: a, prompt: A}\n"_s, {}, kFinally),
        {u"run => queued a#1"_s, u"fail a#1 crashed => settled a failed crashed, queued f#1"_s,
         u"ok f#1 => settled f completed, queued g#1"_s,
         u"ok g#1 => settled g completed, run failed crashed by a"_s});
    row("finally, after a cancel", flowText(u"  - {id: a, prompt: A}\n"_s, {}, kFinally),
        {u"run => queued a#1"_s, u"cancel => stopping a#1 aborted"_s,
         u"aborted a#1 => settled a cancelled aborted, queued f#1"_s,
         u"ok f#1 => settled f completed, queued g#1"_s,
         u"ok g#1 => settled g completed, run cancelled aborted"_s});
    row("finally, cancelled twice", flowText(u"  - {id: a, prompt: A}\n"_s, {}, kFinally),
        {u"run => queued a#1"_s, u"cancel => stopping a#1 aborted"_s,
         u"cancel => settled f cancelled aborted, settled g cancelled aborted"_s,
         u"aborted a#1 => settled a cancelled aborted, run cancelled aborted"_s});
    row("finally fails", flowText(u"  - {id: a, prompt: A}\n"_s, {}, kFinally),
        {u"run => queued a#1"_s, u"ok a#1 => settled a completed, queued f#1"_s,
         u"fail f#1 gate_failed => settled f failed gate_failed, settled g failed dependency_failed by f, "
         "run failed gate_failed by f"_s});
    row("finally, after a loop", flowText(kLoop, {}, u"finally:\n  - {id: f, run: clean}\n"_s),
        {u"run => round l 1, queued w#1"_s, u"ok w#1 => settled w completed, queued t#1"_s,
         u"fail t#1 gate_failed => settled t failed gate_failed, evaluate l"_s,
         u"values l [false] => round l 2, queued w#2"_s, u"ok w#2 => settled w completed, queued t#2"_s,
         u"ok t#2 => settled t completed, evaluate l"_s,
         u"values l [true] => settled l completed, queued b#1"_s,
         u"ok b#1 => settled b completed, queued f#1"_s, u"ok f#1 => settled f completed, run completed"_s});
}

} // namespace

void TestFlowKinds::decides_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QStringList>("script");
    branches();
    failures();
    loops();
    groupsDelaysAndFinally();
}

void TestFlowKinds::decides()
{
    QFETCH(QString, yaml);
    QFETCH(QStringList, script);
    QCOMPARE(played(yaml, script), script);
}

void TestFlowKinds::whatExpressionsSee()
{
    RulesDriver driver(flowOf(flowText(
        u"  - {id: l, loop: {max: 2, until: '${{ steps.t.exit_code === 0 && loop.index > 0 }}', steps: ["
        "{id: w, prompt: 'See ${{ loop.last.t.output }}'}, {id: t, needs: [w], run: make, on_error: "
        "continue}]}}\n"
        "  - {id: p, needs: [l], switch: [{case: x, when: '${{ steps.l.json.rounds }}', then: []}]}\n"
        "  - {id: s, needs: [p], script: 'steps.p.label'}\n"_s)));
    driver.apply(u"run"_s);
    QCOMPARE(driver.asked(u"w"_s)->scope[u"loop"], QJsonValue(QJsonObject{{u"index"_s, 0}, {u"last"_s, {}}}));
    driver.apply(u"values w [\"x\"]"_s);
    driver.apply(u"ok w#1 written"_s);
    driver.apply(u"ok t#1 two failed"_s);
    QCOMPARE(driver.asked(u"l"_s)->scope[u"steps"][u"t"][u"output"], QJsonValue(u"two failed"_s));
    driver.apply(u"values l [false]"_s);
    QCOMPARE(driver.asked(u"w"_s)->scope[u"loop"][u"index"], QJsonValue(1));
    QCOMPARE(driver.asked(u"w"_s)->scope[u"loop"][u"last"][u"t"][u"output"], QJsonValue(u"two failed"_s));
    driver.apply(u"values w [\"x\"]"_s);
    driver.apply(u"ok w#2 again"_s);
    driver.apply(u"ok t#2 all good"_s);
    driver.apply(u"values l [true]"_s);
    const QJsonValue loop = driver.asked(u"p"_s)->scope[u"steps"][u"l"];
    QCOMPARE(loop[u"json"][u"rounds"], QJsonValue(2));
    QCOMPARE(loop[u"json"][u"steps"][u"t"][u"output"], QJsonValue(u"all good"_s));
    driver.apply(u"values p [0]"_s);
    QCOMPARE(driver.asked(u"s"_s)->scope[u"steps"][u"p"][u"label"], QJsonValue(u"x"_s));
    QCOMPARE(driver.asked(u"s"_s)->target, EvaluationTarget::Script);
    QCOMPARE(driver.asked(u"s"_s)->expressions, QStringList(u"steps.p.label"_s));
}

// So that a case behind the one that is taken is never evaluated, and can not throw.
void TestFlowKinds::casesAreOneExpression()
{
    const auto definition = flowOf(flowText(kSwitch.arg(u", {default: []}"_s)));
    QCOMPARE(definition->step(0).text.expressions,
             QStringList(u"(run.id > 1\n) ? 0 : (run.id > 0\n) ? 1 : 2"_s));
}

// An attempt's number names what was done, so a round must not give one a second time; nor to items.
void TestFlowKinds::attemptsOfRoundsHaveTheirOwnNumbers()
{
    RulesDriver driver(
        flowOf(flowText(u"  - {id: l, loop: {max: 3, steps: [{id: w, prompt: W, foreach: [1, 2], "
                        "isolation: none, retries: {max: 1, backoff: 0s}}]}}\n"_s)));
    driver.apply(u"run"_s);
    QCOMPARE(driver.apply(u"values w [[1,2]]"_s), (QStringList{u"queued w[0]#1"_s, u"queued w[1]#1"_s}));
    driver.apply(u"ok w[0]#1"_s);
    driver.apply(u"fail w[1]#1 crashed"_s);
    driver.apply(u"ok w[1]#2"_s);
    QCOMPARE(driver.apply(u"values w [[1]]"_s), QStringList(u"queued w[0]#3"_s));
    QCOMPARE(driver.apply(u"fail w[0]#3 crashed"_s),
             (QStringList{u"retry w[0]#4 crashed"_s, u"queued w[0]#4"_s}));
    driver.apply(u"ok w[0]#4"_s);
    QCOMPARE(driver.apply(u"values w [[1,2]]"_s), (QStringList{u"queued w[0]#5"_s, u"queued w[1]#5"_s}));
}

// What is stored in one go may name items that the next round has no more.
void TestFlowKinds::itemsOfAnEarlierRound()
{
    RulesDriver driver(flowOf(flowText(u"  - {id: l, loop: {max: 2, steps: [{id: w, prompt: W, "
                                       "foreach: '${{ inputs.list }}'}]}}\n"_s,
                                       u"inputs: {list: {type: string}}\n"_s)));
    const auto rows = [&] {
        QStringList lines;
        for (const UnitRef ref : driver.state().touched) {
            const FlowStepRow row = stepRow(driver.definition(), driver.state(), ref);
            lines += u"%1[%2]#%3 %4"_s.arg(row.step).arg(row.item).arg(row.attempt).arg(enumName(row.status));
        }
        return lines;
    };
    driver.apply(u"run"_s);
    driver.apply(u"values w [[7,8]]"_s);
    driver.apply(u"ok w[0]#1"_s);
    driver.apply(u"ok w[1]#1"_s);
    QCOMPARE(rows(), QStringList({u"l[-1]#0 running"_s, u"w[-1]#0 ready"_s, u"w[0]#1 excluded"_s,
                                  u"w[1]#1 excluded"_s}));
    driver.apply(u"values w [[9]]"_s);
    QCOMPARE(rows().sliced(2), QStringList({u"w[0]#2 ready"_s, u"w[1]#1 excluded"_s}));
    QCOMPARE(driver.apply(u"ok w[0]#2"_s).last(), u"run completed"_s);
    QCOMPARE(rows().sliced(2), QStringList({u"w[0]#2 completed"_s, u"w[1]#1 excluded"_s}));
}

// What came of ten thousand items is not sent with each of ten thousand texts that do not read it.
void TestFlowKinds::scopesHoldOnlyWhatIsRead()
{
    RulesDriver driver(flowOf(
        flowText(u"  - {id: a, foreach: [1, 2], prompt: A}\n"
                 "  - {id: b, needs: [a], prompt: '${{ steps.a.status }} ${{ inputs.two }}'}\n"
                 "  - {id: c, needs: [a], prompt: '${{ steps.a.outputs }}'}\n"
                 "  - {id: d, needs: [a], prompt: '${{ steps.a.items[0].status }}'}\n"
                 "  - {id: e, needs: [a], when: '${{ Object.keys(steps.a).length > 0 }}', prompt: E}\n"_s,
                 u"inputs: {one: {type: string}, two: {type: string}}\n"_s)));
    driver.submit(RunStarted{.run = RunId{1}, .inputs = {{u"one"_s, 1}, {u"two"_s, 2}}});
    driver.apply(u"values a [[1,2]]"_s);
    driver.apply(u"ok a[0]#1 x"_s);
    driver.apply(u"ok a[1]#1 y"_s);
    const auto scope = [&](const QString &step) {
        return driver.asked(step)->scope;
    };
    const auto items = [&](const QString &step) {
        return scope(step).value(u"steps").toObject().value(u"a").toObject().contains(u"items");
    };
    QCOMPARE(scope(u"b"_s).value(u"inputs").toObject().keys(), QStringList{u"two"_s});
    QCOMPARE(scope(u"b"_s).value(u"steps").toObject().value(u"a").toObject().value(u"status"),
             QJsonValue(u"completed"_s));
    QVERIFY(!items(u"b"_s));
    for (const QString &step : {u"c"_s, u"d"_s, u"e"_s})
        QVERIFY2(items(step), qPrintable(step));
    QCOMPARE(scope(u"c"_s).value(u"inputs").toObject(), QJsonObject());
}

QTEST_GUILESS_MAIN(TestFlowKinds)
#include "tst_flow_kinds.moc"
