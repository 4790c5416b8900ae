// The ports through which the flow engine reaches the world; core/node implements them with the store, the
// sessions, the guard and the inbox. All calls and answers on the core thread. An answer may come before the
// call returns.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/flow/expression_evaluator.h"
#include "core/flow/flow_event.h"
#include "core/flow/intents.h"
#include "core/flow/run_summary.h"

#include <QtClassHelperMacros>

#include <functional>
#include <optional>
#include <vector>

namespace muster {

// One transition, or several that came up together: all of it in one transaction, or none.
struct FlowAppend {
    RunId run;
    std::vector<FlowEvent> events;
    std::vector<FlowStepRow> stepRows; // the rows that changed
    FlowRunRow runRow;
};

class FlowJournal {
public:
    FlowJournal() = default;
    virtual ~FlowJournal() = default;
    Q_DISABLE_COPY_MOVE(FlowJournal)
    // Error Conflict: this node has lost the run (its lease): the engine lets it go and acts no more. Any
    // other error does the same and is reported by FlowEngineObserver::runDropped; the run is resumed from
    // the journal when the cause is gone. NotFound: the run is gone.
    virtual void append(const FlowAppend &batch, std::function<void(Status)> committed) = 0;
};

// What the engine listens to: FlowEngine is one.
class AttemptListener {
public:
    AttemptListener() = default;
    virtual ~AttemptListener() = default;
    Q_DISABLE_COPY_MOVE(AttemptListener)
    virtual void attemptStarted(const AttemptKey &key) = 0;
    virtual void attemptWaiting(const AttemptKey &key) = 0; // for a person
    // Back in its queue until a limit is over, perhaps before it began.
    virtual void attemptRests(const AttemptKey &key, qint64 untilMs) = 0;
    virtual void attemptContinued(const AttemptKey &key) = 0;
    virtual void attemptSpent(const AttemptKey &key, qint64 costMicroUsd) = 0; // in all so far
    // The attempt's whole process tree is verified gone (or recorded as unkillable).
    virtual void attemptFinished(const AttemptKey &key, const AttemptResult &result) = 0;
};

enum class Reconciled : std::uint8_t {
    NotBegun,     // no trace of the act: it is begun now
    StillRunning, // it will report by itself
    Resumable,    // its session can be resumed: resume() is called for the same attempt
    Finished,     // `result` holds how it ended
    Lost,         // it began and nobody knows how it ended; nothing of it is alive
};

class StepRunner {
public:
    StepRunner() = default;
    virtual ~StepRunner() = default;
    Q_DISABLE_COPY_MOVE(StepRunner)
    // Begins the attempt; then attemptStarted, …, attemptFinished. A failure to start is an attemptFinished
    // with outcome error and launch_failed (or what it was) and no attemptStarted. A second start of one key
    // does nothing.
    virtual void start(const AttemptSpec &spec) = 0;
    // Goes on with an attempt that reconcile() called resumable; reports as start() does.
    virtual void resume(const AttemptSpec &spec) = 0;
    // Ends the attempt, also one that only waits for a slot or is being reconciled; attemptFinished follows
    // once nothing of it is alive. Unknown keys are answered with outcome lost.
    virtual void stop(const AttemptKey &key, FailureReason reason) = 0;
    // After a restart, for an attempt whose start was recorded and whose end was not.
    virtual void reconcile(const AttemptSpec &spec,
                           std::function<void(Reconciled, AttemptResult)> answer) = 0;
};

class ApprovalDesk {
public:
    ApprovalDesk() = default;
    virtual ~ApprovalDesk() = default;
    Q_DISABLE_COPY_MOVE(ApprovalDesk)
    // Asks once for each key, however often it is called; FlowEngine::answerApproval brings the answer.
    virtual void ask(const ApprovalSpec &spec) = 0;
    // `by`: "timeout" when its time was over, else "flow".
    virtual void withdraw(const AttemptKey &key, const QString &by) = 0;
};

class WakeUp {
public:
    WakeUp() = default;
    virtual ~WakeUp() = default;
    Q_DISABLE_COPY_MOVE(WakeUp)
    // Calls FlowEngine::wake(run) at the moment (UTC milliseconds), once; a later call for the run replaces
    // an earlier one. After a sleep or a set clock it calls at once if the moment has passed.
    virtual void wakeAt(RunId run, qint64 atMs) = 0;
    virtual void forget(RunId run) = 0;
};

struct FlowPorts {
    FlowJournal *journal = nullptr;
    StepRunner *runner = nullptr;
    ExpressionEvaluator *evaluator = nullptr;
    ApprovalDesk *desk = nullptr;
    WakeUp *wakeUp = nullptr;
    const Clock *clock = nullptr;
};

} // namespace muster
