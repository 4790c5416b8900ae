// What `muster run` and `muster runs show` tell of a run that has ended. Main thread.
#pragma once

#include "core/node/api/values.h"

namespace muster::app {

// Each step that failed or ran out of time: why, and at most its last 20 lines.
void printFailures(const api::RunDetail &detail);
// What a run that has ended has to show for itself: its result; where it did not complete, what its steps
// made until then, and how to go on.
void printOutcome(const api::RunDetail &detail);

} // namespace muster::app
