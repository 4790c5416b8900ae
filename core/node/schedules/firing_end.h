// How firings get on: claimed, ended, and what an end does to the streaks of its schedule. Within the
// transaction of a pass. Writer's thread.
#pragma once

#include "core/node/events/ledger.h"
#include "core/node/schedules/loop_watch.h"
#include "core/store/firing_repository.h"

namespace muster {

// Looks at the task or run of every open firing; gives those that still work. `measures`: of those that
// worked before.
[[nodiscard]] Result<std::vector<FiringId>> followFirings(Connection &db, EventBatch &log,
                                                          const LoopMeasures &measures);
// It could not be begun, or has ended: closes it, counts it, and pauses its schedule by the rules.
[[nodiscard]] Status closeFiring(Connection &db, EventBatch &log, const FiringRow &ended);

} // namespace muster
