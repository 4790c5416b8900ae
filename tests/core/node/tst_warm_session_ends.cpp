// How sessions of chats come to an end between their turns: none is left that nobody owns, however the agent,
// the turn or the node ended.
#include "tests/core/node/chat_helpers.h"

#include <csignal>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestWarmSessionEnds : public QObject {
    Q_OBJECT
private slots:
    void agentThatDiedIdleIsReplaced();
    void stoppedTurnKeepsNoAgent();
    void endedNodeLeavesNoAgent_data();
    void endedNodeLeavesNoAgent();
};

void TestWarmSessionEnds::agentThatDiedIdleIsReplaced()
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

void TestWarmSessionEnds::stoppedTurnKeepsNoAgent()
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

void TestWarmSessionEnds::endedNodeLeavesNoAgent_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"stopped", "terminated", "killed"})
        QTest::addRow("%s", how) << QString::fromLatin1(how);
}

void TestWarmSessionEnds::endedNodeLeavesNoAgent()
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

QTEST_GUILESS_MAIN(TestWarmSessionEnds)
#include "tst_warm_session_ends.moc"
