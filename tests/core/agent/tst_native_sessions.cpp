// Codex and Pi through a real session: small programs that speak their protocols, real processes and pipes.
#include "tests/core/agent/session_harness.h"

using namespace muster;
using namespace muster::testing;

namespace {

RuntimeRecord nativeRuntime(const QString &agent, const QStringList &flags = {})
{
    RuntimeRecord runtime;
    runtime.id = agent;
    runtime.protocol = enumFromName<RuntimeProtocol>(agent).value();
    runtime.argv = QStringList{QStringLiteral(MUSTER_BIN_DIR "/../tests/fake_") + agent} + flags;
    runtime.handshakeTimeoutMs = 20000;
    return runtime;
}

} // namespace

class TestNativeSessions : public QObject {
    Q_OBJECT

private slots:
    void prompt_data();
    void prompt();
    void permission_data();
    void permission();
    void cancel_data() { prompt_data(); }
    void cancel();
    void steer_data() { prompt_data(); }
    void steer();
    void limit_data() { prompt_data(); }
    void limit();
    void death_data() { prompt_data(); }
    void death();
    void resume_data() { prompt_data(); }
    void resume();
    void resumeUnknown();
    void commandsLeftByAnInterruptAreEnded();
    void noGateNoSession();
};

void TestNativeSessions::prompt_data()
{
    QTest::addColumn<QString>("agent");
    QTest::newRow("codex") << u"codex"_s;
    QTest::newRow("pi") << u"pi"_s;
}

void TestNativeSessions::prompt()
{
    QFETCH(QString, agent);
    SessionHarness h;
    h.spec.runtime = nativeRuntime(agent);
    h.start();
    QVERIFY(h.prompt(u"hello"_s));
    QVERIFY(h.prompt(u"again"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 2);
    QCOMPARE(h.text(), u"helloagain"_s);
    QCOMPARE(h.session->nativeId(), agent == u"pi"_s ? u"s-1"_s : u"thread-1"_s);
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines.last(), u"ended"_s);
}

void TestNativeSessions::permission_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("outcome");
    for (const QString &agent : {u"codex"_s, u"pi"_s}) {
        QTest::addRow("%s allowed", qPrintable(agent))
            << agent << true << u"did it"_s << u"tool_finished ok"_s;
        QTest::addRow("%s denied", qPrintable(agent))
            << agent << false << u"did not"_s << u"tool_finished declined"_s;
    }
}

void TestNativeSessions::permission()
{
    QFETCH(QString, agent);
    QFETCH(bool, allowed);
    SessionHarness h;
    h.spec.runtime = nativeRuntime(agent);
    h.start();
    QVERIFY(h.prompt(u"ask"_s));
    QTRY_SOON(h.requests.size() == 1);
    QCOMPARE(h.last<PermissionRequested>()->command, u"touch x"_s);
    QCOMPARE(h.last<PermissionRequested>()->kind, ToolKind::Execute);
    QCOMPARE(h.last<PermissionRequested>()->toolId, u"call_1"_s);
    QVERIFY(h.session->answerPermission(h.requests.first(), {.allowed = allowed, .message = {}}));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QTEST(h.text(), "said");
    QFETCH(QString, outcome);
    QVERIFY(h.lines.contains(outcome));
}

void TestNativeSessions::cancel()
{
    QFETCH(QString, agent);
    SessionHarness h;
    h.spec.timeouts.cancelGrace = 20s;
    h.spec.runtime = nativeRuntime(agent);
    h.start();
    QVERIFY(h.prompt(u"hang"_s));
    QTRY_SOON(h.count(u"tool_started"_s) == 1);
    h.session->cancel();
    QTRY_SOON(h.count(u"turn_finished cancelled aborted"_s) == 1);
    QCOMPARE(h.count(u"tool_finished cancelled"_s), 1);
    QVERIFY(h.prompt(u"hello"_s)); // the process goes on
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
}

void TestNativeSessions::limit()
{
    QFETCH(QString, agent);
    SessionHarness h;
    h.spec.runtime = nativeRuntime(agent);
    h.start();
    QVERIFY(h.prompt(u"429"_s));
    QTRY_SOON(h.count(u"turn_finished failed rate_limited"_s) == 1);
    QCOMPARE(h.count(u"rate_limited"_s), 2);
    QVERIFY(h.last<RateLimited>()->hard);
}

void TestNativeSessions::death()
{
    QFETCH(QString, agent);
    SessionHarness h;
    h.spec.runtime = nativeRuntime(agent);
    h.start();
    QVERIFY(h.prompt(u"die"_s));
    QTRY_SOON(h.ended());
    QCOMPARE(
        h.lines.sliced(h.lines.size() - 3),
        (QStringList{u"tool_finished cancelled"_s, u"turn_finished failed crashed"_s, u"ended crashed"_s}));
    QCOMPARE(h.count(u"turn_finished"_s), 1);
}

void TestNativeSessions::steer()
{
    QFETCH(QString, agent);
    SessionHarness h;
    h.spec.runtime = nativeRuntime(agent);
    h.start();
    std::vector<Status> answers;
    const auto steer = [&](const QString &text) {
        h.session->steer({.text = text, .attachments = {}},
                         [&](const Status &taken) { answers.push_back(taken); });
    };
    steer(u"too early"_s);
    QCOMPARE(answers.size(), size_t{1});
    QVERIFY(!answers.back());
    QVERIFY(h.prompt(u"hang"_s));
    QTRY_SOON(h.count(u"tool_started"_s) == 1);
    steer(u"no"_s);
    QTRY_SOON(answers.size() == 2);
    QVERIFY(!answers.back());
    QCOMPARE(h.count(u"turn_finished"_s), 0); // a refusal changes nothing
    steer(u"words"_s);
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(answers.size(), size_t{3});
    QVERIFY(answers.back());
    QCOMPARE(h.text(), u"heard words"_s);
}

void TestNativeSessions::resume()
{
    QFETCH(QString, agent);
    SessionHarness h;
    h.spec.runtime = nativeRuntime(agent);
    h.spec.resumeId = agent == u"pi"_s ? u"s-1"_s : u"thread-1"_s;
    h.start();
    QTRY_SOON(h.count(u"started"_s) == 1);
    QVERIFY(h.last<SessionStarted>()->resumed);
    QVERIFY(h.prompt(u"hello"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
}

void TestNativeSessions::resumeUnknown()
{
    SessionHarness codex;
    codex.spec.runtime = nativeRuntime(u"codex"_s);
    codex.spec.resumeId = u"no such thread"_s;
    codex.start();
    QTRY_SOON(codex.ended());
    QCOMPARE(codex.session->launchProblem(), LaunchProblem::HandshakeRefused);

    SessionHarness pi; // makes a new session of that id, which is said
    pi.spec.runtime = nativeRuntime(u"pi"_s);
    pi.spec.resumeId = u"s-2"_s;
    pi.start();
    QTRY_SOON(pi.count(u"started"_s) == 1);
    QVERIFY(!pi.last<SessionStarted>()->resumed);
}

void TestNativeSessions::commandsLeftByAnInterruptAreEnded()
{
    SessionHarness h;
    h.spec.timeouts.cancelGrace = 20s;
    h.spec.runtime = nativeRuntime(u"codex"_s);
    h.start();
    QVERIFY(h.prompt(u"hang"_s));
    QTRY_SOON(h.count(u"tool_started"_s) == 1);
    h.session->cancel();
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QVERIFY(h.prompt(u"cleaned"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.text(), u"1"_s);
}

void TestNativeSessions::noGateNoSession()
{
    SessionHarness h;
    h.spec.runtime = nativeRuntime(u"pi"_s, {u"--no-gate"_s});
    h.start();
    QTRY_SOON(h.ended());
    QCOMPARE(h.session->launchProblem(), LaunchProblem::ProtocolError);
}

QTEST_GUILESS_MAIN(TestNativeSessions)
#include "tst_native_sessions.moc"
