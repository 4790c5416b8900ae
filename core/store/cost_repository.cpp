#include "core/store/cost_repository.h"

#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

Status CostRepository::spend(TaskId task, qint64 epoch, qint64 turns, const UsageTotals &usage,
                             const QString &day)
{
    const auto before = m_db.value<qint64>(
        u"SELECT coalesce(cost_micro_usd, 0) FROM tasks WHERE id = ? AND lease_epoch = ?"_s, task, epoch);
    if (!before)
        return std::unexpected(before.error());
    if (Status set = TaskRepository(m_db).setUsage(task, epoch, turns, usage); !set)
        return set;
    const qint64 more = usage.costMicroUsd.value_or(0) - before->value_or(0);
    if (more <= 0)
        return {};
    const auto used =
        m_db.run(u"UPDATE tasks SET reserved_micro_usd = max(0, reserved_micro_usd - ?) WHERE id = ? AND "
                 "reserved_micro_usd > 0"_s,
                 more, task);
    if (!used)
        return std::unexpected(used.error());
    return m_db
        .run(u"INSERT INTO day_costs(day, cost_micro_usd) VALUES (?, ?) ON CONFLICT(day) DO UPDATE SET "
             "cost_micro_usd = cost_micro_usd + excluded.cost_micro_usd"_s,
             day, more)
        .transform([](qint64) {});
}

Result<qint64> CostRepository::ofDay(const QString &day)
{
    return m_db.value<qint64>(u"SELECT cost_micro_usd FROM day_costs WHERE day = ?"_s, day)
        .transform([](const std::optional<qint64> &cost) { return cost.value_or(0); });
}

Result<bool> CostRepository::reserve(const Wish &wish)
{
    return m_db
        .run(
            u"UPDATE tasks AS t SET reserved_micro_usd = ? WHERE t.id = ? AND t.lease_epoch = ? AND "
            "t.lease_expires_at > 0 AND t.ended_at IS NULL AND "
            "(? = 0 OR coalesce(t.cost_micro_usd, 0) + (SELECT total(coalesce(o.cost_micro_usd, 0) + "
            "o.reserved_micro_usd) FROM tasks o WHERE o.run_id = t.run_id AND o.id <> t.id) + ? <= ?) AND "
            "(? = 0 OR coalesce((SELECT cost_micro_usd FROM day_costs WHERE day = ?), 0) + (SELECT "
            "total(o.reserved_micro_usd) FROM tasks o INDEXED BY tasks_leased WHERE o.lease_expires_at > 0 AND o.id <> t.id) + ? <= ?)"_s,
            wish.microUsd, wish.task, wish.epoch, wish.runCap, wish.microUsd, wish.runCap, wish.dayCap,
            wish.day, wish.microUsd, wish.dayCap)
        .transform([](qint64 changed) { return changed > 0; });
}

} // namespace muster
