// The published JSON Schema and the parser agree: on what is good, and on what is wrong with the shape of a
// file. What takes more than a schema (references, cycles, names) is the parser's alone.
#include "core/flow/flow_parser.h"
#include "core/flow/yaml_document.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

// Else it ends the program where a schema is wrong. The same wherever it comes together in one program.
#define VALIJSON_USE_EXCEPTIONS 1 // NOLINT(cppcoreguidelines-macro-usage)
#include <valijson/adapters/qtjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

using namespace muster;
using namespace Qt::StringLiterals;

class TestFlowSchema : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void agrees_data();
    void agrees();
    void knowsEveryKeyOfTheParser_data();
    void knowsEveryKeyOfTheParser();
    void builtInFlowsFit();

private:
    [[nodiscard]] QString violation(const QByteArray &yaml) const;
    valijson::Schema m_schema;
};

namespace {

const QByteArray kHead = "muster: 1\nname: t\n";
const QByteArray kStep = "steps:\n  - id: a\n    prompt: A\n";

} // namespace

void TestFlowSchema::initTestCase()
{
    QFile file(QStringLiteral(MUSTER_SOURCE_DIR "/resources/schema/flow.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QJsonParseError error;
    const QJsonValue json = QJsonDocument::fromJson(file.readAll(), &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::QtJsonAdapter(json), m_schema);
}

// Empty if it fits.
QString TestFlowSchema::violation(const QByteArray &yaml) const
{
    const YamlDocument document = parseYaml(SourceText(yaml));
    if (!document.root)
        return u"not YAML"_s;
    const QJsonValue json = document.root->toJson();
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(m_schema, valijson::adapters::QtJsonAdapter(json), &results))
        return {};
    valijson::ValidationResults::Error error;
    QString text;
    while (results.popError(error))
        text += QString::fromStdString(error.description + "\n");
    return text;
}

void TestFlowSchema::agrees_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<bool>("good");
    const auto good = [](const char *name, const QByteArray &yaml) {
        QTest::newRow(name) << yaml << true;
    };
    const auto bad = [](const char *name, const QByteArray &yaml) {
        QTest::newRow(name) << yaml << false;
    };

    good("smallest", kHead + kStep);
    good("everything",
         kHead + "description: D\ninputs: {n: {type: number, default: 1, help: h}, c: {type: choice, "
                 "choices: [x, y], default: x}}\n"
                 "defaults: {runtime: demo, timeout: 2h30m, retries: 2, isolation: none, budget_usd: 0.5}\n"
                 "permissions: {write: [x], run: 'ls *'}\nbatches: {b: {max_concurrent: 2}}\non_failure: "
                 "continue\nsteps:\n"
                 "  - {id: a, agent: p, runtime: demo, model: m, prompt: A, output: json, permissions: {run: "
                 "[ls]}}\n"
                 "  - {id: b, needs: a, run: ls, foreach: '${{ steps.a.json }}', as: x, join: all_done, "
                 "batch: b, idempotent: true}\n"
                 "  - {id: c, needs: [a, b], trigger: all_done, approval: {ask: go, show: '${{ "
                 "steps.b.outputs }}', timeout: 2d, on_timeout: fail}}\n"
                 "  - {id: d, needs: [c], when: '${{ steps.c.approved }}', prompt: D, retries: {max: 1, on: "
                 "[stalled], backoff: 1s}, timeout: 5m}\n");
    good("approval in a word", kHead + "steps:\n  - {id: a, approval: go on}\n");
    good("fixed list", kHead + "steps:\n  - {id: a, prompt: A, foreach: [1, x]}\n");
    good("fixed condition", kHead + "steps:\n  - {id: a, prompt: A, when: false}\n");
    good("time of all items", kHead + "parallel_runs: true\n" + kStep +
                                  "    foreach: [1]\n    join: {counts: all_done, timeout: 1h}\n" +
                                  "groups: {g: {steps: [a], join: {timeout: 90s}}}\n");
    good("no inputs", kHead + "inputs:\n" + kStep);

    const QByteArray steps = kHead + kStep;
    good("the other kinds",
         steps +
             "  - {id: pick, needs: [a], switch: [{case: x, when: '${{ steps.a.output }}', then: [s]}, "
             "{case: y, when: false, then: }, {default: [d]}]}\n"
             "  - {id: s, needs: [pick], script: 'return 1', on_error: continue, skip: propagate}\n"
             "  - {id: d, needs: [pick], delay: 10m, on_error: goto z}\n"
             "  - {id: z, prompt: Z}\n"
             "  - {id: l, loop: {max: 3, until: '${{ steps.t.exit_code === 0 }}', steps: [{id: t, run: "
             "make}]}}\n"
             "  - {id: m, prompt: M}\n"
             "groups: {g: {steps: [m, z], limit: 2, join: all_done}, q: {steps: d, mode: sequence, needs: "
             "[a]}}\n"
             "finally:\n  - {id: f, run: ls}\n");
    good("flows",
         steps +
             "  - {id: f, flow: x, foreach: [1], as: i, join: all_done, batch: b, timeout: 1m, retries: 1}\n"
             "  - {id: g, flow: {name: x, inputs: {a: 1, b: true, c: '${{ run.id }}'}}}\n"
             "batches: {b: {max_concurrent: 1}}\n");
    good("merges",
         steps + "  - {id: s, isolation: step, run: ls}\n  - {id: m, needs: [s], timeout: 1h, retries: 1, "
                 "permissions: {merge: [main]}, merge: {from: s, into: main, how: merge, gates: [make, "
                 "{run: ctest, timeout: 5m}], message: M}}\n"
                 "  - {id: n, needs: [s], merge: {from: [s], into: '${{ run.flow }}', gates: make}}\n");
    const QByteArray into =
        kHead + "steps:\n  - {id: s, isolation: step, run: ls}\n  - {id: m, needs: [s], merge: ";
    bad("merge of nothing", into + "{from: []}}\n");
    bad("merge without from", into + "{into: run}}\n");
    bad("merge some other way", into + "{from: s, how: rebase}}\n");
    bad("merge into nothing", into + "{from: s, into: ''}}\n");
    bad("merge into a run's branch", into + "{from: s, into: muster/x}}\n");
    bad("a gate without a command", into + "{from: s, gates: [{timeout: 1m}]}}\n");
    bad("a gate of an unknown kind", into + "{from: s, gates: {run: ls, kind: style}}}\n");
    bad("an empty gate", into + "{from: s, gates: ['']}}\n");
    bad("merge for each", into + "{from: s}, foreach: [1]}\n");
    bad("merge in a worktree", into + "{from: s}, isolation: step}\n");
    bad("merge in a list", into + "[s]}\n");
    bad("flow of nothing", kHead + "steps:\n  - {id: a, flow: ''}\n");
    bad("flow without a name", kHead + "steps:\n  - {id: a, flow: {inputs: {}}}\n");
    bad("flow with a list", kHead + "steps:\n  - {id: a, flow: {name: x, inputs: {a: [1]}}}\n");
    bad("output of a flow", kHead + "steps:\n  - {id: a, flow: x, output: json}\n");
    good("what agents are given", kHead + "documents: [a.md]\nskills: s\nteam: t\nenv: [A, B_1]\n" + kStep +
                                      "    documents: docs/b.md\n    skills: [t, u]\n");
    bad("a document elsewhere", kHead + "documents: [../a.md]\n" + kStep);
    bad("a document by an absolute path", kHead + kStep + "    documents: [/a.md]\n");
    bad("skills of a command", kHead + "steps:\n  - {id: a, run: ls, skills: [s]}\n");
    bad("a variable", kHead + "env: [a-b]\n" + kStep);
    bad("a team in a list", kHead + "team: [a]\n" + kStep);
    good("files", steps + "    output: {files: ['docs/**/*.md', a.md], json: {}}\n");
    good("a file", steps + "    output: {files: a.md}\n");
    bad("no files", steps + "    output: {files: []}\n");
    bad("files elsewhere", steps + "    output: {files: ../a}\n");
    good("budgets", kHead + "budget_usd: 2.5\ndefaults: {max_turns: 10}\n" + kStep +
                        "    budget_usd: 0\n    max_turns: 10000\n");
    bad("turns", steps + "    max_turns: 10001\n");
    bad("turns of a command", kHead + "steps:\n  - {id: a, run: ls, max_turns: 3}\n");
    bad("the run's budget", kHead + "budget_usd: lots\n" + kStep);
    good("a schema", steps + "    output: {json: {type: object}}\n");
    good("a schema file", steps + "    output: {json: schemas/a.json}\n");
    bad("a schema file elsewhere", steps + "    output: {json: ../a.json}\n");
    bad("a list as a schema", steps + "    output: {json: []}\n");
    bad("an output of nothing", steps + "    output: {}\n");
    bad("empty switch", kHead + "steps:\n  - {id: a, switch: []}\n");
    bad("case without a condition", kHead + "steps:\n  - {id: a, switch: [{case: x, then: []}]}\n");
    bad("case and default in one", kHead + "steps:\n  - {id: a, switch: [{case: x, default: []}]}\n");
    bad("loop without an end", kHead + "steps:\n  - {id: a, loop: {steps: [{id: b, run: ls}]}}\n");
    bad("loop of nothing", kHead + "steps:\n  - {id: a, loop: {max: 2, steps: []}}\n");
    bad("empty script", kHead + "steps:\n  - {id: a, script: ' '}\n");
    bad("timeout of a delay", kHead + "steps:\n  - {id: a, delay: 1m, timeout: 2m}\n");
    bad("on_error", steps + "    on_error: ignore\n");
    bad("jump to nowhere", steps + "    on_error: 'goto '\n");
    bad("skip", steps + "    skip: all\n");
    bad("group of nothing", steps + "groups: {g: {steps: []}}\n");
    bad("limit of a sequence", steps + "groups: {g: {steps: [a], mode: sequence, limit: 2}}\n");
    bad("finally of nothing", steps + "finally: []\n");
    bad("no steps", kHead);
    bad("empty steps", kHead + "steps: []\n");
    bad("steps as map", kHead + "steps: {a: 1}\n");
    bad("version", "muster: 2\nname: t\n" + kStep);
    bad("version as text", "muster: '1'\nname: t\n" + kStep);
    bad("name", "muster: 1\nname: a b\n" + kStep);
    bad("unknown key", kHead + "nmae: x\n" + kStep);
    bad("later key", kHead + "parallel_runs: 2\n" + kStep);
    bad("unknown step key", kHead + kStep + "    prompts: x\n");
    bad("later step key", kHead + kStep + "    with: {a: 1}\n");
    bad("no kind", kHead + "steps:\n  - id: a\n");
    bad("two kinds", kHead + kStep + "    run: ls\n");
    bad("no id", kHead + "steps:\n  - prompt: A\n");
    bad("empty prompt", kHead + "steps:\n  - {id: a, prompt: ' '}\n");
    bad("number as prompt", kHead + "steps:\n  - {id: a, prompt: 5}\n");
    bad("model of a command", kHead + "steps:\n  - {id: a, run: ls, model: m}\n");
    bad("idempotent agent", kHead + kStep + "    idempotent: true\n");
    bad("timeout of an approval", kHead + "steps:\n  - {id: a, approval: go, timeout: 5m}\n");
    bad("duration", kHead + kStep + "    timeout: 5\n");
    bad("duration in words", kHead + kStep + "    timeout: soon\n");
    bad("empty duration", kHead + kStep + "    timeout: ''\n");
    bad("retries", kHead + kStep + "    retries: 21\n");
    bad("half retries", kHead + kStep + "    retries: 1.5\n");
    bad("retries without max", kHead + kStep + "    retries: {on: [stalled]}\n");
    bad("reason", kHead + kStep + "    retries: {max: 1, on: [rain]}\n");
    bad("isolation", kHead + kStep + "    isolation: own\n");
    bad("output", kHead + kStep + "    output: yaml\n");
    bad("trigger", kHead + kStep + "    trigger: some\n");
    bad("boolean", kHead + kStep + "    optional: yes\n");
    bad("as without foreach", kHead + kStep + "    as: x\n");
    bad("foreach of text", kHead + kStep + "    foreach: modules\n");
    bad("when of text", kHead + kStep + "    when: always\n");
    bad("join", kHead + kStep + "    foreach: [1]\n    join: {when: all_done}\n");
    bad("time of a join", kHead + kStep + "    foreach: [1]\n    join: {timeout: 10}\n");
    bad("parallel_runs", kHead + "parallel_runs: 3\n" + kStep);
    bad("cap", kHead + "batches: {b: {max_concurrent: 0}}\n" + kStep);
    bad("input type", kHead + "inputs: {a: {type: date}}\n" + kStep);
    bad("input name", kHead + "inputs: {a-b: {type: string}}\n" + kStep);
    bad("choice of nothing", kHead + "inputs: {a: {type: choice}}\n" + kStep);
    bad("default of another type", kHead + "inputs: {a: {type: boolean, default: 1}}\n" + kStep);
    bad("permissions", kHead + "permissions: {erase: [x]}\n" + kStep);
    bad("budget", kHead + "defaults: {budget_usd: -1}\n" + kStep);
    bad("approval without question", kHead + "steps:\n  - {id: a, approval: {timeout: 2d}}\n");
}

void TestFlowSchema::agrees()
{
    QFETCH(QByteArray, yaml);
    QFETCH(bool, good);
    const QString wrong = violation(yaml);
    QVERIFY2(wrong.isEmpty() == good, qPrintable(wrong));
    const FlowParseResult parsed = parseFlow(yaml, u"t"_s);
    const QString problem = parsed.ok() ? QString() : enumName(parsed.problems.front().code);
    QVERIFY2(parsed.ok() == good, qPrintable(problem));
}

// A key that the parser takes and the schema does not, or the other way round, shows here.
void TestFlowSchema::knowsEveryKeyOfTheParser_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("definition");
    QTest::newRow("top") << kHead + kStep + "zz: 1\n" << QString();
    QTest::newRow("step") << kHead + kStep + "    zz: 1\n" << u"step"_s;
    QTest::newRow("input") << kHead + "inputs: {a: {type: string, zz: 1}}\n" + kStep << u"input"_s;
    QTest::newRow("loop") << kHead + "steps:\n  - {id: a, loop: {max: 1, steps: [{id: b, run: ls}], zz: 1}}\n"
                          << u"loop"_s;
    QTest::newRow("group") << kHead + kStep + "groups: {g: {steps: [a], zz: 1}}\n" << u"group"_s;
    QTest::newRow("flow") << kHead + "steps:\n  - {id: a, flow: {name: x, zz: 1}}\n" << u"flow"_s;
    QTest::newRow("merge") << kHead + "steps:\n  - {id: a, merge: {from: b, zz: 1}}\n" << u"merge"_s;
    QTest::newRow("permissions") << kHead + "permissions: {zz: 1}\n" + kStep << u"permissions"_s;
}

void TestFlowSchema::knowsEveryKeyOfTheParser()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, definition);
    const FlowProblems problems = parseFlow(yaml, u"t"_s).problems;
    const auto unknown = std::ranges::find(problems, FlowProblemCode::UnknownKey, &FlowProblem::code);
    QVERIFY(unknown != problems.end());
    QFile file(QStringLiteral(MUSTER_SOURCE_DIR "/resources/schema/flow.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QJsonObject schema = QJsonDocument::fromJson(file.readAll()).object();
    if (!definition.isEmpty())
        schema = schema[u"definitions"].toObject()[definition].toObject();
    QStringList keys = unknown->expected;
    keys.sort();
    QCOMPARE(schema[u"properties"].toObject().keys(), keys);
}

void TestFlowSchema::builtInFlowsFit()
{
    const QDir dir(QStringLiteral(MUSTER_SOURCE_DIR "/resources/flows"));
    const QFileInfoList files = dir.entryInfoList({u"*.flow.yaml"_s});
    QVERIFY(files.size() >= 2);
    for (const QFileInfo &info : files) {
        QFile file(info.filePath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(violation(file.readAll()), QString());
    }
}

QTEST_GUILESS_MAIN(TestFlowSchema)
#include "tst_flow_schema.moc"
