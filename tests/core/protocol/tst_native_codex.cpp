// What Codex's app-server may say and ask beyond the recordings, by the schema of the installed version.
#include "tests/core/protocol/native_replay.h"

#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

class Codex {
public:
    explicit Codex(const OpenRequest &request = {
                       .workingDir = u"/w"_s, .resumeId = {}, .model = {}, .mcpServers = {}})
    {
        sink.opening();
        adapter.open(request);
        say(R"({"id":1,"result":{"userAgent":"muster/1.2.3 (x) y"}})");
        say(R"({"id":2,"result":{"thread":{"id":"t"},"model":"m"}})");
    }
    void say(const QByteArray &line) { adapter.receive(QByteArray(line + '\n')); }
    void begin(bool accepted = true)
    {
        sink.prompted(adapter.prompt({.text = u"go"_s, .attachments = {}}));
        if (accepted)
            say(R"({"id":3,"result":{"turn":{"id":"u"}}})");
    }
    void complete(const QByteArray &status = "completed", const QByteArray &error = "null")
    {
        say(R"({"method":"turn/completed","params":{"threadId":"t","turn":{"id":"u","status":")" + status +
            R"(","error":)" + error + "}}}");
    }
    void answer(bool allowed, const QString &message = {})
    {
        const QString id = sink.permissions.constFirst();
        sink.answered(id);
        QVERIFY(adapter.answerPermission(id, {.allowed = allowed, .message = message}));
    }
    [[nodiscard]] QStringList sentMethods() const
    {
        QStringList methods;
        for (const QByteArray &line : sink.sent)
            methods.append(QJsonDocument::fromJson(line)[u"method"].toString());
        return methods;
    }

    void reply(const QString &question, const QuestionAnswer &answer)
    {
        sink.answered(question);
        QVERIFY(adapter.answerQuestion(question, answer));
    }

    ContractSink sink;
    CodexAdapter adapter{sink, 1 << 16};
};

const QByteArray twoQuestions =
    R"({"id":0,"method":"item/tool/requestUserInput","params":{"questions":[{"id":"c","question":"Which?",)"
    R"("options":[{"label":"Red","description":"warm"},{"label":"Blue"}]},{"id":"t","question":"When?"}]}})";

} // namespace

class TestNativeCodex : public QObject {
    Q_OBJECT

private slots:
    void opensSoThatItAsks();
    void passesServersAndModel();
    void fileChangeIsAskedWithItsDiff();
    void otherRequests_data();
    void otherRequests();
    void overtakenRequestIsWithdrawn();
    void questionsAreAnsweredTogether();
    void aQuestionMayBeDeclined();
    void questionsEndWithTheirRequest();
    void wordsOfADenialAreSteered();
    void errors_data();
    void errors();
    void usageOfAResumedThread();
    void cancelBeforeTheTurnHasItsId();
    void otherThreadsArePassedOver();
    void completedItemsFillWhatDeltasLeftOut();
    void limitsAreToldOnce();
    void garbageIsWarnedOf();
};

void TestNativeCodex::opensSoThatItAsks()
{
    Codex codex;
    QCOMPARE(codex.sentMethods(), (QStringList{u"initialize"_s, u"initialized"_s, u"thread/start"_s}));
    QVERIFY(!codex.sink.sent.first().contains("jsonrpc"));
    QCOMPARE(codex.sink.sent.at(1), QByteArray("{\"method\":\"initialized\"}\n"));
    const QJsonObject params = codex.sink.lastSent().value(u"params").toObject();
    QCOMPARE(params.value(u"approvalPolicy").toString(), u"untrusted"_s);
    QCOMPARE(params.value(u"approvalsReviewer").toString(), u"user"_s);
    QCOMPARE(params.value(u"sandbox").toString(), u"read-only"_s);
    QVERIFY(codex.sink.lines.last().contains(u"\"agent_version\":\"1.2.3\""_s));
    codex.begin();
    QCOMPARE(codex.sink.lastSent().value(u"params")[u"sandboxPolicy"][u"type"].toString(),
             u"workspaceWrite"_s);
}

void TestNativeCodex::passesServersAndModel()
{
    const std::vector<McpEntry> servers{
        {.name = u"one"_s, .command = u"/bin/x"_s, .args = {u"-a"_s}, .env = {{u"K"_s, u"V"_s}}},
        {.name = u"two"_s,
         .transport = McpEntry::Transport::Http,
         .url = u"http://h"_s,
         .headers = {{u"H"_s, u"W"_s}}},
        {.name = u"three"_s, .transport = McpEntry::Transport::Sse, .url = u"http://h"_s},
        {.name = u"muster"_s, .command = u"/bin/muster"_s, .ours = true}};
    Codex codex({.workingDir = u"/w"_s, .resumeId = u"old"_s, .model = u"big"_s, .mcpServers = servers});
    const QJsonObject params = codex.sink.lastSent().value(u"params").toObject();
    QCOMPARE(codex.sentMethods().last(), u"thread/resume"_s);
    QCOMPARE(params.value(u"threadId").toString(), u"old"_s);
    QCOMPARE(params.value(u"model").toString(), u"big"_s);
    const QJsonValue table = params.value(u"config")[u"mcp_servers"];
    QCOMPARE(table[u"one"][u"command"].toString(), u"/bin/x"_s);
    QCOMPARE(table[u"one"][u"env"][u"K"].toString(), u"V"_s);
    QCOMPARE(table[u"two"][u"url"].toString(), u"http://h"_s);
    QCOMPARE(table[u"two"][u"http_headers"][u"H"].toString(), u"W"_s);
    QVERIFY(table[u"three"].isUndefined());
    QVERIFY(table[u"one"][u"default_tools_approval_mode"].isUndefined());
    QCOMPARE(table[u"muster"][u"default_tools_approval_mode"].toString(), u"approve"_s);
}

void TestNativeCodex::fileChangeIsAskedWithItsDiff()
{
    Codex codex;
    codex.begin();
    const QByteArray item =
        R"("item":{"type":"fileChange","id":"f","changes":[{"path":"/w/a","kind":{"type":"update"},)"
        R"("diff":"@@ -1 +1 @@\n-x\n+y\n"},{"path":"/w/n","kind":{"type":"add"},"diff":"new\n"}],"status":)";
    codex.say(R"({"method":"item/started","params":{"threadId":"t",)" + item + R"("inProgress"}}})");
    codex.say(R"({"method":"item/fileChange/requestApproval","id":"x7","params":{"itemId":"f"}})");
    const auto asked = codex.sink.all<PermissionRequested>();
    QCOMPARE(asked.size(), 1U);
    QCOMPARE(asked[0].kind, ToolKind::Edit);
    QCOMPARE(asked[0].paths, (QStringList{u"/w/a"_s, u"/w/n"_s}));
    QCOMPARE(asked[0].diff, u"--- /w/a\n+++ /w/a\n@@ -1 +1 @@\n-x\n+y\n--- /w/n\n+++ /w/n\n+new\n"_s);
    codex.answer(true);
    QCOMPARE(codex.sink.lastSent().value(u"id").toString(), u"x7"_s);
    QCOMPARE(codex.sink.lastSent().value(u"result")[u"decision"].toString(), u"accept"_s);
    codex.say(R"({"method":"item/completed","params":{"threadId":"t",)" + item + R"("completed"}}})");
    codex.say(R"({"method":"turn/diff/updated","params":{"threadId":"t","diff":"+++ b/a\n+++ b/c\n"}})");
    codex.complete();
    QCOMPARE(codex.sink.count(u"session.file_changed"_s), 3); // a and n by the item, c by the diff alone
    QCOMPARE(codex.sink.problems, QStringList());
}

void TestNativeCodex::otherRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QByteArray>("result");
    const QByteArray more = R"({"itemId":"i","permissions":{"network":{"enabled":true}}})";
    const QByteArray tool =
        R"({"serverName":"s","message":"m","_meta":{"codex_approval_kind":"mcp_tool_call"}})";
    QTest::newRow("permissions allowed")
        << QByteArray("item/permissions/requestApproval") << more << true
        << QByteArray(R"({"permissions":{"network":{"enabled":true}},"scope":"turn"})");
    QTest::newRow("permissions denied") << QByteArray("item/permissions/requestApproval") << more << false
                                        << QByteArray(R"({"permissions":{},"scope":"turn"})");
    QTest::newRow("mcp allowed") << QByteArray("mcpServer/elicitation/request") << tool << true
                                 << QByteArray(R"({"action":"accept","content":{}})");
    QTest::newRow("mcp denied") << QByteArray("mcpServer/elicitation/request") << tool << false
                                << QByteArray(R"({"action":"decline","content":null})");
}

void TestNativeCodex::otherRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    QFETCH(bool, allowed);
    QFETCH(QByteArray, result);
    Codex codex;
    codex.begin();
    codex.say(R"({"id":0,"method":")" + method + R"(","params":)" + params + '}');
    QCOMPARE(codex.sink.permissions.size(), 1);
    codex.answer(allowed);
    QCOMPARE(codex.sink.lastSent().value(u"result").toObject(), QJsonDocument::fromJson(result).object());
}

void TestNativeCodex::overtakenRequestIsWithdrawn()
{
    Codex codex;
    codex.begin();
    for (int round = 0; round < 2; ++round) { // its id may come again
        codex.say(R"({"id":0,"method":"item/commandExecution/requestApproval","params":{"command":"ls"}})");
        QCOMPARE(codex.sink.permissions.size(), 1);
        const qsizetype sent = codex.sink.sent.size();
        codex.say(R"({"method":"serverRequest/resolved","params":{"threadId":"t","requestId":0}})");
        QVERIFY(codex.sink.permissions.isEmpty());
        QCOMPARE(codex.sink.sent.size(), sent);
    }
    QVERIFY(!codex.adapter.answerPermission(u"p1"_s, {.allowed = true, .message = {}}));
    codex.complete();
    QCOMPARE(codex.sink.problems, QStringList());
}

void TestNativeCodex::questionsAreAnsweredTogether()
{
    Codex codex;
    codex.begin();
    codex.say(twoQuestions);
    const auto asked = codex.sink.all<QuestionAsked>();
    QCOMPARE(asked.size(), 2U);
    QCOMPARE(asked[0].text, u"Which?"_s);
    QCOMPARE(asked[0].choices, (QStringList{u"Red"_s, u"Blue"_s}));
    QCOMPARE(asked[0].details, (QStringList{u"warm"_s, QString()}));
    const qsizetype sent = codex.sink.sent.size();
    codex.reply(asked[1].requestId, {.given = true, .text = u"now"_s});
    QCOMPARE(codex.sink.sent.size(), sent);
    codex.reply(asked[0].requestId, {.given = true, .text = u"Blue"_s});
    QCOMPARE(codex.sink.lastSent(),
             QJsonDocument::fromJson(R"({"id":0,"result":{"answers":{"c":{"answers":["Blue"]},)"
                                     R"("t":{"answers":["now"]}}}})")
                 .object());
    QVERIFY(!codex.adapter.answerQuestion(asked[0].requestId, {.given = true, .text = u"Red"_s}));
    codex.complete();
    QCOMPARE(codex.sink.problems, QStringList());
}

void TestNativeCodex::aQuestionMayBeDeclined()
{
    Codex codex;
    codex.begin();
    codex.say(twoQuestions);
    const auto asked = codex.sink.all<QuestionAsked>();
    codex.reply(asked[0].requestId, {});
    codex.reply(asked[1].requestId, {});
    QCOMPARE(codex.sink.lastSent().value(u"result"), QJsonValue(QJsonObject{{u"answers"_s, QJsonObject()}}));
    codex.complete();
    QCOMPARE(codex.sink.problems, QStringList());
}

void TestNativeCodex::questionsEndWithTheirRequest()
{
    Codex codex;
    codex.begin();
    codex.say(twoQuestions);
    codex.say(R"({"method":"serverRequest/resolved","params":{"threadId":"t","requestId":0}})");
    QVERIFY(codex.sink.questions.isEmpty());
    codex.say(twoQuestions);
    QCOMPARE(codex.sink.questions.size(), 2);
    codex.adapter.cancel();
    QVERIFY(codex.sink.questions.isEmpty());
    QCOMPARE(codex.sink.lastSent().value(u"result"), QJsonValue(QJsonObject{{u"answers"_s, QJsonObject()}}));
    QCOMPARE(codex.sink.problems, QStringList());
}

void TestNativeCodex::wordsOfADenialAreSteered()
{
    Codex codex;
    codex.begin();
    codex.say(R"({"id":0,"method":"item/commandExecution/requestApproval","params":{"command":"rm x"}})");
    codex.answer(false, u"use git rm"_s);
    QCOMPARE(QJsonDocument::fromJson(codex.sink.sent.at(codex.sink.sent.size() - 2))[u"result"][u"decision"]
                 .toString(),
             u"decline"_s);
    QCOMPARE(codex.sentMethods().last(), u"turn/steer"_s);
    const QJsonValue params = codex.sink.lastSent().value(u"params");
    QCOMPARE(params[u"expectedTurnId"].toString(), u"u"_s);
    QCOMPARE(params[u"input"][0][u"text"].toString(), u"use git rm"_s);
}

void TestNativeCodex::errors_data()
{
    QTest::addColumn<QByteArray>("info");
    QTest::addColumn<TurnOutcome>("outcome");
    QTest::addColumn<FailureReason>("reason");
    const auto row = [](const char *info, TurnOutcome outcome, FailureReason reason) {
        QTest::newRow(info) << QByteArray(info) << outcome << reason;
    };
    using enum FailureReason;
    row(R"("sessionBudgetExceeded")", TurnOutcome::LimitReached, BudgetExceeded);
    row(R"("contextWindowExceeded")", TurnOutcome::LimitReached, RuntimeError);
    row(R"("usageLimitExceeded")", TurnOutcome::Failed, RateLimited);
    row(R"("unauthorized")", TurnOutcome::Failed, AuthRequired);
    row(R"("modelNotFound")", TurnOutcome::Failed, ModelUnavailable);
    row(R"("cyberPolicy")", TurnOutcome::Refused, RuntimeError);
    row(R"({"httpConnectionFailed":{"httpStatusCode":401}})", TurnOutcome::Failed, AuthRequired);
    row(R"({"responseTooManyFailedAttempts":{"httpStatusCode":429}})", TurnOutcome::Failed, RateLimited);
    row(R"({"httpConnectionFailed":{"httpStatusCode":503}})", TurnOutcome::Failed, RuntimeError);
    row(R"("something new")", TurnOutcome::Failed, RuntimeError);
    row("null", TurnOutcome::Failed, RuntimeError);
}

void TestNativeCodex::errors()
{
    QFETCH(QByteArray, info);
    Codex codex;
    codex.begin();
    codex.complete("failed", R"({"message":"why","codexErrorInfo":)" + info + '}');
    const auto finished = codex.sink.all<TurnFinished>();
    QCOMPARE(finished.size(), 1U);
    QTEST(finished[0].outcome, "outcome");
    QTEST(finished[0].reason.value(), "reason");
    QCOMPARE(finished[0].detail, u"why"_s);
    QCOMPARE(codex.sink.problems, QStringList());
}

void TestNativeCodex::usageOfAResumedThread()
{
    const auto usage = [](const QByteArray &turn, int total) {
        const QByteArray tokens = R"({"inputTokens":)" + QByteArray::number(total) + R"(,"outputTokens":1})";
        return QByteArray(R"({"method":"thread/tokenUsage/updated","params":{"threadId":"t","turnId":")" +
                          turn + R"(","tokenUsage":{"total":)" + tokens +
                          R"(,"last":{"inputTokens":40,"outputTokens":1}}}})");
    };
    const OpenRequest resume{.workingDir = u"/w"_s, .resumeId = u"t"_s, .model = {}, .mcpServers = {}};
    Codex told(resume); // what it used before is told late
    told.begin(false);
    told.say(usage("old", 1000));
    told.say(R"({"id":3,"result":{"turn":{"id":"u"}}})");
    told.say(usage("u", 1040));
    QCOMPARE(told.sink.all<Usage>().size(), 1U);
    QCOMPARE(told.sink.all<Usage>()[0].tokensIn, 40);

    Codex silent(resume); // or not at all
    silent.begin();
    silent.say(usage("u", 1040));
    silent.say(usage("u", 1080));
    QCOMPARE(silent.sink.all<Usage>().back().tokensIn, 80);
}

void TestNativeCodex::cancelBeforeTheTurnHasItsId()
{
    Codex codex;
    codex.begin(false);
    codex.adapter.cancel();
    QCOMPARE(codex.sentMethods().last(), u"turn/start"_s);
    codex.say(R"({"method":"turn/started","params":{"threadId":"t","turn":{"id":"u"}}})");
    QCOMPARE(codex.sentMethods().last(), u"turn/interrupt"_s);
    codex.complete("interrupted");
    QCOMPARE(codex.sentMethods().last(), u"turn/interrupt"_s); // no command was running
    QCOMPARE(codex.sink.all<TurnFinished>()[0].outcome, TurnOutcome::Cancelled);
}

void TestNativeCodex::otherThreadsArePassedOver()
{
    Codex codex;
    codex.begin();
    const QStringList before = codex.sink.lines;
    codex.say(R"({"method":"item/agentMessage/delta","params":{"threadId":"z","itemId":"i","delta":"x"}})");
    codex.say(
        R"({"method":"turn/completed","params":{"threadId":"z","turn":{"id":"u","status":"completed"}}})");
    QCOMPARE(codex.sink.lines, before);
    // But nothing that such a thread asks for is done without being asked.
    codex.say(
        R"({"id":0,"method":"item/commandExecution/requestApproval","params":{"threadId":"z","command":"c"}})");
    QCOMPARE(codex.sink.permissions.size(), 1);
}

void TestNativeCodex::completedItemsFillWhatDeltasLeftOut()
{
    Codex codex;
    codex.begin();
    codex.say(R"({"method":"item/agentMessage/delta","params":{"threadId":"t","itemId":"i","delta":"he"}})");
    codex.say(
        R"({"method":"item/completed","params":{"threadId":"t","item":{"type":"agentMessage","id":"i","text":"hello"}}})");
    codex.say(
        R"({"method":"item/completed","params":{"threadId":"t","item":{"type":"reasoning","id":"r","summary":["hm"]}}})");
    codex.say(
        R"({"method":"turn/plan/updated","params":{"threadId":"t","plan":[{"step":"s","status":"inProgress"}]}})");
    codex.say(
        R"({"method":"item/completed","params":{"threadId":"t","item":{"type":"unheardOf","id":"n"}}})");
    QString text;
    for (const TextDelta &delta : codex.sink.all<TextDelta>())
        text += delta.text;
    QCOMPARE(text, u"hello"_s);
    QCOMPARE(codex.sink.all<ThinkingDelta>().front().text, u"hm"_s);
    QCOMPARE(codex.sink.all<PlanUpdated>().front().entries.front().status, u"in_progress"_s);
    QCOMPARE(codex.sink.all<SessionWarning>().back().code, u"unknown_item"_s);
}

void TestNativeCodex::limitsAreToldOnce()
{
    Codex codex;
    codex.begin();
    const QByteArray full = R"({"method":"account/rateLimits/updated","params":{"rateLimits":{"primary":)"
                            R"({"usedPercent":95,"resetsAt":1800000000},"secondary":{"usedPercent":20}}}})";
    codex.say(full);
    codex.say(full);
    codex.complete("failed", R"({"message":"no more","codexErrorInfo":"usageLimitExceeded"})");
    const auto limits = codex.sink.all<RateLimited>();
    QCOMPARE(limits.size(), 2U);
    QVERIFY(!limits[0].hard && limits[1].hard);
    QCOMPARE(limits[0].usedPercent, std::optional(95));
    QCOMPARE(limits[1].resetAtMs.value(), 1800000000000);
}

void TestNativeCodex::garbageIsWarnedOf()
{
    Codex codex;
    codex.begin();
    for (const QByteArray &line :
         {QByteArray("garbage"), QByteArray("{\"method\":\"warning\",\"params\":[]}"),
          QByteArray("\xff\xfe{"), QByteArray(100000, 'x'), QByteArray("  ")})
        codex.say(line);
    QStringList codes;
    for (const SessionWarning &warning : codex.sink.all<SessionWarning>())
        codes.append(warning.code);
    QCOMPARE(codes, (QStringList{u"not_a_message"_s, u"bad_message"_s, u"invalid_utf8"_s, u"not_a_message"_s,
                                 u"line_too_long"_s}));
    codex.complete();
    QCOMPARE(codex.sink.problems, QStringList());
}

QTEST_APPLESS_MAIN(TestNativeCodex)
#include "tst_native_codex.moc"
