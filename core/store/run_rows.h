// Rows of runs, step runs, attempts and flow definitions. Times UTC milliseconds. Value types.
#pragma once

#include "core/events/rerun.h"
#include "core/store/task_rows.h"

#include <QJsonValue>

namespace muster {

using FlowDefinitionId = StrongId<struct FlowDefinitionTag>;

struct FlowDefinitionRow {
    FlowDefinitionId id;
    QString hash; // SHA-256 of the text, hexadecimal
    QString name;
    QString origin; // builtin, person, project
    QString path;
    QString text;
    qint64 createdMs = 0;
};

// What it may take beside what its flow says: as its schedule has it. 0: nothing is said.
struct RunLimits {
    qint64 budgetMicroUsd = 0; // where the flow has none
    int maxTurns = 0;          // agent steps of all its agents together
    qint64 deadlineMs = 0;     // of its work, waiting not counted

    [[nodiscard]] bool any() const { return budgetMicroUsd > 0 || maxTurns > 0 || deadlineMs > 0; }
};

// A run that has not ended; no owner: nobody carries it out now.
struct RunOwner {
    RunId run;
    QString owner;
    bool pauseAsked = false;
};

struct RunRow {
    RunId id;
    ProjectId project;
    qint64 number = 0; // counts within the project
    QString flow;
    FlowDefinitionId definition;
    QJsonObject inputs;
    RunStatus status = RunStatus::Queued;
    std::optional<FailureReason> reason;
    QString detail;
    bool unattended = false;
    bool yes = false;
    QString runtime; // asked for at the start; empty: none
    std::optional<qint64> cancelRequestedMs;
    bool pauseAsked = false; // nothing more of it is to begin
    RunId rerunOf;
    std::optional<RerunMode> rerunMode;
    QString rerunStep;  // From, Skip
    QString baseCommit; // where its worktrees begin; empty: at HEAD when the first is made
    QString beginsAt;   // where the one begins that its steps share; empty: as the others
    RunLimits limits;
    qint64 workedMs = 0; // of limits.deadlineMs, at least
    RunId parentRun;     // of whose flow step it is
    QString parentKey;   // of that step's attempt; empty: it is nobody's
    QString createdBy;
    qint64 createdMs = 0;
    std::optional<qint64> startedMs;
    std::optional<qint64> endedMs;
    Lease lease;
};

// What the name of a flow stood for when a run was started.
struct RunFlowRow {
    QString name;
    FlowDefinitionId definition;
};

struct StepRunRow {
    StepRunId id;
    RunId run;
    QString stepId;     // as in the flow file
    int itemIndex = -1; // of a foreach; -1: not an item
    StepStatus status = StepStatus::Pending;
    int attempt = 0; // 1, 2, …; 0: none yet
    RunId keptFrom;  // the earlier run that did it
    std::optional<FailureReason> reason;
    QString detail;
    QString label;
    std::optional<QString> outputText;
    std::optional<QString> outputJson; // any JSON value as text
    std::optional<int> exitCode;
    std::optional<qint64> readyMs;
    std::optional<qint64> startedMs;
    std::optional<qint64> endedMs;
    std::optional<qint64> dueMs; // moment of a delay, a timeout or a backoff
    WorktreeId worktree;         // where it worked; kept: one of the earlier run
    TaskId task;
    UsageTotals usage;
};

struct TaskWork {
    QString key;
    int turns = 0;                      // agent steps
    std::optional<qint64> costMicroUsd; // none: not known
};

struct AttemptRow {
    StepRunId step;
    int attempt = 0;
    TaskId task;
    std::optional<AttemptOutcome> outcome; // none: not ended
    std::optional<FailureReason> reason;
    QString detail;
    std::optional<QString> output;
    qint64 startedMs = 0;
    std::optional<qint64> endedMs;
};

} // namespace muster
