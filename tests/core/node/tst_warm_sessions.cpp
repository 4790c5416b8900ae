// Sessions of chats between their turns, over a whole node with the demo agent: the same process goes on,
// idle ones end, and none is left when the node has ended, however it did.
#include "tests/core/node/chat_helpers.h"

#include <QDir>

#include <csignal>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestWarmSessions : public QObject {
    Q_OBJECT
private slots:
    void nextMessageGoesToTheSameProcess_data() { bothNodes(); }
    void nextMessageGoesToTheSameProcess();
    void idleAgentIsLetGoAndResumed();
    void agentThatDiedIdleIsReplaced();
    void stoppedTurnKeepsNoAgent();
    void endedNodeLeavesNoAgent_data();
    void endedNodeLeavesNoAgent();

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
    }
    // The demo agents that work in projects of this home, and how their sessions began.
    static QList<qint64> agents(const QString &home)
    {
        QList<qint64> pids;
        const QStringList all = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &pid : all) {
            const QString exe = QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid));
            if (exe.endsWith(u"/muster-demo-agent") &&
                QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)).startsWith(home))
                pids += pid.toLongLong();
        }
        return pids;
    }
    static QList<bool> startsResumed(NodeHarness &node, ConversationId of)
    {
        QList<bool> resumed;
        const auto events = node.query(ListEvents{.filter = {.conversation = of}});
        for (const Event &event : events.value_or(std::vector<Event>())) {
            if (event.kind == u"session.started")
                resumed += event.data.value(u"resumed"_s).toBool();
        }
        return resumed;
    }
    static bool ask(NodeHarness &node, ConversationId to, size_t messagesAfter)
    {
        return send(node, to, u"How many files are there?"_s) && QTest::qWaitFor([&] {
            const auto all = messages(node, to);
            return all.size() == messagesAfter && all.back().status == MessageStatus::Complete;
        }, patienceMs);
    }
};

void TestWarmSessions::nextMessageGoesToTheSameProcess()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(ask(node, chat, 2));
    const QList<qint64> first = agents(node.home());
    QCOMPARE(first.size(), 1);
    QVERIFY(ask(node, chat, 4));
    QCOMPARE(agents(node.home()), first);
    QCOMPARE(startsResumed(node, chat), QList<bool>{false});
    // Another conversation has an agent of its own.
    const ConversationId other = conversation(node);
    QVERIFY(ask(node, other, 2));
    QCOMPARE(agents(node.home()).size(), 2);
}

void TestWarmSessions::idleAgentIsLetGoAndResumed()
{
    NodeHarness node(false);
    const ConversationId chat = conversation(node);
    QVERIFY(node.submit(SetSetting{.key = u"agent.warm_seconds"_s, .value = 1}));
    QVERIFY(ask(node, chat, 2));
    QTRY_VERIFY_WITH_TIMEOUT(agents(node.home()).isEmpty(), patienceMs);
    QVERIFY(node.submit(SetSetting{.key = u"agent.warm_seconds"_s, .value = 300}));
    QVERIFY(ask(node, chat, 4));
    QCOMPARE(startsResumed(node, chat), (QList<bool>{false, true}));
    QCOMPARE(agents(node.home()).size(), 1);
}

void TestWarmSessions::agentThatDiedIdleIsReplaced()
{
    NodeHarness node(false);
    const ConversationId chat = conversation(node);
    QVERIFY(ask(node, chat, 2));
    const QList<qint64> first = agents(node.home());
    QCOMPARE(first.size(), 1);
    // At once, so that the node may or may not have seen the end when the next message comes.
    ::kill(static_cast<pid_t>(first.front()), SIGKILL);
    QVERIFY(ask(node, chat, 4));
    QCOMPARE(startsResumed(node, chat), (QList<bool>{false, true}));
    QVERIFY(agents(node.home()) != first);
}

void TestWarmSessions::stoppedTurnKeepsNoAgent()
{
    NodeHarness node(false);
    const ConversationId chat = conversation(node);
    QVERIFY(ask(node, chat, 2));
    QVERIFY(send(node, chat, u"@@slow:100 What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Streaming));
    QVERIFY(node.submit(StopTurn{.conversation = chat}));
    QVERIFY(answer(node, chat, MessageStatus::Interrupted));
    QTRY_VERIFY_WITH_TIMEOUT(agents(node.home()).isEmpty(), patienceMs);
}

void TestWarmSessions::endedNodeLeavesNoAgent_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"stopped", "terminated", "killed"})
        QTest::addRow("%s", how) << QString::fromLatin1(how);
}

void TestWarmSessions::endedNodeLeavesNoAgent()
{
    QFETCH(QString, how);
    auto node = std::make_unique<NodeHarness>(how != u"stopped");
    const QString home = node->home();
    const ConversationId chat = conversation(*node);
    QVERIFY(ask(*node, chat, 2));
    QCOMPARE(agents(home).size(), 1);
    if (how == u"stopped") {
        node.reset(); // waits for Node::stop()
        QCOMPARE(agents(home), QList<qint64>());
        return;
    }
    if (how == u"terminated") {
        node->server()->terminate();
        QVERIFY(node->server()->waitForFinished(patienceMs));
        QCOMPARE(agents(home), QList<qint64>());
    } else {
        node->killServer();
        QTRY_VERIFY_WITH_TIMEOUT(agents(home).isEmpty(), patienceMs);
    }
}

QTEST_GUILESS_MAIN(TestWarmSessions)
#include "tst_warm_sessions.moc"
