// A session bus and a real gnome-keyring on it, in folders of their own, for tests of what is kept in the
// system's keychain. Nothing is started by the bus itself, so what is not asked for is not there.
#pragma once

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

namespace muster::testing {

class KeyringSession {
public:
    enum class State { Unlocked, NoService, NoBus };

    // Empty, or what is missing to run one.
    [[nodiscard]] static QString missing()
    {
        for (const char *program : {"gnome-keyring-daemon", "dbus-daemon"}) {
            if (QStandardPaths::findExecutable(QLatin1StringView(program)).isEmpty())
                return QLatin1StringView(program) +
                       QStringLiteral(" is not installed: “installer/bootstrap deps test” installs it");
        }
        return {};
    }

    explicit KeyringSession(State state)
        : m_environment(QProcessEnvironment::systemEnvironment())
    {
        for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"})
            m_environment.remove(QLatin1StringView(name));
        setFolder(QStringLiteral("HOME"), QStringLiteral("."));
        setFolder(QStringLiteral("XDG_RUNTIME_DIR"), QStringLiteral("run"));
        setFolder(QStringLiteral("XDG_DATA_HOME"), QStringLiteral("share"));
        setFolder(QStringLiteral("XDG_CONFIG_HOME"), QStringLiteral("config"));
        setFolder(QStringLiteral("XDG_CACHE_HOME"), QStringLiteral("cache"));
        if (state == State::NoBus)
            m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                                 QStringLiteral("unix:path=") + m_folder.filePath(QStringLiteral("none")));
        else
            startBus();
        if (state == State::Unlocked)
            startKeyring("right");
    }
    ~KeyringSession()
    {
        end(m_keyring);
        end(m_bus);
    }
    Q_DISABLE_COPY_MOVE(KeyringSession)

    // As after a new login.
    void restart() { startAgain("right"); }
    // The same with another password than the keyring was made with.
    void lock() { startAgain("wrong"); }

    // It is there and answers nothing any more.
    void freeze() const { ::kill(static_cast<pid_t>(m_keyring->processId()), SIGSTOP); }

    [[nodiscard]] const QProcessEnvironment &environment() const { return m_environment; }

    // For what runs in this process; once, before anything looks for the bus.
    void useHere() const
    {
        for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY"})
            qunsetenv(name);
        for (const char *name : {"DBUS_SESSION_BUS_ADDRESS", "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME",
                                 "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
            qputenv(name, m_environment.value(QLatin1StringView(name)).toLocal8Bit());
    }

    // Everything that the keyring has written, to be searched.
    [[nodiscard]] QString folder() const { return m_folder.path(); }

private:
    void setFolder(const QString &variable, const QString &name)
    {
        const QString path = QDir::cleanPath(m_folder.filePath(name));
        QDir().mkpath(path);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        m_environment.insert(variable, path);
    }

    void startBus()
    {
        QFile config(m_folder.filePath(QStringLiteral("bus.conf")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(
            "<busconfig><type>session</type><listen>unix:dir=" +
            QFile::encodeName(m_environment.value(QStringLiteral("XDG_RUNTIME_DIR"))) +
            "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow send_destination=\"*\" "
            "eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
        config.close();
        m_bus = start(QStringLiteral("dbus-daemon"),
                      {QStringLiteral("--nofork"), QStringLiteral("--print-address=1"),
                       QStringLiteral("--config-file=") + config.fileName()});
        QTRY_VERIFY_WITH_TIMEOUT(m_bus->canReadLine(), 30'000);
        m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                             QString::fromLocal8Bit(m_bus->readLine().trimmed()));
    }

    void startAgain(const QByteArray &password)
    {
        end(m_keyring);
        startKeyring(password);
    }

    void startKeyring(const QByteArray &password)
    {
        m_keyring = start(QStringLiteral("gnome-keyring-daemon"),
                          {QStringLiteral("--foreground"), QStringLiteral("--unlock"),
                           QStringLiteral("--components=secrets")});
        m_keyring->write(password);
        m_keyring->closeWriteChannel();
        const QString name = QStringLiteral("keyring-test");
        {
            const QDBusConnection bus = QDBusConnection::connectToBus(
                m_environment.value(QStringLiteral("DBUS_SESSION_BUS_ADDRESS")), name);
            QTRY_VERIFY_WITH_TIMEOUT(
                bus.interface()->isServiceRegistered(QStringLiteral("org.freedesktop.secrets")).value(),
                30'000);
        }
        QDBusConnection::disconnectFromBus(name);
    }

    [[nodiscard]] std::unique_ptr<QProcess> start(const QString &program, const QStringList &arguments) const
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(m_environment);
        process->setStandardErrorFile(QProcess::nullDevice());
        process->start(program, arguments);
        return process;
    }

    static void end(std::unique_ptr<QProcess> &process)
    {
        if (!process)
            return;
        ::kill(static_cast<pid_t>(process->processId()), SIGCONT);
        process->terminate();
        if (!process->waitForFinished(10'000))
            process->kill();
        process->waitForFinished(10'000);
        process.reset();
    }

    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    std::unique_ptr<QProcess> m_bus;
    std::unique_ptr<QProcess> m_keyring;
};

} // namespace muster::testing
