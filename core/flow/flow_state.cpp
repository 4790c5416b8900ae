#include "core/flow/flow_state.h"

namespace muster {

const UnitState &FlowState::unit(UnitRef ref) const
{
    const StepState &step = steps[static_cast<size_t>(ref.step)];
    return ref.item == kNoItem ? step.unit : step.items[static_cast<size_t>(ref.item)];
}

UnitState &FlowState::unit(UnitRef ref)
{
    StepState &step = steps[static_cast<size_t>(ref.step)];
    return ref.item == kNoItem ? step.unit : step.items[static_cast<size_t>(ref.item)];
}

bool FlowState::hasUnit(UnitRef ref) const
{
    if (ref.step < 0 || static_cast<size_t>(ref.step) >= steps.size())
        return false;
    const auto items = static_cast<int>(steps[static_cast<size_t>(ref.step)].items.size());
    return ref.item == kNoItem || (ref.item >= 0 && ref.item < items);
}

FlowState initialState(const FlowDefinition &definition)
{
    FlowState state;
    state.steps.resize(definition.steps.size());
    state.openSteps = definition.stepCount();
    for (size_t i = 0; i < definition.steps.size(); ++i) {
        const StepDefinition &step = definition.steps[i];
        state.openMain += step.isFinal ? 0 : 1;
        state.steps[i].jumpersOpen = static_cast<int>(step.jumpedFrom.size());
    }
    state.batchActive.assign(definition.batches.size(), 0);
    state.laneActive.assign(static_cast<size_t>(definition.laneCount), 0);
    return state;
}

RunStatus runStatusOf(const FlowState &state)
{
    if (state.verdict)
        return state.verdict->status;
    if (!state.started)
        return RunStatus::Queued;
    const bool quiet = state.runningUnits == 0 && state.evaluating.empty() && state.toEvaluate.empty();
    if (state.pausedBy && quiet)
        return RunStatus::Paused;
    const bool onlyWaits = state.waitingUnits > 0 && quiet;
    return onlyWaits ? RunStatus::Waiting : RunStatus::Running;
}

std::set<UnitRef> takeTouched(FlowState &state) { return std::exchange(state.touched, {}); }

} // namespace muster
