#include "core/store/limit_repository.h"

#include "core/store/row_helpers.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

template <typename Row> auto limitFields(Row &row)
{
    return std::tie(row.runtime, row.account, row.hard, row.usedPercent, row.resetMs, row.restsUntilMs,
                    row.detail, row.seenMs, row.usedMs);
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
        u"SELECT runtime, account, hard, used_percent, reset_at, rests_until, detail, seen_at, used_at FROM account_limits ORDER BY runtime, account"_s);
}

Status LimitRepository::put(const LimitRow &limit)
{
    Statement statement = m_db.prepare(
        u"INSERT OR REPLACE INTO account_limits(runtime, account, hard, used_percent, reset_at, rests_until, "
        "detail, seen_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s);
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
