#include "core/store/row_helpers.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString poolQuery()
{
    return u"SELECT p.id, p.name, p.cap, s.name, p.keeps_slot, p.deadline_ms FROM pools p "
           "LEFT JOIN pools s ON s.id = p.shares_id "_s;
}

template <typename Pool> auto poolFields(Pool &p)
{
    return std::tie(p.id, p.name, p.cap, p.shares, p.keepsSlot, p.deadlineMs);
}

} // namespace

Result<std::vector<PoolRow>> PoolRepository::list()
{
    static const QString sql = poolQuery() + u"ORDER BY p.id"_s;
    return m_db.rows<PoolRow>(poolFields<PoolRow>, sql);
}

Result<std::optional<PoolRow>> PoolRepository::find(const QString &name)
{
    static const QString sql = poolQuery() + u"WHERE p.name = ?"_s;
    return sql::maybeRow<PoolRow>(m_db, poolFields<PoolRow>, sql, name);
}

Status PoolRepository::put(const PoolRow &pool)
{
    return m_db
        .run(
            u"INSERT INTO pools(name, cap, keeps_slot, deadline_ms) VALUES (?, ?, ?, ?) ON CONFLICT(name) DO "
            "UPDATE SET cap = excluded.cap, keeps_slot = excluded.keeps_slot, deadline_ms = "
            "excluded.deadline_ms"_s,
            pool.name, pool.cap, pool.keepsSlot, pool.deadlineMs)
        .transform([](qint64) {});
}

// What has ended lets go of it: the pool that is shown with it is in its own row.
Status PoolRepository::remove(const QString &name)
{
    const auto row = find(name);
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, name, u"pools"_s);
    const qint64 id = (*row)->id;
    const auto used =
        m_db.value<qint64>(u"SELECT EXISTS (SELECT 1 FROM tasks t JOIN task_pools tp ON tp.task_id = t.id "
                           u"WHERE t.ended_at IS NULL "
                           "AND tp.pool_id = ?) OR EXISTS (SELECT 1 FROM pools WHERE shares_id = ?)"_s,
                           id, id);
    if (!used)
        return std::unexpected(used.error());
    if (used->value_or(0) != 0)
        return fail(ErrorCode::Conflict, u"in_use"_s, name);
    if (const auto gone = m_db.run(u"DELETE FROM task_pools WHERE pool_id = ?"_s, id); !gone)
        return std::unexpected(gone.error());
    return m_db.run(u"DELETE FROM pools WHERE id = ?"_s, id).transform([](qint64) {});
}

Status PoolRepository::setCap(const QString &name, std::optional<int> cap)
{
    return m_db
        .run(
            u"INSERT INTO pools(name, cap) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET cap = excluded.cap"_s,
            name, cap)
        .transform([](qint64) {});
}

Result<std::vector<PoolLoad>> PoolRepository::loads()
{
    return m_db.rows<PoolLoad>(
        [](PoolLoad &l) { return std::tie(l.pool, l.cap, l.held, l.queued); },
        u"SELECT p.name, p.cap, "
        "(SELECT count(*) FROM tasks h INDEXED BY tasks_leased CROSS JOIN task_pools hp ON hp.task_id = h.id "
        "WHERE h.lease_expires_at > 0 AND h.slot_claimed_at IS NOT NULL AND hp.pool_id = p.id), "
        "(SELECT count(*) FROM tasks q INDEXED BY tasks_queued CROSS JOIN task_pools qp ON qp.task_id = q.id "
        "WHERE q.status = 'queued' AND qp.pool_id = p.id) FROM pools p ORDER BY p.id"_s);
}

} // namespace muster
