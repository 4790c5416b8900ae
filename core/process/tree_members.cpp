#include "core/process/tree_members.h"

#include "core/process/cgroup.h"
#include "core/process/launch_spec.h"

#include <unistd.h>

#include <algorithm>

namespace muster {

namespace {

using Pids = std::unordered_set<pid_t>;

Pids ourselves(const ProcessTable &table)
{
    Pids line;
    for (pid_t pid = getpid(); pid > 0 && line.insert(pid).second;) {
        const ProcEntry *entry = table.find(pid);
        pid = entry ? entry->parent : 0;
    }
    line.insert(1);
    return line;
}

void addSession(const TreeQuery &query, const ProcessTable &table, Pids &found)
{
    const auto root = static_cast<pid_t>(query.rootPid);
    const ProcEntry *leader = table.find(root);
    // While anybody is left in the session its number is not given out again; if it was, nobody is left.
    if (query.rootPid <= 0 || (leader && leader->startTicks != query.rootStart))
        return;
    for (const auto &[pid, entry] : table.entries) {
        if (entry.session == root || entry.group == root)
            found.insert(pid);
    }
}

void addSeen(const QHash<qint64, quint64> &seen, const ProcessTable &table, Pids &found)
{
    for (auto it = seen.cbegin(); it != seen.cend(); ++it) {
        const ProcEntry *entry = table.find(static_cast<pid_t>(it.key()));
        if (entry && entry->startTicks == it.value())
            found.insert(entry->pid);
    }
}

void addMarked(const TreeQuery &query, const ProcessTable &table, const Pids &skip, Pids &found)
{
    if (query.marker.isEmpty())
        return;
    for (const auto &[pid, entry] : table.entries) {
        if (!entry.isDead() && !skip.contains(pid) && !found.contains(pid) && holdsMarker(pid, query.marker))
            found.insert(pid);
    }
}

QList<TreeMember> withDescendants(const ProcessTable &table, Pids found, const Pids &skip)
{
    // Descending from ourselves says nothing: everything that is orphaned does.
    for (const pid_t pid : skip)
        found.erase(pid);
    const std::vector<pid_t> roots(found.begin(), found.end());
    found.merge(table.descendantsOf(roots));
    QList<TreeMember> members;
    for (const pid_t pid : found) {
        const ProcEntry *entry = table.find(pid);
        if (entry && !entry->isDead() && !skip.contains(pid))
            members.append({.pid = pid, .startTicks = entry->startTicks});
    }
    return members;
}

void addGuessed(const TreeQuery &query, const ProcessTable &table, const Pids &skip,
                QList<TreeMember> &members)
{
    Pids found;
    addSeen(query.guessed, table, found);
    const QList<TreeMember> guessed = withDescendants(table, std::move(found), skip);
    for (const TreeMember &guess : guessed) {
        if (!std::ranges::contains(members, guess.pid, &TreeMember::pid))
            members.append({.pid = guess.pid, .startTicks = guess.startTicks, .guessed = true});
    }
}

} // namespace

bool holdsMarker(qint64 pid, const QString &marker)
{
    const std::string wanted = std::string(runMarkerVariable) + '=' + marker.toStdString();
    return holdsVariable(static_cast<pid_t>(pid), wanted);
}

QList<TreeMember> findRelated(const TreeQuery &query, const ProcessTable &table)
{
    Pids found;
    addSession(query, table, found);
    addSeen(query.seen, table, found);
    return withDescendants(table, std::move(found), ourselves(table));
}

QList<TreeMember> findMembers(const TreeQuery &query, const ProcessTable &table)
{
    const Pids skip = ourselves(table);
    Pids found;
    addSession(query, table, found);
    addSeen(query.seen, table, found);
    if (query.cgroup) {
        const QList<qint64> contained = query.cgroup->members();
        for (const qint64 pid : contained)
            found.insert(static_cast<pid_t>(pid));
    }
    addMarked(query, table, skip, found);
    QList<TreeMember> members = withDescendants(table, std::move(found), skip);
    addGuessed(query, table, skip, members);
    return members;
}

} // namespace muster
