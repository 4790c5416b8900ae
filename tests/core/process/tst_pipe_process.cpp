// Children on pipes: bytes both ways, ends told apart, nothing unbounded, nothing that a grandchild can hold
// up.
#include "core/process/pipe_process.h"
#include "core/process/proc_table.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20000;

const QStringList environment{u"PATH=/usr/bin:/bin"_s};

LaunchSpec shell(const QString &command)
{
    return {.program = u"sh"_s, .args = {u"-c"_s, command}, .env = environment};
}

struct Watched {
    PipeProcess process;
    QByteArray out;
    QByteArray err;
    QSignalSpy started{&process, &PipeProcess::started};
    QSignalSpy failed{&process, &PipeProcess::failedToStart};
    QSignalSpy ended{&process, &PipeProcess::ended};
    QSignalSpy exited{&process, &PipeProcess::exited};

    Watched()
    {
        QObject::connect(&process, &PipeProcess::stdoutBytes, [this](const QByteArray &b) { out += b; });
        QObject::connect(&process, &PipeProcess::stderrBytes, [this](const QByteArray &b) { err += b; });
    }
    [[nodiscard]] ExitInfo exit() const { return exited.at(0).at(0).value<ExitInfo>(); }
};

qint64 residentKib()
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong();
    }
    return 0;
}

} // namespace

class TestPipeProcess : public QObject {
    Q_OBJECT
private slots:
    void endings_data();
    void endings();
    void outputComesBeforeExit();
    void stdinReachesChild();
    void nullStdinIsEmpty();
    void stdinQueueIsBounded();
    void childThatStopsReadingIsNoSignalForUs();
    void failedStarts_data();
    void failedStarts();
    void environmentIsExactlyWhatWasGiven();
    void childStartsClean();
    void grandchildHoldingStdoutDoesNotHoldExit();
    void floodedByGrandchildStillExits();
    void pausedReadsKeepMemoryBounded();
    void pausedExitWaits();
    void deletedWhileRunningIsKilled();
};

void TestPipeProcess::endings_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<ExitInfo>("expected");
    QTest::newRow("zero") << u"true"_s << ExitInfo{};
    QTest::newRow("seven") << u"exit 7"_s << ExitInfo{.code = 7};
    QTest::newRow("signal") << u"kill -9 $$"_s << ExitInfo{.signal = SIGKILL, .crashed = true};
    QTest::newRow("terminated") << u"kill -15 $$"_s << ExitInfo{.signal = SIGTERM, .crashed = true};
}

void TestPipeProcess::endings()
{
    QFETCH(QString, command);
    QFETCH(ExitInfo, expected);
    Watched watched;
    watched.process.start(shell(command));
    QCOMPARE(watched.started.size(), 0); // nothing from within the call
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.started.size(), 1);
    QCOMPARE(watched.ended.size(), 1);
    QCOMPARE(watched.failed.size(), 0);
    QVERIFY(watched.exit() == expected);
    QVERIFY(!watched.process.isRunning());
    QVERIFY(watched.process.pid() > 0);
}

void TestPipeProcess::outputComesBeforeExit()
{
    Watched watched;
    qsizetype atExit = -1;
    connect(&watched.process, &PipeProcess::exited, this, [&] { atExit = watched.out.size(); });
    watched.process.start(shell(u"head -c 3000000 /dev/zero; echo oops >&2"_s));
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(atExit, 3000000);
    QCOMPARE(watched.err, QByteArray("oops\n"));
}

void TestPipeProcess::stdinReachesChild()
{
    Watched watched;
    QSignalSpy closed(&watched.process, &PipeProcess::stdinClosed);
    watched.process.start({.program = u"cat"_s, .env = environment});
    const QByteArray sent = QByteArray("0123456789abcde\n").repeated(100000);
    QVERIFY(watched.process.write(sent));
    QVERIFY(watched.process.bytesToWrite() > 0);
    watched.process.closeStdin();
    QCOMPARE(watched.process.write("late").error().code, ErrorCode::Unavailable);
    QTRY_COMPARE_WITH_TIMEOUT(watched.exited.size(), 1, patience);
    QCOMPARE(watched.out, sent);
    QCOMPARE(closed.size(), 1);
    QCOMPARE(watched.process.bytesToWrite(), 0);
}

void TestPipeProcess::nullStdinIsEmpty()
{
    Watched watched;
    watched.process.start({.program = u"cat"_s, .env = environment, .stdinMode = StdinMode::Null});
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.process.write("x").error().code, ErrorCode::Unavailable);
}

void TestPipeProcess::stdinQueueIsBounded()
{
    Watched watched;
    LaunchSpec spec = shell(u"exec sleep 60"_s);
    spec.stdinQueueBytes = qint64{1024} * 1024;
    watched.process.start(spec);
    const QByteArray block(256 * 1024, 'x');
    Status status;
    int accepted = 0;
    while ((status = watched.process.write(block)) && accepted < 100)
        ++accepted;
    QCOMPARE(status.error().code, ErrorCode::TooLarge);
    QVERIFY(accepted >= 4 && accepted <= 5);
    QVERIFY(watched.process.bytesToWrite() <= spec.stdinQueueBytes);
}

void TestPipeProcess::childThatStopsReadingIsNoSignalForUs()
{
    Watched watched;
    QSignalSpy closed(&watched.process, &PipeProcess::stdinClosed);
    watched.process.start(shell(u"exec <&-; echo closed; exec sleep 60"_s));
    QTRY_COMPARE_WITH_TIMEOUT(watched.out, QByteArray("closed\n"), patience);
    QVERIFY(watched.process.write("into the void"));
    QVERIFY(closed.wait(patience));
    QVERIFY(!watched.process.write("again"));
}

void TestPipeProcess::failedStarts_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("workingDir");
    QTest::addColumn<QString>("where");
    QTest::newRow("no such name") << u"no-such-program"_s << QString() << u"not_found"_s;
    QTest::newRow("no such path") << u"/no/such/program"_s << QString() << u"not_found"_s;
    QTest::newRow("not executable") << u"/etc/passwd"_s << QString() << u"not_executable"_s;
    QTest::newRow("a folder") << u"/etc"_s << QString() << u"not_executable"_s;
    QTest::newRow("empty") << QString() << QString() << u"not_found"_s;
    QTest::newRow("folder missing") << u"true"_s << u"/no/such/folder"_s << u"working_dir"_s;
    QTest::newRow("no interpreter") << u"%1/script"_s << QString() << u"exec"_s;
}

void TestPipeProcess::failedStarts()
{
    QFETCH(QString, program);
    QFETCH(QString, workingDir);
    QFETCH(QString, where);
    const QTemporaryDir folder;
    QFile script(folder.filePath(u"script"_s));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/no/such/interpreter\n");
    script.close();
    QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));

    Watched watched;
    watched.process.start({.program = program.contains(u'%') ? program.arg(folder.path()) : program,
                           .workingDir = workingDir,
                           .env = environment});
    QCOMPARE(watched.failed.size(), 0);
    QVERIFY(watched.failed.wait(patience));
    const auto error = watched.failed.at(0).at(0).value<Error>();
    QCOMPARE(error.code, ErrorCode::LaunchFailed);
    QCOMPARE(error.where, where);
    QCOMPARE(watched.started.size(), 0);
    QCOMPARE(watched.exited.size(), 0);
}

void TestPipeProcess::environmentIsExactlyWhatWasGiven()
{
    Watched watched;
    watched.process.start({.program = u"/usr/bin/env"_s,
                           .env = {u"ONLY=this=one"_s},
                           .marker = u"m1"_s,
                           .tmpDir = u"/tmp/x"_s});
    QVERIFY(watched.exited.wait(patience));
    QList<QByteArray> lines = watched.out.trimmed().split('\n');
    std::ranges::sort(lines);
    QCOMPARE(lines, (QList<QByteArray>{"MUSTER_RUN=m1", "ONLY=this=one", "TMPDIR=/tmp/x"}));

    Watched empty;
    empty.process.start({.program = u"/usr/bin/env"_s});
    QVERIFY(empty.exited.wait(patience));
    QCOMPARE(empty.out, QByteArray());
}

// Own session, no inherited descriptors, no blocked or ignored signals.
void TestPipeProcess::childStartsClean()
{
    const int leaked = dup(STDERR_FILENO);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    Watched watched;
    watched.process.start(
        shell(u"ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status; exec sleep 60"_s));
    pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(watched.out.contains("SigIgn"), patience);
    close(leaked);
    QVERIFY2(watched.out.startsWith("0\n1\n2\n3\nSig"), watched.out.constData()); // 3 is the listing itself
    QVERIFY2(watched.out.contains("SigBlk:\t0000000000000000"), watched.out.constData());
    QVERIFY2(watched.out.contains("SigIgn:\t0000000000000000"), watched.out.constData());
    const auto entry = readProcEntry(static_cast<pid_t>(watched.process.pid()));
    QVERIFY(entry);
    QCOMPARE(entry->session, entry->pid);
    QCOMPARE(entry->group, entry->pid);
}

void TestPipeProcess::grandchildHoldingStdoutDoesNotHoldExit()
{
    Watched watched;
    watched.process.start(
        {.program = u"" MUSTER_TEST_DIR "/stubborn"_s, .args = {u"holder"_s, u"exit"_s}, .env = environment});
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.exit().code, 7);
    QVERIFY(watched.out.endsWith("ready\n"));
    const pid_t holder = watched.out.split('\n').first().mid(4).toInt();
    const auto entry = readProcEntry(holder);
    QVERIFY(entry && !entry->isDead());
    QVERIFY(signalExactly(holder, entry->startTicks, SIGKILL));
}

void TestPipeProcess::floodedByGrandchildStillExits()
{
    Watched watched;
    watched.process.start(shell(u"(exec yes) & echo $! >&2; exit 3"_s));
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.exit().code, 3);
    const qsizetype size = watched.out.size();
    // Our end is closed, so it ends by SIGPIPE.
    const pid_t flooder = watched.err.trimmed().toInt();
    QTRY_VERIFY_WITH_TIMEOUT(!readProcEntry(flooder) || readProcEntry(flooder)->isDead(), patience);
    QCOMPARE(watched.out.size(), size);
}

void TestPipeProcess::pausedReadsKeepMemoryBounded()
{
    PipeProcess process;
    qint64 received = 0;
    connect(&process, &PipeProcess::stdoutBytes, this, [&](const QByteArray &b) {
        received += b.size();
        process.setReadPaused(true);
    });
    process.start({.program = u"" MUSTER_TEST_DIR "/stubborn"_s, .args = {u"flood"_s}, .env = environment});
    QTRY_VERIFY_WITH_TIMEOUT(received > 0, patience);
    const qint64 before = residentKib();
    const qint64 atPause = received;
    // Let it run into the full pipe: it then sleeps in write.
    QTRY_COMPARE_WITH_TIMEOUT(readProcEntry(static_cast<pid_t>(process.pid()))->state, 'S', patience);
    QCOMPARE(received, atPause);
    for (int i = 0; i < 60; ++i) {
        const qint64 last = received;
        process.setReadPaused(false);
        QTRY_VERIFY_WITH_TIMEOUT(received > last, patience);
        QVERIFY(received - last <= 64 * 1024);
    }
    QVERIFY2(residentKib() - before < 8 * 1024, "grows with what was read");
}

void TestPipeProcess::pausedExitWaits()
{
    Watched watched;
    watched.process.setReadPaused(true);
    watched.process.start(shell(u"echo last words"_s));
    QVERIFY(watched.ended.wait(patience));
    QCOMPARE(watched.out, QByteArray());
    QCOMPARE(watched.exited.size(), 0);
    watched.process.setReadPaused(false);
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.out, QByteArray("last words\n"));
}

void TestPipeProcess::deletedWhileRunningIsKilled()
{
    auto watched = std::make_unique<Watched>();
    watched->process.start(shell(u"trap '' TERM; echo up; while :; do sleep 1; done"_s));
    QTRY_COMPARE_WITH_TIMEOUT(watched->out, QByteArray("up\n"), patience);
    const auto pid = static_cast<pid_t>(watched->process.pid());
    watched.reset();
    QTRY_VERIFY_WITH_TIMEOUT(!readProcEntry(pid), patience); // reaped as well
}

QTEST_GUILESS_MAIN(TestPipeProcess)
#include "tst_pipe_process.moc"
