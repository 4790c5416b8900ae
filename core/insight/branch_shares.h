// Which steps run in the cheapest, the likely and the dearest course of a flow: how much of each counts.
// Not for other modules.
#pragma once

#include "core/flow/flow_definition.h"

#include <vector>

namespace muster {

struct Share {
    double low = 1; // 0 or 1
    double likely = 1;
    double high = 1; // 0 or 1
};

// What a step takes by itself, in one unit for all steps.
struct Weight {
    double low = 0;
    double likely = 0;
    double high = 0;
};

// Both by step.
[[nodiscard]] std::vector<Share> branchShares(const FlowDefinition &flow, const std::vector<Weight> &weights);

} // namespace muster
