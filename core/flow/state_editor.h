// StateEditor: the only place that moves a unit from one phase to another, so that the sets of what can be
// decided next always agree with the phases. Used by reduce() alone.
#pragma once

#include "core/flow/flow_state.h"

namespace muster {

class StateEditor {
public:
    StateEditor(const FlowDefinition &definition, FlowState &state)
        : m_definition(definition)
        , m_state(state)
    {
    }

    void moveTo(UnitRef ref, UnitPhase phase);
    // The moment at which the rules look at the unit again; 0 for none.
    void setWake(UnitRef ref, qint64 atMs);
    enum class Pause : std::uint8_t { None, ForPerson, ForReset };
    void setPaused(UnitRef ref, Pause pause);

    // A pending step whose needs changed: does it begin, or can it never?
    void reconsider(int step);
    void begin(int step);          // its trigger is met
    void afterCondition(int step); // its `when` holds
    void expand(int step, const QJsonArray &items);
    void prepared(UnitRef ref); // its text is known
    void settleStep(int step, const StepSettled &how);
    void settleItem(UnitRef ref, const StepSettled &how);
    void halt();

private:
    void leave(UnitRef ref, UnitState &unit);
    void enter(UnitRef ref, UnitState &unit);
    void countPlaces(UnitRef ref, int change);
    void prepare(UnitRef ref);
    void settleUnit(UnitRef ref, const StepSettled &how);
    void tellDependents(int step, StepStatus status);
    [[nodiscard]] const StepDefinition &definitionOf(UnitRef ref) const
    {
        return m_definition.step(ref.step);
    }
    [[nodiscard]] StepState &stepState(int step) { return m_state.steps[static_cast<size_t>(step)]; }

    const FlowDefinition &m_definition;
    FlowState &m_state;
};

} // namespace muster
