// Conversations and their messages. An assistant's row exists from the start of its turn and is settled by
// whatever ends it. Thread of the connection; writes on the writer.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/reasons.h"
#include "core/store/connection.h"

namespace muster {

enum class MessageRole : std::uint8_t { Person, Assistant, Note };

template <> struct EnumNames<MessageRole> {
    static constexpr std::array table{std::pair{MessageRole::Person, "person"},
                                      std::pair{MessageRole::Assistant, "assistant"},
                                      std::pair{MessageRole::Note, "note"}};
};

struct ConversationRow {
    ConversationId id;
    ProjectId project;
    QString title;
    QString runtime;
    QString model;
    QString profile;
    qint64 createdMs = 0;
    qint64 updatedMs = 0;
    std::optional<qint64> archivedMs;
    qint64 readTo = 0; // id of the newest message that the person has seen end; 0: none
};

struct MessageRow {
    MessageId id;
    ConversationId conversation;
    MessageRole role = MessageRole::Person;
    MessageStatus status = MessageStatus::Complete;
    QString text;
    QString thinking;
    std::optional<FailureReason> reason;
    QString detail;
    TaskId task;
    SessionId session;
    int turn = 0; // of the conversation, from 1; the messages that go as one share it; 0: not yet sent
    QJsonArray attachments;
    qint64 createdMs = 0;
    std::optional<qint64> endedMs;
    QString owner; // lease owner that is to send it, or to write its answer; says nothing once it is settled
};

class ConversationRepository {
public:
    explicit ConversationRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<ConversationId> create(const ConversationRow &conversation);
    [[nodiscard]] Status update(const ConversationRow &conversation);
    [[nodiscard]] Result<ConversationRow> find(ConversationId id);
    [[nodiscard]] Result<std::vector<ConversationRow>> list(ProjectId project, int limit); // newest first

    // All that has ended by now was seen. False: nothing new had ended.
    [[nodiscard]] Result<bool> markRead(ConversationId id);

    // Also marks the conversation as changed.
    [[nodiscard]] Result<MessageId> addMessage(const MessageRow &message);
    // The text so far while it streams. Conflict: it is not pending or streaming.
    [[nodiscard]] Status setText(MessageId id, const QString &text, const QString &thinking);
    // All of the row. NotFound. Not for a message that is complete: its text is indexed.
    [[nodiscard]] Status updateMessage(const MessageRow &message);
    // Settles a message that is queued, pending or streaming. Conflict: it was settled before.
    [[nodiscard]] Status settle(MessageId id, MessageStatus status, std::optional<FailureReason> reason,
                                const QString &detail, qint64 nowMs);
    [[nodiscard]] Result<MessageRow> message(MessageId id);
    // In ascending order; the newest `limit` older than `before` (none: the newest of all).
    [[nodiscard]] Result<std::vector<MessageRow>> messages(ConversationId id, MessageId before, int limit);
    // Queued, pending or streaming, of all conversations.
    [[nodiscard]] Result<std::vector<MessageRow>> unsettled();
    // Of the person, while it is queued. Conflict: it has gone to the agent.
    [[nodiscard]] Status removeQueued(MessageId id);
    // Somebody whose owner died is answered for by `owner` from now on. False: another was faster.
    [[nodiscard]] Result<bool> adopt(MessageId id, const QString &before, const QString &owner);
    // What the conversation's newest turn was asked, in order; empty: there was none.
    [[nodiscard]] Result<std::vector<MessageRow>> lastAsked(ConversationId id);

private:
    Connection &m_db;
};

} // namespace muster
