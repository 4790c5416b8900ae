#include "app/terminal/tree_ender.h"

#include "core/process/proc_table.h"

#include <csignal>

namespace muster {
namespace {

constexpr int lookEveryMs = 50;
constexpr int looksBeforeKill = 20;
constexpr int looksInAll = 40;

bool isAlive(const ShellMember &member)
{
    const auto entry = readProcEntry(member.pid);
    return entry && entry->startTicks == member.startTicks && !entry->isDead();
}

void signalAll(const QList<ShellMember> &members, int signal)
{
    for (const ShellMember &member : members)
        signalExactly(member.pid, member.startTicks, signal);
}

} // namespace

TreeEnder::TreeEnder()
    : m_again(this)
{
    m_again.setInterval(lookEveryMs);
    connect(&m_again, &QTimer::timeout, this, &TreeEnder::look);
}

void TreeEnder::end(const ShellRoot &shell)
{
    Tree tree{.shell = shell, .members = membersOf(shell)};
    if (tree.members.isEmpty())
        return;
    signalAll(tree.members, SIGHUP);
    signalAll(tree.members, SIGCONT); // who is stopped hears nothing
    m_trees.append(std::move(tree));
    m_again.start();
}

void TreeEnder::finish(std::function<void()> done)
{
    m_done = std::move(done);
    look();
}

void TreeEnder::look()
{
    for (Tree &tree : m_trees) {
        // What was started meanwhile is of the session still, unless it left both it and its parents.
        const QList<ShellMember> now = membersOf(tree.shell);
        for (const ShellMember &member : now) {
            if (!std::ranges::contains(tree.members, member.pid, &ShellMember::pid))
                tree.members.append(member);
        }
        tree.members.removeIf([](const ShellMember &member) { return !isAlive(member); });
        if (++tree.looks >= looksBeforeKill)
            signalAll(tree.members, SIGKILL);
    }
    m_trees.removeIf([](const Tree &tree) { return tree.members.isEmpty() || tree.looks >= looksInAll; });
    if (!m_trees.isEmpty())
        return;
    m_again.stop();
    if (m_done)
        std::exchange(m_done, nullptr)();
}

} // namespace muster
