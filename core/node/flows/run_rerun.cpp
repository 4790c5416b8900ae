#include "core/node/flows/run_rerun.h"

#include "core/node/api/wire.h"
#include "core/store/run_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> refuse(RerunRefusal why, QString detail = {})
{
    return fail(ErrorCode::Conflict, std::move(detail), enumName(why));
}

bool wrote(const KeptUnit &unit)
{
    // A later attempt goes on with what an earlier one has committed.
    return !unit.result.files.isEmpty() || (unit.attempt > 1 && !unit.result.branch.isEmpty());
}

// Whether something that is kept was written in the worktree that the run's steps share.
bool wroteInShared(const FlowDefinition &definition, const RerunPlan &plan)
{
    return std::ranges::any_of(plan.kept, [&](const StepKept &kept) {
        const StepDefinition &step = definition.step(definition.indexOf(kept.step));
        const bool inOther = step.kind == StepKind::Shell && step.from >= 0;
        return step.isWork() && step.isolation == StepIsolation::Run && !inOther && wrote(kept.unit);
    });
}

bool wroteAnywhere(const RerunPlan &plan)
{
    return std::ranges::any_of(plan.kept, [](const StepKept &kept) {
        return wrote(kept.unit) || std::ranges::any_of(kept.items, wrote);
    });
}

WorktreeRow treeOf(const EarlierRun &earlier, WorktreeId id)
{
    for (const std::vector<WorktreeRow> *trees : {&earlier.worktrees, &earlier.keptTrees}) {
        if (const auto found = std::ranges::find(*trees, id, &WorktreeRow::id); found != trees->end())
            return *found;
    }
    return {};
}

// The newest: an earlier one of the same run has been merged or dropped.
const WorktreeRow *sharedTree(const EarlierRun &earlier)
{
    const auto found = std::ranges::find_if(earlier.worktrees.rbegin(), earlier.worktrees.rend(),
                                            [](const WorktreeRow &row) { return !row.step.isValid(); });
    return found == earlier.worktrees.rend() ? nullptr : &*found;
}

// Steps that are kept and in whose worktree, or from whose commit, one begins that is done anew.
std::vector<WorktreeId> begunFrom(const FlowDefinition &definition, const RunBefore &before)
{
    std::vector<WorktreeId> trees;
    for (const RedoneStep &redone : before.plan.redone) {
        const int from = definition.step(definition.indexOf(redone.step)).from;
        const WorktreeId tree =
            from < 0 ? WorktreeId{} : before.worktrees.value({definition.step(from).id, kNoItem});
        if (tree.isValid())
            trees.push_back(tree);
    }
    return trees;
}

QJsonObject knownInputs(const QJsonObject &given, const FlowDefinition &definition)
{
    QJsonObject known;
    for (const FlowInput &input : definition.inputs) {
        if (given.contains(input.name))
            known.insert(input.name, given.value(input.name));
    }
    return known;
}

Result<std::vector<QString>> openTasks(Connection &db, RunId run)
{
    const auto rows = TaskRepository(db).list({.run = run, .openOnly = true, .limit = 10'000});
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<QString> keys;
    for (const TaskRow &row : *rows) {
        if (row.key)
            keys.push_back(*row.key);
    }
    return keys;
}

api::RedoneStep toApi(const RedoneStep &step)
{
    return {.step = step.step, .why = step.why, .because = step.because, .keptItems = step.keptItems};
}

} // namespace

RunRerun::RunRerun(Ledger &ledger, RunService &runs, ProjectService &projects, ChangesService &changes,
                   TaskService &tasks, QString personFolder)
    : m_ledger(ledger)
    , m_runs(runs)
    , m_projects(projects)
    , m_changes(changes)
    , m_tasks(tasks)
    , m_personFolder(std::move(personFolder))
{
}

Async<EarlierRunPtr> RunRerun::read(RunId run)
{
    co_return co_await resultOf(
        m_ledger.readAsync([run](Connection &db) { return readEarlierRun(db, run); }));
}

Async<RunRow> RunRerun::start(api::RerunRun request, QString by)
{
    const auto earlier = co_await read(request.run);
    if (!earlier)
        co_return std::unexpected(earlier.error());
    const auto ready = co_await look(*earlier, request);
    if (!ready)
        co_return std::unexpected(ready.error());
    if (!isSettled(ready->before.run.status)) {
        const auto ended = co_await endOrphan(ready->before.run, by);
        if (!ended)
            co_return std::unexpected(ended.error());
    }
    co_return co_await m_runs.begin(ready->prepared, {.by = by, .before = ready->before});
}

// It is active and nobody has it in hand.
Async<bool> RunRerun::endOrphan(RunRow run, QString by)
{
    const auto tasks =
        co_await resultOf(m_ledger.readAsync([id = run.id](Connection &db) { return openTasks(db, id); }));
    if (!tasks)
        co_return std::unexpected(tasks.error());
    const auto ended = co_await m_runs.endOrphan(run, by);
    if (!ended)
        co_return std::unexpected(ended.error());
    for (const QString &key : *tasks)
        m_tasks.stop(key, FailureReason::Aborted, u"rerun"_s);
    co_return true;
}

Async<RunRerun::Ready> RunRerun::look(EarlierRunPtr earlier, api::RerunRun request)
{
    if (m_runs.isDriven(earlier->run))
        co_return refuse(RerunRefusal::Alive, QString::number(earlier->run.number));
    const auto prepared = co_await prepare(earlier, request);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    const RerunAsk ask{.mode = request.mode, .step = request.step};
    const auto plan = planAgain(*earlier, *prepared->flow.parsed.definition, ask);
    if (!plan)
        co_return std::unexpected(plan.error());
    if (const auto room = co_await hasRoom(earlier, *prepared); !room)
        co_return std::unexpected(room.error());
    const RunBefore before{
        .run = earlier->run, .ask = ask, .plan = *plan, .worktrees = worktreesOf(*earlier, *plan)};
    const auto placed = co_await place(earlier, *prepared, before);
    if (!placed)
        co_return std::unexpected(placed.error());
    co_return Ready{.prepared = *prepared, .before = *placed};
}

// Asked for before anything of the earlier run is ended; what decides is RunRepository::create().
Async<bool> RunRerun::hasRoom(EarlierRunPtr earlier, PreparedRun prepared)
{
    const FlowDefinition &flow = *prepared.flow.parsed.definition;
    if (flow.parallelRuns)
        co_return true;
    const RunFilter filter{.project = earlier->run.project, .flow = flow.name, .activeOnly = true};
    const auto active = co_await resultOf(
        m_ledger.readAsync([filter](Connection &db) { return RunRepository(db).list(filter); }));
    if (!active)
        co_return std::unexpected(active.error());
    const bool taken =
        std::ranges::any_of(*active, [&](const RunRow &run) { return run.id != earlier->run.id; });
    if (taken)
        co_return fail(ErrorCode::Conflict, flow.name, u"flow"_s);
    co_return true;
}

Async<PreparedRun> RunRerun::prepare(EarlierRunPtr earlier, api::RerunRun request)
{
    const api::StartRun start{.project = earlier->folder,
                              .flow = earlier->run.flow,
                              .inputs = earlier->run.inputs,
                              .runtime = earlier->run.runtime,
                              .unattended = request.unattended,
                              .approve = request.approve,
                              .trust = request.trust};
    if (request.mode == RerunMode::Edited)
        co_return co_await prepareEdited(earlier, start, request.file);
    if (!earlier->parsed)
        co_return refuse(RerunRefusal::Unreadable);
    co_return co_await prepareStored(m_projects, earlier->definition, earlier->flows, start);
}

// The file that it was, wherever that was, as it stands now. Inputs that it has no more are left out.
Async<PreparedRun> RunRerun::prepareEdited(EarlierRunPtr earlier, api::StartRun start, QString file)
{
    const QString path = earlier->definition.path;
    if (!file.isEmpty())
        start.flow = file;
    else if (!path.isEmpty() && !path.startsWith(u':'))
        start.flow = path;
    const auto project = co_await m_projects.open(start.project);
    if (!project)
        co_return std::unexpected(project.error());
    const FlowLibrary library(project->info.root, m_personFolder, project->trusted || start.trust);
    const auto flow = co_await resultOf(onPool([library, name = start.flow] { return library.load(name); }));
    if (!flow)
        co_return std::unexpected(flow.error());
    if (flow->parsed.ok())
        start.inputs = knownInputs(start.inputs, *flow->parsed.definition);
    co_return co_await prepareRun(m_projects, m_personFolder, start);
}

Async<RunBefore> RunRerun::place(EarlierRunPtr earlier, PreparedRun prepared, RunBefore before)
{
    const FlowDefinition &definition = *prepared.flow.parsed.definition;
    const GitTrust trust = prepared.project.gitTrust();
    for (const WorktreeId id : begunFrom(definition, before)) {
        const auto tip = co_await tipOf(treeOf(*earlier, id), trust);
        if (!tip)
            co_return std::unexpected(tip.error());
    }
    if (wroteAnywhere(before.plan))
        before.baseCommit =
            earlier->worktrees.empty() ? earlier->run.baseCommit : earlier->worktrees.front().baseCommit;
    if (!wroteInShared(definition, before.plan))
        co_return before;
    const WorktreeRow *shared = sharedTree(*earlier);
    if (!shared) { // it has itself only kept what was written
        before.beginsAt = earlier->run.beginsAt;
        co_return before;
    }
    const auto tip = co_await tipOf(*shared, trust);
    if (!tip)
        co_return std::unexpected(tip.error());
    before.beginsAt = *tip;
    if (tip->isEmpty()) // what was merged is in the main tree
        before.baseCommit.clear();
    co_return before;
}

// Empty: it was merged.
Async<QString> RunRerun::tipOf(WorktreeRow tree, GitTrust trust)
{
    if (tree.state == WorktreeState::Merged)
        co_return QString();
    if (!tree.id.isValid() || tree.state == WorktreeState::Dropped)
        co_return refuse(RerunRefusal::BranchGone, tree.branch);
    const auto tip = co_await m_changes.tip(tree, trust);
    if (tip && tip->isEmpty())
        co_return refuse(RerunRefusal::BranchGone, tree.branch);
    co_return tip;
}

Async<std::vector<api::RerunChoice>> RunRerun::choices(api::GetRerunChoices query)
{
    const auto earlier = co_await read(query.run);
    if (!earlier)
        co_return std::unexpected(earlier.error());
    std::vector<api::RerunChoice> choices;
    for (const auto &[mode, name] : EnumNames<RerunMode>::table) {
        api::RerunChoice choice{.mode = mode};
        const auto ready = co_await look(*earlier, {.run = query.run, .mode = mode, .step = query.step});
        if (ready) {
            choice.kept = ready->before.plan.keptSteps();
            for (const RedoneStep &step : ready->before.plan.redone)
                choice.redone.push_back(toApi(step));
        } else {
            choice.error = api::errorToJson(ready.error());
        }
        choices.push_back(std::move(choice));
    }
    co_return choices;
}

} // namespace muster
