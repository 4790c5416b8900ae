// What a run that is run again keeps of the earlier one, and what it does anew. Pure; any thread. Source:
// spec "flows", After a crash, and re-run; docs/flow-format.md, Running again.
//
// Kept is what has a result: completed, skipped, or a failure that `on_error` made good. Done anew is what
// the mode asks for, what has no result, and all that needs either, directly or not; `finally` always. What
// is excluded follows from the rules once more. A foreach that failed by itself does only those of its items
// anew that did not complete.
#pragma once

#include "core/base/result.h"
#include "core/events/rerun.h"
#include "core/flow/flow_state.h"

#include <vector>

namespace muster {

struct RerunAsk {
    RerunMode mode = RerunMode::Whole;
    QString step; // From, Skip; a group stands for its steps
};

struct RedoneStep {
    QString step;
    RedoReason why = RedoReason::Asked;
    QString because; // Needs: the step that it needs
    int keptItems = 0;
};

struct RerunPlan {
    std::vector<StepKept> kept;     // in the order in which they need each other, steps of a loop before it
    std::vector<RedoneStep> redone; // without those within loops

    // Those that an earlier run did, also within loops; not those that are skipped now.
    [[nodiscard]] QStringList keptSteps() const;
};

// `earlier` and `state`: the run that is run again, folded from its journal; `now`: the definition of the new
// one, the same but for Edited. Refused as RerunRefusal says, with NotFound for an unknown step, else
// Conflict.
[[nodiscard]] Result<RerunPlan> planRerun(const FlowDefinition &earlier, const FlowState &state,
                                          const FlowDefinition &now, const RerunAsk &ask);

} // namespace muster
