// EarlierRun: what the store has of a run that is to be run again. Value type; read on the thread of the
// connection.
#pragma once

#include "core/flow/rerun.h"
#include "core/node/flows/run_book.h"
#include "core/node/flows/stored_flows.h"
#include "core/store/connection.h"
#include "core/store/project_repository.h"

namespace muster {

struct EarlierRun {
    RunRow run;
    QString folder; // of the project
    FlowDefinitionRow definition;
    std::vector<NamedFlow> flows;   // what it starts, as it stood then
    FlowDefinitionPtr parsed;       // null: by another version of Muster
    std::optional<FlowState> state; // none: its journal is not there any more, or does not fit
    std::vector<StepRunRow> steps;
    std::vector<WorktreeRow> worktrees;
    std::vector<WorktreeRow> keptTrees; // of still earlier runs, whose steps it keeps
};

using EarlierRunPtr = std::shared_ptr<const EarlierRun>;

// NotFound.
[[nodiscard]] Result<EarlierRunPtr> readEarlierRun(Connection &db, RunId run);

// Conflict (RerunRefusal) as planRerun(), or Unreadable.
[[nodiscard]] Result<RerunPlan> planAgain(const EarlierRun &earlier, const FlowDefinition &now,
                                          const RerunAsk &ask);

// In which worktrees that was done which is kept.
[[nodiscard]] QHash<UnitKey, WorktreeId> worktreesOf(const EarlierRun &earlier, const RerunPlan &plan);

// The plan of a run that was made to run another again, and of which nothing has begun.
struct Kept {
    std::vector<StepKept> steps;
    QHash<UnitKey, WorktreeId> worktrees;
};
[[nodiscard]] Result<Kept> keptAtStart(Connection &db, const RunRow &run, const FlowDefinition &definition);

} // namespace muster
