#include "core/flow/state_editor.h"

namespace muster {

namespace {

bool needsEvaluation(UnitPhase phase)
{
    return phase == UnitPhase::Condition || phase == UnitPhase::List || phase == UnitPhase::Text ||
           phase == UnitPhase::Until;
}

bool isUnderWay(UnitPhase phase) { return phase == UnitPhase::Queued || phase == UnitPhase::Started; }

StepStatus statusIn(UnitPhase phase, StepStatus settled)
{
    switch (phase) {
    case UnitPhase::Pending:
        return StepStatus::Pending;
    case UnitPhase::Started:
    case UnitPhase::Ended:
    case UnitPhase::Rounds:
    case UnitPhase::Until:
        return StepStatus::Running;
    case UnitPhase::Asking:
    case UnitPhase::Delaying:
        return StepStatus::Waiting;
    case UnitPhase::Settled:
        return settled;
    default:
        return StepStatus::Ready;
    }
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

} // namespace muster
