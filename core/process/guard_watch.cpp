#include "core/process/guard_watch.h"

#include "core/process/guard_layout.h"
#include "core/process/proc_table.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>

#include <sys/wait.h>
#include <unistd.h>

namespace muster {

using namespace Qt::StringLiterals;

namespace {
constexpr int lookEveryMs = 50;
constexpr qint64 readAtOnce = 256 * 1024;
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
    return GuardResult{.end = *end,
                       .code = json.value(u"code").toInt(),
                       .signal = json.value(u"signal").toInt(),
                       .startedMs = json.value(u"started").toInteger(),
                       .endedMs = json.value(u"ended").toInteger(),
                       .outputBytes = json.value(u"output_bytes").toInteger(),
                       .cutBytes = json.value(u"cut_bytes").toInteger(),
                       .survivors = json.value(u"survivors").toInt()};
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
    const auto pid = readGuardPid(m_folder);
    if (!pid)
        return; // the look finds that there is none
    m_guard = *pid;
    m_pidfd = openPidfd(static_cast<pid_t>(m_guard.pid));
    if (m_pidfd < 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(m_pidfd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &GuardWatch::look);
}

void GuardWatch::look()
{
    if (m_ended)
        return;
    readOutput();
    if (m_guard.pid > 0 && isAlive(m_guard))
        return;
    m_ended = true;
    m_timer.stop();
    m_notifier.reset();
    if (m_guard.pid > 0)
        waitpid(static_cast<pid_t>(m_guard.pid), nullptr,
                WNOHANG); // it may have become our child (subreaper)
    readOutput();
    emit ended();
}

void GuardWatch::readOutput()
{
    QFile file(m_folder + u'/' + QLatin1StringView(guard::outputFile));
    if (!file.open(QIODevice::ReadOnly) || !file.seek(m_offset))
        return;
    while (true) {
        const QByteArray bytes = file.read(readAtOnce);
        if (bytes.isEmpty())
            return;
        m_offset += bytes.size();
        emit output(bytes);
    }
}

} // namespace muster
