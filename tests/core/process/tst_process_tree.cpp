// The death of launched trees: whatever a program leaves behind, nothing of it survives the ladder, and a
// normal end is verified. Real processes that ignore signals, leave their session and drop our marker.
#include "core/process/cgroup.h"
#include "core/process/child_registry.h"
#include "core/process/local_launcher.h"
#include "core/process/startup_sweep.h"
#include "core/process/tree_supervisor.h"
#include "tests/support/process_probe.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 30000;
// The long run asks for more: MUSTER_KILL_ROUNDS (label kill).
const int rounds =
    qEnvironmentVariableIsSet("MUSTER_KILL_ROUNDS") ? qEnvironmentVariableIntValue("MUSTER_KILL_ROUNDS") : 4;
const QStringList everything{u"stubborn"_s, u"child"_s,  u"session"_s, u"daemon"_s,
                             u"bare"_s,     u"holder"_s, u"stay"_s};

LaunchSpec stubborn(const QStringList &args)
{
    return {.program = u"" MUSTER_TEST_DIR "/stubborn"_s,
            .args = args,
            .env = {u"PATH=/usr/bin:/bin"_s},
            .marker = newMarker()};
}

// One launched program with what it said.
struct Launched {
    std::unique_ptr<LaunchedProcess> process;
    QByteArray out;
    std::unique_ptr<QSignalSpy> exited;
    std::unique_ptr<QSignalSpy> gone;

    Launched(Launcher &launcher, const LaunchSpec &spec)
        : process(launcher.launch(spec, nullptr))
        , exited(std::make_unique<QSignalSpy>(process->pipes(), &PipeProcess::exited))
        , gone(std::make_unique<QSignalSpy>(process.get(), &LaunchedProcess::gone))
    {
        QObject::connect(process->pipes(), &PipeProcess::stdoutBytes, process.get(),
                         [this](const QByteArray &bytes) { out += bytes; });
    }
    [[nodiscard]] bool isReady() const { return out.endsWith("ready\n"); }
    [[nodiscard]] StopReport report() const { return gone->at(0).at(0).value<StopReport>(); }
};

} // namespace

class TestProcessTree : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void ladderLeavesNothing_data();
    void ladderLeavesNothing();
    void politeProgramsGetTheirTime();
    void fasterThanTheEyeIsKilled();
    void normalExitIsVerified();
    void leftoversOfANormalExitAreEnded();
    void stoppingOneSparesTheOther();
    void stopBeforeAndAfterTheEnd();
    void failedStartHasNoTree();
    void temporaryFolderGoesWithTheTree();
    void exitIsToldBeforeNothingIsLeft();
    void deletedWithoutStopIsKilled();
    void memoryOfTheWholeTree();
    void memoryThatAGroupIsCharged();
    void strayOfADeadTreeIsEnded();
    void startupSweepEndsWhatCarriesTheMarker();

private:
    TreeSupervisor m_supervisor;
};

void TestProcessTree::initTestCase() { QVERIFY(becomeSubreaper()); }

void TestProcessTree::ladderLeavesNothing_data()
{
    QTest::addColumn<bool>("cgroups");
    QTest::addColumn<bool>("lifeline");
    QTest::addColumn<int>("graceMs");
    for (const int grace : {0, 60}) {
        QTest::addRow("ancestry, grace %d", grace) << false << false << grace;
        QTest::addRow("lifeline, grace %d", grace) << false << true << grace;
        QTest::addRow("cgroup, grace %d", grace) << true << false << grace;
        QTest::addRow("cgroup and lifeline, grace %d", grace) << true << true << grace;
    }
}

void TestProcessTree::ladderLeavesNothing()
{
    QFETCH(bool, cgroups);
    QFETCH(bool, lifeline);
    QFETCH(int, graceMs);
    LocalLauncher launcher(&m_supervisor, u"" MUSTER_BIN_DIR "/muster-guard"_s);
    if (cgroups && launcher.bestContainment() != Containment::Cgroup)
        QSKIP("no cgroup can be made here");
    launcher.setCgroupsAllowed(cgroups);
    for (int round = 0; round < rounds; ++round) {
        LaunchSpec spec = stubborn(everything);
        spec.lifeline = lifeline;
        Launched launched(launcher, spec);
        QTRY_VERIFY_WITH_TIMEOUT(launched.isReady(), patience);
        QList<ProcessIdentity> processes = reportedProcesses(launched.out);
        QCOMPARE(processes.size(), 5);
        processes.append(*identityOf(launched.process->pipes()->pid()));
        QCOMPARE(livingOf(processes), 6);
        launched.process->stop({.termGrace = std::chrono::milliseconds(graceMs)});
        QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
        QCOMPARE(launched.report().survivors, QList<qint64>());
        QCOMPARE(livingOf(processes), 0);
        QCOMPARE(launched.exited->size(), 1);
        QVERIFY(launched.report().steps.contains(StopStep::Kill));
        QCOMPARE(launched.report().containment, cgroups    ? Containment::Cgroup
                                                : lifeline ? Containment::Lifeline
                                                           : Containment::Ancestry);
        QCOMPARE(ChildRegistry::instance().collectOrphans(), QList<qint64>());
    }
}

void TestProcessTree::politeProgramsGetTheirTime()
{
    LocalLauncher launcher(&m_supervisor);
    Launched launched(launcher, {.program = u"sh"_s,
                                 .args = {u"-c"_s, u"trap 'echo tidied; exit 5' TERM; echo ready; "
                                                   "while :; do sleep 0.05; done"_s},
                                 .env = {u"PATH=/usr/bin:/bin"_s},
                                 .marker = newMarker()});
    QTRY_VERIFY_WITH_TIMEOUT(launched.isReady(), patience);
    launched.process->stop({.termGrace = 20s});
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
    QCOMPARE(launched.exited->at(0).at(0).value<ExitInfo>().code, 5);
    QVERIFY(launched.out.endsWith("tidied\n"));
    QCOMPARE(launched.report().steps, QList<StopStep>{StopStep::Terminate});
}

void TestProcessTree::fasterThanTheEyeIsKilled()
{
    LocalLauncher launcher(&m_supervisor);
    Launched launched(launcher, stubborn({u"stubborn"_s, u"forker"_s, u"forker"_s, u"stay"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(launched.isReady(), patience);
    launched.process->stop({.termGrace = 0ms});
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
    QCOMPARE(launched.report().survivors, QList<qint64>());
    QCOMPARE(ChildRegistry::instance().collectOrphans(), QList<qint64>());
}

void TestProcessTree::normalExitIsVerified()
{
    LocalLauncher launcher(&m_supervisor);
    Launched launched(launcher, stubborn({u"exit"_s}));
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
    QCOMPARE(launched.exited->size(), 1);
    QCOMPARE(launched.report().steps, QList<StopStep>{StopStep::Verify});
    QCOMPARE(launched.report().survivors, QList<qint64>());
}

void TestProcessTree::leftoversOfANormalExitAreEnded()
{
    LocalLauncher launcher(&m_supervisor);
    launcher.setCgroupsAllowed(false);
    Launched launched(launcher, stubborn({u"session"_s, u"daemon"_s, u"holder"_s, u"exit"_s}));
    QList<ProcessIdentity> processes;
    connect(launched.process->pipes(), &PipeProcess::exited, this,
            [&] { processes = reportedProcesses(launched.out); });
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
    QCOMPARE(processes.size(), 3);
    QCOMPARE(livingOf(processes), 0);
    QCOMPARE(launched.report().steps,
             (QList<StopStep>{StopStep::Verify, StopStep::Terminate, StopStep::Kill}));
}

void TestProcessTree::stoppingOneSparesTheOther()
{
    LocalLauncher launcher(&m_supervisor);
    launcher.setCgroupsAllowed(false);
    Launched one(launcher, stubborn(everything));
    Launched other(launcher, stubborn({u"session"_s, u"daemon"_s, u"holder"_s, u"stay"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(one.isReady() && other.isReady(), patience);
    const QList<ProcessIdentity> spared = reportedProcesses(other.out);
    one.process->stop({.termGrace = 0ms});
    QTRY_COMPARE_WITH_TIMEOUT(one.gone->size(), 1, patience);
    QCOMPARE(livingOf(spared), 3);
    other.process->stop({.termGrace = 0ms});
    QTRY_COMPARE_WITH_TIMEOUT(other.gone->size(), 1, patience);
    QCOMPARE(livingOf(spared), 0);
}

void TestProcessTree::stopBeforeAndAfterTheEnd()
{
    LocalLauncher launcher(&m_supervisor);
    Launched launched(launcher, stubborn({u"stay"_s}));
    launched.process->stop({.termGrace = 20s}); // not even started
    launched.process->stop({.termGrace = 0ms});
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
    QCOMPARE(launched.exited->size(), 1);
    launched.process->stop({});
    QVERIFY(!launched.gone->wait(50));
    QCOMPARE(launched.gone->size(), 1);
}

void TestProcessTree::failedStartHasNoTree()
{
    LocalLauncher launcher(&m_supervisor, u"" MUSTER_BIN_DIR "/muster-guard"_s);
    for (const bool lifeline : {false, true}) {
        LaunchSpec spec = stubborn({});
        spec.program = u"/no/such/program"_s;
        spec.lifeline = lifeline;
        Launched launched(launcher, spec);
        QSignalSpy failed(launched.process->pipes(), &PipeProcess::failedToStart);
        QVERIFY(failed.wait(patience));
        QCOMPARE(failed.at(0).at(0).value<Error>().where, u"not_found"_s);
        QCOMPARE(launched.gone->size(), 0);
    }
}

void TestProcessTree::temporaryFolderGoesWithTheTree()
{
    const QTemporaryDir base;
    const QString folder = base.filePath(u"run"_s);
    LocalLauncher launcher(&m_supervisor);
    LaunchSpec spec{
        .program = u"sh"_s,
        .args = {u"-c"_s, u"mkdir -p $TMPDIR/a/b && echo x > $TMPDIR/a/b/c && echo ready; exec sleep 60"_s},
        .env = {u"PATH=/usr/bin:/bin"_s},
        .marker = newMarker(),
        .tmpDir = folder};
    Launched launched(launcher, spec);
    QTRY_VERIFY_WITH_TIMEOUT(launched.isReady(), patience);
    QVERIFY(QFile::exists(folder + u"/a/b/c"_s));
    QCOMPARE(QFile::permissions(folder) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    launched.process->stop({.termGrace = 5s});
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
    QVERIFY(!QFile::exists(folder));
}

// However late the exit is told (its last words wait to be read), and whoever listens.
void TestProcessTree::exitIsToldBeforeNothingIsLeft()
{
    const QTemporaryDir place;
    const QString folder = place.filePath(u"tmp"_s);
    LocalLauncher launcher(&m_supervisor);
    const std::unique_ptr<LaunchedProcess> process(launcher.launch({.program = u"/bin/sh"_s,
                                                                    .args = {u"-c"_s, u"echo last words"_s},
                                                                    .marker = u"test-exit-order"_s,
                                                                    .tmpDir = folder},
                                                                   nullptr));
    QStringList told;
    connect(process->pipes(), &PipeProcess::exited, this, [&told] { told += u"exited"_s; });
    connect(process.get(), &LaunchedProcess::gone, this, [&told] { told += u"gone"_s; });
    process->pipes()->setReadPaused(true);
    QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder).exists(), 30'000); // the tree is verified gone
    QCOMPARE(told, QStringList());
    process->pipes()->setReadPaused(false);
    const QStringList expected{u"exited"_s, u"gone"_s};
    QTRY_COMPARE_WITH_TIMEOUT(told, expected, 30'000);
}

void TestProcessTree::deletedWithoutStopIsKilled()
{
    LocalLauncher launcher(&m_supervisor);
    Launched launched(launcher, stubborn(everything));
    QTRY_VERIFY_WITH_TIMEOUT(launched.isReady(), patience);
    const QList<ProcessIdentity> processes = reportedProcesses(launched.out);
    const auto root = static_cast<pid_t>(launched.process->pipes()->pid());
    launched.process.reset();
    QTRY_COMPARE_WITH_TIMEOUT(livingOf(processes), 0, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!readProcEntry(root), patience);
    QTRY_COMPARE_WITH_TIMEOUT(ChildRegistry::instance().collectOrphans(), QList<qint64>(), patience);
}

// A child's too; above the mark what is shared counts once.
void TestProcessTree::memoryOfTheWholeTree()
{
    constexpr qint64 taken = 60'000'000;
    LocalLauncher launcher(&m_supervisor);
    launcher.setCgroupsAllowed(false);
    Launched launched(launcher,
                      {.program = u"sh"_s,
                       .args = {u"-c"_s, u"(head -c 60000000 /dev/zero; sleep 600) | tail -c 60000000 "
                                         ">/dev/null & echo ready; wait"_s},
                       .env = {u"PATH=/usr/bin:/bin"_s},
                       .marker = newMarker()});
    QTRY_VERIFY_WITH_TIMEOUT(launched.isReady(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(launched.process->memoryBytes() > taken, patience);
    const qint64 cheap = launched.process->memoryBytes();
    launched.process->setMemoryMark(taken / 2);
    QTRY_VERIFY_WITH_TIMEOUT(launched.process->memoryBytes() < cheap, patience);
    QVERIFY(launched.process->memoryBytes() > taken);
    launched.process->stop({.termGrace = 0ms});
    QTRY_COMPARE_WITH_TIMEOUT(launched.gone->size(), 1, patience);
}

// Files that the kernel keeps for it do not count; the folder of a group as version 2 has it.
void TestProcessTree::memoryThatAGroupIsCharged()
{
    QTemporaryDir folder;
    const Cgroup group(folder.path(), u"/x"_s);
    QVERIFY(!group.memoryBytes());
    const auto put = [&](const QString &name, const QByteArray &content) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    };
    put(u"memory.current"_s, "9000\n");
    put(u"memory.stat"_s, "anon 1000\nfile 7000\nshmem 500\nanon_thp 300\n");
    QCOMPARE(group.memoryBytes(), 1500);
}

void TestProcessTree::strayOfADeadTreeIsEnded()
{
    TreeSupervisor supervisor;
    QSignalSpy ended(&supervisor, &TreeSupervisor::strayEnded);
    // Orphans belong to the process: the other supervisor of these tests may look first, or both at once.
    QSignalSpy endedByOther(&m_supervisor, &TreeSupervisor::strayEnded);
    LocalLauncher launcher(&supervisor);
    launcher.setCgroupsAllowed(false);
    // Started past the launcher, so that no tree knows what it leaves.
    PipeProcess loose;
    QByteArray out;
    connect(&loose, &PipeProcess::stdoutBytes, this, [&](const QByteArray &bytes) { out += bytes; });
    QSignalSpy exited(&loose, &PipeProcess::exited);
    loose.start(stubborn({u"daemon"_s, u"exit"_s}));
    QVERIFY(exited.wait(patience));
    const QList<ProcessIdentity> strays = reportedProcesses(out);
    QCOMPARE(livingOf(strays), 1);
    Launched another(launcher, stubborn({u"stay"_s})); // now there is something to supervise
    QTRY_COMPARE_WITH_TIMEOUT(livingOf(strays), 0, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty() || !endedByOther.isEmpty(), patience);
    QVERIFY(another.process->pipes()->isRunning());
}

void TestProcessTree::startupSweepEndsWhatCarriesTheMarker()
{
    const LaunchSpec marked = stubborn({u"child"_s, u"daemon"_s, u"bare"_s, u"stay"_s});
    const LaunchSpec unmarked = stubborn({u"stay"_s});
    PipeProcess survivor;
    PipeProcess bystander;
    QByteArray out;
    connect(&survivor, &PipeProcess::stdoutBytes, this, [&](const QByteArray &bytes) { out += bytes; });
    QSignalSpy exited(&survivor, &PipeProcess::exited);
    survivor.start(marked);
    bystander.start(unmarked);
    QTRY_VERIFY_WITH_TIMEOUT(out.endsWith("ready\n"), patience);
    const QList<ProcessIdentity> processes = reportedProcesses(out);
    QCOMPARE(livingOf(processes), 3);

    StartupSweep sweep({marked.marker, newMarker()});
    QSignalSpy finished(&sweep, &StartupSweep::finished);
    sweep.start({.termGrace = 100ms});
    QVERIFY(finished.wait(patience));
    QCOMPARE(finished.at(0).at(1).value<StopReport>().survivors, QList<qint64>());
    // What a member forks while it is looked at may be among them too.
    const auto found = finished.at(0).at(0).value<QList<qint64>>();
    QVERIFY(found.size() >= 4);
    for (const ProcessIdentity &process : processes)
        QVERIFY(found.contains(process.pid));
    QCOMPARE(livingOf(processes), 0);
    QTRY_COMPARE_WITH_TIMEOUT(exited.size(), 1, patience);
    QVERIFY(bystander.isRunning());
}

QTEST_GUILESS_MAIN(TestProcessTree)
#include "tst_process_tree.moc"
