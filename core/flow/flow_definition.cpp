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
        return (step.isWork() && step.isolation != StepIsolation::None) || step.kind == StepKind::Merge;
    });
}

QStringList FlowDefinition::flows() const
{
    QStringList names;
    for (const StepDefinition &step : steps) {
        if (step.kind == StepKind::Flow && !names.contains(step.flow))
            names.append(step.flow);
    }
    return names;
}

} // namespace muster
