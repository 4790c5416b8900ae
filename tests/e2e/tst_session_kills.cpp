// The background node is killed (SIGKILL) while 16 sessions run: eight turns of chats and eight steps of a
// flow, that talk, stall with a stubborn child, are in the middle of a tool's shell command, or wait for
// their person. Started again, it has within 5 s ended each session with the reason that is true or has it
// running again as a session with a process of its own; nothing of the dead ones lives, what was said is kept
// in order, and the chats go on.
//
// MUSTER_KILL_ROUNDS: how many kills (24). MUSTER_SEED: the seed; it is printed.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr int chats = 8;
constexpr int steps = 8;
constexpr qint64 settledWithinMs = 5000;
constexpr int firstSeconds = 700'000; // of the sleeps of chats, each its own number

const QByteArray flowText = R"(muster: 1
name: eight
defaults: { isolation: none }
permissions: { write: ["*.md"], run: ["sleep *"] }
steps:
  - { id: talks, foreach: ["1", "2"], prompt: "How many tests? @@slow:20 @@count:100000" }
  - { id: child, foreach: ["1", "2"], prompt: "How many tests? @@child:600000 @@stall" }
  - { id: tool, foreach: ["1", "2"], prompt: "run `sleep 600001`" }
  - { id: own, foreach: ["1", "2"], isolation: step, prompt: "How many tests? @@effect:MADE.md:text @@slow:20 @@count:100000" }
)";

QString promptOf(int chat, int seconds)
{
    switch (chat) {
    case 0:
    case 1:
        return u"How many tests? @@slow:20 @@count:100000"_s;
    case 2:
    case 3:
        return u"How many tests? @@child:%1 @@stall"_s.arg(seconds);
    case 4:
        return u"run `env -i setsid sleep %1 & sleep %1`"_s.arg(seconds);
    default:
        return u"run `sleep %1`"_s.arg(seconds);
    }
}

// The last chat's question stays unanswered.
bool isAnswered(int chat) { return chat != chats - 1; }

// Every fourth is killed in the midst of starting all that.
bool isEarly(int round) { return round % 4 == 3; }

qint64 percentile(std::vector<qint64> values, size_t percent)
{
    std::ranges::sort(values);
    return values.empty() ? 0 : values[(values.size() - 1) * percent / 100];
}

} // namespace

class TestSessionKills : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void eachIsSettledOrGoesOn_data();
    void eachIsSettledOrGoesOn();
    void soonEnough();
    void cleanupTestCase();

private:
    // What ran when the node died.
    struct Rest {
        QStringList sessions; // id|marker
        QStringList tasks;
        QStringList messages;
    };
    void round(int number);
    void begin(int number);
    void answerAll();
    [[nodiscard]] QStringList sleepsOf(int number) const;
    [[nodiscard]] Rest rest() const;
    [[nodiscard]] QString unsettled(const StoreView &store, const Rest &rest) const;
    [[nodiscard]] QString withoutProcess(const StoreView &store) const;
    void checkReasons(const StoreView &store, const Rest &rest);
    void checkTexts();
    void finish(int number);

    int m_rounds = 24;
    bool m_broken = false;
    QRandomGenerator m_random;
    std::unique_ptr<MusterHome> m_home;
    std::unique_ptr<NodeClient> m_client;
    QString m_project;
    std::vector<ConversationId> m_chats;
    RunId m_run;
    std::vector<qint64> m_settledMs;
    qsizetype m_sessionsKilled = 0;
};

void TestSessionKills::initTestCase()
{
    const quint32 seed = qEnvironmentVariableIsSet("MUSTER_SEED")
                             ? qEnvironmentVariable("MUSTER_SEED").toUInt()
                             : QRandomGenerator::global()->generate();
    m_random.seed(seed);
    if (qEnvironmentVariableIsSet("MUSTER_KILL_ROUNDS"))
        m_rounds = qEnvironmentVariableIntValue("MUSTER_KILL_ROUNDS");
    qInfo("MUSTER_SEED=%u MUSTER_KILL_ROUNDS=%d", seed, m_rounds);
    m_home = std::make_unique<MusterHome>();
    m_project = m_home->makeProject(u"shop"_s);
    MusterHome::writeFlow(m_project, u"eight"_s, flowText);
    m_home->startNode();
    m_client = std::make_unique<NodeClient>(*m_home);
    QVERIFY(m_client->submit(api::TrustProject{.path = m_project}));
    QVERIFY(m_client->submit(api::SetSetting{.key = u"pools.flow"_s, .value = steps}));
    for (int i = 0; i < chats; ++i) {
        const auto made = m_client->submit(api::NewConversation{.project = m_project});
        QVERIFY(made);
        m_chats.push_back(made->refs.conversation);
    }
}

QStringList TestSessionKills::sleepsOf(int number) const
{
    QStringList found;
    const QStringList all = processesBelow(m_home->root());
    for (const QString &process : all) {
        const QStringList words = process.split(u' ');
        for (int chat = 0; chat < chats; ++chat) {
            if (words.contains(QString::number(firstSeconds + number * chats + chat)))
                found += process;
        }
    }
    return found;
}

void TestSessionKills::begin(int number)
{
    for (int chat = 0; chat < chats; ++chat)
        QVERIFY(
            m_client->submit(api::SendMessage{.conversation = m_chats[static_cast<size_t>(chat)],
                                              .text = promptOf(chat, firstSeconds + number * chats + chat)}));
    const auto run =
        m_client->submit(api::StartRun{.project = m_project, .flow = u"eight"_s, .unattended = true});
    QVERIFY(run);
    m_run = run->refs.run;
}

void TestSessionKills::answerAll()
{
    const auto open = m_client->query(api::ListInbox{});
    for (const api::InboxInfo &item : open.value_or(std::vector<api::InboxInfo>())) {
        const auto chat = std::ranges::find(m_chats, item.refs.conversation);
        if (item.kind == InboxKind::Permission && chat != m_chats.end() &&
            isAnswered(static_cast<int>(chat - m_chats.begin())))
            (void)m_client->submit(api::AnswerInbox{.inbox = item.id, .answer = api::AnswerKind::Yes});
    }
}

TestSessionKills::Rest TestSessionKills::rest() const
{
    const StoreView store(m_home->paths().storeFile);
    return {.sessions = store.rows(u"SELECT id, marker FROM sessions WHERE ended_at IS NULL"_s),
            .tasks = store.rows(u"SELECT id FROM tasks WHERE lease_owner <> ''"_s),
            .messages = store.rows(u"SELECT id FROM messages WHERE status IN ('pending', 'streaming')"_s)};
}

// The first of what the dead node left that nobody has settled or taken up yet; empty: all is.
QString TestSessionKills::unsettled(const StoreView &store, const Rest &rest) const
{
    QStringList ids;
    for (const QString &session : rest.sessions)
        ids += session.section(u'|', 0, 0);
    const QString sessions = ids.join(u',');
    const QStringList open =
        store.rows(
            u"SELECT 'session', id FROM sessions WHERE ended_at IS NULL AND id IN (%1)"_s.arg(sessions)) +
        store.rows(
            u"SELECT 'message', id FROM messages WHERE status IN ('pending', 'streaming') AND id IN (%1)"_s
                .arg(rest.messages.join(u','))) +
        store.rows(u"SELECT 'task', id FROM tasks t WHERE ended_at IS NULL AND id IN (%1) AND "
                   "(session_id IS NULL OR session_id IN (%2) OR NOT EXISTS (SELECT 1 FROM events e WHERE "
                   "e.session_id = t.session_id AND e.kind = 'session.turn_started'))"_s.arg(
                       rest.tasks.join(u','), sessions));
    if (!open.isEmpty())
        return open.front();
    QStringList markers;
    for (const QString &session : rest.sessions)
        markers += session.section(u'|', 1, 1);
    // Of the home are others too, so only what carries a marker of the dead counts.
    const QStringList living = processesBelow(u"/nothing/is/below/this"_s, markers);
    return living.isEmpty() ? withoutProcess(store) : u"lives: "_s + living.front();
}

QString TestSessionKills::withoutProcess(const StoreView &store) const
{
    const QStringList open = store.rows(u"SELECT id, marker FROM sessions WHERE ended_at IS NULL"_s);
    for (const QString &session : open) {
        if (processesBelow(u"/nothing/is/below/this"_s, {session.section(u'|', 1, 1)}).isEmpty())
            return u"no process: "_s + session;
    }
    return {};
}

void TestSessionKills::checkReasons(const StoreView &store, const Rest &rest)
{
    QStringList ids;
    for (const QString &session : rest.sessions)
        ids += session.section(u'|', 0, 0);
    QCOMPARE(store.rows(u"SELECT DISTINCT end_reason, end_detail FROM sessions WHERE id IN (%1)"_s.arg(
                 ids.join(u','))),
             QStringList{u"crashed|node_died"_s});
    const QStringList messages =
        store.rows(u"SELECT DISTINCT status, reason, detail FROM messages WHERE id IN (%1)"_s.arg(
            rest.messages.join(u',')));
    if (!rest.messages.isEmpty())
        QCOMPARE(messages, QStringList{u"interrupted|crashed|node_died"_s});
    QCOMPARE(
        store.rows(
            u"SELECT id, status, failure_reason, detail FROM tasks WHERE id IN (%1) AND ended_at "
            "IS NOT NULL AND (status, failure_reason, detail) <> ('failed', 'crashed', 'node_died')"_s.arg(
                rest.tasks.join(u','))),
        QStringList());
    QTRY_COMPARE_WITH_TIMEOUT(
        store.rows(u"SELECT i.id FROM inbox i JOIN sessions s ON s.id = i.session_id WHERE i.status = 'open' "
                   "AND s.ended_at IS NOT NULL"_s),
        QStringList(), patienceMs);
}

// What those that count had said when they died begins with 1 and misses none.
void TestSessionKills::checkTexts()
{
    for (int chat = 0; chat < 2; ++chat) {
        const auto messages = m_client->query(
            api::ListMessages{.conversation = m_chats[static_cast<size_t>(chat)], .limit = 1});
        QVERIFY(messages && messages->size() == 1);
        const QStringList lines = messages->front().text.split(u'\n');
        for (qsizetype i = 0; i + 1 < lines.size(); ++i) // the last one may be half
            QCOMPARE(lines.at(i).section(u' ', 0, 0).toLongLong(), i + 1);
    }
}

void TestSessionKills::finish(int number)
{
    QVERIFY(m_client->submit(api::CancelRun{.run = m_run}));
    QVERIFY(m_client->ended(m_run));
    for (const ConversationId chat : m_chats)
        (void)m_client->submit(api::StopTurn{.conversation = chat, .clearQueue = true});
    const StoreView store(m_home->paths().storeFile);
    QTRY_COMPARE_WITH_TIMEOUT(store.rows(u"SELECT id, status FROM tasks WHERE ended_at IS NULL"_s),
                              QStringList(), patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(sleepsOf(number), QStringList(), patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(
        store.number(u"SELECT count(*) FROM messages WHERE status IN ('queued', 'pending', 'streaming')"_s),
        0, patienceMs);
    for (int i = 0; i < 2; ++i) {
        const ConversationId chat = m_chats[m_random.bounded(static_cast<quint32>(chats))];
        QVERIFY(
            m_client->submit(api::SendMessage{.conversation = chat, .text = u"How many tests are there?"_s}));
        QTRY_COMPARE_WITH_TIMEOUT(store.rows(u"SELECT role, status FROM messages WHERE conversation_id = %1 "
                                             "ORDER BY id DESC LIMIT 1"_s.arg(chat.value)),
                                  QStringList{u"assistant|complete"_s}, patienceMs);
    }
}

void TestSessionKills::round(int number)
{
    begin(number);
    if (QTest::currentTestFailed())
        return;
    const bool early = isEarly(number);
    const StoreView store(m_home->paths().storeFile);
    QElapsedTimer since;
    since.start();
    const int momentMs = m_random.bounded(early ? 2000 : 500);
    if (!early) {
        QTRY_VERIFY_WITH_TIMEOUT(
            (answerAll(),
             store.number(u"SELECT count(*) FROM tasks t WHERE ended_at IS NULL AND EXISTS (SELECT 1 "
                          "FROM events e WHERE e.session_id = t.session_id AND "
                          "e.kind = 'session.turn_started')"_s) == chats + steps &&
                 sleepsOf(number).size() >= 6),
            patienceMs);
        since.start();
    }
    QTRY_VERIFY_WITH_TIMEOUT(since.hasExpired(momentMs), patienceMs);
    m_home->killNode();
    const Rest dead = rest();
    m_sessionsKilled += dead.sessions.size();
    since.start();
    m_home->startNode();
    QString open;
    const bool settled =
        QTest::qWaitFor([&] { return (open = unsettled(store, dead)).isEmpty(); }, patienceMs);
    QVERIFY2(settled, qPrintable(open));
    m_settledMs.push_back(since.elapsed());
    qInfo("%lld sessions, settled after %lld ms", static_cast<long long>(dead.sessions.size()),
          static_cast<long long>(m_settledMs.back()));
    if (!early)
        QVERIFY(dead.sessions.size() >= chats + steps);
    if (!dead.sessions.isEmpty())
        checkReasons(store, dead);
    if (!early && !QTest::currentTestFailed())
        checkTexts();
    if (!QTest::currentTestFailed())
        finish(number);
}

void TestSessionKills::eachIsSettledOrGoesOn_data()
{
    QTest::addColumn<int>("number");
    for (int i = 0; i < m_rounds; ++i)
        QTest::addRow("round %d%s", i, isEarly(i) ? ", early" : "") << i;
}

void TestSessionKills::eachIsSettledOrGoesOn()
{
    QFETCH(int, number);
    if (m_broken)
        QSKIP("after a round that failed the next would tell nothing");
    round(number);
    m_broken = QTest::currentTestFailed();
    if (m_broken) {
        m_home->keep();
        qInfo("kept for a look: %s", qPrintable(m_home->root()));
    }
}

void TestSessionKills::soonEnough()
{
    qInfo("%zu kills of the node, %lld sessions; start to all settled p50 %lld, p99 %lld, max %lld ms",
          m_settledMs.size(), static_cast<long long>(m_sessionsKilled),
          static_cast<long long>(percentile(m_settledMs, 50)),
          static_cast<long long>(percentile(m_settledMs, 99)),
          static_cast<long long>(percentile(m_settledMs, 100)));
    QVERIFY(percentile(m_settledMs, 50) <= settledWithinMs); // single ones may be late where the machine is
}

void TestSessionKills::cleanupTestCase()
{
    if (!m_client)
        return;
    m_client.reset();
    QVERIFY(m_home->stopNode());
    const StoreView store(m_home->paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(m_home->root(), store.markers()), QStringList(), patienceMs);
}

QTEST_GUILESS_MAIN(TestSessionKills)
#include "tst_session_kills.moc"
