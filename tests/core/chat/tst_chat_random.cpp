// Seeded random lives of the chat: messages, words, ends, refusals, slow commits and crashes in any order.
// After each crash and at the end: nothing acknowledged is lost, nothing is asked twice but by crash, every
// row is settled, and as many turns ended as started. The seed is the row's name.
#include "core/chat/chat_dispatcher.h"
#include "tests/core/chat/chat_fakes.h"

#include <QRandomGenerator>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

class Life {
public:
    explicit Life(quint32 seed)
        : m_random(seed)
    {
        begin();
    }

    void live(int steps)
    {
        for (int i = 0; i < steps; ++i)
            step();
        calm();
    }
    [[nodiscard]] QString problem() const { return m_problem; }

private:
    void begin()
    {
        m_journal = std::make_shared<MemoryJournal>(&m_disk, &m_clock);
        m_runner.running.clear();
        m_chat = std::make_unique<ChatDispatcher>(m_journal, &m_runner, &m_clock);
        const MessageId last{m_disk.lastId}; // later rows are of what was queued and goes on
        const auto recovered = m_chat->recover();
        drain();
        require(recovered.isFinished() && recovered.result(), u"not recovered"_s);
        for (const auto &[id, row] : m_disk.rows)
            require(id > last || !row.assistant || isSettledMessage(row.status),
                    u"unsettled after a restart"_s);
        m_journal->immediate = false;
    }

    void step()
    {
        switch (m_random.bounded(12)) {
        case 0:
        case 1:
            send();
            break;
        case 2:
        case 3:
        case 4:
            speak();
            break;
        case 5:
            finish();
            break;
        case 6:
            commit(m_random.bounded(6));
            break;
        case 7:
            (void)m_chat->stop(conversation(), m_random.bounded(3) == 0);
            break;
        case 8:
            changeQueued();
            break;
        case 9:
            if (m_random.bounded(4) == 0)
                m_journal->refuse = 1;
            break;
        case 10:
            if (m_random.bounded(15) == 0)
                crash();
            break;
        default:
            m_clock.ms += m_random.bounded(900);
            break;
        }
        m_chat->wake();
        events();
        oneTurnEach();
    }

    ConversationId conversation() { return {1 + m_random.bounded(3)}; }

    void send()
    {
        const QString text = u"<%1>"_s.arg(++m_sent);
        m_acknowledged.emplace_back(text, m_chat->send(conversation(), {.text = text, .attachments = {}}));
    }
    RunningTurn *anyTurn()
    {
        if (m_runner.running.empty())
            return nullptr;
        auto it = m_runner.running.begin();
        std::advance(it, m_random.bounded(static_cast<int>(m_runner.running.size())));
        return &it->second;
    }
    void speak()
    {
        if (const RunningTurn *turn = anyTurn())
            m_runner.say(turn->start.assistant, u"w"_s);
    }
    void finish()
    {
        const RunningTurn *turn = anyTurn();
        if (!turn)
            return;
        const auto outcome = static_cast<TurnOutcome>(m_random.bounded(5));
        m_said[turn->start.assistant] = turn->said;
        m_runner.finish(turn->start.assistant, {.outcome = outcome, .reason = {}, .detail = {}});
    }
    void changeQueued()
    {
        const ConversationId id = conversation();
        const auto queue = m_chat->queue(id);
        if (!queue.empty())
            (void)m_chat->changeQueued(id, queue.front().id, queue.front().message.text);
    }
    void commit(int most)
    {
        for (int i = 0; i < most && m_journal->hasPending(); ++i) {
            m_journal->commitOne();
            events();
        }
    }
    void crash()
    {
        noteAcknowledged();
        m_chat.reset();
        m_journal.reset();
        begin();
    }

    static void events()
    {
        for (int i = 0; i < 4; ++i) {
            QCoreApplication::processEvents();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    }
    void drain()
    {
        m_journal->immediate = true;
        events();
        while (m_journal->hasPending()) {
            m_journal->commitOne();
            events();
        }
    }
    // All that waits goes through.
    void calm()
    {
        m_journal->refuse = 0;
        for (int i = 0; i < 200; ++i) {
            drain();
            while (const RunningTurn *turn = anyTurn()) {
                m_said[turn->start.assistant] = turn->said;
                m_runner.finish(turn->start.assistant);
            }
            m_clock.ms += 1000;
            m_chat->wake();
        }
        drain();
        noteAcknowledged();
        check();
    }
    void noteAcknowledged()
    {
        for (const auto &[text, stored] : m_acknowledged) {
            if (stored.isFinished() && stored.resultCount() > 0 && stored.result())
                m_durable.insert(*stored.result(), text);
        }
        m_acknowledged.clear();
    }
    void oneTurnEach()
    {
        QSet<ConversationId> busy;
        for (const auto &[id, turn] : m_runner.running) {
            require(!busy.contains(turn.start.conversation), u"two turns at once"_s);
            busy.insert(turn.start.conversation);
        }
    }
    void check()
    {
        QHash<MessageId, int> asked;
        for (const auto &[id, row] : m_disk.rows) {
            if (!row.assistant)
                continue;
            require(isSettledMessage(row.status), u"unsettled at the end"_s);
            for (const MessageId message : row.asked)
                ++asked[message];
            if (const auto said = m_said.constFind(id); said != m_said.cend())
                require(row.message.text == *said || row.settlement.reason == FailureReason::Crashed,
                        u"text is not what was said"_s);
        }
        for (auto it = m_durable.cbegin(); it != m_durable.cend(); ++it) {
            const auto row = m_disk.rows.find(it.key());
            require(row != m_disk.rows.end() && row->second.message.text == it.value(), u"message lost"_s);
            require(row->second.removed ? !asked.contains(it.key()) : asked.value(it.key()) == 1,
                    u"message asked %1 times"_s.arg(asked.value(it.key())));
        }
        require(m_chat->isIdle(), u"not idle"_s);
        require(m_chat->counters().started == m_chat->counters().endedTotal(), u"started is not ended"_s);
    }
    void require(bool holds, const QString &what)
    {
        if (!holds && m_problem.isEmpty())
            m_problem = what;
    }

    QRandomGenerator m_random;
    ManualClock m_clock;
    Disk m_disk;
    std::shared_ptr<MemoryJournal> m_journal;
    FakeRunner m_runner;
    std::unique_ptr<ChatDispatcher> m_chat;
    std::vector<std::pair<QString, QFuture<Result<MessageId>>>> m_acknowledged;
    QHash<MessageId, QString> m_durable;
    QHash<MessageId, QString> m_said;
    QString m_problem;
    int m_sent = 0;
};

} // namespace

class TestChatRandom : public QObject {
    Q_OBJECT
private slots:
    void lives_data();
    void lives();
};

void TestChatRandom::lives_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 150; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestChatRandom::lives()
{
    QFETCH(quint32, seed);
    Life life(seed);
    life.live(400);
    QVERIFY2(life.problem().isEmpty(), qPrintable(life.problem()));
}

QTEST_GUILESS_MAIN(TestChatRandom)
#include "tst_chat_random.moc"
