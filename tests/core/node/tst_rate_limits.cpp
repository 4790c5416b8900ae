// A hard limit sends a step back to the queue until it is over: no failed attempt, no slot, no process; it
// goes on by itself, also in the next node. The time is set by hand, the agents are real.
#include "tests/core/node/chat_helpers.h"
#include "tests/support/manual_clock.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestRateLimits : public QObject {
    Q_OBJECT
private slots:
    void init();
    void knownResetIsWaitedFor();
    void unknownResetIsTriedAgain();
    void nobodyRunsIntoAKnownLimit();
    void aRestartedNodeKnows();
    void cancelledWhileItRests();
    void anotherRuntimeIsTaken();
    void chatTurnEnds();

private:
    static constexpr qint64 hourMs = 3600 * 1000;

    [[nodiscard]] StartRun flow(const QByteArray &prompt) const
    {
        QFile file(m_folder->filePath(u"flows/own.flow.yaml"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write("muster: 1\nname: own\nsteps:\n  - { id: a, prompt: '" + prompt +
                       "', timeout: 10m }\n");
        return {.project = m_folder->path(), .flow = u"own"_s, .trust = true};
    }
    // The run's task once it waits for a limit.
    static std::optional<TaskInfo> resting(NodeHarness &node, RunId run)
    {
        std::optional<TaskInfo> found;
        (void)waitFor([&] {
            const auto tasks = node.query(ListTasks{.run = run});
            if (tasks && !tasks->empty() && tasks->front().notBefore > 0)
                found = tasks->front();
            return found.has_value();
        });
        return found;
    }
    static size_t count(NodeHarness &node, RunId run, const QString &kind)
    {
        const auto log = node.query(ListEvents{.filter = {.run = run, .kinds = {kind}}});
        return log ? log->size() : 0;
    }
    static std::optional<LimitInfo> limitOf(NodeHarness &node, const QString &runtime)
    {
        const auto all = node.query(ListRuntimes{.runtime = runtime});
        return all && !all->empty() ? all->front().limit : std::nullopt;
    }
    [[nodiscard]] QList<qint64> working() const { return agents(QDir(m_folder->path()).canonicalPath()); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ManualClock> m_clock;
};

void TestRateLimits::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(m_folder->filePath(u"flows"_s)));
    // The agent says its reset by the system's clock.
    m_clock = std::make_unique<ManualClock>(QDateTime::currentMSecsSinceEpoch());
}

void TestRateLimits::knownResetIsWaitedFor()
{
    NodeHarness node(false, {}, m_clock.get());
    QVERIFY(!limitOf(node, u"demo"_s));
    const auto run = node.submit(flow("@@once:limited:ratelimit:3600 say hello"));
    QVERIFY(run);
    const auto task = resting(node, run->refs.run);
    QVERIFY(task);
    QCOMPARE(task->status, TaskStatus::Queued);
    QVERIFY(std::abs(task->notBefore - m_clock->nowMs() - hourMs) < 60'000);
    QCOMPARE(working(), QList<qint64>());
    std::optional<RunDetail> detail; // the step follows its task
    QVERIFY(waitFor([&] {
        detail = node.query(GetRun{.run = run->refs.run}).value();
        return detail->steps.front().status == StepStatus::Ready;
    }));
    QCOMPARE(detail->run.status, RunStatus::Running); // nobody is asked for anything
    QCOMPARE(detail->steps.front().attempt, 1);
    QCOMPARE(detail->steps.front().notBefore, task->notBefore);
    const auto limit = limitOf(node, u"demo"_s);
    QVERIFY(limit && limit->hard);
    QCOMPARE(limit->restsUntil, task->notBefore);
    QCOMPARE(limit->seenAt, m_clock->nowMs());
    // Not a minute too early, and its own time limit stands still.
    m_clock->advance(hourMs - 120'000);
    QVERIFY(node.query(ListTasks{.run = run->refs.run})->front().notBefore > 0);
    m_clock->advance(180'000);
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(ended->steps.front().attempt, 1);
    QCOMPARE(node.query(ListTasks{.run = run->refs.run})->size(), size_t{1});
    QCOMPARE(count(node, run->refs.run, u"task.put_off"_s), size_t{1});
    QCOMPARE(count(node, run->refs.run, u"step.retry"_s), size_t{0});
    QCOMPARE(limitOf(node, u"demo"_s)->restsUntil, 0);
    QVERIFY(!limitOf(node, u"demo"_s)->hard);
}

void TestRateLimits::unknownResetIsTriedAgain()
{
    NodeHarness node(false, {}, m_clock.get());
    const auto run = node.submit(flow("@@once:limited:ratelimit say hello"));
    QVERIFY(run);
    const auto task = resting(node, run->refs.run);
    QVERIFY(task);
    QCOMPARE(task->notBefore, m_clock->nowMs() + RuntimeLimits::firstBackoffMs);
    m_clock->advance(RuntimeLimits::firstBackoffMs);
    QCOMPARE(node.ended(run->refs.run)->run.status, RunStatus::Completed);
}

void TestRateLimits::nobodyRunsIntoAKnownLimit()
{
    NodeHarness node(false, {}, m_clock.get());
    const auto first = node.submit(flow("@@once:limited:ratelimit:3600 say hello"));
    QVERIFY(first);
    QVERIFY(resting(node, first->refs.run));
    const auto second = node.submit(flow("say hello"));
    QVERIFY(second);
    QVERIFY(resting(node, second->refs.run));
    QCOMPARE(count(node, second->refs.run, u"session.started"_s), size_t{0});
    m_clock->advance(hourMs + 60'000);
    for (const auto &run : {first, second})
        QCOMPARE(node.ended(run->refs.run)->run.status, RunStatus::Completed);
}

void TestRateLimits::aRestartedNodeKnows()
{
    NodeHarness node(false, {}, m_clock.get());
    const auto run = node.submit(flow("@@once:limited:ratelimit:3600 say hello"));
    QVERIFY(run);
    const auto task = resting(node, run->refs.run);
    QVERIFY(task);
    node.reopen();
    QCOMPARE(limitOf(node, u"demo"_s)->restsUntil, task->notBefore);
    const auto again = resting(node, run->refs.run);
    QVERIFY(again);
    QCOMPARE(again->notBefore, task->notBefore);
    m_clock->advance(hourMs + 60'000);
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(ended->steps.front().attempt, 1);
}

void TestRateLimits::cancelledWhileItRests()
{
    NodeHarness node(false, {}, m_clock.get());
    const auto run = node.submit(flow("@@ratelimit:3600 say hello"));
    QVERIFY(run);
    QVERIFY(resting(node, run->refs.run));
    QVERIFY(node.submit(CancelRun{.run = run->refs.run}));
    QCOMPARE(node.ended(run->refs.run)->run.status, RunStatus::Cancelled);
}

void TestRateLimits::anotherRuntimeIsTaken()
{
    NodeHarness node(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        QFile file(paths.configDir + u"/runtimes/other.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"id": "other", "label": "Other", "argv": [")" MUSTER_BIN_DIR
                   R"(/muster-demo-agent"]})");
    }, m_clock.get());
    QVERIFY(node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = u"other"_s}));
    const auto run = node.submit(flow("@@once:limited:ratelimit:3600 say hello"));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run); // without any time having passed
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    const auto log = node.query(ListEvents{.filter = {.run = run->refs.run, .kinds = {u"task.fell_back"_s}}});
    QVERIFY(log && !log->empty());
    QCOMPARE(log->front().data.value(u"wished"_s).toString(), u"demo"_s);
    QCOMPARE(log->front().data.value(u"problem"_s).toString(), u"rate_limited"_s);
    QCOMPARE(node.query(ListTasks{.run = run->refs.run})->front().runtime, u"other"_s);
}

// A person is there, and may want something else.
void TestRateLimits::chatTurnEnds()
{
    NodeHarness node(false);
    const ConversationId chat = conversation(node);
    QVERIFY(send(node, chat, u"@@ratelimit:3600 What is this project?"_s));
    const auto ended = answer(node, chat, MessageStatus::Error);
    QVERIFY(ended);
    QCOMPARE(ended->reason, FailureReason::RateLimited);
    QVERIFY(limitOf(node, u"demo"_s)->restsUntil > 0);
    QVERIFY(ask(node, chat, 4)); // and it is tried when they ask
}

QTEST_GUILESS_MAIN(TestRateLimits)
#include "tst_rate_limits.moc"
