// Each marker does what the README says; and the bundled project is in the resources.
#include "tests/core/demo_agent/acp_client.h"
#include "tests/core/demo_agent/fixture.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace muster::test;

class TestDemoMarkers : public QObject {
    Q_OBJECT

private slots:
    void init();
    void errors_data();
    void errors();
    void stallsUntilCancelled();
    void stallsForATime();
    void crashes_data();
    void crashes();
    void ignoresCancel();
    void floods();
    void counts();
    void writesABigLine();
    void writesGarbage();
    void writesBadUtf8();
    void loops();
    void loopsUntilCancelled();
    void asks();
    void effectsOnce();
    void failsOnlyOnce();
    void startsAStubbornChild();
    void slowsDown();
    void holdsTheDemoProject();

private:
    std::unique_ptr<TempRepo> m_repo;
    std::unique_ptr<QTemporaryDir> m_state;
    std::unique_ptr<AcpClient> m_client;
    QString m_session;
};

void TestDemoMarkers::init()
{
    m_client.reset();
    m_repo = std::make_unique<TempRepo>();
    m_repo->write(u"a.py"_s, "x = 1\n");
    m_state = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<AcpClient>(m_state->path());
    m_session = m_client->newSession(m_repo->path());
}

void TestDemoMarkers::errors_data()
{
    QTest::addColumn<QString>("marker");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("kind");
    QTest::newRow("rate limit") << u"@@ratelimit"_s << -32011 << u"rate_limited"_s;
    QTest::newRow("rate limit with time") << u"@@ratelimit:60"_s << -32011 << u"rate_limited"_s;
    QTest::newRow("not signed in") << u"@@autherr"_s << -32000 << u"auth_required"_s;
    QTest::newRow("failure") << u"@@fail"_s << -32603 << u"failed"_s;
}

void TestDemoMarkers::errors()
{
    QFETCH(QString, marker);
    QFETCH(int, code);
    QFETCH(QString, kind);
    const QJsonObject error =
        m_client->wait(m_client->startPrompt(m_session, u"hello "_s + marker)).value("error"_L1).toObject();
    QCOMPARE(error.value("code"_L1).toInt(), code);
    const QJsonObject data = error.value("data"_L1).toObject();
    QCOMPARE(data.value("kind"_L1).toString(), kind);
    QCOMPARE(data.contains("resetAt"_L1), marker.endsWith(u"60"_s));
    if (marker.endsWith(u"60"_s)) {
        const QDateTime reset = QDateTime::fromString(data.value("resetAt"_L1).toString(), Qt::ISODateWithMs);
        const qint64 seconds = QDateTime::currentDateTimeUtc().secsTo(reset);
        QVERIFY(seconds > 0 && seconds <= 60);
    }
    QCOMPARE(m_client->prompt(m_session, u"hello"_s), u"end_turn"_s);
}

void TestDemoMarkers::stallsUntilCancelled()
{
    const qint64 id = m_client->startPrompt(m_session, u"help @@stall"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_client->text().size() > 100, 20'000);
    m_client->cancel(m_session);
    QCOMPARE(m_client->wait(id).value("result"_L1).toObject().value("stopReason"_L1).toString(),
             u"cancelled"_s);
}

void TestDemoMarkers::stallsForATime()
{
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(m_client->prompt(m_session, u"help @@stall:1"_s), u"end_turn"_s);
    QVERIFY(timer.elapsed() >= 900);
}

void TestDemoMarkers::crashes_data()
{
    QTest::addColumn<QString>("marker");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    QTest::newRow("crash") << u"@@crash"_s << static_cast<int>(QProcess::NormalExit) << 1;
    QTest::newRow("crash with code") << u"@@crash:7"_s << static_cast<int>(QProcess::NormalExit) << 7;
    QTest::newRow("kill") << u"@@kill"_s << static_cast<int>(QProcess::CrashExit) << SIGKILL;
}

void TestDemoMarkers::crashes()
{
    QFETCH(QString, marker);
    QFETCH(int, status);
    QFETCH(int, code);
    m_client->startPrompt(m_session, u"help "_s + marker);
    QTRY_COMPARE_WITH_TIMEOUT(m_client->process().state(), QProcess::NotRunning, 20'000);
    QCOMPARE(static_cast<int>(m_client->process().exitStatus()), status);
    QCOMPARE(m_client->process().exitCode(), code);
    QVERIFY(m_client->text().startsWith("I am the demo agent"_L1));
    QVERIFY(!m_client->text().contains("make test"_L1));
}

void TestDemoMarkers::ignoresCancel()
{
    const qint64 id = m_client->startPrompt(m_session, u"help @@ignorecancel @@stall:1"_s);
    m_client->cancel(m_session);
    QCOMPARE(m_client->wait(id).value("result"_L1).toObject().value("stopReason"_L1).toString(),
             u"end_turn"_s);
}

void TestDemoMarkers::floods()
{
    QCOMPARE(m_client->prompt(m_session, u"@@flood:2"_s), u"end_turn"_s);
    QVERIFY(m_client->bytes() > 2 * 1024 * 1024);
    QCOMPARE(m_client->badLines(), 0);
}

void TestDemoMarkers::counts()
{
    QCOMPARE(m_client->prompt(m_session, u"@@slow:1 @@chunk:40 @@count:300"_s), u"end_turn"_s);
    QCOMPARE(m_client->badLines(), 0);
    const QStringList lines = m_client->text().split(u'\n');
    QVERIFY(lines.size() > 300);
    for (int i = 0; i < 300; ++i) {
        QCOMPARE(lines.at(i).section(u' ', 0, 0).toInt(), i + 1);
        QCOMPARE(lines.at(i).size(), 39);
    }
}

void TestDemoMarkers::writesABigLine()
{
    QCOMPARE(m_client->prompt(m_session, u"help @@bigline:3"_s), u"end_turn"_s);
    QVERIFY(m_client->longestLine() > 3 * 1024 * 1024);
    QVERIFY(m_client->text().startsWith("I am the demo agent"_L1));
}

void TestDemoMarkers::writesGarbage()
{
    QCOMPARE(m_client->prompt(m_session, u"help @@garbage"_s), u"end_turn"_s);
    QVERIFY(m_client->badLines() >= 4);
}

void TestDemoMarkers::writesBadUtf8()
{
    QCOMPARE(m_client->prompt(m_session, u"help @@badutf8"_s), u"end_turn"_s);
    QVERIFY2(m_client->badLines() == 1 || m_client->text().contains(QChar(0xfffd)),
             qPrintable(m_client->text().left(200)));
}

void TestDemoMarkers::loops()
{
    QCOMPARE(m_client->prompt(m_session, u"help @@loop:7"_s), u"end_turn"_s);
    QCOMPARE(m_client->updates(u"tool_call"_s).size(), 7);
}

void TestDemoMarkers::loopsUntilCancelled()
{
    const qint64 id = m_client->startPrompt(m_session, u"@@loop"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_client->updates(u"tool_call"_s).size() > 20, 20'000);
    m_client->cancel(m_session);
    QCOMPARE(m_client->wait(id).value("result"_L1).toObject().value("stopReason"_L1).toString(),
             u"cancelled"_s);
}

void TestDemoMarkers::asks()
{
    QCOMPARE(m_client->prompt(m_session, u"@@ask"_s), u"end_turn"_s);
    QCOMPARE(m_client->asked()
                 .first()
                 .value("toolCall"_L1)
                 .toObject()
                 .value("rawInput"_L1)
                 .toObject()
                 .value("command"_L1)
                 .toString(),
             u"touch asked.txt"_s);
    QVERIFY(QFile::exists(m_repo->file(u"asked.txt"_s)));
}

void TestDemoMarkers::effectsOnce()
{
    const QTemporaryDir elsewhere;
    const QString far = elsewhere.filePath(u"log"_s);
    m_client->prompt(m_session, u"@@effect:log:one line\n@@effect:"_s + far + u":two"_s);
    QCOMPARE(m_client->asked().size(), 2);
    QCOMPARE(m_repo->read(u"log"_s), "one line\n"_ba);
    m_client->prompt(m_session, u"@@effect:log:more"_s);
    QCOMPARE(m_repo->read(u"log"_s), "one line\nmore\n"_ba);
    QFile file(far);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "two\n"_ba);
    m_client->permission = u"reject_once"_s;
    m_client->prompt(m_session, u"@@effect:log:never"_s);
    QCOMPARE(m_repo->read(u"log"_s), "one line\nmore\n"_ba);
    m_client->prompt(m_session, u"@@effect:/etc/muster-never:x"_s);
    QVERIFY(m_client->asked().isEmpty());
}

void TestDemoMarkers::failsOnlyOnce()
{
    QCOMPARE(m_client->prompt(m_session, u"help @@once:first:fail"_s), u"error"_s);
    QCOMPARE(m_client->prompt(m_session, u"help @@once:first:fail"_s), u"end_turn"_s);
}

void TestDemoMarkers::startsAStubbornChild()
{
    QCOMPARE(m_client->prompt(m_session, u"@@child:54321"_s), u"end_turn"_s);
    const auto find = [] {
        const QStringList processes = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &process : processes) {
            QFile line(u"/proc/"_s + process + u"/cmdline"_s);
            if (line.open(QIODevice::ReadOnly) && line.readAll().startsWith(QByteArray("sleep\0"
                                                                                       "54321",
                                                                                       11)))
                return process.toInt();
        }
        return 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(find() != 0, 20'000);
    const int pid = find();
    ::kill(pid, SIGTERM);
    m_client->process().closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(m_client->process().state(), QProcess::NotRunning, 20'000);
    QCOMPARE(find(), pid);
    ::kill(pid, SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(find(), 0, 20'000);
}

void TestDemoMarkers::slowsDown()
{
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(m_client->prompt(m_session, u"continue @@slow:100 @@chunk:20"_s), u"end_turn"_s);
    QVERIFY(timer.elapsed() >= 200);
}

void TestDemoMarkers::holdsTheDemoProject()
{
    QFile readme(u":/demo/README.md"_s);
    QVERIFY(readme.open(QIODevice::ReadOnly));
    QVERIFY(readme.readAll().startsWith("# Larder"));
    QVERIFY(QFile::exists(u":/demo/dot-gitignore"_s));
    QVERIFY(QFile::exists(u":/demo/web/test/format.test.js"_s));
}

QTEST_GUILESS_MAIN(TestDemoMarkers)
#include "tst_demo_markers.moc"
