// ChatDispatcher: takes a person's message to the agent and the answer to the store, so that neither can get
// lost. A message is stored before anything else; an assistant's row exists before its turn starts; its text
// is stored at least every 250 ms; whatever ends the turn settles the row, and the next turn of the
// conversation waits until that is durable. What the store refuses is tried again every second.
//
// Thread: the core thread. `journal` and `runner` outlive it. Destroying it while turns run is as a crash:
// recover() of the next one settles them; interruptAll() first is the orderly way.
#pragma once

#include "core/base/clock.h"
#include "core/chat/chat_ports.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <map>
#include <memory>

namespace muster {

class ChatDispatcher final : public QObject, public ChatTurnSink {
    Q_OBJECT
public:
    static constexpr qint64 flushMs = 200; // 250 with the way to the store
    static constexpr qint64 storeRetryMs = 1000;

    ChatDispatcher(std::shared_ptr<ChatJournal> journal, ChatRunner *runner, const Clock *clock,
                   QObject *parent = nullptr);
    ~ChatDispatcher() override;
    Q_DISABLE_COPY_MOVE(ChatDispatcher)

    // Once, before the first send(): settles what an earlier process left and queues what it had not sent.
    // Gives the number of rows settled.
    [[nodiscard]] QFuture<Result<int>> recover();
    // Finished once the message is durable, with its id. `steer`: into the running turn if there is one and
    // its agent takes it, else it waits like any other.
    QFuture<Result<MessageId>> send(ConversationId conversation, PersonMessage message, bool steer = false);
    // Only while it is queued; Conflict: it has gone to the agent. `text` none: removes it.
    QFuture<Status> changeQueued(ConversationId conversation, MessageId id, std::optional<QString> text);
    // NotFound: nothing runs and nothing is queued.
    Status stop(ConversationId id, bool clearQueue);
    // What the last turn was asked, once more. Conflict: a turn runs. Unavailable: between interruptAll() and
    // resume().
    QFuture<Status> retry(ConversationId id);
    // For the end of the node and for sleep: asks every turn to stop, settles its row at once, and begins
    // none until resume(). What is sent meanwhile is stored and waits.
    void interruptAll(FailureReason reason, const QString &detail);
    void resume();

    [[nodiscard]] bool isWorking(ConversationId id) const;
    [[nodiscard]] std::vector<QueuedMessage> queue(ConversationId id) const;
    [[nodiscard]] const TurnCounters &counters() const { return m_counters; }
    // No turn runs and nothing is on its way to the store.
    [[nodiscard]] bool isIdle() const;

    void turnText(MessageId assistant, const QString &key, const QString &text) override;
    void turnThinking(MessageId assistant, const QString &text) override;
    void turnEnded(MessageId assistant, const TurnEnd &end) override;

    // Does what is due by the clock. Its own timer calls it; tests do after setting theirs.
    void wake();

signals:
    void turnStarted(muster::ConversationId conversation, muster::MessageId assistant);
    void textAdded(muster::ConversationId conversation, muster::MessageId assistant, const QString &text);
    void turnSettled(muster::ConversationId conversation, muster::MessageId assistant,
                     muster::MessageStatus status);
    void storeFailed(const muster::Error &error); // for the log; it goes on trying. The person is told by
                                                  // the writer's own state (api::NodeStatus::pausedReason).

private:
    struct Turn;
    struct Conversation;

    Conversation &at(ConversationId id);
    Conversation *withTurn(MessageId assistant);
    void serve(Conversation &conversation);
    void begin(Conversation &conversation, TurnRequest request, std::vector<QueuedMessage> taken);
    void begun(Conversation &conversation, Result<MessageId> assistant);
    void steer(Conversation &conversation, MessageId id, const PersonMessage &message);
    void steered(ConversationId id, MessageId message, MessageId assistant);
    void append(Conversation &conversation, QString &to, const QString &text);
    void flush(Conversation &conversation);
    void end(Conversation &conversation, const Settlement &settlement);
    void settle(Conversation &conversation);
    void settled(Conversation &conversation);
    void arm();

    std::shared_ptr<ChatJournal> m_journal;
    ChatRunner *m_runner;
    const Clock *m_clock;
    QTimer m_timer;
    std::map<ConversationId, std::unique_ptr<Conversation>> m_conversations;
    QHash<MessageId, ConversationId> m_byAssistant;
    TurnCounters m_counters;
    bool m_paused = false;
};

} // namespace muster
