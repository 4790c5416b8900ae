#include "core/node/work/sql_task_store.h"

#include "core/node/work/inbox_desk.h"
#include "core/node/work/task_usage.h"
#include "core/process/process_identity.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

EventRefs refsOf(const TaskRow &row)
{
    return {.project = row.project,
            .run = row.run,
            .step = row.step,
            .task = row.id,
            .conversation = row.conversation};
}

void logTask(EventBatch &log, const TaskRow &row, const QString &kind, QJsonObject data = {})
{
    if (row.key)
        data.insert(u"key"_s, *row.key);
    log.add(kind, refsOf(row), row.createdBy, data);
}

Result<ClaimedTask> claimedTask(TaskRepository &tasks, TaskId id, qint64 epoch)
{
    const auto row = tasks.find(id);
    const auto spec = tasks.spec(id);
    if (!row)
        return std::unexpected(row.error());
    if (!spec)
        return std::unexpected(spec.error());
    return ClaimedTask{.id = id,
                       .epoch = epoch,
                       .request = {.key = row->key.value_or(QString()),
                                   .kind = row->kind,
                                   .source = row->source,
                                   .createdBy = row->createdBy,
                                   .refs = refsOf(*row),
                                   .pools = {row->pool},
                                   .priority = row->priority,
                                   .prompt = spec->prompt,
                                   .runtime = spec->runtimeAsked,
                                   .model = spec->modelAsked,
                                   .profile = spec->profile,
                                   .data = spec->data},
                       .session = row->session,
                       .putOffs = row->putOff,
                       .spent = usageOf(row->usage, static_cast<int>(row->turns))};
}

TaskEnd endOf(const TaskOutcome &outcome)
{
    return {.status = outcome.status,
            .reason = outcome.reason,
            .detail = outcome.detail,
            .exitCode = outcome.exitCode,
            .signal = outcome.signal};
}

QJsonObject endData(const TaskOutcome &outcome)
{
    QJsonObject data{{u"status"_s, enumName(outcome.status)}};
    if (outcome.reason)
        data.insert(u"reason"_s, enumName(*outcome.reason));
    if (!outcome.detail.isEmpty())
        data.insert(u"detail"_s, outcome.detail);
    if (outcome.exitCode)
        data.insert(u"exit_code"_s, *outcome.exitCode);
    return data;
}

// A whole round through the store for each would let a queue that has room begin one by one.
constexpr size_t claimedAtOnce = 16;

Result<std::optional<ClaimedTask>> claimOne(Connection &db, EventBatch &log,
                                            const TaskRepository::Claim &wish)
{
    TaskRepository tasks(db);
    const auto claim = tasks.claimNext({}, wish);
    if (!claim)
        return std::unexpected(claim.error());
    if (!*claim)
        return std::nullopt;
    const auto row = tasks.find((*claim)->id);
    if (!row)
        return std::unexpected(row.error());
    logTask(log, *row, u"task.claimed"_s, {{u"epoch"_s, (*claim)->lease.epoch}});
    return claimedTask(tasks, (*claim)->id, (*claim)->lease.epoch).transform([](ClaimedTask task) {
        return std::optional(std::move(task));
    });
}

} // namespace

Result<TaskId> insertTask(Connection &db, EventBatch &log, const TaskRequest &request)
{
    TaskRow row{.project = request.refs.project,
                .run = request.refs.run,
                .step = request.refs.step,
                .conversation = request.refs.conversation,
                .source = request.source,
                .createdBy = request.createdBy,
                .kind = request.kind,
                .pool = request.pools.value(0),
                .priority = request.priority,
                .createdMs = log.nowMs(),
                .queuedMs = log.nowMs()};
    if (!request.key.isEmpty())
        row.key = request.key;
    const TaskSpec spec{.prompt = request.prompt,
                        .runtimeAsked = request.runtime,
                        .modelAsked = request.model,
                        .profile = request.profile,
                        .data = request.data};
    const auto inserted = TaskRepository(db).insert(row, spec, request.pools);
    if (!inserted)
        return std::unexpected(inserted.error());
    if (inserted->created) {
        row.id = inserted->id;
        logTask(log, row, u"task.queued"_s, {{u"pool"_s, row.pool}, {u"kind"_s, enumName(row.kind)}});
    }
    return inserted->id;
}

SqlTaskStore::SqlTaskStore(Ledger &ledger, QString owner, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_owner(std::move(owner))
{
}

void SqlTaskStore::insert(const TaskRequest &request, Callback<TaskId> done)
{
    m_ledger.commit(this, [request](Connection &db, EventBatch &log) -> Result<TaskId> {
        return insertTask(db, log, request);
    }, std::move(done));
}

void SqlTaskStore::claimNext(qint64 leaseMs, Callback<std::vector<ClaimedTask>> done)
{
    m_ledger.commit(
        this,
        [owner = m_owner, leaseMs](Connection &db, EventBatch &log) -> Result<std::vector<ClaimedTask>> {
        std::vector<ClaimedTask> claimed;
        while (claimed.size() < claimedAtOnce) {
            auto task = claimOne(db, log, {.owner = owner, .nowMs = log.nowMs(), .leaseMs = leaseMs});
            if (!task)
                return std::unexpected(task.error());
            if (!*task)
                break;
            claimed.push_back(*std::move(*task));
        }
        return claimed;
    }, std::move(done));
}

void SqlTaskStore::takeOverLost(const std::vector<HeldLease> &held, qint64 leaseMs,
                                Callback<std::vector<ClaimedTask>> done)
{
    m_ledger.commit(this,
                    [owner = m_owner, ours = held,
                     leaseMs](Connection &db, EventBatch &log) -> Result<std::vector<ClaimedTask>> {
        TaskRepository tasks(db);
        const auto leased = tasks.leased();
        if (!leased)
            return std::unexpected(leased.error());
        std::vector<ClaimedTask> taken;
        for (const TaskRow &row : *leased) {
            const bool over = row.lease.expiresAtMs <= log.nowMs();
            const bool known = std::ranges::contains(ours, HeldLease{.id = row.id, .epoch = row.lease.epoch});
            if (known || (!over && !isProvenDead(row.lease.owner)))
                continue;
            const auto lease = tasks.takeOver(row.id, row.lease.epoch, owner, log.nowMs(), leaseMs);
            if (!lease)
                return std::unexpected(lease.error());
            if (!*lease)
                continue; // its run belongs to another process, or somebody was faster
            auto task = claimedTask(tasks, row.id, (*lease)->epoch);
            if (!task)
                return std::unexpected(task.error());
            task->recovered = true;
            // Whoever takes the task up asks anew.
            if (Status withdrawn = withdrawOfTask(db, log, row.id); !withdrawn)
                return std::unexpected(withdrawn.error());
            logTask(log, row, u"task.taken_over"_s, {{u"epoch"_s, task->epoch}});
            taken.push_back(std::move(*task));
        }
        return taken;
    },
                    std::move(done));
}

void SqlTaskStore::renew(const std::vector<HeldLease> &held, qint64 leaseMs,
                         Callback<std::vector<TaskId>> done)
{
    m_ledger.commit(this, [held, leaseMs](Connection &db, EventBatch &log) -> Result<std::vector<TaskId>> {
        TaskRepository tasks(db);
        std::vector<TaskId> ours;
        for (const HeldLease &lease : held) {
            const Status renewed = tasks.renew(lease.id, lease.epoch, log.nowMs() + leaseMs);
            if (renewed)
                ours.push_back(lease.id);
            else if (renewed.error().code != ErrorCode::Conflict)
                return std::unexpected(renewed.error());
        }
        return ours;
    }, std::move(done));
}

void SqlTaskStore::setWaiting(TaskId task, qint64 epoch, bool waiting, Callback<void> done)
{
    m_ledger.commit(this, [task, epoch, waiting](Connection &db, EventBatch &log) -> Status {
        TaskRepository tasks(db);
        const auto row = tasks.find(task);
        if (!row)
            return std::unexpected(row.error());
        logTask(log, *row, waiting ? u"task.waiting"_s : u"task.continued"_s);
        // A waiting task keeps its slot in this version, so that it can go on at once when it is answered.
        return waiting ? tasks.setWaiting(task, epoch, true) : tasks.resumeFromWaiting(task, epoch);
    }, std::move(done));
}

void SqlTaskStore::finish(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done)
{
    m_ledger.commit(this, [task, epoch, outcome](Connection &db, EventBatch &log) -> Status {
        TaskRepository tasks(db);
        const auto row = tasks.find(task);
        if (!row)
            return std::unexpected(row.error());
        const HeldLease held{.id = task, .epoch = epoch};
        if (Status set = writeResult(tasks, held, outcome.usage, outcome.output); !set)
            return set;
        logTask(log, *row, u"task.finished"_s, endData(outcome));
        return tasks.finish(task, epoch, log.nowMs(), endOf(outcome));
    }, std::move(done));
}

void SqlTaskStore::putOff(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done)
{
    m_ledger.commit(this, [task, epoch, outcome](Connection &db, EventBatch &log) -> Status {
        TaskRepository tasks(db);
        const auto row = tasks.find(task);
        if (!row)
            return std::unexpected(row.error());
        const qint64 until = outcome.putOffUntilMs.value_or(log.nowMs());
        if (Status set = tasks.setUsage(task, epoch, outcome.usage.agentSteps, totalsOf(outcome.usage)); !set)
            return set;
        QJsonObject data = endData(outcome);
        data.remove(u"status"_s);
        data.insert(u"until"_s, until);
        logTask(log, *row, u"task.put_off"_s, data);
        return tasks.putOff(task, epoch, log.nowMs(), until);
    }, std::move(done));
}

void SqlTaskStore::cancelQueued(const QString &key, const TaskOutcome &outcome, Callback<TaskId> done)
{
    m_ledger.commit(this, [key, outcome](Connection &db, EventBatch &log) -> Result<TaskId> {
        TaskRepository tasks(db);
        const auto row = tasks.findByKey(key);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return fail(ErrorCode::NotFound, key, u"task"_s);
        if (Status ended = tasks.cancelQueued((*row)->id, log.nowMs(), endOf(outcome)); !ended)
            return std::unexpected(ended.error());
        logTask(log, **row, u"task.finished"_s, endData(outcome));
        return (*row)->id;
    }, std::move(done));
}

} // namespace muster
