#include "app/terminal/tree_ender.h"

#include <csignal>

namespace muster {
namespace {

constexpr int lookEveryMs = 50;
constexpr int looksBeforeKill = 20;
constexpr int looksInAll = 40;

void signalAll(const QList<ProcessIdentity> &members, int signal)
{
    for (const ProcessIdentity &member : members)
        signalProcess(member, signal);
}

} // namespace

TreeEnder::TreeEnder()
    : m_again(this)
{
    m_again.setInterval(lookEveryMs);
    connect(&m_again, &QTimer::timeout, this, &TreeEnder::look);
}

void TreeEnder::end(const ProcessIdentity &shell)
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
        const QList<ProcessIdentity> now = membersOf(tree.shell);
        for (const ProcessIdentity &member : now) {
            if (!tree.members.contains(member))
                tree.members.append(member);
        }
        tree.members.removeIf([](const ProcessIdentity &member) { return !isAlive(member); });
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
