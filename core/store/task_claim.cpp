#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"
#include "core/store/task_columns.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// No pool of task `t` is full. A slot is held by what has claimed one and not given it back, whatever its
// status. The full pools do not depend on `t`, so SQLite finds them once for a queue of any length, and the
// index, named because the planner without statistics prefers another, counts over what runs, not over all.
QString everyPoolHasRoom()
{
    return u"NOT EXISTS (SELECT 1 FROM task_pools tp WHERE tp.task_id = t.id AND tp.pool_id IN "
           "(SELECT p.id FROM pools p WHERE p.cap IS NOT NULL AND p.cap <= "
           "(SELECT count(*) FROM tasks h INDEXED BY tasks_holding CROSS JOIN task_pools hp ON hp.task_id = "
           "h.id "
           "WHERE h.slot_claimed_at IS NOT NULL AND hp.pool_id = p.id)))"_s;
}

// The tasks of a run are carried out by the process that drives the run, which alone can use their results,
// and begin only while the run is not to pause.
QString ofOurRuns()
{
    return u"(t.run_id IS NULL OR ? = (SELECT r.lease_owner FROM runs r WHERE r.id = t.run_id AND NOT r.pause_asked)) "_s;
}

// A chat turn is carried out by the process that answers for its message: it alone writes the answer.
QString ofOurChats()
{
    return u"(t.source <> 'chat' OR EXISTS (SELECT 1 FROM messages m WHERE m.task_id = t.id AND m.owner = ?)) "_s;
}

QString setClaimed()
{
    return u"UPDATE tasks AS t SET status = 'running', lease_owner = ?, lease_epoch = lease_epoch + 1, "
           "lease_expires_at = ?, slot_claimed_at = ?, started_at = coalesce(started_at, ?), answered = 0, "
           "deadline_at = coalesce(?, deadline_at) "_s;
}

constexpr qint64 raisedAfterMs = 600'000; // waited for longer: one priority higher (spec, no starvation)

template <typename... Args>
Statement claimStatement(Connection &db, const QString &sql, const TaskRepository::Claim &claim,
                         qint64 expires, const Args &...args)
{
    Statement statement = db.prepare(sql);
    statement.bind(claim.owner, expires, claim.nowMs, claim.nowMs, claim.deadlineMs).bind(args...);
    return statement;
}

} // namespace

Result<std::optional<Lease>> TaskRepository::claim(TaskId id, const Claim &claim)
{
    static const QString sql = setClaimed() +
                               u"WHERE t.id = ? AND t.status = 'queued' AND t.not_before <= ? AND "_s +
                               everyPoolHasRoom() + u" RETURNING lease_epoch"_s;
    const qint64 expires = claim.nowMs + claim.leaseMs;
    Statement statement = claimStatement(m_db, sql, claim, expires, id, claim.nowMs);
    const auto row = statement.next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    Lease lease{.owner = claim.owner, .epoch = 0, .expiresAtMs = expires};
    statement.read(lease.epoch);
    return statement.next().transform([&](bool) { return std::optional(lease); });
}

Result<std::optional<TaskRepository::Claimed>> TaskRepository::claimNext(const QString &pool,
                                                                         const Claim &claim)
{
    static const QString sql =
        setClaimed() +
        u"WHERE id = (SELECT t.id FROM tasks t WHERE t.status = 'queued' AND t.not_before <= ? AND "
        "(? = '' OR EXISTS (SELECT 1 FROM task_pools w JOIN pools wp ON wp.id = w.pool_id "
        "WHERE w.task_id = t.id AND wp.name = ?)) AND "_s +
        ofOurRuns() + u"AND "_s + ofOurChats() + u"AND "_s + everyPoolHasRoom() +
        u" ORDER BY t.source = 'chat' DESC, t.answered DESC, t.priority + (? - t.queued_at > ?) DESC, "
        u"t.queued_at, t.id LIMIT 1) "
        "RETURNING id, lease_epoch"_s;
    const qint64 expires = claim.nowMs + claim.leaseMs;
    Statement statement = claimStatement(m_db, sql, claim, expires, claim.nowMs, pool, pool, claim.owner,
                                         claim.owner, claim.nowMs, raisedAfterMs);
    const auto row = statement.next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    Claimed claimed{.id = {}, .lease = {.owner = claim.owner, .epoch = 0, .expiresAtMs = expires}};
    statement.read(claimed.id, claimed.lease.epoch);
    return statement.next().transform([&](bool) { return std::optional(claimed); });
}

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
        u" FROM tasks WHERE lease_expires_at > 0 AND lease_expires_at <= ? ORDER BY id"_s;
    return m_db.rows<TaskRow>(sql::taskFields<TaskRow>, sql, nowMs);
}

Result<std::vector<TaskRow>> TaskRepository::leased()
{
    static const QString sql =
        u"SELECT "_s + sql::taskColumns() + u" FROM tasks WHERE lease_expires_at > 0 ORDER BY id"_s;
    return m_db.rows<TaskRow>(sql::taskFields<TaskRow>, sql);
}

// A new epoch for the reaper: whatever the old holder still writes is fenced off from now on. What the old
// one waited for, the new one has to ask for again.
Result<std::optional<Lease>> TaskRepository::takeOver(TaskId id, qint64 epoch, const QString &owner,
                                                      qint64 nowMs, qint64 leaseMs)
{
    const qint64 expires = nowMs + leaseMs;
    const auto changed =
        m_db.run(u"UPDATE tasks SET lease_owner = ?, lease_epoch = lease_epoch + 1, lease_expires_at = ?, "
                 "status = iif(slot_claimed_at IS NULL, status, 'running') WHERE id = ? AND lease_epoch = ? "
                 "AND lease_expires_at > 0 AND "
                 "(run_id IS NULL OR ? = (SELECT lease_owner FROM runs WHERE runs.id = run_id))"_s,
                 owner, expires, id, epoch, owner);
    if (!changed)
        return std::unexpected(changed.error());
    if (*changed == 0)
        return std::nullopt;
    return Lease{.owner = owner, .epoch = epoch + 1, .expiresAtMs = expires};
}

Status TaskRepository::setWaiting(TaskId id, qint64 epoch, bool keepsSlot)
{
    return fenced(
        m_db.run(u"UPDATE tasks SET status = 'waiting', slot_claimed_at = iif(?, slot_claimed_at, NULL) "
                 "WHERE id = ? AND lease_epoch = ? AND lease_expires_at > 0 AND status IN ('running', "
                 "'waiting')"_s,
                 keepsSlot, id, epoch),
        id);
}

Status TaskRepository::resumeFromWaiting(TaskId id, qint64 epoch)
{
    return fenced(m_db.run(u"UPDATE tasks SET status = 'running' WHERE id = ? AND lease_epoch = ? AND "
                           "lease_expires_at > 0 AND status IN ('running', 'waiting') AND slot_claimed_at IS "
                           "NOT NULL"_s,
                           id, epoch),
                  id);
}

Status TaskRepository::requeue(TaskId id, qint64 epoch, qint64 nowMs, qint64 notBeforeMs, bool answered)
{
    return fenced(
        m_db.run(u"UPDATE tasks SET status = 'queued', queued_at = ?, not_before = ?, answered = ?, "
                 "slot_claimed_at = NULL, lease_owner = '', lease_expires_at = 0 "
                 "WHERE id = ? AND lease_epoch = ? AND status IN ('running', 'waiting')"_s,
                 nowMs, notBeforeMs, answered, id, epoch),
        id);
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
           "slot_claimed_at = NULL, lease_owner = '', lease_expires_at = 0 WHERE id = ? AND "_s;
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
    static const QString sql = setEnded() + u"lease_epoch = ? AND status IN ('running', 'waiting')"_s;
    return fenced(
        m_db.run(sql, end.status, end.reason, end.detail, end.exitCode, end.signal, nowMs, id, epoch), id);
}

Status TaskRepository::cancelQueued(TaskId id, qint64 nowMs, const TaskEnd &end)
{
    if (Status fine = checkEnd(end, id); !fine)
        return fine;
    static const QString sql = setEnded() + u"status = 'queued'"_s;
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
