#include "core/process/process_identity.h"

#include "core/process/proc_table.h"

#include <QFile>
#include <QStringList>

#include <sys/stat.h>
#include <unistd.h>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString firstLine(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readLine()).trimmed() : QString();
}

QString hostName()
{
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return QString::fromLocal8Bit(name);
}

QString readMachineId()
{
    QString id = firstLine(u"/etc/machine-id"_s);
    if (id.isEmpty())
        id = firstLine(u"/var/lib/dbus/machine-id"_s);
    if (id.isEmpty())
        id = hostName();
    id.replace(u'/', u'_');
    // The first pid namespace has this inode on every Linux (PROC_PID_INIT_INO).
    constexpr ino_t firstNamespace = 0xEFFFFFFCU;
    struct stat info{};
    if (stat("/proc/self/ns/pid", &info) == 0 && info.st_ino != firstNamespace)
        id += u"-ns"_s + QString::number(info.st_ino);
    return id;
}

} // namespace

QString machineId()
{
    static const QString id = readMachineId();
    return id;
}

QString bootId()
{
    static const QString id = firstLine(u"/proc/sys/kernel/random/boot_id"_s);
    return id;
}

ProcessIdentity ownIdentity()
{
    static const ProcessIdentity own =
        identityOf(getpid()).value_or(ProcessIdentity{.bootId = bootId(), .pid = getpid()});
    return own;
}

std::optional<ProcessIdentity> identityOf(qint64 pid)
{
    const auto entry = readProcEntry(static_cast<pid_t>(pid));
    if (!entry || entry->isDead())
        return std::nullopt;
    return ProcessIdentity{.bootId = bootId(), .pid = pid, .startTicks = entry->startTicks};
}

bool isAlive(const ProcessIdentity &identity) { return identityOf(identity.pid) == identity; }

bool signalProcess(const ProcessIdentity &identity, int signal)
{
    return identity.bootId == bootId() &&
           signalExactly(static_cast<pid_t>(identity.pid), identity.startTicks, signal);
}

QString ownerText() { return ownerText({.machine = machineId(), .process = ownIdentity()}); }

QString ownerText(const LeaseOwner &owner)
{
    return owner.machine + u'/' + owner.process.bootId + u'/' + QString::number(owner.process.pid) + u'/' +
           QString::number(owner.process.startTicks);
}

Result<LeaseOwner> parseOwner(const QString &text)
{
    const QStringList parts = text.split(u'/');
    if (parts.size() != 4)
        return fail(ErrorCode::InvalidArgument, text);
    bool pidOk = false;
    bool startOk = false;
    LeaseOwner owner{.machine = parts.at(0),
                     .process = {.bootId = parts.at(1),
                                 .pid = parts.at(2).toLongLong(&pidOk),
                                 .startTicks = parts.at(3).toULongLong(&startOk)}};
    if (!pidOk || !startOk || owner.process.pid <= 0 || owner.machine.isEmpty())
        return fail(ErrorCode::InvalidArgument, text);
    return owner;
}

bool isProvenDead(const QString &owner)
{
    const auto parsed = parseOwner(owner);
    if (!parsed || parsed->machine != machineId() || bootId().isEmpty() || parsed->process.bootId.isEmpty())
        return false;
    return parsed->process.bootId != bootId() || !isAlive(parsed->process);
}

} // namespace muster
