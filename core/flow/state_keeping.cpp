#include "core/flow/rules.h"
#include "core/flow/state_editor.h"

// What a run takes over from the one that it runs again: settled before anything begins, in the order in
// which the steps need each other.

namespace muster {

bool isFailure(StepStatus status)
{
    return status == StepStatus::Failed || status == StepStatus::TimedOut || status == StepStatus::Cancelled;
}

bool isMadeGood(const StepDefinition &step, StepStatus status, std::optional<FailureReason> reason)
{
    return step.onError != OnError::Fail && status != StepStatus::Cancelled && isFailure(status) &&
           reason != FailureReason::DependencyFailed;
}

namespace {

StepSettled settledAs(const KeptUnit &kept)
{
    return {.step = {},
            .item = kept.item,
            .status = kept.status,
            .reason = kept.reason,
            .detail = kept.detail,
            .atFault = {}};
}

} // namespace

void StateEditor::takeOver(UnitRef ref, const KeptUnit &kept, RunId from)
{
    UnitState &unit = m_state.unit(ref);
    unit.keptFrom = from;
    unit.attempt = kept.attempt;
    unit.approved = kept.approved;
    unit.result = kept.result;
    unit.endedAtMs = m_state.startedAtMs;
}

bool StateEditor::keep(int step, const StepKept &kept)
{
    StepState &state = stepState(step);
    const auto isOutside = [&](const KeptUnit &item) {
        return item.item < 0 || item.item >= kept.list.size();
    };
    const auto cases = static_cast<int>(m_definition.step(step).cases.size());
    if (state.unit.phase != UnitPhase::Pending || std::ranges::any_of(kept.items, isOutside) ||
        kept.branch >= cases)
        return false;
    state.list = kept.list;
    if (isSettled(kept.unit.status)) {
        settleKept(step, kept);
    } else {
        state.unit.keptFrom = kept.from;
        state.keptItems = kept.items;
    }
    if (--m_state.keptDue == 0)
        beginRun();
    return true;
}

void StateEditor::settleKept(int step, const StepKept &kept)
{
    const StepDefinition &definition = m_definition.step(step);
    StepState &state = stepState(step);
    state.passedOver = kept.passedOver;
    state.branch = kept.branch;
    state.round = kept.round;
    state.lastRound = kept.lastRound;
    state.items.resize(static_cast<size_t>(kept.list.size()));
    for (const KeptUnit &item : kept.items) {
        takeOver({step, item.item}, item, kept.from);
        settleUnit({step, item.item}, settledAs(item));
    }
    takeOver({step, kNoItem}, kept.unit, kept.from);
    settleUnit({step, kNoItem}, settledAs(kept.unit));
    m_state.excluded.erase(step);
    --m_state.openSteps;
    m_state.openMain -= definition.isFinal ? 0 : 1;
    if (definition.loop >= 0)
        return; // what its loop came to is what others see
    const bool madeGood = isMadeGood(definition, kept.unit.status, kept.unit.reason);
    if (definition.kind == StepKind::Switch && (!isFailure(kept.unit.status) || madeGood))
        leaveOutBranches(step);
    tellDependents(step, kept.unit.status, madeGood);
    if (definition.jumpTo >= 0)
        --stepState(definition.jumpTo).jumpersOpen;
}

// The list is that of the earlier run; its items that are not kept begin.
void StateEditor::expandKept(int step)
{
    StepState &state = stepState(step);
    const std::vector<KeptUnit> kept = std::exchange(state.keptItems, {});
    expand(step, QJsonArray(state.list));
    for (const KeptUnit &item : kept) {
        takeOver({step, item.item}, item, state.unit.keptFrom);
        settleItem({step, item.item}, settledAs(item));
    }
    state.unit.keptFrom = {};
}

void StateEditor::consider(int step)
{
    const StepDefinition &definition = m_definition.step(step);
    if (!definition.needs.empty())
        reconsider(step);
    else if (definition.jumpedFrom.empty())
        beginIfFirst(step);
    else
        considerJumpTarget(step);
}

void StateEditor::considerJumpTarget(int step)
{
    if (stepState(step).unit.phase != UnitPhase::Pending)
        return;
    const auto jumped = [this](int jumper) {
        const UnitState &unit = stepState(jumper).unit;
        return unit.phase == UnitPhase::Settled &&
               isMadeGood(m_definition.step(jumper), unit.status, unit.reason);
    };
    if (std::ranges::any_of(m_definition.step(step).jumpedFrom, jumped))
        begin(step);
    else if (stepState(step).jumpersOpen == 0)
        m_state.excluded.insert(step);
}

} // namespace muster
