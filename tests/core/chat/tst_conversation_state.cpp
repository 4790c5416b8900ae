// The pure rules of a conversation: what goes together and when, and how an end is settled.
#include "core/chat/conversation_state.h"
#include "core/chat/turn_end.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestConversationState : public QObject {
    Q_OBJECT
private slots:
    void joins_data();
    void joins();
    void waitsWhileATurnRuns();
    void heldMessagesHoldAll();
    void editsAndRemoves();
    void putBackIsFirst();
    void joinedPrompt();
    void settlements_data();
    void settlements();
    void followers_data();
    void followers();
    void reconciliation();
    void counting();
};

namespace {
PersonMessage text(const QString &t) { return {.text = t, .attachments = {}}; }
} // namespace

void TestConversationState::joins_data()
{
    QTest::addColumn<QList<qint64>>("arrivals");
    QTest::addColumn<qint64>("due");
    QTest::newRow("one") << QList<qint64>{100} << qint64{1600};
    QTest::newRow("two in time") << QList<qint64>{100, 1500} << qint64{3000};
    QTest::newRow("a chain") << QList<qint64>{0, 1400, 2800} << qint64{4300};
    QTest::newRow("without a pause") << QList<qint64>{0, 1400, 2800, 4200, 5600} << qint64{6000};
}

void TestConversationState::joins()
{
    QFETCH(QList<qint64>, arrivals);
    QFETCH(qint64, due);
    ConversationState state;
    int id = 0;
    for (const qint64 at : std::as_const(arrivals)) {
        QVERIFY(!state.takeDue(at));
        state.enqueue({++id}, text(QString::number(id)), at);
    }
    QCOMPARE(state.dueAtMs(), due);
    QVERIFY(!state.takeDue(due - 1));
    const auto request = state.takeDue(due);
    QVERIFY(request);
    QCOMPARE(request->messages.size(), std::size_t(arrivals.size()));
    QVERIFY(state.queue().empty());
    QVERIFY(state.turnRuns());
}

void TestConversationState::waitsWhileATurnRuns()
{
    ConversationState state;
    state.enqueueWaiting({1}, text(u"a"_s), 0);
    QVERIFY(state.takeDue(0));
    state.enqueue({2}, text(u"b"_s), 10);
    state.enqueue({3}, text(u"c"_s), 9000);
    QVERIFY(!state.dueAtMs());
    QVERIFY(!state.takeDue(100'000));
    QVERIFY(!state.beginOther());
    state.turnEnded();
    const auto request = state.takeDue(20'000);
    QVERIFY(request);
    QCOMPARE(request->prompt.text, u"b\n\nc"_s);
}

void TestConversationState::heldMessagesHoldAll()
{
    ConversationState state;
    state.enqueue({1}, text(u"a"_s), 0);
    state.enqueue({2}, text(u"b"_s), 0);
    QVERIFY(state.hold({2}) && state.hold({2}));
    QVERIFY(!state.hold({9}) && !state.release({9}));
    QVERIFY(!state.takeDue(50'000));
    QVERIFY(state.release({2}));
    QVERIFY(!state.takeDue(50'000));
    QVERIFY(state.release({2}));
    QVERIFY(state.takeDue(50'000));
}

void TestConversationState::editsAndRemoves()
{
    ConversationState state;
    state.enqueue({1}, text(u"a"_s), 0);
    state.enqueue({2}, text(u"b"_s), 0);
    QVERIFY(state.edit({2}, u"B"_s));
    QVERIFY(!state.edit({3}, u"x"_s));
    QVERIFY(state.remove({1}));
    QVERIFY(!state.remove({1}));
    QCOMPARE(state.queue().front().message.text, u"B"_s);
    QCOMPARE(state.clear(), std::vector<MessageId>{{2}});
    QVERIFY(!state.dueAtMs());
}

void TestConversationState::putBackIsFirst()
{
    ConversationState state;
    state.enqueueWaiting({1}, text(u"a"_s), 0);
    const auto taken = state.queue();
    QVERIFY(state.takeDue(0));
    state.enqueue({2}, text(u"b"_s), 1);
    state.putBack(taken);
    QVERIFY(!state.turnRuns());
    QCOMPARE(state.takeDue(5000)->prompt.text, u"a\n\nb"_s);
}

void TestConversationState::joinedPrompt()
{
    const TurnRequest request =
        joined({{.id = {1}, .message = {.text = u"a"_s, .attachments = {u"x"_s, u"y"_s}}},
                {.id = {2}, .message = {.text = QString(), .attachments = {u"y"_s}}},
                {.id = {3}, .message = {.text = u"b"_s, .attachments = {}}}});
    QCOMPARE(request.prompt.text, u"a\n\nb"_s);
    QCOMPARE(request.prompt.attachments, (QStringList{u"x"_s, u"y"_s}));
    QCOMPARE(request.messages.size(), 3U);
}

void TestConversationState::settlements_data()
{
    QTest::addColumn<TurnOutcome>("outcome");
    QTest::addColumn<int>("reason"); // -1: none
    QTest::addColumn<MessageStatus>("status");
    QTest::addColumn<int>("settledReason");
    const auto row = [](const char *name, TurnOutcome outcome, int reason, MessageStatus status,
                        int settled) {
        QTest::newRow(name) << outcome << reason << status << settled;
    };
    using enum FailureReason;
    row("completed", TurnOutcome::Completed, -1, MessageStatus::Complete, -1);
    row("cancelled", TurnOutcome::Cancelled, -1, MessageStatus::Interrupted, int(Aborted));
    row("limit", TurnOutcome::LimitReached, -1, MessageStatus::Interrupted, int(TurnLimitExceeded));
    row("limit of money", TurnOutcome::LimitReached, int(BudgetExceeded), MessageStatus::Interrupted,
        int(BudgetExceeded));
    row("refused", TurnOutcome::Refused, -1, MessageStatus::Error, int(Unknown));
    row("crash", TurnOutcome::Failed, int(Crashed), MessageStatus::Interrupted, int(Crashed));
    row("stall", TurnOutcome::Failed, int(Stalled), MessageStatus::Interrupted, int(Stalled));
    row("not signed in", TurnOutcome::Failed, int(AuthRequired), MessageStatus::Error, int(AuthRequired));
    row("did not start", TurnOutcome::Failed, int(LaunchFailed), MessageStatus::Error, int(LaunchFailed));
    row("failed somehow", TurnOutcome::Failed, -1, MessageStatus::Error, int(Unknown));
}

void TestConversationState::settlements()
{
    QFETCH(TurnOutcome, outcome);
    QFETCH(int, reason);
    QFETCH(MessageStatus, status);
    QFETCH(int, settledReason);
    TurnEnd end{.outcome = outcome, .reason = {}, .detail = u"d"_s};
    if (reason >= 0)
        end.reason = FailureReason(reason);
    const Settlement settlement = settlementOf(end);
    QCOMPARE(settlement.status, status);
    QCOMPARE(settlement.reason ? int(*settlement.reason) : -1, settledReason);
    QCOMPARE(settlement.detail, u"d"_s);
}

void TestConversationState::followers_data()
{
    QTest::addColumn<MessageStatus>("from");
    QTest::addColumn<QList<MessageStatus>>("to");
    using enum MessageStatus;
    QTest::newRow("queued") << Queued << QList<MessageStatus>{Complete};
    QTest::newRow("pending") << Pending << QList<MessageStatus>{Streaming, Complete, Interrupted, Error};
    QTest::newRow("streaming") << Streaming << QList<MessageStatus>{Complete, Interrupted, Error};
    QTest::newRow("complete") << Complete << QList<MessageStatus>{};
    QTest::newRow("interrupted") << Interrupted << QList<MessageStatus>{};
    QTest::newRow("error") << Error << QList<MessageStatus>{};
}

void TestConversationState::followers()
{
    QFETCH(MessageStatus, from);
    QFETCH(QList<MessageStatus>, to);
    for (const auto &[status, name] : EnumNames<MessageStatus>::table)
        QVERIFY2(mayFollow(from, status) == to.contains(status), name);
}

void TestConversationState::reconciliation()
{
    std::vector<MessageRest> rows;
    qint64 id = 0;
    for (const auto &[status, name] : EnumNames<MessageStatus>::table)
        rows.push_back({.id = {++id}, .conversation = {1}, .status = status});
    const std::vector<SettleRow> settled = reconcile(rows);
    QCOMPARE(settled.size(), 2U);
    for (const SettleRow &row : settled) {
        QCOMPARE(row.settlement.status, MessageStatus::Interrupted);
        QCOMPARE(row.settlement.reason, FailureReason::Crashed);
        QCOMPARE(row.settlement.detail, u"node_died"_s); // it was not the agent
    }
}

void TestConversationState::counting()
{
    TurnCounters counters;
    counters.started = 3;
    counters.countEnd({});
    counters.countEnd({.status = MessageStatus::Error, .reason = FailureReason::Stalled, .detail = {}});
    counters.countEnd({});
    QCOMPARE(counters.endedTotal(), counters.started);
    QCOMPARE(counters.ended.value(u"complete"_s), 2);
    QCOMPARE(counters.ended.value(u"stalled"_s), 1);
}

QTEST_GUILESS_MAIN(TestConversationState)
#include "tst_conversation_state.moc"
