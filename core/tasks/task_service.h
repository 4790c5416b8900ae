// TaskService: gives slots to queued tasks and keeps what it holds alive. A pass runs on every new task, on
// every freed slot, and every few seconds; claims are one statement in the store, so several processes on one
// store share the caps. Leases are renewed every third of their length; tasks of dead owners are taken over.
// What a limit put off begins again with the first pass after its time. Core thread. Source: spec "tasks and
// schedules", Pools and slots, Leases.
#pragma once

#include "core/base/clock.h"
#include "core/tasks/task_ports.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace muster {

struct TaskServiceOptions {
    qint64 leaseMs = 60'000;
    int renewMs = 20'000;
    int reapMs = 5'000;
    qint64 clockJumpMs =
        10'000; // wall against monotonic time between two passes: sleep, or a clock that was set
};

class TaskService final : public QObject {
    Q_OBJECT
public:
    TaskService(TaskStore &store, TaskRunner &runner, const Clock &clock, TaskServiceOptions options = {},
                QObject *parent = nullptr);

    // Takes over what dead owners left, then begins to give slots.
    void start();
    // No new claims; what runs goes on.
    void pause() { m_paused = true; }

    void enqueue(const TaskRequest &request, TaskStore::Callback<TaskId> done);
    // A queued one ends at once; a running one is stopped and its end is told as usual. While the store takes
    // no writes it is tried again.
    void stop(const QString &key, FailureReason reason, const QString &detail);
    void drain();

    // From the runner.
    void finished(TaskId task, const TaskOutcome &outcome);
    void waitsForPerson(TaskId task, bool waiting);

    [[nodiscard]] int heldCount() const { return static_cast<int>(m_held.size()); }
    [[nodiscard]] bool holds(TaskId task) const { return m_held.contains(task); }

signals:
    void claimed(const muster::ClaimedTask &task);
    void settled(muster::TaskId task, const QString &key, const muster::TaskOutcome &outcome);
    // It waits in the queue for its limit to be over, and begins again by itself.
    void putOff(muster::TaskId task, const QString &key, qint64 untilMs);
    // Its end could not be written because the lease went to another owner.
    void lost(muster::TaskId task, const QString &key);
    void changed(); // counts may have changed

private:
    struct Held {
        QString key;
        qint64 epoch = 0;
        bool ending = false;
    };

    void begin(const ClaimedTask &task);
    void takeOver(const ClaimedTask &task);
    [[nodiscard]] bool holds(TaskId task, qint64 epoch) const;
    [[nodiscard]] QHash<TaskId, Held>::const_iterator heldByKey(const QString &key) const;
    [[nodiscard]] std::vector<HeldLease> leases() const;
    void release(TaskId task);
    void giveUp(TaskId task);
    void renew();
    void reap();
    [[nodiscard]] bool clockJumped();

    TaskStore &m_store;
    TaskRunner &m_runner;
    const Clock &m_clock;
    TaskServiceOptions m_options;
    QTimer m_renewTimer;
    QTimer m_reapTimer;
    QHash<TaskId, Held> m_held;
    bool m_paused = true;
    bool m_claiming = false;
    bool m_claimAgain = false;
    bool m_reaping = false;
    qint64 m_lastWallMs = 0;
    qint64 m_lastMonotonicMs = 0;
};

} // namespace muster
