// A process is its boot, pid and start time; a lease owner is proven dead or it is not.
#include "core/process/proc_table.h"
#include "core/process/process_identity.h"

#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace muster;
using namespace Qt::StringLiterals;

class TestProcessIdentity : public QObject {
    Q_OBJECT
private slots:
    void ownIsAlive();
    void anotherStartTimeIsAnotherProcess();
    void zombieIsDead();
    void ownerRoundTrips();
    void provenDead_data();
    void provenDead();
    void brokenOwners_data();
    void brokenOwners();
    void statLines_data();
    void statLines();
};

void TestProcessIdentity::ownIsAlive()
{
    QCOMPARE(ownIdentity().pid, getpid());
    QVERIFY(ownIdentity().startTicks > 0);
    QVERIFY(!ownIdentity().bootId.isEmpty());
    QVERIFY(isAlive(ownIdentity()));
}

void TestProcessIdentity::anotherStartTimeIsAnotherProcess()
{
    ProcessIdentity other = ownIdentity();
    other.startTicks += 1;
    QVERIFY(!isAlive(other));
    QVERIFY(!signalProcess(other, SIGKILL));
    ProcessIdentity earlierBoot = ownIdentity();
    earlierBoot.bootId = u"other"_s;
    QVERIFY(!isAlive(earlierBoot));
    QVERIFY(!signalProcess(earlierBoot, SIGKILL));
}

void TestProcessIdentity::zombieIsDead()
{
    const pid_t pid = fork();
    if (pid == 0)
        pause();
    const auto identity = identityOf(pid);
    QVERIFY(identity);
    QVERIFY(isAlive(*identity));
    QVERIFY(signalProcess(*identity, SIGKILL));
    QTRY_VERIFY(!isAlive(*identity)); // not reaped yet
    QCOMPARE(waitpid(pid, nullptr, 0), pid);
    QVERIFY(!identityOf(pid));
}

void TestProcessIdentity::ownerRoundTrips()
{
    const auto parsed = parseOwner(ownerText());
    QVERIFY(parsed);
    QCOMPARE(parsed->machine, machineId());
    QVERIFY(parsed->process == ownIdentity());
}

void TestProcessIdentity::provenDead_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<bool>("dead");
    const ProcessIdentity own = ownIdentity();
    const auto text = [](const QString &machine, const QString &boot, qint64 pid, quint64 start) {
        return ownerText({.machine = machine, .process = {.bootId = boot, .pid = pid, .startTicks = start}});
    };
    QTest::newRow("this process") << ownerText() << false;
    QTest::newRow("start differs") << text(machineId(), own.bootId, own.pid, own.startTicks + 1) << true;
    QTest::newRow("no such pid") << text(machineId(), own.bootId, 1 << 30, 1) << true;
    QTest::newRow("other boot") << text(machineId(), u"earlier"_s, own.pid, own.startTicks) << true;
    QTest::newRow("other machine") << text(u"elsewhere"_s, u"earlier"_s, 1 << 30, 1) << false;
    QTest::newRow("unreadable") << u"who knows"_s << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("no boot") << text(machineId(), {}, 1 << 30, 1) << false;
}

void TestProcessIdentity::provenDead()
{
    QFETCH(QString, owner);
    QFETCH(bool, dead);
    QCOMPARE(isProvenDead(owner), dead);
}

void TestProcessIdentity::brokenOwners_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "a/b/c", "a/b/1/2/3", "a/b/x/2", "a/b/1/y", "a/b/0/2", "a/b/-1/2", "/b/1/2"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestProcessIdentity::brokenOwners()
{
    QFETCH(QString, text);
    const auto parsed = parseOwner(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
}

void TestProcessIdentity::statLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("valid");
    const QByteArray tail = " S 5 6 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9\n";
    QTest::newRow("plain") << QByteArray("42 (sh)" + tail) << true;
    QTest::newRow("parentheses") << QByteArray("42 (a) R 1 (b)" + tail) << true;
    QTest::newRow("newline") << QByteArray("42 (a\nb )" + tail) << true;
    QTest::newRow("cut") << QByteArray("42 (sh) S 5 6 7 0") << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void TestProcessIdentity::statLines()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, valid);
    const auto entry = parseStat(std::string_view(line.constData(), static_cast<std::size_t>(line.size())));
    QCOMPARE(entry.has_value(), valid);
    if (!valid)
        return;
    QCOMPARE(entry->pid, 42);
    QCOMPARE(entry->state, 'S');
    QCOMPARE(entry->parent, 5);
    QCOMPARE(entry->group, 6);
    QCOMPARE(entry->session, 7);
    QCOMPARE(entry->startTicks, std::uint64_t{4711});
}

QTEST_GUILESS_MAIN(TestProcessIdentity)
#include "tst_process_identity.moc"
