// What five heavy schedules at once cost a chat: a real background node whose pool of scheduled work has two
// slots, five prompts of the demo agent that say up to a thousand lines a second, and a person who asks one
// question after another. Milliseconds to the first word of each answer, while they work and on the quiet
// node right before. MUSTER_BENCH_ROUNDS (5), MUSTER_BENCH_LINES (15 000, of each prompt).
#include "tests/bench/chatter.h"
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

using namespace muster;
using namespace muster::bench;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr int schedules = 5;
constexpr size_t quietTurns = 20;

int number(const char *name, int otherwise)
{
    return qEnvironmentVariableIsSet(name) ? qEnvironmentVariableIntValue(name) : otherwise;
}

} // namespace

class BenchIncident : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void firstTokenBesideFiveSchedules();
    void cleanupTestCase();

private:
    [[nodiscard]] qint64 ended() const
    {
        return StoreView(m_home->paths().storeFile)
            .number(u"SELECT count(*) FROM tasks WHERE source = 'schedule' AND status = 'completed'"_s);
    }

    std::unique_ptr<MusterHome> m_home;
    std::unique_ptr<NodeClient> m_client;
    QList<ScheduleId> m_schedules;
    ConversationId m_chat;
};

void BenchIncident::initTestCase()
{
    m_home = std::make_unique<MusterHome>();
    const QString project = m_home->makeProject(u"shop"_s);
    m_home->startNode();
    m_client = std::make_unique<NodeClient>(*m_home);
    QVERIFY(m_client->submit(api::TrustProject{.path = project}));
    QVERIFY(m_client->submit(api::SetSetting{.key = u"pools.scheduled"_s, .value = 2}));
    const QString heavy =
        u"How many tests? @@slow:1 @@chunk:150 @@count:%1"_s.arg(number("MUSTER_BENCH_LINES", 15'000));
    for (int i = 0; i < schedules; ++i) {
        const auto saved = m_client->submit(
            api::SaveSchedule{.project = project,
                              .spec = {.name = u"heavy%1"_s.arg(i), .prompt = heavy, .when = u"@yearly"_s}});
        QVERIFY(saved);
        m_schedules += ScheduleId{saved->text.toLongLong()};
    }
    const auto chat = m_client->submit(api::NewConversation{.project = project});
    QVERIFY(chat);
    m_chat = chat->refs.conversation;
}

void BenchIncident::firstTokenBesideFiveSchedules()
{
    const QString socket = m_home->paths().socketFile;
    std::vector<double> quiet;
    std::vector<double> beside;
    for (int round = 1; round <= number("MUSTER_BENCH_ROUNDS", 5); ++round) {
        std::vector<double> before =
            firstTokens(socket, m_chat, [](size_t turns) { return turns >= quietTurns; });
        QVERIFY(!before.empty());
        if (round == 1)
            before.erase(before.begin()); // the agent was started for it
        const qint64 endedBefore = ended();
        for (const ScheduleId id : std::as_const(m_schedules))
            QVERIFY(m_client->submit(api::RunScheduleNow{.schedule = id, .atCapacity = AtCapacity::Queue}));
        const std::vector<double> during =
            firstTokens(socket, m_chat, [&](size_t) { return ended() == endedBefore + schedules; });
        QVERIFY(!during.empty());
        qInfo(
            "round %d: first token quiet p50 %.1f, p99 %.1f ms (%zu turns); beside five schedules p50 %.1f, "
            "p99 %.1f ms (%zu turns)",
            round, percentile(before, 50), percentile(before, 99), before.size(), percentile(during, 50),
            percentile(during, 99), during.size());
        std::ranges::copy(before, std::back_inserter(quiet));
        std::ranges::copy(during, std::back_inserter(beside));
    }
    qInfo("five schedules at once: a chat's first token at p99 %.1f ms, quiet %.1f: %+.1f ms (bar: +50)",
          percentile(beside, 99), percentile(quiet, 99), percentile(beside, 99) - percentile(quiet, 99));
}

void BenchIncident::cleanupTestCase()
{
    if (!m_client)
        return;
    m_client.reset();
    QVERIFY(m_home->stopNode());
}

QTEST_GUILESS_MAIN(BenchIncident)
#include "bench_incident.moc"
