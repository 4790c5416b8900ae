// A program on a pseudo-terminal: it has a controlling terminal, sees its size, can be paused and hung up.
#include "core/process/proc_table.h"
#include "core/process/pty_process.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20000;
const QStringList environment{u"PATH=/usr/bin:/bin"_s, u"TERM=xterm"_s};

struct Watched {
    PtyProcess process;
    QByteArray out;
    QSignalSpy failed{&process, &PtyProcess::failedToStart};
    QSignalSpy exited{&process, &PtyProcess::exited};

    Watched()
    {
        QObject::connect(&process, &PtyProcess::bytes, [this](const QByteArray &b) { out += b; });
    }
    void sh(const QString &command, TerminalSize size = {})
    {
        process.start({.program = u"sh"_s, .args = {u"-c"_s, command}, .env = environment}, size);
    }
};

} // namespace

class TestPtyProcess : public QObject {
    Q_OBJECT
private slots:
    void sizeIsSeen();
    void resizeIsSeenAndSignalled();
    void hasControllingTerminal();
    void outputComesBeforeExit();
    void inputIsTyped();
    void interruptKeyInterrupts();
    void pausedReadsHoldTheProgram();
    void hangUpEndsIt();
    void failsLikePipes();
};

void TestPtyProcess::sizeIsSeen()
{
    Watched watched;
    watched.sh(u"stty size"_s, {.rows = 26, .columns = 99});
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.out, QByteArray("26 99\r\n"));
}

void TestPtyProcess::resizeIsSeenAndSignalled()
{
    Watched watched;
    watched.sh(u"trap 'stty size; exit 4' WINCH; echo up; while :; do sleep 0.1; done"_s);
    QTRY_COMPARE_WITH_TIMEOUT(watched.out, QByteArray("up\r\n"), patience);
    watched.process.resize({.rows = 33, .columns = 124});
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.out, QByteArray("up\r\n33 124\r\n"));
    QCOMPARE(watched.exited.at(0).at(0).value<ExitInfo>().code, 4);
}

void TestPtyProcess::hasControllingTerminal()
{
    Watched watched;
    watched.sh(u"tty >/dev/null && echo yes > /dev/tty"_s);
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.out, QByteArray("yes\r\n"));
}

void TestPtyProcess::outputComesBeforeExit()
{
    Watched watched;
    watched.sh(u"stty -opost; head -c 1000000 /dev/zero"_s);
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.out.size(), 1000000);
}

void TestPtyProcess::inputIsTyped()
{
    Watched watched;
    watched.sh(u"stty -echo; echo up; read line; echo \"got $line\""_s);
    QTRY_COMPARE_WITH_TIMEOUT(watched.out, QByteArray("up\r\n"), patience);
    QVERIFY(watched.process.write("some words\r"));
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.out, QByteArray("up\r\ngot some words\r\n"));
    QVERIFY(!watched.process.write("late"));
}

void TestPtyProcess::interruptKeyInterrupts()
{
    Watched watched;
    watched.sh(u"echo up; exec sleep 60"_s);
    QTRY_COMPARE_WITH_TIMEOUT(watched.out, QByteArray("up\r\n"), patience);
    QVERIFY(watched.process.write("\x03"));
    QVERIFY(watched.exited.wait(patience));
    QCOMPARE(watched.exited.at(0).at(0).value<ExitInfo>().signal, SIGINT);
}

void TestPtyProcess::pausedReadsHoldTheProgram()
{
    Watched watched;
    watched.process.setReadPaused(true);
    watched.process.start({.program = u"yes"_s, .env = environment});
    QTRY_VERIFY_WITH_TIMEOUT(readProcEntry(static_cast<pid_t>(watched.process.pid()))->state == 'S',
                             patience);
    QCOMPARE(watched.out.size(), 0);
    watched.process.setReadPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(watched.out.size() > 100000, patience);
}

void TestPtyProcess::hangUpEndsIt()
{
    Watched watched;
    watched.sh(u"echo up; while :; do sleep 0.1; done"_s);
    QTRY_COMPARE_WITH_TIMEOUT(watched.out, QByteArray("up\r\n"), patience);
    watched.process.hangUp();
    QVERIFY(watched.exited.wait(patience));
    QVERIFY(watched.exited.at(0).at(0).value<ExitInfo>().crashed);
}

void TestPtyProcess::failsLikePipes()
{
    Watched watched;
    watched.process.start({.program = u"no-such-shell"_s, .env = environment});
    QVERIFY(watched.failed.wait(patience));
    QCOMPARE(watched.failed.at(0).at(0).value<Error>().where, u"not_found"_s);
}

QTEST_GUILESS_MAIN(TestPtyProcess)
#include "tst_pty_process.moc"
