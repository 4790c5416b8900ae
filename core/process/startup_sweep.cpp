#include "core/process/startup_sweep.h"

#include "core/process/cgroup.h"
#include "core/process/launch_spec.h"
#include "core/process/tree_members.h"
#include "core/process/worker_job.h"

#include <unistd.h>

#include <csignal>

namespace muster {

using namespace std::chrono_literals;

namespace {

constexpr auto poll = 30ms;

// Roots by marker and by abandoned cgroup; then all that descends from them.
QHash<qint64, quint64> findSurvivors(const QStringList &markers, const QHash<qint64, quint64> &known)
{
    const ProcessTable table = ProcessTable::read();
    std::unordered_set<std::string> wanted;
    for (const QString &marker : markers)
        wanted.insert(marker.toStdString());
    TreeQuery query;
    query.seen = known;
    for (const auto &[pid, entry] : table.entries) {
        const auto marker = entry.isDead() ? std::nullopt : environmentOf(pid, runMarkerVariable);
        if (marker && wanted.contains(*marker))
            query.seen.insert(pid, entry.startTicks);
    }
    const auto home = CgroupHome::find();
    const QList<qint64> leftovers = home ? home->leftovers() : QList<qint64>();
    for (const qint64 pid : leftovers) {
        if (const ProcEntry *entry = table.find(static_cast<pid_t>(pid)))
            query.seen.insert(pid, entry->startTicks);
    }
    QHash<qint64, quint64> alive;
    const QList<TreeMember> members = findMembers(query, table);
    for (const TreeMember &member : members) {
        if (!environmentOf(static_cast<pid_t>(member.pid), guardMarkerVariable))
            alive.insert(member.pid, member.startTicks);
    }
    return alive;
}

} // namespace

StartupSweep::StartupSweep(QStringList markers, QObject *parent)
    : QObject(parent)
    , m_markers(std::move(markers))
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(poll);
    connect(&m_timer, &QTimer::timeout, this, &StartupSweep::scan);
}

void StartupSweep::start(const KillLadder &ladder)
{
    m_ladder = ladder;
    m_elapsed.start();
    scan();
}

void StartupSweep::scan()
{
    onWorker([markers = m_markers, known = m_found] {
        return findSurvivors(markers, known);
    }).then(this, [this](const QHash<qint64, quint64> &alive) { scanned(alive); });
}

void StartupSweep::scanned(const QHash<qint64, quint64> &alive)
{
    const bool killing = m_elapsed.durationElapsed() >= m_ladder.termGrace;
    const bool overdue = m_sinceKill.isValid() && m_sinceKill.durationElapsed() > m_ladder.verifyWithin;
    if (alive.isEmpty() || overdue) {
        m_report.survivors = alive.keys();
        m_report.ms = m_elapsed.elapsed();
        emit finished(m_found.keys(), m_report);
        return;
    }
    const StopStep step = killing ? StopStep::Kill : StopStep::Terminate;
    if (!m_report.steps.contains(step))
        m_report.steps.append(step);
    if (killing && !m_sinceKill.isValid())
        m_sinceKill.start();
    for (auto it = alive.cbegin(); it != alive.cend(); ++it) {
        const bool isNew = !m_found.contains(it.key());
        m_found.insert(it.key(), it.value());
        if (killing || isNew)
            signalExactly(static_cast<pid_t>(it.key()), it.value(), killing ? SIGKILL : SIGTERM);
    }
    m_timer.start();
}

} // namespace muster
