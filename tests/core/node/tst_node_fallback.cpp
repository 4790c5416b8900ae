// Where the runtime that a step asks for cannot be used, another that the person allows is taken, and both
// the wish and the reason are recorded; without such a permission the step fails.
#include "tests/core/node/chat_helpers.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeFallback : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void anotherIsTaken_data();
    void anotherIsTaken();
    void anAnswerSaysSo();
    void noneIsTakenUnasked();
    void theLastProblemIsTold();
    void unknownNamesAreRefused();

private:
    static void addRuntime(const Paths &paths, const QByteArray &id, const QByteArray &program)
    {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        QFile file(paths.configDir + u"/runtimes/"_s + QString::fromUtf8(id) + u".json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"id": ")" + id + R"(", "label": "Own", "argv": [")" + program + R"("]})");
    }
    // One that is not there, and one that ends before its first message.
    static void withBroken(const Paths &paths)
    {
        addRuntime(paths, "gone", "muster-test-no-such-program");
        addRuntime(paths, "dies", "/bin/false");
    }
    [[nodiscard]] StartRun start(const QString &runtime) const
    {
        return {.project = m_folder.path(), .flow = u"own"_s, .runtime = runtime, .trust = true};
    }

    QTemporaryDir m_folder;
};

void TestNodeFallback::initTestCase()
{
    QVERIFY(QDir().mkpath(m_folder.filePath(u"flows"_s)));
    QFile flow(m_folder.filePath(u"flows/own.flow.yaml"_s));
    QVERIFY(flow.open(QIODevice::WriteOnly));
    flow.write("muster: 1\nname: own\nsteps:\n  - { id: a, prompt: 'say hello' }\n");
}

void TestNodeFallback::anotherIsTaken_data()
{
    QTest::addColumn<QString>("wished");
    QTest::addColumn<QString>("fallback");
    QTest::addColumn<QString>("problem");
    QTest::newRow("not installed") << u"gone"_s << u"demo"_s << u"not_installed"_s;
    QTest::newRow("does not start") << u"dies"_s << u"demo"_s << u"crashed_before_first_message"_s;
    QTest::newRow("the second") << u"gone"_s << u"dies, demo"_s << u"not_installed"_s;
}

void TestNodeFallback::anotherIsTaken()
{
    QFETCH(QString, wished);
    QFETCH(QString, fallback);
    QFETCH(QString, problem);
    NodeHarness node(false, withBroken);
    QVERIFY(node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = fallback}));
    const auto run = node.submit(start(wished));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    const auto log = node.query(ListEvents{.filter = {.run = run->refs.run, .kinds = {u"task.fell_back"_s}}});
    QVERIFY(log && !log->empty());
    QCOMPARE(log->back().data.value(u"wished"_s).toString(), wished);
    QCOMPARE(log->back().data.value(u"problem"_s).toString(), problem);
    QCOMPARE(log->back().data.value(u"runtime"_s).toString(), u"demo"_s);
    const auto tasks = node.query(ListTasks{.run = run->refs.run});
    QVERIFY(tasks);
    QCOMPARE(tasks->size(), size_t{1});
    QCOMPARE(tasks->front().runtime, u"demo"_s);
    QCOMPARE(tasks->front().runtimeReason, u"step; %1: %2"_s.arg(wished, problem));
    QCOMPARE(ended->steps.front().runtime, u"demo"_s);
    const FallbackInfo told{.wished = wished, .problem = problem, .taken = u"demo"_s};
    QVERIFY(ended->steps.front().fallback == told);
}

void TestNodeFallback::anAnswerSaysSo()
{
    NodeHarness node(false, withBroken);
    QVERIFY(node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = u"demo"_s}));
    const auto project = node.submit(OpenProject{.demo = true});
    QVERIFY(project);
    const auto made = node.submit(NewConversation{.project = project->text, .runtime = u"gone"_s});
    QVERIFY(made);
    QVERIFY(ask(node, made->refs.conversation, 2));
    const MessageInfo answered = messages(node, made->refs.conversation).back();
    QCOMPARE(answered.runtime, u"demo"_s);
    const FallbackInfo told{.wished = u"gone"_s, .problem = u"not_installed"_s, .taken = u"demo"_s};
    QVERIFY(answered.fallback == told);
    const ConversationId usual = conversation(node); // what was wished for is used: nothing to say
    QVERIFY(ask(node, usual, 2));
    QCOMPARE(messages(node, usual).back().runtime, u"demo"_s);
    QVERIFY(!messages(node, usual).back().fallback);
}

void TestNodeFallback::noneIsTakenUnasked()
{
    NodeHarness node(false, withBroken);
    const auto run = node.submit(start(u"dies"_s));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QCOMPARE(ended->run.reason, FailureReason::LaunchFailed);
    QVERIFY(node.query(ListEvents{.filter = {.kinds = {u"task.fell_back"_s}}})->empty());
}

void TestNodeFallback::theLastProblemIsTold()
{
    NodeHarness node(false, withBroken);
    QVERIFY(node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = u"gone dies"_s}));
    const auto run = node.submit(start(u"gone"_s));
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QCOMPARE(ended->run.reason, FailureReason::LaunchFailed);
}

void TestNodeFallback::unknownNamesAreRefused()
{
    NodeHarness node(false);
    const auto set = node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = u"demo, nobody"_s});
    QVERIFY(!set);
    QCOMPARE(set.error().code, ErrorCode::InvalidArgument);
    QVERIFY(node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = u"demo, pi"_s}));
}

QTEST_GUILESS_MAIN(TestNodeFallback)
#include "tst_node_fallback.moc"
