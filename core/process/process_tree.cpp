#include "core/process/process_tree.h"

#include "core/process/cgroup.h"
#include "core/process/child_registry.h"
#include "core/process/worker_job.h"

#include <algorithm>
#include <csignal>

namespace muster {

using namespace std::chrono_literals;

namespace {

constexpr auto killPoll = 15ms;
constexpr auto terminatePoll = 50ms;
constexpr KillLadder leftoverLadder{.termGrace = 1s};
// A tree that forks faster than it is killed does not hold the report up for ever.
constexpr int longestKillFactor = 5;
// One look may miss a process that was just being forked.
constexpr int emptyScansNeeded = 2;

bool groupIsEmpty(qint64 group) { return ::kill(static_cast<pid_t>(-group), 0) != 0 && errno == ESRCH; }

} // namespace

QString namesOf(const QList<qint64> &pids)
{
    QStringList names;
    for (const qint64 pid : pids)
        names += QString::number(pid);
    return names.join(u' ');
}

ProcessTree::ProcessTree(TreeRoot root, QObject *parent)
    : QObject(parent)
    , m_root(std::move(root))
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ProcessTree::scan);
}

ProcessTree::~ProcessTree()
{
    if (m_phase == Phase::Gone)
        return;
    if (m_root.cgroup)
        m_root.cgroup->killAll();
    const ProcessTable table = ProcessTable::read();
    const QList<TreeMember> members = findMembers(query(), table);
    for (const TreeMember &member : members)
        signalExactly(static_cast<pid_t>(member.pid), member.startTicks, SIGKILL);
}

Containment ProcessTree::containment() const
{
    if (m_root.cgroup)
        return Containment::Cgroup;
    return m_root.lifeline ? Containment::Lifeline : Containment::Ancestry;
}

TreeQuery ProcessTree::query() const
{
    return {.rootPid = m_root.process.pid,
            .rootStart = m_root.process.startTicks,
            .marker = m_root.marker,
            .cgroup = m_root.cgroup,
            .seen = m_seen,
            .guessed = m_guessed};
}

bool ProcessTree::claims(qint64 pid, quint64 startTicks, qint64 session) const
{
    const auto seen = m_seen.constFind(pid);
    return session == m_root.process.pid || (seen != m_seen.cend() && seen.value() == startTicks) ||
           (m_root.cgroup && m_root.cgroup->contains(pid)) ||
           (!m_root.marker.isEmpty() && holdsMarker(pid, m_root.marker));
}

void ProcessTree::observe(const ProcessTable &table)
{
    if (m_phase == Phase::Gone)
        return;
    const QList<TreeMember> related = findRelated(query(), table);
    m_seen.clear();
    qint64 resident = 0;
    for (const TreeMember &member : related) {
        m_seen.insert(member.pid, member.startTicks);
        resident += table.find(static_cast<pid_t>(member.pid))->residentBytes();
    }
    const auto charged = m_root.cgroup ? m_root.cgroup->memoryBytes() : std::nullopt;
    m_memoryIsExact = charged.has_value();
    m_residentBytes = resident;
    if (toMeasure().isEmpty()) // else what was measured stands until the next measure
        m_memoryBytes = charged.value_or(resident);
}

QList<qint64> ProcessTree::toMeasure() const
{
    if (m_phase != Phase::Alive || m_memoryIsExact || m_memoryMark <= 0 || m_residentBytes <= m_memoryMark)
        return {};
    return m_seen.keys();
}

// Orphans that re-parented to us and that this tree may have lost.
void ProcessTree::takeOrphans()
{
    const QList<qint64> orphans = ChildRegistry::instance().collectOrphans();
    for (const qint64 pid : orphans) {
        const auto entry = readProcEntry(static_cast<pid_t>(pid));
        if (!entry || entry->isDead())
            continue;
        const bool ours = claims(pid, entry->startTicks, entry->session);
        // Unmarked tools (git and the like) take nothing that is not theirs for certain.
        const bool mayBeOurs = !m_root.marker.isEmpty() && !m_root.cgroup &&
                               entry->startTicks >= m_root.process.startTicks &&
                               (!m_mayTakeOrphan || m_mayTakeOrphan(pid));
        if (ours)
            m_seen.insert(pid, entry->startTicks);
        else if (mayBeOurs)
            m_guessed.insert(pid, entry->startTicks);
    }
}

bool ProcessTree::leftNothing()
{
    // What a marked tree left elsewhere can be anywhere, unless it must have come to us or is held by the
    // group.
    if (!m_root.marker.isEmpty() && !m_root.cgroup && !ChildRegistry::adoptsOrphans())
        return false;
    if (!groupIsEmpty(m_root.process.pid) || (m_root.cgroup && !m_root.cgroup->members().isEmpty()))
        return false;
    takeOrphans();
    return !livesAny(m_seen) && !livesAny(m_guessed);
}

bool ProcessTree::livesAny(const QHash<qint64, quint64> &processes) const
{
    for (auto it = processes.cbegin(); it != processes.cend(); ++it) {
        if (isAlive({.bootId = m_root.process.bootId, .pid = it.key(), .startTicks = it.value()}))
            return true;
    }
    return false;
}

void ProcessTree::rootEnded()
{
    if (m_rootEnded || m_phase == Phase::Gone)
        return;
    m_rootEnded = true;
    if (m_phase != Phase::Alive)
        return scan();
    m_sinceStop.start();
    m_report.steps.append(StopStep::Verify);
    if (leftNothing())
        return finish({});
    m_ladder = leftoverLadder;
    enter(Phase::Terminating);
}

void ProcessTree::stop(const KillLadder &ladder)
{
    switch (m_phase) {
    case Phase::Alive:
        m_sinceStop.start();
        m_ladder = ladder;
        enter(ladder.termGrace > 0ms ? Phase::Terminating : Phase::Killing);
        break;
    case Phase::Terminating:
        m_ladder.termGrace = std::min(m_ladder.termGrace, ladder.termGrace);
        scan();
        break;
    case Phase::Killing:
    case Phase::Gone:
        break;
    }
}

void ProcessTree::enter(Phase phase)
{
    m_phase = phase;
    m_signalled.clear();
    m_emptyScans = 0;
    m_sincePhase.start();
    m_sinceSignal.start();
    m_report.steps.append(phase == Phase::Killing ? StopStep::Kill : StopStep::Terminate);
    if (phase == Phase::Killing && m_root.cgroup)
        m_root.cgroup->killAll();
    scan();
}

void ProcessTree::scan()
{
    if (m_phase == Phase::Alive || m_phase == Phase::Gone)
        return;
    if (m_scanning) {
        m_scanAgain = true;
        return;
    }
    m_scanning = true;
    m_timer.stop();
    takeOrphans();
    onWorker([query = query()] {
        return findMembers(query, ProcessTable::read());
    }).then(this, [this](const QList<TreeMember> &members) { scanned(members); });
}

void ProcessTree::scanned(const QList<TreeMember> &members)
{
    m_scanning = false;
    for (const TreeMember &member : members)
        (member.guessed ? m_guessed : m_seen).insert(member.pid, member.startTicks);
    m_emptyScans = members.isEmpty() ? m_emptyScans + 1 : 0;
    if (m_emptyScans >= emptyScansNeeded)
        return finish({});
    if (m_phase == Phase::Terminating)
        terminate(members);
    else
        kill(members);
    if (m_phase == Phase::Gone)
        return;
    const auto pause = m_phase == Phase::Killing ? killPoll : terminatePoll;
    const bool atOnce = members.isEmpty() || std::exchange(m_scanAgain, false);
    if (!m_scanning)
        m_timer.start(atOnce ? 0ms : pause);
}

void ProcessTree::terminate(const QList<TreeMember> &members)
{
    if (m_sincePhase.durationElapsed() >= m_ladder.termGrace && !members.isEmpty())
        return enter(Phase::Killing);
    for (const TreeMember &member : members) {
        // Once each: a second signal makes some programs give up their tidying.
        if (!m_signalled.contains(member.pid) &&
            signalExactly(static_cast<pid_t>(member.pid), member.startTicks, SIGTERM)) {
            m_signalled.insert(member.pid);
            m_sinceSignal.start();
        }
    }
}

void ProcessTree::kill(const QList<TreeMember> &members)
{
    const bool takingTooLong = m_sinceSignal.durationElapsed() > m_ladder.verifyWithin ||
                               m_sincePhase.durationElapsed() > m_ladder.verifyWithin * longestKillFactor;
    if (takingTooLong && !members.isEmpty())
        return finish(members);
    for (const TreeMember &member : members) {
        // A lifeline goes last: while it lives it adopts what its children leave.
        if (m_root.lifeline && member.pid == m_root.process.pid && members.size() > 1)
            continue;
        if (signalExactly(static_cast<pid_t>(member.pid), member.startTicks, SIGKILL) &&
            !m_signalled.contains(member.pid)) {
            m_signalled.insert(member.pid);
            m_sinceSignal.start();
        }
    }
}

void ProcessTree::finish(const QList<TreeMember> &survivors)
{
    m_phase = Phase::Gone;
    m_timer.stop();
    for (const TreeMember &member : survivors)
        m_report.survivors.append(member.pid);
    m_report.ms = m_sinceStop.elapsed();
    m_report.verifyMs = m_sinceSignal.isValid() ? m_sinceSignal.elapsed() : 0;
    m_report.containment = containment();
    if (m_root.cgroup && survivors.isEmpty())
        m_root.cgroup->remove();
    emit gone(m_report);
}

} // namespace muster
