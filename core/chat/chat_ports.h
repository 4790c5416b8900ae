// What the chat needs from outside: where its rows are kept, and who runs a turn. Both live on the
// dispatcher's thread; the futures end from its event loop, once what they say is durable.
#pragma once

#include "core/base/result.h"
#include "core/chat/conversation_state.h"
#include "core/chat/turn_end.h"

#include <QFuture>

#include <functional>

namespace muster {

struct QueuedRow {
    ConversationId conversation;
    MessageId id;
    PersonMessage message;
};

struct ChatRest {
    std::vector<MessageRest> unsettled; // assistant rows that are pending or streaming
    std::vector<QueuedRow> queued;      // in order
};

class ChatJournal {
public:
    ChatJournal() = default;
    ChatJournal(const ChatJournal &) = delete;
    ChatJournal &operator=(const ChatJournal &) = delete;
    virtual ~ChatJournal() = default;

    // The person's row, as queued.
    [[nodiscard]] virtual QFuture<Result<MessageId>> addMessage(ConversationId conversation,
                                                                PersonMessage message, qint64 nowMs) = 0;
    [[nodiscard]] virtual QFuture<Status> editQueued(MessageId id, QString text) = 0;
    [[nodiscard]] virtual QFuture<Status> removeQueued(MessageId id) = 0;
    // A queued row went into the running turn of that assistant: it is complete.
    [[nodiscard]] virtual QFuture<Status> steered(MessageId id, MessageId assistant, qint64 nowMs) = 0;
    // One transaction: these rows are complete, and there is an assistant's row, pending. Gives its id.
    [[nodiscard]] virtual QFuture<Result<MessageId>>
    beginTurn(ConversationId conversation, std::vector<MessageId> messages, qint64 nowMs) = 0;
    // All of the text so far; the row is streaming from then on.
    [[nodiscard]] virtual QFuture<Status> setText(MessageId assistant, QString text, QString thinking) = 0;
    // The last text and the end, in one. Conflict: it was settled before.
    [[nodiscard]] virtual QFuture<Status> settle(MessageId assistant, QString text, QString thinking,
                                                 Settlement settlement, qint64 nowMs) = 0;
    // At start, for rows whose text is as it was flushed.
    [[nodiscard]] virtual QFuture<Status> settleAsIs(SettleRow row, qint64 nowMs) = 0;
    [[nodiscard]] virtual QFuture<Result<ChatRest>> rest() = 0;
    // What the conversation's last turn was asked. NotFound: there was none.
    [[nodiscard]] virtual QFuture<Result<TurnRequest>> lastRequest(ConversationId conversation) = 0;
};

struct TurnStart {
    ConversationId conversation;
    MessageId assistant; // names the turn
    PersonMessage prompt;
};

// What the one who runs a turn says. After turnEnded() nothing more is heard.
class ChatTurnSink {
public:
    ChatTurnSink() = default;
    ChatTurnSink(const ChatTurnSink &) = delete;
    ChatTurnSink &operator=(const ChatTurnSink &) = delete;
    virtual ~ChatTurnSink() = default;

    // `key`: the agent's own message (TextDelta::messageId); a new one begins a new paragraph.
    virtual void turnText(MessageId assistant, const QString &key, const QString &text) = 0;
    virtual void turnThinking(MessageId assistant, const QString &text) = 0;
    // However it ended; for the agent's death too. The first call counts.
    virtual void turnEnded(MessageId assistant, const TurnEnd &end) = 0;
};

class ChatRunner {
public:
    ChatRunner() = default;
    ChatRunner(const ChatRunner &) = delete;
    ChatRunner &operator=(const ChatRunner &) = delete;
    virtual ~ChatRunner() = default;

    // Must answer with turnEnded() whatever happens, also if it cannot start.
    virtual void start(const TurnStart &turn, ChatTurnSink *sink) = 0;
    // turnEnded() follows.
    virtual void stop(MessageId assistant) = 0;
    // Adds to the running turn. `done` once, perhaps from within the call: the agent has taken it, or why it
    // has not heard of it.
    using SteerDone = std::function<void(const Status &)>;
    virtual void steer(MessageId assistant, const PersonMessage &message, const SteerDone &done) = 0;
};

} // namespace muster
