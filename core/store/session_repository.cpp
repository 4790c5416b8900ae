#include "core/store/session_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, project_id, conversation_id, task_id, native_id, runtime, account, model, profile, cwd, "
           u"marker, pid, "
           "pid_start, owner, state, turns, created_at, active_at, ended_at, end_reason, end_detail"_s;
}

template <typename Row> auto fields(Row &s)
{
    return std::tie(s.id, s.project, s.conversation, s.task, s.nativeId, s.runtime, s.account, s.model,
                    s.profile, s.cwd, s.marker, s.pid, s.pidStart, s.owner, s.state, s.turns, s.createdMs,
                    s.activeMs, s.endedMs, s.endReason, s.endDetail);
}

} // namespace

Result<SessionId> SessionRepository::insert(const SessionRow &session)
{
    static const QString sql = sql::insertInto(u"sessions", columns());
    SessionRow row = session;
    row.id = {};
    Statement statement = m_db.prepare(sql);
    return statement.bindTuple(fields(row)).run().transform([&](qint64) {
        return SessionId{statement.insertedId()};
    });
}

Status SessionRepository::update(const SessionRow &session)
{
    static const QString sql = u"UPDATE sessions SET "_s + sql::assignments(columns()) + u" WHERE id = ?"_s;
    Statement statement = m_db.prepare(sql);
    return sql::changedOne(statement.bindTuple(fields(session)).bind(session.id).run(), ErrorCode::NotFound,
                           u"sessions", session.id.value);
}

Status SessionRepository::setState(SessionId id, SessionRowState state, qint64 nowMs)
{
    return sql::changedOne(
        m_db.run(u"UPDATE sessions SET state = ?, active_at = ? WHERE id = ? AND ended_at IS NULL"_s, state,
                 nowMs, id),
        ErrorCode::NotFound, u"sessions", id.value);
}

Status SessionRepository::end(SessionId id, std::optional<FailureReason> reason, const QString &detail,
                              qint64 nowMs)
{
    return sql::changedOne(m_db.run(u"UPDATE sessions SET state = 'ended', ended_at = ?, end_reason = ?, "
                                    "end_detail = ? WHERE id = ? AND ended_at IS NULL"_s,
                                    nowMs, reason, detail, id),
                           ErrorCode::NotFound, u"sessions", id.value);
}

Result<SessionRow> SessionRepository::find(SessionId id)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM sessions WHERE id = ?"_s;
    return sql::rowById<SessionRow>(m_db, fields<SessionRow>, u"sessions", sql, id.value);
}

Result<std::vector<SessionRow>> SessionRepository::open()
{
    static const QString sql =
        u"SELECT "_s + columns() + u" FROM sessions WHERE ended_at IS NULL ORDER BY id"_s;
    return m_db.rows<SessionRow>(fields<SessionRow>, sql);
}

Result<SessionRow> SessionRepository::lastOf(ConversationId conversation)
{
    static const QString sql =
        u"SELECT "_s + columns() +
        u" FROM sessions WHERE conversation_id = ? AND native_id <> '' ORDER BY id DESC LIMIT 1"_s;
    return sql::rowById<SessionRow>(m_db, fields<SessionRow>, u"sessions", sql, conversation.value);
}

Result<std::vector<SessionRow>> SessionRepository::newest(ProjectId project, int limit)
{
    static const QString sql = u"SELECT "_s + columns() +
                               u" FROM sessions WHERE ? IS NULL OR project_id = ? ORDER BY id DESC LIMIT ?"_s;
    return m_db.rows<SessionRow>(fields<SessionRow>, sql, project, project, limit);
}

} // namespace muster
