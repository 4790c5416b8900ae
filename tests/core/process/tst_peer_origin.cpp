// Who is calling: what an agent started is told from a person's programs, however it hides.
#include "core/process/child_registry.h"
#include "core/process/local_launcher.h"
#include "core/process/peer_origin.h"
#include "core/process/pty_process.h"
#include "core/process/tree_supervisor.h"
#include "tests/support/process_probe.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30000;
const QStringList environment{u"PATH=/usr/bin:/bin"_s};

} // namespace

class TestPeerOrigin : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void agentsAreKnownHoweverTheyHide_data();
    void agentsAreKnownHoweverTheyHide();
    void cgroupSpeaksForTheLost();
    void personsProgramsAreOutside();
    void goneIsUnknown();
    void foreignMarkersSayNothing();
};

void TestPeerOrigin::initTestCase() { QVERIFY(becomeSubreaper()); }

void TestPeerOrigin::agentsAreKnownHoweverTheyHide_data()
{
    QTest::addColumn<QString>("way");
    QTest::addColumn<bool>("parentLives");
    for (const QString &way : {u"child"_s, u"session"_s, u"daemon"_s, u"bare"_s, u"holder"_s}) {
        QTest::addRow("%s", qPrintable(way)) << way << true;
        QTest::addRow("%s, orphaned", qPrintable(way)) << way << false;
    }
}

void TestPeerOrigin::agentsAreKnownHoweverTheyHide()
{
    QFETCH(QString, way);
    QFETCH(bool, parentLives);
    PipeProcess agent; // without a tree, so that nothing is ended when it exits
    QByteArray out;
    connect(&agent, &PipeProcess::stdoutBytes, this, [&](const QByteArray &bytes) { out += bytes; });
    QSignalSpy exited(&agent, &PipeProcess::exited);
    const QString marker = newMarker();
    agent.start({.program = QStringLiteral(MUSTER_TEST_DIR "/stubborn"),
                 .args = {way, parentLives ? u"stay"_s : u"exit"_s},
                 .env = environment,
                 .marker = marker},
                {.kind = ChildKind::Agent});
    QTRY_VERIFY_WITH_TIMEOUT(out.endsWith("ready\n"), patience);
    if (!parentLives)
        QTRY_COMPARE_WITH_TIMEOUT(exited.size(), 1, patience);
    const QList<ProcessIdentity> processes = reportedProcesses(out);
    QCOMPARE(processes.size(), 1);
    const KnownTree tree{.marker = marker, .rootPid = agent.pid(), .cgroupPath = {}};

    const PeerOrigin origin = classifyPeer(processes.first().pid, {tree});
    QCOMPARE(origin.kind, PeerOrigin::Kind::Agent);
    QVERIFY(!origin.mayActForPerson());
    if (origin.by != PeerEvidence::Orphan)
        QCOMPARE(origin.marker, marker);
    if (parentLives)
        QCOMPARE(classifyPeer(agent.pid(), {}).kind, PeerOrigin::Kind::Agent); // known as our child
    QVERIFY(signalProcess(processes.first(), SIGKILL));
    QTRY_COMPARE_WITH_TIMEOUT(ChildRegistry::instance().collectOrphans(), QList<qint64>(), patience);
}

void TestPeerOrigin::cgroupSpeaksForTheLost()
{
    const auto home = CgroupHome::probe();
    if (!home)
        QSKIP("no cgroup can be made here");
    const auto group = home->make(newMarker());
    QVERIFY(group);
    const FileDescriptor join(group->openJoin());
    PipeProcess process;
    QSignalSpy started(&process, &PipeProcess::started);
    process.start({.program = u"sleep"_s, .args = {u"60"_s}, .env = environment},
                  {.joinCgroupFd = join.get()});
    QVERIFY(started.wait(patience));
    QVERIFY(group->contains(process.pid()));
    QCOMPARE(group->members(), QList<qint64>{process.pid()});
    const KnownTree tree{.marker = u"m"_s, .rootPid = 0, .cgroupPath = group->path()};
    const PeerOrigin origin = classifyPeer(process.pid(), {tree});
    QCOMPARE(origin.kind, PeerOrigin::Kind::Agent);
    QCOMPARE(origin.by, PeerEvidence::Cgroup);
    QCOMPARE(origin.marker, u"m"_s);
    QSignalSpy exited(&process, &PipeProcess::exited);
    QVERIFY(group->killAll());
    QVERIFY(exited.wait(patience));
    home->remove();
}

void TestPeerOrigin::personsProgramsAreOutside()
{
    QCOMPARE(classifyPeer(getppid(), {}).kind, PeerOrigin::Kind::Outside);
    PtyProcess terminal;
    QByteArray out;
    connect(&terminal, &PtyProcess::bytes, this, [&](const QByteArray &bytes) { out += bytes; });
    terminal.start(
        {.program = u"sh"_s, .args = {u"-c"_s, u"sleep 60 & echo $!; wait"_s}, .env = environment});
    QTRY_VERIFY_WITH_TIMEOUT(out.endsWith('\n'), patience);
    QVERIFY(classifyPeer(out.trimmed().toLongLong(), {}).mayActForPerson());
    QVERIFY(classifyPeer(terminal.pid(), {}).mayActForPerson());
}

void TestPeerOrigin::goneIsUnknown()
{
    QProcess process;
    process.start(u"true"_s);
    const qint64 pid = process.processId();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, patience);
    QCOMPARE(classifyPeer(pid, {}).kind, PeerOrigin::Kind::Unknown);
    QCOMPARE(classifyPeer(0, {}).kind, PeerOrigin::Kind::Unknown);
    QCOMPARE(classifyPeer(-1, {}).kind, PeerOrigin::Kind::Unknown);
}

// This node may itself have been started by an agent of another one.
void TestPeerOrigin::foreignMarkersSayNothing()
{
    PtyProcess terminal;
    QByteArray out;
    connect(&terminal, &PtyProcess::bytes, this, [&](const QByteArray &bytes) { out += bytes; });
    terminal.start({.program = u"sh"_s,
                    .args = {u"-c"_s, u"echo up; exec sleep 60"_s},
                    .env = environment,
                    .marker = u"foreign"_s});
    QTRY_VERIFY_WITH_TIMEOUT(out.startsWith("up"), patience);
    QVERIFY(classifyPeer(terminal.pid(), {{.marker = u"ours"_s, .rootPid = 0, .cgroupPath = {}}})
                .mayActForPerson());
    QVERIFY(!classifyPeer(terminal.pid(), {{.marker = u"foreign"_s, .rootPid = 0, .cgroupPath = {}}})
                 .mayActForPerson());
}

QTEST_GUILESS_MAIN(TestPeerOrigin)
#include "tst_peer_origin.moc"
