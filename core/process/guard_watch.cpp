#include "core/process/guard_watch.h"

#include "core/process/guard_layout.h"
#include "core/process/proc_table.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSocketNotifier>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace muster {

using namespace Qt::StringLiterals;

namespace {
constexpr int lookEveryMs = 50; // also without a pidfd the end is noticed
constexpr qint64 chunkBytes = qint64{64} * 1024;
constexpr int chunksPerLook = 16; // then others on this event loop get theirs
constexpr int looksWithoutPid =
    100; // a guard that took the key writes its pid within a few syncs of the disk
} // namespace

std::optional<ProcessIdentity> readGuardPid(const QString &folder)
{
    QFile file(folder + u'/' + QLatin1StringView(guard::pidFile));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QList<QByteArray> parts = file.readAll().trimmed().split(' ');
    if (parts.size() != 3)
        return std::nullopt;
    return ProcessIdentity{.bootId = QString::fromLatin1(parts.at(2)),
                           .pid = parts.at(0).toLongLong(),
                           .startTicks = parts.at(1).toULongLong()};
}

std::optional<GuardResult> readGuardResult(const QString &folder)
{
    QFile file(folder + u'/' + QLatin1StringView(guard::resultFile));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    const auto end = enumFromName<GuardEnd>(json.value(u"end").toString());
    if (!end)
        return std::nullopt;
    QList<qint64> survivors;
    const QJsonArray pids = json.value(u"survivors").toArray();
    for (const QJsonValue pid : pids)
        survivors += pid.toInteger();
    return GuardResult{.end = *end,
                       .code = json.value(u"code").toInt(),
                       .signal = json.value(u"signal").toInt(),
                       .startedMs = json.value(u"started").toInteger(),
                       .endedMs = json.value(u"ended").toInteger(),
                       .outputBytes = json.value(u"output_bytes").toInteger(),
                       .cutBytes = json.value(u"cut_bytes").toInteger(),
                       .survivors = survivors};
}

GuardWatch::GuardWatch(QString key, QString folder, qint64 outputOffset, QObject *parent)
    : QObject(parent)
    , m_key(std::move(key))
    , m_folder(std::move(folder))
    , m_offset(outputOffset)
{
    connect(&m_timer, &QTimer::timeout, this, &GuardWatch::look);
}

GuardWatch::~GuardWatch()
{
    m_notifier.reset();
    if (m_pidfd >= 0)
        close(m_pidfd);
}

void GuardWatch::begin()
{
    m_timer.start(lookEveryMs);
    identify();
}

// Another guard may have taken the key just now and not yet said who it is: it is looked for again.
void GuardWatch::identify()
{
    const auto pid = readGuardPid(m_folder);
    if (!pid)
        return;
    m_guard = *pid;
    if (m_stopWanted)
        signalProcess(m_guard, SIGTERM);
    m_pidfd = openPidfd(static_cast<pid_t>(m_guard.pid));
    if (m_pidfd < 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(m_pidfd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        m_notifier->setEnabled(false); // it stays readable; one look is enough
        m_timer.start(0);
    });
}

void GuardWatch::stop()
{
    m_stopWanted = true;
    if (m_guard.pid > 0)
        signalProcess(m_guard, SIGTERM);
}

void GuardWatch::look()
{
    if (m_ended)
        return;
    if (m_guard.pid == 0) {
        identify();
        if (m_guard.pid == 0 && ++m_looksInVain < looksWithoutPid)
            return;
    }
    const bool alive = m_guard.pid > 0 && isAlive(m_guard);
    // Looked at before reading, so that what a dead guard left is complete.
    const QPointer<GuardWatch> self(this);
    const bool readAll = readOutput();
    if (!self)
        return;
    if (alive || !readAll) {
        m_timer.setInterval(alive ? lookEveryMs : 0);
        return;
    }
    m_ended = true;
    m_timer.stop();
    m_notifier.reset();
    if (m_guard.pid > 0) // it re-parented to us if we are a subreaper
        waitpid(static_cast<pid_t>(m_guard.pid), nullptr, WNOHANG);
    emit ended();
}

// False if there is more than one turn takes.
bool GuardWatch::readOutput()
{
    QFile file(m_folder + u'/' + QLatin1StringView(guard::outputFile));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered) || !file.seek(m_offset))
        return true;
    const QPointer<GuardWatch> self(this);
    for (int i = 0; i < chunksPerLook; ++i) {
        const QByteArray bytes = file.read(chunkBytes);
        if (bytes.isEmpty())
            return true;
        m_offset += bytes.size();
        emit output(bytes);
        if (!self)
            return false;
    }
    return false;
}

} // namespace muster
