// Steps that start another flow or merge: what is checked when the file is read, and what their texts become.
#include "core/flow/evaluation.h"
#include "core/flow/inputs.h"
#include "tests/core/flow/rules_driver.h"

#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowParts : public QObject {
    Q_OBJECT
private slots:
    void problems_data();
    void problems();
    void namesAreNotLookedUpInWhatWasStored();
    void defaultsThatDoNotApply();
    void inputsAreEvaluated();
    void inputsWithoutExpressions();
    void itemsHaveTheirOwn();
    void valuesBecomeInputs_data();
    void valuesBecomeInputs();
    void mergeTakesWhatWasCompleted();
    void mergeInTheRunsLane();

private:
    static FlowLookups lookups();
};

namespace {

QByteArray flow(const QByteArray &steps) { return "muster: 1\nname: t\nsteps:\n" + steps; }

FlowDefinitionPtr withInputs(const QByteArray &inputs)
{
    return parseFlow("muster: 1\nname: other\n" + inputs + "steps: [{id: a, prompt: A}]\n", u"other"_s)
        .definition;
}

QJsonObject specText(const RulesDriver &rules, const QString &step, int item = kNoItem)
{
    const UnitRef unit{rules.definition().indexOf(step), item};
    return QJsonDocument::fromJson(attemptSpec(rules.definition(), rules.state(), unit).text.toUtf8())
        .object();
}

} // namespace

FlowLookups TestFlowParts::lookups()
{
    return {.profiles = {},
            .runtimes = {},
            .flows = QStringList{u"plain"_s, u"asks"_s, u"broken"_s, u"round"_s, u"deep"_s, u"edge"_s},
            .flow = [](const QString &name) -> OtherFlow {
        if (name == "asks"_L1)
            return {.definition = withInputs("inputs: {n: {type: number}, c: {type: choice, choices: [x, y], "
                                             "default: x}, t: {type: string, default: a}}\n")};
        if (name == "broken"_L1)
            return {.definition = nullptr, .problem = u"/flows/broken.flow.yaml:3:1"_s};
        if (name == "round"_L1)
            return {.definition = nullptr, .problem = {}, .circle = {u"t"_s, u"round"_s, u"t"_s}};
        return {.definition = withInputs({}),
                .problem = {},
                .circle = {},
                .depth = name == "deep"_L1   ? 5
                         : name == "edge"_L1 ? 4
                                             : 1};
    }};
}

void TestFlowParts::problems_data()
{
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QByteArray &steps, const QStringList &expected) {
        QTest::newRow(name) << flow(steps) << expected;
    };
    row("a name", "  - {id: a, flow: plain}\n", {});
    row("a name with inputs", "  - {id: a, flow: {name: asks, inputs: {n: 3, c: y, t: 'x ${{ run.id }}'}}}\n",
        {});
    row("a number for text is one", "  - {id: a, flow: {name: asks, inputs: {n: 3, t: 5}}}\n", {});
    row("with what else it may have",
        "  - {id: a, flow: plain, foreach: [1], as: x, join: all_done, timeout: 1m, retries: 1}\n", {});
    row("an unknown one", "  - {id: a, flow: plane}\n", {u"unknown_flow 4:19 plane"_s});
    row("one with problems", "  - {id: a, flow: broken}\n", {u"flow_has_problems 4:19 broken"_s});
    row("one that leads back", "  - {id: a, flow: round}\n", {u"flow_circle 4:19 t -> round -> t"_s});
    row("one that goes too deep", "  - {id: a, flow: {name: deep}}\n", {u"flow_too_deep 4:26 deep"_s});
    row("one that goes as deep as it may", "  - {id: a, flow: edge}\n", {});
    row("an input that there is not", "  - {id: a, flow: {name: asks, inputs: {n: 1, m: 2}}}\n",
        {u"unknown_flow_input 4:50 m"_s});
    row("an input that is missing", "  - {id: a, flow: asks}\n", {u"missing_flow_input 4:19 n"_s});
    row("an input of another type", "  - {id: a, flow: {name: asks, inputs: {n: many}}}\n",
        {u"flow_input_not_of_type 4:44 many"_s});
    row("no choice", "  - {id: a, flow: {name: asks, inputs: {n: 1, c: z}}}\n",
        {u"flow_input_not_of_type 4:50 z"_s});
    row("an input that is a list", "  - {id: a, flow: {name: asks, inputs: {n: [1]}}}\n",
        {u"wrong_type 4:44 list"_s});
    row("an input that names nobody", "  - {id: a, flow: {name: asks, inputs: {n: '${{ steps.z.json }}'}}}\n",
        {u"unknown_step_reference 4:49 z"_s});
    row("an input of a step that is not needed",
        "  - {id: b, prompt: B}\n  - {id: a, flow: {name: asks, inputs: {n: '${{ steps.b.output }}'}}}\n",
        {u"step_not_needed 5:49 b"_s});
    row("a list for a name", "  - {id: a, flow: [plain]}\n", {u"wrong_type 4:19 list"_s});
    row("no name", "  - {id: a, flow: {inputs: {}}}\n", {u"missing_key 4:19 name"_s});
    row("another key", "  - {id: a, flow: {name: plain, with: {}}}\n", {u"unknown_key 4:33 with"_s});
    row("a worktree of its own", "  - {id: a, flow: plain, isolation: step}\n",
        {u"key_not_for_kind 4:26 isolation"_s});
    row("an output", "  - {id: a, flow: plain, output: json}\n", {u"key_not_for_kind 4:26 output"_s});
    row("a profile", "  - {id: a, flow: plain, agent: x}\n", {u"key_not_for_kind 4:26 agent"_s});
    row("json of all items",
        "  - {id: a, flow: plain, foreach: [1]}\n  - {id: b, needs: [a], prompt: '${{ "
        "steps.a.json }}'}\n",
        {u"field_not_produced 5:38 steps.a.json"_s});
    row("its json",
        "  - {id: a, flow: plain}\n  - {id: b, needs: [a], prompt: '${{ steps.a.json.steps.x }}'}\n", {});
    const QByteArray two = "  - {id: s, isolation: step, run: ls}\n  - {id: t, foreach: [1], run: ls}\n";
    row("a merge", two + "  - {id: m, needs: [s, t], merge: {from: [s, t]}}\n", {});
    row("a merge with all it may have",
        two +
            "  - {id: m, needs: [s], timeout: 1h, retries: 1, permissions: {merge: [main]}, merge: {from: s, "
            "into: "
            "main, how: merge, message: '${{ steps.s.output }}', gates: [make, {run: ctest, timeout: 5m}]}}\n"
            "  - {id: n, needs: [m], prompt: '${{ steps.m.json.commit }}'}\n",
        {});
    row("a merge of nobody", two + "  - {id: m, needs: [s], merge: {from: z}}\n", {u"unknown_step 6:39 z"_s});
    row("a merge of what it does not need", two + "  - {id: m, needs: [s], merge: {from: [s, t]}}\n",
        {u"from_not_a_need 6:43 t"_s});
    row("a merge of one twice", two + "  - {id: m, needs: [s], merge: {from: [s, s]}}\n",
        {u"duplicate_need 6:43 s"_s});
    row("a merge of the run's worktree", "  - {id: s, run: ls}\n  - {id: m, needs: [s], merge: {from: s}}\n",
        {u"from_without_own_worktree 5:39 s"_s});
    row("a merge of what works in another's",
        two + "  - {id: u, needs: [s], from: s, isolation: step, run: ls}\n  - {id: m, needs: [u], merge: "
              "{from: u}}\n",
        {u"from_without_own_worktree 7:39 u"_s});
    row("a merge of a question", "  - {id: s, approval: go on}\n  - {id: m, needs: [s], merge: {from: s}}\n",
        {u"from_without_own_worktree 5:39 s"_s});
    row("a merge for each", two + "  - {id: m, needs: [s], foreach: [1], merge: {from: s}}\n",
        {u"key_not_for_kind 6:25 foreach"_s});
    row("a merge within a loop of what is outside",
        two + "  - {id: l, needs: [s], loop: {max: 1, steps: [{id: m, merge: {from: s}}]}}\n",
        {u"from_not_a_need 6:70 s"_s});
    row("a merge into a run's branch", two + "  - {id: m, needs: [s], merge: {from: s, into: muster/x-1}}\n",
        {u"merge_into_muster 6:48 muster/x-1"_s});
    row("a merge into a number", two + "  - {id: m, needs: [s], merge: {from: s, into: 5}}\n",
        {u"wrong_type 6:48 number"_s});
    row("a gate of an unknown kind",
        two + "  - {id: m, needs: [s], merge: {from: s, gates: {run: ls, kind: tests}}}\n",
        {u"invalid_choice 6:65 tests"_s});
    row("an empty gate", two + "  - {id: m, needs: [s], merge: {from: s, gates: ['']}}\n",
        {u"empty_value 6:50 gates"_s});
    row("a gate without time",
        two + "  - {id: m, needs: [s], merge: {from: s, gates: {run: ls, timeout: 0s}}}\n",
        {u"invalid_duration 6:68 0s"_s});
    row("some other way", two + "  - {id: m, needs: [s], merge: {from: s, how: rebase}}\n",
        {u"invalid_choice 6:47 rebase"_s});
    row("its exit code",
        "  - {id: a, flow: plain}\n  - {id: b, needs: [a], prompt: '${{ steps.a.exit_code }}'}\n",
        {u"field_not_produced 5:38 steps.a.exit_code"_s});
}

void TestFlowParts::problems()
{
    QFETCH(QByteArray, steps);
    QFETCH(QStringList, expected);
    QStringList found;
    for (const FlowProblem &problem : parseFlow(steps, u"t"_s, lookups()).problems)
        found += problemLine(problem) % u' ' % problem.found;
    QCOMPARE(found, expected);
}

// A run goes on without the person's files, in which a name may stand for something else by then.
void TestFlowParts::namesAreNotLookedUpInWhatWasStored()
{
    QVERIFY(parseFlow(flow("  - {id: a, flow: {name: gone, inputs: {x: 1}}}\n"), u"t"_s).ok());
}

void TestFlowParts::defaultsThatDoNotApply()
{
    const auto parsed = parseFlow("muster: 1\nname: t\ndefaults: {timeout: 1m, retries: 2}\nsteps:\n"
                                  "  - {id: a, flow: x}\n  - {id: b, flow: x, timeout: 5m, retries: 1}\n",
                                  u"t"_s);
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.definition->step(0).timeoutMs, 0);
    QCOMPARE(parsed.definition->step(0).retries.max, 0);
    QCOMPARE(parsed.definition->step(1).timeoutMs, 300'000);
    QCOMPARE(parsed.definition->step(1).retries.max, 1);
    QCOMPARE(parsed.definition->flows(), QStringList{u"x"_s});
    QVERIFY(!parsed.definition->usesWorktrees());
}

void TestFlowParts::inputsAreEvaluated()
{
    RulesDriver rules(
        flowOf(QString::fromUtf8(flow("  - {id: a, prompt: A, output: json}\n"
                                      "  - {id: f, needs: [a], flow: {name: other, inputs: {whole: '${{ "
                                      "steps.a.json }}', part: 'for ${{ run.id "
                                      "}}, ${{ steps.a.output }}', fixed: 3, yes: true}}}\n"))));
    rules.apply(u"run"_s);
    QCOMPARE(rules.apply(u"ok a#1 {\"x\": [1]}"_s), (QStringList{u"settled a completed"_s, u"evaluate f"_s}));
    const Evaluate *asked = rules.asked(u"f"_s);
    QVERIFY(asked);
    QCOMPARE(asked->expressions.size(), 3);
    QCOMPARE(rules.apply(u"values f [{\"x\": [1]}, 1, \"text\"]"_s), QStringList{u"queued f#1"_s});
    const QJsonObject expected{{u"whole"_s, QJsonObject{{u"x"_s, QJsonArray{1}}}},
                               {u"part"_s, u"for 1, text"_s},
                               {u"fixed"_s, 3},
                               {u"yes"_s, true}};
    QCOMPARE(specText(rules, u"f"_s), expected);
    // What was evaluated is in the journal.
    const auto folded = foldJournal(rules.definition(), rules.journal());
    QVERIFY(folded);
    QCOMPARE(attemptSpec(rules.definition(), *folded, {1, kNoItem}).flow, u"other"_s);
    QCOMPARE(attemptSpec(rules.definition(), *folded, {1, kNoItem}).text,
             attemptSpec(rules.definition(), rules.state(), {1, kNoItem}).text);
}

void TestFlowParts::inputsWithoutExpressions()
{
    RulesDriver rules(flowOf(QString::fromUtf8(
        flow("  - {id: f, flow: {name: other, inputs: {a: x, b: 2}}}\n  - {id: g, flow: other}\n"))));
    QCOMPARE(rules.apply(u"run"_s), (QStringList{u"queued f#1"_s, u"queued g#1"_s}));
    QCOMPARE(specText(rules, u"f"_s), (QJsonObject{{u"a"_s, u"x"_s}, {u"b"_s, 2}}));
    QCOMPARE(specText(rules, u"g"_s), QJsonObject());
    // A run that waits for others only is not at work itself.
    rules.apply(u"start f#1"_s);
    QCOMPARE(rules.state().runningUnits, 2);
    QCOMPARE(ownRunningUnits(rules.definition(), rules.state()), 0);
    QCOMPARE(rules.apply(u"fail f#1 gate_failed"_s).first(), u"settled f failed gate_failed"_s);
}

void TestFlowParts::itemsHaveTheirOwn()
{
    RulesDriver rules(flowOf(QString::fromUtf8(
        flow("  - {id: f, foreach: [1, 2], as: n, flow: {name: other, inputs: {a: '${{ n }}'}}}\n"
             "  - {id: b, needs: [f], prompt: '${{ steps.f.items[0].json.status }}'}\n"))));
    rules.apply(u"run"_s);
    rules.apply(u"values f [[1, 2]]"_s);
    QCOMPARE(rules.apply(u"values f[1] [2]"_s), QStringList{u"queued f[1]#1"_s});
    QCOMPARE(specText(rules, u"f"_s, 1), (QJsonObject{{u"a"_s, 2}}));
    rules.apply(u"values f[0] [1]"_s);
    rules.apply(u"ok f[1]#1 two"_s);
    AttemptResult result{.output = u"one"_s, .json = QJsonObject{{u"status"_s, u"completed"_s}}};
    rules.submit(AttemptFinished{.key = {.run = RunId{1}, .step = u"f"_s, .item = 0}, .result = result});
    const QJsonObject seen = stepScope(rules.definition(), rules.state(), 0);
    QCOMPARE(seen.value(u"outputs"_s).toArray(), (QJsonArray{u"one"_s, u"two"_s}));
    QCOMPARE(seen.value(u"items"_s)[0][u"json"_s].toObject(), result.json.toObject());
}

void TestFlowParts::valuesBecomeInputs_data()
{
    QTest::addColumn<QJsonObject>("values");
    QTest::addColumn<QJsonObject>("inputs");
    QTest::addRow("as declared") << QJsonObject{{u"n"_s, 3}, {u"t"_s, u"x"_s}}
                                 << QJsonObject{{u"n"_s, 3}, {u"t"_s, u"x"_s}};
    QTest::addRow("text of anything")
        << QJsonObject{{u"t"_s, QJsonObject{{u"a"_s, 1}}}} << QJsonObject{{u"t"_s, u"{\"a\":1}"_s}};
    QTest::addRow("nothing is not given") << QJsonObject{{u"t"_s, QJsonValue::Null}} << QJsonObject();
    QTest::addRow("what is not declared stays, to be told")
        << QJsonObject{{u"z"_s, 1}} << QJsonObject{{u"z"_s, 1}};
}

void TestFlowParts::valuesBecomeInputs()
{
    QFETCH(QJsonObject, values);
    QFETCH(QJsonObject, inputs);
    const auto other = withInputs("inputs: {n: {type: number}, t: {type: string, default: a}}\n");
    QCOMPARE(inputsFromValues(*other, values), inputs);
}

void TestFlowParts::mergeTakesWhatWasCompleted()
{
    RulesDriver rules(flowOf(QString::fromUtf8(flow("  - {id: s, isolation: step, run: ls}\n"
                                                    "  - {id: t, foreach: [1, 2], join: all_done, run: ls}\n"
                                                    "  - {id: u, needs: [s], from: s, run: ls}\n"
                                                    "  - {id: m, needs: [s, t, u], merge: {from: [t, s], "
                                                    "into: main, gates: [make, {run: 'go ${{ steps.s.output "
                                                    "}}', timeout: 90s, kind: test}]}}\n"))));
    for (const QString &line : {u"run"_s, u"values t [[1, 2]]"_s, u"ok s#1 it"_s, u"ok t[0]#1"_s,
                                u"fail t[1]#1 gate_failed"_s, u"ok u#1"_s})
        rules.apply(line);
    QCOMPARE(rules.apply(u"values m [\"it\"]"_s), QStringList{u"queued m#1"_s});
    const AttemptSpec spec = attemptSpec(rules.definition(), rules.state(), {3, kNoItem});
    const std::vector<MergeSource> expected{
        {.step = u"t"_s, .item = 0},
        {.step = u"t"_s, .item = 1, .status = StepStatus::Failed},
        {.step = u"s"_s, .keepsTree = true},
    };
    QCOMPARE(spec.merge.from, expected);
    QCOMPARE(spec.merge.gateTimeoutsMs, (std::vector<qint64>{600'000, 90'000}));
    QVERIFY(!spec.merge.gateKinds.at(0));
    QCOMPARE(spec.merge.gateKinds.at(1), GateKind::Test);
    QCOMPARE(specText(rules, u"m"_s),
             (QJsonObject{{u"into"_s, u"main"_s}, {u"gate 0"_s, u"make"_s}, {u"gate 1"_s, u"go it"_s}}));
}

// It moves the branch that is checked out there: nobody else works there meanwhile.
void TestFlowParts::mergeInTheRunsLane()
{
    const auto parsed = parseFlow(flow("  - {id: s, isolation: step, run: ls}\n  - {id: r, run: ls}\n"
                                       "  - {id: m, needs: [s], merge: {from: s}}\n"
                                       "  - {id: n, needs: [s], merge: {from: s, into: '${{ run.flow }}'}}\n"
                                       "  - {id: o, needs: [s], merge: {from: s, into: main}}\n"),
                                  u"t"_s);
    QVERIFY(parsed.ok());
    const FlowDefinition &definition = *parsed.definition;
    QVERIFY(definition.usesWorktrees());
    QVERIFY(definition.step(1).lane >= 0);
    QCOMPARE(definition.step(2).lane, definition.step(1).lane);
    QCOMPARE(definition.step(3).lane, definition.step(1).lane);
    QCOMPARE(definition.step(4).lane, -1);
}

QTEST_GUILESS_MAIN(TestFlowParts)
#include "tst_flow_parts.moc"
