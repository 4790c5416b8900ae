// StateEditor: the only place that moves a unit from one phase to another, so that the sets of what can be
// decided next always agree with the phases. Used by reduce() alone.
#pragma once

#include "core/flow/flow_state.h"

namespace muster {

class StateEditor {
public:
    StateEditor(const FlowDefinition &definition, FlowState &state, qint64 atMs)
        : m_definition(definition)
        , m_state(state)
        , m_atMs(atMs)
    {
    }

    void moveTo(UnitRef ref, UnitPhase phase);
    // The moment at which the rules look at the unit again; 0 for none.
    void setWake(UnitRef ref, qint64 atMs);
    enum class Pause : std::uint8_t { None, ForPerson, ForReset };
    void setPaused(UnitRef ref, Pause pause);

    void beginRun();
    // Before anything begins, which it does with the last that is due. False: it does not fit.
    [[nodiscard]] bool keep(int step, const StepKept &kept);
    void begin(int step);          // its trigger is met
    void afterCondition(int step); // its `when` holds
    void expand(int step, const QJsonArray &items);
    void prepared(UnitRef ref); // its text is known
    void settleStep(int step, const StepSettled &how);
    void settleItem(UnitRef ref, const StepSettled &how);
    void beginRound(int loop, int round); // counted from 1
    void judgeRound(int loop, bool done);
    void joinTimedOut(int step); // a group, or a foreach with items
    void halt();                 // nothing new begins but what always does

private:
    void leave(UnitRef ref, UnitState &unit);
    void enter(UnitRef ref, UnitState &unit);
    void countPlaces(UnitRef ref, int change);
    void beginIfFirst(int step); // nothing comes before it
    void consider(int step);     // of which something that comes before it may be kept
    void considerJumpTarget(int step);
    void settleKept(int step, const StepKept &kept);
    void takeOver(UnitRef ref, const KeptUnit &kept, RunId from);
    void expandKept(int step);
    // A pending step whose needs changed: does it begin, is it left out, or can it never?
    void reconsider(int step);
    void prepare(UnitRef ref);
    void settleUnit(UnitRef ref, const StepSettled &how);
    void countFailure(int step, StepStatus status);
    void leaveOut(int step);
    void leaveOutBranches(int step);
    void leaveOutBody(int loop);
    void tellDependents(int step, StepStatus status, bool madeGood);
    void tellJumpTarget(int step, bool madeGood);
    void startJoinClock(int step);
    [[nodiscard]] bool isLetGoByGroup(int step, StepStatus status) const;
    void beginFinal();
    void renew(int step);
    void endRound(int loop);
    [[nodiscard]] const StepDefinition &definitionOf(UnitRef ref) const
    {
        return m_definition.step(ref.step);
    }
    [[nodiscard]] StepState &stepState(int step) { return m_state.steps[static_cast<size_t>(step)]; }

    const FlowDefinition &m_definition;
    FlowState &m_state;
    qint64 m_atMs;
};

} // namespace muster
