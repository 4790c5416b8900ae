#include "core/store/conversation_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, project_id, title, runtime, model, profile, created_at, updated_at, archived_at, "
           "read_to"_s;
}

template <typename Row> auto fields(Row &c)
{
    return std::tie(c.id, c.project, c.title, c.runtime, c.model, c.profile, c.createdMs, c.updatedMs,
                    c.archivedMs, c.readTo);
}

QString messageColumns()
{
    return u"id, conversation_id, role, status, text, thinking, reason, detail, task_id, session_id, turn, "
           "attachments, created_at, ended_at, owner"_s;
}

template <typename Row> auto messageFields(Row &m)
{
    return std::tie(m.id, m.conversation, m.role, m.status, m.text, m.thinking, m.reason, m.detail, m.task,
                    m.session, m.turn, m.attachments, m.createdMs, m.endedMs, m.owner);
}

// A settled message never changes: people have seen it end, and its text is indexed.
QString andUnsettled() { return u" AND status IN ('queued', 'pending', 'streaming')"_s; }

} // namespace

Result<ConversationId> ConversationRepository::create(const ConversationRow &conversation)
{
    static const QString sql = sql::insertInto(u"conversations", columns());
    ConversationRow row = conversation;
    row.id = {};
    Statement statement = m_db.prepare(sql);
    return statement.bindTuple(fields(row)).run().transform([&](qint64) {
        return ConversationId{statement.insertedId()};
    });
}

Status ConversationRepository::update(const ConversationRow &conversation)
{
    static const QString sql =
        u"UPDATE conversations SET "_s + sql::assignments(columns()) + u" WHERE id = ?"_s;
    Statement statement = m_db.prepare(sql);
    return sql::changedOne(statement.bindTuple(fields(conversation)).bind(conversation.id).run(),
                           ErrorCode::NotFound, u"conversations", conversation.id.value);
}

Result<ConversationRow> ConversationRepository::find(ConversationId id)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM conversations WHERE id = ?"_s;
    return sql::rowById<ConversationRow>(m_db, fields<ConversationRow>, u"conversations", sql, id.value);
}

Result<std::vector<ConversationRow>> ConversationRepository::list(ProjectId project, int limit)
{
    static const QString sql =
        u"SELECT "_s + columns() +
        u" FROM conversations WHERE ? IS NULL OR project_id = ? ORDER BY updated_at DESC, id DESC LIMIT ?"_s;
    return m_db.rows<ConversationRow>(fields<ConversationRow>, sql, project, project, limit);
}

Result<bool> ConversationRepository::markRead(ConversationId id)
{
    static const QString newest = u"(SELECT max(id) FROM messages WHERE conversation_id = ? "
                                  "AND status IN ('complete', 'interrupted', 'error'))"_s;
    static const QString sql =
        u"UPDATE conversations SET read_to = "_s + newest + u" WHERE id = ? AND read_to < "_s + newest;
    return m_db.run(sql, id, id, id).transform([](qint64 changed) { return changed > 0; });
}

Result<MessageId> ConversationRepository::addMessage(const MessageRow &message)
{
    static const QString sql = sql::insertInto(u"messages", messageColumns());
    MessageRow row = message;
    row.id = {};
    Statement statement = m_db.prepare(sql);
    if (const auto ran = statement.bindTuple(messageFields(row)).run(); !ran)
        return std::unexpected(ran.error());
    row.id.value = statement.insertedId();
    return m_db
        .run(u"UPDATE conversations SET updated_at = ? WHERE id = ?"_s, row.createdMs, row.conversation)
        .transform([&](qint64) { return row.id; });
}

Status ConversationRepository::setText(MessageId id, const QString &text, const QString &thinking)
{
    return sql::changedOne(m_db.run(u"UPDATE messages SET status = 'streaming', text = ?, thinking = ? "
                                    "WHERE id = ? AND status IN ('pending', 'streaming')"_s,
                                    text, thinking, id),
                           ErrorCode::Conflict, u"messages", id.value);
}

Status ConversationRepository::updateMessage(const MessageRow &message)
{
    static const QString sql =
        u"UPDATE messages SET "_s + sql::assignments(messageColumns()) + u" WHERE id = ?"_s + andUnsettled();
    Statement statement = m_db.prepare(sql);
    return sql::changedOne(statement.bindTuple(messageFields(message)).bind(message.id).run(),
                           ErrorCode::Conflict, u"messages", message.id.value);
}

Status ConversationRepository::settle(MessageId id, MessageStatus status, std::optional<FailureReason> reason,
                                      const QString &detail, qint64 nowMs)
{
    static const QString sql =
        u"UPDATE messages SET status = ?, reason = ?, detail = ?, ended_at = ? WHERE id = ?"_s +
        andUnsettled();
    return sql::changedOne(m_db.run(sql, status, reason, detail, nowMs, id), ErrorCode::Conflict, u"messages",
                           id.value);
}

Result<MessageRow> ConversationRepository::message(MessageId id)
{
    static const QString sql = u"SELECT "_s + messageColumns() + u" FROM messages WHERE id = ?"_s;
    return sql::rowById<MessageRow>(m_db, messageFields<MessageRow>, u"messages", sql, id.value);
}

Result<std::vector<MessageRow>> ConversationRepository::messages(ConversationId id, MessageId before,
                                                                 int limit)
{
    static const QString sql =
        u"SELECT "_s + messageColumns() +
        u" FROM messages WHERE conversation_id = ? AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?"_s;
    auto rows = m_db.rows<MessageRow>(messageFields<MessageRow>, sql, id, before, before, limit);
    if (rows)
        std::ranges::reverse(*rows);
    return rows;
}

Result<std::vector<MessageRow>> ConversationRepository::unsettled()
{
    static const QString sql = u"SELECT "_s + messageColumns() +
                               u" FROM messages WHERE status IN ('pending', 'streaming') "
                               "UNION ALL SELECT "_s +
                               messageColumns() + u" FROM messages WHERE status = 'queued' ORDER BY 1"_s;
    return m_db.rows<MessageRow>(messageFields<MessageRow>, sql);
}

Status ConversationRepository::removeQueued(MessageId id)
{
    return sql::changedOne(m_db.run(u"DELETE FROM messages WHERE id = ? AND status = 'queued'"_s, id),
                           ErrorCode::Conflict, u"messages", id.value);
}

Result<bool> ConversationRepository::adopt(MessageId id, const QString &before, const QString &owner)
{
    return m_db
        .run(u"UPDATE messages SET owner = ? WHERE id = ? AND owner = ?"_s + andUnsettled(), owner, id,
             before)
        .transform([](qint64 changed) { return changed == 1; });
}

Result<std::vector<MessageRow>> ConversationRepository::lastAsked(ConversationId id)
{
    static const QString sql =
        u"SELECT "_s + messageColumns() +
        u" FROM messages WHERE conversation_id = ? AND role = 'person' AND turn > 0 AND "
        "turn = (SELECT max(turn) FROM messages WHERE conversation_id = ?) ORDER BY id"_s;
    return m_db.rows<MessageRow>(messageFields<MessageRow>, sql, id, id);
}

} // namespace muster
