// Planner: what follows from one state; each part handles one of its sets. Used by plan() alone, in two
// files: plan.cpp (what begins, and when the run ends) and plan_ends.cpp (what is made of what has ended, and
// what is let go).
#pragma once

#include "core/flow/rules.h"
#include "core/flow/run_budget.h"

namespace muster {

class Planner {
public:
    Planner(const FlowDefinition &definition, const FlowState &state, qint64 nowMs)
        : m_definition(definition)
        , m_state(state)
        , m_nowMs(nowMs)
    {
    }

    // The order matters: what failed is told before what only stops with it, and nothing starts before both.
    std::vector<FlowFact> run();

private:
    void timers();
    void notInvolved();
    void doomed();
    void ended();
    void joins();
    void rounds();
    void bodies();
    void groups();
    void budget() { m_facts = budgetFacts(m_definition, m_state); }
    void sweep();
    void evaluations();
    void starts();
    void finish();

    void timeIsUp(UnitRef ref);
    void judge(UnitRef ref);
    void judgeLostCommand(UnitRef ref);
    void judgeFailure(UnitRef ref, FailureReason reason);
    void settle(UnitRef ref, StepStatus status, std::optional<FailureReason> reason = {}, QString detail = {},
                QString atFault = {});
    void settleJoin(int step);
    void closeItems(int step);
    void afterRound(int loop);
    struct LettingGo {
        bool stopActive = false;
        bool failing = false; // what waited for a retry fails: it gets none
        int because = -1;     // the step that failed
        FailureReason reason = FailureReason::Aborted;
    };
    void letGo(UnitRef ref, const LettingGo &how);
    void letGoStep(int step, const LettingGo &how);
    void stop(UnitRef ref, FailureReason reason);
    void start(UnitRef ref);
    void ask(UnitRef ref);
    void delay(UnitRef ref);
    [[nodiscard]] bool mayBeginAgain(UnitRef ref) const;
    [[nodiscard]] bool isExempt(int step) const
    {
        const int loop = definition(step).loop;
        const bool always = definition(step).isFinal || definition(step).trigger == StepTrigger::Always ||
                            (loop >= 0 && definition(loop).trigger == StepTrigger::Always);
        return always && !m_state.forced;
    }
    [[nodiscard]] const StepDefinition &definition(int step) const { return m_definition.step(step); }
    [[nodiscard]] const StepState &stepState(int step) const
    {
        return m_state.steps[static_cast<size_t>(step)];
    }
    [[nodiscard]] AttemptKey key(UnitRef ref) const { return keyOf(m_definition, m_state, ref); }
    [[nodiscard]] AttemptKey nextKey(UnitRef ref) const
    {
        AttemptKey next = key(ref);
        ++next.attempt;
        return next;
    }

    const FlowDefinition &m_definition;
    const FlowState &m_state;
    qint64 m_nowMs;
    std::vector<FlowFact> m_facts;
};

} // namespace muster
