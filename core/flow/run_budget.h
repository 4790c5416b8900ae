// The money of a run: what its attempts have cost together, those under way included, and what follows when
// its budget is nearly or wholly spent. Part of the rules: pure. Money is micro-USD.
#pragma once

#include "core/flow/flow_state.h"

#include <vector>

namespace muster {

[[nodiscard]] qint64 spentOf(const FlowState &state);

// Also in a run without a budget: one that it is part of may have one. False: said before.
[[nodiscard]] bool takeSpent(FlowState &state, UnitRef unit, qint64 costMicroUsd);
// What an attempt cost in the end takes the place of what it said on the way.
void takeFinalCost(FlowState &state, UnitRef unit, const AttemptUsage &usage);

// That it is near or crossed, each told once. With the latter, or where the budget of a run that this one is
// part of was crossed, all agents and runs of flow steps are stopped.
[[nodiscard]] std::vector<FlowFact> budgetFacts(const FlowDefinition &definition, const FlowState &state);
// Neither an agent nor a run of a flow step may begin, or begin again, once it is crossed.
[[nodiscard]] bool isBroke(const FlowDefinition &definition, const FlowState &state, int step);
[[nodiscard]] RunFinished brokeVerdict(const FlowState &state);

} // namespace muster
