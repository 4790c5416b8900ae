// A node that ends while it is being asked: what was under way ends with it, and touches nothing of it after.
#include "tests/core/node/node_harness.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeStop : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void queriesEndWithTheirNode_data();
    void queriesEndWithTheirNode();

private:
    void ask();

    std::unique_ptr<NodeHarness> m_node;
    QString m_project;
    RunId m_run;
    QObject m_context;
};

void TestNodeStop::initTestCase()
{
    m_node = std::make_unique<NodeHarness>(false);
    const auto opened = m_node->submit(OpenProject{.demo = true});
    QVERIFY(opened);
    m_project = opened->text;
    const auto run = m_node->submit(
        StartRun{.project = m_project, .flow = u"survey"_s, .unattended = true, .approve = true});
    QVERIFY(run);
    m_run = run->refs.run;
    QVERIFY(m_node->ended(m_run));
}

// Those that wait for git, for the shared pool and for each other.
void TestNodeStop::ask()
{
    NodeApi &api = m_node->api();
    const auto ignore = [](const auto &) {
    };
    api.query(GetRun{.run = m_run}, &m_context, ignore);
    api.query(ListWorktrees{.project = m_project}, &m_context, ignore);
    api.query(ListProjects{}, &m_context, ignore);
    api.query(ListFlows{.project = m_project}, &m_context, ignore);
    api.query(RunDoctor{.project = m_project}, &m_context, ignore);
    api.submit(StartRun{.project = m_project, .flow = u"hello"_s, .unattended = true}, &m_context, ignore);
}

void TestNodeStop::queriesEndWithTheirNode_data()
{
    QTest::addColumn<int>("turns");
    for (int turns = 0; turns < 60; turns += turns < 12 ? 1 : 4)
        QTest::addRow("after %d turns of the event loop", turns) << turns;
}

void TestNodeStop::queriesEndWithTheirNode()
{
    QFETCH(const int, turns);
    ask();
    for (int turn = 0; turn < turns; ++turn)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    m_node->reopen();
    // The new node answers, and what the gits of the dead one had to tell has come by then.
    const auto trees = m_node->query(ListWorktrees{.project = m_project});
    QVERIFY(trees);
    QCOMPARE(trees->size(), 1U);
    QVERIFY(m_node->query(RunDoctor{.project = m_project}));
}

QTEST_GUILESS_MAIN(TestNodeStop)
#include "tst_node_stop.moc"
