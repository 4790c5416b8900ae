// One pass over the schedules: what has ended is closed, then each schedule that is due is looked at in a
// transaction of its own, in which every nominal time gets its one record. A firing is the insertion of a
// queued task, or of the wish to start a flow, in the same transaction that moves the schedule on, so that of
// several cores one fires it. Writer's thread.
#pragma once

#include "core/node/events/ledger.h"
#include "core/node/schedules/loop_watch.h"
#include "core/store/schedule_rows.h"

namespace muster {

// How a pass begins.
struct PassBegin {
    bool isMine = false; // else another core passes
    std::vector<ScheduleId> due;
    std::vector<FiringId> running; // that work now
};

// What is left to do after the look at one schedule.
struct PassStep {
    bool more = false;        // times are left to account for
    QStringList stoppedTasks; // keys: the overlap rule ends them
    std::vector<RunId> stoppedRuns;
};

// And after all of them.
struct PassEnd {
    std::vector<FiringRow> starting; // flows to begin
    std::optional<qint64> nextMs;    // when the next is due and may fire
};

inline constexpr qint64 kPassLeaseMs = 60'000;

// Takes the scheduler's lease, or keeps it. `owner`: this process, as leases name it. `measures`: how it has
// done while firings worked, which is kept with those that have ended.
[[nodiscard]] Result<PassBegin> beginPass(Connection &db, EventBatch &log, const QString &owner,
                                          const LoopMeasures &measures = {});
// Conflict: another core was first. InvalidArgument, NotFound: nothing of it can fire as it is.
[[nodiscard]] Result<PassStep> passSchedule(Connection &db, EventBatch &log, ScheduleId id);
// For such a one: it is paused, and the log says why.
[[nodiscard]] Status setAside(Connection &db, EventBatch &log, ScheduleId id, const Error &why);
// By a reader.
[[nodiscard]] Result<PassEnd> endPass(Connection &db, qint64 nowMs);

} // namespace muster
