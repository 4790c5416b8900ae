// The dispatcher against a journal and a runner in memory and a clock set by hand.
#include "core/chat/chat_dispatcher.h"
#include "tests/core/chat/chat_fakes.h"

#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

const ConversationId kFirst{1};
const ConversationId kSecond{2};

struct Ground {
    ManualClock clock;
    Disk disk;
    std::shared_ptr<MemoryJournal> journal = std::make_shared<MemoryJournal>(&disk, &clock);
    FakeRunner runner;
    std::unique_ptr<ChatDispatcher> chat = std::make_unique<ChatDispatcher>(journal, &runner, &clock);

    static void settleEvents()
    {
        for (int i = 0; i < 10; ++i) {
            QCoreApplication::processEvents();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    }
    void pass(qint64 ms)
    {
        settleEvents();
        clock.ms += ms;
        chat->wake();
        settleEvents();
    }
    void send(const QString &text, ConversationId conversation = kFirst) const
    {
        chat->send(conversation, {.text = text, .attachments = {}});
        settleEvents();
    }
    // Sends and waits until the turn has begun.
    MessageId turn(const QString &text, ConversationId conversation = kFirst)
    {
        send(text, conversation);
        pass(ConversationState::joinMs);
        return runner.started.back().assistant;
    }
    const Row &row(MessageId id) { return disk.rows.at(id); }
    // As if the process had died: what was not committed never happened.
    void crash()
    {
        chat.reset();
        journal = std::make_shared<MemoryJournal>(&disk, &clock);
        runner.running.clear();
        runner.started.clear();
        chat = std::make_unique<ChatDispatcher>(journal, &runner, &clock);
    }
};

} // namespace

class TestChatDispatcher : public QObject {
    Q_OBJECT
private slots:
    void storedBeforeAnythingElse();
    void oneTurnFromStartToEnd();
    void messagesInTimeGoAsOne();
    void messagesDuringATurnGoAsOneAfterIt();
    void steeredIntoTheTurn();
    void notSteeredWaitsLikeAnyOther();
    void steeredWithoutATurnWaits();
    void conversationsDoNotWaitForEachOther();
    void textIsFlushedInTime();
    void paragraphsByMessage();
    void endsLeaveTextAndReason_data();
    void endsLeaveTextAndReason();
    void lateWordsAreIgnored();
    void stopBeforeTheTurnHasBegun();
    void stopWithTheQueue();
    void stopOfNothing();
    void queuedCanBeChanged();
    void retryAsksAgain();
    void refusingStoreLosesNothing_data();
    void refusingStoreLosesNothing();
    void interruptAllSettlesAndWaits();
    void crashIsReconciled();
    void timerWakesByItself();
};

void TestChatDispatcher::storedBeforeAnythingElse()
{
    Ground g;
    g.journal->immediate = false;
    const auto stored = g.chat->send(kFirst, {.text = u"hi"_s, .attachments = {u"f"_s}});
    g.pass(10'000);
    QVERIFY(!stored.isFinished());
    QVERIFY(g.chat->queue(kFirst).empty());
    QVERIFY(g.runner.started.empty());
    g.journal->commitOne();
    Ground::settleEvents();
    QVERIFY(stored.isFinished());
    QCOMPARE(g.chat->queue(kFirst).size(), 1U);
    g.pass(ConversationState::joinMs);
    QVERIFY(g.runner.started.empty()); // the assistant's row is not durable yet
    g.journal->commitOne();
    Ground::settleEvents();
    QCOMPARE(g.runner.started.size(), 1U);
    QCOMPARE(g.runner.started[0].prompt.attachments, QStringList{u"f"_s});
}

void TestChatDispatcher::oneTurnFromStartToEnd()
{
    Ground g;
    QSignalSpy added(g.chat.get(), &ChatDispatcher::textAdded);
    QSignalSpy settled(g.chat.get(), &ChatDispatcher::turnSettled);
    const MessageId turn = g.turn(u"hi"_s);
    QCOMPARE(g.row(turn).status, MessageStatus::Pending);
    QVERIFY(g.chat->isWorking(kFirst));
    g.runner.say(turn, u"Hel"_s);
    g.runner.say(turn, u"lo"_s);
    g.pass(ChatDispatcher::flushMs);
    QCOMPARE(g.row(turn).status, MessageStatus::Streaming);
    QCOMPARE(g.row(turn).message.text, u"Hello"_s);
    g.runner.say(turn, u"!"_s);
    g.runner.finish(turn);
    Ground::settleEvents();
    QCOMPARE(g.row(turn).status, MessageStatus::Complete);
    QCOMPARE(g.row(turn).message.text, u"Hello!"_s);
    QCOMPARE(added.count(), 3);
    QCOMPARE(settled.count(), 1);
    QVERIFY(g.chat->isIdle());
    QCOMPARE(g.chat->counters().endedTotal(), g.chat->counters().started);
}

void TestChatDispatcher::messagesInTimeGoAsOne()
{
    Ground g;
    g.send(u"a"_s);
    g.pass(1000);
    g.send(u"b"_s);
    g.pass(1400);
    QVERIFY(g.runner.started.empty());
    g.pass(100);
    QCOMPARE(g.runner.started.size(), 1U);
    QCOMPARE(g.runner.started[0].prompt.text, u"a\n\nb"_s);
}

void TestChatDispatcher::messagesDuringATurnGoAsOneAfterIt()
{
    Ground g;
    const MessageId turn = g.turn(u"first"_s);
    g.send(u"a"_s);
    g.pass(5000);
    g.send(u"b"_s);
    g.pass(5000);
    QCOMPARE(g.runner.started.size(), 1U);
    QCOMPARE(g.chat->queue(kFirst).size(), 2U);
    g.runner.finish(turn);
    Ground::settleEvents();
    QCOMPARE(g.runner.started.size(), 2U);
    QCOMPARE(g.runner.started[1].prompt.text, u"a\n\nb"_s);
}

void TestChatDispatcher::steeredIntoTheTurn()
{
    Ground g;
    const MessageId turn = g.turn(u"one"_s);
    g.chat->send(kFirst, {.text = u"and this"_s, .attachments = {}}, true);
    Ground::settleEvents();
    QCOMPARE(g.runner.steering.size(), size_t{1});
    QCOMPARE(g.runner.steering.front().assistant, turn);
    QCOMPARE(g.runner.steering.front().message.text, u"and this"_s);
    const MessageId message = g.chat->queue(kFirst).front().id;
    QCOMPARE(g.row(message).status, MessageStatus::Queued); // until the agent has said that it has it
    g.runner.steering.front().done({});
    Ground::settleEvents();
    QCOMPARE(g.row(message).status, MessageStatus::Complete);
    QVERIFY(g.chat->queue(kFirst).empty());
    g.runner.finish(turn);
    g.pass(ConversationState::joinMs);
    QCOMPARE(g.runner.started.size(), size_t{1}); // it went once
}

void TestChatDispatcher::notSteeredWaitsLikeAnyOther()
{
    Ground g;
    const MessageId turn = g.turn(u"one"_s);
    g.chat->send(kFirst, {.text = u"and this"_s, .attachments = {}}, true);
    Ground::settleEvents();
    // The turn ends before the agent has answered: the next one waits until it is known.
    g.runner.finish(turn);
    g.pass(ConversationState::joinMs);
    QCOMPARE(g.runner.started.size(), size_t{1});
    g.runner.steering.front().done(fail(ErrorCode::Unsupported));
    g.pass(ConversationState::joinMs);
    QCOMPARE(g.runner.started.size(), size_t{2});
    QCOMPARE(g.runner.started.back().prompt.text, u"and this"_s);
}

void TestChatDispatcher::steeredWithoutATurnWaits()
{
    Ground g;
    g.chat->send(kFirst, {.text = u"one"_s, .attachments = {}}, true);
    g.pass(ConversationState::joinMs);
    QVERIFY(g.runner.steering.empty());
    QCOMPARE(g.runner.started.size(), size_t{1});
}

void TestChatDispatcher::conversationsDoNotWaitForEachOther()
{
    Ground g;
    const MessageId first = g.turn(u"a"_s, kFirst);
    const MessageId second = g.turn(u"b"_s, kSecond);
    QVERIFY(first != second);
    g.runner.say(second, u"only here"_s);
    g.pass(ChatDispatcher::flushMs);
    QCOMPARE(g.row(first).message.text, QString());
    QCOMPARE(g.row(second).message.text, u"only here"_s);
}

void TestChatDispatcher::textIsFlushedInTime()
{
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    qint64 oldestUnstored = -1;
    for (int i = 0; i < 300; ++i) {
        g.runner.say(turn, QString::number(i));
        if (oldestUnstored < 0)
            oldestUnstored = g.clock.ms;
        g.pass(7);
        if (g.row(turn).message.text == g.runner.running.at(turn).said)
            oldestUnstored = -1;
        QVERIFY2(oldestUnstored < 0 || g.clock.ms - oldestUnstored <= 250, qPrintable(QString::number(i)));
    }
    QVERIFY(g.row(turn).textAtMs > 0);
}

void TestChatDispatcher::paragraphsByMessage()
{
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    g.chat->turnText(turn, u"m1"_s, u"one"_s);
    g.chat->turnThinking(turn, u"hm"_s);
    g.chat->turnText(turn, u"m2"_s, u"two"_s);
    g.runner.finish(turn);
    Ground::settleEvents();
    QCOMPARE(g.row(turn).message.text, u"one\n\ntwo"_s);
    QCOMPARE(g.row(turn).thinking, u"hm"_s);
}

void TestChatDispatcher::endsLeaveTextAndReason_data()
{
    QTest::addColumn<TurnOutcome>("outcome");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<MessageStatus>("status");
    QTest::newRow("cancelled") << TurnOutcome::Cancelled << FailureReason::Aborted
                               << MessageStatus::Interrupted;
    QTest::newRow("agent died") << TurnOutcome::Failed << FailureReason::Crashed
                                << MessageStatus::Interrupted;
    QTest::newRow("rate limit") << TurnOutcome::Failed << FailureReason::RateLimited << MessageStatus::Error;
    QTest::newRow("protocol") << TurnOutcome::Failed << FailureReason::ProtocolError << MessageStatus::Error;
}

void TestChatDispatcher::endsLeaveTextAndReason()
{
    QFETCH(TurnOutcome, outcome);
    QFETCH(FailureReason, reason);
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    g.runner.say(turn, u"so far"_s);
    g.runner.finish(turn, {.outcome = outcome, .reason = reason, .detail = u"why"_s});
    Ground::settleEvents();
    QTEST(g.row(turn).status, "status");
    QCOMPARE(g.row(turn).message.text, u"so far"_s);
    QCOMPARE(g.row(turn).settlement.reason, reason);
    QCOMPARE(g.row(turn).settlement.detail, u"why"_s);
    QCOMPARE(g.chat->counters().ended.value(enumName(reason)), 1);
}

void TestChatDispatcher::lateWordsAreIgnored()
{
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    g.runner.finish(turn);
    g.chat->turnText(turn, u"m"_s, u"late"_s);
    g.chat->turnEnded(turn, {.outcome = TurnOutcome::Failed, .reason = {}, .detail = {}});
    Ground::settleEvents();
    g.chat->turnText(turn, u"m"_s, u"later"_s);
    g.chat->turnEnded({99}, {});
    Ground::settleEvents();
    QCOMPARE(g.row(turn).status, MessageStatus::Complete);
    QCOMPARE(g.row(turn).message.text, QString());
    QCOMPARE(g.chat->counters().endedTotal(), 1);
}

void TestChatDispatcher::stopBeforeTheTurnHasBegun()
{
    Ground g;
    g.send(u"a"_s);
    g.journal->immediate = false;
    g.pass(ConversationState::joinMs);
    QVERIFY(g.chat->stop(kFirst, false));
    g.journal->immediate = true;
    g.journal->commitOne();
    Ground::settleEvents();
    QVERIFY(g.runner.started.empty());
    QCOMPARE(g.disk.rows.rbegin()->second.status, MessageStatus::Interrupted);
    QVERIFY(g.chat->isIdle());
    QCOMPARE(g.chat->counters().endedTotal(), g.chat->counters().started);
}

void TestChatDispatcher::stopWithTheQueue()
{
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    g.send(u"queued"_s);
    QVERIFY(g.chat->stop(kFirst, true));
    QVERIFY(g.runner.running.at(turn).stopAsked);
    g.runner.finish(turn, {.outcome = TurnOutcome::Cancelled, .reason = {}, .detail = {}});
    g.pass(10'000);
    QCOMPARE(g.runner.started.size(), 1U);
    QVERIFY(g.chat->queue(kFirst).empty());
    QCOMPARE(g.row(turn).status, MessageStatus::Interrupted);
}

void TestChatDispatcher::stopOfNothing()
{
    Ground g;
    QCOMPARE(g.chat->stop(kFirst, true).error().code, ErrorCode::NotFound);
}

void TestChatDispatcher::queuedCanBeChanged()
{
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    g.send(u"wrong"_s);
    g.send(u"not needed"_s);
    const auto queue = g.chat->queue(kFirst);
    g.journal->immediate = false;
    const auto edited = g.chat->changeQueued(kFirst, queue[0].id, u"right"_s);
    const auto removed = g.chat->changeQueued(kFirst, queue[1].id, std::nullopt);
    g.journal->immediate = true;
    g.runner.finish(turn);
    g.pass(10'000);
    QCOMPARE(g.runner.started.size(), 1U); // the queue waits for the changes
    g.journal->commitOne();
    g.journal->commitOne();
    Ground::settleEvents();
    QVERIFY(edited.result() && removed.result());
    QCOMPARE(g.runner.started.size(), 2U);
    QCOMPARE(g.runner.started[1].prompt.text, u"right"_s);
    QCOMPARE(g.chat->changeQueued(kFirst, queue[0].id, u"too late"_s).result().error().code,
             ErrorCode::Conflict);
}

void TestChatDispatcher::retryAsksAgain()
{
    Ground g;
    const auto none = g.chat->retry(kSecond);
    Ground::settleEvents();
    QCOMPARE(none.result().error().code, ErrorCode::NotFound);
    const MessageId turn = g.turn(u"question"_s);
    QCOMPARE(g.chat->retry(kFirst).result().error().code, ErrorCode::Conflict);
    g.runner.finish(turn, {.outcome = TurnOutcome::Failed, .reason = {}, .detail = {}});
    Ground::settleEvents();
    const auto again = g.chat->retry(kFirst);
    Ground::settleEvents();
    QVERIFY(again.result());
    QCOMPARE(g.runner.started.size(), 2U);
    QCOMPARE(g.runner.started[1].prompt.text, u"question"_s);
    QVERIFY(g.runner.started[1].assistant != turn);
}

void TestChatDispatcher::refusingStoreLosesNothing_data()
{
    QTest::addColumn<int>("when");
    QTest::newRow("the message") << 0;
    QTest::newRow("the turn's row") << 1;
    QTest::newRow("the text") << 2;
    QTest::newRow("the end") << 3;
}

void TestChatDispatcher::refusingStoreLosesNothing()
{
    QFETCH(int, when);
    Ground g;
    QSignalSpy failed(g.chat.get(), &ChatDispatcher::storeFailed);
    const auto refuseAt = [&](int step) {
        g.journal->refuse = step == when ? 2 : 0;
    };
    refuseAt(0);
    const auto stored = g.chat->send(kFirst, {.text = u"hi"_s, .attachments = {}});
    Ground::settleEvents();
    if (when == 0) {
        QCOMPARE(stored.result().error().code, ErrorCode::DiskFull); // told, not kept in secret
        QVERIFY(g.disk.rows.empty());
        return;
    }
    refuseAt(1);
    for (int i = 0; i < 5 && g.runner.started.empty(); ++i)
        g.pass(ConversationState::joinMs);
    QCOMPARE(g.runner.started.size(), 1U);
    const MessageId turn = g.runner.started[0].assistant;
    refuseAt(2);
    g.runner.say(turn, u"text"_s);
    for (int i = 0; i < 5; ++i)
        g.pass(ChatDispatcher::flushMs);
    QCOMPARE(g.row(turn).message.text, u"text"_s);
    refuseAt(3);
    g.runner.finish(turn);
    for (int i = 0; i < 5; ++i)
        g.pass(ChatDispatcher::storeRetryMs);
    QCOMPARE(g.row(turn).status, MessageStatus::Complete);
    QCOMPARE(g.row(turn).message.text, u"text"_s);
    QCOMPARE(failed.count(), 2);
    QVERIFY(g.chat->isIdle());
}

void TestChatDispatcher::interruptAllSettlesAndWaits()
{
    Ground g;
    const MessageId turn = g.turn(u"a"_s);
    g.runner.say(turn, u"so far"_s);
    g.send(u"next"_s);
    g.chat->interruptAll(FailureReason::Aborted, u"sleep"_s);
    g.pass(10'000);
    QVERIFY(g.runner.running.at(turn).stopAsked);
    QCOMPARE(g.row(turn).status, MessageStatus::Interrupted);
    QCOMPARE(g.row(turn).message.text, u"so far"_s);
    QCOMPARE(g.row(turn).settlement.detail, u"sleep"_s);
    QVERIFY(g.chat->isIdle());
    QCOMPARE(g.runner.started.size(), 1U);
    QCOMPARE(g.chat->retry(kFirst).result().error().code, ErrorCode::Unavailable);
    g.chat->resume();
    Ground::settleEvents();
    QCOMPARE(g.runner.started.size(), 2U);
}

void TestChatDispatcher::crashIsReconciled()
{
    Ground g;
    const MessageId streaming = g.turn(u"a"_s, kFirst);
    g.runner.say(streaming, u"so far"_s);
    g.pass(ChatDispatcher::flushMs);
    const MessageId pending = g.turn(u"b"_s, kSecond);
    g.send(u"queued"_s, kFirst);
    g.crash();
    const auto recovered = g.chat->recover();
    Ground::settleEvents();
    QCOMPARE(recovered.result().value(), 2);
    QCOMPARE(g.chat->counters().reconciled, 2);
    for (const MessageId id : {streaming, pending}) {
        QCOMPARE(g.row(id).status, MessageStatus::Interrupted);
        QCOMPARE(g.row(id).settlement.reason, FailureReason::Crashed);
    }
    QCOMPARE(g.row(streaming).message.text, u"so far"_s);
    QCOMPARE(g.runner.started.size(), 1U);
    QCOMPARE(g.runner.started[0].prompt.text, u"queued"_s);
}

void TestChatDispatcher::timerWakesByItself()
{
    Disk disk;
    ManualClock unused;
    FakeRunner runner;
    const SystemClock clock;
    ChatDispatcher chat(std::make_shared<MemoryJournal>(&disk, &unused), &runner, &clock);
    chat.send(kFirst, {.text = u"a"_s, .attachments = {}});
    QTRY_COMPARE_WITH_TIMEOUT(runner.started.size(), 1U, 30'000);
    const MessageId turn = runner.started[0].assistant;
    runner.say(turn, u"text"_s);
    QTRY_COMPARE_WITH_TIMEOUT(disk.rows.at(turn).message.text, u"text"_s, 30'000);
    runner.finish(turn);
    QTRY_COMPARE_WITH_TIMEOUT(disk.rows.at(turn).status, MessageStatus::Complete, 30'000);
}

QTEST_GUILESS_MAIN(TestChatDispatcher)
#include "tst_chat_dispatcher.moc"
