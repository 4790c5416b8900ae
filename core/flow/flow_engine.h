// FlowEngine: drives runs through the rules. For each run: facts come in → advance() → the events, the
// changed rows and the recorded intents go to the journal in one append → once committed, the intents are
// acted upon through the ports. Facts that come while an append is under way are taken together in the next
// one. One instance for all runs, on the core thread; the ports must outlive it.
#pragma once

#include "core/flow/flow_ports.h"
#include "core/flow/flow_state.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace muster {

class RunLoop;

struct RunSetup {
    RunId run;
    FlowDefinitionPtr definition;
    QJsonObject inputs;  // as resolveInputs() made them
    QJsonObject runInfo; // for expressions: id, number, flow, branch
    QJsonObject project; // for expressions: name, path
    bool unattended = false;
    std::vector<StepKept> kept = {}; // of the earlier run that it runs again; see planRerun()
};

// Told after the commit, in order. Calls into the engine from here are allowed.
class FlowEngineObserver {
public:
    FlowEngineObserver() = default;
    virtual ~FlowEngineObserver() = default;
    Q_DISABLE_COPY_MOVE(FlowEngineObserver)
    virtual void runAdvanced(RunId run, const FlowState &state, const std::vector<FlowEvent> &events) = 0;
    // What its attempts have cost together has grown; told at once, before anything of it is committed.
    virtual void runSpent(RunId /*run*/, qint64 /*costMicroUsd*/) {}
    virtual void runFinished(RunId run, const RunFinished &verdict) = 0;
    // The engine let go of a run that is not finished (lease lost, journal failed, defect in the rules).
    virtual void runDropped(RunId run, const Error &error) = 0;
};

class FlowEngine final : public AttemptListener {
public:
    explicit FlowEngine(FlowPorts ports, FlowEngineObserver *observer = nullptr);
    ~FlowEngine() override;
    FlowEngine(const FlowEngine &) = delete;
    FlowEngine &operator=(const FlowEngine &) = delete;

    // AlreadyExists if this engine has the run.
    Status start(const RunSetup &setup);
    // Folds the journal, looks up every act that was begun and goes on. A finished run reports runFinished.
    Status resume(RunId run, const FlowDefinitionPtr &definition, const std::vector<FlowEvent> &journal);
    // A second request also ends `always` steps. NotFound if the run is not active here.
    Status cancel(RunId run, const QString &by);
    // Cancelled as by a first request, which counts as a failure for that reason. NotFound likewise.
    Status end(RunId run, const QString &by, FailureReason reason, const QString &detail);
    // Nothing more begins until goOn(); what is under way ends as usual, moments stay. NotFound likewise.
    Status pause(RunId run, const QString &by);
    Status goOn(RunId run, const QString &by);
    // The budget of a run that this one is part of is spent: what costs money ends here too. NotFound
    // likewise.
    Status spendNoMore(RunId run, const BudgetCrossed &crossed);
    Status answerApproval(const AttemptKey &key, bool approved, const QString &by, const QString &note = {});
    void wake(RunId run);
    // Lets go without a word to anyone, as if the node had died.
    void drop(RunId run);

    // Null if the run is not active here. Shows what is decided; it is committed a moment later.
    [[nodiscard]] const FlowState *state(RunId run) const;
    [[nodiscard]] const FlowDefinition *definition(RunId run) const;
    [[nodiscard]] std::vector<RunId> activeRuns() const;

    void attemptStarted(const AttemptKey &key) override;
    void attemptWaiting(const AttemptKey &key) override;
    void attemptRests(const AttemptKey &key, qint64 untilMs) override;
    void attemptContinued(const AttemptKey &key) override;
    void attemptSpent(const AttemptKey &key, qint64 costMicroUsd) override;
    void attemptFinished(const AttemptKey &key, const AttemptResult &result) override;

private:
    Status submit(RunId run, FlowFact fact);
    std::shared_ptr<RunLoop> makeLoop(RunId run, const FlowDefinitionPtr &definition);

    FlowPorts m_ports;
    FlowEngineObserver *m_observer;
    std::unordered_map<qint64, std::shared_ptr<RunLoop>> m_loops;
};

} // namespace muster
