// Owns the death of one launched tree: whoever descends from its root, stands in its group, holds its marker
// or sits in its cgroup. Timers and scans on a worker, never sleeps. Same thread as the child's start.
// Source: spec "agents", Killing a tree for certain; facts "agents" §8.
#pragma once

#include "core/base/enum_names.h"
#include "core/process/process_identity.h"
#include "core/process/tree_members.h"

#include <QElapsedTimer>
#include <QHash>
#include <QList>
#include <QMetaType>
#include <QObject>
#include <QSet>
#include <QString>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace muster {

class Cgroup;

// By what the descendants of a tree are known. Probed at each launch, never assumed.
enum class Containment : std::uint8_t {
    Cgroup,   // the kernel keeps the list; nobody leaves it unseen
    Lifeline, // a supervisor of its own adopts what is orphaned
    Ancestry, // ancestry, session and marker; orphans re-parent to us
};

template <> struct EnumNames<Containment> {
    static constexpr std::array table{
        std::pair{Containment::Cgroup, "cgroup"},
        std::pair{Containment::Lifeline, "lifeline"},
        std::pair{Containment::Ancestry, "ancestry"},
    };
};

enum class StopStep : std::uint8_t { Verify, Terminate, Kill };

template <> struct EnumNames<StopStep> {
    static constexpr std::array table{
        std::pair{StopStep::Verify, "verify"},
        std::pair{StopStep::Terminate, "terminate"},
        std::pair{StopStep::Kill, "kill"},
    };
};

struct KillLadder {
    std::chrono::milliseconds termGrace{5000}; // 0: straight to SIGKILL
    std::chrono::milliseconds verifyWithin{2000};
};

struct StopReport {
    QList<qint64> survivors; // pids; empty: verified gone
    QList<StopStep> steps;   // in order
    qint64 ms = 0;           // from the request, or the root's exit, to this report
    qint64 verifyMs = 0;     // of these, after the last signal was sent; 0: none was needed
    Containment containment = Containment::Ancestry;
};

// Pids as details of an end keep them: "12 34".
[[nodiscard]] QString namesOf(const QList<qint64> &pids);

struct TreeRoot {
    ProcessIdentity process;
    QString marker;
    std::shared_ptr<Cgroup> cgroup; // none: not contained by one
    bool lifeline = false;
};

class ProcessTree final : public QObject {
    Q_OBJECT
public:
    // Which orphans of unknown origin may be taken for this tree's; none given: all.
    using OrphanFilter = std::function<bool(qint64 pid)>;

    explicit ProcessTree(TreeRoot root, QObject *parent = nullptr);
    ~ProcessTree() override; // kills what is known of it, without report
    Q_DISABLE_COPY_MOVE(ProcessTree)

    [[nodiscard]] const TreeRoot &root() const { return m_root; }
    [[nodiscard]] Containment containment() const;
    void setOrphanFilter(OrphanFilter filter) { m_mayTakeOrphan = std::move(filter); }

    // The root was reaped. Verified cheaply; what it left behind is ended by the ladder.
    void rootEnded();
    // The protocol was asked before. A second call may only shorten the grace.
    void stop(const KillLadder &ladder);
    // As observed; see LaunchedProcess.
    [[nodiscard]] qint64 memoryBytes() const { return m_memoryBytes; }
    void setMemoryMark(qint64 bytes) { m_memoryMark = bytes; }
    // Those whose memory is to be measured exactly, because the cheap measure is above the mark; empty: none.
    [[nodiscard]] QList<qint64> toMeasure() const;
    void setMeasured(qint64 bytes) { m_memoryBytes = bytes; }

    // Once a second for all trees: remembers who was seen as a descendant, for when ancestry breaks.
    void observe(const ProcessTable &table);
    // Whether that process is this tree's for all that is known now.
    [[nodiscard]] bool claims(qint64 pid, quint64 startTicks, qint64 session) const;

signals:
    void gone(const muster::StopReport &report);

private:
    enum class Phase : std::uint8_t { Alive, Terminating, Killing, Gone };

    [[nodiscard]] bool leftNothing();
    void enter(Phase phase);
    void scan();
    void scanned(const QList<TreeMember> &members);
    void terminate(const QList<TreeMember> &members);
    void kill(const QList<TreeMember> &members);
    void takeOrphans();
    [[nodiscard]] bool livesAny(const QHash<qint64, quint64> &processes) const;
    [[nodiscard]] TreeQuery query() const;
    void finish(const QList<TreeMember> &survivors);

    TreeRoot m_root;
    OrphanFilter m_mayTakeOrphan;
    Phase m_phase = Phase::Alive;
    bool m_rootEnded = false;
    bool m_scanning = false;
    bool m_scanAgain = false;
    int m_emptyScans = 0;
    KillLadder m_ladder;
    QHash<qint64, quint64> m_seen; // pid → start ticks
    // Orphans that may be this tree's and may be another's. No claim: who shares a guess ends them as well,
    // or it could be told gone while they live.
    QHash<qint64, quint64> m_guessed;
    QSet<qint64> m_signalled; // in this phase
    qint64 m_memoryBytes = 0;
    qint64 m_memoryMark = 0;
    qint64 m_residentBytes = 0;
    bool m_memoryIsExact = false;
    QElapsedTimer m_sinceStop;
    QElapsedTimer m_sincePhase;
    QElapsedTimer m_sinceSignal;
    QTimer m_timer;
    StopReport m_report;
};

} // namespace muster

Q_DECLARE_METATYPE(muster::StopReport)
