#include "app/demo_agent/serve/command.h"

#include <QElapsedTimer>
#include <QProcess>

#include <sys/types.h>

#include <csignal>
#include <mutex>
#include <set>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

std::mutex groupsLock;
std::set<pid_t> groups;

void endGroup(pid_t group, int signal)
{
    if (group > 1)
        ::kill(-group, signal);
}

class GroupEntry {
public:
    explicit GroupEntry(pid_t group)
        : m_group(group)
    {
        const std::scoped_lock lock(groupsLock);
        groups.insert(group);
    }
    GroupEntry(const GroupEntry &) = delete;
    GroupEntry &operator=(const GroupEntry &) = delete;
    ~GroupEntry()
    {
        const std::scoped_lock lock(groupsLock);
        groups.erase(m_group);
    }

private:
    pid_t m_group;
};

void stopProcess(QProcess &process, pid_t group)
{
    endGroup(group, SIGTERM);
    if (!process.waitForFinished(500))
        endGroup(group, SIGKILL);
    process.waitForFinished(1000);
}

void keepLast(QByteArray &output, const QByteArray &more)
{
    output += more;
    if (output.size() > maxOutputBytes)
        output.remove(0, output.size() - maxOutputBytes);
}

} // namespace

CommandResult runCommand(const QString &folder, const QString &command, const TurnPort &port,
                         const std::function<void(const QString &)> &show)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setUnixProcessParameters(QProcess::UnixProcessFlag::CreateNewSession);
    process.start(u"/bin/sh"_s, {u"-c"_s, command});
    CommandResult result;
    if (!process.waitForStarted())
        return result;
    result.started = true;
    const auto group = static_cast<pid_t>(process.processId());
    const GroupEntry entry(group);
    QByteArray output;
    QElapsedTimer shown;
    shown.start();
    while (process.state() != QProcess::NotRunning) {
        process.waitForReadyRead(30);
        const QByteArray more = process.readAll();
        keepLast(output, more);
        if (!more.isEmpty() && shown.hasExpired(200)) {
            show(QString::fromUtf8(output));
            shown.restart();
        }
        if (port.stopped()) {
            result.stopped = true;
            stopProcess(process, group);
        }
    }
    keepLast(output, process.readAll());
    result.output = QString::fromUtf8(output);
    result.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return result;
}

void endAllCommands()
{
    const std::scoped_lock lock(groupsLock);
    for (const pid_t group : groups)
        endGroup(group, SIGKILL);
}

} // namespace muster::demo
