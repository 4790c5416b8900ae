// The machine sleeps and wakes, and moves to another time zone, under a node: told at once where the system
// says so; and is asked to stay awake. Over a bus of the test's own in place of the system's.
#include "core/system/stay_awake.h"
#include "core/system/wake_watch.h"
#include "tests/core/node/schedule_ground.h"
#include "tests/support/manual_clock.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QStandardPaths>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 hourMs = 3'600'000;

// What keeps the machine awake, as systemd-logind has it: a pipe for each wish, which ends with the other
// side.
class Logind final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public:
    explicit Logind(const QString &address)
        : m_bus(QDBusConnection::connectToBus(address, u"sleeper"_s))
    {
        if (!m_bus.registerObject(u"/org/freedesktop/login1"_s, this, QDBusConnection::ExportAllSlots) ||
            !m_bus.registerService(u"org.freedesktop.login1"_s))
            qFatal("no place on the bus");
    }
    ~Logind() override
    {
        release();
        m_bus.unregisterObject(u"/org/freedesktop/login1"_s); // the bus's own thread looks at it until then
        QDBusConnection::disconnectFromBus(u"sleeper"_s);
    }
    Q_DISABLE_COPY_MOVE(Logind)
    [[nodiscard]] QStringList asked() const { return m_asked; }
    [[nodiscard]] bool isHeld() const // nobody has closed the other end
    {
        pollfd end{.fd = m_end, .events = POLLIN, .revents = 0};
        return m_end >= 0 && poll(&end, 1, 0) == 0;
    }

public slots:
    // NOLINTNEXTLINE(readability-identifier-naming): as the bus calls it
    QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &who, const QString &,
                                    const QString &mode)
    {
        m_asked += what + u' ' + who + u' ' + mode;
        release();
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            qFatal("no pipe");
        m_end = ends[0];
        QDBusUnixFileDescriptor given(ends[1]); // a copy
        close(ends[1]);
        return given;
    }

private:
    void release()
    {
        if (m_end >= 0)
            close(std::exchange(m_end, -1));
    }

    QDBusConnection m_bus;
    QStringList m_asked;
    int m_end = -1;
};

} // namespace

class TestSleep : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void onlyWakingIsTold();
    void schedulesAreLookedAtAtOnce();
    void anotherZoneMovesNothing();
    void staysAwakeForAsLongAsItIsWanted();
    void staysAwakeWhileSomethingRuns();
    void batteriesOfOtherThingsDoNotCount();

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

void TestSleep::staysAwakeForAsLongAsItIsWanted()
{
    const Logind logind(m_address);
    AwakeRule rule = AwakeRule::Never;
    bool onBattery = false;
    StayAwake awake([&] { return rule; }, [&] { return onBattery; });
    awake.setAtWork(true);
    awake.setAtWork(false);
    rule = AwakeRule::Plugged;
    onBattery = true;
    awake.setAtWork(true);
    awake.setAtWork(false);
    settle();
    QCOMPARE(logind.asked(), QStringList());
    onBattery = false;
    awake.setAtWork(true);
    QVERIFY(waitFor([&] { return awake.isHeld(); }));
    QVERIFY(logind.isHeld());
    awake.setAtWork(false);
    QVERIFY(!awake.isHeld());
    QVERIFY(waitFor([&] { return !logind.isHeld(); }));
    rule = AwakeRule::Always;
    onBattery = true;
    awake.setAtWork(true);
    awake.setAtWork(false); // before it was answered
    QVERIFY(waitFor([&] { return logind.asked().size() == 2; }));
    QVERIFY(waitFor([&] { return !logind.isHeld(); }));
    QCOMPARE(logind.asked(), (QStringList{u"idle Muster block"_s, u"idle Muster block"_s}));
}

void TestSleep::staysAwakeWhileSomethingRuns()
{
    const Logind logind(m_address);
    ScheduleGround ground;
    QVERIFY(ground.node.submit(SetSetting{.key = u"machine.stay_awake"_s, .value = u"always"_s}));
    const ScheduleId id = ground.make({.prompt = u"@@stall:600 say hello"_s});
    QVERIFY(logind.asked().isEmpty());
    const FiringId firing = ground.fire(id);
    QVERIFY(waitFor([&] { return logind.isHeld(); }));
    const auto task = ground.show(id).firings.front().task;
    QVERIFY(ground.node.submit(CancelTask{.task = task}));
    QVERIFY(ground.ended(id, firing).completedAt > 0);
    QVERIFY(waitFor([&] { return !logind.isHeld(); }));
    QCOMPARE(logind.asked().size(), 1);
}

void TestSleep::batteriesOfOtherThingsDoNotCount()
{
    const QTemporaryDir folder;
    const auto put = [&](const QString &name, const QByteArray &text) {
        const QString path = folder.filePath(name);
        QFile file(path);
        return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
               file.write(text + '\n') > 0;
    };
    QVERIFY(!isOnBattery(folder.path()));
    QVERIFY(put(u"AC/type"_s, "Mains") && put(u"AC/online"_s, "0"));
    QVERIFY(put(u"mouse/type"_s, "Battery") && put(u"mouse/scope"_s, "Device") &&
            put(u"mouse/status"_s, "Discharging"));
    QVERIFY(put(u"BAT0/type"_s, "Battery") && put(u"BAT0/status"_s, "Charging"));
    QVERIFY(!isOnBattery(folder.path()));
    QVERIFY(put(u"BAT1/type"_s, "Battery") && put(u"BAT1/status"_s, "Discharging"));
    QVERIFY(isOnBattery(folder.path()));
    QVERIFY(!isOnBattery(folder.filePath(u"none"_s)));
}

QTEST_GUILESS_MAIN(TestSleep)
#include "tst_sleep.moc"
