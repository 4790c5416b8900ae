#include "core/store/row_helpers.h"
#include "core/store/run_repository.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString stepColumns()
{
    return u"id, run_id, step_id, item_index, status, attempt, reason, detail, label, output_text, "
           u"output_json, "
           "exit_code, ready_at, started_at, ended_at, due_at, worktree_id, task_id, tokens_in, tokens_out, "
           "tokens_cached, cost_micro_usd, kept_from"_s;
}

auto stepFields(StepRunRow &s)
{
    return std::tie(s.id, s.run, s.stepId, s.itemIndex, s.status, s.attempt, s.reason, s.detail, s.label,
                    s.outputText, s.outputJson, s.exitCode, s.readyMs, s.startedMs, s.endedMs, s.dueMs,
                    s.worktree, s.task, s.usage.tokensIn, s.usage.tokensOut, s.usage.tokensCached,
                    s.usage.costMicroUsd, s.keptFrom);
}

QString attemptColumns()
{
    return u"step_run_id, attempt, task_id, outcome, reason, detail, output, started_at, ended_at"_s;
}

template <typename Row> auto attemptFields(Row &a)
{
    return std::tie(a.step, a.attempt, a.task, a.outcome, a.reason, a.detail, a.output, a.startedMs,
                    a.endedMs);
}

// Insert or write over, fenced by the run's epoch in the same statement.
QString saveStepSql()
{
    const QString writable = stepColumns().sliced(u"id, run_id, step_id, item_index, "_s.size());
    QStringList set;
    const QStringList columns = writable.split(u", "_s);
    for (const QString &column : columns)
        set += column + u" = excluded."_s + column;
    return u"INSERT INTO step_runs(run_id, step_id, item_index, "_s + writable +
           u") SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
           "WHERE EXISTS (SELECT 1 FROM runs WHERE id = ? AND lease_epoch = ? AND ended_at IS NULL) "
           "ON CONFLICT(run_id, step_id, item_index) DO UPDATE SET "_s +
           set.join(u", "_s) + u" RETURNING id"_s;
}

} // namespace

Result<StepRunId> RunRepository::saveStep(const StepRunRow &step, qint64 runEpoch)
{
    static const QString sql = saveStepSql();
    const StepRunRow &s = step;
    StepRunId id;
    {
        Statement statement = m_db.prepare(sql);
        statement.bind(s.run, s.stepId, s.itemIndex, s.status, s.attempt, s.reason, s.detail, s.label,
                       s.outputText, s.outputJson, s.exitCode, s.readyMs, s.startedMs, s.endedMs, s.dueMs,
                       s.worktree, s.task, s.usage.tokensIn, s.usage.tokensOut, s.usage.tokensCached,
                       s.usage.costMicroUsd, s.keptFrom, s.run, runEpoch);
        const auto row = statement.next();
        if (!row)
            return std::unexpected(row.error());
        if (*row) {
            statement.read(id);
            return statement.next().transform([&](bool) { return id; });
        }
    }
    return std::unexpected(fenced(0, s.run).error());
}

Result<std::vector<StepRunRow>> RunRepository::steps(RunId run)
{
    static const QString sql =
        u"SELECT "_s + stepColumns() + u" FROM step_runs WHERE run_id = ? ORDER BY id"_s;
    return m_db.rows<StepRunRow>(stepFields, sql, run);
}

Result<StepRunRow> RunRepository::step(StepRunId id)
{
    static const QString sql = u"SELECT "_s + stepColumns() + u" FROM step_runs WHERE id = ?"_s;
    return sql::rowById<StepRunRow>(m_db, stepFields, u"step_runs", sql, id.value);
}

Status RunRepository::saveAttempt(const AttemptRow &attempt)
{
    static const QString sql =
        sql::insertInto(u"attempts", attemptColumns()).replace(u"INSERT"_s, u"REPLACE"_s);
    Statement statement = m_db.prepare(sql);
    return statement.bindTuple(attemptFields(attempt)).run().transform([](qint64) {});
}

Result<std::vector<AttemptRow>> RunRepository::attempts(StepRunId step)
{
    static const QString sql =
        u"SELECT "_s + attemptColumns() + u" FROM attempts WHERE step_run_id = ? ORDER BY attempt"_s;
    return m_db.rows<AttemptRow>(attemptFields<AttemptRow>, sql, step);
}

} // namespace muster
