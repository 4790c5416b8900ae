// A real shell in a real terminal widget through the filter: sizes follow, hostile output does nothing,
// pastes cannot run, a flood never holds the window up.
#include "app/terminal/pty_channel.h"
#include "ui/docks/terminal/terminal_view.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFile>
#include <QMessageBox>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <qtermwidget.h>

#include <unistd.h>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTerminal : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void runsAShellInTheFolder();
    void sizeFollowsTheWidget();
    void hostileResizeDoesNothing();
    void pasteCannotLeaveItsBracket();
    void pasteOfSeveralLinesAsks();
    void widgetsOwnPasteIsCleaned_data();
    void widgetsOwnPasteIsCleaned();
    void floodLeavesTheWindowAlive();
    void endOfTheShellIsTold();
    void closingEndsBackgroundJobs_data();
    void closingEndsBackgroundJobs();

private:
    [[nodiscard]] QString run(TerminalView &view, const QString &command, const QString &file);

    PtyTerminalHost m_host;
    QTemporaryDir m_dir;
};

void TestTerminal::initTestCase()
{
    QVERIFY(m_dir.isValid());
    qputenv("SHELL", "/bin/bash");
    qputenv("HOME", m_dir.path().toUtf8());
    qputenv("PS1", "> ");
    qputenv("HISTFILE", "/dev/null");
}

namespace {

void type(TerminalView &view, const QString &text) { view.findChild<QTermWidget *>()->sendText(text); }

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

// Runs a command in the shell and gives what it wrote to `file`.
QString TestTerminal::run(TerminalView &view, const QString &command, const QString &file)
{
    const QString path = m_dir.filePath(file);
    type(view, command % u" > "_s % path % u".part && mv "_s % path % u".part "_s % path % u'\r');
    if (!QTest::qWaitFor([&] { return QFile::exists(path); }, 20000))
        return u"(nothing)"_s;
    return QString::fromUtf8(contentOf(path)).trimmed();
}

void TestTerminal::runsAShellInTheFolder()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
    QCOMPARE(run(view, u"pwd"_s, u"pwd"_s), m_dir.path());
    QCOMPARE(run(view, u"echo $TERM"_s, u"term"_s), u"xterm-256color"_s);
}

void TestTerminal::sizeFollowsTheWidget()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
    auto *terminal = view.findChild<QTermWidget *>();
    const auto size = [&] {
        return u"%1 %2"_s.arg(terminal->screenLinesCount()).arg(terminal->screenColumnsCount());
    };
    QCOMPARE(run(view, u"stty size"_s, u"size1"_s), size());
    const QString before = size();
    view.resize(500, 250);
    QTRY_VERIFY(size() != before);
    // The size is sent a moment after the last resize.
    int asked = 0;
    QTRY_COMPARE_WITH_TIMEOUT(run(view, u"stty size"_s, u"again%1"_s.arg(++asked)), size(), 20000);
}

void TestTerminal::hostileResizeDoesNothing()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
    auto *terminal = view.findChild<QTermWidget *>();
    const int lines = terminal->screenLinesCount();
    const int columns = terminal->screenColumnsCount();
    QCOMPARE(run(view, u"printf '\\e[8;30000;30000t\\e[?3h\\e]0;owned\\a'; echo done"_s, u"resize"_s),
             u"done"_s);
    type(view, u"printf '\\e[8;30000;30000t\\e[?3h\\e]0;owned\\a'\r"_s);
    QCOMPARE(run(view, u"echo alive"_s, u"alive"_s), u"alive"_s);
    QCOMPARE(terminal->screenLinesCount(), lines);
    QCOMPARE(terminal->screenColumnsCount(), columns);
    QVERIFY(terminal->title() != u"owned"_s);
}

void TestTerminal::pasteCannotLeaveItsBracket()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
    const QString owned = m_dir.filePath(u"owned"_s);
    view.pasteText(u"echo safe\x1b[201~\x15touch "_s % owned);
    QCOMPARE(run(view, u"\x15 echo ok"_s, u"after"_s), u"ok"_s);
    QVERIFY(!QFile::exists(owned));
    QVERIFY(view.findChildren<QMessageBox *>().isEmpty());
}

void TestTerminal::pasteOfSeveralLinesAsks()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
    const QString first = m_dir.filePath(u"line"_s);
    QTest::ignoreMessage(QtWarningMsg,
                         "This plugin does not support propagateSizeHints()"); // offscreen says so
    view.pasteText(u"touch "_s % first % u"\ntouch "_s % first % u"2\n"_s);
    auto *box = view.findChild<QMessageBox *>();
    QVERIFY(box);
    QVERIFY(box->informativeText().contains(first));
    QCOMPARE(run(view, u"echo ok"_s, u"asked"_s), u"ok"_s);
    QVERIFY(!QFile::exists(first));
    // Answered with yes it is typed.
    const QList<QAbstractButton *> buttons = box->buttons();
    for (QAbstractButton *button : buttons) {
        if (box->buttonRole(button) == QMessageBox::AcceptRole)
            button->click();
    }
    type(view, u"\r"_s);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(first + u'2'), 20000);
}

void TestTerminal::widgetsOwnPasteIsCleaned_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("key") << QByteArray("a") << QByteArray("a");
    QTest::newRow("arrow") << QByteArray("\x1b[A") << QByteArray("\x1b[A");
    QTest::newRow("bracket") << QByteArray("\x1b[200~ls\x1b[201~") << QByteArray("\x1b[200~ls\x1b[201~");
    QTest::newRow("bracket left") << QByteArray("\x1b[200~a\x1b[201~\rrm\r\x1b[201~")
                                  << QByteArray("\x1b[200~a[201~\rrm\r\x1b[201~");
    QTest::newRow("end alone") << QByteArray("a\x1b[201~b") << QByteArray("ab");
}

void TestTerminal::widgetsOwnPasteIsCleaned()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, sent);
    QCOMPARE(cleanTyped(typed), sent);
}

void TestTerminal::floodLeavesTheWindowAlive()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);

    QElapsedTimer lap;
    qint64 worst = 0;
    qint64 beats = 0;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    beat.setInterval(10);
    connect(&beat, &QTimer::timeout, this, [&] {
        worst = std::max(worst, lap.restart() - 10);
        ++beats;
    });
    const QString done = m_dir.filePath(u"flooded"_s);
    QElapsedTimer whole;
    whole.start();
    lap.start();
    beat.start();
    // 100 with MUSTER_FLOOD_MIB=100; the usual run only has to show that the window goes on.
    const int mebibytes = qEnvironmentVariableIntValue("MUSTER_FLOOD_MIB")
                              ? qEnvironmentVariableIntValue("MUSTER_FLOOD_MIB")
                              : 16;
    type(view, u"yes 0123456789012345678901234567890123456789 | head -c %1M; touch %2\r"_s.arg(mebibytes).arg(
                   done));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(done), 100000);
    qInfo("%d MiB in %lld ms, %lld beats of a 10 ms timer, the latest %lld ms late", mebibytes,
          whole.elapsed(), beats, worst);
    QVERIFY(beats > 5);
    QCOMPARE(run(view, u"echo alive"_s, u"after-flood"_s), u"alive"_s);
}

void TestTerminal::endOfTheShellIsTold()
{
    TerminalView view(m_host.factory(), m_dir.path());
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
    QTest::ignoreMessage(QtWarningMsg,
                         "This plugin does not support propagateSizeHints()"); // offscreen says so
    QSignalSpy ended(&view, &TerminalView::ended);
    type(view, u"exit 7\r"_s);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20000);
    QVERIFY(!view.isRunning());
    type(view, u"echo nobody\r"_s); // goes nowhere, harms nothing
}

void TestTerminal::closingEndsBackgroundJobs_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("name");
    QTest::newRow("background") << u"sleep 601 &"_s << u"sleep 601"_s;
    QTest::newRow("foreground") << u"sleep 602"_s << u"sleep 602"_s;
    QTest::newRow("deaf") << u"nohup sleep 603 >/dev/null 2>&1 &"_s << u"sleep 603"_s;
    QTest::newRow("own session") << u"setsid -w sleep 604 &"_s << u"sleep 604"_s;
    QTest::newRow("shell ended") << u"(trap '' HUP; exec sleep 605) & sleep 1; exit"_s << u"sleep 605"_s;
}

void TestTerminal::closingEndsBackgroundJobs()
{
    QFETCH(const QString, command);
    QFETCH(const QString, name);
    if (command.endsWith("exit"_L1)) // the notice of the end; offscreen says so
        QTest::ignoreMessage(QtWarningMsg, "This plugin does not support propagateSizeHints()");
    const auto runs = [&] {
        QProcess look; // what it finds is not printed
        look.start(u"pgrep"_s, {u"-u"_s, QString::number(getuid()), u"-xf"_s, name});
        return look.waitForFinished() && look.exitCode() == 0;
    };
    {
        TerminalView view(m_host.factory(), m_dir.path());
        view.resize(800, 400);
        view.show();
        QTRY_VERIFY_WITH_TIMEOUT(view.isRunning(), 20000);
        QTRY_VERIFY(view.programs().isEmpty());
        type(view, command % u'\r');
        QTRY_VERIFY_WITH_TIMEOUT(view.programs().join(u' ').contains(name), 20000);
        if (command.endsWith("exit"_L1))
            QTRY_VERIFY_WITH_TIMEOUT(!view.isRunning(), 20000);
        QVERIFY(runs());
        QVERIFY(view.programs().join(u' ').contains(name));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!runs(), 20000);
}

QTEST_MAIN(TestTerminal)
#include "tst_terminal.moc"
