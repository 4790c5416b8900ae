// What running again has kept and does anew, as words for people. As describe.h.
#pragma once

#include "core/node/api/rerun_values.h"
#include "core/node/api/values.h"

namespace muster {

// "Whole run", "From write", "Only what failed", "Past write", "With the changed file".
[[nodiscard]] QString describe(RerunMode mode, const QString &step);
// "Again from #3 (only what failed), 2 steps kept"; empty for a run that is none of another.
[[nodiscard]] QString describeRerun(const api::RunInfo &run);
// "write: failed", "tell: needs write", "read: failed, 4 items kept".
[[nodiscard]] QString describeRedone(const api::RedoneStep &step);
// What would be done, or why it cannot be.
[[nodiscard]] QString describeChoice(const api::RerunChoice &choice);
// "Completed (kept from #3)".
[[nodiscard]] QString withKept(const QString &status, const api::StepInfo &step);

} // namespace muster
