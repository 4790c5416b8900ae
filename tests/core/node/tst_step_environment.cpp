// Variables that a flow declares, in expressions and commands, and files that steps must leave behind.
#include "core/viewmodel/describe.h"
#include "tests/core/node/agent_bed.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;

class TestStepEnvironment : public QObject {
    Q_OBJECT
private slots:
    void init();
    void declaredVariablesAreSeen();
    void onlyWhatIsDeclared();
    void aVariableThatIsNotSet();
    void aVariableThatIsGoneWhenItIsNeeded();
    void filesOfAgentsAndCommands();
    void filesThatAreMissing_data();
    void filesThatAreMissing();

private:
    static void putFlow(const AgentBed &bed, const QByteArray &rest)
    {
        bed.put(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\n" + rest);
    }
};

void TestStepEnvironment::init()
{
    qputenv("MUSTER_TEST_COLOUR", "green; echo no");
    qputenv("MUSTER_TEST_OTHER", "grey");
}

void TestStepEnvironment::declaredVariablesAreSeen()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(
        bed,
        "env: [MUSTER_TEST_COLOUR]\nsteps:\n"
        "  - {id: a, script: 'env.MUSTER_TEST_COLOUR.length'}\n"
        "  - {id: b, needs: [a], isolation: none, run: 'echo \"$MUSTER_TEST_COLOUR/$MUSTER_TEST_OTHER/${{ "
        "steps.a.json }}\"'}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QVERIFY2(run->run.status == RunStatus::Completed, qPrintable(run->run.detail));
    QCOMPARE(run->steps.at(1).output.trimmed(), u"green; echo no//14"_s);
    // Nothing that is stored holds the value but what the command itself has printed.
    const auto events = bed.node.query(ListEvents{.filter = {.run = run->run.id}});
    QVERIFY(events && events->size() > 5);
    for (const Event &event : *events) {
        if (event.kind != "step.finished"_L1)
            QVERIFY2(!QJsonDocument(event.data).toJson().contains("green;"), qPrintable(event.kind));
    }
}

void TestStepEnvironment::onlyWhatIsDeclared()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, "env: [MUSTER_TEST_COLOUR]\nsteps:\n  - {id: a, script: env.MUSTER_TEST_OTHER}\n"
                 "  - {id: b, script: 'env[\"MUSTER_TEST_COLOUR\" + 1]'}\n");
    const auto check =
        bed.node.query(CheckFlow{.project = bed.path(QString()), .flow = u"own"_s, .text = {}});
    QVERIFY(check);
    QCOMPARE(check->problems.size(), size_t{2});
    QCOMPARE(check->problems[0].code, u"unknown_variable"_s);
    QCOMPARE(check->problems[0].expected, QStringList(u"MUSTER_TEST_COLOUR"_s));
    QCOMPARE(check->problems[1].code, u"dynamic_reference"_s);
}

void TestStepEnvironment::aVariableThatIsNotSet()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed,
            "env: [MUSTER_TEST_COLOUR, MUSTER_TEST_NONE]\nsteps:\n  - {id: a, isolation: none, run: ls}\n");
    const auto run =
        bed.node.submit(StartRun{.project = bed.path(QString()), .flow = u"own"_s, .trust = true});
    QVERIFY(!run);
    QCOMPARE(run.error().where, u"env"_s);
    QCOMPARE(run.error().detail, u"MUSTER_TEST_NONE"_s);
    QVERIFY(describe(run.error()).contains(u"MUSTER_TEST_NONE"_s));
}

void TestStepEnvironment::aVariableThatIsGoneWhenItIsNeeded()
{
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, "env: MUSTER_TEST_COLOUR\non_failure: continue\nsteps:\n  - {id: wait, approval: go}\n"
                 "  - {id: a, needs: [wait], isolation: none, run: 'true'}\n"
                 "  - {id: b, needs: [wait], script: env.MUSTER_TEST_COLOUR}\n");
    const RunId run = bed.start();
    const InboxInfo asked = bed.node.openItem(run);
    QVERIFY(asked.id.isValid());
    qunsetenv("MUSTER_TEST_COLOUR");
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::Yes}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->steps.at(1).reason, FailureReason::LaunchFailed);
    QCOMPARE(ended->steps.at(1).detail, u"env MUSTER_TEST_COLOUR"_s);
    QCOMPARE(ended->steps.at(2).detail, u"expression: env MUSTER_TEST_COLOUR"_s);
}

void TestStepEnvironment::filesOfAgentsAndCommands()
{
    AgentBed bed(u"demo"_s, "x");
    bed.put(u"notes/old.md"_s, "old");
    putFlow(bed,
            "steps:\n"
            "  - {id: a, isolation: none, run: 'mkdir -p out/deep; touch out/deep/x.txt out/y.txt', output: "
            "{files: [out/**, 'notes/*.md']}}\n"
            "  - {id: b, needs: [a], isolation: none, run: 'echo ${{ steps.a.files.join(\",\") }}'}\n"
            "  - {id: c, needs: [b], prompt: say hello, output: {files: notes/old.md}}\n"
            "  - {id: d, needs: [c], isolation: none, run: 'echo ${{ steps.c.files }}'}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QVERIFY2(run->run.status == RunStatus::Completed, qPrintable(run->run.detail));
    QCOMPARE(run->steps.at(1).output.trimmed(), u"notes/old.md,out/deep/x.txt,out/y.txt"_s);
    QCOMPARE(run->steps.at(3).output.trimmed(), u"[notes/old.md]"_s); // quotes are the shell's
}

void TestStepEnvironment::filesThatAreMissing_data()
{
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<QString>("missing");
    QTest::newRow("of a command")
        << QByteArray("isolation: none, run: 'true', output: {files: [README.md, 'x/*.md']}")
        << u"README.md\tx/*.md"_s;
    QTest::newRow("of an agent") << QByteArray("prompt: say hello, output: {files: SURVEY.md}")
                                 << u"SURVEY.md"_s;
    QTest::newRow("a link is none")
        << QByteArray("isolation: none, run: ln -s /etc/hostname out.md, output: {files: '*.md'}")
        << u"*.md"_s;
}

void TestStepEnvironment::filesThatAreMissing()
{
    QFETCH(QByteArray, step);
    QFETCH(QString, missing);
    AgentBed bed(u"demo"_s, "x");
    putFlow(bed, "steps:\n  - {id: a, " + step + "}\n");
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Failed);
    QCOMPARE(run->run.reason, FailureReason::RuntimeError);
    QCOMPARE(run->run.detail, u"output_files\t"_s + missing);
    QVERIFY(describeFailure(*run->run.reason, run->run.detail).contains(missing.section(u'\t', 0, 0)));
}

QTEST_GUILESS_MAIN(TestStepEnvironment)
#include "tst_step_environment.moc"
