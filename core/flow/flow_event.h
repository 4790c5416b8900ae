// FlowEvent: everything that can happen to a run. These are the journal: folding them in order gives the
// run's state, so each holds what was decided then (evaluated text, moments) and nothing is ever computed
// again. Kinds are "run.*" and "step.*"; times are UTC milliseconds. Value types, any thread.
#pragma once

#include "core/events/event.h"
#include "core/events/reasons.h"
#include "core/flow/attempt_key.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <optional>
#include <variant>
#include <vector>

namespace muster {

struct AttemptUsage {
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    qint64 tokensCached = 0;
    std::optional<qint64> costMicroUsd;

    friend bool operator==(const AttemptUsage &, const AttemptUsage &) = default;
};

// What an attempt did, as its runner reports it. `lost`: nobody knows how it ended.
struct AttemptResult {
    AttemptOutcome outcome = AttemptOutcome::Ok;
    std::optional<FailureReason> reason; // set unless ok
    QString detail;
    QString output;                     // an agent's answer, a command's output
    QJsonValue json = QJsonValue::Null; // parsed by the engine where the step says `output: json`
    std::optional<int> exitCode;        // shell
    QStringList files;                  // changed, relative to the worktree
    QString branch;                     // where the changes are committed
    std::optional<qint64> resetAtMs;    // rate_limited: when it may go on, if known
    bool blocked = false;               // another attempt would get no further
    AttemptUsage usage;

    friend bool operator==(const AttemptResult &, const AttemptResult &) = default;
};

struct RunStarted { // run.started
    RunId run;
    QJsonObject inputs;
    QJsonObject runInfo; // what expressions see as `run`: id, number, flow, branch
    QJsonObject project; // what expressions see as `project`: name, path
    bool unattended = false;
    int kept = 0; // so many step.kept follow, before anything begins
};
// A step, or one item of a foreach, as an earlier run left it.
struct KeptUnit {
    int item = kNoItem;
    StepStatus status = StepStatus::Completed;
    int attempt = 0;
    std::optional<FailureReason> reason;
    QString detail;
    std::optional<bool> approved;
    AttemptResult result; // without its usage: that is the earlier run's
};
// What a run that is run again takes over of a step. A status that is not settled: only its items, which its
// foreach does not do again.
struct StepKept { // step.kept
    QString step;
    RunId from; // that did it; none: it did not end well there and is skipped now, because the person says so
    KeptUnit unit;
    bool passedOver = false; // those that need it go on, whatever its `skip` says
    int branch = -1;         // switch
    int round = 0;           // loop, as lastRound
    QJsonObject lastRound;
    QJsonArray list; // foreach, as items
    std::vector<KeptUnit> items;
};
struct CancelRequested { // run.cancel_requested
    QString by;
    std::optional<FailureReason> reason = {}; // that it has failed for; none: somebody wished it
    QString detail = {};
};
struct PauseRequested { // run.pause_requested: what runs goes on, nothing more begins
    QString by;
};
struct ContinueRequested { // run.continue_requested
    QString by;
};
struct RunFinished { // run.finished
    RunStatus status = RunStatus::Completed;
    std::optional<FailureReason> reason;
    QString detail;
    QString step; // at fault
};

struct ConditionEvaluated { // step.condition
    QString step;
    bool value = false;
};
struct ForeachExpanded { // step.expanded
    QString step;
    QJsonArray items;
};
// The time of a group, or of all items of a foreach, is up: what has not settled is let go.
struct JoinTimedOut { // step.join_timed_out
    QString step;
};
// The text of an attempt, with its expressions evaluated. Steps without expressions have none.
struct StepPrepared { // step.prepared
    QString step;
    int item = kNoItem;
    QString text;
    QJsonValue show = QJsonValue::Null;
};
struct EvaluationFailed { // step.evaluation_failed
    QString step;
    int item = kNoItem;
    QString detail;
};

struct BranchTaken { // step.branch: a switch decided
    QString step;
    int index = -1; // into its cases; -1: none
    QString label;  // of that case, for people
};
struct ScriptEvaluated { // step.evaluated: what a script gave
    QString step;
    QJsonValue value = QJsonValue::Null;
};
struct DelayBegan { // step.delayed
    QString step;
    qint64 untilMs = 0;
};
struct RoundBegan { // step.round: the body of a loop begins, rounds count from 1
    QString step;
    int round = 1;
};
struct RoundJudged { // step.round_judged: what `until` gave after a round
    QString step;
    bool done = false;
};

struct AttemptQueued { // step.queued: the intent to start; committed before the act
    AttemptKey key;
};
struct AttemptStarted { // step.started: it really runs
    AttemptKey key;
    std::optional<qint64> deadlineMs; // filled in by the engine
};
struct AttemptWaiting { // step.waiting: for a person or a known reset; its deadline stands still
    AttemptKey key;
    std::optional<qint64> untilMs; // of a limit that it waits for by itself; none: for a person
};
struct AttemptContinued { // step.continued
    AttemptKey key;
};
struct AttemptStopping { // step.stopping: the intent to stop
    AttemptKey key;
    FailureReason reason = FailureReason::Aborted;
};
struct AttemptFinished { // step.finished
    AttemptKey key;
    AttemptResult result;
};
// Not journalled: what an attempt that is under way has cost so far, earlier parts of it included. What it
// cost in the end is in its result.
struct AttemptSpent {
    AttemptKey key;
    qint64 costMicroUsd = 0;
};
struct BudgetNear { // run.near_budget: four fifths of the run's budget are spent; once
    qint64 spentMicroUsd = 0;
    qint64 budgetMicroUsd = 0;
};
struct BudgetCrossed { // run.budget_crossed: its own, or that of a run it is part of; no agent works on
    qint64 spentMicroUsd = 0;
    qint64 budgetMicroUsd = 0;
};
struct RetryScheduled { // step.retry
    AttemptKey key;     // of the attempt to come
    qint64 atMs = 0;
    FailureReason reason = FailureReason::Unknown;
};

enum class ApprovalPurpose : std::uint8_t { Step, RunAgain };

template <> struct EnumNames<ApprovalPurpose> {
    static constexpr std::array table{std::pair{ApprovalPurpose::Step, "step"},
                                      std::pair{ApprovalPurpose::RunAgain, "run_again"}};
};

struct ApprovalRequested { // step.approval_requested: the intent to ask
    AttemptKey key;
    ApprovalPurpose purpose = ApprovalPurpose::Step;
    std::optional<qint64> deadlineMs;
};
struct ApprovalAnswered { // step.approval_answered
    AttemptKey key;
    bool approved = false;
    QString by; // "person", "--yes", "timeout"
    QString note;
};

struct StepSettled { // step.settled: a step, or one item of a foreach
    QString step;
    int item = kNoItem;
    StepStatus status = StepStatus::Completed;
    std::optional<FailureReason> reason;
    QString detail;
    QString atFault; // dependency_failed: the step that failed
};

// Not journalled: what the rules remember only while this node lives. Folding a journal does without it.
enum class FlowNote : std::uint8_t {
    Tick,         // time passed and nothing else happened
    Evaluating,   // the evaluator has been asked for this unit
    BackoffEnded, // a retry may start now
    ItemsClosed,  // the items that a decided join no longer needs have been let go
    BodyClosed,   // what a failed round of a loop no longer needs has been let go
    GroupClosed,  // what has not settled of a group whose time is up has been let go
    Swept,        // what was not under way when the run stopped has been settled
};
struct Noted {
    FlowNote note = FlowNote::Tick;
    QString step;
    int item = kNoItem;
};

using FlowFact = std::variant<RunStarted, StepKept, CancelRequested, PauseRequested, ContinueRequested,
                              RunFinished, ConditionEvaluated, ForeachExpanded, JoinTimedOut, StepPrepared,
                              EvaluationFailed, BranchTaken, ScriptEvaluated, DelayBegan, RoundBegan,
                              RoundJudged, AttemptQueued, AttemptStarted, AttemptWaiting, AttemptContinued,
                              AttemptStopping, AttemptFinished, RetryScheduled, ApprovalRequested,
                              ApprovalAnswered, StepSettled, AttemptSpent, BudgetNear, BudgetCrossed, Noted>;

struct FlowEvent {
    qint64 atMs = 0;
    FlowFact fact;
};

[[nodiscard]] bool isJournalled(const FlowFact &fact);
[[nodiscard]] QString kindOf(const FlowFact &fact);
[[nodiscard]] QJsonObject toJson(const FlowFact &fact);
// nullopt for an unknown kind or for data that does not fit.
[[nodiscard]] std::optional<FlowFact> flowFactFromJson(const QString &kind, const QJsonObject &data);

// To and from a row of the event log. `refs` gives what the engine does not know (project, row ids).
[[nodiscard]] Event toEvent(const FlowEvent &event, const EventRefs &refs);
[[nodiscard]] std::optional<FlowEvent> flowEventFrom(const Event &event);

} // namespace muster
