// The runtimes that are reached over HTTP, through a whole node and the real program, against a server on
// loopback that says what the test has written down. After each, no process of it is left.
#include "tests/core/node/model_bed.h"

#include <csignal>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeHttp : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void text_data() { everyRuntime(); }
    void text();
    void allowed_data() { everyRuntime(); }
    void allowed();
    void denied_data() { everyRuntime(); }
    void denied();
    void outsideIsRefusedUnasked();
    void secretsAreAskedFor();
    void cancelled_data() { everyRuntime(); }
    void cancelled();
    void cancelledCommand();
    void limitOfCalls();
    void resumed_data() { everyRuntime(); }
    void resumed();

private:
    static void everyRuntime()
    {
        QTest::addColumn<QString>("runtime");
        for (const HttpRuntime &runtime : httpRuntimes())
            QTest::newRow(qPrintable(runtime.id)) << runtime.id;
    }
};

void TestNodeHttp::initTestCase() { ModelBed::cleanEnvironment(); }

void TestNodeHttp::text()
{
    QFETCH(QString, runtime);
    ModelBed bed(runtime);
    bed.server.say(u"Grüße von hier."_s);
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    QCOMPARE(run->steps.front().output.trimmed(), u"Grüße von hier."_s);
    QCOMPARE(run->run.tokensIn, fakeInput);
    QCOMPARE(run->run.tokensOut, fakeOutput);
    const QJsonObject usage = bed.lastEvent(u"session.usage"_s);
    QCOMPARE(usage.value(u"tokens_cached"_s).toInteger(), bed.runtime.countsCached ? fakeCached : 0);
    QCOMPARE(bed.server.requests().size(), size_t{1});
    const FakeRequest asked = bed.server.requests().front();
    QCOMPARE(asked.path, bed.runtime.path);
    if (!bed.runtime.keyHeader.isEmpty())
        QVERIFY(asked.headers.value(bed.runtime.keyHeader).endsWith("key-of-the-test"));
    QVERIFY(bed.server.lastQuestion().contains(u"do it"_s));
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodeHttp::allowed()
{
    QFETCH(QString, runtime);
    ModelBed bed(runtime);
    bed.server.call(u"write_file"_s, {{u"path"_s, u"sub/made.txt"_s}, {u"content"_s, u"made\n"_s}});
    bed.server.say(u"It is there."_s);
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QCOMPARE(item.kind, InboxKind::Permission);
    QVERIFY(item.diff.contains(u"+made"_s));
    QVERIFY(!QFile::exists(bed.path(u"sub/made.txt"_s)));
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QCOMPARE(bed.content(u"sub/made.txt"_s), "made\n"_ba);
    QVERIFY(ended->steps.front().output.contains(u"It is there."_s));
    QVERIFY2(bed.server.lastToolResult().contains(u"Written"_s), qPrintable(bed.server.lastToolResult()));
    QCOMPARE(ended->run.tokensIn, 2 * fakeInput);
    QCOMPARE(ended->run.tokensOut, 2 * fakeOutput);
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodeHttp::denied()
{
    QFETCH(QString, runtime);
    ModelBed bed(runtime);
    bed.server.call(u"run_command"_s, {{u"command"_s, u"touch made.txt"_s}});
    bed.server.say(u"Then not."_s);
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QCOMPARE(item.command, u"touch made.txt"_s);
    QVERIFY(bed.node.submit(
        AnswerInbox{.inbox = item.id, .answer = AnswerKind::No, .message = u"not on a Sunday"_s}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY(!QFile::exists(bed.path(u"made.txt"_s)));
    QVERIFY2(bed.server.lastToolResult().contains(u"not on a Sunday"_s),
             qPrintable(bed.server.lastToolResult()));
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodeHttp::outsideIsRefusedUnasked()
{
    ModelBed bed(u"anthropic"_s);
    bed.server.call(u"write_file"_s, {{u"path"_s, u"../evil.txt"_s}, {u"content"_s, u"x"_s}});
    bed.server.call(u"write_file"_s,
                    {{u"path"_s, QString(bed.node.home() + u"/evil.txt")}, {u"content"_s, u"x"_s}});
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    QCOMPARE(bed.server.requests().size(), size_t{3});
    QVERIFY(bed.server.lastToolResult().contains(u"outside of the workspace"_s));
    QVERIFY(!QFile::exists(bed.node.home() + u"/evil.txt"));
    QVERIFY(!QFile::exists(bed.path(u"../evil.txt"_s)));
    QCOMPARE(bed.events(u"session.permission_requested"_s).size(), size_t{0});
}

void TestNodeHttp::secretsAreAskedFor()
{
    ModelBed bed(u"anthropic"_s);
    bed.put(u".env"_s, "TOKEN=deep-secret\n");
    bed.put(u"notes.txt"_s, "TOKEN of old\n");
    bed.server.call(u"search"_s, {{u"text"_s, u"TOKEN"_s}});
    bed.server.call(u"read_file"_s, {{u"path"_s, u".env"_s}});
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QCOMPARE(item.kind, InboxKind::Permission);
    QVERIFY(bed.server.lastToolResult().contains(u"notes.txt:1: TOKEN of old"_s)); // and was not asked about
    QVERIFY(!bed.server.lastToolResult().contains(u"deep-secret"_s));
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::No}));
    QVERIFY(bed.node.ended(run));
    QVERIFY(!bed.server.lastQuestion().contains(u"deep-secret"_s));
}

void TestNodeHttp::cancelled()
{
    QFETCH(QString, runtime);
    ModelBed bed(runtime);
    bed.server.begin(u"I begin"_s, FakeReply::End::Stall);
    const RunId run = bed.start();
    QVERIFY(waitFor([&] { return bed.server.requests().size() == 1; }));
    QVERIFY(bed.node.submit(CancelRun{.run = run}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Cancelled);
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodeHttp::cancelledCommand()
{
    ModelBed bed(u"anthropic"_s);
    const QString command =
        u"(trap '' TERM; touch started; exec tail -f /dev/null) & setsid tail -f /dev/null & tail -f /dev/null"_s;
    bed.server.call(u"run_command"_s, {{u"command"_s, command}});
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QVERIFY(waitFor([&] { return QFile::exists(bed.path(u"started"_s)); }));
    QVERIFY(waitFor([&] { return bed.processes().size() >= 4; }));
    QVERIFY(bed.node.submit(CancelRun{.run = run}));
    const auto ended = bed.node.ended(run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Cancelled);
    QVERIFY(bed.isEmptyOfProcesses());
    QCOMPARE(bed.server.requests().size(), size_t{1});
}

void TestNodeHttp::limitOfCalls()
{
    qputenv("MUSTER_MODEL_MAX_CALLS", "3");
    ModelBed bed(u"anthropic"_s);
    for (int i = 0; i < 5; ++i)
        bed.server.call(u"list_files"_s, {});
    const auto run = bed.run();
    qunsetenv("MUSTER_MODEL_MAX_CALLS");
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Failed);
    QCOMPARE(run->run.reason, FailureReason::TurnLimitExceeded);
    QCOMPARE(bed.server.requests().size(), size_t{3});
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodeHttp::resumed()
{
    QFETCH(QString, runtime);
    ModelBed bed(runtime);
    bed.server.say(u"You said one."_s);
    QVERIFY(bed.chat(u"my number is one"_s, 2));
    const QList<qint64> first = bed.agents();
    QCOMPARE(first.size(), 1);
    ::kill(static_cast<pid_t>(first.front()), SIGKILL);
    bed.server.say(u"And now two."_s);
    QVERIFY(bed.chat(u"now it is two"_s, 4));
    QVERIFY(bed.lastEvent(u"session.started"_s).value(u"resumed"_s).toBool());
    const QString asked = bed.server.lastQuestion();
    QVERIFY2(asked.contains(u"my number is one"_s) && asked.contains(u"You said one."_s), qPrintable(asked));
    QVERIFY(bed.agents() != first);
}

QTEST_GUILESS_MAIN(TestNodeHttp)
#include "tst_node_http.moc"
