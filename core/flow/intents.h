// Intents: what the rules want done outside. Each is acted upon only after the events that record it are
// committed; each has a key, by which the act is found again. Value types, any thread.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/flow/flow_event.h"

#include <QJsonObject>
#include <QStringList>

#include <variant>
#include <vector>

namespace muster {

// What a merge step takes: a step with a worktree of its own, or an item of one.
struct MergeSource {
    QString step;
    int item = kNoItem;
    StepStatus status = StepStatus::Completed; // of any other nothing is taken
    bool keepsTree = false;                    // others still work in its worktree

    friend bool operator==(const MergeSource &, const MergeSource &) = default;
};

struct MergeSpec {
    std::vector<MergeSource> from; // in the order of the file, items in theirs
    MergeHow how = MergeHow::Squash;
    std::vector<qint64> gateTimeoutsMs;
    std::vector<std::optional<GateKind>> gateKinds;
};

// All that a runner needs to begin an attempt, with expressions evaluated and defaults filled in.
struct AttemptSpec {
    AttemptKey key;
    StepKind kind = StepKind::Agent; // one that has attempts
    QString text;                    // the prompt, the command for the shell, or the step's parts as JSON
    QString profile;
    QString runtime; // empty: the profile's, else the project's
    QString model;
    StepOutput output = StepOutput::Text;
    QJsonObject schema; // empty: any JSON will do
    QStringList outputFiles;
    QStringList documents;
    QStringList skills;
    QStringList env; // Shell: names
    QString team;
    StepIsolation isolation = StepIsolation::None;
    QString
        from; // step in whose worktree (shell) or at whose commit (agent) it begins; empty: the run's base
    FlowPermissions permissions;
    qint64 timeoutMs = 0; // the engine watches it; a runner may show it
    qint64 budgetMicroUsd = 0;
    int maxTurns = 0;
    bool idempotent = false;
    bool unattended = false;
    QString flow; // flow: its name
    MergeSpec merge;
};

struct ApprovalSpec {
    AttemptKey key;
    ApprovalPurpose purpose = ApprovalPurpose::Step;
    QString ask; // Step: the question; RunAgain: the command whose end nobody knows
    QJsonValue show = QJsonValue::Null;
    qint64 deadlineMs = 0;       // 0: none
    FlowPermissions permissions; // of the flow: what may be written afterwards
};

enum class EvaluationTarget : std::uint8_t { Condition, List, Text, Branch, Script, Until };

struct Evaluate {
    RunId run;
    QString step;
    int item = kNoItem;
    EvaluationTarget target = EvaluationTarget::Text;
    QStringList expressions; // in order; Text: those of the text, then those of `show`; Script: its code
    QJsonObject scope;       // inputs, steps (only those referred to), run, project, the foreach variable
};
struct StartAttempt {
    AttemptSpec spec;
};
struct StopAttempt {
    AttemptKey key;
    FailureReason reason = FailureReason::Aborted;
};
struct AskApproval {
    ApprovalSpec spec;
};
struct WithdrawApproval {
    AttemptKey key;
    QString by; // "timeout" when its time was over, else "flow"
};
struct WakeAt { // nothing to do before this moment unless something happens
    RunId run;
    qint64 atMs = 0;
};
struct FinishRun {
    RunId run;
    RunFinished verdict;
};

using Intent =
    std::variant<Evaluate, StartAttempt, StopAttempt, AskApproval, WithdrawApproval, WakeAt, FinishRun>;

} // namespace muster
