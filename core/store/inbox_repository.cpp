#include "core/store/inbox_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, key, kind, status, project_id, run_id, step_id, task_id, session_id, conversation_id, "
           u"title, body, "
           "answer, message, scope, expires_at, created_at, answered_at, answered_by"_s;
}

template <typename Row> auto fields(Row &i)
{
    return std::tie(i.id, i.key, i.kind, i.status, i.refs.project, i.refs.run, i.refs.step, i.refs.task,
                    i.refs.session, i.refs.conversation, i.title, i.body, i.answer, i.message, i.scope,
                    i.expiresMs, i.createdMs, i.answeredMs, i.answeredBy);
}

} // namespace

Result<InboxRepository::Opened> InboxRepository::open(const InboxRow &item)
{
    static const QString sql = sql::insertInto(u"inbox", columns()) + u" ON CONFLICT(key) DO NOTHING"_s;
    InboxRow row = item;
    row.id = {};
    row.status = InboxStatus::Open;
    Statement statement = m_db.prepare(sql);
    const auto changed = statement.bindTuple(fields(row)).run();
    if (!changed)
        return std::unexpected(changed.error());
    if (*changed == 1)
        return Opened{.id = {statement.insertedId()}, .created = true};
    return m_db.value<InboxId>(u"SELECT id FROM inbox WHERE key = ?"_s, item.key)
        .transform([](const auto &id) { return Opened{.id = id.value_or(InboxId{}), .created = false}; });
}

Status InboxRepository::answer(InboxId id, const InboxAnswer &answer)
{
    return close(id, InboxStatus::Answered, answer);
}

Status InboxRepository::withdraw(InboxId id, const QString &by, qint64 nowMs)
{
    return close(id, InboxStatus::Withdrawn,
                 {.answer = {}, .message = {}, .scope = {}, .by = by, .nowMs = nowMs});
}

Status InboxRepository::putOff(InboxId id)
{
    const auto changed =
        m_db.run(u"UPDATE inbox SET body = json_set(coalesce(body, '{}'), '$.later', json('true')) "
                 "WHERE id = ? AND status = 'open'"_s,
                 id);
    return sql::changedOne(changed, ErrorCode::Conflict, u"inbox", id.value);
}

Status InboxRepository::close(InboxId id, InboxStatus status, const InboxAnswer &answer)
{
    const auto changed =
        m_db.run(u"UPDATE inbox SET status = ?, answer = ?, message = ?, scope = ?, "
                 "answered_by = ?, answered_at = ? WHERE id = ? AND status = 'open'"_s,
                 status, answer.answer, answer.message, answer.scope, answer.by, answer.nowMs, id);
    if (changed && *changed == 0) {
        if (const auto item = find(id); !item)
            return std::unexpected(item.error());
    }
    return sql::changedOne(changed, ErrorCode::Conflict, u"inbox", id.value);
}

Result<InboxRow> InboxRepository::find(InboxId id)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM inbox WHERE id = ?"_s;
    return sql::rowById<InboxRow>(m_db, fields<InboxRow>, u"inbox", sql, id.value);
}

Result<std::optional<InboxRow>> InboxRepository::findByKey(const QString &key)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM inbox WHERE key = ?"_s;
    return sql::maybeRow<InboxRow>(m_db, fields<InboxRow>, sql, key);
}

Result<std::vector<InboxRow>> InboxRepository::list(const InboxFilter &filter)
{
    QString sql = u"SELECT "_s + columns() + u" FROM inbox WHERE 1"_s;
    QVariantList values;
    // Literal, so that the partial index on open items is used.
    if (filter.status)
        sql += u" AND status = '"_s + enumName(*filter.status) + u"'"_s;
    if (filter.project.isValid()) {
        sql += u" AND project_id = ?"_s;
        values += filter.project.value;
    }
    if (filter.run.isValid()) {
        sql += u" AND run_id = ?"_s;
        values += filter.run.value;
    }
    if (filter.within.isValid()) {
        sql +=
            u" AND run_id IN (WITH RECURSIVE part(id) AS (SELECT ? UNION SELECT runs.id FROM runs JOIN part "
            "ON runs.parent_run = part.id) SELECT id FROM part)"_s;
        values += filter.within.value;
    }
    if (filter.task.isValid()) {
        sql += u" AND task_id = ?"_s;
        values += filter.task.value;
    }
    Statement statement = m_db.prepare(sql + u" ORDER BY id DESC LIMIT ?"_s);
    for (const QVariant &value : std::as_const(values))
        statement.bindRaw(value);
    statement.bind(filter.limit);
    return Connection::collect<InboxRow>(statement, fields<InboxRow>);
}

Result<std::vector<InboxRow>> InboxRepository::expired(qint64 nowMs)
{
    static const QString sql =
        u"SELECT "_s + columns() + u" FROM inbox WHERE status = 'open' AND expires_at <= ? ORDER BY id"_s;
    return m_db.rows<InboxRow>(fields<InboxRow>, sql, nowMs);
}

Result<std::vector<InboxRow>> InboxRepository::orphans()
{
    static const QString sql =
        u"SELECT "_s + columns() +
        u" FROM inbox WHERE status = 'open' AND ("
        "(kind IN ('permission', 'question') AND session_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM sessions s WHERE s.id = inbox.session_id AND s.ended_at IS NULL)) OR "
        "(kind IN ('permission', 'question') AND task_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM tasks t WHERE t.id = inbox.task_id AND t.ended_at IS NULL)) OR "
        "(kind = 'warning' AND task_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM tasks t WHERE t.id = inbox.task_id AND t.ended_at IS NULL)) OR "
        "((kind = 'approval' OR (kind = 'warning' AND task_id IS NULL)) AND run_id IS NOT NULL AND "
        "NOT EXISTS ("
        "SELECT 1 FROM runs r WHERE r.id = inbox.run_id AND r.ended_at IS NULL))) ORDER BY id"_s;
    return m_db.rows<InboxRow>(fields<InboxRow>, sql);
}

Result<qint64> InboxRepository::openCount()
{
    return m_db.value<qint64>(u"SELECT count(*) FROM inbox WHERE status = 'open' AND kind <> 'result'"_s)
        .transform([](const auto &n) { return n.value_or(0); });
}

} // namespace muster
