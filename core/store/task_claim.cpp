#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"
#include "core/store/task_columns.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// No pool of task `t` is full, or a person let it begin nevertheless. A slot is held by what has claimed one
// and not given it back, whatever its status. The full pools do not depend on `t`, so SQLite finds them once
// for a queue of any length, and the index, named because the planner without statistics prefers another,
// counts over what runs, not over all.
QString everyPoolHasRoom()
{
    return u"(t.forced OR NOT EXISTS (SELECT 1 FROM task_pools tp WHERE tp.task_id = t.id AND tp.pool_id IN "
           "(SELECT p.id FROM pools p WHERE p.cap IS NOT NULL AND p.cap <= "
           "(SELECT count(*) FROM tasks h INDEXED BY tasks_holding CROSS JOIN task_pools hp ON hp.task_id = "
           "h.id "
           "WHERE h.slot_claimed_at IS NOT NULL AND hp.pool_id = p.id))))"_s;
}

// The tasks of a run are carried out by the process that drives the run, which alone can use their results,
// and begin only while the run is not to pause; what waited for a person is under way.
QString ofOurRuns()
{
    return u"(t.run_id IS NULL OR ? = (SELECT r.lease_owner FROM runs r WHERE r.id = t.run_id AND "
           "(NOT r.pause_asked OR t.lease_expires_at > 0 OR t.recovered))) "_s;
}

// A chat turn is carried out by the process that answers for its message: it alone writes the answer.
QString ofOurChats()
{
    return u"(t.source <> 'chat' OR EXISTS (SELECT 1 FROM messages m WHERE m.task_id = t.id AND m.owner = ?)) "_s;
}

// Whoever waited for a person without a slot goes on under the lease that it has: its session is with its
// owner, so that nobody else can. Every other claim begins a new epoch.
QString setClaimed()
{
    return u"UPDATE tasks AS t SET status = 'running', lease_owner = ?, "
           "lease_epoch = lease_epoch + (lease_expires_at = 0), lease_expires_at = ?, slot_claimed_at = ?, "
           "started_at = coalesce(started_at, ?), answered = 0, "
           "deadline_at = coalesce(?, ? + time_left_ms, deadline_at), time_left_ms = NULL "_s;
}

QString isClaimable()
{
    return u"t.status = 'queued' AND t.not_before <= ? AND (t.lease_expires_at = 0 OR t.lease_owner = ?) "_s;
}

template <typename... Args>
Statement claimStatement(Connection &db, const QString &sql, const TaskRepository::Claim &claim,
                         qint64 expires, const Args &...args)
{
    Statement statement = db.prepare(sql);
    statement.bind(claim.owner, expires, claim.nowMs, claim.nowMs, claim.deadlineMs, claim.nowMs)
        .bind(args...);
    return statement;
}

} // namespace

Result<std::optional<Lease>> TaskRepository::claim(TaskId id, const Claim &claim)
{
    static const QString sql = setClaimed() + u"WHERE t.id = ? AND "_s + isClaimable() + u"AND "_s +
                               everyPoolHasRoom() + u" RETURNING lease_epoch"_s;
    const qint64 expires = claim.nowMs + claim.leaseMs;
    Statement statement = claimStatement(m_db, sql, claim, expires, id, claim.nowMs, claim.owner);
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
        setClaimed() + u"WHERE id = (SELECT t.id FROM tasks t WHERE "_s + isClaimable() +
        u"AND (? = '' OR EXISTS (SELECT 1 FROM task_pools w JOIN pools wp ON wp.id = w.pool_id "
        "WHERE w.task_id = t.id AND wp.name = ?)) AND (NOT ? OR t.source = 'chat' OR t.forced) AND "_s +
        ofOurRuns() + u"AND "_s + ofOurChats() + u"AND "_s + everyPoolHasRoom() + u" ORDER BY "_s +
        queueOrder() + u" LIMIT 1) "_s + u"RETURNING id, lease_epoch"_s;
    const qint64 expires = claim.nowMs + claim.leaseMs;
    Statement statement =
        claimStatement(m_db, sql, claim, expires, claim.nowMs, claim.owner, pool, pool, claim.chatOnly,
                       claim.owner, claim.owner, claim.nowMs, raisedAfterMs);
    const auto row = statement.next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    Claimed claimed{.id = {}, .lease = {.owner = claim.owner, .epoch = 0, .expiresAtMs = expires}};
    statement.read(claimed.id, claimed.lease.epoch);
    return statement.next().transform([&](bool) { return std::optional(claimed); });
}

} // namespace muster
