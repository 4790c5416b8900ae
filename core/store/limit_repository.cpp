#include "core/store/limit_repository.h"

#include "core/store/row_helpers.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

template <typename Row> auto limitFields(Row &row)
{
    return std::tie(row.runtime, row.hard, row.resetMs, row.restsUntilMs, row.detail, row.seenMs);
}

template <typename Row> auto effortFields(Row &row)
{
    return std::tie(row.newReads, row.changedLines, row.atMs);
}

} // namespace

Result<std::vector<LimitRow>> LimitRepository::all()
{
    return m_db.rows<LimitRow>(
        limitFields<LimitRow>,
        u"SELECT runtime, hard, reset_at, rests_until, detail, seen_at FROM runtime_limits ORDER BY runtime"_s);
}

Status LimitRepository::put(const LimitRow &limit)
{
    Statement statement = m_db.prepare(
        u"INSERT INTO runtime_limits(runtime, hard, reset_at, rests_until, detail, seen_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(runtime) DO UPDATE SET hard = excluded.hard, "
        "reset_at = excluded.reset_at, rests_until = excluded.rests_until, detail = excluded.detail, "
        "seen_at = excluded.seen_at"_s);
    return statement.bindTuple(limitFields(limit)).run().transform([](qint64) {});
}

Result<int> EffortRepository::addReads(StepRunId step, const QStringList &paths)
{
    const auto known = m_db.value<qint64>(u"SELECT count(*) FROM step_reads WHERE step_run_id = ?"_s, step);
    if (!known)
        return std::unexpected(known.error());
    int added = 0;
    for (const QString &path : paths) {
        if (known->value_or(0) + added >= mostReads)
            break;
        const auto ran =
            m_db.run(u"INSERT OR IGNORE INTO step_reads(step_run_id, path) VALUES (?, ?)"_s, step, path);
        if (!ran)
            return std::unexpected(ran.error());
        added += static_cast<int>(*ran);
    }
    return added;
}

Status EffortRepository::add(StepRunId step, const EffortRow &effort)
{
    return m_db
        .run(u"INSERT INTO step_efforts(step_run_id, new_reads, changed_lines, at) VALUES (?, ?, ?, ?)"_s,
             step, effort.newReads, effort.changedLines, effort.atMs)
        .transform([](qint64) {});
}

Result<std::vector<EffortRow>> EffortRepository::of(StepRunId step)
{
    return m_db.rows<EffortRow>(
        effortFields<EffortRow>,
        u"SELECT new_reads, changed_lines, at FROM step_efforts WHERE step_run_id = ? ORDER BY id"_s, step);
}

} // namespace muster
