#include "core/node/work/sql_task_store.h"

#include "core/node/work/task_usage.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

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

Result<std::optional<ClaimedTask>> claimOne(Connection &db, EventBatch &log,
                                            const TaskRepository::Claim &wish)
{
    TaskRepository tasks(db);
    const auto claim = tasks.claimNext(wish);
    if (!claim)
        return std::unexpected(claim.error());
    if (!*claim)
        return std::nullopt;
    const auto row = tasks.find((*claim)->id);
    if (!row)
        return std::unexpected(row.error());
    logTask(log, *row, u"task.claimed"_s, {{u"epoch"_s, (*claim)->lease.epoch}});
    return claimedTask(db, *row, (*claim)->lease.epoch, log.nowMs()).transform([](ClaimedTask task) {
        return std::optional(std::move(task));
    });
}

} // namespace

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

void SqlTaskStore::claimNext(const ClaimWish &wish, Callback<std::vector<ClaimedTask>> done)
{
    m_ledger.commit(
        this, [owner = m_owner, wish](Connection &db, EventBatch &log) -> Result<std::vector<ClaimedTask>> {
        std::vector<ClaimedTask> claimed;
        while (std::ssize(claimed) < wish.most) {
            auto task = claimOne(
                db, log,
                {.owner = owner, .nowMs = log.nowMs(), .leaseMs = wish.leaseMs, .chatOnly = wish.chatOnly});
            if (!task)
                return std::unexpected(task.error());
            if (!*task)
                break;
            claimed.push_back(*std::move(*task));
        }
        return claimed;
    }, std::move(done));
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

void SqlTaskStore::setWaiting(TaskId task, qint64 epoch, bool waiting, Callback<bool> done)
{
    m_ledger.commit(this, [task, epoch, waiting](Connection &db, EventBatch &log) -> Result<bool> {
        TaskRepository tasks(db);
        const auto row = tasks.find(task);
        if (!row)
            return std::unexpected(row.error());
        const auto now = claimedTask(db, *row, epoch, log.nowMs());
        if (!now)
            return std::unexpected(now.error());
        logTask(log, *row, waiting ? u"task.waiting"_s : u"task.continued"_s);
        if (!waiting)
            return tasks.goOn(task, epoch, log.nowMs());
        return tasks.setWaiting(task, epoch, log.nowMs(), now->keepsSlot).transform([&] {
            return now->keepsSlot;
        });
    }, std::move(done));
}

void SqlTaskStore::shiftDeadlines(const std::vector<HeldLease> &held, qint64 byMs)
{
    m_ledger.commit(this, [held, byMs](Connection &db, EventBatch &) -> Status {
        for (const HeldLease &lease : held) {
            const Status shifted = TaskRepository(db).shiftDeadline(lease.id, lease.epoch, byMs);
            if (!shifted && shifted.error().code != ErrorCode::Conflict)
                return shifted;
        }
        return {};
    });
}

void SqlTaskStore::finish(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done)
{
    m_ledger.commit(this, [task, epoch, outcome](Connection &db, EventBatch &log) -> Status {
        TaskRepository tasks(db);
        const auto row = tasks.find(task);
        if (!row)
            return std::unexpected(row.error());
        const HeldLease held{.id = task, .epoch = epoch};
        if (Status set = writeResult(db, held, outcome.usage, outcome.output, log.nowMs()); !set)
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
        const HeldLease held{.id = task, .epoch = epoch};
        if (Status set = writeUsage(db, held, outcome.usage, log.nowMs()); !set)
            return set;
        QJsonObject data = endData(outcome);
        data.remove(u"status"_s);
        data.insert(u"until"_s, until);
        logTask(log, *row, u"task.put_off"_s, data);
        return tasks.putOff(task, epoch, log.nowMs(), until);
    }, std::move(done));
}

void SqlTaskStore::cancelsAsked(Callback<std::vector<TaskId>> done)
{
    m_ledger.read(this, [](Connection &db) { return TaskRepository(db).cancelsAsked(); }, std::move(done));
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
