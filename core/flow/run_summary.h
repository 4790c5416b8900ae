// Rows of the store's tables of runs and step runs, made from the state in the same transaction as the
// events, so that history and state never disagree. Value types, any thread.
#pragma once

#include "core/flow/flow_state.h"

#include <vector>

namespace muster {

struct FlowStepRow {
    QString step;
    int item = kNoItem;
    StepKind kind = StepKind::Agent;
    StepStatus status = StepStatus::Pending;
    int attempt = 0;
    RunId keptFrom; // the earlier run that did it
    std::optional<FailureReason> reason;
    QString detail;
    QString atFault;
    qint64 startedAtMs = 0; // 0: not yet
    qint64 endedAtMs = 0;
    qint64 wakeAtMs = 0; // deadline, retry or end of an approval's time; 0: none
    QString output;
    QString branch;
    QStringList files;
    std::optional<int> exitCode;
    std::optional<bool> approved;
    AttemptUsage usage; // of the last attempt
};

struct FlowRunRow {
    RunStatus status = RunStatus::Running;
    std::optional<FailureReason> reason;
    QString detail;
    QString step; // at fault
    qint64 startedAtMs = 0;
    qint64 endedAtMs = 0;
};

// An item that an earlier round of a loop had and this one has not (yet) is excluded: no part of this round.
[[nodiscard]] FlowStepRow stepRow(const FlowDefinition &definition, const FlowState &state, UnitRef unit);
[[nodiscard]] FlowRunRow runRow(const FlowState &state);
// One row a step and one an item, in the order of the file.
[[nodiscard]] std::vector<FlowStepRow> allStepRows(const FlowDefinition &definition, const FlowState &state);

} // namespace muster
