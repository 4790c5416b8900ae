// What Pi's RPC mode may say and ask beyond the recordings.
#include "tests/core/protocol/native_replay.h"

#include <QTest>

using namespace muster;
using namespace muster::testing;

namespace {

constexpr auto gateSeen =
    R"({"type":"extension_ui_request","id":"s","method":"setStatus","statusKey":"muster-gate","statusText":"ready"})";
constexpr auto state =
    R"({"id":"m1","type":"response","command":"get_state","success":true,"data":{"sessionId":"s1","messageCount":2}})";

class Pi {
public:
    explicit Pi(const QString &resumeId = {}, bool gate = true)
    {
        sink.opening();
        adapter.open({.workingDir = u"/w"_s, .resumeId = resumeId, .model = {}, .mcpServers = {}});
        if (gate)
            say(gateSeen);
        say(state);
    }
    void say(const QByteArray &line) { adapter.receive(QByteArray(line + '\n')); }
    void begin()
    {
        sink.prompted(adapter.prompt({.text = u"go"_s, .attachments = {}}));
        say(R"({"id":"m2","type":"response","command":"prompt","success":true})");
    }
    void message(const QByteArray &stopReason, const QByteArray &error = {})
    {
        say(R"({"type":"message_end","message":{"role":"assistant","content":[],"stopReason":")" +
            stopReason + R"(","errorMessage":")" + error + R"("}})");
    }
    [[nodiscard]] TurnFinished finished() const { return sink.all<TurnFinished>().back(); }

    ContractSink sink;
    PiAdapter adapter{sink, PiGate::Required, 1 << 16};
};

} // namespace

class TestNativePi : public QObject {
    Q_OBJECT

private slots:
    void commandLine();
    void withoutTheGateNothingOpens();
    void anotherSessionIsRefused();
    void wordsOfADenial();
    void cancelRefusesWhatIsAsked();
    void gateTitles_data();
    void gateTitles();
    void otherQuestionsAreAnswered_data();
    void otherQuestionsAreAnswered();
    void ends_data();
    void ends();
    void refusedPromptEndsItsTurn();
    void settledBeforeThePromptIsTaken();
    void retryThatWorks();
    void garbageIsWarnedOf();
};

void TestNativePi::commandLine()
{
    const Pi pi;
    QCOMPARE(pi.adapter.arguments({}), QStringList());
    QCOMPARE(
        pi.adapter.arguments({.workingDir = {}, .resumeId = u"i"_s, .model = u"p/m"_s, .mcpServers = {}}),
        (QStringList{u"--session-id"_s, u"i"_s, u"--model"_s, u"p/m"_s}));
}

void TestNativePi::withoutTheGateNothingOpens()
{
    const Pi pi({}, false);
    QVERIFY(pi.sink.lines.last().startsWith(u"open_failed protocol_error"_s));
}

void TestNativePi::anotherSessionIsRefused()
{
    QVERIFY(Pi(u"s2"_s).sink.lines.last().startsWith(u"open_failed"_s));
    QVERIFY(Pi(u"s1"_s).sink.lines.last().contains(u"\"resumed\":true"_s));
}

void TestNativePi::wordsOfADenial()
{
    Pi pi;
    pi.begin();
    for (const QByteArray &id : {QByteArray("a"), QByteArray("b")})
        pi.say(R"({"type":"tool_execution_start","toolCallId":")" + id +
               R"(","toolName":"read","args":{"path":"x"}})");
    for (const QByteArray &id : {QByteArray("1"), QByteArray("2")})
        pi.say(
            R"({"type":"extension_ui_request","id":")" + id +
            R"(","method":"select","title":"permission:read:{\"path\":\"x\"}","options":["Allow","Deny"]})");
    const auto asked = pi.sink.all<PermissionRequested>();
    QCOMPARE(asked.size(), 2U); // two calls that are alike are two
    QCOMPARE(asked[0].toolId, u"a"_s);
    QCOMPARE(asked[1].toolId, u"b"_s);
    pi.sink.answered(asked[1].requestId);
    QVERIFY(pi.adapter.answerPermission(asked[1].requestId, {.allowed = false, .message = u"not that"_s}));
    QCOMPARE(pi.sink.lastSent().value(u"id").toString(), u"2"_s);
    QCOMPARE(pi.sink.lastSent().value(u"value").toString(), u"Deny: not that"_s);
}

void TestNativePi::cancelRefusesWhatIsAsked()
{
    Pi pi;
    pi.begin();
    const QByteArray ask =
        R"({"type":"extension_ui_request","id":"1","method":"select","title":"permission:x:{}"})";
    pi.say(ask);
    pi.adapter.cancel();
    QVERIFY(pi.sink.sent.at(pi.sink.sent.size() - 2).contains("abort"));
    QCOMPARE(pi.sink.lastSent().value(u"cancelled").toBool(), true);
    pi.say(ask); // also one that comes late
    QCOMPARE(pi.sink.lastSent().value(u"cancelled").toBool(), true);
    pi.message("error", "This operation was aborted");
    pi.say(R"({"type":"agent_settled"})");
    QCOMPARE(pi.finished().outcome, TurnOutcome::Cancelled);
    QCOMPARE(pi.sink.problems, QStringList());
}

void TestNativePi::gateTitles_data()
{
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("tool");
    QTest::addColumn<ToolKind>("kind");
    QTest::addColumn<QString>("command");
    QTest::newRow("bash") << u"permission:bash:{\"command\":\"a : b\"}"_s << u"bash"_s << ToolKind::Execute
                          << u"a : b"_s;
    QTest::newRow("edit") << u"permission:edit:{\"path\":\"p\"}"_s << u"edit"_s << ToolKind::Edit
                          << QString();
    QTest::newRow("unknown tool") << u"permission:other:{\"command\":\"x\"}"_s << u"other"_s
                                  << ToolKind::Other << QString();
    QTest::newRow("bad JSON") << u"permission:bash:{"_s << u"bash"_s << ToolKind::Execute << QString();
}

void TestNativePi::gateTitles()
{
    QFETCH(QString, title);
    const auto gate = readGateTitle(title);
    QVERIFY(gate);
    QTEST(gate->tool, "tool");
    const PermissionRequested asked = readGateRequest(*gate, {});
    QTEST(asked.kind, "kind");
    QTEST(asked.command, "command");
    QVERIFY(!readGateTitle(u"permission:bash"_s) && !readGateTitle(u"Pick one"_s));
}

void TestNativePi::otherQuestionsAreAnswered_data()
{
    QTest::addColumn<QByteArray>("asks");
    QTest::addColumn<QStringList>("choices");
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QJsonObject>("sent");
    const auto put = [](const char *name, const QByteArray &asks, const QStringList &choices,
                        const QString &answer, const QJsonObject &sent) {
        QTest::newRow(name) << asks << choices << answer << sent;
    };
    const QStringList sure{u"Yes"_s, u"No"_s};
    put("confirm yes", R"("method":"confirm","title":"Sure?","message":"Really")", sure, u"Yes"_s,
        {{u"confirmed"_s, true}});
    put("confirm no", R"("method":"confirm","title":"Sure?","message":"Really")", sure, u"No"_s,
        {{u"confirmed"_s, false}});
    put("select", R"("method":"select","title":"Which?","options":["a","b"])", {u"a"_s, u"b"_s}, u"b"_s,
        {{u"value"_s, u"b"_s}});
    put("input", R"("method":"input","title":"Name?")", {}, u"Ann"_s, {{u"value"_s, u"Ann"_s}});
    put("declined", R"("method":"input","title":"Name?")", {}, {}, {{u"cancelled"_s, true}});
}

void TestNativePi::otherQuestionsAreAnswered()
{
    QFETCH(QByteArray, asks);
    QFETCH(QString, answer);
    QFETCH(QJsonObject, sent);
    Pi pi;
    pi.begin();
    pi.say(R"({"type":"extension_ui_request","id":"9",)" + asks + '}');
    const auto asked = pi.sink.all<QuestionAsked>();
    QCOMPARE(asked.size(), 1U);
    QTEST(asked[0].choices, "choices");
    pi.sink.answered(asked[0].requestId);
    QVERIFY(pi.adapter.answerQuestion(asked[0].requestId, {.given = !answer.isEmpty(), .text = answer}));
    sent.insert(u"type"_s, u"extension_ui_response"_s);
    sent.insert(u"id"_s, u"9"_s);
    QCOMPARE(pi.sink.lastSent(), sent);
    const qsizetype before = pi.sink.sent.size();
    pi.say(R"({"type":"extension_ui_request","id":"8","method":"setTitle","title":"t"})");
    QCOMPARE(pi.sink.sent.size(), before);
}

void TestNativePi::ends_data()
{
    QTest::addColumn<QByteArray>("stop");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<TurnOutcome>("outcome");
    QTest::addColumn<FailureReason>("reason");
    using enum FailureReason;
    QTest::newRow("429") << QByteArray("error") << QByteArray("429: {}") << TurnOutcome::Failed
                         << RateLimited;
    QTest::newRow("529") << QByteArray("error") << QByteArray("529 x") << TurnOutcome::Failed << RateLimited;
    QTest::newRow("401") << QByteArray("error") << QByteArray("401: x") << TurnOutcome::Failed
                         << AuthRequired;
    QTest::newRow("no key") << QByteArray("error") << QByteArray("No API key found") << TurnOutcome::Failed
                            << AuthRequired;
    QTest::newRow("500") << QByteArray("error") << QByteArray("500: x") << TurnOutcome::Failed
                         << RuntimeError;
    QTest::newRow("length") << QByteArray("length") << QByteArray() << TurnOutcome::LimitReached
                            << RuntimeError;
    QTest::newRow("aborted") << QByteArray("aborted") << QByteArray() << TurnOutcome::Cancelled << Aborted;
}

void TestNativePi::ends()
{
    QFETCH(QByteArray, stop);
    QFETCH(QByteArray, error);
    Pi pi;
    pi.begin();
    pi.message(stop, error);
    pi.say(R"({"type":"agent_settled"})");
    QTEST(pi.finished().outcome, "outcome");
    QTEST(pi.finished().reason.value(), "reason");
    QCOMPARE(pi.sink.count(u"session.rate_limited"_s), pi.finished().reason == FailureReason::RateLimited);
}

void TestNativePi::refusedPromptEndsItsTurn()
{
    Pi pi;
    pi.sink.prompted(pi.adapter.prompt({.text = u"go"_s, .attachments = {}}));
    pi.say(R"({"id":"m2","type":"response","command":"prompt","success":false,"error":"No model selected"})");
    QCOMPARE(pi.finished().detail, u"No model selected"_s);
    QCOMPARE(pi.sink.problems, QStringList());
}

void TestNativePi::settledBeforeThePromptIsTaken()
{
    Pi pi;
    pi.sink.prompted(pi.adapter.prompt({.text = u"go"_s, .attachments = {}}));
    pi.say(R"({"type":"agent_settled"})"); // of what was before
    QCOMPARE(pi.sink.count(u"session.turn_finished"_s), 0);
}

void TestNativePi::retryThatWorks()
{
    Pi pi;
    pi.begin();
    const auto speak = [&](const QByteArray &text) {
        pi.say(R"({"type":"message_start","message":{"role":"assistant"}})");
        pi.say(R"({"type":"message_update","assistantMessageEvent":{"type":"text_delta","delta":")" + text +
               R"("}})");
    };
    speak("par");
    pi.message("error", "terminated");
    pi.say(R"({"type":"auto_retry_start","errorMessage":"terminated"})");
    speak("partial");
    pi.message("stop");
    pi.say(R"({"type":"auto_retry_end","success":true})");
    pi.say(R"({"type":"agent_settled"})");
    QCOMPARE(pi.finished().outcome, TurnOutcome::Completed);
    const auto texts = pi.sink.all<TextDelta>();
    QCOMPARE(texts.size(), 2U);
    QVERIFY(texts[0].messageId != texts[1].messageId);
}

void TestNativePi::garbageIsWarnedOf()
{
    Pi pi;
    pi.begin();
    for (const QByteArray &line :
         {QByteArray("garbage"), QByteArray("[]"), QByteArray("{\"type\":\"new_kind\"}"),
          QByteArray("\xff\xfe{"), QByteArray(100000, 'x'), QByteArray()})
        pi.say(line);
    QStringList codes;
    for (const SessionWarning &warning : pi.sink.all<SessionWarning>())
        codes.append(warning.code);
    QCOMPARE(codes, (QStringList{u"not_a_message"_s, u"not_a_message"_s, u"unknown_message"_s,
                                 u"invalid_utf8"_s, u"not_a_message"_s, u"line_too_long"_s}));
}

QTEST_APPLESS_MAIN(TestNativePi)
#include "tst_native_pi.moc"
