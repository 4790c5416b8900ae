#include "core/flow/flow_definition.h"

namespace muster {

bool FlowText::isOneExpression() const
{
    return expressions.size() == 1 && literals.first().trimmed().isEmpty() &&
           literals.last().trimmed().isEmpty();
}

bool FlowDefinition::usesWorktrees() const
{
    return std::ranges::any_of(steps, [](const StepDefinition &step) {
        return step.isWork() && step.isolation != StepIsolation::None;
    });
}

} // namespace muster
