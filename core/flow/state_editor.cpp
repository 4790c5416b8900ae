#include "core/flow/state_editor.h"

namespace muster {

namespace {

bool needsEvaluation(UnitPhase phase)
{
    return phase == UnitPhase::Condition || phase == UnitPhase::List || phase == UnitPhase::Text;
}

bool isUnderWay(UnitPhase phase) { return phase == UnitPhase::Queued || phase == UnitPhase::Started; }

StepStatus statusIn(UnitPhase phase, StepStatus settled)
{
    switch (phase) {
    case UnitPhase::Pending:
        return StepStatus::Pending;
    case UnitPhase::Started:
    case UnitPhase::Ended:
        return StepStatus::Running;
    case UnitPhase::Asking:
        return StepStatus::Waiting;
    case UnitPhase::Settled:
        return settled;
    default:
        return StepStatus::Ready;
    }
}

bool isFailure(StepStatus status)
{
    return status == StepStatus::Failed || status == StepStatus::TimedOut || status == StepStatus::Cancelled;
}

std::pair<int, int> queueOf(const StepDefinition &step) { return {step.batch, step.lane}; }

} // namespace

void StateEditor::countPlaces(UnitRef ref, int change)
{
    const StepDefinition &step = definitionOf(ref);
    if (step.batch >= 0)
        m_state.batchActive[static_cast<size_t>(step.batch)] += change;
    if (step.lane >= 0)
        m_state.laneActive[static_cast<size_t>(step.lane)] += change;
    m_state.runningUnits += change;
}

void StateEditor::leave(UnitRef ref, UnitState &unit)
{
    setPaused(ref, Pause::None);
    if (needsEvaluation(unit.phase)) {
        m_state.toEvaluate.erase(ref);
        m_state.evaluating.erase(ref);
    } else if (unit.phase == UnitPhase::Startable) {
        const auto queue = m_state.startable.find(queueOf(definitionOf(ref)));
        queue->second.erase(ref);
        if (queue->second.empty())
            m_state.startable.erase(queue);
    } else if (unit.phase == UnitPhase::Ended) {
        m_state.ended.erase(ref);
    } else if (unit.phase == UnitPhase::Asking) {
        --m_state.waitingUnits;
        unit.asking.reset();
    }
}

void StateEditor::enter(UnitRef ref, UnitState &unit)
{
    if (needsEvaluation(unit.phase))
        m_state.toEvaluate.insert(ref);
    else if (unit.phase == UnitPhase::Startable)
        m_state.startable[queueOf(definitionOf(ref))].insert(ref);
    else if (unit.phase == UnitPhase::Ended)
        m_state.ended.insert(ref);
    else if (unit.phase == UnitPhase::Asking)
        ++m_state.waitingUnits;
}

void StateEditor::moveTo(UnitRef ref, UnitPhase phase)
{
    UnitState &unit = m_state.unit(ref);
    const bool wasUnderWay = isUnderWay(unit.phase);
    leave(ref, unit);
    if (phase != unit.phase)
        setWake(ref, 0);
    unit.phase = phase;
    unit.status = statusIn(phase, unit.status);
    if (isUnderWay(phase) != wasUnderWay)
        countPlaces(ref, wasUnderWay ? -1 : 1);
    enter(ref, unit);
    m_state.touched.insert(ref);
    if (ref.item != kNoItem && phase == UnitPhase::Started) {
        UnitState &whole = stepState(ref.step).unit;
        if (whole.startedAtMs == 0)
            whole.startedAtMs = unit.startedAtMs;
        whole.status = StepStatus::Running;
        m_state.touched.insert(UnitRef{ref.step, kNoItem});
    }
}

void StateEditor::setWake(UnitRef ref, qint64 atMs)
{
    UnitState &unit = m_state.unit(ref);
    if (unit.wakeAtMs != 0)
        m_state.timers.erase({unit.wakeAtMs, ref});
    unit.wakeAtMs = atMs;
    if (atMs != 0)
        m_state.timers.insert({atMs, ref});
}

// What rests for a reset still runs as far as the run is concerned: nobody is asked for anything.
void StateEditor::setPaused(UnitRef ref, Pause pause)
{
    UnitState &unit = m_state.unit(ref);
    const int asked = unit.paused && !unit.rests ? 1 : 0;
    const int asks = pause == Pause::ForPerson ? 1 : 0;
    const bool rests = pause == Pause::ForReset;
    if (unit.paused == (pause != Pause::None) && unit.rests == rests)
        return;
    unit.paused = pause != Pause::None;
    unit.rests = rests;
    m_state.waitingUnits += asks - asked;
    m_state.runningUnits += asked - asks;
    unit.status = rests ? StepStatus::Ready : unit.paused ? StepStatus::Waiting : StepStatus::Running;
    m_state.touched.insert(ref);
}

void StateEditor::reconsider(int step)
{
    const StepDefinition &definition = m_definition.step(step);
    const StepState &state = stepState(step);
    if (state.unit.phase != UnitPhase::Pending)
        return;
    const int needs = static_cast<int>(definition.needs.size());
    const int settled = state.needsCompleted + state.needsSkipped + state.needsFailed;
    bool met = false;
    bool lost = false;
    switch (definition.trigger) {
    case StepTrigger::AllSuccess:
        met = settled == needs && state.needsFailed == 0;
        lost = state.needsFailed > 0;
        break;
    case StepTrigger::OneSuccess:
        met = needs == 0 || state.needsCompleted > 0;
        lost = !met && settled == needs;
        break;
    case StepTrigger::AllDone:
    case StepTrigger::Always:
        met = settled == needs;
        break;
    }
    if (met)
        begin(step);
    else if (lost)
        m_state.doomed.insert(step);
}

void StateEditor::begin(int step)
{
    if (m_definition.step(step).when)
        moveTo({step, kNoItem}, UnitPhase::Condition);
    else
        afterCondition(step);
}

void StateEditor::afterCondition(int step)
{
    if (m_definition.step(step).foreach)
        moveTo({step, kNoItem}, UnitPhase::List);
    else
        prepare({step, kNoItem});
}

void StateEditor::expand(int step, const QJsonArray &items)
{
    StepState &state = stepState(step);
    state.list = items;
    state.items.assign(static_cast<size_t>(items.size()), UnitState{});
    state.itemsOpen = static_cast<int>(items.size());
    moveTo({step, kNoItem}, UnitPhase::Items);
    for (int item = 0; item < state.itemsOpen; ++item)
        prepare({step, item});
    if (items.isEmpty())
        m_state.joinable.insert(step);
}

void StateEditor::prepare(UnitRef ref)
{
    const StepDefinition &step = definitionOf(ref);
    const bool constant = step.text.isConstant() && (!step.show || step.show->isConstant());
    moveTo(ref, constant ? UnitPhase::Startable : UnitPhase::Text);
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
    settleUnit({step, kNoItem}, how);
    m_state.doomed.erase(step);
    m_state.joinable.erase(step);
    --m_state.openSteps;
    const bool failed = isFailure(how.status) && !m_definition.step(step).optional;
    // A step that was cancelled because the run stopped is not why it stopped.
    const bool ofItself = how.status != StepStatus::Cancelled || !m_state.isStopping();
    if (failed && ofItself) {
        if (m_state.failedStep < 0)
            m_state.failedStep = step;
        if (m_definition.onFailure == OnFailure::Stop)
            halt();
    }
    tellDependents(step, how.status);
}

void StateEditor::halt()
{
    if (m_state.halted)
        return;
    m_state.halted = true;
    m_state.sweepDue = true;
}

void StateEditor::tellDependents(int step, StepStatus status)
{
    for (const int dependent : m_definition.step(step).neededBy) {
        StepState &state = stepState(dependent);
        if (status == StepStatus::Completed) {
            ++state.needsCompleted;
        } else if (isFailure(status)) {
            ++state.needsFailed;
            if (state.faultyNeed < 0)
                state.faultyNeed = step;
        } else {
            ++state.needsSkipped;
        }
        reconsider(dependent);
    }
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
