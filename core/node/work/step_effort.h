// Whether an agent gets anywhere on a step: sessions that ended by themselves without having done it are
// counted, and progress is a growing diff or files that none of them had read before, not tool calls. Ends
// that were forced from outside do not count. Pure. Source: spec "agents", Stuck agents.
#pragma once

#include "core/store/limit_repository.h"
#include "core/tasks/task.h"

namespace muster {

inline constexpr int mostIdleEfforts = 3;
inline constexpr int mostUncommittedEfforts = 8;

// It ended by its own doing: not stopped, limited, cut off, or unable to begin.
[[nodiscard]] bool isOwnEnd(FailureReason reason);

// Of all efforts of a step, the oldest first: why no other may follow, as a detail with its number
// ("no_progress 3", "never_committed 8"); empty: another may.
[[nodiscard]] QString stuckDetail(const std::vector<EffortRow> &efforts);

} // namespace muster
