// What a session says while it works: turns, permissions, files, streams.
#include "tests/core/agent/session_harness.h"

#include <QFile>

#include <sys/syscall.h>

using namespace muster;
using namespace muster::testing;

namespace {

// It is inside of a system call that writes, so whoever should read does not.
bool waitsInWrite(qint64 pid)
{
    QFile call(u"/proc/%1/syscall"_s.arg(pid));
    if (!call.open(QIODevice::ReadOnly))
        return false;
    const QByteArray number = call.readAll().split(' ').constFirst();
    return number == QByteArray::number(SYS_write) || number == QByteArray::number(SYS_writev);
}

} // namespace

class TestAgentSession : public QObject {
    Q_OBJECT

private slots:
    void promptGivesOneTurn();
    void environmentIsFilteredAndMarked();
    void turnsOfOnePromptEach();
    void secondPromptWaits();
    void permissionAnswered_data();
    void permissionAnswered();
    void permissionIsAnsweredOnce();
    void idsMayBeText();
    void cancelMidTurn();
    void cancelWithdrawsPermission();
    void wrongBytesAreWarnings();
    void longLineIsAWarning();
    void floodArrivesWhole();
    void pausedOutputWaits();
    void promptErrors_data();
    void promptErrors();
    void resumeLoadsAndReplays();
    void resumeWithoutAbilityFails();
    void youngSessionWaitsBeforeLoad();
    void openToolsAreClosedByTheTurnsEnd();
    void filesThroughUs();
    void queueIsBounded();
};

void TestAgentSession::promptGivesOneTurn()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"think hm; say Hello ; say world; plan one; tool t1 read; done t1"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.lines, (QStringList{u"started"_s, u"turn_started"_s, u"thinking"_s, u"text"_s, u"text"_s,
                                   u"plan_updated"_s, u"tool_started"_s, u"tool_finished ok"_s, u"usage"_s,
                                   u"turn_finished completed"_s}));
    QCOMPARE(h.text(), u"Helloworld"_s);
    QCOMPARE(h.last<SessionStarted>()->agentName, u"fake"_s);
    QCOMPARE(h.session->nativeId(), u"fake-1"_s);
    QCOMPARE(h.session->state(), SessionState::Ready);
    QVERIFY(!h.session->isBusy());
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines.last(), u"ended"_s);
    QCOMPARE(h.count(u"ended"_s), 1);
}

void TestAgentSession::environmentIsFilteredAndMarked()
{
    SessionHarness h;
    h.spec.runtime.env = {u"FROM_RUNTIME=r"_s};
    h.spec.secrets = {u"SOME_KEY=a=b"_s};
    h.spec.marker = u"marker-of-test"_s;
    h.start();
    QVERIFY(
        h.prompt(u"env NOT_FOR_AGENTS; say |; env FROM_RUNTIME; say |; env SOME_KEY; say |; env MUSTER_RUN; "
                 "say |; env TMPDIR"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.text(),
             QString(u"NOT_FOR_AGENTS=|FROM_RUNTIME=r|SOME_KEY=a=b|MUSTER_RUN=marker-of-test|TMPDIR="_s +
                     h.temporary.filePath(u"marker-of-test"_s)));
}

void TestAgentSession::turnsOfOnePromptEach()
{
    SessionHarness h;
    h.start();
    for (int turn = 1; turn <= 3; ++turn) {
        QVERIFY(h.prompt(u"say x"_s));
        QTRY_SOON(h.count(u"turn_finished completed"_s) == turn);
        QCOMPARE(h.last<TurnStarted>()->turn, turn);
    }
    QCOMPARE(h.session->health().turns, 3);
}

void TestAgentSession::secondPromptWaits()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say one; sleep 200; say two"_s));
    QVERIFY(h.prompt(u"say three"_s));
    QCOMPARE(h.session->health().queuedPrompts, 2);
    QVERIFY(h.session->isBusy());
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 2);
    QCOMPARE(h.text(), u"onetwothree"_s);
    const qsizetype firstEnd = h.lines.indexOf(u"turn_finished completed"_s);
    QVERIFY(h.lines.lastIndexOf(u"turn_started"_s) > firstEnd);
}

void TestAgentSession::permissionAnswered_data()
{
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("allow") << true << u"allowed"_s << u"tool_finished ok"_s;
    QTest::newRow("deny") << false << u"selected"_s << u"tool_finished declined"_s;
}

void TestAgentSession::permissionAnswered()
{
    QFETCH(bool, allowed);
    QFETCH(QString, said);
    QFETCH(QString, outcome);
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"ask execute ctest --preset dev"_s));
    QTRY_SOON(h.requests.size() == 1);
    const auto asked = h.last<PermissionRequested>();
    QCOMPARE(asked->command, u"ctest --preset dev"_s);
    QCOMPARE(asked->kind, ToolKind::Execute);
    QCOMPARE(h.session->health().openRequests, 1);
    QVERIFY(h.session->answerPermission(h.requests.first(), {.allowed = allowed, .message = u"because"_s}));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.text(), said);
    QCOMPARE(h.count(outcome), 1);
    QCOMPARE(h.count(u"withdrawn"_s), 0);
}

void TestAgentSession::permissionIsAnsweredOnce()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"ask edit a.txt"_s));
    QTRY_SOON(h.requests.size() == 1);
    QVERIFY(!h.session->answerPermission(u"p99"_s, {.allowed = true, .message = {}}));
    QVERIFY(h.session->answerPermission(h.requests.first(), {.allowed = true, .message = {}}));
    const Status again = h.session->answerPermission(h.requests.first(), {.allowed = false, .message = {}});
    QCOMPARE(again.error().code, ErrorCode::NotFound);
}

void TestAgentSession::idsMayBeText()
{
    SessionHarness h({u"--first-id"_s, u""_s});
    h.start();
    QVERIFY(h.prompt(u"ask edit a; ask edit b"_s));
    for (qsizetype i = 0; i < 2; ++i) {
        QTRY_SOON(h.requests.size() == i + 1);
        QVERIFY(h.session->answerPermission(h.requests.at(i), {.allowed = true, .message = {}}));
    }
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.text(), u"allowedallowed"_s);
}

void TestAgentSession::cancelMidTurn()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say begun; tool t1 execute; hang"_s));
    QVERIFY(h.prompt(u"say never"_s));
    QTRY_SOON(h.count(u"tool_started"_s) == 1);
    h.session->cancel();
    QCOMPARE(h.session->state(), SessionState::Cancelling);
    h.session->cancel(); // twice is once
    QTRY_SOON(h.count(u"turn_finished cancelled aborted"_s) == 2);
    QCOMPARE(h.session->state(), SessionState::Ready);
    QCOMPARE(h.count(u"tool_finished cancelled"_s), 1);
    QCOMPARE(h.count(u"turn_started"_s), 2);
    QVERIFY(h.prompt(u"say alive"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.text(), u"begunalive"_s);
    QCOMPARE(h.last<TurnStarted>()->turn, 3);
}

void TestAgentSession::cancelWithdrawsPermission()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"ask edit a.txt"_s));
    QTRY_SOON(h.requests.size() == 1);
    h.session->cancel();
    QCOMPARE(h.count(u"withdrawn"_s), 1);
    QVERIFY(!h.session->answerPermission(h.requests.first(), {.allowed = true, .message = {}}));
    QTRY_SOON(h.count(u"turn_finished cancelled"_s) == 1);
    QCOMPARE(h.text(), u"cancelled"_s);
    QCOMPARE(h.session->health().openRequests, 0);
}

void TestAgentSession::wrongBytesAreWarnings()
{
    SessionHarness h({u"--garbage-at-start"_s});
    h.start();
    QVERIFY(h.prompt(u"say a; garbage; badutf8; unknown; say b"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.text(), u"ab"_s);
    QCOMPARE(h.count(u"warning not_a_message"_s), 5); // one at the start, three and one of the turn
    QCOMPARE(h.count(u"warning invalid_utf8"_s), 1);
    QCOMPARE(h.count(u"warning unknown_update"_s), 1);
}

void TestAgentSession::longLineIsAWarning()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say a; longline 65; say b"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.text(), u"ab"_s);
    QCOMPARE(h.count(u"warning line_too_long"_s), 1);
}

void TestAgentSession::floodArrivesWhole()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"flood 20000"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.count(u"text"_s), 20000);
}

void TestAgentSession::pausedOutputWaits()
{
    SessionHarness h;
    h.start();
    QTRY_SOON(h.session->state() == SessionState::Ready);
    h.session->setOutputPaused(true);
    QVERIFY(h.session->health().outputPaused);
    QVERIFY(h.prompt(u"flood 5000"_s));
    // Nobody reads, so the agent stands still in the middle of its flood: its pipe is full.
    const qint64 pid = h.session->health().pid;
    QTRY_VERIFY_WITH_TIMEOUT(waitsInWrite(pid), patience);
    QVERIFY(h.count(u"text"_s) < 5000);
    QCOMPARE(h.count(u"turn_finished"_s), 0);
    h.session->setOutputPaused(false);
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QCOMPARE(h.count(u"text"_s), 5000);
}

void TestAgentSession::promptErrors_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("finished");
    QTest::newRow("internal") << u"error -32603 broken"_s << u"turn_finished failed runtime_error"_s;
    QTest::newRow("auth") << u"error -32000 sign in"_s << u"turn_finished failed auth_required"_s;
    QTest::newRow("401") << u"error 401 sign in"_s << u"turn_finished failed auth_required"_s;
    QTest::newRow("429") << u"error 429 slow down"_s << u"turn_finished failed rate_limited"_s;
    QTest::newRow("refusal") << u"stop refusal"_s << u"turn_finished refused runtime_error"_s;
    QTest::newRow("turns") << u"stop max_turn_requests"_s
                           << u"turn_finished limit_reached turn_limit_exceeded"_s;
    QTest::newRow("tokens") << u"stop max_tokens"_s << u"turn_finished limit_reached runtime_error"_s;
    QTest::newRow("new reason") << u"stop bored"_s << u"turn_finished failed protocol_error"_s;
}

void TestAgentSession::promptErrors()
{
    QFETCH(QString, command);
    QFETCH(QString, finished);
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say a; "_s + command));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.lines.last(), finished);
    QCOMPARE(h.session->state(), SessionState::Ready);
}

void TestAgentSession::resumeLoadsAndReplays()
{
    SessionHarness h;
    h.spec.resumeId = u"fake-1"_s;
    h.start();
    QVERIFY(h.prompt(u"say new"_s));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QVERIFY(h.last<SessionStarted>()->resumed);
    QCOMPARE(h.text(), u"new"_s);
    QCOMPARE(h.lines.first(2), (QStringList{u"replayed what was asked"_s, u"replayed what was answered"_s}));
}

void TestAgentSession::resumeWithoutAbilityFails()
{
    SessionHarness h({u"--no-load"_s});
    h.spec.resumeId = u"fake-1"_s;
    h.start();
    QTRY_SOON(h.ended());
    QCOMPARE(h.session->launchProblem(), LaunchProblem::HandshakeRefused);
}

void TestAgentSession::youngSessionWaitsBeforeLoad()
{
    SessionHarness h;
    h.spec.resumeId = u"fake-1"_s;
    h.spec.resumeCreatedMs = h.clock.nowMs();
    h.spec.runtime.quirks.loadMinAgeMs = 400;
    h.start();
    QTRY_SOON(h.count(u"started"_s) == 1);
    QVERIFY(h.clock.nowMs() - h.spec.resumeCreatedMs >= 390);
}

void TestAgentSession::openToolsAreClosedByTheTurnsEnd()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"tool a edit; tool b execute; done a; error -32603 x"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    QCOMPARE(h.count(u"tool_finished ok"_s), 1);
    QCOMPARE(h.count(u"tool_finished cancelled"_s), 1);
}

void TestAgentSession::filesThroughUs()
{
    SessionHarness h;
    h.spec.runtime.quirks.offersFileRead = true;
    h.spec.runtime.quirks.offersFileWrite = true;
    QFile file(h.folder.filePath(u"there.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("content") == 7);
    file.close();
    h.start();
    // A read goes through, a read outside does not, a write asks.
    QVERIFY(h.prompt(u"read there.txt; say |; read /etc/hostname; say |; write new/made.txt text"_s));
    QTRY_SOON(h.requests.size() == 1);
    QCOMPARE(h.text(), u"content|error outside the workspace|"_s);
    const auto asked = h.last<PermissionRequested>();
    QCOMPARE(asked->kind, ToolKind::Edit);
    QVERIFY(asked->diff.contains(u"+text"_s));
    QVERIFY(!QFileInfo::exists(h.folder.filePath(u"new/made.txt"_s)));
    QVERIFY(h.session->answerPermission(h.requests.first(), {.allowed = true, .message = {}}));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 1);
    QVERIFY(QFileInfo::exists(h.folder.filePath(u"new/made.txt"_s)));
    // Asked for by the agent itself, the write that follows is covered; another one is not.
    QVERIFY(h.prompt(u"ask edit b.txt; write b.txt hi; write c.txt ho"_s));
    QTRY_SOON(h.requests.size() == 2);
    QVERIFY(h.session->answerPermission(h.requests.at(1), {.allowed = true, .message = {}}));
    QTRY_SOON(h.requests.size() == 3);
    QVERIFY(QFileInfo::exists(h.folder.filePath(u"b.txt"_s)));
    QVERIFY(h.session->answerPermission(h.requests.at(2), {.allowed = false, .message = u"not that"_s}));
    QTRY_SOON(h.count(u"turn_finished completed"_s) == 2);
    QVERIFY(!QFileInfo::exists(h.folder.filePath(u"c.txt"_s)));
    QVERIFY(h.text().endsWith(u"error not that"_s));
}

void TestAgentSession::queueIsBounded()
{
    SessionHarness h({u"--silent"_s});
    h.start();
    for (qsizetype i = 0; i < AgentSession::maxQueuedPrompts; ++i)
        QVERIFY(h.prompt(u"say x"_s));
    QCOMPARE(h.prompt(u"say x"_s).error().code, ErrorCode::TooLarge);
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(h.count(u"turn_finished"_s), AgentSession::maxQueuedPrompts);
}

QTEST_GUILESS_MAIN(TestAgentSession)
#include "tst_agent_session.moc"
