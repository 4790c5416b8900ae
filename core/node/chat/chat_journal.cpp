#include "core/node/chat/chat_journal.h"

#include "core/base/async.h"
#include "core/process/process_identity.h"
#include "core/store/conversation_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestTitle = 60;

void logMessage(EventBatch &log, const ConversationRow &conversation, MessageId message, const QString &kind,
                const QString &by, QJsonObject data = {})
{
    data.insert(u"message"_s, message.value);
    log.add(kind, {.project = conversation.project, .conversation = conversation.id}, by, data);
}

QString titleFrom(const QString &text)
{
    const QString line = text.trimmed().section(u'\n', 0, 0).simplified();
    return line.size() <= longestTitle ? line : line.first(longestTitle - 1) + u'…';
}

PersonMessage personMessage(const MessageRow &row)
{
    PersonMessage message{.text = row.text, .attachments = {}};
    for (const QJsonValueConstRef path : row.attachments)
        message.attachments += path.toString();
    return message;
}

Status settleRow(Connection &db, EventBatch &log, MessageId id, const Settlement &settlement, qint64 nowMs)
{
    ConversationRepository chats(db);
    const auto row = chats.message(id);
    if (!row)
        return std::unexpected(row.error());
    const auto conversation = chats.find(row->conversation);
    if (!conversation)
        return std::unexpected(conversation.error());
    const Status settled = chats.settle(id, settlement.status, settlement.reason, settlement.detail, nowMs);
    if (!settled)
        return settled;
    QJsonObject data{{u"status"_s, enumName(settlement.status)}};
    if (settlement.reason)
        data.insert(u"reason"_s, enumName(*settlement.reason));
    if (!settlement.detail.isEmpty())
        data.insert(u"detail"_s, settlement.detail);
    logMessage(log, *conversation, id, u"chat.turn_settled"_s, u"node"_s, data);
    return {};
}

// The rows that nobody alive answers for, from now on ours.
Result<std::vector<MessageRow>> adoptOrphans(Connection &db, const QString &owner)
{
    ConversationRepository chats(db);
    auto rows = chats.unsettled();
    if (!rows)
        return rows;
    std::vector<MessageRow> ours;
    for (MessageRow &row : *rows) {
        if (row.owner == owner || (!row.owner.isEmpty() && !isProvenDead(row.owner)))
            continue;
        const auto adopted = chats.adopt(row.id, row.owner, owner);
        if (!adopted)
            return std::unexpected(adopted.error());
        if (*adopted)
            ours.push_back(std::move(row));
    }
    return ours;
}

Async<ChatRest> orphans(Ledger &ledger, QString owner)
{
    // Looked at first: a store in which nothing is left over is not written to.
    const auto look = co_await resultOf(
        ledger.readAsync([](Connection &db) { return ConversationRepository(db).unsettled(); }));
    if (!look)
        co_return std::unexpected(look.error());
    ChatRest rest;
    if (std::ranges::all_of(*look, [&](const MessageRow &row) { return row.owner == owner; }))
        co_return rest;
    const auto rows = co_await resultOf(
        ledger.commitAsync([owner](Connection &db, EventBatch &) { return adoptOrphans(db, owner); }));
    if (!rows)
        co_return std::unexpected(rows.error());
    for (const MessageRow &row : *rows) {
        if (row.status == MessageStatus::Queued)
            rest.queued.push_back(
                {.conversation = row.conversation, .id = row.id, .message = personMessage(row)});
        else
            rest.unsettled.push_back({.id = row.id, .conversation = row.conversation, .status = row.status});
    }
    co_return rest;
}

} // namespace

QFuture<Result<MessageId>> StoreChatJournal::addMessage(ConversationId conversation, PersonMessage message,
                                                        qint64 nowMs)
{
    return m_ledger.commitAsync([conversation, message = std::move(message), nowMs,
                                 owner = m_owner](Connection &db, EventBatch &log) -> Result<MessageId> {
        ConversationRepository chats(db);
        auto row = chats.find(conversation);
        if (!row)
            return std::unexpected(row.error());
        if (row->title.isEmpty()) {
            row->title = titleFrom(message.text);
            if (Status named = chats.update(*row); !named)
                return std::unexpected(named.error());
        }
        const auto id = chats.addMessage({.conversation = conversation,
                                          .role = MessageRole::Person,
                                          .status = MessageStatus::Queued,
                                          .text = message.text,
                                          .attachments = QJsonArray::fromStringList(message.attachments),
                                          .createdMs = nowMs,
                                          .owner = owner});
        if (id)
            logMessage(log, *row, *id, u"chat.message"_s, u"person"_s);
        return id;
    });
}

QFuture<Status> StoreChatJournal::editQueued(MessageId id, QString text)
{
    return m_ledger.commitAsync([id, text = std::move(text)](Connection &db, EventBatch &log) -> Status {
        ConversationRepository chats(db);
        auto row = chats.message(id);
        if (!row)
            return std::unexpected(row.error());
        if (row->status != MessageStatus::Queued)
            return fail(ErrorCode::Conflict, id.toString(), u"message"_s);
        row->text = text;
        return chats.updateMessage(*row).and_then([&] {
            return chats.find(row->conversation);
        }).transform([&](const ConversationRow &conversation) {
            logMessage(log, conversation, id, u"chat.message_edited"_s, u"person"_s);
        });
    });
}

QFuture<Status> StoreChatJournal::removeQueued(MessageId id)
{
    return m_ledger.commitAsync([id](Connection &db, EventBatch &log) -> Status {
        ConversationRepository chats(db);
        const auto row = chats.message(id);
        if (!row)
            return std::unexpected(row.error());
        return chats.removeQueued(id).and_then([&] {
            return chats.find(row->conversation);
        }).transform([&](const ConversationRow &conversation) {
            logMessage(log, conversation, id, u"chat.message_removed"_s, u"person"_s);
        });
    });
}

QFuture<Result<MessageId>> StoreChatJournal::beginTurn(ConversationId conversation,
                                                       std::vector<MessageId> messages, qint64 nowMs)
{
    return m_ledger.commitAsync([conversation, messages = std::move(messages), nowMs,
                                 owner = m_owner](Connection &db, EventBatch &log) -> Result<MessageId> {
        ConversationRepository chats(db);
        const auto row = chats.find(conversation);
        const auto last = chats.lastAsked(conversation);
        if (!row || !last)
            return std::unexpected(row ? last.error() : row.error());
        int turn = last->empty() ? 1 : last->front().turn + 1;
        for (const MessageId id : messages) {
            auto message = chats.message(id);
            if (!message)
                return std::unexpected(message.error());
            if (message->status != MessageStatus::Queued) {
                turn = message->turn; // asked again
                continue;
            }
            message->status = MessageStatus::Complete;
            message->turn = turn;
            message->endedMs = nowMs;
            if (Status sent = chats.updateMessage(*message); !sent)
                return std::unexpected(sent.error());
        }
        const auto id = chats.addMessage({.conversation = conversation,
                                          .role = MessageRole::Assistant,
                                          .status = MessageStatus::Pending,
                                          .turn = turn,
                                          .createdMs = nowMs,
                                          .owner = owner});
        if (id)
            logMessage(log, *row, *id, u"chat.turn_started"_s, u"node"_s, {{u"turn"_s, turn}});
        return id;
    });
}

QFuture<Status> StoreChatJournal::steered(MessageId id, MessageId assistant, qint64 nowMs)
{
    return m_ledger.commitAsync([id, assistant, nowMs](Connection &db, EventBatch &log) -> Status {
        ConversationRepository chats(db);
        auto message = chats.message(id);
        const auto answer = chats.message(assistant);
        if (!message || !answer)
            return std::unexpected(message ? answer.error() : message.error());
        const auto conversation = chats.find(message->conversation);
        if (!conversation)
            return std::unexpected(conversation.error());
        message->status = MessageStatus::Complete;
        message->turn = answer->turn;
        message->endedMs = nowMs;
        if (Status sent = chats.updateMessage(*message); !sent)
            return sent;
        logMessage(log, *conversation, id, u"chat.steered"_s, u"node"_s, {{u"turn"_s, answer->turn}});
        return {};
    });
}

QFuture<Status> StoreChatJournal::setText(MessageId assistant, QString text, QString thinking)
{
    return m_ledger.commitAsync([assistant, text = std::move(text),
                                 thinking = std::move(thinking)](Connection &db, EventBatch &) -> Status {
        return ConversationRepository(db).setText(assistant, text, thinking);
    });
}

QFuture<Status> StoreChatJournal::settle(MessageId assistant, QString text, QString thinking,
                                         Settlement settlement, qint64 nowMs)
{
    return m_ledger.commitAsync([assistant, text = std::move(text), thinking = std::move(thinking),
                                 settlement, nowMs](Connection &db, EventBatch &log) -> Status {
        if (Status written = ConversationRepository(db).setText(assistant, text, thinking); !written)
            return written;
        return settleRow(db, log, assistant, settlement, nowMs);
    });
}

QFuture<Status> StoreChatJournal::settleAsIs(SettleRow row, qint64 nowMs)
{
    return m_ledger.commitAsync([row, nowMs](Connection &db, EventBatch &log) -> Status {
        return settleRow(db, log, row.id, row.settlement, nowMs);
    });
}

QFuture<Result<ChatRest>> StoreChatJournal::rest() { return orphans(m_ledger, m_owner); }

QFuture<Result<TurnRequest>> StoreChatJournal::lastRequest(ConversationId conversation)
{
    return m_ledger.readAsync([conversation](Connection &db) -> Result<TurnRequest> {
        const auto rows = ConversationRepository(db).lastAsked(conversation);
        if (!rows)
            return std::unexpected(rows.error());
        if (rows->empty())
            return fail(ErrorCode::NotFound, conversation.toString(), u"turn"_s);
        std::vector<QueuedMessage> asked;
        for (const MessageRow &row : *rows)
            asked.push_back({.id = row.id, .message = personMessage(row)});
        return joined(asked);
    });
}

} // namespace muster
