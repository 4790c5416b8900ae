#include "core/flow/run_summary.h"

namespace muster {

FlowStepRow stepRow(const FlowDefinition &definition, const FlowState &state, UnitRef unit)
{
    const StepDefinition &step = definition.step(unit.step);
    if (!state.hasUnit(unit))
        return FlowStepRow{.step = step.id,
                           .item = unit.item,
                           .kind = step.kind,
                           .status = StepStatus::Excluded,
                           .attempt = state.steps[static_cast<size_t>(unit.step)].firstItemAttempt};
    const UnitState &now = state.unit(unit);
    return FlowStepRow{.step = step.id,
                       .item = unit.item,
                       .kind = step.kind,
                       .status = now.status,
                       .attempt = now.attempt,
                       .keptFrom = now.phase == UnitPhase::Settled ? now.keptFrom : RunId{},
                       .reason = now.reason,
                       .detail = now.detail,
                       .atFault = now.atFault,
                       .startedAtMs = now.startedAtMs,
                       .endedAtMs = now.phase == UnitPhase::Settled ? now.endedAtMs : 0,
                       .wakeAtMs = now.wakeAtMs,
                       .output = now.result.output,
                       .branch = now.result.branch,
                       .files = now.result.files,
                       .exitCode = now.result.exitCode,
                       .approved = now.approved,
                       .usage = now.result.usage};
}

FlowRunRow runRow(const FlowState &state)
{
    FlowRunRow row{.status = runStatusOf(state),
                   .reason = {},
                   .detail = {},
                   .step = {},
                   .startedAtMs = state.startedAtMs,
                   .endedAtMs = state.endedAtMs};
    if (state.verdict) {
        row.reason = state.verdict->reason;
        row.detail = state.verdict->detail;
        row.step = state.verdict->step;
    }
    return row;
}

std::vector<FlowStepRow> allStepRows(const FlowDefinition &definition, const FlowState &state)
{
    std::vector<FlowStepRow> rows;
    for (int step = 0; step < definition.stepCount(); ++step) {
        rows.push_back(stepRow(definition, state, {step, kNoItem}));
        const auto items = static_cast<int>(state.steps[static_cast<size_t>(step)].items.size());
        for (int item = 0; item < items; ++item)
            rows.push_back(stepRow(definition, state, {step, item}));
    }
    return rows;
}

} // namespace muster
