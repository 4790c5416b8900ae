#include "core/store/task_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"
#include "core/store/task_columns.h"

#include <QStringBuilder>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString specColumns()
{
    return u"prompt, runtime_asked, model_asked, profile, runtime, model, resolve_reason, max_turns, "
           "budget_micro_usd, budget_tokens, manifest, data, output"_s;
}

template <typename Spec> auto specFields(Spec &s)
{
    return std::tie(s.prompt, s.runtimeAsked, s.modelAsked, s.profile, s.runtime, s.model, s.resolveReason,
                    s.maxTurns, s.budgetMicroUsd, s.budgetTokens, s.manifest, s.data, s.output);
}

Status insertSpec(Connection &db, TaskId id, const TaskSpec &spec)
{
    static const QString sql = sql::insertInto(u"task_specs", u"task_id, "_s + specColumns());
    Statement statement = db.prepare(sql);
    return statement.bind(id).bindTuple(specFields(spec)).run().transform([](qint64) {});
}

} // namespace

Result<TaskRepository::Inserted> TaskRepository::insert(const TaskRow &task, const TaskSpec &spec,
                                                        const QStringList &pools)
{
    if (pools.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"a task needs a pool"_s, u"tasks"_s);
    if (task.key) {
        auto present = findByKey(*task.key);
        if (!present)
            return std::unexpected(present.error());
        if (*present)
            return Inserted{.id = (*present)->id, .created = false};
    }
    static const QString sql = sql::insertInto(u"tasks", sql::taskColumns());
    TaskRow row = task;
    row.id = {};
    row.pool = pools.first();
    Statement statement = m_db.prepare(sql);
    if (const auto ran = statement.bindTuple(sql::taskFields(row)).run(); !ran)
        return std::unexpected(ran.error());
    row.id.value = statement.insertedId();
    if (const Status done = insertSpec(m_db, row.id, spec); !done)
        return std::unexpected(done.error());
    if (const Status done = addToPools(row.id, pools); !done)
        return std::unexpected(done.error());
    return Inserted{.id = row.id, .created = true};
}

Status TaskRepository::addToPools(TaskId id, const QStringList &pools)
{
    // With each pool also those that it shares, however long the chain.
    static const QString sql =
        u"WITH RECURSIVE wanted(id) AS (SELECT id FROM pools WHERE name = ? UNION "
        "SELECT p.shares_id FROM pools p JOIN wanted w ON p.id = w.id WHERE p.shares_id IS NOT NULL) "
        "INSERT OR IGNORE INTO task_pools(task_id, pool_id) SELECT ?, id FROM wanted"_s;
    for (const QString &pool : pools) {
        const auto known = m_db.value<qint64>(u"SELECT id FROM pools WHERE name = ?"_s, pool);
        if (!known)
            return std::unexpected(known.error());
        if (!*known)
            return fail(ErrorCode::NotFound, pool, u"pools"_s);
        if (const auto ran = m_db.run(sql, pool, id); !ran)
            return std::unexpected(ran.error());
    }
    return {};
}

Result<TaskRow> TaskRepository::find(TaskId id)
{
    static const QString sql = u"SELECT "_s + sql::taskColumns() + u" FROM tasks WHERE id = ?"_s;
    return sql::rowById<TaskRow>(m_db, sql::taskFields<TaskRow>, u"tasks", sql, id.value);
}

Result<std::optional<TaskRow>> TaskRepository::findByKey(const QString &key)
{
    static const QString sql = u"SELECT "_s + sql::taskColumns() + u" FROM tasks WHERE key = ?"_s;
    return sql::maybeRow<TaskRow>(m_db, sql::taskFields<TaskRow>, sql, key);
}

Result<TaskSpec> TaskRepository::spec(TaskId id)
{
    static const QString sql = u"SELECT "_s + specColumns() + u" FROM task_specs WHERE task_id = ?"_s;
    return sql::rowById<TaskSpec>(m_db, specFields<TaskSpec>, u"task_specs", sql, id.value);
}

Result<std::vector<TaskRow>> TaskRepository::list(const TaskFilter &filter)
{
    QString sql = u"SELECT "_s + sql::taskColumns() + u" FROM tasks WHERE 1"_s;
    QVariantList values;
    const auto add = [&](const QString &part, const QVariant &value) {
        sql += u" AND "_s + part;
        values += value;
    };
    if (filter.run.isValid())
        add(u"run_id = ?"_s, filter.run.value);
    if (filter.conversation.isValid())
        add(u"conversation_id = ?"_s, filter.conversation.value);
    if (!filter.pool.isEmpty())
        add(u"pool = ?"_s, filter.pool);
    if (filter.before.isValid())
        add(u"id < ?"_s, filter.before.value);
    if (filter.openOnly)
        sql += u" AND ended_at IS NULL"_s;
    if (!filter.statuses.empty()) {
        sql += u" AND "_s + sql::isOneOf(u"status", static_cast<qsizetype>(filter.statuses.size()));
        for (const TaskStatus status : filter.statuses)
            values += enumName(status);
    }
    Statement statement = m_db.prepare(sql + u" ORDER BY id DESC LIMIT ?"_s);
    for (const QVariant &value : std::as_const(values))
        statement.bindRaw(value);
    statement.bind(filter.limit);
    return Connection::collect<TaskRow>(statement, sql::taskFields<TaskRow>);
}

Status TaskRepository::setResolved(TaskId id, const QString &runtime, const QString &model,
                                   const QString &reason)
{
    return sql::changedOne(
        m_db.run(u"UPDATE task_specs SET runtime = ?, model = ?, resolve_reason = ? WHERE task_id = ?"_s,
                 runtime, model, reason, id),
        ErrorCode::NotFound, u"task_specs", id.value);
}

} // namespace muster
