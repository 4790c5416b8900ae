// Run now: what stands in the way of a queued task, and what is written down when a person passes it over.
// Within a transaction. Source: spec "tasks and schedules", Pools and slots.
#pragma once

#include "core/node/events/ledger.h"
#include "core/store/task_repository.h"
#include "core/tasks/task_ports.h"

namespace muster {

// How this node finds the machine.
struct MachineLook {
    std::optional<HeldBack> heldBack; // none: it can bear more
    qint64 nextLookMs = 0;            // until it looks again
};

// Conflict "at_capacity" as a value, none where nothing does: `where` is the full pool, or what the machine
// lacks, and the moment when that may be over, in UTC milliseconds, 0 if nobody knows.
[[nodiscard]] Result<std::optional<Error>> obstacle(Connection &db, TaskId task, const MachineLook &machine,
                                                    qint64 nowMs);
// It begins before all others, and in spite of what stands in its way where `passed` says something: that is
// in the audit then.
[[nodiscard]] Status beginNext(Connection &db, EventBatch &log, const TaskRow &task,
                               const std::optional<Error> &passed, const QString &by);

} // namespace muster
