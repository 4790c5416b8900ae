// A cap is never exceeded and nothing is claimed twice, however many try at once.
#include "core/store/task_repository.h"
#include "tests/support/temp_store.h"

#include <QRandomGenerator>

#include <barrier>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

TaskRow aTask(const QString &createdBy = u"person"_s)
{
    TaskRow task;
    task.createdBy = createdBy;
    return task;
}

// SQLite waits up to 100 ms between two tries for a lock, which would only make these tests slow.
template <typename Fn> auto patiently(Fn fn)
{
    auto result = fn();
    while (!result && result.error().code == ErrorCode::Timeout) {
        QThread::yieldCurrentThread();
        result = fn();
    }
    return result;
}

} // namespace

class TestTaskClaim : public QObject {
    Q_OBJECT
private slots:
    void init();
    void claims_data();
    void claims();
    void sharedPoolsShareTheCap();
    void needsASlotInEveryPool();
    void noCapMeansNoLimit();
    void nextInOrder();
    void waitedLongIsRaised();
    void answeredGoesFirst();
    void chatWaitsForNothing();
    void isTheFirstOfTheQueue_data();
    void isTheFirstOfTheQueue();
    void tenThreadsGetThree();
    void tenThreadsDrainAQueue();

private:
    TaskId add(const QStringList &pools, const TaskRow &task = aTask())
    {
        const auto inserted = TaskRepository(*m_db).insert(task, {}, pools);
        return inserted ? inserted->id : TaskId{};
    }
    std::optional<Lease> claim(TaskId id, qint64 nowMs = 1000)
    {
        return TaskRepository(*m_db).claim(id, {.owner = u"me"_s, .nowMs = nowMs}).value();
    }
    TaskId next(qint64 nowMs = 1000, bool chatOnly = false)
    {
        const auto claimed =
            TaskRepository(*m_db).claimNext({.owner = u"me"_s, .nowMs = nowMs, .chatOnly = chatOnly}).value();
        return claimed ? claimed->id : TaskId{};
    }
    void addAnything(QRandomGenerator &random, qint64 nowMs);
    [[nodiscard]] TaskId firstOfQueue(qint64 nowMs, bool chatOnly);
    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
};

void TestTaskClaim::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
}

void TestTaskClaim::claims_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<bool>("claimed");
    QTest::newRow("queued") << u"UPDATE tasks SET detail = ''"_s << true;
    QTest::newRow("running") << u"UPDATE tasks SET status = 'running'"_s << false;
    QTest::newRow("waiting") << u"UPDATE tasks SET status = 'waiting'"_s << false;
    QTest::newRow("ended") << u"UPDATE tasks SET status = 'completed'"_s << false;
    QTest::newRow("not yet") << u"UPDATE tasks SET not_before = 1001"_s << false;
    QTest::newRow("just now") << u"UPDATE tasks SET not_before = 1000"_s << true;
    QTest::newRow("cap of zero") << u"UPDATE pools SET cap = 0"_s << false;
}

void TestTaskClaim::claims()
{
    QFETCH(QString, change);
    QFETCH(bool, claimed);
    const TaskId id = add({u"scheduled"_s});
    QVERIFY(m_db->exec(change));
    const auto lease = claim(id);
    QCOMPARE(lease.has_value(), claimed);
    if (!claimed)
        return;
    QCOMPARE(*lease, (Lease{.owner = u"me"_s, .epoch = 1, .expiresAtMs = 61'000}));
    const TaskRow row = TaskRepository(*m_db).find(id).value();
    QCOMPARE(row.status, TaskStatus::Running);
    QCOMPARE(row.lease, *lease);
    QCOMPARE(row.slotClaimedMs, std::optional<qint64>(1000));
    QCOMPARE(row.startedMs, std::optional<qint64>(1000));
    QVERIFY(!claim(id)); // not twice
}

void TestTaskClaim::sharedPoolsShareTheCap()
{
    const TaskId one = add({u"scheduled"_s});
    const TaskId two = add({u"manual"_s});
    const TaskId three = add({u"manual"_s});
    QVERIFY(claim(one));
    QVERIFY(claim(two));
    QVERIFY(!claim(three)); // the cap of `scheduled` is 2, and `manual` shares it
    QVERIFY(TaskRepository(*m_db).finish(one, 1, 2000, {.status = TaskStatus::Completed}));
    QVERIFY(claim(three));
}

void TestTaskClaim::needsASlotInEveryPool()
{
    QVERIFY(PoolRepository(*m_db).setCap(u"opus"_s, 1));
    const TaskId holds = add({u"opus"_s});
    const TaskId both = add({u"flow"_s, u"opus"_s});
    const TaskId flow = add({u"flow"_s});
    QVERIFY(claim(holds));
    QVERIFY(!claim(both));
    QCOMPARE(next(), flow); // it is not held back by the one before it
    QVERIFY(TaskRepository(*m_db).finish(holds, 1, 2000, {.status = TaskStatus::Completed}));
    QVERIFY(claim(both));
    const auto loads = PoolRepository(*m_db).loads().value();
    const auto opus = std::ranges::find(loads, u"opus"_s, &PoolLoad::pool);
    QVERIFY(opus != loads.end());
    QCOMPARE(opus->held, 1);
    QCOMPARE(opus->cap, std::optional<int>(1));
}

void TestTaskClaim::noCapMeansNoLimit()
{
    for (int i = 0; i < 50; ++i)
        QVERIFY(claim(add({u"chat"_s})));
}

void TestTaskClaim::nextInOrder()
{
    QVERIFY(PoolRepository(*m_db).setCap(u"flow"_s, 100));
    TaskRow task = aTask();
    task.queuedMs = 10;
    const TaskId oldest = add({u"flow"_s}, task);
    task.queuedMs = 20;
    const TaskId later = add({u"flow"_s}, task);
    task.priority = 5;
    const TaskId urgent = add({u"flow"_s}, task);
    task.priority = 1;
    const TaskId elsewhere = add({u"chat"_s}, task);
    QCOMPARE(next(), urgent);
    QCOMPARE(next(), elsewhere);
    QCOMPARE(next(), oldest);
    QCOMPARE(next(), later);
    QCOMPARE(next(), TaskId{});
}

void TestTaskClaim::waitedLongIsRaised()
{
    TaskRow task = aTask();
    task.queuedMs = 0;
    const TaskId old = add({u"flow"_s}, task);
    task.priority = 1;
    task.queuedMs = 500'000;
    const TaskId urgent = add({u"flow"_s}, task);
    QCOMPARE(next(600'000), urgent); // not yet longer than ten minutes
    QVERIFY(TaskRepository(*m_db).requeue(urgent, 1, 500'000, 0, false));
    QCOMPARE(next(600'001), old); // raised to the same priority, and older
}

void TestTaskClaim::answeredGoesFirst()
{
    TaskRow task = aTask();
    task.priority = 9;
    const TaskId asked = add({u"flow"_s});
    QVERIFY(claim(asked));
    add({u"flow"_s}, task);
    QVERIFY(TaskRepository(*m_db).setWaiting(asked, 1, 5000, false));
    QVERIFY(!TaskRepository(*m_db).goOn(asked, 1, 5000).value());
    QCOMPARE(next(), asked);
}

// A person waits for it; however much was queued before, of whatever priority.
void TestTaskClaim::chatWaitsForNothing()
{
    TaskRow urgent = aTask();
    urgent.priority = 9;
    for (int i = 0; i < 5; ++i)
        add({u"flow"_s}, urgent);
    TaskRow turn = aTask();
    turn.source = TaskSource::Chat;
    const TaskId chat = add({u"chat"_s}, turn);
    QVERIFY(m_db->exec(u"INSERT INTO conversations(id, created_at, updated_at) VALUES (1, 1, 1)"_s));
    QVERIFY(m_db->exec(u"INSERT INTO messages(conversation_id, role, status, task_id, created_at, owner) "
                       "VALUES (1, 'assistant', 'pending', %1, 1, 'me')"_s.arg(chat.value)));
    QCOMPARE(next(), chat);
}

void TestTaskClaim::addAnything(QRandomGenerator &random, qint64 nowMs)
{
    const auto chance = [&](int percent) {
        return random.bounded(100) < percent;
    };
    static const QStringList all{u"wide"_s, u"narrow"_s, u"below"_s, u"chat"_s, u"other"_s};
    TaskRow task = aTask();
    task.queuedMs = random.bounded(static_cast<int>(nowMs));
    task.priority = random.bounded(4);
    task.notBeforeMs = chance(10) ? nowMs + 1 : 0;
    task.answered = chance(15);
    task.forced = chance(5);
    task.source = chance(15) ? TaskSource::Chat : TaskSource::Manual;
    if (chance(10))
        task.lease = {.owner = chance(50) ? u"me"_s : u"other"_s, .epoch = 1, .expiresAtMs = nowMs + 1};
    QStringList pools{all.at(random.bounded(static_cast<int>(all.size())))};
    if (chance(20))
        pools += all.at(random.bounded(static_cast<int>(all.size())));
    const TaskId id = add(pools, task);
    QVERIFY(id.isValid());
    if (task.source == TaskSource::Chat)
        QVERIFY(m_db->run(u"INSERT INTO messages(conversation_id, role, status, task_id, created_at, owner) "
                          "VALUES (1, 'assistant', 'pending', ?, 1, ?)"_s,
                          id, chance(80) ? u"me"_s : u"other"_s));
}

// The same question put to the whole queue, one task after the other.
TaskId TestTaskClaim::firstOfQueue(qint64 nowMs, bool chatOnly)
{
    TaskRepository tasks(*m_db);
    const std::vector<TaskRow> queue = tasks.queue(nowMs, 10'000).value();
    for (const TaskRow &task : queue) {
        const bool isChat = task.source == TaskSource::Chat;
        const bool isTheirs = task.lease.expiresAtMs > 0 && task.lease.owner != u"me";
        if (task.notBeforeMs > nowMs || isTheirs || (chatOnly && !isChat && !task.forced))
            continue;
        const auto owner =
            m_db->value<QString>(u"SELECT owner FROM messages WHERE task_id = ?"_s, task.id).value();
        if ((!isChat || owner == u"me"_s) && (task.forced || !tasks.fullPoolOf(task.id).value()))
            return task.id;
    }
    return {};
}

void TestTaskClaim::isTheFirstOfTheQueue_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestTaskClaim::isTheFirstOfTheQueue()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    constexpr qint64 now = 1'800'000;
    for (const auto &[pool, cap] :
         {std::pair{u"wide"_s, 4}, {u"narrow"_s, 1}, {u"below"_s, 3}, {u"other"_s, 2}})
        QVERIFY(PoolRepository(*m_db).setCap(pool, cap));
    QVERIFY(m_db->exec(u"UPDATE pools SET shares_id = (SELECT id FROM pools WHERE name = 'wide') "
                       "WHERE name = 'below'"_s));
    QVERIFY(m_db->exec(u"INSERT INTO conversations(id, created_at, updated_at) VALUES (1, 1, 1)"_s));
    int claimed = 0;
    for (int turn = 0; turn < 200; ++turn) {
        if (turn < 40 || random.bounded(3) == 0)
            addAnything(random, now);
        const bool chatOnly = random.bounded(4) == 0;
        const TaskId expected = firstOfQueue(now, chatOnly);
        QCOMPARE(next(now, chatOnly), expected);
        claimed += expected.isValid() ? 1 : 0;
        const auto holding = TaskRepository(*m_db).holding().value();
        if (holding.empty() || random.bounded(2) == 0)
            continue;
        const TaskRow &held =
            holding.at(static_cast<size_t>(random.bounded(static_cast<int>(holding.size()))));
        QVERIFY(TaskRepository(*m_db).finish(held.id, held.lease.epoch, now, {}));
    }
    QVERIFY(claimed > 30);
}

// Ten connections in ten threads go for ten tasks at the same moment, again and again.
void TestTaskClaim::tenThreadsGetThree()
{
    constexpr int rounds = 300;
    constexpr int claimers = 10;
    QVERIFY(PoolRepository(*m_db).setCap(u"flow"_s, 3));
    std::vector<TaskId> ids;
    for (int i = 0; i < claimers; ++i)
        ids.push_back(add({u"flow"_s}));
    QVERIFY(m_db->exec(u"PRAGMA synchronous = OFF"_s));
    std::atomic<int> won = 0;
    std::atomic<int> errors = 0;
    std::atomic<int> wrongRounds = 0;
    int round = 0;
    const auto endOfRound = [&]() noexcept {
        const int holding = static_cast<int>(
            m_db->value<qint64>(u"SELECT count(*) FROM tasks WHERE slot_claimed_at IS NOT NULL"_s)
                .value()
                .value_or(-1));
        if (won != 3 || holding != 3)
            ++wrongRounds;
        won = 0;
        (void)m_db->run(
            u"UPDATE tasks SET status = 'queued', slot_claimed_at = NULL, lease_expires_at = 0"_s);
        ++round;
    };
    // The last to arrive runs this in its thread; SQLite itself is thread-safe and nobody else uses m_db
    // then.
    std::barrier start(claimers, endOfRound);
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < claimers; ++i) {
        threads
            .emplace_back(QThread::create([&, i] {
            auto db = Connection::open(
                {.file = m_temp->options.file, .durability = Durability::Normal, .busyTimeoutMs = 0});
            for (int r = 0; r < rounds; ++r) {
                const auto lease = patiently([&] {
                    return TaskRepository(**db).claim(ids.at(static_cast<size_t>(i)),
                                                      {.owner = QString::number(i), .nowMs = 1});
                });
                won += lease && *lease ? 1 : 0;
                errors += lease ? 0 : 1;
                start.arrive_and_wait();
            }
        }))->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    QCOMPARE(round, rounds);
    QCOMPARE(errors.load(), 0);
    QCOMPARE(wrongRounds.load(), 0);
}

// A queue of many, claimed and finished: each exactly once.
void TestTaskClaim::tenThreadsDrainAQueue()
{
    constexpr int tasks = 300;
    QVERIFY(m_db->inTransaction([&]() -> Status {
        for (int i = 0; i < tasks; ++i)
            (void)add({u"scheduled"_s});
        return {};
    }));
    std::atomic<int> done = 0;
    std::atomic<int> errors = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < 10; ++i) {
        threads
            .emplace_back(QThread::create([&, i] {
            auto db = Connection::open(
                {.file = m_temp->options.file, .durability = Durability::Normal, .busyTimeoutMs = 0});
            TaskRepository repository(**db);
            while (done < tasks && errors == 0) {
                const auto claimed = patiently(
                    [&] { return repository.claimNext({.owner = QString::number(i), .nowMs = 1}); });
                if (!claimed) {
                    ++errors;
                    return;
                }
                if (!*claimed) { // no slot just now
                    QThread::yieldCurrentThread();
                    continue;
                }
                const Status finished = patiently([&] {
                    return repository.finish((*claimed)->id, (*claimed)->lease.epoch, 2,
                                             {.status = TaskStatus::Completed});
                });
                errors += finished ? 0 : 1;
                ++done;
            }
        }))->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    QCOMPARE(errors.load(), 0);
    QCOMPARE(done.load(), tasks);
    QCOMPARE(
        m_db->value<qint64>(u"SELECT count(*) FROM tasks WHERE status = 'completed' AND lease_epoch = 1"_s)
            .value()
            .value(),
        tasks);
}

QTEST_GUILESS_MAIN(TestTaskClaim)
#include "tst_task_claim.moc"
