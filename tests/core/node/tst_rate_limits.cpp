// A hard limit sends a step, or a chat's answer, back to the queue until it is over: no failed attempt, no
// slot, no process; it goes on by itself, also in the next node. The time is set by hand, the agents are
// real.
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
    void answerWaits();
    void whatWasSaidStays();
    void answerIsCancelledWhileItWaits();
    void waitingAnswerEndsWithItsNode_data();
    void waitingAnswerEndsWithItsNode();

private:
    static constexpr qint64 hourMs = 3600 * 1000;

    [[nodiscard]] StartRun flow(const QByteArray &prompt) const
    {
        QFile file(m_folder->filePath(u"flows/own.flow.yaml"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write("muster: 1\nname: own\nparallel_runs: true\nsteps:\n  - { id: a, prompt: '" + prompt +
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
    // The answer to this once it waits for a limit.
    std::optional<MessageInfo> limited(NodeHarness &node, ConversationId chat, const QString &text)
    {
        std::optional<MessageInfo> found;
        if (!send(node, chat, text))
            return found;
        m_clock->advance(2000); // nothing more is written
        (void)waitFor([&] {
            const auto all = messages(node, chat);
            if (!all.empty() && all.back().notBefore > 0)
                found = all.back();
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

// The answer waits, and says until when; nobody has to ask again.
void TestRateLimits::answerWaits()
{
    NodeHarness node(false, {}, m_clock.get());
    const ConversationId chat = conversation(node);
    const auto waiting = limited(node, chat, u"@@once:limited:ratelimit:3600 What is this project?"_s);
    QVERIFY(waiting);
    QVERIFY(std::abs(waiting->notBefore - m_clock->nowMs() - hourMs) < 60'000);
    QCOMPARE(waiting->runtime, u"demo"_s);
    QVERIFY(!waiting->limit.isEmpty());
    QCOMPARE(agents(node.home()), QList<qint64>());
    QVERIFY(waitFor([&] { return node.query(GetStatus{})->resting == 1; }));
    QCOMPARE(node.query(GetStatus{})->load, SwarmLoad::Quiet); // it waits for no slot
    const auto listed = node.query(ListConversations{})->front();
    QVERIFY(!listed.working);
    QCOMPARE(listed.notBefore, waiting->notBefore);
    m_clock->advance(hourMs + 60'000);
    const auto answered = answer(node, chat, MessageStatus::Complete);
    QVERIFY(answered);
    QCOMPARE(answered->notBefore, 0);
    QCOMPARE(node.query(ListConversations{})->front().notBefore, 0);
    QVERIFY(!answered->text.isEmpty());
    QCOMPARE(messages(node, chat).size(), size_t{2}); // one question, one answer
    QCOMPARE(node.query(GetStream{.task = answered->task})->text, answered->text);
    QVERIFY(waitFor([&] { return node.query(GetStatus{})->resting == 0; }));
}

// What the agent had said before stays, and the rest is a paragraph of its own.
void TestRateLimits::whatWasSaidStays()
{
    NodeHarness node(false, {}, m_clock.get());
    const ConversationId chat = conversation(node);
    const auto waiting = limited(node, chat, u"@@count:3 @@once:limited:ratelimit:3600 say hello"_s);
    QVERIFY(waiting);
    const QString before = node.query(GetStream{.task = waiting->task})->text;
    m_clock->advance(hourMs + 60'000);
    const auto answered = answer(node, chat, MessageStatus::Complete);
    QVERIFY(answered);
    QVERIFY(answered->text.startsWith(before));
    QVERIFY(before.isEmpty() || answered->text.sliced(before.size()).startsWith(u"\n\n"_s));
    QCOMPARE(node.query(GetStream{.task = answered->task})->text, answered->text);
}

void TestRateLimits::answerIsCancelledWhileItWaits()
{
    NodeHarness node(false, {}, m_clock.get());
    const ConversationId chat = conversation(node);
    const auto waiting = limited(node, chat, u"@@ratelimit:3600 What is this project?"_s);
    QVERIFY(waiting);
    QVERIFY(node.submit(StopTurn{.conversation = chat}));
    const auto ended = answer(node, chat, MessageStatus::Interrupted);
    QVERIFY(ended);
    QCOMPARE(ended->reason, FailureReason::Aborted);
    QCOMPARE(node.query(ListTasks{})->front().status, TaskStatus::Cancelled);
    // The next question waits for the same limit without running into it.
    QVERIFY(limited(node, chat, u"How many files are there?"_s));
    const auto log =
        node.query(ListEvents{.filter = {.conversation = chat, .kinds = {u"session.started"_s}}});
    QCOMPARE(log->size(), size_t{1});
}

// The node that was to write the answer is gone: the answer is settled, and nothing begins later that nobody
// waits for.
void TestRateLimits::waitingAnswerEndsWithItsNode_data()
{
    QTest::addColumn<bool>("killed");
    QTest::newRow("stopped") << false;
    QTest::newRow("killed") << true;
}

void TestRateLimits::waitingAnswerEndsWithItsNode()
{
    QFETCH(bool, killed);
    NodeHarness node(killed);
    const ConversationId chat = conversation(node);
    QVERIFY(limited(node, chat, u"@@ratelimit:3600 What is this project?"_s));
    if (killed) {
        node.killServer();
        node.startServer();
    } else {
        node.reopen();
    }
    const auto ended = answer(node, chat, MessageStatus::Interrupted);
    QVERIFY(ended);
    QVERIFY(ended->reason.has_value());
    QCOMPARE(ended->notBefore, 0);
    QVERIFY(waitFor([&] {
        return node.query(ListTasks{.activeOnly = true}).value_or(std::vector<TaskInfo>(1)).empty();
    }));
}

QTEST_GUILESS_MAIN(TestRateLimits)
#include "tst_rate_limits.moc"
