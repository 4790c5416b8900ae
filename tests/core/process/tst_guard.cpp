// Guarded commands: they outlive whoever started them, are found again by key, begin once, end for certain.
#include "core/process/child_registry.h"
#include "core/process/guard_client.h"
#include "core/process/guard_layout.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"
#include "tests/support/process_probe.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30000;
const QString program = QStringLiteral(MUSTER_BIN_DIR "/muster-guard");
const QString stubborn = QStringLiteral(MUSTER_TEST_DIR "/stubborn");
const QStringList environment{u"PATH=/usr/bin:/bin"_s};

GuardSpec shell(const QString &key, const QString &command)
{
    return {.key = key,
            .cwd = u"/"_s,
            .command = {u"/bin/sh"_s, u"-c"_s, command},
            .env = environment,
            .graceMs = 200};
}

// One folder of guards with what a client heard.
struct Guards {
    QTemporaryDir base;
    GuardClient client{program, base.filePath(u"guards"_s)};
    QByteArray output;
    QSignalSpy finished{&client, &GuardClient::finished};
    QSignalSpy lost{&client, &GuardClient::lost};

    Guards()
    {
        QObject::connect(&client, &GuardClient::outputBytes,
                         [this](const QString &, const QByteArray &bytes) { output += bytes; });
    }
    [[nodiscard]] GuardResult result(qsizetype index = 0) const
    {
        return finished.at(index).at(1).value<GuardResult>();
    }
    [[nodiscard]] QString file(const QString &key, const char *name) const
    {
        return base.filePath(u"guards/"_s + QString::fromStdString(guard::keyFolder(key.toStdString())) +
                             u'/' + QLatin1StringView(name));
    }
};

} // namespace

class TestGuard : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void endings_data();
    void endings();
    void endsWhatTheCommandLeftBehind();
    void stopEndsTheWholeTree();
    void stopRightAfterStart();
    void floodCanBeStopped();
    void timeLimit();
    void outputIsCappedWithHeadAndTail();
    void shortOutputIsWhole();
    void startedOnce();
    void startedByTwoAtOnceIsFollowedByBoth();
    void secondGuardRefuses();
    void outlivesItsStarter();
    void foundAfterItEnded();
    void killedGuardIsLost();
    void sparedByTheSweepsOfOthers();
    void removeForgets();
    void commandLineIsChecked_data();
    void commandLineIsChecked();
};

void TestGuard::initTestCase() { QVERIFY(becomeSubreaper()); }

void TestGuard::endings_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("cwd");
    QTest::addColumn<GuardEnd>("end");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("signal");
    const QString sh = u"/bin/sh"_s;
    QTest::newRow("zero") << QStringList{sh, u"-c"_s, u"true"_s} << u"/"_s << GuardEnd::Exited << 0 << 0;
    QTest::newRow("five") << QStringList{sh, u"-c"_s, u"exit 5"_s} << u"/"_s << GuardEnd::Exited << 5 << 0;
    QTest::newRow("signal") << QStringList{sh, u"-c"_s, u"kill -9 $$"_s} << u"/"_s << GuardEnd::Signalled << 0
                            << 9;
    QTest::newRow("no program") << QStringList{u"/no/such"_s} << u"/"_s << GuardEnd::LaunchFailed << 127 << 0;
    QTest::newRow("no folder") << QStringList{sh, u"-c"_s, u"true"_s} << u"/no/such"_s
                               << GuardEnd::LaunchFailed << 127 << 0;
}

void TestGuard::endings()
{
    QFETCH(QStringList, command);
    QFETCH(QString, cwd);
    QFETCH(GuardEnd, end);
    Guards guards;
    GuardSpec spec = shell(u"run-1/step/1"_s, {});
    spec.command = command;
    spec.cwd = cwd;
    QVERIFY(guards.client.start(spec));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.finished.at(0).at(0).toString(), spec.key);
    const GuardResult result = guards.result();
    QCOMPARE(result.end, end);
    QTEST(result.code, "code");
    QTEST(result.signal, "signal");
    QVERIFY(result.startedMs > 0 && result.endedMs >= result.startedMs);
    QCOMPARE(guards.lost.size(), 0);
    // Nothing of it is left as our child.
    QTRY_COMPARE_WITH_TIMEOUT(ChildRegistry::instance().collectOrphans(), QList<qint64>(), patience);
}

void TestGuard::endsWhatTheCommandLeftBehind()
{
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, stubborn + u" session daemon bare holder exit"_s)));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().code, 7);
    QCOMPARE(guards.result().survivors, QList<qint64>());
    QCOMPARE(guards.output.count("pid "), 4);
    QVERIFY(reportedProcesses(guards.output).isEmpty()); // reported, and alive no more
}

void TestGuard::stopEndsTheWholeTree()
{
    Guards guards;
    QVERIFY(
        guards.client.start(shell(u"k"_s, stubborn + u" stubborn child session daemon bare holder stay"_s)));
    QTRY_VERIFY_WITH_TIMEOUT(guards.output.endsWith("ready\n"), patience);
    const QList<ProcessIdentity> processes = reportedProcesses(guards.output);
    QCOMPARE(livingOf(processes), 5);
    QVERIFY(guards.client.stop(u"k"_s));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().end, GuardEnd::Stopped);
    QCOMPARE(guards.result().survivors, QList<qint64>());
    QCOMPARE(livingOf(processes), 0);
    QCOMPARE(guards.client.stop(u"k"_s).error().code, ErrorCode::NotFound);
}

// Before the guard has said who it is.
void TestGuard::stopRightAfterStart()
{
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, u"sleep 600"_s)));
    QVERIFY(guards.client.stop(u"k"_s));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().end, GuardEnd::Stopped);
}

void TestGuard::floodCanBeStopped()
{
    Guards guards;
    GuardSpec spec = shell(u"k"_s, u"exec yes"_s);
    spec.outputCapBytes = 100000;
    QVERIFY(guards.client.start(spec));
    QTRY_VERIFY_WITH_TIMEOUT(!guards.output.isEmpty(), patience);
    QVERIFY(guards.client.stop(u"k"_s));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().end, GuardEnd::Stopped);
    QVERIFY(guards.result().cutBytes > 0);
}

void TestGuard::timeLimit()
{
    Guards guards;
    GuardSpec spec = shell(u"k"_s, u"trap '' TERM; while :; do sleep 1; done"_s);
    spec.timeoutMs = 100;
    QVERIFY(guards.client.start(spec));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().end, GuardEnd::TimedOut);
    QCOMPARE(guards.result().survivors, QList<qint64>());
}

void TestGuard::outputIsCappedWithHeadAndTail()
{
    Guards guards;
    GuardSpec spec = shell(u"k"_s, u"echo first; seq 1 20000; echo problem >&2; echo last"_s);
    spec.outputCapBytes = 4000;
    QVERIFY(guards.client.start(spec));
    QVERIFY(guards.finished.wait(patience));
    const auto kept = guards.client.output(u"k"_s, 1000000);
    QVERIFY(kept);
    QVERIFY(kept->startsWith("first\n1\n2\n"));
    QVERIFY(kept->endsWith("problem\nlast\n"));
    const GuardResult result = guards.result();
    QCOMPARE(result.outputBytes, 6 + 108894 + 8 + 5);
    const QByteArray note = "\n[muster: " + QByteArray::number(result.cutBytes) + " bytes cut]\n";
    QVERIFY(kept->contains(note));
    QCOMPARE(kept->size() - note.size(), result.outputBytes - result.cutBytes);
    QVERIFY(kept->size() - note.size() <= 4000);
    QVERIFY(!QFile::exists(guards.file(u"k"_s, guard::tailFile)));
    // The live stream ends with the same.
    QCOMPARE(guards.output, *kept);
}

void TestGuard::shortOutputIsWhole()
{
    Guards guards;
    GuardSpec spec = shell(u"k"_s, u"seq 1 500"_s);
    spec.outputCapBytes = 2000; // more than half of it: goes through the tail, nothing cut
    QVERIFY(guards.client.start(spec));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().cutBytes, 0);
    const auto kept = guards.client.output(u"k"_s, 1000000);
    QCOMPARE(kept->size(), 1892);
    QVERIFY(!kept->contains("muster"));
    const auto excerpt = guards.client.output(u"k"_s, 100);
    QVERIFY(excerpt->startsWith("1\n2\n") && excerpt->endsWith("\n500\n") && excerpt->contains("bytes cut"));
}

void TestGuard::startedOnce()
{
    Guards guards;
    QVERIFY(std::holds_alternative<GuardUnknown>(guards.client.find(u"k"_s)));
    QVERIFY(guards.client.start(shell(u"k"_s, u"true"_s)));
    QCOMPARE(guards.client.start(shell(u"k"_s, u"true"_s)).error().code, ErrorCode::AlreadyExists);
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.client.start(shell(u"k"_s, u"true"_s)).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(guards.client.start(shell({}, u"true"_s)).error().code, ErrorCode::InvalidArgument);
}

// Past the client: two nodes, or a node that lost its memory.
// A node that was killed while it started a guard, and its successor: one begins the command, neither takes
// it for lost while the other's guard has not yet said who it is.
void TestGuard::startedByTwoAtOnceIsFollowedByBoth()
{
    constexpr qsizetype keys = 12;
    Guards guards;
    GuardClient other(program, guards.base.filePath(u"guards"_s));
    const QSignalSpy otherFinished(&other, &GuardClient::finished);
    const QSignalSpy otherLost(&other, &GuardClient::lost);
    const QString effects = guards.base.filePath(u"effects"_s);
    for (qsizetype i = 0; i < keys; ++i) {
        const GuardSpec spec =
            shell(u"k%1"_s.arg(i), u"echo did >> "_s + effects + u"; sleep 0.3; echo ended"_s);
        QVERIFY(guards.client.start(spec));
        // Too late for a start of its own if this thread was held up: then it follows what runs.
        QVERIFY(other.start(spec) || other.watch(spec.key));
    }
    QTRY_COMPARE_WITH_TIMEOUT(guards.finished.size() + guards.lost.size(), keys, patience);
    QTRY_COMPARE_WITH_TIMEOUT(otherFinished.size() + otherLost.size(), keys, patience);
    QCOMPARE(guards.lost.size() + otherLost.size(), 0);
    for (qsizetype i = 0; i < keys; ++i)
        QCOMPARE(guards.result(i).end, GuardEnd::Exited);
    QFile did(effects);
    QVERIFY(did.open(QIODevice::ReadOnly));
    QCOMPARE(did.readAll().count('\n'), keys);
}

void TestGuard::secondGuardRefuses()
{
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, u"echo up; exec sleep 60"_s)));
    QTRY_COMPARE_WITH_TIMEOUT(guards.output, QByteArray("up\n"), patience);
    const auto runAgain = [&] {
        QProcess second;
        QSignalSpy done(&second, &QProcess::finished);
        second.start(program, {u"--dir"_s, guards.base.filePath(u"guards"_s), u"--key"_s, u"k"_s, u"--cwd"_s,
                               u"/"_s, u"--"_s, u"/bin/sh"_s, u"-c"_s, u"true"_s});
        return done.wait(patience) ? second.exitCode() : -1;
    };
    QCOMPARE(runAgain(), guard::exitBusy);
    QVERIFY(guards.client.stop(u"k"_s));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(runAgain(), guard::exitBusy);
    QCOMPARE(guards.result().end, GuardEnd::Stopped);
}

void TestGuard::outlivesItsStarter()
{
    Guards guards;
    const QString gate = guards.base.filePath(u"gate"_s);
    QProcess parent;
    QSignalSpy ended(&parent, &QProcess::finished);
    parent.start(QStringLiteral(MUSTER_TEST_DIR "/launching_parent"),
                 {u"guard"_s, guards.base.filePath(u"guards"_s), u"k"_s,
                  u"echo up; until test -e %1; do sleep 0.02; done; echo done; exit 6"_s.arg(gate)});
    QTRY_VERIFY_WITH_TIMEOUT(parent.bytesAvailable() > 0, patience);
    QVERIFY(std::holds_alternative<GuardRunning>(guards.client.find(u"k"_s)));
    parent.kill();
    QVERIFY(ended.wait(patience));

    const GuardState state = guards.client.find(u"k"_s);
    QVERIFY(std::holds_alternative<GuardRunning>(state));
    QVERIFY(guards.client.watch(u"k"_s));
    QTRY_COMPARE_WITH_TIMEOUT(guards.output, QByteArray("up\n"), patience);
    QFile open(gate);
    QVERIFY(open.open(QIODevice::WriteOnly));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().code, 6);
    QCOMPARE(guards.output, QByteArray("up\ndone\n"));
}

void TestGuard::foundAfterItEnded()
{
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, u"echo out; exit 3"_s)));
    QVERIFY(guards.finished.wait(patience));
    GuardClient later(program, guards.base.filePath(u"guards"_s));
    const GuardState state = later.find(u"k"_s);
    QVERIFY(std::holds_alternative<GuardFinished>(state));
    QCOMPARE(std::get<GuardFinished>(state).result.code, 3);
    QSignalSpy finished(&later, &GuardClient::finished);
    QVERIFY(later.watch(u"k"_s, 4)); // all output known already
    QSignalSpy output(&later, &GuardClient::outputBytes);
    QVERIFY(finished.wait(patience));
    QCOMPARE(output.size(), 0);
    QCOMPARE(later.watch(u"other"_s).error().code, ErrorCode::NotFound);
}

void TestGuard::killedGuardIsLost()
{
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, stubborn + u" child session daemon stay"_s)));
    QTRY_VERIFY_WITH_TIMEOUT(guards.output.endsWith("ready\n"), patience);
    const QList<ProcessIdentity> processes = reportedProcesses(guards.output);
    QCOMPARE(livingOf(processes), 3);
    const GuardState state = guards.client.find(u"k"_s);
    QVERIFY(std::holds_alternative<GuardRunning>(state));
    QVERIFY(signalProcess(std::get<GuardRunning>(state).guard, SIGKILL));
    QTRY_COMPARE_WITH_TIMEOUT(guards.lost.size(), 1, patience);
    QCOMPARE(guards.finished.size(), 0);
    QVERIFY(std::holds_alternative<GuardLost>(guards.client.find(u"k"_s)));
    QCOMPARE(guards.client.start(shell(u"k"_s, u"true"_s)).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(livingOf(processes), 0);
    QTRY_COMPARE_WITH_TIMEOUT(ChildRegistry::instance().collectOrphans(), QList<qint64>(), patience);
}

// A guard re-parents to the node, as an agent's orphans do.
void TestGuard::sparedByTheSweepsOfOthers()
{
    TreeSupervisor supervisor;
    LocalLauncher launcher(&supervisor);
    launcher.setCgroupsAllowed(false);
    const std::unique_ptr<LaunchedProcess> agent(launcher.launch(
        {.program = stubborn, .args = {u"stay"_s}, .env = environment, .marker = newMarker()}, nullptr));
    QSignalSpy started(agent->pipes(), &PipeProcess::started);
    QVERIFY(started.wait(patience));
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, u"echo up; exec sleep 60"_s)));
    QTRY_COMPARE_WITH_TIMEOUT(guards.output, QByteArray("up\n"), patience);
    QSignalSpy gone(agent.get(), &LaunchedProcess::gone);
    agent->stop({.termGrace = std::chrono::milliseconds{0}});
    QVERIFY(gone.wait(patience));
    QVERIFY(std::holds_alternative<GuardRunning>(guards.client.find(u"k"_s)));
    QVERIFY(guards.client.stop(u"k"_s));
    QVERIFY(guards.finished.wait(patience));
    QCOMPARE(guards.result().end, GuardEnd::Stopped);
}

void TestGuard::removeForgets()
{
    Guards guards;
    QVERIFY(guards.client.start(shell(u"k"_s, u"echo up; exec sleep 60"_s)));
    QTRY_COMPARE_WITH_TIMEOUT(guards.output, QByteArray("up\n"), patience);
    QCOMPARE(guards.client.remove(u"k"_s).error().code, ErrorCode::Conflict);
    QVERIFY(guards.client.stop(u"k"_s));
    QVERIFY(guards.finished.wait(patience));
    QVERIFY(guards.client.remove(u"k"_s));
    QVERIFY(std::holds_alternative<GuardUnknown>(guards.client.find(u"k"_s)));
    QVERIFY(guards.client.start(shell(u"k"_s, u"true"_s)));
    QTRY_COMPARE_WITH_TIMEOUT(guards.finished.size(), 2, patience);
}

void TestGuard::commandLineIsChecked_data()
{
    QTest::addColumn<QStringList>("args");
    QTest::newRow("nothing") << QStringList{};
    QTest::newRow("no command") << QStringList{u"--lifeline"_s, u"1"_s};
    QTest::newRow("no program") << QStringList{u"--lifeline"_s, u"1"_s, u"--"_s};
    QTest::newRow("not a pid") << QStringList{u"--lifeline"_s, u"1x"_s, u"--"_s, u"true"_s};
    QTest::newRow("not our parent") << QStringList{u"--lifeline"_s, u"1"_s, u"--"_s, u"true"_s};
    QTest::newRow("no key") << QStringList{u"--dir"_s, u"/tmp"_s, u"--cwd"_s, u"/"_s, u"--"_s, u"true"_s};
    QTest::newRow("unknown option") << QStringList{u"--what"_s, u"1"_s, u"--"_s, u"true"_s};
    QTest::newRow("negative") << QStringList{u"--timeout-ms"_s, u"-1"_s, u"--"_s, u"true"_s};
}

void TestGuard::commandLineIsChecked()
{
    QFETCH(QStringList, args);
    QProcess process;
    QSignalSpy done(&process, &QProcess::finished);
    process.start(program, args);
    QVERIFY(done.wait(patience));
    QCOMPARE(process.exitCode(), guard::exitUsage);
}

QTEST_GUILESS_MAIN(TestGuard)
#include "tst_guard.moc"
