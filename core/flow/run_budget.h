// The money of a run: what its attempts have cost together, those under way included, and what follows when
// its budget is nearly or wholly spent. Part of the rules: pure. Money is micro-USD.
#pragma once

#include "core/flow/flow_state.h"

#include <vector>

namespace muster {

[[nodiscard]] qint64 spentOf(const FlowState &state);

// False: said before, or of no interest.
[[nodiscard]] bool takeSpent(const FlowDefinition &definition, FlowState &state, UnitRef unit,
                             qint64 costMicroUsd);
// What an attempt cost in the end takes the place of what it said on the way.
void takeFinalCost(FlowState &state, UnitRef unit, const AttemptUsage &usage);

// That it is near or crossed, each told once; with the latter all agents are stopped.
[[nodiscard]] std::vector<FlowFact> budgetFacts(const FlowDefinition &definition, const FlowState &state);
// An agent may neither begin nor begin again once it is crossed.
[[nodiscard]] bool isBroke(const FlowDefinition &definition, const FlowState &state, int step);
[[nodiscard]] RunFinished brokeVerdict(const FlowDefinition &definition, const FlowState &state);

} // namespace muster
