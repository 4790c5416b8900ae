#include "core/node/work/task_desk.h"

#include "core/node/queries/queries.h"
#include "core/node/work/task_data.h"
#include "core/node/work/task_forms.h"
#include "core/store/permission_repository.h"

#include <QUuid>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestTitle = 80;

QString newKey(const QString &what)
{
    return what + u':' + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

QString titleOf(const api::StartTask &command)
{
    if (!command.title.isEmpty())
        return command.title;
    const QString line = command.prompt.trimmed().section(u'\n', 0, 0);
    return line.size() > longestTitle ? QString(line.first(longestTitle - 1) + u'…') : line;
}

TaskRequest requestFor(const api::StartTask &command, const OpenedProject &project, const QString &by)
{
    const TaskData data{.maxTurns = command.maxSteps,
                        .budgetMicroUsd = command.budgetMicroUsd,
                        .unattended = command.unattended,
                        .project = project.info.root,
                        .trusted = command.trust || project.trusted,
                        .title = titleOf(command)};
    return {.key = newKey(u"manual"_s),
            .source = TaskSource::Manual,
            .createdBy = by,
            .refs = {.project = project.row.id},
            .pools = QStringList(u"manual"_s) + command.pools,
            .priority = command.priority,
            .timeLimitMs = command.deadlineMs > 0 ? std::optional(command.deadlineMs) : std::nullopt,
            .prompt = command.prompt,
            .runtime = command.runtime,
            .model = command.model,
            .profile = command.profile,
            .data = toJsonObject(data)};
}

Result<TaskRow> queuedTask(Connection &db, TaskId id)
{
    auto row = TaskRepository(db).find(id);
    if (row && row->status != TaskStatus::Queued)
        return fail(ErrorCode::Conflict, u"not_queued"_s, id.toString());
    return row;
}

std::unexpected<Error> atCapacity(const QString &what, qint64 freesAtMs)
{
    return fail(ErrorCode::Conflict, u"at_capacity"_s, u"%1 %2"_s.arg(what).arg(freesAtMs));
}

// What stands in its way, with the moment when that may be over.
Result<std::optional<Error>> obstacle(Connection &db, TaskId id, std::optional<HeldBack> machine,
                                      qint64 nowMs, qint64 nextLookMs)
{
    const auto full = TaskRepository(db).fullPoolOf(id);
    if (!full)
        return std::unexpected(full.error());
    if (*full) {
        return queries::freesAt(db, **full, nowMs).transform([&](qint64 moment) {
            return std::optional(atCapacity(**full, moment).error());
        });
    }
    if (machine)
        return std::optional(atCapacity(enumName(*machine), nowMs + nextLookMs).error());
    return std::nullopt;
}

Status noteBypass(Connection &db, EventBatch &log, const TaskRow &row, const Error &passed, const QString &by)
{
    EventRefs refs{.project = row.project, .run = row.run, .task = row.id, .conversation = row.conversation};
    const QJsonObject data{{u"held_back"_s, passed.where.section(u' ', 0, 0)}};
    log.add(u"task.forced"_s, refs, by, data);
    return AuditRepository(db).add(
        {.atMs = log.nowMs(), .who = by, .what = u"manual_force_bypass"_s, .refs = refs, .data = data});
}

api::CommandDone doneFor(const TaskRow &row)
{
    return {
        .refs = {.project = row.project, .run = row.run, .task = row.id, .conversation = row.conversation},
        .text = row.id.toString()};
}

} // namespace

TaskDesk::TaskDesk(Ledger &ledger, ProjectService &projects, TaskService &tasks, InboxDesk &inbox,
                   QString owner, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_projects(projects)
    , m_tasks(tasks)
    , m_inbox(inbox)
    , m_owner(std::move(owner))
{
    connect(&m_tasks, &TaskService::deadlineNear, this, &TaskDesk::warnOfDeadline);
    connect(&m_tasks, &TaskService::settled, this, &TaskDesk::withdrawWarning);
}

Async<api::CommandDone> TaskDesk::start(api::StartTask command, QString by)
{
    if (command.prompt.trimmed().isEmpty())
        co_return fail(ErrorCode::InvalidArgument, u"no_prompt"_s, u"prompt"_s);
    const auto project = co_await m_projects.open(command.project);
    if (!project)
        co_return std::unexpected(project.error());
    const auto task = co_await resultOf(m_ledger.commitAsync(
        [request = requestFor(command, *project, by)](Connection &db, EventBatch &log) -> Result<TaskId> {
        return insertTask(db, log, request);
    }));
    if (!task)
        co_return std::unexpected(task.error());
    m_tasks.drain();
    co_return api::CommandDone{.refs = {.project = project->row.id, .task = *task}, .text = task->toString()};
}

Async<api::CommandDone> TaskDesk::runNow(api::RunTaskNow command, QString by)
{
    const auto found = co_await resultOf(
        m_ledger.commitAsync([command, by, machine = m_tasks.heldBack(), nextLook = m_tasks.reapMs()](
                                 Connection &db, EventBatch &log) -> Result<TaskRow> {
        const auto row = queuedTask(db, command.task);
        if (!row)
            return row;
        const auto inTheWay = obstacle(db, row->id, machine, log.nowMs(), nextLook);
        if (!inTheWay)
            return std::unexpected(inTheWay.error());
        if (*inTheWay && !command.force)
            return std::unexpected(**inTheWay);
        const auto moved = TaskRepository(db).runNext(row->id, inTheWay->has_value());
        if (!moved)
            return std::unexpected(moved.error());
        if (Status noted = *inTheWay ? noteBypass(db, log, *row, **inTheWay, by) : Status(); !noted)
            return std::unexpected(noted.error());
        return row;
    }));
    if (!found)
        co_return std::unexpected(found.error());
    m_tasks.drain();
    co_return doneFor(*found);
}

Async<api::CommandDone> TaskDesk::cancel(api::CancelTask command, QString by)
{
    const auto found = co_await resultOf(m_ledger.commitAsync(
        [id = command.task, owner = m_owner](Connection &db, EventBatch &log) -> Result<TaskRow> {
        TaskRepository tasks(db);
        auto row = tasks.find(id);
        if (!row)
            return row;
        if (isSettled(row->status))
            return fail(ErrorCode::Conflict, u"ended"_s, id.toString());
        // Whoever holds it finds that when it looks.
        const bool elsewhere = row->lease.expiresAtMs > 0 && row->lease.owner != owner;
        if (Status asked = elsewhere ? tasks.requestCancel(id, log.nowMs()) : Status(); !asked)
            return std::unexpected(asked.error());
        return row;
    }));
    if (!found)
        co_return std::unexpected(found.error());
    if (found->key && (found->lease.expiresAtMs == 0 || found->lease.owner == m_owner))
        m_tasks.stop(*found->key, FailureReason::Aborted, by);
    co_return doneFor(*found);
}

Async<api::CommandDone> TaskDesk::retry(api::RetryTask command, QString by)
{
    const auto made = co_await resultOf(
        m_ledger.commitAsync([id = command.task, by](Connection &db, EventBatch &log) -> Result<TaskRow> {
        TaskRepository tasks(db);
        const auto row = tasks.find(id);
        if (!row)
            return row;
        if (row->run.isValid() || row->conversation.isValid())
            return fail(ErrorCode::Unsupported, u"not_by_itself"_s, id.toString());
        if (!isSettled(row->status))
            return fail(ErrorCode::Conflict, u"not_ended"_s, id.toString());
        if (row->supersededBy.isValid())
            return fail(ErrorCode::Conflict, u"superseded"_s, row->supersededBy.toString());
        const auto earlier = claimedTask(db, *row, row->lease.epoch, log.nowMs());
        const auto pools = tasks.poolsOf(id);
        if (!earlier || !pools)
            return std::unexpected(earlier ? pools.error() : earlier.error());
        TaskRequest request = earlier->request;
        request.key = newKey(u"retry"_s);
        request.createdBy = by;
        request.pools = *pools;
        request.retryOf = id;
        request.refs.task = {};
        request.data.insert(u"attempt"_s, request.data.value("attempt"_L1).toInt(1) + 1);
        const auto next = insertTask(db, log, request);
        if (!next)
            return std::unexpected(next.error());
        if (Status told = tasks.setSuperseded(id, *next); !told)
            return std::unexpected(told.error());
        return tasks.find(*next);
    }));
    if (!made)
        co_return std::unexpected(made.error());
    m_tasks.drain();
    co_return doneFor(*made);
}

Async<api::CommandDone> TaskDesk::setPriority(api::SetPriority command, QString by)
{
    constexpr int farthest = 100;
    if (command.priority < -farthest || command.priority > farthest)
        co_return fail(ErrorCode::InvalidArgument, u"-100 … 100"_s, u"priority"_s);
    const auto found = co_await resultOf(
        m_ledger.commitAsync([command, by](Connection &db, EventBatch &log) -> Result<TaskRow> {
        const auto row = queuedTask(db, command.task);
        if (!row)
            return row;
        const auto set = TaskRepository(db).setPriority(command.task, command.priority);
        if (!set)
            return std::unexpected(set.error());
        logTask(log, *row, u"task.priority"_s, {{u"priority"_s, command.priority}});
        return row;
    }));
    if (!found)
        co_return std::unexpected(found.error());
    m_tasks.drain();
    co_return doneFor(*found);
}

void TaskDesk::warnOfDeadline(TaskId task, qint64 limitMs)
{
    m_warned.insert(task);
    m_ledger.read(this, [task](Connection &db) -> Result<InboxRow> {
        TaskRepository tasks(db);
        const auto row = tasks.find(task);
        const auto spec = tasks.spec(task);
        if (!row || !spec)
            return std::unexpected(row ? spec.error() : row.error());
        return InboxRow{
            .key = u"deadline:"_s + task.toString(),
            .kind = InboxKind::Warning,
            .refs = {.project = row->project,
                     .run = row->run,
                     .step = row->step,
                     .task = row->id,
                     .conversation = row->conversation},
            .title = {},
            .body = {{u"purpose"_s, u"deadline_near"_s}, {u"who"_s, spec->data.value("title"_L1)}}};
    }, [this, limitMs](const Result<InboxRow> &item) {
        if (!item || !m_warned.contains(item->refs.task))
            return;
        InboxRow warning = *item;
        warning.body.insert(u"limit_ms"_s, limitMs);
        m_inbox.open(warning);
    });
}

void TaskDesk::withdrawWarning(TaskId task)
{
    if (m_warned.remove(task))
        m_inbox.withdraw(u"deadline:"_s + task.toString(), u"node"_s);
}

} // namespace muster
