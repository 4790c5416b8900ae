// Chat over a whole node with the demo agent, in this process and behind the socket; and what a killed node
// leaves.
#include "tests/core/node/chat_helpers.h"

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
    void permissionDiesWithItsAsker();
    void toolCallsComeWithTheAnswer();
    void twoConversationsAtOnce_data() { bothNodes(); }
    void twoConversationsAtOnce();
    void aTurnAloneIsNoLoad();
    void whatCannotBeSentIsRefused_data() { bothNodes(); }
    void whatCannotBeSentIsRefused();
    void killedNodeLeavesNoUnfinishedTurn();

private:
    static void bothNodes()
    {
        QTest::addColumn<bool>("background");
        QTest::addRow("in process") << false;
        QTest::addRow("background") << true;
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
    QVERIFY(waitFor([&] {
        const auto all = messages(node, chat);
        return all.size() == 5 && all.back().status == MessageStatus::Complete;
    }));
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
    QVERIFY(waitFor([&] {
        const auto all = messages(node, chat);
        return all.size() == 3 && all.back().status == MessageStatus::Interrupted;
    }));
    QVERIFY(send(node, chat, u"What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Complete));
}

void TestNodeChat::permissionIsAskedAndAnswered()
{
    QFETCH(bool, background);
    NodeHarness node(background);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"Run `git status`"_s));
    const InboxInfo item = node.openItem();
    QVERIFY(item.id.isValid());
    QCOMPARE(item.kind, InboxKind::Permission);
    QCOMPARE(item.refs.conversation, chat);
    QCOMPARE(item.place, WorkPlace::Project); // a chat has no worktree of its own
    QCOMPARE(item.folder, item.project);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QVERIFY(answer(node, chat, MessageStatus::Complete));
}

void TestNodeChat::permissionDiesWithItsAsker()
{
    NodeHarness node(true);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"Run `git status`"_s));
    const InboxInfo item = node.openItem();
    QVERIFY(item.id.isValid());
    QCOMPARE(item.projectName, QFileInfo(item.project).fileName());
    QVERIFY(!item.project.isEmpty());
    node.killServer();
    node.startServer();
    QVERIFY(answer(node, chat, MessageStatus::Interrupted));
    const auto left = node.query(ListInbox{});
    QVERIFY(left);
    QVERIFY(left->empty());
    const auto seen = node.query(ListInbox{.item = item.id});
    QVERIFY(seen);
    QCOMPARE(seen->front().status, InboxStatus::Withdrawn);
    const auto late = node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes});
    QVERIFY(!late);
    QCOMPARE(late.error(),
             (Error{.code = ErrorCode::Conflict, .detail = u"withdrawn"_s, .where = u"inbox_closed"_s}));
    QVERIFY(node.query(ListInbox{.item = item.id})->front().answer.isEmpty());
}

void TestNodeChat::toolCallsComeWithTheAnswer()
{
    NodeHarness node(true);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"Write notes.txt with three words"_s));
    const InboxInfo item = node.openItem();
    QVERIFY(item.id.isValid());
    // While it waits for the person, the call is there and has no outcome.
    const auto waiting = messages(node, chat).back();
    QVERIFY(!waiting.tools.empty());
    QCOMPARE(waiting.tools.back().kind, ToolKind::Edit);
    QVERIFY(!waiting.tools.back().outcome);
    QVERIFY(waiting.tools.back().waitsForYou);
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
    QVERIFY(!call.waitsForYou);
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

void TestNodeChat::aTurnAloneIsNoLoad()
{
    NodeHarness node(false);
    const auto status = [&] {
        return node.query(GetStatus{}).value_or(NodeStatus{.load = SwarmLoad::Saturated});
    };
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"@@slow:100 What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Streaming));
    QTRY_COMPARE_WITH_TIMEOUT(status().running, 1, patienceMs);
    QCOMPARE(status().chatting, 1);
    QCOMPARE(status().load, SwarmLoad::Quiet);
    // A run beside it is load.
    const QTemporaryDir dir;
    QFile flow(dir.filePath(u"flows/own.flow.yaml"_s));
    QVERIFY(QDir(dir.path()).mkdir(u"flows"_s) && flow.open(QIODevice::WriteOnly));
    flow.write("muster: 1\nname: own\nsteps:\n  - { id: s, isolation: none, "
               "run: 'until [ -e ${{ project.path }}/go ]; do sleep 0.05; done' }\n");
    flow.close();
    const auto run = node.submit(StartRun{.project = dir.path(), .flow = u"own"_s, .trust = true});
    QVERIFY(run);
    QTRY_COMPARE_WITH_TIMEOUT(status().load, SwarmLoad::Working, patienceMs);
    QFile go(dir.filePath(u"go"_s));
    QVERIFY(go.open(QIODevice::WriteOnly));
    QVERIFY(node.ended(run->refs.run));
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
    QVERIFY(waitFor([&] { // what is not stored yet when it dies is lost
        const auto all = messages(node, chat);
        return all.size() == 2 && !all[1].text.isEmpty();
    }));
    QVERIFY(send(node, chat, u"How many files are there?"_s));
    node.killServer();
    node.startServer();
    // What streamed is settled with its reason and the text so far; what waited is sent.
    QVERIFY(waitFor([&] {
        const auto all = messages(node, chat);
        return all.size() == 4 && all.back().status == MessageStatus::Complete;
    }));
    const auto all = messages(node, chat);
    QCOMPARE(all[1].status, MessageStatus::Interrupted);
    QCOMPARE(all[1].reason, FailureReason::Crashed);
    QVERIFY(!all[1].text.isEmpty());
    QVERIFY(waitFor([&] {
        const auto tasks = node.query(ListTasks{.activeOnly = true});
        return tasks && tasks->empty();
    }));
}

QTEST_GUILESS_MAIN(TestNodeChat)
#include "tst_node_chat.moc"
