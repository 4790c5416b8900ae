// Sessions of chats between their turns, over a whole node with the demo agent: the same process goes on, and
// idle ones end. A chat waits for another message before each turn (spec "chat": 1.5 s), which is most of the
// time that this takes.
#include "tests/core/node/chat_helpers.h"

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

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
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

QTEST_GUILESS_MAIN(TestWarmSessions)
#include "tst_warm_sessions.moc"
