// One flow through the whole program with a real agent: the command line, the background node, the agent's
// program, the fake model. The cache of programs is that of tst_real_agents.
#include "tests/e2e/agents/fake_model.h"
#include "tests/e2e/agents/real_home.h"
#include "tests/e2e/store_view.h"

#include <QTest>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray flow = "muster: 1\nname: two\ndefaults: { isolation: none, timeout: 3m }\npermissions: { "
                        "write: ['**'] }\nsteps:\n"
                        "  - { id: talk, prompt: '%%say 3%%' }\n"
                        "  - { id: write, needs: [talk], prompt: '%%write @FILE@%%' }\n";

} // namespace

class TestRealRun : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void twoSteps_data();
    void twoSteps();
    void callsMuster_data();
    void callsMuster();

private:
    FakeModel m_model;
};

void TestRealRun::initTestCase()
{
    if (nodeProgram().isEmpty())
        QSKIP("no Node.js 22 and no agent programs in the cache: run tests/e2e/agents/install.sh");
    QVERIFY(m_model.start(nodeProgram()));
}

void TestRealRun::twoSteps_data()
{
    QTest::addColumn<QString>("runtime");
    for (const auto *runtime : {"opencode", "copilot", "codex", "claude"})
        QTest::newRow(runtime) << QString::fromLatin1(runtime);
}

void TestRealRun::twoSteps()
{
    QFETCH(QString, runtime);
    const AgentProgram *program = findProgram(runtime);
    if (installedVersion(*program).isEmpty())
        QSKIP(qPrintable(runtime + u" is not installed: run tests/e2e/agents/install.sh"_s));
    MusterHome home;
    useRealAgents(home, {runtime}, m_model.url());
    const QString project = home.makeProject(u"shop"_s);
    QVERIFY(MusterHome::writeFlow(project, u"two"_s,
                                  QByteArray(flow).replace("@FILE@", (project + u"/made.txt"_s).toUtf8())));
    home.startNode();
    QVERIFY(home.waitUntilReady());
    const Finished run = home.muster(
        {u"run"_s, u"two"_s, u"--runtime"_s, runtime, u"--trust"_s, u"--yes"_s, u"--project"_s, project});
    const bool stopped = home.stopNode();
    if (run.exitCode != 0)
        qInfo().noquote() << QString::fromUtf8(run.tail());
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(readFile(project + u"/made.txt"_s), "written by the fake model\n");
    QVERIFY(stopped);
    const QStringList left = processesBelow(home.root());
    QVERIFY2(left.isEmpty(), qPrintable(left.join(u'\n')));
}

void TestRealRun::callsMuster_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<bool>("takesValues"); // without making arguments of them
    QTest::addColumn<bool>("asks");        // before it calls a tool of ours
    for (const auto *runtime : {"claude", "codex", "opencode", "qwen-native", "copilot", "codex-acp"})
        QTest::newRow(runtime) << QString::fromLatin1(runtime) << true << false;
    for (const auto *runtime : {"gemini", "qwen"})
        QTest::newRow(runtime) << QString::fromLatin1(runtime) << true << true;
    QTest::newRow("claude-acp") << u"claude-acp"_s << false << true;
}

// Muster's own server is called, and the node knows by whom; where the program asks before, nobody is there
// to say yes. A server of the person is started, and at no time is its key an argument of any process.
void TestRealRun::callsMuster()
{
    QFETCH(QString, runtime);
    QFETCH(bool, takesValues);
    QFETCH(bool, asks);
    const AgentProgram *program = findProgram(runtime);
    if (installedVersion(*program).isEmpty())
        QSKIP(qPrintable(runtime + u" is not installed: run tests/e2e/agents/install.sh"_s));
    const QByteArray key = "s3cret-of-the-fixture-" + runtime.toUtf8();
    MusterHome home;
    useRealAgents(home, {runtime}, m_model.url());
    const QString project = home.makeProject(u"shop"_s);
    QVERIFY(
        MusterHome::writeFlow(project, u"look"_s,
                              "muster: 1\nname: look\ndefaults: { isolation: none, timeout: 3m }\nsteps:\n"
                              "  - { id: look, prompt: '%%mcp list_flows%%' }\n"));
    QVERIFY(writeFile(home.paths().configDir + u"/mcp.json"_s,
                      "{\"mcpServers\": {\"fixture\": {\"command\": \"" MUSTER_BIN_DIR
                      "/../tests/fake_mcp_server\", \"args\": [\"" +
                          home.root().toUtf8() + "\"], \"env\": {\"API_KEY\": \"" + key + "\"}}}}"));
    home.startNode();
    QVERIFY(home.waitUntilReady());
    const auto run = home.start(
        {u"run"_s, u"look"_s, u"--runtime"_s, runtime, u"--trust"_s, u"--yes"_s, u"--project"_s, project});
    bool started = false;
    while (run->state() != QProcess::NotRunning && !run->waitForFinished(50)) {
        const QStringList processes = processesBelow(home.root());
        started = started || processes.join(u'\n').contains(u"fake_mcp_server"_s);
        QVERIFY2(!processes.join(u'\n').contains(QString::fromUtf8(key)), qPrintable(processes.join(u'\n')));
    }
    const Finished done = MusterHome::waitFor(*run);
    const StoreView store(home.paths().storeFile);
    const QStringList warned =
        store.rows(u"SELECT json_extract(data, '$.detail') FROM events WHERE kind = 'session.warning' AND "
                   "json_extract(data, '$.code') = 'mcp_not_passed'"_s);
    const QStringList called =
        store.rows(u"SELECT session_id, task_id, run_id FROM events WHERE kind = 'agent.asked' AND "
                   "json_extract(data, '$.query') = 'list_flows'"_s);
    if (done.exitCode != 0 || called.isEmpty() != asks)
        qInfo().noquote() << QString::fromUtf8(done.tail()) << warned;
    QCOMPARE(done.exitCode, 0);
    QCOMPARE(called, asks ? QStringList() : QStringList(u"1|1|1"_s));
    QCOMPARE(store.number(u"SELECT count(*) FROM events WHERE kind = 'permission.decided'"_s), asks ? 1 : 0);
    QCOMPARE(started, takesValues);
    QCOMPARE(warned.size(), takesValues ? 0 : 1);
    QVERIFY(home.stopNode());
    const QStringList left = processesBelow(home.root());
    QVERIFY2(left.isEmpty(), qPrintable(left.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestRealRun)
#include "tst_real_run.moc"
