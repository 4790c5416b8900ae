// A session with an agent that speaks stream-JSON, through a real process.
#include "tests/core/agent/session_harness.h"

using namespace muster;
using namespace muster::testing;

namespace {

class ClaudeHarness : public SessionHarness {
public:
    explicit ClaudeHarness(const QStringList &flags = {})
    {
        spec.runtime.argv = QStringList{QStringLiteral(MUSTER_BIN_DIR "/../tests/fake_claude")} + flags;
        spec.runtime.protocol = RuntimeProtocol::StreamJson;
    }
};

} // namespace

class TestClaudeSession : public QObject {
    Q_OBJECT

private slots:
    void promptGivesOneTurn();
    void newSessionHasTheIdWeChose();
    void resumesById();
    void resumeOfAnUnknownSessionFails();
    void initializeRefused_data();
    void initializeRefused();
    void permissionAnswered_data();
    void permissionAnswered();
    void questionAnswered();
    void severalChoicesAnswered();
    void cancelMidTurn();
    void cancelWithdrawsPermission();
    void limitWithAReset();
    void deathMidTurn();
};

void TestClaudeSession::promptGivesOneTurn()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"say Hello ; unknown; say world"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.lines, (QStringList{u"started"_s, u"turn_started"_s, u"text"_s, u"warning unknown_message"_s,
                                   u"text"_s, u"usage"_s, u"turn_finished completed"_s}));
    QCOMPARE(h.last<Usage>()->costMicroUsd, std::optional<qint64>(10000));
    QVERIFY(h.prompt(u"say again"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 2);
    QCOMPARE(h.last<Usage>()->costMicroUsd,
             std::optional<qint64>(10000)); // the agent's total has grown to twice
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines.last(), u"ended"_s);
}

void TestClaudeSession::newSessionHasTheIdWeChose()
{
    ClaudeHarness h;
    h.spec.model = u"some-model"_s;
    h.start();
    QVERIFY(h.prompt(u"args"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QVERIFY(!h.session->nativeId().isEmpty());
    QVERIFY2(h.text().contains(u"--session-id "_s + h.session->nativeId()), qPrintable(h.text()));
    QVERIFY(h.text().contains(u"--permission-prompt-tool stdio"_s));
    QVERIFY(h.text().contains(u"--model some-model"_s));
    QCOMPARE(h.last<SessionStarted>()->agentVersion, u"9.9"_s);
}

void TestClaudeSession::resumesById()
{
    ClaudeHarness h;
    h.spec.resumeId = u"older"_s;
    h.start();
    QVERIFY(h.prompt(u"args"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QVERIFY(h.text().contains(u"--resume older"_s));
    QVERIFY(!h.text().contains(u"--session-id"_s));
    QCOMPARE(h.session->nativeId(), u"older"_s);
    QVERIFY(h.last<SessionStarted>()->resumed);
    // What the session had cost before is not known, so the first turn's share of it is not either.
    QCOMPARE(h.last<Usage>()->costMicroUsd, std::nullopt);
}

void TestClaudeSession::resumeOfAnUnknownSessionFails()
{
    ClaudeHarness h({u"--unknown-session"_s});
    h.spec.resumeId = u"gone"_s;
    h.start();
    QTRY_SOON(h.ended());
    QCOMPARE(h.session->launchProblem(), LaunchProblem::HandshakeRefused);
    QVERIFY(h.last<SessionEnded>()->detail.contains(u"No conversation found"_s));
}

void TestClaudeSession::initializeRefused_data()
{
    QTest::addColumn<bool>("needed");
    QTest::addColumn<bool>("opens");
    QTest::newRow("needed") << true << false;
    QTest::newRow("not needed") << false << true;
}

void TestClaudeSession::initializeRefused()
{
    QFETCH(bool, needed);
    QFETCH(bool, opens);
    ClaudeHarness h({u"--refuse-initialize"_s});
    h.spec.runtime.streamJson.needsInitialize = needed;
    h.start();
    QTRY_SOON(h.ended() || h.count(u"started"_s) == 1);
    QCOMPARE(h.count(u"started"_s) == 1, opens);
}

void TestClaudeSession::permissionAnswered_data()
{
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("allow") << true << uR"({"command":"ls -l"})"_s << u"tool_finished ok"_s;
    QTest::newRow("deny") << false << u"not now"_s << u"tool_finished declined"_s;
}

void TestClaudeSession::permissionAnswered()
{
    QFETCH(bool, allowed);
    QFETCH(QString, output);
    QFETCH(QString, outcome);
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"bash ls -l"_s));
    QTRY_SOON(h.requests.size() == 1);
    QCOMPARE(h.last<PermissionRequested>()->command, u"ls -l"_s);
    QVERIFY(h.session->answerPermission(h.requests.first(), {.allowed = allowed, .message = u"not now"_s}));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.last<ToolOutput>()->text, output);
    QCOMPARE(h.count(outcome), 1);
    QVERIFY(!h.session->answerPermission(h.requests.first(), {.allowed = true, .message = {}}));
}

void TestClaudeSession::questionAnswered()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"ask Which colour?"_s));
    QTRY_SOON(h.last<QuestionAsked>());
    QCOMPARE(h.last<QuestionAsked>()->text, u"Which colour?"_s);
    QVERIFY(
        h.session->answerQuestion(h.last<QuestionAsked>()->requestId, {.given = true, .text = u"Blue"_s}));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QVERIFY(h.last<ToolOutput>()->text.contains(uR"("answers":{"Which colour?":"Blue"})"_s));
    QVERIFY(
        !h.session->answerQuestion(h.last<QuestionAsked>()->requestId, {.given = true, .text = u"Red"_s}));
}

void TestClaudeSession::severalChoicesAnswered()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"choose Which colours?"_s));
    QTRY_SOON(h.last<QuestionAsked>());
    QVERIFY(h.last<QuestionAsked>()->several);
    QVERIFY(h.session->answerQuestion(h.last<QuestionAsked>()->requestId,
                                      {.given = true, .text = u"Red\nBlue"_s}));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QVERIFY(h.last<ToolOutput>()->text.contains(uR"("answers":{"Which colours?":"Red, Blue"})"_s));
}

void TestClaudeSession::cancelMidTurn()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"say one; hang"_s));
    QTRY_SOON(h.count(u"text"_s) == 1);
    h.session->cancel();
    QTRY_SOON(h.count(u"turn_finished cancelled aborted"_s) == 1);
    QVERIFY(h.prompt(u"say two"_s)); // the process goes on
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
}

void TestClaudeSession::cancelWithdrawsPermission()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"bash ls"_s));
    QTRY_SOON(h.requests.size() == 1);
    h.session->cancel();
    QTRY_SOON(h.count(u"turn_finished cancelled aborted"_s) == 1);
    QCOMPARE(h.count(u"withdrawn"_s), 1);
    QCOMPARE(h.count(u"tool_finished cancelled"_s), 1);
}

void TestClaudeSession::limitWithAReset()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"retry; limit 1795224098; fail 429"_s));
    QTRY_SOON(h.count(u"turn_finished failed rate_limited"_s) == 1);
    QVERIFY(h.last<RateLimited>()->hard);
    QCOMPARE(h.last<RateLimited>()->resetAtMs, std::optional<qint64>(1795224098000));
}

void TestClaudeSession::deathMidTurn()
{
    ClaudeHarness h;
    h.start();
    QVERIFY(h.prompt(u"say one; crash"_s));
    QTRY_SOON(h.ended());
    QCOMPARE(h.count(u"turn_finished failed crashed"_s), 1);
    QCOMPARE(h.last<SessionEnded>()->reason, std::optional(FailureReason::Crashed));
}

QTEST_GUILESS_MAIN(TestClaudeSession)
#include "tst_claude_session.moc"
