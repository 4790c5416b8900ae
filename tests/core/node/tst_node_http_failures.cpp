// What goes wrong with the runtimes that are reached over HTTP: each has its own reason, none is asked for
// ever, what was said is not said twice, and no process is left.
#include "tests/core/node/model_bed.h"

#include <QTcpServer>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeHttpFailures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void refusals_data();
    void refusals();
    void limitsPutItOff_data();
    void limitsPutItOff();
    void aLimitTellsItsEnd();
    void aLongOutageIsLeftToTheNode();
    void passingTroubleIsPassedOver_data();
    void passingTroubleIsPassedOver();
    void aBrokenAnswerGoesOnWhereItBroke_data() { everyRuntime(); }
    void aBrokenAnswerGoesOnWhereItBroke();
    void alwaysBroken();
    void silenceIsAStall();
    void nobodyIsSignedIn();
    void nobodyListens();
    void noAddress();
    void theOnlyModelIsTaken();
    void theKeyStaysInTheAgent();

private:
    static void everyRuntime()
    {
        QTest::addColumn<QString>("runtime");
        for (const HttpRuntime &runtime : httpRuntimes())
            QTest::newRow(qPrintable(runtime.id)) << runtime.id;
    }
    // Waiting without a process, and no failure.
    static void checkPutOff(ModelBed &bed)
    {
        const RunId run = bed.start();
        QVERIFY(waitFor([&] { return !bed.events(u"task.put_off"_s).empty(); }));
        QVERIFY(bed.isEmptyOfProcesses());
        const auto now = bed.node.query(GetRun{.run = run});
        QVERIFY(now);
        QVERIFY2(!isSettled(now->run.status), qPrintable(enumName(now->run.status)));
    }
    static void checkFailed(ModelBed &bed, const std::optional<RunDetail> &run, FailureReason reason)
    {
        QVERIFY(run);
        QCOMPARE(run->run.status, RunStatus::Failed);
        QVERIFY(run->run.reason);
        QCOMPARE(enumName(*run->run.reason), enumName(reason));
        QVERIFY(bed.isEmptyOfProcesses());
    }
};

void TestNodeHttpFailures::initTestCase() { ModelBed::cleanEnvironment(); }

void TestNodeHttpFailures::refusals_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<int>("asked"); // how often, with two retries
    for (const HttpRuntime &runtime : httpRuntimes()) {
        const auto row = [&](int status, const QString &type, FailureReason reason, int asked) {
            QTest::addRow("%s %d", qPrintable(runtime.id), status)
                << runtime.id << status << type << reason << asked;
        };
        row(401, u"authentication_error"_s, FailureReason::AuthRequired, 1);
        row(404, u"not_found_error"_s, FailureReason::ModelUnavailable, 1);
        row(500, u"api_error"_s, FailureReason::RuntimeError, 3);
    }
    QTest::newRow("too long") << u"anthropic"_s << 400 << u"invalid_request_error"_s
                              << FailureReason::RuntimeError << 1;
    QTest::newRow("nothing left to pay with")
        << u"openai"_s << 429 << u"insufficient_quota"_s << FailureReason::BudgetExceeded << 1;
}

void TestNodeHttpFailures::refusals()
{
    QFETCH(QString, runtime);
    QFETCH(int, status);
    QFETCH(QString, type);
    QFETCH(FailureReason, reason);
    QFETCH(int, asked);
    ModelBed bed(runtime);
    for (int i = 0; i < 5; ++i)
        bed.server.refuse(status, type, u"refused for this test"_s);
    const auto run = bed.run();
    checkFailed(bed, run, reason);
    QCOMPARE(bed.server.requests().size(), static_cast<size_t>(asked));
    QVERIFY2(run->run.detail.contains(u"refused for this test"_s) ||
                 run->steps.front().detail.contains(u"refused for this test"_s),
             qPrintable(run->run.detail + run->steps.front().detail));
    QCOMPARE(bed.events(u"session.warning"_s).size(), static_cast<size_t>(asked - 1)); // each try is told of
}

void TestNodeHttpFailures::limitsPutItOff_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("asked"); // how often, with two retries
    for (const HttpRuntime &runtime : httpRuntimes()) {
        QTest::addRow("%s 429", qPrintable(runtime.id)) << runtime.id << 429 << u"rate_limit_error"_s << 1;
        QTest::addRow("%s 529", qPrintable(runtime.id)) << runtime.id << 529 << u"overloaded_error"_s << 3;
    }
}

// Without a word on when it ends, the node waits for a while of its own and asks again.
void TestNodeHttpFailures::limitsPutItOff()
{
    QFETCH(QString, runtime);
    QFETCH(int, status);
    QFETCH(QString, type);
    QFETCH(int, asked);
    ModelBed bed(runtime);
    for (int i = 0; i < asked; ++i)
        bed.server.refuse(status, type, u"refused for this test"_s);
    checkPutOff(bed);
    QVERIFY(bed.server.requests().size() >= static_cast<size_t>(asked));
    QVERIFY(bed.lastEvent(u"session.rate_limited"_s).value(u"hard"_s).toBool());
}

void TestNodeHttpFailures::aLimitTellsItsEnd()
{
    ModelBed bed(u"anthropic"_s);
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    bed.server.refuse(429, u"rate_limit_error"_s, u"slow down"_s, {{"retry-after", "3600"}});
    checkPutOff(bed);
    const QJsonObject limited = bed.lastEvent(u"session.rate_limited"_s);
    QVERIFY(limited.value(u"hard"_s).toBool());
    const qint64 at = limited.value(u"reset_at"_s).toInteger();
    QVERIFY2(at >= before + 3'600'000 && at <= QDateTime::currentMSecsSinceEpoch() + 3'600'000,
             qPrintable(QString::number(at - before)));
}

// An hour is not waited for by a process.
void TestNodeHttpFailures::aLongOutageIsLeftToTheNode()
{
    ModelBed bed(u"openai"_s);
    bed.server.refuse(503, u"server_error"_s, u"maintenance"_s, {{"retry-after", "3600"}});
    checkPutOff(bed);
    QCOMPARE(bed.server.requests().size(), size_t{1});
    QVERIFY(bed.lastEvent(u"session.rate_limited"_s).contains(u"reset_at"_s));
}

void TestNodeHttpFailures::passingTroubleIsPassedOver_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("500") << 500;
    QTest::newRow("503") << 503;
    QTest::newRow("529") << 529;
}

void TestNodeHttpFailures::passingTroubleIsPassedOver()
{
    QFETCH(int, status);
    ModelBed bed(u"anthropic"_s);
    bed.server.refuse(status, {}, u"not now"_s);
    bed.server.refuse(status, {}, u"not now"_s);
    bed.server.say(u"Here I am."_s);
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    QCOMPARE(run->steps.front().output.trimmed(), u"Here I am."_s);
    QCOMPARE(bed.server.requests().size(), size_t{3});
}

void TestNodeHttpFailures::aBrokenAnswerGoesOnWhereItBroke()
{
    QFETCH(QString, runtime);
    ModelBed bed(runtime);
    bed.server.begin(u"The answer is forty"_s, FakeReply::End::Drop);
    bed.server.say(u"-two."_s);
    const auto run = bed.run();
    QVERIFY(run);
    QCOMPARE(run->run.status, RunStatus::Completed);
    QCOMPARE(run->steps.front().output.trimmed(), u"The answer is forty-two."_s);
    QCOMPARE(bed.server.requests().size(), size_t{2});
    QVERIFY(bed.server.lastQuestion().contains(u"The answer is forty"_s));
    QVERIFY(bed.server.lastQuestion().contains(u"broke off"_s));
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestNodeHttpFailures::alwaysBroken()
{
    ModelBed bed(u"anthropic"_s);
    for (int i = 0; i < 5; ++i)
        bed.server.begin(u"part %1 "_s.arg(i), FakeReply::End::Drop);
    checkFailed(bed, bed.run(), FailureReason::RuntimeError);
    QCOMPARE(bed.server.requests().size(), size_t{3});
}

void TestNodeHttpFailures::silenceIsAStall()
{
    ModelBed bed(u"anthropic"_s);
    QVERIFY(bed.node.submit(SetSetting{.key = u"agent.stall_seconds"_s, .value = 5}));
    bed.server.begin(u"I begin"_s, FakeReply::End::Stall);
    checkFailed(bed, bed.run(), FailureReason::Stalled);
}

void TestNodeHttpFailures::nobodyIsSignedIn()
{
    for (const HttpRuntime &runtime : httpRuntimes()) {
        ModelBed bed(runtime.id, ModelBed::Setup::NoKey);
        const auto info = bed.node.query(ListRuntimes{.runtime = runtime.id});
        QVERIFY(info);
        const bool needsKey = runtime.id != u"ollama" && runtime.id != u"openai-compatible";
        QCOMPARE(info->front().signIn, needsKey ? u"not_signed_in"_s : u"not_needed"_s);
        QCOMPARE(info->front().state, needsKey ? u"auth_required"_s : u"ready"_s);
        if (!needsKey)
            continue;
        checkFailed(bed, bed.run(), FailureReason::AuthRequired);
        QCOMPARE(bed.server.requests().size(), size_t{0});
    }
}

void TestNodeHttpFailures::nobodyListens()
{
    ModelBed bed(u"anthropic"_s);
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    qputenv("ANTHROPIC_BASE_URL", u"http://127.0.0.1:%1"_s.arg(closed.serverPort()).toUtf8());
    closed.close();
    const auto run = bed.run();
    checkFailed(bed, run, FailureReason::RuntimeError);
    QVERIFY2(run->run.detail.contains(u"network"_s) || run->steps.front().detail.contains(u"network"_s),
             qPrintable(run->run.detail));
}

void TestNodeHttpFailures::noAddress()
{
    ModelBed bed(u"openai-compatible"_s, ModelBed::Setup::NoAddress);
    checkFailed(bed, bed.run(), FailureReason::LaunchFailed);
    const auto info = bed.node.query(ListRuntimes{.runtime = u"openai-compatible"_s});
    QVERIFY(info);
    QCOMPARE(info->front().state, u"not_configured"_s);
    QCOMPARE(info->front().needs, u"OPENAI_COMPATIBLE_BASE_URL"_s);
    // Nobody has set it up, so nothing is broken.
    const auto items = bed.node.query(RunDoctor{});
    QVERIFY(items);
    const auto other = std::ranges::find(*items, u"other runtimes"_s, &CheckItem::name);
    QVERIFY(other != items->end());
    QCOMPARE(other->state, u"ok"_s);
    QVERIFY(other->detail.contains(u"openai-compatible"_s));
    QVERIFY(std::ranges::find(*items, u"runtime ollama"_s, &CheckItem::name) != items->end());
}

// The catalog names no model of a server that anybody may set up.
void TestNodeHttpFailures::theOnlyModelIsTaken()
{
    for (const QString &id : {u"ollama"_s, u"openai-compatible"_s}) {
        ModelBed bed(id);
        const auto run = bed.run();
        QVERIFY(run);
        QCOMPARE(run->run.status, RunStatus::Completed);
        QCOMPARE(bed.server.requests().front().body.value(u"model"_s).toString(), u"the-only-model"_s);
    }
}

// Neither what it runs nor /proc shows the key of the agent.
void TestNodeHttpFailures::theKeyStaysInTheAgent()
{
    ModelBed bed(u"anthropic"_s);
    bed.server.call(u"run_command"_s,
                    {{u"command"_s, u"env; tr '\\0' '\\n' < /proc/$PPID/environ; touch looked"_s}});
    const RunId run = bed.start();
    const InboxInfo item = bed.node.openItem(run);
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QVERIFY(bed.node.ended(run));
    QVERIFY(QFile::exists(bed.path(u"looked"_s)));
    const QString seen = bed.server.lastToolResult();
    QVERIFY2(seen.contains(u"MUSTER_MODEL_STATE="_s), qPrintable(seen));
    QVERIFY(!seen.contains(u"key-of-the-test"_s));
}

QTEST_GUILESS_MAIN(TestNodeHttpFailures)
#include "tst_node_http_failures.moc"
