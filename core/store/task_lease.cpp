// Tasks that are held: leases, what their holders write, their end.
#include "core/store/row_helpers.h"
#include "core/store/task_columns.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

Status TaskRepository::fenced(const Result<qint64> &changed, TaskId id)
{
    return sql::changedOne(changed, ErrorCode::Conflict, u"tasks", id.value);
}

Status TaskRepository::renew(TaskId id, qint64 epoch, qint64 expiresAtMs)
{
    return fenced(m_db.run(u"UPDATE tasks SET lease_expires_at = ? WHERE id = ? AND lease_epoch = ? AND "
                           "lease_expires_at > 0"_s,
                           expiresAtMs, id, epoch),
                  id);
}

Result<std::vector<TaskRow>> TaskRepository::expired(qint64 nowMs)
{
    static const QString sql =
        u"SELECT "_s + sql::taskColumns() +
        u" FROM tasks INDEXED BY tasks_leased WHERE lease_expires_at > 0 AND lease_expires_at <= ? ORDER BY id"_s;
    return m_db.rows<TaskRow>(sql::taskFields<TaskRow>, sql, nowMs);
}

Result<std::vector<TaskRow>> TaskRepository::leased()
{
    static const QString sql =
        u"SELECT "_s + sql::taskColumns() +
        u" FROM tasks INDEXED BY tasks_leased WHERE lease_expires_at > 0 ORDER BY id"_s;
    return m_db.rows<TaskRow>(sql::taskFields<TaskRow>, sql);
}

Result<std::vector<TaskId>> TaskRepository::cancelsAsked()
{
    return m_db
        .rows<std::tuple<TaskId>>(
            [](auto &row) {
        return std::tie(std::get<0>(row));
    }, u"SELECT id FROM tasks INDEXED BY tasks_leased WHERE lease_expires_at > 0 AND cancel_requested_at IS "
       "NOT NULL"_s)
        .transform([](const std::vector<std::tuple<TaskId>> &rows) {
        std::vector<TaskId> ids;
        ids.reserve(rows.size());
        for (const auto &row : rows)
            ids.push_back(std::get<0>(row));
        return ids;
    });
}

// A new epoch for the reaper: whatever the old holder still writes is fenced off from now on. What the old
// one waited for, the new one has to ask for again. The time in which nobody worked is none of its work's.
Result<std::optional<Lease>> TaskRepository::takeOver(TaskId id, qint64 epoch, const QString &owner,
                                                      qint64 nowMs, qint64 leaseMs)
{
    const qint64 expires = nowMs + leaseMs;
    const auto changed = m_db.run(
        u"UPDATE tasks SET lease_owner = ?, lease_epoch = lease_epoch + 1, lease_expires_at = ?, "
        "deadline_at = coalesce(deadline_at + max(0, ? - lease_expires_at + ?), ? + time_left_ms), "
        "time_left_ms = NULL, status = 'running' "
        "WHERE id = ? AND lease_epoch = ? AND lease_expires_at > 0 AND slot_claimed_at IS NOT NULL AND "
        "(run_id IS NULL OR ? = (SELECT lease_owner FROM runs WHERE runs.id = run_id))"_s,
        owner, expires, nowMs, leaseMs, nowMs, id, epoch, owner);
    if (!changed)
        return std::unexpected(changed.error());
    if (*changed == 0)
        return std::nullopt;
    return Lease{.owner = owner, .epoch = epoch + 1, .expiresAtMs = expires};
}

Result<bool> TaskRepository::giveBack(TaskId id, qint64 epoch, qint64 nowMs)
{
    return m_db
        .run(u"UPDATE tasks SET status = 'queued', queued_at = ?, answered = 1, recovered = 1, "
             "lease_owner = '', lease_epoch = lease_epoch + 1, lease_expires_at = 0 "
             "WHERE id = ? AND lease_epoch = ? AND lease_expires_at > 0 AND slot_claimed_at IS NULL"_s,
             nowMs, id, epoch)
        .transform([](qint64 changed) { return changed > 0; });
}

namespace {

// From now on its work stands still.
QString stopsTime()
{
    return u"time_left_ms = iif(deadline_at IS NULL, time_left_ms, max(0, deadline_at - ?)), "
           "deadline_at = NULL "_s;
}

} // namespace

Status TaskRepository::setWaiting(TaskId id, qint64 epoch, qint64 nowMs, bool keepsSlot)
{
    static const QString sql =
        u"UPDATE tasks SET status = 'waiting', slot_claimed_at = iif(?, slot_claimed_at, NULL), "_s +
        stopsTime() + u"WHERE id = ? AND lease_epoch = ? AND lease_expires_at > 0 AND ended_at IS NULL"_s;
    return fenced(m_db.run(sql, keepsSlot, nowMs, id, epoch), id);
}

Result<bool> TaskRepository::goOn(TaskId id, qint64 epoch, qint64 nowMs)
{
    Statement statement = m_db.prepare(
        u"UPDATE tasks SET status = iif(slot_claimed_at IS NULL, 'queued', 'running'), "
        "answered = slot_claimed_at IS NULL, not_before = 0, "
        "queued_at = iif(slot_claimed_at IS NULL AND status <> 'queued', ?, queued_at), "
        "deadline_at = iif(slot_claimed_at IS NULL, deadline_at, coalesce(? + time_left_ms, deadline_at)), "
        "time_left_ms = iif(slot_claimed_at IS NULL, time_left_ms, NULL) "
        "WHERE id = ? AND lease_epoch = ? AND lease_expires_at > 0 AND ended_at IS NULL "
        "RETURNING slot_claimed_at IS NOT NULL"_s);
    const auto row = statement.bind(nowMs, nowMs, id, epoch).next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::Conflict, id.toString(), u"tasks"_s);
    bool hasSlot = false;
    statement.read(hasSlot);
    return statement.next().transform([&](bool) { return hasSlot; });
}

Status TaskRepository::shiftDeadline(TaskId id, qint64 epoch, qint64 byMs)
{
    return fenced(
        m_db.run(u"UPDATE tasks SET deadline_at = deadline_at + ? WHERE id = ? AND lease_epoch = ? AND "
                 "lease_expires_at > 0"_s,
                 byMs, id, epoch),
        id);
}

Status TaskRepository::requeue(TaskId id, qint64 epoch, qint64 nowMs, qint64 notBeforeMs, bool answered)
{
    static const QString sql =
        u"UPDATE tasks SET status = 'queued', queued_at = ?, not_before = ?, answered = ?, forced = 0, "
        "recovered = 0, reserved_micro_usd = 0, slot_claimed_at = NULL, lease_owner = '', lease_expires_at = 0, "_s +
        stopsTime() + u"WHERE id = ? AND lease_epoch = ? AND lease_expires_at > 0 AND ended_at IS NULL"_s;
    return fenced(m_db.run(sql, nowMs, notBeforeMs, answered, nowMs, id, epoch), id);
}

Status TaskRepository::putOff(TaskId id, qint64 epoch, qint64 nowMs, qint64 notBeforeMs)
{
    if (Status back = requeue(id, epoch, nowMs, notBeforeMs, true); !back)
        return back;
    return m_db.run(u"UPDATE tasks SET put_off = put_off + 1 WHERE id = ?"_s, id).transform([](qint64) {});
}

Status TaskRepository::lookAgain(qint64 nowMs)
{
    return m_db
        .run(u"UPDATE tasks SET not_before = ? WHERE status = 'queued' AND put_off > 0 AND not_before > ?"_s,
             nowMs, nowMs)
        .transform([](qint64) {});
}

namespace {
QString setEnded()
{
    return u"UPDATE tasks SET status = ?, failure_reason = ?, detail = ?, exit_code = ?, signal = ?, "
           u"ended_at = ?, "
           "reserved_micro_usd = 0, slot_claimed_at = NULL, lease_owner = '', lease_expires_at = 0 WHERE id = ? AND "_s;
}

Status checkEnd(const TaskEnd &end, TaskId id)
{
    if (isSettled(end.status) && end.reason.has_value() == (end.status != TaskStatus::Completed))
        return {};
    return fail(ErrorCode::InvalidArgument, u"an end has a settled status, and a reason unless completed"_s,
                u"tasks "_s + id.toString());
}
} // namespace

Status TaskRepository::finish(TaskId id, qint64 epoch, qint64 nowMs, const TaskEnd &end)
{
    if (Status fine = checkEnd(end, id); !fine)
        return fine;
    static const QString sql =
        setEnded() + u"lease_epoch = ? AND lease_expires_at > 0 AND ended_at IS NULL"_s;
    return fenced(
        m_db.run(sql, end.status, end.reason, end.detail, end.exitCode, end.signal, nowMs, id, epoch), id);
}

Status TaskRepository::cancelQueued(TaskId id, qint64 nowMs, const TaskEnd &end)
{
    if (Status fine = checkEnd(end, id); !fine)
        return fine;
    static const QString sql = setEnded() + u"status = 'queued' AND lease_expires_at = 0"_s;
    return fenced(m_db.run(sql, end.status, end.reason, end.detail, end.exitCode, end.signal, nowMs, id), id);
}

Status TaskRepository::requestCancel(TaskId id, qint64 nowMs)
{
    return fenced(m_db.run(u"UPDATE tasks SET cancel_requested_at = coalesce(cancel_requested_at, ?) "
                           "WHERE id = ? AND ended_at IS NULL"_s,
                           nowMs, id),
                  id);
}

Status TaskRepository::setSession(TaskId id, qint64 epoch, SessionId session)
{
    return fenced(
        m_db.run(u"UPDATE tasks SET session_id = ? WHERE id = ? AND lease_epoch = ? AND ended_at IS NULL"_s,
                 session, id, epoch),
        id);
}

Status TaskRepository::setUsage(TaskId id, qint64 epoch, qint64 turns, const UsageTotals &usage)
{
    return fenced(m_db.run(u"UPDATE tasks SET turns = ?, tokens_in = ?, tokens_out = ?, tokens_cached = ?, "
                           "cost_micro_usd = ? WHERE id = ? AND lease_epoch = ? AND ended_at IS NULL"_s,
                           turns, usage.tokensIn, usage.tokensOut, usage.tokensCached, usage.costMicroUsd, id,
                           epoch),
                  id);
}

Status TaskRepository::setOutput(TaskId id, qint64 epoch, const QJsonObject &output)
{
    return fenced(
        m_db.run(u"UPDATE task_specs SET output = ? WHERE task_id = ? AND EXISTS (SELECT 1 FROM tasks t "
                 "WHERE t.id = task_id AND t.lease_epoch = ? AND t.ended_at IS NULL)"_s,
                 output, id, epoch),
        id);
}

} // namespace muster
