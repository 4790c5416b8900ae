#include "core/chat/conversation_state.h"

#include <algorithm>

namespace muster {

void ConversationState::enqueue(MessageId id, PersonMessage message, qint64 nowMs)
{
    m_queue.push_back({.id = id, .message = std::move(message), .arrivedMs = nowMs, .holds = 0});
}

void ConversationState::enqueueWaiting(MessageId id, PersonMessage message, qint64 nowMs)
{
    enqueue(id, std::move(message), nowMs - joinMs);
}

QueuedMessage *ConversationState::find(MessageId id)
{
    const auto it = std::ranges::find(m_queue, id, &QueuedMessage::id);
    return it == m_queue.end() ? nullptr : &*it;
}

bool ConversationState::hold(MessageId id)
{
    QueuedMessage *found = find(id);
    if (found)
        ++found->holds;
    return found != nullptr;
}

bool ConversationState::release(MessageId id)
{
    QueuedMessage *found = find(id);
    if (found)
        --found->holds;
    return found != nullptr;
}

bool ConversationState::edit(MessageId id, const QString &text)
{
    QueuedMessage *found = find(id);
    if (found)
        found->message.text = text;
    return found != nullptr;
}

bool ConversationState::remove(MessageId id)
{
    return std::erase_if(m_queue, [id](const QueuedMessage &m) { return m.id == id; }) > 0;
}

std::vector<MessageId> ConversationState::clear()
{
    std::vector<MessageId> ids;
    std::ranges::transform(m_queue, std::back_inserter(ids), &QueuedMessage::id);
    m_queue.clear();
    return ids;
}

std::optional<qint64> ConversationState::dueAtMs() const
{
    if (m_turnRuns || m_queue.empty() ||
        std::ranges::any_of(m_queue, [](const QueuedMessage &m) { return m.holds > 0; }))
        return std::nullopt;
    return std::min(m_queue.back().arrivedMs + joinMs, m_queue.front().arrivedMs + longestWaitMs);
}

std::optional<TurnRequest> ConversationState::takeDue(qint64 nowMs)
{
    const auto due = dueAtMs();
    if (!due || *due > nowMs)
        return std::nullopt;
    m_turnRuns = true;
    return joined(std::exchange(m_queue, {}));
}

bool ConversationState::beginOther() { return !std::exchange(m_turnRuns, true); }

void ConversationState::putBack(std::vector<QueuedMessage> messages)
{
    m_queue.insert(m_queue.begin(), std::make_move_iterator(messages.begin()),
                   std::make_move_iterator(messages.end()));
    m_turnRuns = false;
}

void ConversationState::turnEnded() { m_turnRuns = false; }

TurnRequest joined(const std::vector<QueuedMessage> &messages)
{
    TurnRequest request;
    QStringList texts;
    for (const QueuedMessage &queued : messages) {
        request.messages.push_back(queued.id);
        if (!queued.message.text.isEmpty())
            texts << queued.message.text;
        request.prompt.attachments += queued.message.attachments;
    }
    request.prompt.text = texts.join(QStringLiteral("\n\n"));
    request.prompt.attachments.removeDuplicates();
    return request;
}

} // namespace muster
