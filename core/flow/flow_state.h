// FlowState: where a run stands, folded from its journal by reduce(). A value that knows no clock and no
// input or output. It keeps the sets of what can be decided next (what became ready, what ended, which moment
// comes first), so that a decision costs what changed and not the number of steps. Times are UTC
// milliseconds. Not shared between threads.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/flow/flow_event.h"

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace muster {

// A step, or one item of a foreach step.
struct UnitRef {
    int step = 0;
    int item = kNoItem;

    friend auto operator<=>(const UnitRef &, const UnitRef &) = default;
};

enum class UnitPhase : std::uint8_t {
    Pending,   // waits for needs
    Condition, // `when` is to be evaluated
    List,      // the foreach list is to be evaluated
    Items,     // its items go on by themselves
    Text,      // prompt, command, question, script, case or time is to be evaluated
    Startable, // waits for a free place in its batch and lane
    Queued,    // the intent to start is recorded
    Started,   // runs
    Ended,     // an attempt ended; what the step makes of it is to be decided
    Backoff,   // waits for the moment of its retry
    Asking,    // waits for a person
    Delaying,  // waits for its moment
    Rounds,    // a loop whose body goes on by itself
    Until,     // a loop's `until` is to be evaluated
    Settled,
};

struct UnitState {
    UnitPhase phase = UnitPhase::Pending;
    StepStatus status = StepStatus::Pending;
    int attempt = 0; // the last one queued or begun
    RunId keptFrom;  // the earlier run that did it
    int retriesUsed = 0;
    int losses = 0; // attempts in a row of which nobody knows the end
    bool stopRequested = false;
    bool paused = false;   // waits for a person or a reset: its deadline stands still
    bool rests = false;    // paused, for a reset
    bool prepared = false; // `text` and `show` were evaluated
    bool conditionFalse = false;
    bool evaluationFailed = false;
    std::optional<FailureReason> stopReason;
    std::optional<FailureReason> reason;
    std::optional<ApprovalPurpose> asking;
    qint64 wakeAtMs = 0;     // deadline, end of the backoff or of the answer's time; 0: none
    qint64 pausedLeftMs = 0; // what is left of the deadline while paused
    qint64 startedAtMs = 0;
    qint64 endedAtMs = 0;
    QString detail;
    QString atFault;
    QString text;
    QJsonValue show = QJsonValue::Null;
    std::optional<bool> approved;
    AttemptResult result;
};

struct StepState {
    UnitState unit;
    int needsCompleted = 0;
    int needsSkipped = 0;
    int needsFailed = 0; // failed, timed out or cancelled, and not made good by `on_error`
    int needsExcluded = 0;
    int skipsSpreading = 0; // of needsSkipped: those with `skip: propagate`
    int jumpersOpen = 0;    // steps that may still jump to this one
    int faultyNeed = -1;
    bool leftOut = false;            // in a branch that was not taken
    bool passedOver = false;         // skipped by the person: those that need it go on
    std::vector<KeptUnit> keptItems; // foreach: of `list`, not to be done again
    QJsonArray list;                 // foreach
    std::vector<UnitState> items;
    int itemsOpen = 0;
    int itemsCompleted = 0;
    int itemsFailed = 0;
    int itemsCancelled = 0;
    int firstFailedItem = kNoItem;
    bool itemsClosing = false; // the join is decided; open items only run out
    bool joinTimedOut = false; // the time of the group, or of all items, was up
    int firstItemAttempt = 0;  // attempts of its items in earlier rounds of a loop
    int branch = -1;           // switch: the case that was taken; -1: none
    int round = 0;             // loop: the one under way or the last
    bool roundDone = false;    // loop: `until` was true after it
    int bodyOpen = 0;          // loop: steps of the round that have not settled
    int failedInBody = -1;     // loop: first required step that failed
    QJsonObject lastRound;     // loop: what expressions saw of the body's steps when the last round was over
};

struct FlowState {
    RunId run;
    bool started = false;
    int keptDue = 0; // so many step.kept are to be folded before anything begins
    bool unattended = false;
    QJsonObject inputs;
    QJsonObject runInfo;
    QJsonObject project;
    qint64 startedAtMs = 0;
    qint64 endedAtMs = 0;
    std::vector<StepState> steps;

    int openSteps = 0;
    int openMain = 0;     // of them, those that `finally` waits for
    int waitingUnits = 0; // asking a person, or paused
    int runningUnits = 0; // queued or started and not waiting
    std::optional<QString> cancelledBy;
    std::optional<FailureReason> endedFor; // cancelled, because it has failed for that
    QString endedDetail;
    std::optional<QString> pausedBy; // nothing more begins
    bool forced = false;             // cancelled twice: `always` steps end too
    int failedStep = -1;             // first required step that failed
    bool halted = false;             // start nothing new but `always` steps
    bool sweepDue = false;           // settle what is not under way
    std::optional<RunFinished> verdict;
    qint64 spentMicroUsd = 0;           // of attempts that have ended
    std::map<UnitRef, qint64> spending; // micro-USD of those under way, as they say; not from the journal
    bool nearlyBroke = false;           // told that the run's budget is nearly spent
    bool broke = false;                 // it is spent: no agent works any more
    BudgetCrossed crossed;              // which budget that was, and what was spent then

    std::set<UnitRef> toEvaluate;
    std::set<UnitRef> evaluating;
    std::map<std::pair<int, int>, std::set<UnitRef>> startable; // by (batch, lane)
    std::set<UnitRef> ended;
    std::set<int> doomed;        // steps whose trigger can no longer be met
    std::set<int> excluded;      // steps that are not part of this run, to be settled so
    std::set<int> skipping;      // steps to be settled as skipped, because one that they need was
    std::set<int> joinable;      // foreach steps whose join is decided
    std::set<int> roundsOver;    // loops of which a round is over
    std::set<int> bodiesClosing; // loops whose round has failed: what is not under way is to be let go
    std::set<int> groupsClosing; // groups whose time is up: their steps are to be let go
    std::set<std::pair<qint64, UnitRef>> timers;
    std::vector<int> batchActive;
    std::vector<int> laneActive;
    std::set<UnitRef> touched; // rows that changed since takeTouched()

    [[nodiscard]] const UnitState &unit(UnitRef ref) const;
    [[nodiscard]] UnitState &unit(UnitRef ref);
    [[nodiscard]] bool hasUnit(UnitRef ref) const;
    [[nodiscard]] bool isStopping() const { return halted || cancelledBy.has_value(); }
};

// A state for the run's first event.
[[nodiscard]] FlowState initialState(const FlowDefinition &definition);
[[nodiscard]] RunStatus runStatusOf(const FlowState &state);
// Of the running units those that are at work themselves: a flow step only waits for its run.
[[nodiscard]] int ownRunningUnits(const FlowDefinition &definition, const FlowState &state);
[[nodiscard]] std::set<UnitRef> takeTouched(FlowState &state);

} // namespace muster
