// What pools are for: five heavy schedules come due at the same moment while a person chats. Two run, three
// wait and that is said, the chat goes on and waits for no slot, and all five are done in the end.
#include "core/store/connection.h"
#include "tests/core/node/chat_helpers.h"

#include <QTimeZone>

#include <atomic>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int schedules = 5;
constexpr int cap = 2;
const QString heavy = u"@@slow:5 @@chunk:150 @@count:600 say hello"_s; // three seconds of 200 lines each

// The system's, and time can be let pass.
class LeapingClock final : public Clock {
public:
    [[nodiscard]] qint64 nowMs() const override { return m_system.nowMs() + m_ahead; }
    [[nodiscard]] qint64 monotonicMs() const override { return m_system.monotonicMs() + m_ahead; }
    void leapTo(qint64 wallMs) { m_ahead += wallMs - nowMs(); }

private:
    SystemClock m_system;
    std::atomic<qint64> m_ahead = 0;
};

} // namespace

class TestFiveAtOnce : public QObject {
    Q_OBJECT
private slots:
    void init();
    void twoRunAndTheChatGoesOn();

private:
    [[nodiscard]] ScheduleId save(NodeHarness &node, const QString &name, const QString &when) const;
    [[nodiscard]] static NodeStatus status(NodeHarness &node)
    {
        return node.query(GetStatus{}).value_or(NodeStatus{});
    }
    // Of the log, oldest first: of tasks of schedules, and the ends of turns.
    [[nodiscard]] static std::vector<Event> told(NodeHarness &node)
    {
        return node
            .query(ListEvents{
                .filter = {.kinds = {u"task.claimed"_s, u"task.finished"_s, u"chat.turn_settled"_s}},
                .limit = 1000})
            .value_or(std::vector<Event>());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFiveAtOnce::init() { m_folder = std::make_unique<QTemporaryDir>(); }

ScheduleId TestFiveAtOnce::save(NodeHarness &node, const QString &name, const QString &when) const
{
    const auto done = node.submit(SaveSchedule{
        .project = m_folder->path(),
        .spec = {.name = name, .prompt = heavy, .when = when, .zone = u"UTC"_s, .pool = u"scheduled"_s}});
    return ScheduleId{done ? done->text.toLongLong() : 0};
}

void TestFiveAtOnce::twoRunAndTheChatGoesOn()
{
    LeapingClock clock;
    NodeHarness node(false, {}, &clock);
    QVERIFY(node.submit(SetSetting{.key = u"pools.scheduled"_s, .value = cap}));
    // However busy the machine is that this runs on.
    QVERIFY(node.submit(SetSetting{.key = u"admission.load"_s, .value = 0}));
    const ConversationId chat = conversation(node);
    QVERIFY(ask(node, chat, 2));
    QVERIFY(send(node, chat, u"@@slow:60 @@count:40 What is this project?"_s));
    QVERIFY(answer(node, chat, MessageStatus::Streaming));
    QVERIFY(waitFor([&] { return status(node).load == SwarmLoad::Quiet && status(node).chatting == 1; }));

    constexpr qint64 minuteMs = 60'000;
    const qint64 due = (clock.nowMs() / minuteMs + 2) * minuteMs;
    const QString when =
        QDateTime::fromMSecsSinceEpoch(due, QTimeZone::utc()).toString(u"yyyy-MM-dd HH:mm"_s);
    QList<ScheduleId> ids;
    for (int i = 0; i < schedules; ++i)
        ids += save(node, u"heavy%1"_s.arg(i), when);
    QVERIFY(std::ranges::all_of(ids, &ScheduleId::isValid));
    clock.leapTo(due);
    QVERIFY(save(node, u"later"_s, u"@yearly"_s).isValid()); // has the schedules looked at
    // In one look: three wait for a moment, too, when only three have been queued yet.
    NodeStatus now;
    QVERIFY(waitFor([&] {
        now = status(node);
        return now.waitingForSlot == schedules - cap && now.running - now.chatting == cap;
    }));
    QCOMPARE(now.load, SwarmLoad::Saturated);
    QVERIFY(answer(node, chat, MessageStatus::Complete));
    QVERIFY(ask(node, chat, 6));

    for (const ScheduleId id : std::as_const(ids)) {
        ScheduleDetail detail;
        QVERIFY(waitFor([&] {
            detail = node.query(ShowSchedule{.schedule = id}).value_or(ScheduleDetail{});
            return detail.firings.size() == 1 && detail.firings.front().completedAt > 0;
        }));
        QCOMPARE(detail.firings.front().status, FiringStatus::Completed);
        QCOMPARE(detail.firings.front().nominalAt, due);
    }
    QVERIFY(waitFor([&] { return status(node).load == SwarmLoad::Quiet && status(node).running == 0; }));

    // At no moment more than two, as the log tells it, and no turn of the chat was behind them.
    int running = 0;
    int claimed = 0;
    int turnsBeforeLast = 0;
    for (const Event &event : told(node)) {
        if (event.kind == u"chat.turn_settled"_s)
            turnsBeforeLast += claimed < schedules ? 1 : 0;
        if (!event.source.startsWith(u"schedule:"_s))
            continue;
        running += event.kind == u"task.claimed"_s ? 1 : -1;
        claimed += event.kind == u"task.claimed"_s ? 1 : 0;
        QVERIFY(running <= cap);
    }
    QCOMPARE(claimed, schedules);
    QCOMPARE(running, 0);
    QCOMPARE(turnsBeforeLast, 3);
    const auto store =
        Connection::open({.file = node.paths().storeFile, .mode = ConnectionOptions::Mode::ReadOnly});
    QVERIFY(store);
    const auto count = [&](const QString &where) {
        return (*store)->value<qint64>(u"SELECT count(*) FROM messages WHERE "_s + where).value().value();
    };
    QCOMPARE(count(u"role = 'assistant' AND status = 'complete'"_s), 3);
    QCOMPARE(count(u"role = 'assistant' AND text = ''"_s), 0);
}

QTEST_GUILESS_MAIN(TestFiveAtOnce)
#include "tst_five_at_once.moc"
