#include "app/terminal/shell_jobs.h"

#include "core/process/proc_table.h"

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

} // namespace

ShellRoot shellRoot(qint64 pid)
{
    const auto entry = readProcEntry(static_cast<pid_t>(pid));
    return {.pid = static_cast<pid_t>(pid), .startTicks = entry ? entry->startTicks : 0};
}

QList<ShellMember> membersOf(const ShellRoot &shell)
{
    if (shell.pid <= 1 || shell.startTicks == 0)
        return {};
    const ProcessTable table = ProcessTable::read();
    const ProcEntry *root = table.find(shell.pid);
    if (root && root->startTicks != shell.startTicks)
        return {}; // another one by now, so its session has no member left
    const pid_t roots[] = {shell.pid};
    const auto below = root ? table.descendantsOf(roots) : std::unordered_set<pid_t>();
    QList<ShellMember> members;
    for (const auto &[pid, entry] : table.entries) {
        if (pid != shell.pid && !entry.isDead() && (entry.session == shell.pid || below.contains(pid)))
            members.append({.pid = pid, .group = entry.group, .startTicks = entry.startTicks});
    }
    return members;
}

QStringList jobsOf(const ShellRoot &shell)
{
    // A job is a process group; who leads it has the name that the person typed.
    QMap<pid_t, pid_t> jobs;
    const QList<ShellMember> members = membersOf(shell);
    for (const ShellMember &member : members) {
        const pid_t known = jobs.value(member.group, member.pid);
        jobs.insert(member.group, known == member.group        ? known
                                  : member.pid == member.group ? member.pid
                                                               : std::min(known, member.pid));
    }
    QStringList names;
    for (const pid_t pid : std::as_const(jobs)) {
        if (const QString name = commandLine(pid); !name.isEmpty())
            names.append(name);
    }
    return names;
}

} // namespace muster
