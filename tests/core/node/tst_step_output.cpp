// What a step must give: JSON that fits a schema, asked for once more where it does not, and what the run
// then says. A real node, the demo agent, real commands.
#include "tests/core/node/agent_bed.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;

class TestStepOutput : public QObject {
    Q_OBJECT
private slots:
    void wordsAreAskedForAgainAsJson();
    void whatNeverFitsFailsWithItsPlace();
    void aCommandIsNotAskedAgain();
    void aSchemaFileIsKeptWithTheRun();
    void aSchemaFileThatIsWrongIsToldAtItsPlace_data();
    void aSchemaFileThatIsWrongIsToldAtItsPlace();

private:
    static void putFlow(const AgentBed &bed, const QByteArray &steps)
    {
        bed.put(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\nsteps:\n" + steps);
    }
};

// The demo agent answers in words where the prompt does not say JSON, and in JSON once it is asked again.
void TestStepOutput::wordsAreAskedForAgainAsJson()
{
    AgentBed bed(u"demo"_s, "x");
    bed.put(u"core/a.py"_s, "def a():\n    return 1\n");
    putFlow(
        bed,
        "  - id: a\n    prompt: list languages, sizes and tests of this repository\n"
        "    output: {json: {type: object, required: [languages], properties: {languages: {type: array}}}}\n"
        "  - id: b\n    needs: [a]\n    isolation: none\n    run: 'echo ${{ steps.a.json.languages[0].name "
        "}}'\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    QCOMPARE(run->steps.at(0).attempt, 1);
    QVERIFY2(run->steps.at(1).output.contains(u"Python"_s), qPrintable(run->steps.at(1).output));
    QCOMPARE(bed.events(u"session.output_repair"_s).size(), size_t{1});
    QCOMPARE(bed.lastEvent(u"session.output_repair"_s)[u"detail"_s].toString(), u"output_json"_s);
    // Two turns of one session.
    QCOMPARE(bed.events(u"session.turn_finished"_s).size(), size_t{2});
    QCOMPARE(bed.events(u"session.started"_s).size(), size_t{1});
}

void TestStepOutput::whatNeverFitsFailsWithItsPlace()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed,
            "  - id: a\n    prompt: list languages, sizes and tests of this repository. Answer with JSON.\n"
            "    output: {json: {properties: {files: {type: string}}}}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Failed);
    QCOMPARE(run->steps.at(0).reason, FailureReason::RuntimeError);
    const QStringList detail = run->steps.at(0).detail.split(u'\t');
    QCOMPARE(detail.mid(0, 2), (QStringList{u"output_schema"_s, u"$.files"_s}));
    QCOMPARE(detail.value(3), u"{\"type\":\"string\"}"_s);
    QCOMPARE(bed.events(u"session.output_repair"_s).size(), size_t{1});
}

void TestStepOutput::aCommandIsNotAskedAgain()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, "  - {id: a, isolation: none, run: 'echo \"{\\\"n\\\": 1}\"; date >> ran', output: {json: "
                 "{properties: {n: {type: string}}}}}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Failed);
    QCOMPARE(run->steps.at(0).reason, FailureReason::RuntimeError);
    QVERIFY2(run->steps.at(0).detail.startsWith(u"output_schema\t$.n\t"_s),
             qPrintable(run->steps.at(0).detail));
    QFile ran(bed.path(u"ran"_s));
    QVERIFY(ran.open(QIODevice::ReadOnly));
    QCOMPARE(ran.readAll().count('\n'), 1);
}

void TestStepOutput::aSchemaFileIsKeptWithTheRun()
{
    AgentBed bed(u"demo"_s, "x");
    bed.put(u"schemas/n.json"_s, R"({"properties": {"n": {"type": "integer"}}, "title": "é: #"})");
    putFlow(bed,
            "  - {id: wait, approval: go}\n"
            "  - {id: a, needs: [wait], isolation: none, run: 'echo \"{\\\"n\\\": 1}\"', output: {json: "
            "\"schemas/n.json\"}}\n"
            "  - {id: b, needs: [wait], isolation: none, run: 'echo 5', output: {json: schemas/n.json }}\n");
    const RunId run = bed.start();
    const InboxInfo asked = bed.node.openItem(run);
    QVERIFY(asked.id.isValid());
    // What stands in the file from now on is for other runs; a node that starts anew has not forgotten.
    bed.put(u"schemas/n.json"_s, R"({"type": "null"})");
    bed.node.reopen();
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::Yes}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QVERIFY2(ended->run.status == RunStatus::Completed, qPrintable(ended->run.detail));
}

void TestStepOutput::aSchemaFileThatIsWrongIsToldAtItsPlace_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("problem");
    QTest::newRow("missing") << QByteArray("no.json") << u"missing_file no.json"_s;
    QTest::newRow("no JSON") << QByteArray("text.json") << u"unfit_file text.json"_s;
    QTest::newRow("no schema") << QByteArray("wrong.json") << u"invalid_schema wrong.json#/typ"_s;
    QTest::newRow("a link that leads out") << QByteArray("link.json") << u"invalid_path link.json"_s;
    QTest::newRow("out of the project") << QByteArray("../x.json") << u"invalid_path ../x.json"_s;
    QTest::newRow("a folder") << QByteArray("flows") << u"unfit_file flows"_s;
}

void TestStepOutput::aSchemaFileThatIsWrongIsToldAtItsPlace()
{
    QFETCH(QByteArray, name);
    QFETCH(QString, problem);
    AgentBed bed(u"demo"_s, "x");
    bed.put(u"text.json"_s, "not JSON");
    bed.put(u"wrong.json"_s, R"({"typ": "object"})");
    QVERIFY(QFile::link(u"/etc/hostname"_s, bed.path(u"link.json"_s)));
    putFlow(bed, "  - id: a\n    run: ls\n    output: {json: " + name + "}\n");
    const auto check =
        bed.node.query(CheckFlow{.project = bed.path(QString()), .flow = u"own"_s, .text = {}});
    QVERIFY(check);
    QCOMPARE(check->problems.size(), size_t{1});
    const FlowProblemInfo &found = check->problems.front();
    QCOMPARE(QString(found.code + u' ' + found.found), problem);
    QCOMPARE(found.line, 6);
    QCOMPARE(found.column, 20);
    QVERIFY(!bed.start().isValid());
}

QTEST_GUILESS_MAIN(TestStepOutput)
#include "tst_step_output.moc"
