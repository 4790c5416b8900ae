// What stream-JSON means, message by message, beyond what was recorded.
#include "tests/core/protocol/claude_replay.h"

#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

// An adapter in its first turn.
struct Talk {
    explicit Talk(const StreamJsonQuirks &quirks = {}, const QString &resumeId = {})
        : adapter(sink, quirks, LineFramer::defaultMaxLine, u"new-session"_s)
    {
        act(adapter, sink, {.kind = Step::Kind::Open, .bytes = resumeId.toUtf8()});
        adapter.receive(initializeAnswer());
        prompt();
    }
    void prompt() { act(adapter, sink, {.kind = Step::Kind::Prompt, .bytes = "go"}); }
    void says(const QByteArray &line) { adapter.receive(QByteArray(line + '\n')); }
    template <typename T> [[nodiscard]] T last() const
    {
        const std::vector<T> found = sink.all<T>();
        return found.empty() ? T{} : found.back();
    }

    ContractSink sink;
    ClaudeAdapter adapter;
};

QByteArray toolUse(const QByteArray &name, const QByteArray &input, const QByteArray &parent = "null")
{
    return R"({"type":"assistant","parent_tool_use_id":)" + parent +
           R"(,"message":{"id":"m1","content":[{"type":"tool_use","id":"t-)" + name + R"(","name":")" + name +
           R"(","input":)" + input + "}]}}";
}

QByteArray mayUse(const QByteArray &name, const QByteArray &input)
{
    return R"({"type":"control_request","request_id":"c1","request":{"subtype":"can_use_tool","tool_name":")" +
           name + R"(","tool_use_id":"t1","input":)" + input + "}}";
}

} // namespace

class TestClaudeAdapter : public QObject {
    Q_OBJECT

private slots:
    void results_data();
    void results();
    void costWithoutItsShare();
    void rateLimits_data();
    void rateLimits();
    void permissionShowsWhatIsDone_data();
    void permissionShowsWhatIsDone();
    void permissionWithdrawnByTheAgent();
    void severalQuestionsAreOneAnswer();
    void severalChoicesAreOneText_data();
    void severalChoicesAreOneText();
    void aQuestionMayBeDeclined();
    void permissionOutsideATurnIsDenied();
    void otherRequestsAreRefused();
    void todoIsThePlan();
    void subAgentSpeaksThroughItsTool();
    void deltasInAnyOrder_data();
    void deltasInAnyOrder();
    void mcpServersByAFile_data();
    void mcpServersByAFile();
    void hugeLineIsAWarning();
    void warningsAreBounded();
};

void TestClaudeAdapter::results_data()
{
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const QByteArray &fields, const char *outcome, const char *reason) {
        QTest::newRow(name) << QByteArray(R"({"type":"result",)" + fields + '}')
                            << QString::fromLatin1(outcome) << QString::fromLatin1(reason);
    };
    row("success", R"("subtype":"success","is_error":false)", "completed", "");
    row("429", R"("subtype":"success","is_error":true,"api_error_status":429)", "failed", "rate_limited");
    row("529", R"("subtype":"success","is_error":true,"api_error_status":529)", "failed", "rate_limited");
    row("500", R"("subtype":"success","is_error":true,"api_error_status":500)", "failed", "runtime_error");
    row("401", R"("subtype":"success","is_error":true,"api_error_status":401)", "failed", "auth_required");
    row("404", R"("subtype":"success","is_error":true,"api_error_status":404)", "failed",
        "model_unavailable");
    row("too long", R"("subtype":"success","is_error":true,"terminal_reason":"prompt_too_long")", "failed",
        "runtime_error");
    row("turns", R"("subtype":"error_max_turns","is_error":true)", "limit_reached", "turn_limit_exceeded");
    row("budget", R"("subtype":"error_max_budget_usd","is_error":true)", "limit_reached", "budget_exceeded");
    row("budget gone", R"("subtype":"success","is_error":true,"terminal_reason":"budget_exhausted")",
        "limit_reached", "budget_exceeded");
    row("error", R"("subtype":"error_during_execution","is_error":true)", "failed", "runtime_error");
    row("aborted", R"("subtype":"error_during_execution","is_error":true,"terminal_reason":"aborted_tools")",
        "cancelled", "aborted");
    row("refused", R"("subtype":"success","is_error":false,"stop_reason":"refusal")", "refused",
        "runtime_error");
    row("said as text",
        R"("subtype":"error_during_execution","is_error":true,"error":{"message":"[API Error: 429 no]"})",
        "failed", "rate_limited");
    row("nothing said", R"("x":1)", "failed", "protocol_error");
}

void TestClaudeAdapter::results()
{
    QFETCH(QByteArray, result);
    QFETCH(QString, outcome);
    QFETCH(QString, reason);
    Talk talk;
    talk.says(result);
    const auto turn = talk.last<TurnFinished>();
    QCOMPARE(enumName(turn.outcome), outcome);
    QCOMPARE(turn.reason ? enumName(*turn.reason) : QString(), reason);
    QCOMPARE(talk.sink.all<RateLimited>().size(), reason == u"rate_limited"_s ? 1U : 0U);
    talk.says(result); // a second one ends nothing
    QCOMPARE(talk.sink.all<TurnFinished>().size(), 1U);
    QCOMPARE(talk.sink.problems, QStringList());
}

void TestClaudeAdapter::costWithoutItsShare()
{
    const auto result = [](double total) {
        return QByteArray(R"({"type":"result","subtype":"success","is_error":false,"total_cost_usd":)" +
                          QByteArray::number(total) + '}');
    };
    Talk fresh;
    fresh.says(result(0.5));
    QCOMPARE(fresh.last<Usage>().costMicroUsd, std::optional<qint64>(500000));
    fresh.prompt();
    fresh.says(result(0.75));
    QCOMPARE(fresh.last<Usage>().costMicroUsd, std::optional<qint64>(250000));

    Talk resumed({}, u"older"_s);
    resumed.says(result(7.0));
    QVERIFY(resumed.sink.all<Usage>().empty());
    resumed.prompt();
    resumed.says(result(7.25));
    QCOMPARE(resumed.last<Usage>().costMicroUsd, std::optional<qint64>(250000));
}

void TestClaudeAdapter::rateLimits_data()
{
    QTest::addColumn<QByteArray>("info");
    QTest::addColumn<int>("events");
    QTest::addColumn<bool>("hard");
    QTest::addColumn<qint64>("resetAtMs");
    QTest::newRow("allowed") << QByteArray(R"("status":"allowed","resetsAt":5)") << 0 << false << qint64(0);
    QTest::newRow("warning") << QByteArray(R"("status":"allowed_warning","resetsAt":1795224098)") << 1
                             << false << Q_INT64_C(1795224098000);
    QTest::newRow("warning, how full")
        << QByteArray(R"("status":"allowed_warning","resetsAt":1795224098,"utilization":0.92)") << 1 << false
        << Q_INT64_C(1795224098000);
    QTest::newRow("rejected") << QByteArray(R"("status":"rejected","resetsAt":1795224098)") << 1 << true
                              << Q_INT64_C(1795224098000);
    QTest::newRow("no time") << QByteArray(R"("status":"rejected")") << 1 << true << qint64(0);
    QTest::newRow("nonsense") << QByteArray(R"("status":"rejected","resetsAt":1e300)") << 1 << true
                              << qint64(0);
}

void TestClaudeAdapter::rateLimits()
{
    QFETCH(QByteArray, info);
    QFETCH(int, events);
    QFETCH(bool, hard);
    QFETCH(qint64, resetAtMs);
    Talk talk;
    talk.says(R"({"type":"rate_limit_event","rate_limit_info":{)" + info + "}}");
    QCOMPARE(talk.sink.all<RateLimited>().size(), static_cast<size_t>(events));
    QCOMPARE(talk.last<RateLimited>().hard, hard);
    QCOMPARE(talk.last<RateLimited>().resetAtMs.value_or(0), resetAtMs);
    QCOMPARE(talk.last<RateLimited>().usedPercent, info.contains("0.92") ? std::optional(92) : std::nullopt);
}

void TestClaudeAdapter::permissionShowsWhatIsDone_data()
{
    QTest::addColumn<QByteArray>("tool");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("changed"); // the lines of the diff that differ
    QTest::newRow("bash") << QByteArray("Bash") << QByteArray(R"({"command":"rm -rf x\nls"})") << u"execute"_s
                          << u"rm -rf x\nls"_s << QString();
    QTest::newRow("write") << QByteArray("Write") << QByteArray(R"({"file_path":"/a","content":"one\n"})")
                           << u"edit"_s << QString() << u"+one"_s;
    QTest::newRow("edit") << QByteArray("Edit")
                          << QByteArray(R"({"file_path":"/a","old_string":"one\n","new_string":"two\n"})")
                          << u"edit"_s << QString() << u"-one|+two"_s;
    QTest::newRow("edits") << QByteArray("MultiEdit")
                           << QByteArray(
                                  R"({"file_path":"/a","edits":[{"old_string":"1\n","new_string":"2\n"},)"
                                  R"({"old_string":"3\n","new_string":"4\n"}]})")
                           << u"edit"_s << QString() << u"-1|+2|-3|+4"_s;
    QTest::newRow("qwen shell") << QByteArray("run_shell_command") << QByteArray(R"({"command":"ls"})")
                                << u"execute"_s << u"ls"_s << QString();
    QTest::newRow("mcp") << QByteArray("mcp__x__y") << QByteArray(R"({"command":"ls"})") << u"other"_s
                         << QString() << QString();
}

void TestClaudeAdapter::permissionShowsWhatIsDone()
{
    QFETCH(QByteArray, tool);
    QFETCH(QByteArray, input);
    QFETCH(QString, kind);
    QFETCH(QString, command);
    QFETCH(QString, changed);
    Talk talk;
    talk.says(mayUse(tool, input));
    const auto asked = talk.last<PermissionRequested>();
    QCOMPARE(enumName(asked.kind), kind);
    QCOMPARE(asked.command, command);
    QStringList lines = asked.diff.split(u'\n');
    lines.removeIf([](const QString &l) {
        return (!l.startsWith(u'+') && !l.startsWith(u'-')) || l.startsWith(u"+++"_s) ||
               l.startsWith(u"---"_s);
    });
    QCOMPARE(lines.join(u'|'), changed);
    act(talk.adapter, talk.sink, {.kind = Step::Kind::Allow});
    const QJsonValue response = talk.sink.lastSent().value(u"response"_s);
    QCOMPARE(response[u"request_id"_s].toString(), u"c1"_s);
    QCOMPARE(response[u"response"_s][u"updatedInput"_s].toObject(), QJsonDocument::fromJson(input).object());
}

void TestClaudeAdapter::permissionWithdrawnByTheAgent()
{
    Talk talk;
    talk.says(mayUse("Bash", R"({"command":"ls"})"));
    QCOMPARE(talk.sink.permissions.size(), 1);
    const QString id = talk.sink.permissions.first();
    talk.says(R"({"type":"control_cancel_request","request_id":"other"})");
    QCOMPARE(talk.sink.permissions.size(), 1);
    talk.says(R"({"type":"control_cancel_request","request_id":"c1"})");
    QCOMPARE(talk.sink.count(u"withdrawn "_s + id), 1);
    QCOMPARE(talk.adapter.answerPermission(id, {.allowed = true, .message = {}}).error().code,
             ErrorCode::NotFound);
}

void TestClaudeAdapter::severalQuestionsAreOneAnswer()
{
    Talk talk(qwenQuirks());
    talk.says(mayUse("ask_user_question", R"({"questions":[{"question":"A?"},{"question":"B?"}]})"));
    QCOMPARE(talk.sink.questions.size(), 2);
    const QStringList ids = talk.sink.questions;
    const qsizetype sent = talk.sink.sent.size();
    talk.sink.answered(ids.at(1));
    QVERIFY(talk.adapter.answerQuestion(ids.at(1), {.given = true, .text = u"b"_s}));
    QCOMPARE(talk.sink.sent.size(), sent);
    QVERIFY(!talk.adapter.answerPermission(ids.at(0), {.allowed = true, .message = {}}));
    talk.sink.answered(ids.at(0));
    QVERIFY(talk.adapter.answerQuestion(ids.at(0), {.given = true, .text = u"a"_s}));
    const QJsonValue answers =
        talk.sink.lastSent().value(u"response"_s)[u"response"_s][u"updatedInput"_s][u"answers"_s];
    QCOMPARE(answers.toObject(), (QJsonObject{{u"0"_s, u"a"_s}, {u"1"_s, u"b"_s}}));
}

void TestClaudeAdapter::severalChoicesAreOneText_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("several");
    QTest::addColumn<QString>("heard");
    const QByteArray options = R"("options":[{"label":"x"},{"label":"y"}])";
    QTest::newRow("several") << QByteArray(R"("multiSelect":true,)" + options) << true << u"x, y"_s;
    QTest::newRow("one") << QByteArray(R"("multiSelect":false,)" + options) << false << u"x\ny"_s;
    QTest::newRow("not said") << options << false << u"x\ny"_s;
    QTest::newRow("nothing to choose") << QByteArray(R"("multiSelect":true)") << false << u"x\ny"_s;
}

void TestClaudeAdapter::severalChoicesAreOneText()
{
    QFETCH(QByteArray, fields);
    Talk talk;
    talk.says(mayUse("AskUserQuestion", R"({"questions":[{"question":"A?",)" + fields + "}]}"));
    QTEST(talk.sink.all<QuestionAsked>().at(0).several, "several");
    const QString id = talk.sink.questions.constFirst();
    talk.sink.answered(id);
    QVERIFY(talk.adapter.answerQuestion(id, {.given = true, .text = u"x\ny"_s}));
    const QJsonValue input = talk.sink.lastSent().value(u"response"_s)[u"response"_s][u"updatedInput"_s];
    QTEST(input[u"answers"_s][u"A?"_s].toString(), "heard");
}

void TestClaudeAdapter::aQuestionMayBeDeclined()
{
    Talk talk;
    talk.says(mayUse("AskUserQuestion", R"({"questions":[{"question":"A?","options":[)"
                                        R"({"label":"x","description":"the first"}]}]})"));
    QCOMPARE(talk.sink.all<QuestionAsked>().at(0).details, QStringList(u"the first"_s));
    const QString id = talk.sink.questions.constFirst();
    talk.sink.answered(id);
    QVERIFY(talk.adapter.answerQuestion(id, {.given = false, .text = u"Nobody is here."_s}));
    const QJsonValue answer = talk.sink.lastSent().value(u"response"_s)[u"response"_s];
    QCOMPARE(answer[u"behavior"_s].toString(), u"deny"_s);
    QCOMPARE(answer[u"message"_s].toString(), u"Nobody is here."_s);
    QCOMPARE(talk.sink.problems, QStringList());
}

void TestClaudeAdapter::permissionOutsideATurnIsDenied()
{
    Talk talk;
    talk.says(R"({"type":"result","subtype":"success","is_error":false})");
    talk.says(mayUse("Bash", R"({"command":"ls"})"));
    QVERIFY(talk.sink.permissions.isEmpty());
    QCOMPARE(talk.sink.lastSent().value(u"response"_s)[u"response"_s][u"behavior"_s].toString(), u"deny"_s);
    QCOMPARE(talk.sink.problems, QStringList());
}

void TestClaudeAdapter::otherRequestsAreRefused()
{
    Talk talk;
    talk.says(R"({"type":"control_request","request_id":0,"request":{"subtype":"hook_callback"}})");
    const QJsonObject response = talk.sink.lastSent().value(u"response"_s).toObject();
    QCOMPARE(response.value(u"subtype"_s).toString(), u"error"_s);
    QCOMPARE(response.value(u"request_id"_s).toInt(-1), 0);
    QCOMPARE(talk.last<SessionWarning>().code, u"unknown_message"_s);
}

void TestClaudeAdapter::todoIsThePlan()
{
    Talk talk;
    talk.says(
        toolUse("TodoWrite",
                R"({"todos":[{"content":"a","status":"completed"},{"content":"b","status":"pending"}]})"));
    const auto plan = talk.last<PlanUpdated>();
    QCOMPARE(plan.entries.size(), 2U);
    QCOMPARE(plan.entries.at(1).text, u"b"_s);
    QCOMPARE(plan.entries.at(0).status, u"completed"_s);
}

void TestClaudeAdapter::subAgentSpeaksThroughItsTool()
{
    Talk talk;
    talk.says(toolUse("Task", R"({"description":"look"})"));
    talk.says(R"({"type":"assistant","parent_tool_use_id":"t-Task","message":{"id":"s1","content":)"
              R"([{"type":"text","text":"found it"}]}})");
    talk.says(toolUse("Read", R"({"file_path":"/a"})", R"("t-Task")"));
    QVERIFY(talk.sink.all<TextDelta>().empty());
    QCOMPARE(talk.last<ToolOutput>().toolId, u"t-Task"_s);
    QCOMPARE(talk.last<ToolOutput>().text, u"found it"_s);
    QCOMPARE(talk.last<ToolStarted>().paths, QStringList{u"/a"_s});
    talk.says(R"({"type":"result","subtype":"success","is_error":false})");
    QCOMPARE(talk.sink.all<ToolFinished>().size(), 2U);
    QCOMPARE(talk.sink.problems, QStringList());
}

void TestClaudeAdapter::deltasInAnyOrder_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("usual") << QByteArray(
        R"({"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\né"}},"session_id":"s","parent_tool_use_id":null})");
    QTest::newRow("type last") << QByteArray(
        R"({"session_id":"s","event":{"delta":{"text":"a\né","type":"text_delta"},"index":0,"type":"content_block_delta"},"type":"stream_event"})");
    QTest::newRow("unknown members") << QByteArray(
        R"({"type":"stream_event","new":{"x":[1]},"event":{"type":"content_block_delta","extra":1,"index":0,"delta":{"type":"text_delta","text":"a\né","y":{}}}})");
    QTest::newRow("whole") << QByteArray(
        R"({"type":"assistant","message":{"id":"m9","content":[{"type":"text","text":"a\né"}]}})");
}

void TestClaudeAdapter::deltasInAnyOrder()
{
    QFETCH(QByteArray, line);
    Talk talk;
    talk.says(R"({"type":"stream_event","event":{"type":"message_start","message":{"id":"m9"}}})");
    talk.says(line);
    QCOMPARE(talk.last<TextDelta>().text, u"a\né"_s);
    QCOMPARE(talk.last<TextDelta>().messageId, u"m9"_s);
    talk.says(R"({"type":"assistant","message":{"id":"m9","content":[{"type":"text","text":"a\né"}]}})");
    QCOMPARE(talk.sink.all<TextDelta>().size(), line.contains("assistant") ? 2U : 1U);
}

void TestClaudeAdapter::mcpServersByAFile_data()
{
    QTest::addColumn<QString>("allowFlag");
    QTest::newRow("a flag names what needs no asking") << u"--allowedTools"_s;
    QTest::newRow("the file says it") << QString();
}

void TestClaudeAdapter::mcpServersByAFile()
{
    QFETCH(QString, allowFlag);
    ContractSink sink;
    StreamJsonQuirks quirks;
    quirks.allowFlag = allowFlag;
    const ClaudeAdapter adapter(sink, quirks);
    OpenRequest request{.workingDir = u"/w"_s, .resumeId = {}, .model = {}};
    request.mcpServers = {
        {.name = u"files"_s, .command = u"/bin/server"_s, .args = {u"-x"_s}, .env = {{u"A"_s, u"s3cret"_s}}},
        {.name = u"web"_s,
         .transport = McpEntry::Transport::Sse,
         .url = u"http://127.0.0.1:1"_s,
         .headers = {{u"Authorization"_s, u"Bearer s3cret"_s}}},
        {.name = u"muster"_s, .command = u"/bin/muster"_s, .ours = true}};
    QVERIFY(!adapter.arguments(request).contains(u"--mcp-config"_s)); // nowhere to put it
    QVERIFY(adapter.files(request).empty());
    request.privateFolder = u"/tmp/own"_s;
    const QStringList arguments = adapter.arguments(request);
    QCOMPARE(arguments.value(arguments.indexOf(u"--mcp-config"_s) + 1), u"/tmp/own/mcp.json"_s);
    QVERIFY(!arguments.join(u' ').contains(u"s3cret"_s));
    QCOMPARE(arguments.contains(u"mcp__muster"_s), !allowFlag.isEmpty());
    const auto files = adapter.files(request);
    QCOMPARE(files.size(), 1U);
    QCOMPARE(files.front().name, u"mcp.json"_s);
    const QJsonValue named = QJsonDocument::fromJson(files.front().content)[u"mcpServers"_s];
    QCOMPARE(named[u"files"_s][u"command"_s].toString(), u"/bin/server"_s);
    QCOMPARE(named[u"files"_s][u"args"_s][0].toString(), u"-x"_s);
    QCOMPARE(named[u"files"_s][u"env"_s][u"A"_s].toString(), u"s3cret"_s);
    QCOMPARE(named[u"web"_s][u"type"_s].toString(), u"sse"_s);
    QCOMPARE(named[u"web"_s][u"headers"_s][u"Authorization"_s].toString(), u"Bearer s3cret"_s);
    QCOMPARE(named[u"muster"_s][u"trust"_s].toBool(), allowFlag.isEmpty());
    QVERIFY(!named[u"files"_s][u"trust"_s].toBool());
    QVERIFY(!adapter.arguments({}).contains(u"--mcp-config"_s));
}

void TestClaudeAdapter::hugeLineIsAWarning()
{
    Talk talk;
    const QByteArray piece(1024 * 1024, 'x');
    for (int i = 0; i < 66; ++i)
        talk.adapter.receive(piece);
    talk.says("");
    QCOMPARE(talk.last<SessionWarning>().code, u"line_too_long"_s);
    QCOMPARE(talk.last<SessionWarning>().detail, QString::number(66 * piece.size()));
    talk.says(R"({"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"still here"}]}})");
    QCOMPARE(talk.last<TextDelta>().text, u"still here"_s);
}

void TestClaudeAdapter::warningsAreBounded()
{
    Talk talk;
    for (int i = 0; i < 3000; ++i)
        talk.says(R"({"type":"novelty"})");
    QCOMPARE(talk.sink.all<SessionWarning>().size(), 1000U);
    QCOMPARE(talk.adapter.warnings(), 3000);
}

QTEST_APPLESS_MAIN(TestClaudeAdapter)
#include "tst_claude_adapter.moc"
