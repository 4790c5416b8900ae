// The flow file: every kind of mistake with its place, all of them at once, and what a good file means.
#include "tests/core/flow/rules_driver.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowParser : public QObject {
    Q_OBJECT
private slots:
    void problems_data();
    void problems();
    void allProblemsAtOnce();
    void suggestions_data();
    void suggestions();
    void problemsAreBounded();
    void limits_data();
    void limits();
    void placesWithinExpressions_data();
    void placesWithinExpressions();
    void questionMarksInFlowStyle();
    void defaultsAndKinds();
    void worktrees();
    void builtInFlowsAreGood_data();
    void builtInFlowsAreGood();
};

namespace {

const QByteArray kHead = "muster: 1\nname: t\n";
const QByteArray kStep = "steps:\n  - id: a\n    prompt: A\n";

FlowProblems problemsOf(const QByteArray &text)
{
    const FlowLookups lookups{.profiles = QStringList{u"reader"_s, u"writer"_s},
                              .runtimes = QStringList{u"demo"_s, u"claude"_s}};
    return parseFlow(text, u"t.flow.yaml"_s, lookups).problems;
}

QStringList linesOf(const FlowProblems &problems)
{
    QStringList lines;
    for (const FlowProblem &problem : problems)
        lines.append(problemLine(problem));
    return lines;
}

void row(const char *name, const QByteArray &text, const QStringList &expected)
{
    QTest::newRow(name) << text << expected;
}

// A step "b" with these lines, after a step "a" that answers with JSON; the first of them is line 7.
QByteArray withStep(const QByteArray &lines)
{
    return kHead + "steps:\n  - {id: a, prompt: A, output: json}\n  - id: b\n    needs: [a]\n" + lines;
}

} // namespace

void TestFlowParser::problems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("expected");

    row("nothing", "", {u"empty_file 1:1"_s});
    row("only a comment", "# hello\n", {u"empty_file 1:1"_s});
    row("not UTF-8", kHead + "description: \xC3(\n" + kStep, {u"not_utf8 3:14"_s});
    row("NUL", kHead + QByteArray("description: a\0b\n", 17) + kStep, {u"not_utf8 3:15"_s});
    row("bracket left open", kHead + "inputs: {a: [\n" + kStep, {u"yaml_syntax 5:3"_s});
    row("tab", kHead + "steps:\n\t- id: a\n", {u"tab_indent 4:1"_s});
    row("indented at its beginning", "  muster: 1\n  name: a\nsteps: []\n", {u"yaml_syntax 3:1"_s});
    row("two documents", kHead + kStep + "---\nmuster: 1\n", {u"several_documents 7:1"_s});
    row("a list", "- a\n- b\n", {u"wrong_type 1:1"_s});
    row("key twice", kHead + "name: u\n" + kStep, {u"duplicate_key 3:1"_s});
    row("step key twice", kHead + kStep + "    prompt: B\n", {u"duplicate_key 6:5"_s});
    row("unknown key", kHead + "stepz: []\n" + kStep, {u"unknown_key 3:1"_s});
    row("key of a later version", kHead + kStep + "    with: b\n", {u"not_in_this_version 6:5"_s});
    row("nothing required", "description: x\n",
        {u"missing_key 1:1"_s, u"missing_key 1:1"_s, u"missing_key 1:1"_s});
    row("another version", "muster: 2\nname: t\n" + kStep, {u"unsupported_version 1:9"_s});
    row("a name with spaces", "muster: 1\nname: my flow\n" + kStep, {u"invalid_name 2:7"_s});
    row("a number for text", "muster: 1\nname: t\ndescription: 5\n" + kStep, {u"wrong_type 3:14"_s});
    row("no steps", kHead + "steps: []\n", {u"empty_value 3:8"_s});
    row("steps as a map", kHead + "steps: {a: {}}\n", {u"wrong_type 3:8"_s});
    row("on_failure", kHead + "on_failure: halt\n" + kStep, {u"invalid_choice 3:13"_s});

    row("no kind", kHead + "steps:\n  - id: a\n", {u"no_step_kind 4:5"_s});
    row("two kinds", kHead + kStep + "    run: ls\n", {u"several_step_kinds 6:5"_s});
    row("empty prompt", kHead + "steps:\n  - id: a\n    prompt: ' '\n", {u"empty_value 5:13"_s});
    row("no id", kHead + "steps:\n  - prompt: A\n", {u"missing_key 4:5"_s});
    row("id twice", kHead + kStep + "  - {id: a, run: ls}\n", {u"duplicate_step 6:5"_s});
    row("needs nobody", kHead + kStep + "    needs: [z]\n", {u"unknown_step 6:13"_s});
    row("needs itself", kHead + kStep + "    needs: [a]\n", {u"self_need 6:13"_s});
    row("needs twice", kHead + kStep + "  - {id: b, prompt: B, needs: [a, a]}\n", {u"duplicate_need 6:35"_s});
    row("cycle", kHead + "steps:\n  - {id: a, prompt: A, needs: [b]}\n  - {id: b, prompt: B, needs: [a]}\n",
        {u"cycle 5:5"_s});
    const auto pick = [](const QByteArray &cases) {
        return kHead + kStep + "  - {id: p, switch: [" + cases + "]}\n  - {id: q, needs: [p], prompt: Q}\n";
    };
    row("a switch without cases", pick(""), {u"switch_without_cases 6:21"_s});
    row("a switch that is a map", kHead + "steps:\n  - {id: p, switch: {a: b}}\n", {u"wrong_type 4:21"_s});
    row("label twice", pick("{case: x, when: '${{ 1 }}', then: [q]}, {case: x, when: '${{ 2 }}', then: [q]}"),
        {u"duplicate_case 6:69"_s});
    row("after the default", pick("{default: [q]}, {case: x, when: '${{ 1 }}', then: [q]}"),
        {u"case_never_taken 6:45"_s});
    row("after one that always holds", pick("{case: x, when: true, then: [q]}, {default: [q]}"),
        {u"case_never_taken 6:56"_s});
    row("a branch of a step that does not need it", pick("{default: [a]}"), {u"then_without_need 6:33"_s});
    row("a branch of nobody", pick("{default: [z]}"), {u"unknown_step 6:33"_s});
    row("a condition that names nobody", pick("{case: x, when: '${{ inputs.z }}', then: [q]}"),
        {u"unknown_input 6:43"_s});
    row("a delay in words", kHead + "steps:\n  - {id: a, delay: tomorrow}\n", {u"invalid_duration 4:20"_s});
    row("a moment without an offset", kHead + "steps:\n  - {id: a, delay: '2026-01-01T00:00:00'}\n",
        {u"invalid_duration 4:20"_s});
    row("a moment", kHead + "steps:\n  - {id: a, delay: '2026-01-01T00:00:00+02:00'}\n", {});
    row("a delay of an expression", kHead + "steps:\n  - {id: a, delay: '${{ run.id }}s'}\n", {});
    row("jump to nobody", kHead + kStep + "    on_error: goto z\n", {u"unknown_step 6:15"_s});
    row("jump to itself", kHead + kStep + "    on_error: goto a\n", {u"self_need 6:15"_s});
    row("jump to one with needs",
        kHead + kStep + "    on_error: goto b\n  - {id: b, needs: [a], prompt: B}\n",
        {u"jump_target_needs 6:15"_s});
    row("jump in a circle",
        kHead + "steps:\n  - {id: a, run: ls, on_error: goto b}\n  - {id: b, run: ls, on_error: goto a}\n",
        {u"cycle 5:5"_s});
    row("a misspelt on_error", kHead + kStep + "    on_error: contineu\n", {u"invalid_choice 6:15"_s});
    const QByteArray loop = kHead + kStep + "  - {id: l, loop: {max: 2, steps: [{id: t, run: make}]}}\n";
    row("a loop without an end", kHead + "steps:\n  - {id: l, loop: {steps: [{id: t, run: make}]}}\n",
        {u"loop_without_end 4:19"_s});
    row("a loop in a loop",
        kHead + "steps:\n  - {id: l, loop: {max: 2, steps: [{id: m, loop: {max: 2, steps: [{id: t, run: "
                "make}]}}]}}\n",
        {u"not_in_this_version 4:36"_s});
    row("needs a step of a loop", loop + "  - {id: b, needs: [t], run: ls}\n", {u"step_elsewhere 7:21"_s});
    row("a loop's step needs one outside",
        kHead + kStep + "  - {id: l, loop: {max: 2, steps: [{id: t, run: make, needs: [a]}]}}\n",
        {u"step_elsewhere 6:63"_s});
    row("reads a step of a loop", loop + "  - {id: b, needs: [l], run: 'x ${{ steps.t.output }}'}\n",
        {u"step_not_needed 7:37"_s});
    row("reads what a loop made",
        loop + "  - {id: b, needs: [l], run: 'x ${{ steps.l.json.steps.t.output }}'}\n", {});
    row("a loop's step reads before it and the last round",
        kHead + kStep +
            "  - {id: l, needs: [a], loop: {max: 2, until: '${{ steps.t.exit_code }}', steps: "
            "[{id: t, run: 'make ${{ steps.a.output }} ${{ loop.last.t.output }}'}]}}\n",
        {});
    row("loop outside of one", kHead + "steps:\n  - {id: a, run: 'x ${{ loop.index }}'}\n",
        {u"unknown_name 4:25"_s});
    row("unknown field of loop",
        kHead + "steps:\n  - {id: l, loop: {max: 2, steps: [{id: t, run: 'x ${{ loop.round }}'}]}}\n",
        {u"unknown_field 4:56"_s});
    row("finally needs a step", kHead + kStep + "finally:\n  - {id: f, needs: [a], run: ls}\n",
        {u"step_elsewhere 7:21"_s});
    row("a step needs finally", kHead + kStep + "    needs: [f]\nfinally:\n  - {id: f, run: ls}\n",
        {u"step_elsewhere 6:13"_s});
    row("finally reads any step", kHead + kStep + "finally:\n  - {id: f, run: 'x ${{ steps.a.status }}'}\n",
        {});
    row("group of nobody", kHead + kStep + "groups: {g: {steps: [z]}}\n", {u"unknown_step 6:22"_s});
    row("group with the name of a step", kHead + kStep + "groups: {a: {steps: [a]}}\n",
        {u"duplicate_step 6:10"_s});
    row("in two groups", kHead + kStep + "groups: {g: {steps: [a]}, h: {steps: [a]}}\n",
        {u"group_member_twice 6:39"_s});
    row("a batch in a group with a limit",
        kHead + "batches: {b: {max_concurrent: 1}}\n" + kStep +
            "    batch: b\ngroups: {g: {steps: [a], limit: 2}}\n",
        {u"group_member_batch 7:12"_s});
    row("needs a group", kHead + kStep + "  - {id: b, needs: [g], prompt: B}\ngroups: {g: {steps: [a]}}\n",
        {});
    row("a script",
        withStep("    script: |\n      let sum = 0, n = 1\n      for (const x of steps.a.json.list) { sum += "
                 "x; }\n"
                 "      try { return sum / n } catch (e) { return null }\n"),
        {});
    row("a script left open", withStep("    script: |\n      const a = [1\n      return a\n"),
        {u"expression_syntax 10:1"_s});
    row("a script that reads nobody",
        withStep("    script: |\n      const a = 1\n      return steps.z.json\n"),
        {u"unknown_step_reference 9:14"_s});
    row("a script that reads the clock", withStep("    script: 'Date.now()'\n"), {u"impure_name 7:14"_s});
    row("agent key on a shell step", kHead + "steps:\n  - id: a\n    run: ls\n    model: m\n",
        {u"key_not_for_kind 6:5"_s});
    row("work key on an approval", kHead + "steps:\n  - id: a\n    approval: yes?\n    timeout: 5m\n",
        {u"key_not_for_kind 6:5"_s});
    row("unknown profile", kHead + kStep + "    agent: raeder\n", {u"unknown_profile 6:12"_s});
    row("unknown runtime", kHead + kStep + "    runtime: dmeo\n", {u"unknown_runtime 6:14"_s});
    row("unknown default runtime", kHead + "defaults: {runtime: x}\n" + kStep, {u"unknown_runtime 3:21"_s});
    row("join without a known word", kHead + kStep + "    foreach: [1]\n    join: {counts: some}\n",
        {u"invalid_choice 7:20"_s});
    row("join with another key", kHead + kStep + "    foreach: [1]\n    join: {when: all_done}\n",
        {u"unknown_key 7:12"_s});
    row("time of a join", kHead + kStep + "    foreach: [1]\n    join: {timeout: 10}\n",
        {u"invalid_duration 7:21"_s});
    row("join of a batch", kHead + "batches: {x: {max_concurrent: 1, join: all_done}}\n" + kStep,
        {u"unknown_key 3:34"_s});
    row("parallel_runs", kHead + "parallel_runs: 3\n" + kStep, {u"wrong_type 3:16"_s});
    row("unknown batch", kHead + kStep + "    batch: many\n", {u"unknown_batch 6:12"_s});
    row("batch without a cap", kHead + "batches: {x: {}}\n" + kStep, {u"missing_key 3:14"_s});
    row("cap of none", kHead + "batches: {x: {max_concurrent: 0}}\n" + kStep, {u"out_of_range 3:31"_s});
    row("duration without a unit", kHead + kStep + "    timeout: 30\n", {u"invalid_duration 6:14"_s});
    row("duration in words", kHead + kStep + "    timeout: ten minutes\n", {u"invalid_duration 6:14"_s});
    row("no time at all", kHead + kStep + "    timeout: 0s\n", {u"invalid_duration 6:14"_s});
    row("too many retries", kHead + kStep + "    retries: 1000\n", {u"out_of_range 6:14"_s});
    row("half a retry", kHead + kStep + "    retries: 1.5\n", {u"wrong_type 6:14"_s});
    row("unknown reason", kHead + kStep + "    retries: {max: 1, on: [flood]}\n", {u"invalid_choice 6:28"_s});
    row("yes for true", kHead + kStep + "    optional: yes\n", {u"wrong_type 6:15"_s});
    row("unknown isolation", kHead + kStep + "    isolation: own\n", {u"invalid_choice 6:16"_s});
    row("as without foreach", kHead + kStep + "    as: x\n", {u"foreach_key_without_foreach 6:9"_s});
    row("foreach in one worktree", kHead + kStep + "    foreach: [x]\n    isolation: run\n",
        {u"foreach_shares_worktree 7:16"_s});
    row("a taken name", kHead + kStep + "    foreach: [x]\n    as: steps\n", {u"invalid_name 7:9"_s});
    row("from no need", withStep("    run: ls\n    from: b\n"), {u"from_not_a_need 8:11"_s});
    row("from a shared worktree", withStep("    run: ls\n    from: a\n"),
        {u"from_without_own_worktree 8:11"_s});
    row("permissions", kHead + "permissions: {wirte: [x]}\n" + kStep, {u"unknown_key 3:15"_s});

    row("input of no type", kHead + "inputs: {a: {}}\n" + kStep, {u"missing_key 3:13"_s});
    row("choice of nothing", kHead + "inputs: {a: {type: choice}}\n" + kStep,
        {u"choice_without_choices 3:13"_s});
    row("default of another type", kHead + "inputs: {a: {type: number, default: x}}\n" + kStep,
        {u"default_not_of_type 3:37"_s});
    row("input name", kHead + "inputs: {a-b: {type: string}}\n" + kStep, {u"invalid_name 3:10"_s});

    row("expression never closed", withStep("    prompt: Do ${{ inputs.x\n"),
        {u"unclosed_expression 7:16"_s});
    row("empty expression", withStep("    prompt: Do ${{ }} now\n"), {u"empty_expression 7:16"_s});
    row("operator without operand", withStep("    prompt: Do ${{ steps.a.json.n + }} now\n"),
        {u"expression_syntax 7:35"_s});
    row("two values side by side", withStep("    prompt: Do ${{ 1 2 }} now\n"),
        {u"expression_syntax 7:22"_s});
    row("bracket left open in it", withStep("    prompt: Do ${{ (1 }} now\n"), {u"expression_syntax 7:23"_s});
    row("foreach of text", withStep("    prompt: B\n    foreach: modules\n"),
        {u"foreach_not_expression 8:14"_s});
    row("when of text", withStep("    prompt: B\n    when: always\n"), {u"when_not_expression 8:11"_s});
    row("unknown name", withStep("    prompt: ${{ stesp.a.output }}\n"), {u"unknown_name 7:17"_s});
    row("unknown input", withStep("    prompt: ${{ inputs.x }}\n"), {u"unknown_input 7:17"_s});
    row("unknown step", withStep("    prompt: ${{ steps.z.output }}\n"), {u"unknown_step_reference 7:17"_s});
    row("a step that is not needed",
        withStep("    prompt: B\n  - {id: c, prompt: '${{ steps.a.output }}'}\n"),
        {u"step_not_needed 8:26"_s});
    row("needed through another",
        withStep("    prompt: B\n  - {id: c, needs: [b], prompt: '${{ steps.a.output }}'}\n"), {});
    row("unknown field", withStep("    prompt: ${{ steps.a.jsn }}\n"), {u"unknown_field 7:17"_s});
    row("no exit code", withStep("    prompt: ${{ steps.a.exit_code }}\n"), {u"field_not_produced 7:17"_s});
    row("computed step", withStep("    prompt: ${{ steps[run.id].output }}\n"),
        {u"dynamic_reference 7:17"_s});
    row("all steps", withStep("    prompt: ${{ Object.keys(steps) }}\n"), {u"dynamic_reference 7:29"_s});
    row("the clock", withStep("    prompt: ${{ Date.now() }}\n"), {u"impure_name 7:17"_s});
    row("chance", withStep("    prompt: ${{ Math.random() }}\n"), {u"impure_name 7:17"_s});
    row("environment", withStep("    prompt: ${{ env.HOME }}\n"), {u"unknown_variable 7:17"_s});
    row("unknown field of run", withStep("    prompt: ${{ run.nubmer }}\n"), {u"unknown_field 7:17"_s});
    row("item outside its text", withStep("    foreach: ${{ [item] }}\n    prompt: B\n"),
        {u"unknown_name 7:19"_s});
    row("names of its own",
        withStep(
            "    prompt: ${{ steps.a.json.list.map((m, i) => m.name + i).filter(x => x).join(', ') }}\n"),
        {});
    row("text with braces", withStep("    prompt: 'Say {x: {y: 1}} and $100 }}'\n"), {});
    row("objects in it", withStep("    prompt: '${{ JSON.stringify({a: {b: steps.a.output}}) }}'\n"), {});
    row("step by string", withStep("    prompt: ${{ steps['a'].output + `n ${ steps.a.status }` }}\n"), {});
}

void TestFlowParser::problems()
{
    QFETCH(QByteArray, text);
    QFETCH(QStringList, expected);
    QCOMPARE(linesOf(problemsOf(text)), expected);
}

void TestFlowParser::allProblemsAtOnce()
{
    const FlowProblems problems = problemsOf("muster: 3\n"
                                             "nmae: survey\n"
                                             "steps:\n"
                                             "  - id: a\n"
                                             "    prompt: ${{ inputs.focsu }}\n"
                                             "    timeout: soon\n"
                                             "  - id: b\n"
                                             "    needs: [aa]\n"
                                             "    runs: ls\n");
    QCOMPARE(linesOf(problems),
             QStringList({u"missing_key 1:1"_s, u"unsupported_version 1:9"_s, u"unknown_key 2:1"_s,
                          u"unknown_input 5:17"_s, u"invalid_duration 6:14"_s, u"unknown_step 8:13"_s,
                          u"unknown_key 9:5"_s}));
    QCOMPARE(problems[2].path, u"nmae"_s);
    QCOMPARE(problems[4].path, u"steps[0].timeout"_s);
}

void TestFlowParser::suggestions_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("suggestion");
    QTest::newRow("key") << kHead + "permisions: {}\n" + kStep << u"permissions"_s;
    QTest::newRow("key with another dash") << kHead + "on-failure: stop\n" + kStep << u"on_failure"_s;
    QTest::newRow("step")
        << kHead + "steps:\n  - {id: inventory, prompt: A}\n  - {id: b, needs: [inventroy], prompt: B}\n"
        << u"inventory"_s;
    QTest::newRow("word") << kHead + kStep + "    isolation: nune\n" << u"none"_s;
    QTest::newRow("duration") << kHead + kStep + "    timeout: 30\n" << u"30s"_s;
    QTest::newRow("boolean") << kHead + kStep + "    optional: yes\n" << u"true"_s;
    QTest::newRow("profile") << kHead + kStep + "    agent: raeder\n" << u"reader"_s;
    QTest::newRow("field") << withStep("    prompt: ${{ steps.a.jsn }}\n") << u"json"_s;
    QTest::newRow("name") << "muster: 1\nname: my flow\n" + kStep << u"my_flow"_s;
    QTest::newRow("nothing near") << kHead + "zzzzzzzz: 1\n" + kStep << QString();
}

void TestFlowParser::suggestions()
{
    QFETCH(QByteArray, text);
    const FlowProblems problems = problemsOf(text);
    QCOMPARE(problems.size(), 1U);
    QTEST(problems.front().suggestion, "suggestion");
}

void TestFlowParser::problemsAreBounded()
{
    QByteArray text = kHead + kStep + "x: 1\ny: 2\n";
    for (int i = 0; i < 2000; ++i)
        text += "zz" + QByteArray::number(i) + ": 1\n";
    QCOMPARE(problemsOf(text).size(), 500U);
}

void TestFlowParser::limits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("code");
    QTest::newRow("bytes") << kHead + "description: " + QByteArray(1100 * 1024, 'x') + "\n" + kStep
                           << u"file_too_large"_s;
    QTest::newRow("levels") << kHead + "inputs: " + QByteArray(60, '[') + QByteArray(60, ']') + "\n"
                            << u"too_deep"_s;
    QTest::newRow("levels beyond the library's") << QByteArray(100'000, '[') << u"too_deep"_s;
    QByteArray bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1);
        bomb += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + before;
        for (int j = 0; j < 9; ++j)
            bomb += ", " + before;
        bomb += "]\n";
    }
    QTest::newRow("a bomb of aliases") << bomb << u"too_many_nodes"_s;
    QTest::newRow("nodes") << kHead + "x: [" + QByteArray("1,").repeated(120'000) + "1]\n"
                           << u"too_many_nodes"_s;
    QTest::newRow("characters of a prompt")
        << kHead + "steps:\n  - id: a\n    prompt: " + QByteArray(70 * 1024, 'x') + "\n"
        << u"too_long"_s;
    QTest::newRow("characters of an expression")
        << kHead + "steps:\n  - id: a\n    prompt: ${{ '" + QByteArray(17 * 1024, 'x') + "' }}\n"
        << u"too_long"_s;
}

void TestFlowParser::limits()
{
    QFETCH(QByteArray, text);
    const FlowProblems problems = problemsOf(text);
    QVERIFY(!problems.empty());
    QTEST(enumName(problems.front().code), "code");
}

void TestFlowParser::placesWithinExpressions_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QString>("expected");
    QTest::newRow("block") << "    prompt: |\n      First line.\n      Then ${{ inputs.zz }}.\n"_ba
                           << u"unknown_input 9:16"_s;
    QTest::newRow("folded") << "    prompt: >\n      First\n      and ${{ inputs.zz }}\n"_ba
                            << u"unknown_input 9:15"_s;
    QTest::newRow("second in one line")
        << "    prompt: '${{ 1 }} and ${{ inputs.zz }}'\n"_ba << u"unknown_input 7:31"_s;
    QTest::newRow("after wide letters")
        << "    prompt: äöü € ${{ inputs.zz }}\n"_ba << u"unknown_input 7:23"_s;
    QTest::newRow("within quotes with escapes")
        << "    prompt: \"a\\tb ${{ inputs.zz }}\"\n"_ba << u"unknown_input 7:23"_s;
    QTest::newRow("fault in the second")
        << "    prompt: '${{ 1 }} ${{ 1 + }}'\n"_ba << u"expression_syntax 7:29"_s;
    QTest::newRow("over lines") << "    prompt: |\n      ${{ 1 +\n      inputs.zz }}\n"_ba
                                << u"unknown_input 9:7"_s;
}

void TestFlowParser::placesWithinExpressions()
{
    QFETCH(QByteArray, lines);
    QFETCH(QString, expected);
    QCOMPARE(linesOf(problemsOf(withStep(lines))), QStringList(expected));
}

void TestFlowParser::questionMarksInFlowStyle()
{
    // The place of what follows one is not moved either: the unknown key stands in column 38.
    const QByteArray text = kHead + "steps:\n  - id: ok\n    approval: { ask: Write SURVEY.md?, shw: x }\n"
                                    "  - {id: b, run: \"ls a?b\", needs: [ok]}\n";
    const FlowProblems problems = problemsOf(text);
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems.front().line, 5);
    QCOMPARE(problems.front().column, 40);
    const auto parsed = parseFlow(QByteArray(text).replace("shw", "show"), u"t.flow.yaml"_s, {});
    QVERIFY(parsed.problems.empty());
}

void TestFlowParser::defaultsAndKinds()
{
    const auto flow = flowOf(
        u"muster: 1\nname: t\n"
        "inputs: {n: {type: number, default: 3}, s: {type: string}}\n"
        "defaults: {runtime: demo, timeout: 2h30m, retries: 2, budget_usd: 1.5}\n"
        "steps:\n"
        "  - {id: a, prompt: A}\n"
        "  - {id: b, needs: a, run: make, retries: {max: 1, on: stalled, backoff: 5s}}\n"
        "  - {id: c, needs: [a, b], approval: {ask: ok, show: '${{ steps.b.exit_code }}', timeout: 2d}}\n"_s);
    QCOMPARE(flow->steps.size(), 3U);
    const StepDefinition &a = flow->step(0);
    QCOMPARE(a.timeoutMs, 9'000'000);
    QCOMPARE(a.retries.max, 2);
    QCOMPARE(a.retries.on.size(), 5U);
    QCOMPARE(a.runtime, u"demo"_s);
    QCOMPARE(a.budgetMicroUsd, 1'500'000);
    QCOMPARE(a.neededBy, (std::vector<int>{1, 2}));
    const StepDefinition &b = flow->step(1);
    QCOMPARE(b.kind, StepKind::Shell);
    QCOMPARE(b.retries.max, 1);
    QCOMPARE(b.retries.on, std::vector{FailureReason::Stalled});
    QCOMPARE(b.retries.backoffMs, 5000);
    const StepDefinition &c = flow->step(2);
    QCOMPARE(c.kind, StepKind::Approval);
    QCOMPARE(c.timeoutMs, 172'800'000);
    QCOMPARE(c.references, QStringList(u"b"_s));
    QVERIFY(c.show->isOneExpression());
    QVERIFY(flow->inputs[1].defaultValue.isUndefined());
    QCOMPARE(flow->inputs[0].defaultValue, QJsonValue(3));
    QCOMPARE(flow->contentHash.size(), 64);
}

// An agent looks at the main tree unless it may write; a shell step and writers share the run's worktree.
void TestFlowParser::worktrees()
{
    const auto flow = flowOf(u"muster: 1\nname: t\nsteps:\n"
                             "  - {id: look, prompt: A}\n"
                             "  - {id: write, prompt: A, permissions: {write: [x]}}\n"
                             "  - {id: build, run: make}\n"
                             "  - {id: own, prompt: A, isolation: step}\n"
                             "  - {id: test, needs: [own], run: make, from: own}\n"
                             "  - {id: each, run: make, foreach: [1, 2]}\n"_s);
    QCOMPARE(flow->step(0).isolation, StepIsolation::None);
    QCOMPARE(flow->step(0).lane, -1);
    QCOMPARE(flow->step(1).isolation, StepIsolation::Run);
    QCOMPARE(flow->step(1).lane, flow->step(2).lane);
    QCOMPARE(flow->step(3).lane, -1);
    QVERIFY(flow->step(4).lane >= 0 && flow->step(4).lane != flow->step(2).lane);
    QCOMPARE(flow->step(5).isolation, StepIsolation::Step);
    QVERIFY(flow->usesWorktrees());
}

void TestFlowParser::builtInFlowsAreGood_data()
{
    QTest::addColumn<QString>("path");
    const QDir dir(QStringLiteral(MUSTER_SOURCE_DIR "/resources/flows"));
    const QFileInfoList files = dir.entryInfoList({u"*.flow.yaml"_s});
    QVERIFY(files.size() >= 2);
    for (const QFileInfo &file : files)
        QTest::newRow(qPrintable(file.fileName())) << file.filePath();
}

void TestFlowParser::builtInFlowsAreGood()
{
    QFETCH(QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QStringList profiles =
        QDir(QStringLiteral(MUSTER_SOURCE_DIR "/resources/agents")).entryList({u"*.agent.md"_s});
    QStringList names;
    for (const QString &profile : profiles)
        names.append(profile.section(u'.', 0, 0));
    const auto result =
        parseFlow(file.readAll(), path, {.profiles = names, .runtimes = QStringList{u"demo"_s}});
    QCOMPARE(linesOf(result.problems), QStringList());
    QVERIFY(result.ok());
    QCOMPARE(result.definition->name, QFileInfo(path).fileName().section(u'.', 0, 0));
}

QTEST_GUILESS_MAIN(TestFlowParser)
#include "tst_flow_parser.moc"
