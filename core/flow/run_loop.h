// RunLoop: one run within the engine: takes facts, one append under way at a time, acts after the commit. The
// engine and callbacks share it, because a callback may come when the engine has let go of the run. Core
// thread.
#pragma once

#include "core/flow/flow_engine.h"
#include "core/flow/rules.h"

#include <deque>
#include <functional>

namespace muster {

class RunLoop : public std::enable_shared_from_this<RunLoop> {
public:
    // `gone` is called when the run has finished or was let go, after which the loop does nothing more.
    RunLoop(RunId run, FlowDefinitionPtr definition, FlowPorts ports, FlowEngineObserver *observer,
            std::function<void(RunId)> gone);

    void submit(FlowFact fact);
    void submitAll(std::vector<FlowFact> facts); // stored together
    // Begins from a folded state: looks up what was under way, then goes on.
    void resume(FlowState state);
    void drop();

    [[nodiscard]] const FlowState &state() const { return m_state; }
    [[nodiscard]] const FlowDefinition &definition() const { return *m_definition; }

private:
    // An act whose intent is stored and whose end is not.
    struct Begun {
        UnitRef unit;
        AttemptSpec spec;
        bool stopRequested = false;
    };

    void pump();
    void take(FlowFact fact);
    void tellSpent();
    void store();
    void committed(const Status &status, const std::vector<FlowEvent> &events,
                   const std::vector<Intent> &intents);
    void act(const Intent &intent);
    void lookUp(const Begun &act);
    void reconciled(const Begun &act, Reconciled how, const AttemptResult &result);
    void giveUp(const Error &error);
    [[nodiscard]] FlowFact checked(FlowFact fact) const;

    RunId m_run;
    FlowDefinitionPtr m_definition;
    FlowPorts m_ports;
    FlowEngineObserver *m_observer;
    std::function<void(RunId)> m_gone;
    FlowState m_state;
    std::deque<FlowFact> m_facts;
    std::vector<FlowEvent> m_events; // of the facts taken since the last append
    std::vector<Intent> m_intents;
    qint64 m_wakeAtMs = 0;
    qint64 m_toldSpent = 0; // micro-USD
    bool m_appending = false;
    bool m_pumping = false;
    bool m_dropped = false;
};

} // namespace muster
