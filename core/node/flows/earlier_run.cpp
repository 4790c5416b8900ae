#include "core/node/flows/earlier_run.h"

#include "core/flow/flow_parser.h"
#include "core/flow/rules.h"
#include "core/node/flows/journal.h"
#include "core/store/run_repository.h"

namespace muster {

Result<EarlierRunPtr> readEarlierRun(Connection &db, RunId run)
{
    RunRepository runs(db);
    auto row = runs.find(run);
    if (!row)
        return std::unexpected(row.error());
    auto definition = runs.definition(row->definition);
    auto steps = runs.steps(run);
    auto worktrees = WorktreeRepository(db).ofRun(run);
    const auto journal = readJournal(db, run);
    const auto project = ProjectRepository(db).find(row->project);
    if (!definition)
        return std::unexpected(definition.error());
    if (!steps || !worktrees)
        return std::unexpected((steps ? worktrees.error() : steps.error()));
    if (!journal || !project)
        return std::unexpected((journal ? project.error() : journal.error()));
    auto flows = storedFlows(db, run);
    if (!flows)
        return std::unexpected(flows.error());
    EarlierRun earlier{.run = std::move(*row),
                       .folder = project->path,
                       .definition = std::move(*definition),
                       .flows = std::move(*flows),
                       .steps = std::move(*steps),
                       .worktrees = std::move(*worktrees)};
    earlier.parsed = parseFlow(earlier.definition.text.toUtf8(), earlier.definition.path, {}).definition;
    for (const StepRunRow &step : earlier.steps) {
        const auto tree = step.keptFrom.isValid() && step.worktree.isValid()
                              ? WorktreeRepository(db).find(step.worktree)
                              : fail(ErrorCode::NotFound);
        if (tree)
            earlier.keptTrees.push_back(*tree);
    }
    if (!earlier.parsed)
        return std::make_shared<const EarlierRun>(std::move(earlier));
    if (auto state = foldJournal(*earlier.parsed, *journal); state && state->started)
        earlier.state = std::move(*state);
    return std::make_shared<const EarlierRun>(std::move(earlier));
}

Result<RerunPlan> planAgain(const EarlierRun &earlier, const FlowDefinition &now, const RerunAsk &ask)
{
    if (earlier.parsed && earlier.state)
        return planRerun(*earlier.parsed, *earlier.state, now, ask);
    if (ask.mode == RerunMode::Whole)
        return planRerun(now, initialState(now), now, ask);
    return fail(ErrorCode::Conflict, {}, enumName(RerunRefusal::Unreadable));
}

QHash<UnitKey, WorktreeId> worktreesOf(const EarlierRun &earlier, const RerunPlan &plan)
{
    QHash<UnitKey, WorktreeId> all;
    for (const StepRunRow &row : earlier.steps) {
        if (row.worktree.isValid())
            all.insert({row.stepId, row.itemIndex}, row.worktree);
    }
    QHash<UnitKey, WorktreeId> kept;
    const auto take = [&](const UnitKey &unit) {
        if (all.contains(unit))
            kept.insert(unit, all.value(unit));
    };
    for (const StepKept &step : plan.kept) {
        if (step.from.isValid() && isSettled(step.unit.status))
            take({step.step, kNoItem});
        for (const KeptUnit &item : step.items)
            take({step.step, item.item});
    }
    return kept;
}

Result<Kept> keptAtStart(Connection &db, const RunRow &run, const FlowDefinition &definition)
{
    if (!run.rerunMode || *run.rerunMode == RerunMode::Whole)
        return Kept{};
    const auto earlier = readEarlierRun(db, run.rerunOf);
    if (!earlier)
        return std::unexpected(earlier.error());
    auto plan = planAgain(**earlier, definition, {.mode = *run.rerunMode, .step = run.rerunStep});
    if (!plan)
        return std::unexpected(plan.error());
    QHash<UnitKey, WorktreeId> worktrees = worktreesOf(**earlier, *plan);
    return Kept{.steps = std::move(plan->kept), .worktrees = std::move(worktrees)};
}

} // namespace muster
