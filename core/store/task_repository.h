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
        std::optional<qint64> deadlineMs; // none: leave the one set before
    };
    // The new lease, or none: not queued, not yet, or no slot.
    [[nodiscard]] Result<std::optional<Lease>> claim(TaskId id, const Claim &claim);
    struct Claimed {
        TaskId id;
        Lease lease;
    };
    // The next of a pool in its order: a person's chat first, then answered, then priority (raised by one
    // after ten minutes of waiting), then oldest. `pool` empty: of any pool.
    [[nodiscard]] Result<std::optional<Claimed>> claimNext(const QString &pool, const Claim &claim);

    // Conflict: the lease is lost.
    [[nodiscard]] Status renew(TaskId id, qint64 epoch, qint64 expiresAtMs);
    // Expired leases of tasks that have not ended.
    [[nodiscard]] Result<std::vector<TaskRow>> expired(qint64 nowMs);

    // Every lease that is held, so that those of owners proven dead can be found.
    [[nodiscard]] Result<std::vector<TaskRow>> leased();
    // The reaper's: an expired or dead holder's lease, taken over in one statement to end or requeue the
    // task; none: the holder renewed or ended it meanwhile. The slot stays held until then, and with it the
    // task runs: its new owner asks again what the old one waited for.
    [[nodiscard]] Result<std::optional<Lease>> takeOver(TaskId id, qint64 epoch, const QString &owner,
                                                        qint64 nowMs, qint64 leaseMs);

    // The holder's transitions; Conflict when the epoch is not current or the status does not allow it. A
    // second setWaiting() or resumeFromWaiting() changes nothing: the first may have met a store that took no
    // writes.
    [[nodiscard]] Status setWaiting(TaskId id, qint64 epoch, bool keepsSlot);
    [[nodiscard]] Status resumeFromWaiting(TaskId id, qint64 epoch); // only with its slot kept
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

private:
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
    // Makes it or changes its cap.
    [[nodiscard]] Status setCap(const QString &name, std::optional<int> cap);
    [[nodiscard]] Result<std::vector<PoolLoad>> loads();

private:
    Connection &m_db;
};

} // namespace muster
