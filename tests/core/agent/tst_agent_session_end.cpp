// How sessions end: on purpose, by a reason, by the agent's own death, and before they have begun.
#include "core/base/redactor.h"
#include "core/process/process_identity.h"
#include "tests/core/agent/session_harness.h"

using namespace muster;
using namespace muster::testing;

namespace {

// One that has ended but was not yet collected by its parent is gone.
bool isAlivePid(qint64 pid) { return identityOf(pid).has_value(); }

} // namespace

class TestAgentSessionEnd : public QObject {
    Q_OBJECT
private slots:
    void agentThatIgnoresCancelIsEnded();
    void stoppedTurnIsNeverDone();
    void agentThatIgnoresEverythingIsEnded();
    void crashMidTurn();
    void exitCodeZeroMidTurnIsACrash();
    void launchFailures_data();
    void launchFailures();
    void stderrIsKeptAndMasked();
    void closeWhileStarting();
    void closeMidTurn();
    void closeBeforeStart();
    void promptAfterEndIsRefused();
    void stopReasonReachesTurnAndEnd();
    void toolChildrenEndWithTheSession_data();
    void toolChildrenEndWithTheSession();
    void temporaryFolderIsRemoved();
};

void TestAgentSessionEnd::agentThatIgnoresCancelIsEnded()
{
    SessionHarness h({u"--ignore-cancel"_s});
    h.start();
    QVERIFY(h.prompt(u"say begun; hang"_s));
    QTRY_SOON(!h.texts.isEmpty());
    const qint64 pid = h.session->health().pid;
    h.session->cancel();
    QTRY_SOON(h.ended());
    QCOMPARE(h.count(u"turn_finished cancelled aborted"_s), 1);
    QCOMPARE(h.lines.last(), u"ended aborted"_s);
    QVERIFY(!isAlivePid(pid));
}

// One agent answers a cancelled turn like one that went well.
void TestAgentSessionEnd::stoppedTurnIsNeverDone()
{
    SessionHarness h({u"--complete-on-cancel"_s});
    h.start();
    QVERIFY(h.prompt(u"say begun; hang"_s));
    QTRY_SOON(!h.texts.isEmpty());
    h.session->stop(FailureReason::Stalled, u"silent"_s);
    QTRY_SOON(h.ended());
    QCOMPARE(h.count(u"turn_finished failed stalled"_s), 1);
    QCOMPARE(h.count(u"turn_finished"_s), 1);
    QCOMPARE(h.lines.last(), u"ended stalled"_s);
}

void TestAgentSessionEnd::agentThatIgnoresEverythingIsEnded()
{
    SessionHarness h({u"--ignore-cancel"_s, u"--ignore-term"_s, u"--ignore-eof"_s});
    h.start();
    QVERIFY(h.prompt(u"child; hang"_s));
    QTRY_SOON(!h.texts.isEmpty());
    const qint64 pid = h.session->health().pid;
    const qint64 child = h.text().toLongLong();
    QVERIFY(isAlivePid(child));
    h.session->close();
    QTRY_SOON(h.ended());
    QVERIFY(!isAlivePid(pid));
    QVERIFY(!isAlivePid(child));
    QCOMPARE(h.count(u"turn_finished cancelled"_s), 1);
}

void TestAgentSessionEnd::crashMidTurn()
{
    SessionHarness h({u"--stderr"_s, u"about to crash"_s});
    h.start();
    QVERIFY(h.prompt(u"say begun; tool t1 edit; crash"_s));
    QVERIFY(h.prompt(u"say never"_s));
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines,
             (QStringList{u"started"_s, u"turn_started"_s, u"text"_s, u"tool_started"_s,
                          u"tool_finished cancelled"_s, u"turn_finished failed crashed"_s, u"turn_started"_s,
                          u"turn_finished failed crashed"_s, u"ended crashed"_s}));
    QVERIFY(h.last<SessionEnded>()->detail.contains(u"signal 6"_s));
    QVERIFY(h.last<SessionEnded>()->detail.contains(u"about to crash"_s));
}

void TestAgentSessionEnd::exitCodeZeroMidTurnIsACrash()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say begun; exit 0"_s));
    QTRY_SOON(h.ended());
    QCOMPARE(h.count(u"turn_finished failed crashed"_s), 1);
    QCOMPARE(h.lines.last(), u"ended crashed"_s);
}

void TestAgentSessionEnd::launchFailures_data()
{
    QTest::addColumn<QStringList>("argv");
    QTest::addColumn<LaunchProblem>("problem");
    QTest::addColumn<FailureReason>("reason");
    using P = LaunchProblem;
    using R = FailureReason;
    const QString agent = fakeAgent();
    QTest::newRow("not installed") << QStringList{u"/nowhere/agent"_s} << P::NotInstalled << R::LaunchFailed;
    QTest::newRow("not in PATH") << QStringList{u"no-such-agent"_s} << P::NotInstalled << R::LaunchFailed;
    QTest::newRow("not executable") << QStringList{QStringLiteral(MUSTER_SOURCE_DIR "/README.md")}
                                    << P::NotExecutable << R::LaunchFailed;
    QTest::newRow("crash") << QStringList{agent, u"--crash-at-start"_s} << P::CrashedBeforeFirstMessage
                           << R::LaunchFailed;
    QTest::newRow("exit 0") << QStringList{agent, u"--exit-at-start"_s, u"0"_s}
                            << P::CrashedBeforeFirstMessage << R::LaunchFailed;
    QTest::newRow("exit 3") << QStringList{agent, u"--exit-at-start"_s, u"3"_s}
                            << P::CrashedBeforeFirstMessage << R::LaunchFailed;
    QTest::newRow("silent") << QStringList{agent, u"--silent"_s} << P::HandshakeTimeout << R::LaunchFailed;
    QTest::newRow("sign-in") << QStringList{agent, u"--auth-required"_s} << P::AuthRequired
                             << R::AuthRequired;
    QTest::newRow("old protocol") << QStringList{agent, u"--old-protocol"_s} << P::ProtocolError
                                  << R::ProtocolError;
}

void TestAgentSessionEnd::launchFailures()
{
    QFETCH(QStringList, argv);
    QFETCH(LaunchProblem, problem);
    QFETCH(FailureReason, reason);
    SessionHarness h;
    h.spec.runtime.argv = argv;
    h.spec.runtime.handshakeTimeoutMs = problem == LaunchProblem::HandshakeTimeout ? 300 : patience;
    h.start();
    QVERIFY(h.prompt(u"say never"_s));
    QTRY_SOON(h.ended());
    QCOMPARE(h.session->launchProblem(), problem);
    QCOMPARE(h.last<SessionEnded>()->reason, std::optional(reason));
    QVERIFY2(h.last<SessionEnded>()->detail.startsWith(enumName(problem)),
             qPrintable(h.last<SessionEnded>()->detail));
    QCOMPARE(h.count(u"turn_started"_s), 1);
    QCOMPARE(h.count(u"turn_finished failed "_s + enumName(reason)), 1);
    QCOMPARE(h.count(u"ended"_s), 1);
}

void TestAgentSessionEnd::stderrIsKeptAndMasked()
{
    SessionHarness h({u"--stderr"_s, u"\x1b[31mno key sk-test-1234567890abcdefghij\x1b[0m"_s,
                      u"--exit-at-start"_s, u"1"_s});
    Redactor::global().addSecret(u"sk-test-1234567890abcdefghij"_s);
    h.start();
    QTRY_SOON(h.ended());
    const QString detail = h.last<SessionEnded>()->detail;
    QVERIFY2(detail.contains(u"no key "_s), qPrintable(detail));
    QVERIFY(!detail.contains(u"1234567890"_s));
    QVERIFY(!detail.contains(u'\x1b'));
}

void TestAgentSessionEnd::closeWhileStarting()
{
    SessionHarness h({u"--silent"_s});
    h.start();
    QVERIFY(h.prompt(u"say never"_s));
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines, (QStringList{u"turn_started"_s, u"turn_finished cancelled aborted"_s, u"ended"_s}));

    SessionHarness launched({u"--silent"_s});
    launched.start();
    QTRY_SOON(launched.session->health().pid > 0);
    launched.session->close();
    QTRY_SOON(launched.ended());
    QCOMPARE(launched.lines, QStringList{u"ended"_s});
}

void TestAgentSessionEnd::closeMidTurn()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say begun; hang"_s));
    QTRY_SOON(!h.texts.isEmpty());
    h.session->close();
    h.session->close();
    QVERIFY(!h.prompt(u"say late"_s));
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines.last(2), (QStringList{u"turn_finished cancelled aborted"_s, u"ended"_s}));
}

void TestAgentSessionEnd::closeBeforeStart()
{
    SessionHarness h;
    h.make()->close();
    QCOMPARE(h.lines, QStringList{u"ended"_s});
    h.session->start();
    QCOMPARE(h.session->state(), SessionState::Ended);
}

void TestAgentSessionEnd::promptAfterEndIsRefused()
{
    SessionHarness h;
    h.start();
    QTRY_SOON(h.session->state() == SessionState::Ready);
    h.session->close();
    QTRY_SOON(h.ended());
    QCOMPARE(h.prompt(u"say x"_s).error().code, ErrorCode::Unavailable);
    h.session->close();
    h.session->stop(FailureReason::Stalled, {});
    QCOMPARE(h.count(u"ended"_s), 1);
}

void TestAgentSessionEnd::stopReasonReachesTurnAndEnd()
{
    SessionHarness h;
    h.start();
    QVERIFY(h.prompt(u"say begun; hang"_s));
    QTRY_SOON(!h.texts.isEmpty());
    h.session->stop(FailureReason::DeadlineExceeded, u"600 s"_s);
    QTRY_SOON(h.ended());
    QCOMPARE(h.lines.last(2),
             (QStringList{u"turn_finished limit_reached deadline_exceeded"_s, u"ended deadline_exceeded"_s}));
    QCOMPARE(h.last<TurnFinished>()->detail, u"600 s"_s);
}

void TestAgentSessionEnd::toolChildrenEndWithTheSession_data()
{
    QTest::addColumn<bool>("cgroups");
    QTest::newRow("what can be had here") << true;
    QTest::newRow("no cgroup") << false;
}

void TestAgentSessionEnd::toolChildrenEndWithTheSession()
{
    QFETCH(bool, cgroups);
    SessionHarness h;
    h.launcher.setCgroupsAllowed(cgroups);
    h.start();
    QVERIFY(h.prompt(u"child"_s));
    QTRY_SOON(h.count(u"turn_finished"_s) == 1);
    const qint64 child = h.text().toLongLong();
    QVERIFY(child > 0 && isAlivePid(child));
    h.session->close();
    QTRY_SOON(h.ended());
    QVERIFY(!isAlivePid(child));
}

void TestAgentSessionEnd::temporaryFolderIsRemoved()
{
    SessionHarness h;
    h.start();
    QTRY_SOON(h.session->state() == SessionState::Ready);
    const QString folder = h.temporary.filePath(h.session->spec().marker);
    QVERIFY(QFileInfo(folder).isDir());
    h.session->close();
    QTRY_SOON(h.ended());
    QVERIFY(!QFileInfo::exists(folder));
}

QTEST_GUILESS_MAIN(TestAgentSessionEnd)
#include "tst_agent_session_end.moc"
