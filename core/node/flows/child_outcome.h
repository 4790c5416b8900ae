// How a run of a flow step ended, as the attempt of that step: what its steps have to show, cut to a bounded
// size. Thread of the connection.
#pragma once

#include "core/flow/flow_event.h"
#include "core/store/connection.h"
#include "core/store/run_rows.h"

namespace muster {

// Of a settled run. `json` is { run: number, status, steps: { ID: { status, output, json, outputs, branch } }
// }; `cut` is true in it, or in a step, where something was left out.
[[nodiscard]] Result<AttemptResult> childOutcome(Connection &db, const RunRow &run);

// What its attempts have taken so far, but for those under way.
[[nodiscard]] Result<AttemptUsage> childUsage(Connection &db, RunId run);

} // namespace muster
