#include "core/process/tree_supervisor.h"

#include "core/process/child_registry.h"
#include "core/process/launch_spec.h"
#include "core/process/worker_job.h"

#include <algorithm>
#include <chrono>
#include <csignal>

namespace muster {

using namespace std::chrono_literals;

TreeSupervisor::TreeSupervisor(QObject *parent)
    : QObject(parent)
    , m_timer(this)
{
    m_timer.setInterval(1s);
    connect(&m_timer, &QTimer::timeout, this, &TreeSupervisor::tick);
}

void TreeSupervisor::add(ProcessTree *tree)
{
    m_trees.append(tree);
    tree->setOrphanFilter([this, self = QPointer(tree)](qint64 pid) {
        const auto entry = readProcEntry(static_cast<pid_t>(pid));
        return entry && std::ranges::none_of(m_trees, [&](const QPointer<ProcessTree> &other) {
            return other && other != self && other->claims(pid, entry->startTicks, entry->session);
        });
    });
    connect(tree, &ProcessTree::gone, this, [this, tree] { m_trees.removeOne(tree); });
    if (!m_timer.isActive())
        m_timer.start();
}

QList<ProcessTree *> TreeSupervisor::trees() const
{
    QList<ProcessTree *> alive;
    for (const QPointer<ProcessTree> &tree : m_trees) {
        if (tree)
            alive.append(tree);
    }
    return alive;
}

void TreeSupervisor::tick()
{
    m_trees.removeIf([](const QPointer<ProcessTree> &tree) { return tree.isNull(); });
    if (m_scanning)
        return;
    const bool strays = endStrays();
    if (m_trees.isEmpty()) {
        if (!strays)
            m_timer.stop();
        return;
    }
    m_scanning = true;
    onWorker([] {
        return std::make_shared<const ProcessTable>(ProcessTable::read());
    }).then(this, [this](const std::shared_ptr<const ProcessTable> &table) {
        m_scanning = false;
        for (const QPointer<ProcessTree> &tree : std::as_const(m_trees)) {
            if (!tree)
                continue;
            tree->observe(*table);
            measure(tree);
        }
    });
}

void TreeSupervisor::measure(ProcessTree *tree)
{
    const QList<qint64> pids = tree->toMeasure();
    if (pids.isEmpty())
        return;
    onWorker([pids] {
        qint64 bytes = 0;
        for (const qint64 pid : pids)
            bytes += proportionalBytes(static_cast<pid_t>(pid));
        return bytes;
    }).then(tree, [tree](qint64 bytes) { tree->setMeasured(bytes); });
}

// Orphans that carry a marker of a tree that is not there any more. True if some were left.
bool TreeSupervisor::endStrays()
{
    bool left = false;
    const QList<qint64> orphans = ChildRegistry::instance().collectOrphans();
    for (const qint64 pid : orphans) {
        const auto entry = readProcEntry(static_cast<pid_t>(pid));
        const auto marker = entry ? environmentOf(entry->pid, runMarkerVariable) : std::nullopt;
        // Our own, if this node was itself started by an agent of another one.
        if (!marker || *marker == qgetenv(runMarkerVariable).toStdString())
            continue;
        const bool owned = std::ranges::any_of(m_trees, [&](const QPointer<ProcessTree> &tree) {
            return tree && tree->claims(pid, entry->startTicks, entry->session);
        });
        if (owned)
            continue;
        left = true;
        if (signalExactly(entry->pid, entry->startTicks, SIGKILL))
            emit strayEnded(pid);
    }
    return left;
}

} // namespace muster
