// The watchdog over real agents: memory of the whole tree, runaway output, limits on steps and tokens. What
// it finds ends the turn by its reason, or pauses it until the person has said.
#include "core/viewmodel/describe.h"
#include "tests/core/node/chat_helpers.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestWatchdog : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void memoryOfTheTree();
    void runawayIsPausedUntilThePersonSays_data();
    void runawayIsPausedUntilThePersonSays();
    void unattendedRunawayIsStopped();
    void limits_data();
    void limits();
    void agentThatGetsNowhere();

private:
    [[nodiscard]] StartRun flow(const QByteArray &prompt, const QByteArray &more = {}) const
    {
        QFile file(m_folder.filePath(u"flows/own.flow.yaml"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write("muster: 1\nname: own\nsteps:\n  - { id: a, prompt: '" + prompt + "'" + more + " }\n");
        return {.project = m_folder.path(), .flow = u"own"_s, .trust = true};
    }
    static bool set(NodeHarness &node, const QString &key, int value)
    {
        return node.submit(SetSetting{.key = key, .value = value}).has_value();
    }
    static size_t count(NodeHarness &node, RunId run, const QString &kind)
    {
        const auto log = node.query(ListEvents{.filter = {.run = run, .kinds = {kind}}});
        return log ? log->size() : 0;
    }

    QTemporaryDir m_folder;
};

void TestWatchdog::initTestCase() { QVERIFY(QDir().mkpath(m_folder.filePath(u"flows"_s))); }

void TestWatchdog::memoryOfTheTree()
{
    NodeHarness node(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        QFile file(paths.configDir + u"/runtimes/eater.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"id": "eater", "label": "Eater", "argv": [")" MUSTER_SOURCE_DIR
                   R"(/tests/fixtures/agents/eater.sh"]})");
    });
    QVERIFY(set(node, u"agent.memory_mib"_s, 100));
    StartRun start = flow("eat");
    start.runtime = u"eater"_s;
    const auto run = node.submit(start);
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QCOMPARE(ended->run.reason, FailureReason::RuntimeError);
    const QStringList detail = ended->run.detail.split(u' ');
    QCOMPARE(detail.value(0), u"memory_limit"_s);
    QVERIFY(detail.value(1).toLongLong() >= 100 * 1024 * 1024);
    QCOMPARE(detail.value(2), QString::number(100 * 1024 * 1024));
    QVERIFY(describeFailure(*ended->run.reason, ended->run.detail).contains(u"100 MiB"));
    QCOMPARE(ended->steps.front().attempt, 1);
}

void TestWatchdog::runawayIsPausedUntilThePersonSays_data()
{
    QTest::addColumn<AnswerKind>("answer");
    QTest::addColumn<StepStatus>("status");
    QTest::newRow("go on") << AnswerKind::Yes << StepStatus::Completed;
    QTest::newRow("stop") << AnswerKind::No << StepStatus::Cancelled;
}

void TestWatchdog::runawayIsPausedUntilThePersonSays()
{
    QFETCH(AnswerKind, answer);
    NodeHarness node(false);
    QVERIFY(set(node, u"agent.runaway_mib"_s, 4));
    const auto run = node.submit(flow("@@flood:6 say hello")); // six MiB of text
    QVERIFY(run);
    const InboxInfo item = node.openItem(run->refs.run);
    QCOMPARE(item.kind, InboxKind::Approval);
    QCOMPARE(item.purpose, u"runaway_output"_s);
    QVERIFY(describeTitle(item).contains(u"writes without end"));
    QCOMPARE(node.query(GetRun{.run = run->refs.run})->run.status, RunStatus::Waiting);
    QCOMPARE(count(node, run->refs.run, u"session.paused"_s), size_t{1});
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = answer}));
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QTEST(ended->steps.front().status, "status");
}

void TestWatchdog::unattendedRunawayIsStopped()
{
    NodeHarness node(false);
    QVERIFY(set(node, u"agent.runaway_mib"_s, 2));
    StartRun start = flow("@@flood:16 say hello");
    start.unattended = true;
    const auto run = node.submit(start);
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QCOMPARE(ended->run.reason, FailureReason::RuntimeError);
    QVERIFY(ended->run.detail.startsWith(u"runaway_output "));
    QVERIFY(node.query(ListInbox{.run = run->refs.run})->empty());
}

void TestWatchdog::limits_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<int>("value");
    QTest::addColumn<QByteArray>("prompt");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<QString>("detail");
    QTest::newRow("steps") << u"agent.max_turns"_s << 20 << QByteArray("@@loop say hello")
                           << FailureReason::TurnLimitExceeded << u"turns_limit 21 20"_s;
    QTest::newRow("tokens") << u"budget.max_tokens_per_task"_s << 1 << QByteArray("say hello")
                            << FailureReason::BudgetExceeded << u"tokens_limit "_s;
}

void TestWatchdog::limits()
{
    QFETCH(QString, setting);
    QFETCH(int, value);
    QFETCH(QByteArray, prompt);
    QFETCH(QString, detail);
    NodeHarness node(false);
    QVERIFY(set(node, setting, value));
    const auto run = node.submit(flow(prompt));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QVERIFY(ended->run.reason);
    QTEST(*ended->run.reason, "reason");
    QVERIFY2(ended->run.detail.startsWith(detail), qPrintable(ended->run.detail));
    QVERIFY(describeFailure(*ended->run.reason, ended->run.detail) != ended->run.detail);
}

// Ten retries are left when it is clear that none would help.
void TestWatchdog::agentThatGetsNowhere()
{
    NodeHarness node(false);
    const auto run =
        node.submit(flow("@@fail say hello", ", retries: { max: 10, on: [runtime_error], backoff: 1s }"));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QCOMPARE(ended->steps.front().attempt, 3);
    QCOMPARE(ended->run.reason, FailureReason::RuntimeError);
    QCOMPARE(ended->run.detail, u"no_progress 3"_s);
    QVERIFY(describeFailure(*ended->run.reason, ended->run.detail).contains(u"got nowhere"));
}

QTEST_GUILESS_MAIN(TestWatchdog)
#include "tst_watchdog.moc"
