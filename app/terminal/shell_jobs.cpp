#include "app/terminal/shell_jobs.h"

#include "core/process/tree_members.h"

#include <QFile>
#include <QMap>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qsizetype mostRead = 400; // bytes of a command line
constexpr qsizetype mostShown = 60; // characters

QString commandLine(pid_t pid)
{
    const auto read = [pid](const QString &name) {
        QFile file(u"/proc/" % QString::number(pid) % u'/' % name);
        return file.open(QIODevice::ReadOnly) ? file.read(mostRead) : QByteArray();
    };
    QByteArray bytes = read(u"cmdline"_s);
    if (bytes.isEmpty())
        bytes = read(u"comm"_s);
    QString text = QString::fromUtf8(bytes.replace('\0', ' '));
    std::ranges::replace_if(text, [](QChar c) { return !c.isPrint(); }, u' ');
    text = text.simplified();
    return text.size() > mostShown ? QString(text.first(mostShown) % u'…') : text;
}

QList<TreeMember> membersIn(const ProcessTable &table, const ProcessIdentity &shell)
{
    if (shell.pid <= 1 || shell.startTicks == 0)
        return {};
    QList<TreeMember> members = findRelated(
        {.rootPid = shell.pid, .rootStart = shell.startTicks, .marker = {}, .cgroup = {}, .seen = {}}, table);
    members.removeIf([&](const TreeMember &member) { return member.pid == shell.pid; });
    return members;
}

} // namespace

ProcessIdentity shellRoot(qint64 pid)
{
    const auto entry = readProcEntry(static_cast<pid_t>(pid));
    return {.bootId = bootId(), .pid = pid, .startTicks = entry ? entry->startTicks : 0};
}

QList<ProcessIdentity> membersOf(const ProcessIdentity &shell)
{
    QList<ProcessIdentity> members;
    const QList<TreeMember> found = membersIn(ProcessTable::read(), shell);
    for (const TreeMember &member : found)
        members.append({.bootId = shell.bootId, .pid = member.pid, .startTicks = member.startTicks});
    return members;
}

QStringList jobsOf(const ProcessIdentity &shell)
{
    // A job is a process group; who leads it has the name that the person typed.
    QMap<pid_t, pid_t> jobs;
    const ProcessTable table = ProcessTable::read();
    const QList<TreeMember> members = membersIn(table, shell);
    for (const TreeMember &member : members) {
        const ProcEntry *entry = table.find(static_cast<pid_t>(member.pid));
        const pid_t known = jobs.value(entry->group, entry->pid);
        jobs.insert(entry->group, known == entry->group        ? known
                                  : entry->pid == entry->group ? entry->pid
                                                               : std::min(known, entry->pid));
    }
    QStringList names;
    for (const pid_t pid : std::as_const(jobs)) {
        if (const QString name = commandLine(pid); !name.isEmpty())
            names.append(name);
    }
    return names;
}

} // namespace muster
