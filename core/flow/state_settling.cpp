#include "core/flow/evaluation.h"
#include "core/flow/rules.h"
#include "core/flow/state_editor.h"

// What it means for others that a unit begins or settles: triggers, branches, jumps, joins, rounds of loops.

namespace muster {

namespace {

bool goesOnUnlessExcluded(StepTrigger trigger)
{
    return trigger == StepTrigger::AllDone || trigger == StepTrigger::Always;
}

} // namespace

void StateEditor::beginRun()
{
    for (int step = 0; step < m_definition.stepCount(); ++step) {
        m_state.touched.insert({step, kNoItem});
        const StepDefinition &definition = m_definition.step(step);
        if (definition.loop < 0 && !definition.isFinal)
            consider(step);
    }
    if (m_state.openMain == 0)
        beginFinal();
}

void StateEditor::beginIfFirst(int step)
{
    const StepDefinition &definition = m_definition.step(step);
    const bool pending = stepState(step).unit.phase == UnitPhase::Pending;
    if (pending && definition.needs.empty() && definition.jumpedFrom.empty())
        begin(step);
}

void StateEditor::reconsider(int step)
{
    const StepDefinition &definition = m_definition.step(step);
    const StepState &state = stepState(step);
    if (state.unit.phase != UnitPhase::Pending || m_state.keptDue > 0)
        return;
    if (state.leftOut) {
        m_state.excluded.insert(step);
        return;
    }
    // Whether it is part of the run must not depend on which of its needs is quicker.
    if (std::ranges::any_of(definition.switchedBy,
                            [&](int index) { return stepState(index).unit.phase != UnitPhase::Settled; }))
        return;
    const int needs = static_cast<int>(definition.needs.size());
    const bool settled =
        state.needsCompleted + state.needsSkipped + state.needsFailed + state.needsExcluded == needs;
    const bool noneLeft = needs > 0 && state.needsExcluded == needs;
    if (noneLeft && !goesOnUnlessExcluded(definition.trigger)) {
        m_state.excluded.insert(step);
        return;
    }
    bool met = settled;
    bool lost = false;
    if (definition.trigger == StepTrigger::AllSuccess) {
        met = settled && state.needsFailed == 0;
        lost = state.needsFailed > 0;
    } else if (definition.trigger == StepTrigger::OneSuccess) {
        met = needs == 0 || state.needsCompleted > 0;
        lost = !met && settled;
    }
    if (met && definition.trigger == StepTrigger::AllSuccess && state.skipsSpreading > 0)
        m_state.skipping.insert(step);
    else if (met)
        begin(step);
    else if (lost)
        m_state.doomed.insert(step);
}

void StateEditor::begin(int step)
{
    if (const int group = m_definition.step(step).group; group >= 0)
        startJoinClock(group);
    if (m_definition.step(step).when)
        moveTo({step, kNoItem}, UnitPhase::Condition);
    else
        afterCondition(step);
}

void StateEditor::afterCondition(int step)
{
    const StepDefinition &definition = m_definition.step(step);
    if (!stepState(step).keptItems.empty())
        expandKept(step);
    else if (definition.foreach)
        moveTo({step, kNoItem}, UnitPhase::List);
    else if (definition.kind == StepKind::Group)
        moveTo({step, kNoItem}, UnitPhase::Ended);
    else
        prepare({step, kNoItem});
}

void StateEditor::expand(int step, const QJsonArray &items)
{
    StepState &state = stepState(step);
    UnitState fresh;
    fresh.attempt = state.firstItemAttempt;
    state.list = items;
    state.items.assign(static_cast<size_t>(items.size()), fresh);
    state.itemsOpen = static_cast<int>(items.size());
    moveTo({step, kNoItem}, UnitPhase::Items);
    startJoinClock(step);
    for (int item = 0; item < state.itemsOpen; ++item)
        prepare({step, item});
    if (items.isEmpty())
        m_state.joinable.insert(step);
}

void StateEditor::startJoinClock(int step)
{
    const qint64 timeout = m_definition.step(step).joinTimeoutMs;
    const StepState &state = stepState(step);
    const bool settled = state.unit.phase == UnitPhase::Settled; // before all of its steps had begun
    if (timeout > 0 && state.unit.wakeAtMs == 0 && !state.joinTimedOut && !settled)
        setWake({step, kNoItem}, m_atMs + timeout);
}

void StateEditor::joinTimedOut(int step)
{
    StepState &state = stepState(step);
    state.joinTimedOut = true;
    setWake({step, kNoItem}, 0);
    if (m_definition.step(step).kind == StepKind::Group) {
        m_state.groupsClosing.insert(step);
    } else {
        state.itemsClosing = true;
        m_state.joinable.insert(step);
    }
}

void StateEditor::prepare(UnitRef ref)
{
    const StepDefinition &step = definitionOf(ref);
    const bool constant = step.text.isConstant() && (!step.show || step.show->isConstant());
    moveTo(ref, constant && step.kind != StepKind::Script ? UnitPhase::Startable : UnitPhase::Text);
}

void StateEditor::prepared(UnitRef ref) { moveTo(ref, UnitPhase::Startable); }

void StateEditor::settleUnit(UnitRef ref, const StepSettled &how)
{
    moveTo(ref, UnitPhase::Settled);
    UnitState &unit = m_state.unit(ref);
    unit.status = how.status;
    unit.reason = how.reason;
    unit.detail = how.detail;
    unit.atFault = how.atFault;
}

void StateEditor::settleStep(int step, const StepSettled &how)
{
    const StepDefinition &definition = m_definition.step(step);
    settleUnit({step, kNoItem}, how);
    m_state.doomed.erase(step);
    m_state.excluded.erase(step);
    m_state.skipping.erase(step);
    m_state.joinable.erase(step);
    m_state.roundsOver.erase(step);
    m_state.groupsClosing.erase(step);
    --m_state.openSteps;
    const bool madeGood = isMadeGood(definition, how.status, how.reason);
    if (isFailure(how.status) && !definition.optional && !madeGood)
        countFailure(step, how.status);
    if (definition.kind == StepKind::Loop)
        leaveOutBody(step);
    if (definition.kind == StepKind::Switch && (!isFailure(how.status) || madeGood))
        leaveOutBranches(step);
    tellDependents(step, how.status, madeGood);
    tellJumpTarget(step, madeGood);
    if (definition.loop >= 0 && --stepState(definition.loop).bodyOpen == 0)
        endRound(definition.loop);
    if (!definition.isFinal && --m_state.openMain == 0)
        beginFinal();
}

// What was let go because the time of its group was up: whether that is a failure is the group's to say.
bool StateEditor::isLetGoByGroup(int step, StepStatus status) const
{
    const int group = m_definition.step(step).group;
    return group >= 0 && m_state.steps[static_cast<size_t>(group)].joinTimedOut && isFailure(status);
}

// A failure within a loop is the loop's, which decides what it means outside.
void StateEditor::countFailure(int step, StepStatus status)
{
    // A step that was cancelled because the run stopped is not why it stopped.
    if (isLetGoByGroup(step, status) || (status == StepStatus::Cancelled && m_state.isStopping()))
        return;
    const bool stop = m_definition.onFailure == OnFailure::Stop;
    if (const int loop = m_definition.step(step).loop; loop >= 0) {
        StepState &state = stepState(loop);
        if (state.failedInBody >= 0)
            return;
        state.failedInBody = step;
        if (stop)
            m_state.bodiesClosing.insert(loop);
        return;
    }
    if (m_state.failedStep < 0)
        m_state.failedStep = step;
    if (stop)
        halt();
}

void StateEditor::halt()
{
    if (m_state.halted)
        return;
    m_state.halted = true;
    m_state.sweepDue = true;
}

void StateEditor::leaveOut(int step)
{
    stepState(step).leftOut = true;
    if (stepState(step).unit.phase == UnitPhase::Pending)
        m_state.excluded.insert(step);
}

// Before those that need the switch are told, so that none of another branch begins.
void StateEditor::leaveOutBranches(int step)
{
    const std::vector<SwitchCase> &cases = m_definition.step(step).cases;
    const int taken = stepState(step).branch;
    for (int index = 0; index < static_cast<int>(cases.size()); ++index) {
        for (const int other : cases[static_cast<size_t>(index)].then) {
            const bool shared =
                taken >= 0 && std::ranges::contains(cases[static_cast<size_t>(taken)].then, other);
            if (index != taken && !shared)
                leaveOut(other);
        }
    }
}

void StateEditor::leaveOutBody(int loop)
{
    for (const int step : m_definition.step(loop).body) {
        if (stepState(step).unit.phase != UnitPhase::Settled)
            leaveOut(step);
    }
}

void StateEditor::tellDependents(int step, StepStatus status, bool madeGood)
{
    const StepDefinition &definition = m_definition.step(step);
    const bool jumped = madeGood && definition.onError == OnError::Goto;
    const bool skippedForNeed =
        definition.trigger == StepTrigger::AllSuccess && stepState(step).skipsSpreading > 0;
    const bool spreads = status == StepStatus::Skipped && !stepState(step).passedOver &&
                         (definition.onSkip == OnSkip::Propagate || skippedForNeed);
    for (const int dependent : definition.neededBy) {
        StepState &state = stepState(dependent);
        if (status == StepStatus::Completed) {
            ++state.needsCompleted;
        } else if (status == StepStatus::Excluded || jumped) {
            ++state.needsExcluded;
        } else if (isFailure(status) && !madeGood) {
            ++state.needsFailed;
            if (state.faultyNeed < 0)
                state.faultyNeed = step;
        } else {
            ++state.needsSkipped;
            state.skipsSpreading += spreads ? 1 : 0;
        }
        reconsider(dependent);
    }
}

void StateEditor::tellJumpTarget(int step, bool madeGood)
{
    const StepDefinition &definition = m_definition.step(step);
    if (definition.jumpTo < 0)
        return;
    StepState &target = stepState(definition.jumpTo);
    --target.jumpersOpen;
    if (target.unit.phase != UnitPhase::Pending)
        return;
    if (madeGood && !target.leftOut)
        begin(definition.jumpTo);
    else if (target.jumpersOpen == 0)
        m_state.excluded.insert(definition.jumpTo);
}

void StateEditor::beginFinal()
{
    for (int step = 0; step < m_definition.stepCount(); ++step) {
        if (m_definition.step(step).isFinal && m_definition.step(step).loop < 0)
            consider(step);
    }
}

void StateEditor::beginRound(int loop, int round)
{
    const std::vector<int> &body = m_definition.step(loop).body;
    StepState &state = stepState(loop);
    if (round > 1) {
        m_state.openSteps += static_cast<int>(body.size());
        if (!m_definition.step(loop).isFinal)
            m_state.openMain += static_cast<int>(body.size());
    }
    state.round = round;
    state.roundDone = false;
    state.failedInBody = -1;
    state.bodyOpen = static_cast<int>(body.size());
    m_state.roundsOver.erase(loop);
    moveTo({loop, kNoItem}, UnitPhase::Rounds);
    for (const int step : body)
        renew(step);
    for (const int step : body)
        beginIfFirst(step);
}

// As at the start of the run, but that the numbers of attempts go on, because they name what was done.
void StateEditor::renew(int step)
{
    StepState &state = stepState(step);
    StepState fresh;
    fresh.unit.attempt = state.unit.attempt;
    fresh.firstItemAttempt = state.firstItemAttempt;
    for (const UnitState &item : state.items)
        fresh.firstItemAttempt = std::max(fresh.firstItemAttempt, item.attempt);
    fresh.jumpersOpen = static_cast<int>(m_definition.step(step).jumpedFrom.size());
    state = std::move(fresh);
    m_state.touched.insert({step, kNoItem});
}

void StateEditor::endRound(int loop)
{
    StepState &state = stepState(loop);
    if (state.unit.phase != UnitPhase::Rounds)
        return;
    QJsonObject seen;
    for (const int step : m_definition.step(loop).body)
        seen.insert(m_definition.step(step).id, stepScope(m_definition, m_state, step));
    state.lastRound = seen;
    m_state.bodiesClosing.erase(loop);
    if (m_definition.step(loop).until && state.failedInBody < 0 && !m_state.isStopping())
        moveTo({loop, kNoItem}, UnitPhase::Until);
    else
        m_state.roundsOver.insert(loop);
}

void StateEditor::judgeRound(int loop, bool done)
{
    stepState(loop).roundDone = done;
    moveTo({loop, kNoItem}, UnitPhase::Rounds);
    m_state.roundsOver.insert(loop);
}

void StateEditor::settleItem(UnitRef ref, const StepSettled &how)
{
    settleUnit(ref, how);
    StepState &state = stepState(ref.step);
    --state.itemsOpen;
    const bool letGo = how.status == StepStatus::Cancelled && (state.itemsClosing || m_state.isStopping());
    if (how.status == StepStatus::Completed) {
        ++state.itemsCompleted;
    } else if (letGo) {
        ++state.itemsCancelled;
    } else {
        ++state.itemsFailed;
        if (state.firstFailedItem == kNoItem)
            state.firstFailedItem = ref.item;
    }
    const ForeachJoin join = m_definition.step(ref.step).join;
    const bool decided = (join == ForeachJoin::AllSuccess && state.itemsFailed > 0) ||
                         (join == ForeachJoin::OneSuccess && state.itemsCompleted > 0);
    if (state.itemsOpen == 0 || (decided && !state.itemsClosing))
        m_state.joinable.insert(ref.step);
    state.itemsClosing = state.itemsClosing || decided;
}

} // namespace muster
