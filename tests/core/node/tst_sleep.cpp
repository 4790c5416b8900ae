// The machine sleeps and wakes, and moves to another time zone, under a node: told at once where the system
// says so, over a bus of the test's own in place of the system's.
#include "core/system/wake_watch.h"
#include "tests/core/node/schedule_ground.h"
#include "tests/support/manual_clock.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QStandardPaths>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 hourMs = 3'600'000;

} // namespace

class TestSleep : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void onlyWakingIsTold();
    void schedulesAreLookedAtAtOnce();
    void anotherZoneMovesNothing();

private:
    static void settle();
    void tell(bool begins) const;

    QProcess m_daemon;
    QString m_address;
};

// A process knows but one system bus, and asks for it once.
void TestSleep::initTestCase()
{
    if (QStandardPaths::findExecutable(u"dbus-daemon"_s).isEmpty())
        QSKIP("dbus-daemon is not installed");
    m_daemon.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
    QVERIFY(m_daemon.waitForStarted());
    QVERIFY(waitFor([&] { return m_daemon.canReadLine(); }));
    m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
    QVERIFY(qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_address.toUtf8()));
}

void TestSleep::cleanupTestCase()
{
    m_daemon.terminate();
    (void)m_daemon.waitForFinished();
}

// The bus takes what one connection says in order: once it has answered, it knows what is listened for.
void TestSleep::settle()
{
    QVERIFY(QDBusConnection::systemBus().interface()->registeredServiceNames().isValid());
}

void TestSleep::tell(bool begins) const
{
    const QString name = u"logind"_s;
    {
        QDBusConnection bus = QDBusConnection::connectToBus(m_address, name);
        QVERIFY(bus.isConnected());
        QDBusMessage signal = QDBusMessage::createSignal(
            u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"PrepareForSleep"_s);
        signal << begins;
        QVERIFY(bus.send(signal));
    }
    QDBusConnection::disconnectFromBus(name);
}

void TestSleep::onlyWakingIsTold()
{
    WakeWatch watch;
    QSignalSpy woke(&watch, &WakeWatch::woke);
    QVERIFY(watch.start());
    settle();
    tell(true);
    tell(false);
    QVERIFY(woke.wait());
    QCOMPARE(woke.size(), 1);
}

// The wall clock has gone on and the monotonic one has not. Without a word the next pass is up to half a
// minute away.
void TestSleep::schedulesAreLookedAtAtOnce()
{
    ManualClock clock;
    ScheduleGround ground(&clock);
    const ScheduleId id = ground.make({.prompt = u"say hello"_s, .when = u"every 1h"_s});
    QVERIFY(waitFor([&] { return ground.show(id).schedule.nextAt > 0; }));
    settle();
    tell(true);
    clock.setNow(clock.nowMs() + 3 * hourMs + hourMs / 2);
    QElapsedTimer since;
    since.start();
    tell(false);
    QVERIFY(waitFor([&] { return !ground.show(id).firings.empty(); }));
    QVERIFY2(since.elapsed() < 20'000, qPrintable(QString::number(since.elapsed())));
    const ScheduleDetail detail = ground.show(id);
    QCOMPARE(detail.firings.size(), size_t{1}); // one stands for those that were slept through
    QCOMPARE(detail.firings.front().cause, FiringCause::CatchUp);
    QCOMPARE(detail.occurrences.size(), size_t{3});
}

// A schedule has the zone that it was made in; the next one is made where the machine is then.
void TestSleep::anotherZoneMovesNothing()
{
    const QByteArray before = qgetenv("TZ");
    const bool wasSet = qEnvironmentVariableIsSet("TZ");
    const auto back = qScopeGuard([&] {
        wasSet ? qputenv("TZ", before) : qunsetenv("TZ");
        tzset();
    });
    qputenv("TZ", "Europe/Berlin");
    tzset();
    ScheduleGround ground;
    const ScheduleId here = ground.make({.name = u"here"_s, .prompt = u"x"_s, .when = u"daily at 9"_s});
    QCOMPARE(ground.show(here).schedule.spec.zone, u"Europe/Berlin"_s);
    const std::vector<qint64> next = ground.show(here).next;
    qputenv("TZ", "Asia/Tokyo");
    tzset();
    const ScheduleId there = ground.make({.name = u"there"_s, .prompt = u"x"_s, .when = u"daily at 9"_s});
    QCOMPARE(ground.show(there).schedule.spec.zone, u"Asia/Tokyo"_s);
    ground.node.reopen();
    QCOMPARE(ground.show(here).next, next);
    QVERIFY(ground.show(there).next != next);
}

QTEST_GUILESS_MAIN(TestSleep)
#include "tst_sleep.moc"
