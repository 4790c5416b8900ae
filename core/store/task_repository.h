// Tasks: creation, claim, lease, end. A claim is ONE conditional statement: it succeeds only if the task is
// queued, its time has come and each of its pools has a free slot. Every write of a holder is fenced by the
// lease epoch: Conflict means the lease is lost. No policy here. Thread of the connection; writes on the
// writer.
#pragma once

#include "core/store/connection.h"
#include "core/store/task_rows.h"

namespace muster {

struct TaskFilter {
    RunId run;
    ConversationId conversation;
    std::vector<TaskStatus> statuses; // empty: all
    QString pool;
    bool openOnly = false;
    int limit = 500; // newest first
    TaskId before;   // for the next page: older than this
};

struct TaskEnd {
    TaskStatus status = TaskStatus::Completed; // a settled one
    std::optional<FailureReason> reason;       // none exactly for Completed
    QString detail;
    std::optional<int> exitCode;
    std::optional<int> signal;
};

class TaskRepository {
public:
    explicit TaskRepository(Connection &db)
        : m_db(db)
    {
    }

    struct Inserted {
        TaskId id;
        bool created = false; // false: there was one with this key
    };
    // `pools`: every pool it needs a slot in, the first is shown; pools that these share are added.
    // NotFound: no such pool. InvalidArgument: no origin.
    [[nodiscard]] Result<Inserted> insert(const TaskRow &task, const TaskSpec &spec,
                                          const QStringList &pools);
    [[nodiscard]] Result<TaskRow> find(TaskId id); // NotFound
    [[nodiscard]] Result<std::optional<TaskRow>> findByKey(const QString &key);
    [[nodiscard]] Result<TaskSpec> spec(TaskId id);
    [[nodiscard]] Result<std::vector<TaskRow>> list(const TaskFilter &filter);

    struct Claim {
        QString owner;
        qint64 nowMs = 0;
        qint64 leaseMs = 60'000;
        std::optional<qint64> deadlineMs; // none: as its time says
        bool chatOnly = false;            // of claimNext(): nothing but turns of conversations
    };
    // Waited for longer: it counts as of one priority higher.
    static constexpr qint64 raisedAfterMs = 600'000;

    // The new lease, or none: not queued, not yet, no slot, or with whoever has its session. Who has that,
    // and gave up its slot to wait for a person, goes on under the same epoch.
    [[nodiscard]] Result<std::optional<Lease>> claim(TaskId id, const Claim &claim);
    struct Claimed {
        TaskId id;
        Lease lease;
    };
    // The next in the order of the queue: what a person forced, their chats, answered, then priority (raised
    // by one after ten minutes of waiting), then oldest. What it costs does not grow with the queue.
    [[nodiscard]] Result<std::optional<Claimed>> claimNext(const Claim &claim);

    // Conflict: the lease is lost.
    [[nodiscard]] Status renew(TaskId id, qint64 epoch, qint64 expiresAtMs);
    // Expired leases of tasks that have not ended.
    [[nodiscard]] Result<std::vector<TaskRow>> expired(qint64 nowMs);

    // Every lease that is held, so that those of owners proven dead can be found.
    [[nodiscard]] Result<std::vector<TaskRow>> leased();
    // Of these, those that are asked to end.
    [[nodiscard]] Result<std::vector<TaskId>> cancelsAsked();
    // The reaper's: an expired or dead holder's lease, taken over in one statement to end or requeue the
    // task; none: the holder renewed or ended it meanwhile, or it holds no slot. The slot stays held, and
    // with it the task runs: its new owner asks again what the old one waited for.
    [[nodiscard]] Result<std::optional<Lease>> takeOver(TaskId id, qint64 epoch, const QString &owner,
                                                        qint64 nowMs, qint64 leaseMs);

    // The same for one without a slot: into the queue again, before new work, `recovered`. False: not any
    // more.
    [[nodiscard]] Result<bool> giveBack(TaskId id, qint64 epoch, qint64 nowMs);

    // The holder's transitions; Conflict when the epoch is not current or it has ended. A second setWaiting()
    // or goOn() changes nothing: the first may have met a store that took no writes. While it waits the time
    // of its work stands still.
    [[nodiscard]] Status setWaiting(TaskId id, qint64 epoch, qint64 nowMs, bool keepsSlot);
    // True: it goes on. False: its slot was given up, and it is in the queue for another, before new work.
    [[nodiscard]] Result<bool> goOn(TaskId id, qint64 epoch, qint64 nowMs);
    // The clock was set, or the machine slept.
    [[nodiscard]] Status shiftDeadline(TaskId id, qint64 epoch, qint64 byMs);
    // Back to the queue until `notBeforeMs`, because of a limit; then it goes before new work.
    // What was put off may begin at once, for what it waits for may have changed.
    [[nodiscard]] Status lookAgain(qint64 nowMs);
    [[nodiscard]] Status putOff(TaskId id, qint64 epoch, qint64 nowMs, qint64 notBeforeMs);
    // Back to the queue: answered (before new work), or put off until `notBeforeMs`.
    [[nodiscard]] Status requeue(TaskId id, qint64 epoch, qint64 nowMs, qint64 notBeforeMs, bool answered);
    [[nodiscard]] Status finish(TaskId id, qint64 epoch, qint64 nowMs, const TaskEnd &end);
    [[nodiscard]] Status setSession(TaskId id, qint64 epoch, SessionId session);
    [[nodiscard]] Status setUsage(TaskId id, qint64 epoch, qint64 turns, const UsageTotals &usage);
    [[nodiscard]] Status setOutput(TaskId id, qint64 epoch, const QJsonObject &output);
    [[nodiscard]] Status setResolved(TaskId id, const QString &runtime, const QString &model,
                                     const QString &reason);

    // Without a lease: a queued task ends (Conflict if it was claimed meanwhile); a claimed one is asked to.
    [[nodiscard]] Status cancelQueued(TaskId id, qint64 nowMs, const TaskEnd &end);
    [[nodiscard]] Status requestCancel(TaskId id, qint64 nowMs);

    // The queue (task_queue.cpp): in the order in which it begins; what holds slots, the longest first; the
    // pools of all that has not ended, each task's own first.
    [[nodiscard]] Result<std::vector<TaskRow>> queue(qint64 nowMs, int limit);
    [[nodiscard]] Result<std::vector<TaskRow>> holding();
    [[nodiscard]] Result<QueueCounts> queueCounts(qint64 nowMs);
    [[nodiscard]] Result<qint64> chatsStreaming();
    [[nodiscard]] Result<qint64> turnsOf(RunId run); // of all its tasks
    [[nodiscard]] Result<std::vector<TaskPool>> poolsOfOpen();
    [[nodiscard]] Result<QStringList> poolsOf(TaskId id);
    // Of the last ones of the pool that completed; none: there is none.
    [[nodiscard]] Result<std::optional<qint64>> medianWorkMs(const QString &pool);
    [[nodiscard]] Result<std::optional<QString>> fullPoolOf(TaskId id); // none: each has a slot
    // What a person changes while it is queued; false: it is not.
    [[nodiscard]] Result<bool> runNext(TaskId id, bool forced);
    [[nodiscard]] Result<bool> setPriority(TaskId id, int priority);
    // Conflict: it has not ended, or is superseded already.
    [[nodiscard]] Status setSuperseded(TaskId id, TaskId by);

private:
    // Of tasks `t`; what stands for the moment and for raisedAfterMs.
    [[nodiscard]] static QString queueOrder(const QString &now, const QString &raisedAfter);
    [[nodiscard]] static Status fenced(const Result<qint64> &changed, TaskId id);
    [[nodiscard]] Status addToPools(TaskId id, const QStringList &pools);

    Connection &m_db;
};

class PoolRepository {
public:
    explicit PoolRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<std::vector<PoolRow>> list();
    [[nodiscard]] Result<std::optional<PoolRow>> find(const QString &name);
    // Makes it or changes its cap.
    [[nodiscard]] Status setCap(const QString &name, std::optional<int> cap);
    // Makes it or changes it, all but what it shares.
    [[nodiscard]] Status put(const PoolRow &pool);
    // Conflict: tasks that have not ended need slots of it, or another pool shares it.
    [[nodiscard]] Status remove(const QString &name);
    [[nodiscard]] Result<std::vector<PoolLoad>> loads();

private:
    Connection &m_db;
};

} // namespace muster
