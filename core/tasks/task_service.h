// TaskService: gives slots to queued tasks and keeps what it holds alive. A pass runs on every new task, on
// every freed slot, and every few seconds; claims are one statement in the store, so several processes on one
// store share the caps. Leases are renewed every third of their length; tasks of dead owners are taken over,
// a few at a time. Work that has used up its time is stopped. What a limit put off begins again with the
// first pass after its time. Core thread. Source: spec "tasks and schedules", Pools and slots, Leases.
#pragma once

#include "core/base/clock.h"
#include "core/tasks/task_ports.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace muster {

struct TaskServiceOptions {
    qint64 leaseMs = 60'000;
    int renewMs = 20'000;
    int reapMs = 5'000;
    qint64 clockJumpMs =
        10'000;            // wall against monotonic time between two passes: sleep, or a clock that was set
    int resumedAtOnce = 3; // of a dead owner's, that have not yet got going
};

class TaskService final : public QObject {
    Q_OBJECT
public:
    TaskService(TaskStore &store, TaskRunner &runner, const Clock &clock, TaskServiceOptions options = {},
                QObject *parent = nullptr);

    // Before start(). Nothing is held back without one.
    void setAdmission(Admission *admission) { m_admission = admission; }
    void setResumedAtOnce(int most) { m_options.resumedAtOnce = most; }

    // Takes over what dead owners left, then begins to give slots.
    void start();
    // No new claims; what runs goes on.
    void pause() { m_paused = true; }

    void enqueue(const TaskRequest &request, TaskStore::Callback<TaskId> done);
    // A queued one ends at once; a running one is stopped and its end is told as usual. While the store takes
    // no writes it is tried again.
    void stop(const QString &key, FailureReason reason, const QString &detail);
    void drain();
    // Now instead of with the next pass: the machine may have slept.
    void lookAtClocks() { reap(); }
    // What another process was asked to cancel and this one holds is stopped.
    void lookForCancels();

    // From the runner.
    void finished(TaskId task, const TaskOutcome &outcome);
    // What the person said is passed on when the runner is told to go on: its slot may be another's by then.
    void waitsForPerson(TaskId task, bool waiting);
    void began(TaskId task);
    // A known reset: so much of its time does not count.
    void standsStill(TaskId task, qint64 forMs);

    [[nodiscard]] int heldCount() const { return static_cast<int>(m_held.size()); }
    // Of those, what waits for a person left out.
    [[nodiscard]] int workingCount() const;
    [[nodiscard]] bool holds(TaskId task) const { return m_held.contains(task); }
    // Why the last pass began nothing more: Memory, Disk, Load; or Staging.
    [[nodiscard]] std::optional<HeldBack> heldBack() const { return m_heldBack; }
    // When the next pass is at the latest.
    [[nodiscard]] int reapMs() const { return m_options.reapMs; }

signals:
    void claimed(const muster::ClaimedTask &task);
    void settled(muster::TaskId task, const QString &key, const muster::TaskOutcome &outcome);
    // It waits in the queue for its limit to be over, and begins again by itself.
    void putOff(muster::TaskId task, const QString &key, qint64 untilMs);
    // Four fifths of the time of its work are used.
    void deadlineNear(muster::TaskId task, qint64 limitMs);
    // Its end could not be written because the lease went to another owner.
    void lost(muster::TaskId task, const QString &key);
    void changed(); // counts may have changed

private:
    struct Held {
        QString key;
        qint64 epoch = 0;
        bool ending = false;
        bool warned = false;
        bool waiting = false;             // for a person
        qint64 limitMs = 0;               // of its work; 0: none
        qint64 leftMs = 0;                // of that, while it stands still
        std::optional<qint64> deadlineMs; // monotonic; none: it stands still, or has no limit
    };

    void begin(const ClaimedTask &task);
    void goOn(TaskId task);
    void stopTime(Held &held) const;
    void startTime(Held &held) const;
    void lookAtDeadlines();
    void awaitDeadline();
    [[nodiscard]] Room room();
    void told(TaskId task, qint64 epoch, bool waiting, const Result<bool> &hasSlot);
    void takeOver(const ClaimedTask &task);
    [[nodiscard]] bool holds(TaskId task, qint64 epoch) const;
    [[nodiscard]] QHash<TaskId, Held>::const_iterator heldByKey(const QString &key) const;
    [[nodiscard]] std::vector<HeldLease> leases() const;
    void release(TaskId task);
    void giveUp(TaskId task);
    void renew();
    void reap();
    [[nodiscard]] qint64 clockJump(); // by how much wall time moved beyond monotonic time since the last pass

    TaskStore &m_store;
    TaskRunner &m_runner;
    const Clock &m_clock;
    TaskServiceOptions m_options;
    Admission *m_admission = nullptr;
    QTimer m_renewTimer;
    QTimer m_reapTimer;
    QTimer m_deadlineTimer;
    QHash<TaskId, Held> m_held;
    QSet<TaskId> m_resuming; // taken over, and not yet got going
    std::optional<HeldBack> m_heldBack;
    bool m_paused = true;
    bool m_claiming = false;
    bool m_claimAgain = false;
    bool m_reaping = false;
    qint64 m_lastWallMs = 0;
    qint64 m_lastMonotonicMs = 0;
};

} // namespace muster
