// One flow through the whole program with a real agent: the command line, the background node, the agent's
// program, the fake model. The cache of programs is that of tst_real_agents.
#include "tests/e2e/agents/agent_programs.h"
#include "tests/e2e/agents/fake_model.h"
#include "tests/e2e/muster_home.h"

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
    const QStringList environment = prepareHome(*program, home.path(u"agent"_s), m_model.url())
                                    << program->key;
    for (const QString &line : environment)
        home.environment().insert(line.section(u'=', 0, 0), line.section(u'=', 1));
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

QTEST_GUILESS_MAIN(TestRealRun)
#include "tst_real_run.moc"
