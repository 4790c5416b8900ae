// What a running command prints: seen while it runs, once each, also over the death of the node.
#include "core/viewmodel/task_stream.h"
#include "tests/core/node/node_harness.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestShellOutput : public QObject {
    Q_OBJECT
private slots:
    void isSeenWhileItRuns_data() { bothNodes(); }
    void isSeenWhileItRuns();
    void outlivesTheNode_data();
    void outlivesTheNode();

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
    }
    // Starts a run of one command and gives its task once that runs.
    TaskId start(NodeHarness &node, const QByteArray &command)
    {
        QDir(m_project.path()).mkpath(u"flows"_s);
        QFile file(m_project.filePath(u"flows/own.flow.yaml"_s));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write("muster: 1\nname: own\nsteps:\n  - id: a\n    isolation: none\n    run: |\n      " +
                   command + '\n');
        file.close();
        const auto run = node.submit(
            StartRun{.project = m_project.path(), .flow = u"own"_s, .unattended = true, .trust = true});
        if (!run)
            return {};
        m_run = run->refs.run;
        TaskId task;
        (void)waitFor([&] {
            const auto now = node.query(GetRun{.run = m_run});
            task = now ? now->steps.front().task : TaskId();
            return task.isValid() && now->steps.front().status == StepStatus::Running;
        });
        return task;
    }
    QTemporaryDir m_project;
    RunId m_run;
};

void TestShellOutput::isSeenWhileItRuns()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const TaskId task = start(node, "seq 1 20000; sleep 1000");
    QVERIFY(task.isValid());
    TaskStream stream(&node.api());
    stream.follow(task, u"tool"_s);
    QTRY_VERIFY_WITH_TIMEOUT(stream.text().endsWith(u"\n20000\n"_s), patienceMs);
    QVERIFY(stream.text().startsWith(u"1\n2\n"_s));
    QVERIFY(node.submit(CancelRun{.run = m_run}));
    QVERIFY(node.ended(m_run));
}

void TestShellOutput::outlivesTheNode_data()
{
    QTest::addColumn<bool>("endsMeanwhile");
    QTest::addRow("the command goes on") << false;
    QTest::addRow("the command ends while no node runs") << true;
}

void TestShellOutput::outlivesTheNode()
{
    QFETCH(bool, endsMeanwhile);
    NodeHarness node(true);
    // Characters of several bytes, so that some are cut in two where a piece of the output ends.
    QString expected;
    for (int i = 1; i <= 20000; ++i)
        expected += QString::number(i) + u"€é\n";
    const QTemporaryDir signs;
    const QString sign = signs.filePath(u"go"_s);
    const QString over = signs.filePath(u"over"_s);
    const TaskId task = start(node, "seq 1 20000 | sed 's/$/€é/'; while [ ! -e '" + sign.toUtf8() +
                                        "' ]; do sleep 0.02; done; echo more; touch '" + over.toUtf8() +
                                        (endsMeanwhile ? "'" : "'; sleep 1000"));
    QVERIFY(task.isValid());
    const auto stored = [&] {
        const auto text = node.query(GetStream{.task = task, .channel = u"tool"_s});
        return text ? text->text : QString();
    };
    QTRY_COMPARE_WITH_TIMEOUT(stored().size(), expected.size(), patienceMs);
    QCOMPARE(stored(), expected);
    node.killServer();
    QFile go(sign);
    QVERIFY(go.open(QIODevice::WriteOnly));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(over), patienceMs);
    node.startServer();
    expected += u"more\n";
    QTRY_VERIFY_WITH_TIMEOUT(stored().size() >= expected.size(), patienceMs);
    QCOMPARE(stored(), expected);
    if (!endsMeanwhile) // the shell may then say that its child was ended
        QVERIFY(node.submit(CancelRun{.run = m_run}));
    const auto detail = node.ended(m_run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, endsMeanwhile ? RunStatus::Completed : RunStatus::Cancelled);
    QVERIFY(stored().startsWith(expected));
}

QTEST_GUILESS_MAIN(TestShellOutput)
#include "tst_shell_output.moc"
