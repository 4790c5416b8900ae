#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

Result<std::vector<PoolRow>> PoolRepository::list()
{
    return m_db.rows<PoolRow>([](PoolRow &p) { return std::tie(p.id, p.name, p.cap, p.shares, p.keepsSlot); },
                              u"SELECT p.id, p.name, p.cap, s.name, p.keeps_slot FROM pools p "
                              "LEFT JOIN pools s ON s.id = p.shares_id ORDER BY p.id"_s);
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
        [](PoolLoad &l) {
        return std::tie(l.pool, l.cap, l.held, l.queued);
    }, u"SELECT p.name, p.cap, "
       "(SELECT count(*) FROM tasks h INDEXED BY tasks_holding CROSS JOIN task_pools hp ON hp.task_id = h.id "
       "WHERE h.slot_claimed_at IS NOT NULL AND hp.pool_id = p.id), "
       "(SELECT count(*) FROM tasks q INDEXED BY tasks_queued CROSS JOIN task_pools qp ON qp.task_id = q.id "
       "WHERE q.status = 'queued' AND qp.pool_id = p.id) FROM pools p ORDER BY p.id"_s);
}

} // namespace muster
