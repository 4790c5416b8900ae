#include "core/node/flows/run_service.h"

#include "core/node/flows/earlier_run.h"
#include "core/node/flows/kept_files.h"
#include "core/node/flows/run_limits.h"
#include "core/process/process_identity.h"
#include "core/store/run_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 leaseMs = 60'000;
constexpr int renewEveryMs = 20'000;
constexpr int takeOverEveryMs = 5'000;

RunSetup setupFor(const RunBook &book)
{
    return {.run = book.run.id,
            .definition = book.definition,
            .inputs = book.run.inputs,
            .runInfo = {{u"id"_s, book.run.id.value},
                        {u"number"_s, book.run.number},
                        {u"flow"_s, book.run.flow},
                        {u"branch"_s, QString(u"muster/"_s + runTagOf(book.run))}}, // see RunBranch
            .project = {{u"name"_s, book.project.name}, {u"path"_s, book.project.root}},
            .unattended = book.run.unattended};
}

// What the run keeps of an earlier one, and where that was done.
RunSetup setupFor(RunBook &book, std::vector<StepKept> kept, const QHash<UnitKey, WorktreeId> &worktrees)
{
    for (auto it = worktrees.cbegin(); it != worktrees.cend(); ++it)
        book.steps[it.key()].worktree = it.value();
    RunSetup setup = setupFor(book);
    setup.kept = std::move(kept);
    return setup;
}

// For the row of a run that runs another again, and for its event.
void tellBefore(const RunBefore &before, RunRow &row)
{
    row.rerunOf = before.run.id;
    row.rerunMode = before.ask.mode;
    row.rerunStep = before.ask.step;
    row.baseCommit = before.baseCommit;
    row.beginsAt = before.beginsAt;
}

void tellBefore(const RunBefore &before, QJsonObject &data)
{
    QJsonArray redone;
    for (const RedoneStep &step : before.plan.redone)
        redone.append(QJsonObject{{u"step"_s, step.step},
                                  {u"why"_s, enumName(step.why)},
                                  {u"because"_s, step.because},
                                  {u"kept_items"_s, step.keptItems}});
    data.insert(u"rerun_of"_s, before.run.id.value);
    data.insert(u"rerun_number"_s, before.run.number);
    data.insert(u"rerun_mode"_s, enumName(before.ask.mode));
    data.insert(u"rerun_step"_s, before.ask.step);
    data.insert(u"kept"_s, before.plan.keptSteps().size());
    data.insert(u"redone"_s, redone);
}

// What the names of flows stand for is kept with the run: it never asks the files again.
Status keepFlows(RunRepository &runs, RunId run, const PreparedRun &prepared, qint64 nowMs)
{
    std::vector<RunFlowRow> flows;
    auto others = prepared.otherDefinitions();
    for (auto &[name, definition] : others) {
        definition.createdMs = nowMs;
        const auto saved = runs.saveDefinition(definition);
        if (!saved)
            return std::unexpected(saved.error());
        flows.push_back({.name = name, .definition = *saved});
    }
    return runs.setFlows(run, flows);
}

// Those of the flow's files that are no flows. One that runs another again goes on with its, unless the flow
// is taken anew; one of a flow step has those of its parent.
Status keepOtherFiles(Connection &db, const RunRow &run, const PreparedRun &prepared, const RunOrigin &origin)
{
    if (origin.parent)
        return {};
    if (!origin.before || origin.before->ask.mode == RerunMode::Edited)
        return keepFiles(db, run.id, prepared.flow.files);
    const auto earlier = keptFiles(db, origin.before->run.id);
    return earlier ? keepFiles(db, run.id, *earlier) : std::unexpected(earlier.error());
}

struct Stored {
    Kept kept; // where nothing of the run has begun
    FlowDefinitionRow definition;
    ProjectRow project;
    std::vector<StepRunRow> steps;
    std::vector<FlowEvent> journal;
    FlowDefinitionPtr parsed; // null: the run cannot go on
};

Result<Stored> readStored(Connection &db, const RunRow &run)
{
    RunRepository runs(db);
    auto definition = runs.definition(run.definition);
    auto project = ProjectRepository(db).find(run.project);
    auto steps = runs.steps(run.id);
    auto journal = readJournal(db, run.id);
    if (!definition)
        return std::unexpected(definition.error());
    if (!project)
        return std::unexpected(project.error());
    if (!steps)
        return std::unexpected(steps.error());
    if (!journal)
        return std::unexpected(journal.error());
    Stored stored{.definition = std::move(*definition),
                  .project = std::move(*project),
                  .steps = std::move(*steps),
                  .journal = std::move(*journal)};
    const FlowParseResult parsed = parseFlow(stored.definition.text.toUtf8(), stored.definition.path, {});
    stored.parsed = heldTo(parsed.definition, run.limits);
    if (!stored.parsed || !stored.journal.empty())
        return stored;
    auto kept = keptAtStart(db, run, *stored.parsed);
    if (kept)
        stored.kept = std::move(*kept);
    else
        stored.parsed = nullptr; // it cannot begin as it was asked to
    return stored;
}

// The rows of a new run.
Result<RunRow> insertRun(Connection &db, const PreparedRun &prepared, const RunOrigin &origin, qint64 nowMs)
{
    RunRepository runs(db);
    FlowDefinitionRow definition = prepared.definitionRow();
    RunRow row = prepared.row(origin.by);
    row.createdMs = definition.createdMs = nowMs;
    row.limits = origin.limits;
    if (origin.before)
        tellBefore(*origin.before, row);
    const auto saved = runs.saveDefinition(definition);
    if (!saved)
        return std::unexpected(saved.error());
    row.definition = *saved;
    if (origin.parent) {
        row.parentRun = origin.parent->run;
        row.parentKey = origin.parent->toString();
    }
    // Of a flow step there may be as many as it has items.
    auto run = runs.create(row, origin.parent || prepared.flow.parsed.definition->parallelRuns);
    if (!run)
        return run;
    if (Status kept = keepFlows(runs, run->id, prepared, nowMs); !kept)
        return std::unexpected(kept.error());
    if (Status kept = keepOtherFiles(db, *run, prepared, origin); !kept)
        return std::unexpected(kept.error());
    return run;
}

Result<RunRow> createRun(Connection &db, EventBatch &log, const PreparedRun &prepared,
                         const RunOrigin &origin, const QString &owner)
{
    RunRepository runs(db);
    if (origin.onlyOnce) {
        const auto made = runs.createdBy(origin.by);
        if (!made || *made)
            return made ? fail(ErrorCode::Conflict, origin.by, u"run"_s) : std::unexpected(made.error());
    }
    auto run = insertRun(db, prepared, origin, log.nowMs());
    if (!run)
        return run;
    const auto lease = runs.claim(run->id, owner, log.nowMs(), leaseMs);
    if (!lease || !*lease)
        return lease ? fail(ErrorCode::Conflict, run->id.toString(), u"run"_s)
                     : std::unexpected(lease.error());
    run->lease = **lease;
    QJsonObject data{{u"flow"_s, run->flow}, {u"number"_s, run->number}, {u"inputs"_s, run->inputs}};
    if (!origin.data.isEmpty())
        data.insert(u"origin"_s, origin.data);
    if (origin.before)
        tellBefore(*origin.before, data);
    log.add(u"run.created"_s, {.project = run->project, .run = run->id}, run->createdBy, data);
    return run;
}

} // namespace

RunService::RunService(Ledger &ledger, RunBooks &books, ProjectService &projects, QString personFolder,
                       QString owner, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_books(books)
    , m_projects(projects)
    , m_personFolder(std::move(personFolder))
    , m_owner(std::move(owner))
{
    connect(&m_renewTimer, &QTimer::timeout, this, &RunService::renew);
    connect(&m_ledger.hub(), &EventHub::arrived, this, &RunService::onEvents);
    connect(&m_takeOverTimer, &QTimer::timeout, this, &RunService::takeOverDue);
}

Async<RunRow> RunService::start(api::StartRun request, QString by)
{
    const auto prepared = co_await prepareRun(m_projects, m_personFolder, request);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    co_return co_await begin(*prepared, {.by = by});
}

Async<RunRow> RunService::begin(PreparedRun prepared, RunOrigin origin)
{
    const auto created = co_await resultOf(
        m_ledger.commitAsync([prepared, origin, owner = m_owner](Connection &db, EventBatch &log) {
        return createRun(db, log, prepared, origin, owner);
    }));
    if (!created)
        co_return created;
    RunBook *book = m_books.open({.run = *created,
                                  .project = prepared.project.info,
                                  .trusted = prepared.trusted,
                                  .shipped = prepared.flow.found.file.place == LookupPlace::BuiltIn,
                                  .definition = heldTo(prepared.flow.parsed.definition, created->limits)});
    const RunBefore before = origin.before.value_or(RunBefore{});
    if (Status started = m_engine->start(setupFor(*book, before.plan.kept, before.worktrees)); !started)
        co_return std::unexpected(started.error());
    co_return created;
}

Async<RunRow> RunService::cancel(RunId run, QString by)
{
    const auto row =
        co_await resultOf(m_ledger.commitAsync([run, by](Connection &db, EventBatch &log) -> Result<RunRow> {
        RunRepository runs(db);
        auto found = runs.find(run);
        if (!found)
            return found;
        if (Status asked = runs.requestCancel(run, log.nowMs()); !asked)
            return std::unexpected(asked.error());
        log.add(u"run.cancel_asked"_s, {.project = found->project, .run = run}, by);
        return found;
    }));
    co_return row;
}

Async<RunRow> RunService::pause(RunId run, bool paused, QString by)
{
    const auto row = co_await resultOf(
        m_ledger.commitAsync([run, paused, by](Connection &db, EventBatch &log) -> Result<RunRow> {
        RunRepository runs(db);
        auto found = runs.find(run);
        if (!found)
            return found;
        if (Status asked = runs.setPauseAsked(run, paused); !asked)
            return std::unexpected(asked.error());
        log.add(paused ? u"run.pause_asked"_s : u"run.continue_asked"_s,
                {.project = found->project, .run = run}, by);
        return found;
    }));
    co_return row;
}

void RunService::onEvents(const std::vector<Event> &events)
{
    for (const Event &event : events) {
        // Nobody here to be told: where the run is taken over, its row says it.
        if (event.kind == u"run.pause_asked")
            (void)m_engine->pause(event.refs.run, event.source);
        else if (event.kind == u"run.continue_asked")
            (void)m_engine->goOn(event.refs.run, event.source);
        if (event.kind != u"run.cancel_asked" || m_engine->cancel(event.refs.run, event.source))
            continue;
        // Driven elsewhere, or it has ended; or it is ours and on its way to the engine.
        if (const auto resuming = m_resuming.find(event.refs.run); resuming != m_resuming.end())
            *resuming = event.source;
    }
}

void RunService::beginRenewing()
{
    m_renewTimer.start(renewEveryMs);
    m_takeOverTimer.start(takeOverEveryMs);
}

void RunService::renew()
{
    m_ledger.commit(this, [owner = m_owner](Connection &db, EventBatch &log) -> Status {
        const auto renewed = RunRepository(db).renewAll(owner, log.nowMs() + leaseMs);
        return renewed ? Status() : Status(std::unexpected(renewed.error()));
    });
}

namespace {

// True: it is the owner's now. The lease of an owner that is proven dead is freed first.
Result<bool> take(RunRow &row, const QString &owner, RunRepository &runs, EventBatch &log)
{
    if (row.lease.owner != owner && !row.lease.owner.isEmpty() && isProvenDead(row.lease.owner)) {
        if (const auto freed = runs.releaseLeasesOf(row.lease.owner); !freed)
            return std::unexpected(freed.error());
    }
    const auto lease = runs.claim(row.id, owner, log.nowMs(), leaseMs);
    if (!lease)
        return std::unexpected(lease.error());
    if (!*lease)
        return false;
    row.lease = **lease;
    log.add(u"run.resumed"_s, {.project = row.project, .run = row.id}, u"node"_s,
            {{u"epoch"_s, row.lease.epoch}});
    return true;
}

Result<std::vector<RunRow>> takeLeaseless(Connection &db, EventBatch &log, const QString &owner,
                                          const QList<RunId> &ours)
{
    RunRepository runs(db);
    const auto active = runs.list({.activeOnly = true, .limit = 10'000});
    if (!active)
        return active;
    std::vector<RunRow> taken;
    for (RunRow row : *active) {
        if (ours.contains(row.id))
            continue;
        const auto mine = take(row, owner, runs, log);
        if (!mine)
            return std::unexpected(mine.error());
        if (*mine)
            taken.push_back(std::move(row));
    }
    return taken;
}

} // namespace

void RunService::takeOver(std::function<void()> done)
{
    m_ledger.commit(this, [owner = m_owner, ours = m_books.runs()](Connection &db, EventBatch &log) {
        return takeLeaseless(db, log, owner, ours);
    }, [this, done = std::move(done)](const Result<std::vector<RunRow>> &taken) {
        auto left = std::make_shared<size_t>(taken ? taken->size() : 0);
        if (*left == 0) {
            done();
            return;
        }
        for (const RunRow &row : *taken) {
            resume(row).future().then(this, [left, done](const Result<bool> &) {
                if (--*left == 0)
                    done();
            });
        }
    });
}

Async<bool> RunService::resume(RunRow row)
{
    m_resuming.insert(row.id, {});
    const auto resumed = co_await handToEngine(row);
    if (const QString by = m_resuming.take(row.id); !by.isEmpty())
        (void)m_engine->cancel(row.id, by);
    co_return resumed.value_or(false);
}

Async<bool> RunService::handToEngine(RunRow row)
{
    const auto stored =
        co_await resultOf(m_ledger.readAsync([row](Connection &db) { return readStored(db, row); }));
    if (!stored)
        co_return std::unexpected(stored.error());
    const auto project = co_await m_projects.open(stored->project.path);
    if (!project || !stored->parsed) {
        // The folder is gone, or the definition is from a newer Muster: the run cannot go on here, and says
        // so.
        const QString why = project ? u"definition"_s : u"project_gone"_s;
        co_await resultOf(m_ledger.commitAsync([row, why](Connection &db, EventBatch &log) -> Status {
            log.add(u"run.finished"_s, {.project = row.project, .run = row.id}, u"node"_s,
                    {{u"status"_s, u"failed"_s}, {u"reason"_s, u"dependency_failed"_s}, {u"detail"_s, why}});
            return RunRepository(db).setStatus(row.id, row.lease.epoch,
                                               {.status = RunStatus::Failed,
                                                .reason = FailureReason::DependencyFailed,
                                                .detail = why,
                                                .nowMs = log.nowMs()});
        }));
        co_return false;
    }
    RunBook book{.run = row,
                 .project = project->info,
                 .trusted = project->trusted,
                 .shipped = stored->definition.origin == enumName(LookupPlace::BuiltIn),
                 .definition = stored->parsed};
    for (const StepRunRow &step : stored->steps)
        book.steps.insert({step.stepId, step.itemIndex}, step);
    RunBook *opened = m_books.open(std::move(book));
    const Status resumed =
        stored->journal.empty()
            ? m_engine->start(setupFor(*opened, stored->kept.steps, stored->kept.worktrees))
            : m_engine->resume(row.id, stored->parsed, stored->journal);
    if (!resumed)
        co_return std::unexpected(resumed.error());
    // What was asked while nobody drove it. Not found: it ended while it was folded.
    const auto now = co_await resultOf(
        m_ledger.readAsync([id = row.id](Connection &db) { return RunRepository(db).find(id); }));
    if (now)
        (void)(now->pauseAsked ? m_engine->pause(row.id, u"person"_s) : m_engine->goOn(row.id, u"person"_s));
    if (row.cancelRequestedMs)
        (void)m_engine->cancel(row.id, u"person"_s);
    emit advanced(row.id); // what of it goes on may have nothing new to say for long
    co_return true;
}

bool RunService::isDriven(const RunRow &run) const
{
    if (isSettled(run.status))
        return false;
    const bool here = m_engine->state(run.id) || m_resuming.contains(run.id);
    const QString &owner = run.lease.owner;
    const bool elsewhere = !owner.isEmpty() && owner != m_owner && !isProvenDead(owner) &&
                           run.lease.expiresAtMs > m_ledger.clock().nowMs();
    return here || elsewhere;
}

Async<RunRow> RunService::endOrphan(RunRow run, QString by)
{
    auto ended = co_await resultOf(m_ledger.commitAsync(
        [run, by, owner = m_owner](Connection &db, EventBatch &log) mutable -> Result<RunRow> {
        RunRepository runs(db);
        const auto mine = take(run, owner, runs, log);
        if (!mine)
            return std::unexpected(mine.error());
        if (!*mine)
            return fail(ErrorCode::Conflict, QString::number(run.number), enumName(RerunRefusal::Alive));
        log.add(u"run.finished"_s, {.project = run.project, .run = run.id}, by,
                {{u"status"_s, u"cancelled"_s}, {u"reason"_s, u"aborted"_s}, {u"detail"_s, u"rerun"_s}});
        const Status set = runs.setStatus(run.id, run.lease.epoch,
                                          {.status = RunStatus::Cancelled,
                                           .reason = FailureReason::Aborted,
                                           .detail = u"rerun"_s,
                                           .nowMs = log.nowMs()});
        return set.transform([&] { return run; });
    }));
    if (ended)
        runFinished(run.id, {});
    co_return ended;
}

void RunService::runAdvanced(RunId run, const FlowState &, const std::vector<FlowEvent> &events)
{
    for (const FlowEvent &event : events) {
        if (const auto *near = std::get_if<BudgetNear>(&event.fact))
            emit nearBudget(run, near->spentMicroUsd, near->budgetMicroUsd);
    }
    emit advanced(run);
}

void RunService::runFinished(RunId run, const RunFinished &)
{
    emit finished(run);
    m_books.close(run);
}

void RunService::runDropped(RunId run, const Error &)
{
    // Lost to another process, or the store could not take it (disk full): in both cases the next look at
    // active runs finds whether it is ours to go on with.
    emit dropped(run);
    m_books.close(run);
}

} // namespace muster
