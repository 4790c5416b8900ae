// When the messages of one conversation go to its agent: those that arrive within 1.5 s of each other go as
// one, those that arrive while a turn runs wait and go as one when it ends. Spec "chat", Messages while it
// works. Pure; times are Clock::monotonicMs(); any thread, one at a time.
#pragma once

#include "core/base/strong_id.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

struct PersonMessage {
    QString text;
    QStringList attachments; // paths or content hashes; never opened here

    friend bool operator==(const PersonMessage &, const PersonMessage &) = default;
};

struct QueuedMessage {
    MessageId id;
    PersonMessage message;
    qint64 arrivedMs = 0;
    int holds = 0; // changes to it that are not yet stored: nothing goes until they are

    friend bool operator==(const QueuedMessage &, const QueuedMessage &) = default;
};

// What goes to the agent as one prompt.
struct TurnRequest {
    std::vector<MessageId> messages;
    PersonMessage prompt; // texts with an empty line between, attachments each once

    friend bool operator==(const TurnRequest &, const TurnRequest &) = default;
};

class ConversationState {
public:
    static constexpr qint64 joinMs = 1500;
    static constexpr qint64 longestWaitMs = 6000; // somebody who never pauses is answered all the same

    void enqueue(MessageId id, PersonMessage message, qint64 nowMs);
    // At start: goes without waiting for more.
    void enqueueWaiting(MessageId id, PersonMessage message, qint64 nowMs);
    // False: it is not (any more) in the queue.
    bool hold(MessageId id);
    bool release(MessageId id);
    bool edit(MessageId id, const QString &text);
    bool remove(MessageId id);
    [[nodiscard]] std::vector<MessageId> clear();

    // When the queue may go; none while it is empty, held, or a turn runs.
    [[nodiscard]] std::optional<qint64> dueAtMs() const;
    // Takes all of it if it is due; from then on a turn runs until turnEnded().
    [[nodiscard]] std::optional<TurnRequest> takeDue(qint64 nowMs);
    // A turn without the queue (retry). False: one runs already.
    [[nodiscard]] bool beginOther();
    // The turn could not begin: its messages are first in the queue again.
    void putBack(std::vector<QueuedMessage> messages);
    void turnEnded();

    [[nodiscard]] bool turnRuns() const { return m_turnRuns; }
    [[nodiscard]] const std::vector<QueuedMessage> &queue() const { return m_queue; }

private:
    [[nodiscard]] QueuedMessage *find(MessageId id);

    std::vector<QueuedMessage> m_queue;
    bool m_turnRuns = false;
};

[[nodiscard]] TurnRequest joined(const std::vector<QueuedMessage> &messages);

} // namespace muster
