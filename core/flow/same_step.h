// Whether a step would do the same under two definitions of its flow. Pure; any thread.
#pragma once

#include "core/flow/flow_definition.h"

namespace muster {

// The step `id`, in both: kind, text, list, place and agent, what it needs and when it begins, and all steps
// of a loop. What only bounds it (times, retries, budgets, permissions, batches), and what others make of its
// end, does not count.
[[nodiscard]] bool isSameStep(const FlowDefinition &one, const FlowDefinition &other, const QString &id);

} // namespace muster
