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

// What a save writes over, in the order of stepColumns().
auto keptFields(const StepRunRow &s)
{
    return std::tie(s.status, s.attempt, s.reason, s.detail, s.label, s.outputText, s.outputJson, s.exitCode,
                    s.readyMs, s.startedMs, s.endedMs, s.dueMs, s.worktree, s.task, s.usage.tokensIn,
                    s.usage.tokensOut, s.usage.tokensCached, s.usage.costMicroUsd, s.keptFrom);
}

QString keptColumns() { return stepColumns().sliced(u"id, run_id, step_id, item_index, "_s.size()); }

// Fenced by the run's epoch in the same statement.
QString updateStepSql()
{
    return u"UPDATE step_runs SET "_s + sql::assignments(keptColumns()) +
           u" WHERE id = ? AND EXISTS (SELECT 1 FROM runs WHERE id = ? AND lease_epoch = ? AND ended_at IS "
           "NULL)"_s;
}

QString insertStepSql()
{
    QStringList set;
    const QStringList columns = keptColumns().split(u", "_s);
    for (const QString &column : columns)
        set += column + u" = excluded."_s + column;
    return u"INSERT INTO step_runs(run_id, step_id, item_index, "_s + keptColumns() +
           u") SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
           "WHERE EXISTS (SELECT 1 FROM runs WHERE id = ? AND lease_epoch = ? AND ended_at IS NULL) "
           "ON CONFLICT(run_id, step_id, item_index) DO UPDATE SET "_s +
           set.join(u", "_s);
}

} // namespace

// No RETURNING in either: SQLite opens a table of its own for it, which costs more than the rest.
Result<StepRunId> RunRepository::saveStep(const StepRunRow &step, qint64 runEpoch)
{
    return step.id.isValid() ? updateStep(step, runEpoch) : insertStep(step, runEpoch);
}

Result<StepRunId> RunRepository::updateStep(const StepRunRow &step, qint64 runEpoch)
{
    static const QString sql = updateStepSql();
    Statement statement = m_db.prepare(sql);
    const auto changed = statement.bindTuple(keptFields(step)).bind(step.id, step.run, runEpoch).run();
    return fenced(changed, step.run).transform([&] { return step.id; });
}

Result<StepRunId> RunRepository::insertStep(const StepRunRow &step, qint64 runEpoch)
{
    static const QString sql = insertStepSql();
    {
        Statement statement = m_db.prepare(sql);
        statement.bind(step.run, step.stepId, step.itemIndex).bindTuple(keptFields(step));
        if (Status saved = fenced(statement.bind(step.run, runEpoch).run(), step.run); !saved)
            return std::unexpected(saved.error());
    }
    return m_db
        .value<StepRunId>(u"SELECT id FROM step_runs WHERE run_id = ? AND step_id = ? AND item_index = ?"_s,
                          step.run, step.stepId, step.itemIndex)
        .transform([](const auto &id) { return id.value_or(StepRunId()); });
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
        sql::insertInto(u"attempts", attemptColumns()) +
        u" ON CONFLICT(step_run_id, attempt) DO UPDATE SET task_id = excluded.task_id, "
        "outcome = excluded.outcome, reason = excluded.reason, "
        "detail = excluded.detail, output = excluded.output, "
        "ended_at = excluded.ended_at"_s;
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
