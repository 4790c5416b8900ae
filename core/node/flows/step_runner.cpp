#include "core/node/flows/step_runner.h"

#include "core/events/step_title.h"
#include "core/node/work/merge_task.h"
#include "core/node/work/task_data.h"
#include "core/node/work/task_usage.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

TaskKind taskKindOf(StepKind kind)
{
    if (kind == StepKind::Merge)
        return TaskKind::Merge;
    return kind == StepKind::Shell ? TaskKind::Shell : TaskKind::Agent;
}

QJsonObject mergeTaskFor(const AttemptSpec &spec, const RunBook &book)
{
    MergeTask task{.from = {},
                   .squash = spec.merge.how == MergeHow::Squash,
                   .gateTimeoutsMs = spec.merge.gateTimeoutsMs,
                   .gateKinds = {},
                   .mayMerge = spec.permissions.merge};
    for (const std::optional<GateKind> kind : spec.merge.gateKinds)
        task.gateKinds += kind ? enumName(*kind) : QString();
    for (const MergeSource &source : spec.merge.from)
        task.from.push_back({.row = book.steps.value({source.step, source.item}).id,
                             .step = source.step,
                             .item = source.item,
                             .status = enumName(source.status),
                             .keepsTree = source.keepsTree});
    return toJsonObject(task);
}

// As people know it.
QString titleOf(const AttemptKey &key, const RunBook &book)
{
    const int item = key.item == kNoItem ? -1 : key.item;
    return stepTitle(key.step, item, book.steps.value({key.step, key.item}).label);
}

// A dot cannot be in a step's id: s.2 is no other step.
QString worktreeName(const UnitKey &unit)
{
    return unit.item == kNoItem ? unit.step : u"%1.%2"_s.arg(unit.step).arg(unit.item);
}

// Says where an attempt works: a shell step that begins from another works in that one's worktree.
void setWorktree(TaskData &data, const AttemptSpec &spec, const RunBook &book)
{
    const bool inOther = spec.kind == StepKind::Shell && !spec.from.isEmpty();
    data.isolation = enumName(inOther ? StepIsolation::Step : spec.isolation);
    if (!inOther && spec.isolation != StepIsolation::Step)
        return;
    const UnitKey from{.step = spec.from};
    const UnitKey owner = inOther ? from : UnitKey{spec.key.step, spec.key.item};
    data.worktreeStep = book.steps.value(owner).id;
    data.worktreeName = worktreeName(owner);
    if (!inOther && !spec.from.isEmpty())
        data.beginsAt = book.steps.value(from).id;
}

// The run whose budget holds: itself, or the nearest that it is part of; null: there is none.
const RunBook *budgetHolder(RunBooks &books, const RunBook *book)
{
    while (book && book->definition->budgetMicroUsd == 0)
        book = books.find(book->run.parentRun);
    return book;
}

// Said by a flow of theirs, or by the schedule that started the run.
bool isPersons(const RunBook *budgetHolder)
{
    return budgetHolder && (!budgetHolder->shipped || budgetHolder->run.limits.budgetMicroUsd > 0);
}

TaskData taskDataFor(const AttemptSpec &spec, const RunBook &book, RunBooks &books)
{
    const QString step = stepCode(spec.key.step, spec.key.item);
    const RunBook *holder = budgetHolder(books, &book);
    TaskData data{.output = enumName(spec.output),
                  .schema = spec.schema,
                  .outputFiles = spec.outputFiles,
                  .documents = spec.documents,
                  .skills = spec.skills,
                  .team = spec.team,
                  .env = spec.env,
                  .maxTurns = spec.maxTurns,
                  .mayWrite = spec.permissions.write,
                  .mayRun = spec.permissions.run,
                  .timeoutMs = spec.timeoutMs,
                  .budgetMicroUsd = spec.budgetMicroUsd,
                  .runBudgetMicroUsd = holder ? holder->definition->budgetMicroUsd : 0,
                  .personsCap = (spec.budgetMicroUsd > 0 && !book.shipped) || isPersons(holder),
                  .idempotent = spec.idempotent,
                  .unattended = spec.unattended,
                  .project = book.project.root,
                  .trusted = book.trusted,
                  .runTag = runTagOf(book.run),
                  .step = step,
                  .title =
                      u"%1 #%2 · %3"_s.arg(book.run.flow).arg(book.run.number).arg(titleOf(spec.key, book)),
                  .attempt = spec.key.attempt};
    if (spec.kind == StepKind::Merge)
        data.merge = mergeTaskFor(spec, book);
    else
        setWorktree(data, spec, book);
    return data;
}

TaskRequest requestFor(const AttemptSpec &spec, const RunBook &book, RunBooks &books)
{
    const UnitKey unit{spec.key.step, spec.key.item};
    return {.key = spec.key.toString(),
            .kind = taskKindOf(spec.kind),
            .source = TaskSource::Flow,
            .createdBy = u"flow:"_s + book.run.id.toString(),
            .refs = book.refs(unit),
            .pools = {u"flow"_s},
            .prompt = spec.text,
            .runtime = spec.runtime.isEmpty() ? book.run.runtime : spec.runtime,
            .model = spec.model,
            .profile = spec.profile,
            .data = toJsonObject(taskDataFor(spec, book, books))};
}

AttemptOutcome outcomeOf(const TaskOutcome &outcome, const TaskOutput &output)
{
    if (outcome.status == TaskStatus::Completed)
        return AttemptOutcome::Ok;
    if (output.lost)
        return AttemptOutcome::Lost;
    return outcome.status == TaskStatus::Cancelled ? AttemptOutcome::Cancelled : AttemptOutcome::Error;
}

} // namespace

AttemptResult attemptResultOf(const TaskOutcome &outcome)
{
    const TaskOutput output = fromJsonObject<TaskOutput>(outcome.output).value_or(TaskOutput{});
    AttemptResult result{.outcome = outcomeOf(outcome, output),
                         .reason = outcome.reason,
                         .detail = outcome.detail,
                         .output = output.text,
                         .exitCode = outcome.exitCode,
                         .files = output.files,
                         .branch = output.branch,
                         .blocked = outcome.blocked,
                         .usage = {.tokensIn = outcome.usage.tokensIn,
                                   .tokensOut = outcome.usage.tokensOut,
                                   .tokensCached = outcome.usage.tokensCached,
                                   .costMicroUsd = outcome.usage.costMicroUsd}};
    if (!output.json.isEmpty())
        result.json = output.json;
    if (outcome.retryNotBeforeMs > 0)
        result.resetAtMs = outcome.retryNotBeforeMs;
    return result;
}

TaskStepRunner::TaskStepRunner(TaskService &tasks, Ledger &ledger, RunBooks &books, StoreJournal &journal,
                               QObject *parent)
    : QObject(parent)
    , m_tasks(tasks)
    , m_ledger(ledger)
    , m_books(books)
    , m_journal(journal)
{
    connect(&m_tasks, &TaskService::settled, this,
            [this](TaskId, const QString &key, const TaskOutcome &outcome) { settled(key, outcome); });
}

void TaskStepRunner::start(const AttemptSpec &spec)
{
    const RunBook *book = m_books.find(spec.key.run);
    if (!book)
        return;
    m_tasks.enqueue(requestFor(spec, *book, m_books), [this, key = spec.key](const Result<TaskId> &task) {
        if (task) {
            m_journal.noteTask(key, *task);
            return;
        }
        m_listener->attemptFinished(key, {.outcome = AttemptOutcome::Error,
                                          .reason = FailureReason::LaunchFailed,
                                          .detail = task.error().detail});
    });
}

void TaskStepRunner::resume(const AttemptSpec &spec)
{
    // Tasks go on by themselves: their new owner finds the session or the guard. Never called for those.
    start(spec);
}

void TaskStepRunner::stop(const AttemptKey &key, FailureReason reason)
{
    m_tasks.stop(key.toString(), reason, {});
}

void TaskStepRunner::reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer)
{
    struct Found {
        TaskRow row;
        QJsonObject output;
    };
    m_ledger.read(this, [key = spec.key.toString()](Connection &db) -> Result<std::optional<Found>> {
        TaskRepository tasks(db);
        const auto row = tasks.findByKey(key);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return std::nullopt;
        return tasks.spec((*row)->id).transform([&](const TaskSpec &taskSpec) {
            return std::optional(Found{**row, taskSpec.output});
        });
    }, [this, key = spec.key, answer = std::move(answer)](const Result<std::optional<Found>> &found) {
        if (!found || !*found) {
            answer(found ? Reconciled::NotBegun : Reconciled::Lost, {});
            return;
        }
        const TaskRow &row = (*found)->row;
        m_journal.noteTask(key, row.id);
        if (!isSettled(row.status)) {
            answer(Reconciled::StillRunning, {});
            return;
        }
        answer(Reconciled::Finished,
               attemptResultOf({.status = row.status,
                                .reason = row.reason,
                                .detail = row.detail,
                                .exitCode = row.exitCode,
                                .output = (*found)->output,
                                .usage = usageOf(row.usage, static_cast<int>(row.turns))}));
    });
}

void TaskStepRunner::placed(const QString &key, WorktreeId worktree)
{
    if (const auto attempt = AttemptKey::fromString(key))
        m_journal.noteWorktree(*attempt, worktree);
}

void TaskStepRunner::began(const QString &key)
{
    if (const auto attempt = AttemptKey::fromString(key))
        m_listener->attemptStarted(*attempt);
}

void TaskStepRunner::waits(const QString &key, bool waiting)
{
    const auto attempt = AttemptKey::fromString(key);
    if (!attempt)
        return;
    if (waiting)
        m_listener->attemptWaiting(*attempt);
    else
        m_listener->attemptContinued(*attempt);
}

void TaskStepRunner::rests(const QString &key, std::optional<qint64> untilMs)
{
    const auto attempt = AttemptKey::fromString(key);
    if (!attempt)
        return;
    if (untilMs)
        m_listener->attemptRests(*attempt, *untilMs);
    else
        m_listener->attemptContinued(*attempt);
}

void TaskStepRunner::spent(const QString &key, qint64 costMicroUsd)
{
    if (const auto attempt = AttemptKey::fromString(key))
        m_listener->attemptSpent(*attempt, costMicroUsd);
}

void TaskStepRunner::settled(const QString &key, const TaskOutcome &outcome)
{
    if (const auto attempt = AttemptKey::fromString(key))
        m_listener->attemptFinished(*attempt, attemptResultOf(outcome));
}

} // namespace muster
