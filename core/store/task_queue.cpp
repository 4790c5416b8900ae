// The queue as it stands: its order, what holds slots, how long such work took. And what a person changes in
// it.
#include "core/store/row_helpers.h"
#include "core/store/task_columns.h"
#include "core/store/task_repository.h"

#include <QStringBuilder>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int lookedBack = 20;          // ends of a pool's tasks that the median is of
constexpr qint64 lookedThrough = 5'000; // tasks of all pools among which these are

} // namespace

QString TaskRepository::queueOrder(const QString &now, const QString &raisedAfter)
{
    return u"t.forced DESC, t.source = 'chat' DESC, t.answered DESC, t.priority + (" % now %
           u" - t.queued_at > " % raisedAfter % u") DESC, t.queued_at, t.id";
}

Result<std::vector<TaskRow>> TaskRepository::queue(qint64 nowMs, int limit)
{
    static const QString sql = u"SELECT "_s + sql::taskColumns() +
                               u" FROM tasks t WHERE t.status = 'queued' ORDER BY "_s +
                               queueOrder(u"?1"_s, u"?2"_s) + u" LIMIT ?3"_s;
    return m_db.rows<TaskRow>(sql::taskFields<TaskRow>, sql, nowMs, raisedAfterMs, limit);
}

Result<std::vector<TaskRow>> TaskRepository::holding()
{
    static const QString sql =
        u"SELECT "_s + sql::taskColumns() +
        u" FROM tasks INDEXED BY tasks_leased WHERE lease_expires_at > 0 AND slot_claimed_at IS NOT NULL "
        "ORDER BY slot_claimed_at, id"_s;
    return m_db.rows<TaskRow>(sql::taskFields<TaskRow>, sql);
}

Result<QueueCounts> TaskRepository::queueCounts(qint64 nowMs)
{
    return m_db
        .rows<QueueCounts>(
            [](QueueCounts &row) { return std::tie(row.queued, row.resting, row.waitingForSlot); },
            u"SELECT count(*), total(put_off > 0 AND not_before > ?), total(not_before <= ? AND source <> "
            "'chat' AND (lease_expires_at > 0 OR NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = run_id AND "
            "r.pause_asked))) FROM tasks WHERE status = 'queued'"_s,
            nowMs, nowMs)
        .transform([](const std::vector<QueueCounts> &found) { return found.front(); });
}

Result<qint64> TaskRepository::chatsStreaming()
{
    return m_db.value<qint64>(u"SELECT count(*) FROM tasks WHERE source = 'chat' AND status = 'running'"_s)
        .transform([](const auto &found) { return found.value_or(0); });
}

Result<std::vector<TaskPool>> TaskRepository::poolsOfOpen()
{
    return m_db.rows<TaskPool>([](TaskPool &row) { return std::tie(row.task, row.pool); },
                               u"SELECT tp.task_id, p.name FROM tasks t JOIN task_pools tp ON tp.task_id = "
                               "t.id JOIN pools p ON p.id = tp.pool_id WHERE t.ended_at IS NULL "
                               "ORDER BY t.id, p.name <> t.pool, p.id"_s);
}

Result<QStringList> TaskRepository::poolsOf(TaskId id)
{
    return m_db
        .rows<TaskPool>(
            [](TaskPool &row) { return std::tie(row.task, row.pool); },
            u"SELECT tp.task_id, p.name FROM task_pools tp JOIN pools p ON p.id = tp.pool_id JOIN "
            "tasks t ON t.id = tp.task_id WHERE tp.task_id = ? ORDER BY p.name <> t.pool, p.id"_s,
            id)
        .transform([](const std::vector<TaskPool> &rows) {
        QStringList names;
        for (const TaskPool &row : rows)
            names += row.pool;
        return names;
    });
}

Result<std::optional<qint64>> TaskRepository::medianWorkMs(const QString &pool)
{
    return m_db
        .rows<std::tuple<qint64>>([](auto &row) { return std::tie(std::get<0>(row)); },
                                  u"SELECT ended_at - started_at FROM tasks WHERE status = 'completed' AND "
                                  "pool = ? AND id > (SELECT coalesce(max(id), 0) FROM tasks) - ? AND "
                                  "started_at IS NOT NULL ORDER BY id DESC LIMIT ?"_s,
                                  pool, lookedThrough, lookedBack)
        .transform([](std::vector<std::tuple<qint64>> took) -> std::optional<qint64> {
        if (took.empty())
            return std::nullopt;
        const auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
        std::ranges::nth_element(took, middle);
        return std::get<0>(*middle);
    });
}

Result<bool> TaskRepository::runNext(TaskId id, bool forced)
{
    return m_db
        .run(u"UPDATE tasks SET answered = 1, not_before = 0, forced = max(forced, ?) WHERE id = ? AND "
             "status = 'queued'"_s,
             forced, id)
        .transform([](qint64 changed) { return changed > 0; });
}

Result<bool> TaskRepository::setPriority(TaskId id, int priority)
{
    return m_db.run(u"UPDATE tasks SET priority = ? WHERE id = ? AND status = 'queued'"_s, priority, id)
        .transform([](qint64 changed) { return changed > 0; });
}

Result<std::optional<QString>> TaskRepository::fullPoolOf(TaskId id)
{
    return m_db.value<QString>(
        u"SELECT p.name FROM task_pools tp JOIN pools p ON p.id = tp.pool_id WHERE tp.task_id = ? AND "
        "p.cap IS NOT NULL AND p.cap <= (SELECT count(*) FROM tasks h INDEXED BY tasks_leased CROSS JOIN "
        "task_pools hp ON hp.task_id = h.id WHERE h.lease_expires_at > 0 AND h.slot_claimed_at IS NOT NULL "
        "AND "
        "hp.pool_id = p.id) "
        "ORDER BY p.id LIMIT 1"_s,
        id);
}

Status TaskRepository::setSuperseded(TaskId id, TaskId by)
{
    return sql::changedOne(
        m_db.run(u"UPDATE tasks SET superseded_by = ? WHERE id = ? AND superseded_by IS NULL "
                 "AND ended_at IS NOT NULL"_s,
                 by, id),
        ErrorCode::Conflict, u"tasks", id.value);
}

} // namespace muster
