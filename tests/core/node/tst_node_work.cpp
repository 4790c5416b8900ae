// What is at work is known with the age of its last sign: an agent that works, one that waits for its person,
// one that has fallen silent, one between two turns. The time is set by hand, the agents are real.
#include "tests/core/node/chat_helpers.h"
#include "tests/support/manual_clock.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeWork : public QObject {
    Q_OBJECT
private slots:
    void init();
    void silenceGetsOlderAndStalls();
    void whatWaitsForAPersonSaysSo();
    void aCommandIsAtWorkToo();
    void anAgentBetweenTurnsIsIdle();

private:
    // What is at work once all of it is as wanted.
    template <typename Predicate> static std::vector<WorkInfo> work(NodeHarness &node, Predicate wanted)
    {
        std::vector<WorkInfo> found;
        (void)waitFor([&] {
            found = node.query(ListWork{}).value_or(std::vector<WorkInfo>());
            return wanted(found);
        });
        return found;
    }
    static bool isOne(const std::vector<WorkInfo> &work, WorkState state)
    {
        return work.size() == 1 && work.front().state == state;
    }
    [[nodiscard]] StartRun flow(const QByteArray &step) const
    {
        QFile file(m_folder->filePath(u"flows/own.flow.yaml"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write("muster: 1\nname: own\nsteps:\n  - { id: a, " + step + ", timeout: 10m }\n");
        return {.project = m_folder->path(), .flow = u"own"_s, .trust = true};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ManualClock> m_clock;
};

void TestNodeWork::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(m_folder->filePath(u"flows"_s)));
    m_clock = std::make_unique<ManualClock>(QDateTime::currentMSecsSinceEpoch());
}

void TestNodeWork::silenceGetsOlderAndStalls()
{
    NodeHarness node(false, {}, m_clock.get());
    QVERIFY(node.submit(SetSetting{.key = u"agent.stall_seconds"_s, .value = 600}));
    const auto run = node.submit(flow("prompt: '@@stall:600 say hello'"));
    QVERIFY(run);
    const auto begun = work(
        node, [](const auto &all) { return isOne(all, WorkState::Working) && !all[0].runtime.isEmpty(); });
    QCOMPARE(begun.size(), size_t{1});
    const TaskInfo task = node.query(ListTasks{.run = run->refs.run})->front();
    QCOMPARE(begun.front().task, task.id);
    QCOMPARE(begun.front().run, run->refs.run);
    QVERIFY(begun.front().step.isValid());
    QCOMPARE(begun.front().runtime, u"demo"_s);
    QVERIFY2(begun.front().title.contains(u"own #1"_s), qPrintable(begun.front().title));
    // Once it has said what it says before it falls silent.
    QVERIFY(waitFor([&] { return !node.query(GetStream{.task = task.id})->text.isEmpty(); }));
    m_clock->advance(90'000);
    const auto silent = node.query(ListWork{});
    QVERIFY(silent && isOne(*silent, WorkState::Working));
    QCOMPARE(m_clock->nowMs() - silent->front().lastSignAt, 90'000);
    m_clock->advance(510'000);
    const auto stalled = node.query(ListWork{});
    QVERIFY(stalled && isOne(*stalled, WorkState::Stalled));
    QCOMPARE(m_clock->nowMs() - stalled->front().lastSignAt, 600'000);
    QVERIFY(node.submit(CancelRun{.run = run->refs.run}));
    QVERIFY(node.ended(run->refs.run));
    QVERIFY(work(node, [](const auto &all) { return all.empty(); }).empty());
}

void TestNodeWork::whatWaitsForAPersonSaysSo()
{
    NodeHarness node(false, {}, m_clock.get());
    const auto run = node.submit(flow("prompt: '@@ask say hello'"));
    QVERIFY(run);
    const InboxInfo asked = node.openItem(run->refs.run);
    QVERIFY(asked.id.isValid());
    const auto waiting = node.query(ListWork{});
    QVERIFY(waiting && isOne(*waiting, WorkState::WaitingForYou));
    m_clock->advance(3600'000);
    QVERIFY(isOne(*node.query(ListWork{}), WorkState::WaitingForYou)); // and is not stalled by it
    QVERIFY(node.submit(AnswerInbox{.inbox = asked.id, .answer = AnswerKind::No}));
    QVERIFY(node.ended(run->refs.run));
}

void TestNodeWork::aCommandIsAtWorkToo()
{
    NodeHarness node(false, {}, m_clock.get());
    const auto run = node.submit(flow("isolation: none, run: 'echo one; sleep 600'"));
    QVERIFY2(run, qPrintable(run.error().detail));
    const auto begun = work(node, [](const auto &all) { return isOne(all, WorkState::Working); });
    QCOMPARE(begun.size(), size_t{1});
    QCOMPARE(begun.front().runtime, QString());
    QVERIFY(waitFor([&] {
        return !node.query(GetStream{.task = begun.front().task, .channel = u"tool"_s})->text.isEmpty();
    }));
    m_clock->advance(3600'000);
    const auto later = node.query(ListWork{});
    QVERIFY(later && isOne(*later, WorkState::Working)); // a command may be silent
    QCOMPARE(m_clock->nowMs() - later->front().lastSignAt, 3600'000);
    QVERIFY(node.submit(CancelRun{.run = run->refs.run}));
    QVERIFY(node.ended(run->refs.run));
}

void TestNodeWork::anAgentBetweenTurnsIsIdle()
{
    NodeHarness node(false);
    const ConversationId chat = conversation(node);
    QVERIFY(ask(node, chat, 2));
    const auto idle = work(node, [](const auto &all) { return isOne(all, WorkState::Idle); });
    QCOMPARE(idle.size(), size_t{1});
    QVERIFY(!idle.front().task.isValid());
    QCOMPARE(idle.front().conversation, chat);
    QCOMPARE(idle.front().runtime, u"demo"_s);
    QVERIFY(QDateTime::currentMSecsSinceEpoch() - idle.front().lastSignAt < patienceMs);
}

QTEST_GUILESS_MAIN(TestNodeWork)
#include "tst_node_work.moc"
