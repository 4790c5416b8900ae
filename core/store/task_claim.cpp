#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"
#include "core/store/task_columns.h"
#include "core/store/task_repository.h"

#include <QStringBuilder>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// In all of these, of task `t`: ?1 is who claims, ?2 until when, ?3 now, ?4 its deadline.

// A slot is held by what has claimed one and not given it back, whatever its status. The index is named
// because the planner without statistics prefers another; it counts over what runs, not over all.
QString isFull(const QString &pool)
{
    return pool % u".cap IS NOT NULL AND " % pool %
           u".cap <= (SELECT count(*) FROM tasks h INDEXED BY tasks_leased CROSS JOIN task_pools hp "
           "ON hp.task_id = h.id WHERE h.lease_expires_at > 0 AND "
           "h.slot_claimed_at IS NOT NULL AND hp.pool_id = " %
           pool % u".id)";
}

// Of its pools of which this is true (an SQL condition on `tp`). The full pools do not depend on `t`, so
// that SQLite looks for them once, and the plus keeps it from doing so where it has none of these.
QString noneIsFull(const QString &ofThese)
{
    return u"NOT EXISTS (SELECT 1 FROM task_pools tp WHERE tp.task_id = t.id AND " % ofThese %
           u" AND +tp.pool_id IN (SELECT q.id FROM pools q WHERE " % isFull(u"q"_s) % u"))";
}

// The tasks of a run are carried out by the process that drives the run, which alone can use their results,
// and begin only while the run is not to pause; what waited for a person is under way.
QString ofOurRuns()
{
    return u"(t.run_id IS NULL OR ?1 = (SELECT r.lease_owner FROM runs r WHERE r.id = t.run_id AND "
           "(NOT r.pause_asked OR t.lease_expires_at > 0 OR t.recovered)))"_s;
}

// A chat turn is carried out by the process that answers for its message: it alone writes the answer.
QString ofOurChats()
{
    return u"(t.source <> 'chat' OR EXISTS (SELECT 1 FROM messages m WHERE m.task_id = t.id AND m.owner = ?1))"_s;
}

// Whoever waited for a person without a slot goes on under the lease that it has: its session is with its
// owner, so that nobody else can. Every other claim begins a new epoch.
QString setClaimed()
{
    return u"UPDATE tasks AS t SET status = 'running', lease_owner = ?1, "
           "lease_epoch = lease_epoch + (lease_expires_at = 0), lease_expires_at = ?2, slot_claimed_at = ?3, "
           "started_at = coalesce(started_at, ?3), answered = 0, "
           "deadline_at = coalesce(?4, ?3 + time_left_ms, deadline_at), time_left_ms = NULL "_s;
}

QString isClaimable()
{
    return u"t.status = 'queued' AND t.not_before <= ?3 AND (t.lease_expires_at = 0 OR t.lease_owner = ?1)"_s;
}

QString isOurs() { return isClaimable() % u" AND " % ofOurRuns() % u" AND " % ofOurChats(); }

// Of the tasks of pool `p`, which has room, and which need no slot of another that has none.
QString firstOfPool(const QString &those, const QString &order)
{
    return u"(SELECT t.id FROM tasks t INDEXED BY tasks_queued WHERE t.pool = p.name AND " % those %
           u" AND " % isOurs() % u" AND " % noneIsFull(u"tp.pool_id <> p.id"_s) % u" ORDER BY " % order %
           u" LIMIT 1)";
}

// Where first `f` of its pool has not waited long, one that has, of the next lower priority, goes before it.
// Any other that does is behind `f` in the index too.
QString raisedBefore()
{
    return firstOfPool(u"?3 - f.queued_at <= ?6 AND (t.source = 'chat') = (f.source = 'chat') AND "
                       "t.answered = f.answered AND t.priority = f.priority - 1 AND t.queued_at < ?3 - ?6"_s,
                       u"t.queued_at, t.id"_s);
}

// One task of each pool that has room is looked at, however long its queue is, and no queue of a full one.
// ?5: only chats, ?6: raisedAfterMs; `order`: of the queue.
QString nextByPools(const QString &order)
{
    const QString first =
        firstOfPool(u"(t.source = 'chat') >= ?5"_s,
                    u"t.source = 'chat' DESC, t.answered DESC, t.priority DESC, t.queued_at, t.id"_s);
    return u"(SELECT t.id FROM pools p CROSS JOIN tasks f ON f.id = " % first %
           u" CROSS JOIN tasks t ON t.id = coalesce(" % raisedBefore() % u", f.id) WHERE NOT (" %
           isFull(u"p"_s) % u") AND NOT EXISTS (SELECT 1 FROM pools s WHERE s.id = p.shares_id AND " %
           isFull(u"s"_s) % u") ORDER BY " % order % u" LIMIT 1)";
}

// A person let it begin although a pool of it is full. Nearly always there is none, and making ready to sort
// them would cost as much as the rest of a claim.
QString nextForced(const QString &order)
{
    return u"CASE WHEN EXISTS (SELECT 1 FROM tasks INDEXED BY tasks_forced WHERE status = 'queued' AND "
           u"forced) "
           "THEN (SELECT t.id FROM tasks t INDEXED BY tasks_forced WHERE t.forced AND " %
           isOurs() % u" ORDER BY " % order % u" LIMIT 1) END";
}

template <typename... Args>
Statement claimStatement(Connection &db, const QString &sql, const TaskRepository::Claim &claim,
                         qint64 expires, const Args &...args)
{
    Statement statement = db.prepare(sql);
    statement.bind(claim.owner, expires, claim.nowMs, claim.deadlineMs, args...);
    return statement;
}

} // namespace

Result<std::optional<Lease>> TaskRepository::claim(TaskId id, const Claim &claim)
{
    static const QString sql = setClaimed() % u"WHERE t.id = ?5 AND " % isClaimable() %
                               u" AND (t.forced OR " % noneIsFull(u"true"_s) % u") RETURNING lease_epoch";
    const qint64 expires = claim.nowMs + claim.leaseMs;
    Statement statement = claimStatement(m_db, sql, claim, expires, id);
    const auto row = statement.next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    Lease lease{.owner = claim.owner, .epoch = 0, .expiresAtMs = expires};
    statement.read(lease.epoch);
    return statement.next().transform([&](bool) { return std::optional(lease); });
}

Result<std::optional<TaskRepository::Claimed>> TaskRepository::claimNext(const Claim &claim)
{
    static const QString order = queueOrder(u"?3"_s, u"?6"_s);
    static const QString sql = setClaimed() % u"WHERE t.id = coalesce(" % nextForced(order) % u", " %
                               nextByPools(order) % u") RETURNING id, lease_epoch";
    const qint64 expires = claim.nowMs + claim.leaseMs;
    Statement statement = claimStatement(m_db, sql, claim, expires, claim.chatOnly, raisedAfterMs);
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
