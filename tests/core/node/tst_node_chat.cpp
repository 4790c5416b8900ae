// Chat over a whole node with the demo agent, in this process and behind the socket; and what a killed node
// leaves.
#include "tests/core/node/node_harness.h"

#include <QDir>

#include <csignal>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeChat : public QObject {
    Q_OBJECT
private slots:
    void turnStreamsAndCompletes_data() { bothNodes(); }
    void turnStreamsAndCompletes();
    void messagesDuringATurnGoNext_data() { bothNodes(); }
    void messagesDuringATurnGoNext();
    void stopKeepsTheTextSoFar_data() { bothNodes(); }
    void stopKeepsTheTextSoFar();
    void crashLeavesAReasonAndRetryWorks_data() { bothNodes(); }
    void crashLeavesAReasonAndRetryWorks();
    void permissionIsAskedAndAnswered_data() { bothNodes(); }
    void permissionIsAskedAndAnswered();
    void toolCallsComeWithTheAnswer();
    void twoConversationsAtOnce_data() { bothNodes(); }
    void twoConversationsAtOnce();
    void whatCannotBeSentIsRefused_data() { bothNodes(); }
    void whatCannotBeSentIsRefused();
    void killedNodeLeavesNoUnfinishedTurn();
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
    static ConversationId conversation(NodeHarness &node)
    {
        const auto project = node.submit(OpenProject{.demo = true});
        const auto made = node.submit(NewConversation{.project = project->text});
        return made ? made->refs.conversation : ConversationId();
    }
    static bool send(NodeHarness &node, ConversationId to, const QString &text)
    {
        return node.submit(SendMessage{.conversation = to, .text = text}).has_value();
    }
    static std::vector<MessageInfo> messages(NodeHarness &node, ConversationId of)
    {
        return node.query(ListMessages{.conversation = of}).value_or(std::vector<MessageInfo>());
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
    // The newest answer once it has this status.
    static std::optional<MessageInfo> answer(NodeHarness &node, ConversationId of, MessageStatus status)
    {
        std::optional<MessageInfo> found;
        (void)QTest::qWaitFor([&] {
            const auto all = messages(node, of);
            if (!all.empty() && all.back().role == u"assistant" && all.back().status == status)
                found = all.back();
            return found.has_value();
        }, patienceMs);
        return found;
    }
};

void TestNodeChat::turnStreamsAndCompletes()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(chat.isValid());
    QString streamed;
    node.api().subscribe({.filter = {.conversation = chat}, .streams = true}, &node.api(),
                         [&](const Notice &notice) {
        const auto *stream = std::get_if<StreamNotice>(&notice);
        if (stream && stream->channel == u"text")
            streamed += stream->text;
    });
    QVERIFY(send(node, chat, u"What is this project?"_s));
    const auto done = answer(node, chat, MessageStatus::Complete);
    QVERIFY(done);
    QVERIFY(!done->text.isEmpty());
    QVERIFY(done->task.isValid());
    QTRY_COMPARE_WITH_TIMEOUT(streamed, done->text, patienceMs);
    const auto all = messages(node, chat);
    QCOMPARE(all.size(), 2U);
    QCOMPARE(all[0].status, MessageStatus::Complete);
    QCOMPARE(all[0].role, u"user"_s);
    const auto list = node.query(ListConversations{});
    QVERIFY(list);
    QCOMPARE(list->size(), 1U);
    QCOMPARE(list->front().title, u"What is this project?"_s);
    QVERIFY(!list->front().working);
    QCOMPARE(list->front().lastAnswer, MessageStatus::Complete);
    QVERIFY(list->front().unread);
    QVERIFY(node.submit(MarkRead{.conversation = chat}));
    const auto read = node.query(ListConversations{});
    QVERIFY(read);
    QVERIFY(!read->front().unread);
    QVERIFY(!node.submit(MarkRead{.conversation = ConversationId{999}}));
}

void TestNodeChat::messagesDuringATurnGoNext()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"@@slow:100 What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Streaming));
    QVERIFY(send(node, chat, u"How many files are there?"_s));
    QVERIFY(send(node, chat, u"And which languages?"_s));
    QCOMPARE(messages(node, chat).back().status, MessageStatus::Queued);
    QVERIFY(QTest::qWaitFor([&] {
        const auto all = messages(node, chat);
        return all.size() == 5 && all.back().status == MessageStatus::Complete;
    }, patienceMs));
    // The two went as one, after the first turn had ended.
    const auto all = messages(node, chat);
    QCOMPARE(all[1].role, u"assistant"_s);
    QVERIFY(all[4].createdAt >= all[1].endedAt);
}

void TestNodeChat::stopKeepsTheTextSoFar()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"@@slow:100 What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Streaming));
    QVERIFY(node.submit(StopTurn{.conversation = chat}));
    const auto stopped = answer(node, chat, MessageStatus::Interrupted);
    QVERIFY(stopped);
    QCOMPARE(stopped->reason, FailureReason::Aborted);
    QVERIFY(!stopped->text.isEmpty());
    QVERIFY(!node.submit(StopTurn{.conversation = chat})); // nothing runs
}

void TestNodeChat::crashLeavesAReasonAndRetryWorks()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"@@crash What is this project?"_s));
    const auto crashed = answer(node, chat, MessageStatus::Interrupted);
    QVERIFY(crashed);
    QCOMPARE(crashed->reason, FailureReason::Crashed);
    QVERIFY(node.submit(RetryTurn{.conversation = chat}));
    QVERIFY(QTest::qWaitFor([&] {
        const auto all = messages(node, chat);
        return all.size() == 3 && all.back().status == MessageStatus::Interrupted;
    }, patienceMs));
    QVERIFY(send(node, chat, u"What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Complete));
}

void TestNodeChat::permissionIsAskedAndAnswered()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"Run `git status`"_s));
    InboxInfo item;
    QVERIFY(QTest::qWaitFor([&] {
        const auto items = node.query(ListInbox{});
        if (items && !items->empty())
            item = items->front();
        return item.id.isValid();
    }, patienceMs));
    QCOMPARE(item.kind, InboxKind::Permission);
    QCOMPARE(item.refs.conversation, chat);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QVERIFY(answer(node, chat, MessageStatus::Complete));
}

void TestNodeChat::toolCallsComeWithTheAnswer()
{
    NodeHarness node(true);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"Write notes.txt with three words"_s));
    InboxInfo item;
    QVERIFY(QTest::qWaitFor([&] {
        const auto items = node.query(ListInbox{});
        if (items && !items->empty())
            item = items->front();
        return item.id.isValid();
    }, patienceMs));
    // While it waits for the person, the call is there and has no outcome.
    const auto waiting = messages(node, chat).back();
    QVERIFY(!waiting.tools.empty());
    QCOMPARE(waiting.tools.back().kind, ToolKind::Edit);
    QVERIFY(!waiting.tools.back().outcome);
    const auto list = node.query(ListConversations{});
    QVERIFY(list);
    QCOMPARE(list->front().waitingForYou, 1);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QVERIFY(answer(node, chat, MessageStatus::Complete));
    node.killServer();
    node.startServer();
    const auto done = answer(node, chat, MessageStatus::Complete);
    QVERIFY(done);
    QCOMPARE(done->tools.size(), waiting.tools.size());
    const ToolCall &call = done->tools.back();
    QCOMPARE(call.outcome, ToolOutcome::Ok);
    QVERIFY(call.title.contains(u"notes.txt"_s));
    QVERIFY(call.endedAt >= call.startedAt && call.startedAt > 0);
    QVERIFY(call.added > 0);
    QVERIFY(call.textOffset <= done->text.size());
    const auto detail = node.query(GetToolCall{.task = done->task, .tool = call.id});
    QVERIFY(detail);
    QVERIFY(detail->diff.contains(u"\n+"_s));
    QVERIFY(!node.query(GetToolCall{.task = done->task, .tool = u"nothing"_s}));
}

void TestNodeChat::twoConversationsAtOnce()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId slow = conversation(node);
    const ConversationId quick = conversation(node);
    QVERIFY(send(node, slow, u"@@slow:100 What is this project?"_s));
    QVERIFY(answer(node, slow, MessageStatus::Streaming));
    QVERIFY(send(node, quick, u"How many files are there?"_s));
    QVERIFY(answer(node, quick, MessageStatus::Complete));
    QCOMPARE(messages(node, slow).back().status, MessageStatus::Streaming);
}

void TestNodeChat::whatCannotBeSentIsRefused()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    const auto empty = node.submit(SendMessage{.conversation = chat, .text = u"  "_s});
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::InvalidArgument);
    const auto nowhere = node.submit(SendMessage{.conversation = ConversationId{999}, .text = u"hello"_s});
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, ErrorCode::NotFound);
    const auto nothing = node.submit(RetryTurn{.conversation = chat});
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().code, ErrorCode::NotFound);
}

void TestNodeChat::killedNodeLeavesNoUnfinishedTurn()
{
    NodeHarness node(true);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"@@slow:100 What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Streaming));
    QVERIFY(send(node, chat, u"How many files are there?"_s));
    node.killServer();
    node.startServer();
    // What streamed is settled with its reason and the text so far; what waited is sent.
    QVERIFY(QTest::qWaitFor([&] {
        const auto all = messages(node, chat);
        return all.size() == 4 && all.back().status == MessageStatus::Complete;
    }, patienceMs));
    const auto all = messages(node, chat);
    QCOMPARE(all[1].status, MessageStatus::Interrupted);
    QCOMPARE(all[1].reason, FailureReason::Crashed);
    QVERIFY(!all[1].text.isEmpty());
    QVERIFY(QTest::qWaitFor([&] {
        const auto tasks = node.query(ListTasks{.activeOnly = true});
        return tasks && tasks->empty();
    }, patienceMs));
}

void TestNodeChat::nextMessageGoesToTheSameProcess()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(ask(node, chat, 2));
    const QList<qint64> first = agents(node.home());
    QCOMPARE(first.size(), 1);
    QVERIFY(ask(node, chat, 4));
    QVERIFY(ask(node, chat, 6));
    QCOMPARE(agents(node.home()), first);
    QCOMPARE(startsResumed(node, chat), QList<bool>{false});
    // Another conversation has an agent of its own.
    const ConversationId other = conversation(node);
    QVERIFY(ask(node, other, 2));
    QCOMPARE(agents(node.home()).size(), 2);
}

void TestNodeChat::idleAgentIsLetGoAndResumed()
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

void TestNodeChat::agentThatDiedIdleIsReplaced()
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

void TestNodeChat::stoppedTurnKeepsNoAgent()
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

void TestNodeChat::endedNodeLeavesNoAgent_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"stopped", "terminated", "killed"})
        QTest::addRow("%s", how) << QString::fromLatin1(how);
}

void TestNodeChat::endedNodeLeavesNoAgent()
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

QTEST_GUILESS_MAIN(TestNodeChat)
#include "tst_node_chat.moc"
