// What steps are given (documents, skills, roles, variables, money) and what they must give (JSON, files):
// each mistake in the file with its place.
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowGiven : public QObject {
    Q_OBJECT
private slots:
    void problems_data();
    void problems();
};

namespace {

const QByteArray kHead = "muster: 1\nname: t\n";
const QByteArray kStep = "steps:\n  - id: a\n    prompt: A\n";

} // namespace

void TestFlowGiven::problems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QByteArray &text, const QStringList &expected) {
        QTest::newRow(name) << text << expected;
    };

    row("a document out of the project", kHead + "documents: [a.md, ../b.md]\n" + kStep,
        {u"invalid_path 3:19"_s});
    row("a document by an absolute path", kHead + kStep + "    documents: /etc/hostname\n",
        {u"invalid_path 6:16"_s});
    row("documents as a map", kHead + kStep + "    documents: {a: b}\n", {u"wrong_type 6:16"_s});
    row("documents of a command", kHead + "steps:\n  - {id: a, run: ls, documents: [a.md]}\n",
        {u"key_not_for_kind 4:22"_s});
    row("an unknown skill", kHead + "skills: [brief, breif]\n" + kStep, {u"unknown_skill 3:17"_s});
    row("an unknown skill of a step", kHead + kStep + "    skills: b\n", {u"unknown_skill 6:13"_s});
    row("an unknown team", kHead + "team: trio\n" + kStep, {u"unknown_team 3:7"_s});
    row("a role of no team", kHead + kStep + "    agent: second\n", {u"unknown_profile 6:12"_s});
    row("a role of the team", kHead + "team: pair\n" + kStep + "    agent: second\n", {});
    row("a variable by a wrong name", kHead + "env: [A, 'B-C']\n" + kStep, {u"invalid_name 3:10"_s});
    row("a variable that is not declared", kHead + "env: [A]\nsteps:\n  - {id: a, script: env.B}\n",
        {u"unknown_variable 5:21"_s});
    row("variables all at once", kHead + "env: [A]\nsteps:\n  - {id: a, script: JSON.stringify(env)}\n",
        {u"dynamic_reference 5:36"_s});
    row("variables of a step", kHead + kStep + "    env: [A]\n", {u"not_in_this_version 6:5"_s});
    row("files out of the project", kHead + kStep + "    output: {files: [a, ../*.md]}\n",
        {u"invalid_path 6:25"_s});
    row("no files", kHead + kStep + "    output: {files: []}\n", {u"empty_value 6:21"_s});
    row("a budget below nothing", kHead + "budget_usd: -1\n" + kStep, {u"out_of_range 3:13"_s});
    row("a budget in words", kHead + kStep + "    budget_usd: much\n", {u"wrong_type 6:17"_s});
    row("turns of nobody", kHead + kStep + "    max_turns: 0\n", {u"out_of_range 6:16"_s});
    row("a budget of a command", kHead + "steps:\n  - {id: a, run: ls, budget_usd: 1}\n",
        {u"key_not_for_kind 4:22"_s});
    row("a schema that is wrong", kHead + kStep + "    output: {json: {typ: object}}\n",
        {u"invalid_schema 6:20"_s});
    row("a schema of another type", kHead + kStep + "    output: {json: [x]}\n", {u"wrong_type 6:20"_s});
    row("a schema out of the project", kHead + kStep + "    output: {json: ../x.json}\n",
        {u"invalid_path 6:20"_s});
    row("a schema by an absolute path", kHead + kStep + "    output: {json: /x.json}\n",
        {u"invalid_path 6:20"_s});
    row("an output of nothing", kHead + kStep + "    output: {}\n", {u"missing_key 6:13"_s});
    row("an unknown output", kHead + kStep + "    output: {json: {}, xml: {}}\n", {u"unknown_key 6:24"_s});
}

void TestFlowGiven::problems()
{
    QFETCH(QByteArray, text);
    QFETCH(QStringList, expected);
    const FlowLookups lookups{.profiles = QStringList{u"reader"_s},
                              .runtimes = QStringList{u"demo"_s},
                              .skills = QStringList{u"brief"_s},
                              .teams = QHash<QString, QStringList>{{u"pair"_s, {u"second"_s}}}};
    const FlowParseResult parsed = parseFlow(text, u"t.flow.yaml"_s, lookups);
    QStringList lines;
    for (const FlowProblem &problem : parsed.problems)
        lines.append(problemLine(problem));
    QCOMPARE(lines, expected);
    QCOMPARE(parsed.ok(), expected.isEmpty());
}

QTEST_GUILESS_MAIN(TestFlowGiven)
#include "tst_flow_given.moc"
