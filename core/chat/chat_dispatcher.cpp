#include "core/chat/chat_dispatcher.h"

#include "core/base/async.h"

#include <QPointer>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

enum class Phase : std::uint8_t { Beginning, Running, Settling };

Async<ChatRest> settleRest(std::shared_ptr<ChatJournal> journal, qint64 nowMs)
{
    auto rest = co_await resultOf(journal->rest());
    if (!rest)
        co_return std::unexpected(rest.error());
    const std::vector<SettleRow> rows = reconcile(rest->unsettled);
    for (const SettleRow &row : rows) {
        const Status done = co_await resultOf(journal->settleAsIs(row, nowMs));
        if (!done && done.error().code != ErrorCode::Conflict)
            co_return std::unexpected(done.error());
    }
    co_return rest;
}

} // namespace

struct ChatDispatcher::Turn {
    Phase phase = Phase::Beginning;
    TurnRequest request;
    std::vector<QueuedMessage> taken; // to put back if it cannot begin; empty for a retry
    MessageId assistant;
    QString text;
    QString thinking;
    QString key;
    bool dirty = false;
    qint64 dirtySinceMs = 0;
    bool writing = false; // on its way to the store
    bool stopAsked = false;
    Settlement settlement;
    qint64 settleAtMs = 0;
};

struct ChatDispatcher::Conversation {
    ConversationId id;
    ConversationState state;
    std::optional<Turn> turn;
    qint64 notBeforeMs = 0; // after the store refused
};

ChatDispatcher::ChatDispatcher(std::shared_ptr<ChatJournal> journal, ChatRunner *runner, const Clock *clock,
                               QObject *parent)
    : QObject(parent)
    , m_journal(std::move(journal))
    , m_runner(runner)
    , m_clock(clock)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ChatDispatcher::wake);
}

ChatDispatcher::~ChatDispatcher() = default;

ChatDispatcher::Conversation &ChatDispatcher::at(ConversationId id)
{
    std::unique_ptr<Conversation> &found = m_conversations[id];
    if (!found) {
        found = std::make_unique<Conversation>();
        found->id = id;
    }
    return *found;
}

ChatDispatcher::Conversation *ChatDispatcher::withTurn(MessageId assistant)
{
    const auto it = m_byAssistant.constFind(assistant);
    return it == m_byAssistant.cend() ? nullptr : &at(*it);
}

QFuture<Result<int>> ChatDispatcher::recover()
{
    auto promise = std::make_shared<QPromise<Result<int>>>();
    promise->start();
    onResult<ChatRest>(settleRest(m_journal, m_clock->nowMs()), this, [this, promise](Result<ChatRest> rest) {
        if (!rest) {
            promise->addResult(std::unexpected(rest.error()));
            return promise->finish();
        }
        const auto count = static_cast<int>(reconcile(rest->unsettled).size());
        m_counters.reconciled += count;
        for (QueuedRow &row : rest->queued)
            at(row.conversation).state.enqueueWaiting(row.id, std::move(row.message), m_clock->monotonicMs());
        promise->addResult(count);
        promise->finish();
        wake();
    });
    return promise->future();
}

QFuture<Result<MessageId>> ChatDispatcher::send(ConversationId conversation, PersonMessage message,
                                                bool steer)
{
    const auto stored = m_journal->addMessage(conversation, message, m_clock->nowMs());
    onResult(stored, this, [this, conversation, message = std::move(message), steer](Result<MessageId> id) {
        if (!id) {
            emit storeFailed(id.error());
            return;
        }
        Conversation &found = at(conversation);
        found.state.enqueue(*id, message, m_clock->monotonicMs());
        if (steer && found.turn && found.turn->phase == Phase::Running && !found.turn->stopAsked)
            this->steer(found, *id, message);
        wake();
    });
    return stored;
}

// Held meanwhile: if the turn ends before the agent has said whether it took the words, the next one waits.
void ChatDispatcher::steer(Conversation &conversation, MessageId id, const PersonMessage &message)
{
    conversation.state.hold(id);
    const MessageId assistant = conversation.turn->assistant;
    m_runner->steer(
        assistant, message,
        [self = QPointer(this), conversation = conversation.id, id, assistant](const Status &taken) {
        if (!self)
            return;
        if (taken)
            return self->steered(conversation, id, assistant);
        self->at(conversation).state.release(id);
        self->arm();
    });
}

void ChatDispatcher::steered(ConversationId id, MessageId message, MessageId assistant)
{
    onResult(m_journal->steered(message, assistant, m_clock->nowMs()), this,
             [this, id, message](const Status &status) {
        // The agent has heard it: it goes to it no second time, whatever the store says.
        at(id).state.release(message);
        at(id).state.remove(message);
        if (!status)
            emit storeFailed(status.error());
        wake();
    });
}

QFuture<Status> ChatDispatcher::changeQueued(ConversationId conversation, MessageId id,
                                             std::optional<QString> text)
{
    // Held meanwhile, so that the store and the agent never see two texts of one message.
    if (!at(conversation).state.hold(id))
        return QtFuture::makeReadyValueFuture(Status(fail(ErrorCode::Conflict, id.toString(), u"message"_s)));
    const QFuture<Status> done = text ? m_journal->editQueued(id, *text) : m_journal->removeQueued(id);
    onResult(done, this, [this, conversation, id, text = std::move(text)](const Status &status) {
        ConversationState &state = at(conversation).state;
        state.release(id);
        if (status && text)
            state.edit(id, *text);
        else if (status)
            state.remove(id);
        else
            emit storeFailed(status.error());
        wake();
    });
    return done;
}

Status ChatDispatcher::stop(ConversationId id, bool clearQueue)
{
    Conversation &conversation = at(id);
    if (!conversation.turn && conversation.state.queue().empty())
        return fail(ErrorCode::NotFound, id.toString(), u"turn"_s);
    if (clearQueue) {
        const std::vector<QueuedMessage> queued = conversation.state.queue();
        for (const QueuedMessage &message : queued)
            changeQueued(id, message.id, std::nullopt);
    }
    if (conversation.turn) {
        conversation.turn->stopAsked = true;
        if (conversation.turn->phase == Phase::Running)
            m_runner->stop(conversation.turn->assistant);
    }
    return {};
}

QFuture<Status> ChatDispatcher::retry(ConversationId id)
{
    if (m_paused)
        return QtFuture::makeReadyValueFuture(Status(fail(ErrorCode::Unavailable)));
    if (!at(id).state.beginOther())
        return QtFuture::makeReadyValueFuture(Status(fail(ErrorCode::Conflict, id.toString(), u"turn"_s)));
    auto promise = std::make_shared<QPromise<Status>>();
    promise->start();
    onResult(m_journal->lastRequest(id), this, [this, id, promise](Result<TurnRequest> request) {
        if (request) {
            begin(at(id), std::move(*request), {});
            promise->addResult(Status());
        } else {
            at(id).state.turnEnded();
            promise->addResult(std::unexpected(request.error()));
        }
        promise->finish();
        wake();
    });
    return promise->future();
}

void ChatDispatcher::interruptAll(FailureReason reason, const QString &detail)
{
    m_paused = true;
    const Settlement settlement{.status = MessageStatus::Interrupted, .reason = reason, .detail = detail};
    for (const auto &[id, conversation] : m_conversations) {
        if (!conversation->turn)
            continue;
        conversation->turn->stopAsked = true;
        if (conversation->turn->phase == Phase::Running) {
            m_runner->stop(conversation->turn->assistant);
            if (conversation->turn && conversation->turn->phase == Phase::Running)
                end(*conversation, settlement);
        }
    }
}

void ChatDispatcher::resume()
{
    m_paused = false;
    wake();
}

bool ChatDispatcher::isWorking(ConversationId id) const
{
    const auto it = m_conversations.find(id);
    return it != m_conversations.end() && it->second->turn.has_value();
}

std::vector<QueuedMessage> ChatDispatcher::queue(ConversationId id) const
{
    const auto it = m_conversations.find(id);
    return it == m_conversations.end() ? std::vector<QueuedMessage>() : it->second->state.queue();
}

bool ChatDispatcher::isIdle() const
{
    return std::ranges::none_of(m_conversations,
                                [](const auto &entry) { return entry.second->state.turnRuns(); });
}

void ChatDispatcher::wake()
{
    for (const auto &[id, conversation] : m_conversations)
        serve(*conversation);
    arm();
}

void ChatDispatcher::serve(Conversation &conversation)
{
    const qint64 now = m_clock->monotonicMs();
    if (conversation.turn) {
        Turn &turn = *conversation.turn;
        if (turn.phase == Phase::Running && turn.dirty && !turn.writing && now - turn.dirtySinceMs >= flushMs)
            flush(conversation);
        else if (turn.phase == Phase::Settling && !turn.writing && now >= turn.settleAtMs)
            settle(conversation);
        return;
    }
    if (m_paused || now < conversation.notBeforeMs)
        return;
    std::vector<QueuedMessage> taken = conversation.state.queue();
    if (auto request = conversation.state.takeDue(now))
        begin(conversation, std::move(*request), std::move(taken));
}

void ChatDispatcher::begin(Conversation &conversation, TurnRequest request, std::vector<QueuedMessage> taken)
{
    Turn &turn = conversation.turn.emplace();
    turn.request = std::move(request);
    turn.taken = std::move(taken);
    onResult(
        m_journal->beginTurn(conversation.id, turn.request.messages, m_clock->nowMs()), this,
        [this, &conversation](Result<MessageId> assistant) { begun(conversation, std::move(assistant)); });
}

void ChatDispatcher::begun(Conversation &conversation, Result<MessageId> assistant)
{
    Turn &turn = *conversation.turn;
    if (!assistant) {
        // A retry is the person's to repeat; a message of theirs stays queued.
        std::vector<QueuedMessage> taken = std::move(turn.taken);
        conversation.turn.reset();
        conversation.state.putBack(std::move(taken));
        conversation.notBeforeMs = m_clock->monotonicMs() + storeRetryMs;
        emit storeFailed(assistant.error());
        return arm();
    }
    turn.assistant = *assistant;
    m_byAssistant.insert(*assistant, conversation.id);
    ++m_counters.started;
    emit turnStarted(conversation.id, *assistant);
    if (turn.stopAsked)
        return end(conversation,
                   settlementOf({.outcome = TurnOutcome::Cancelled, .reason = {}, .detail = {}}));
    turn.phase = Phase::Running;
    const TurnStart start{
        .conversation = conversation.id, .assistant = *assistant, .prompt = turn.request.prompt};
    m_runner->start(start, this);
}

void ChatDispatcher::turnText(MessageId assistant, const QString &key, const QString &text)
{
    Conversation *conversation = withTurn(assistant);
    if (!conversation || conversation->turn->phase != Phase::Running || text.isEmpty())
        return;
    Turn &turn = *conversation->turn;
    const bool another = !turn.text.isEmpty() && key != turn.key;
    turn.key = key;
    append(*conversation, turn.text, another ? QString(u"\n\n" + text) : text);
}

void ChatDispatcher::turnThinking(MessageId assistant, const QString &text)
{
    Conversation *conversation = withTurn(assistant);
    if (conversation && conversation->turn->phase == Phase::Running && !text.isEmpty())
        append(*conversation, conversation->turn->thinking, text);
}

void ChatDispatcher::append(Conversation &conversation, QString &to, const QString &text)
{
    Turn &turn = *conversation.turn;
    to += text;
    if (!turn.dirty) {
        turn.dirty = true;
        turn.dirtySinceMs = m_clock->monotonicMs();
        arm();
    }
    if (&to == &turn.text)
        emit textAdded(conversation.id, turn.assistant, text);
}

void ChatDispatcher::flush(Conversation &conversation)
{
    Turn &turn = *conversation.turn;
    turn.dirty = false;
    turn.writing = true;
    onResult(m_journal->setText(turn.assistant, turn.text, turn.thinking), this,
             [this, &conversation](const Status &status) {
        Turn &written = *conversation.turn; // it cannot end while it is written
        written.writing = false;
        if (!status) {
            written.dirty = true;
            written.dirtySinceMs = m_clock->monotonicMs();
            emit storeFailed(status.error());
        }
        wake();
    });
}

void ChatDispatcher::turnEnded(MessageId assistant, const TurnEnd &turnEnd)
{
    Conversation *conversation = withTurn(assistant);
    if (conversation && conversation->turn->phase == Phase::Running)
        end(*conversation, settlementOf(turnEnd));
}

void ChatDispatcher::end(Conversation &conversation, const Settlement &settlement)
{
    Turn &turn = *conversation.turn;
    turn.phase = Phase::Settling;
    turn.settlement = settlement;
    if (!turn.writing)
        settle(conversation);
}

void ChatDispatcher::settle(Conversation &conversation)
{
    Turn &turn = *conversation.turn;
    turn.writing = true;
    onResult(m_journal->settle(turn.assistant, turn.text, turn.thinking, turn.settlement, m_clock->nowMs()),
             this, [this, &conversation](const Status &status) {
        conversation.turn->writing = false;
        if (status || status.error().code == ErrorCode::Conflict)
            return settled(conversation);
        conversation.turn->settleAtMs = m_clock->monotonicMs() + storeRetryMs;
        emit storeFailed(status.error());
        arm();
    });
}

void ChatDispatcher::settled(Conversation &conversation)
{
    const MessageId assistant = conversation.turn->assistant;
    const MessageStatus status = conversation.turn->settlement.status;
    m_counters.countEnd(conversation.turn->settlement);
    m_byAssistant.remove(assistant);
    conversation.turn.reset();
    conversation.state.turnEnded();
    emit turnSettled(conversation.id, assistant, status);
    wake();
}

void ChatDispatcher::arm()
{
    std::optional<qint64> next;
    const auto consider = [&next](qint64 at) {
        next = next ? std::min(*next, at) : at;
    };
    for (const auto &[id, conversation] : m_conversations) {
        if (const auto &turn = conversation->turn) {
            if (turn->writing)
                continue; // its answer goes on
            if (turn->phase == Phase::Running && turn->dirty)
                consider(turn->dirtySinceMs + flushMs);
            else if (turn->phase == Phase::Settling)
                consider(turn->settleAtMs);
        } else if (const auto due = conversation->state.dueAtMs(); due && !m_paused) {
            consider(std::max(*due, conversation->notBeforeMs));
        }
    }
    if (!next)
        return m_timer.stop();
    m_timer.start(static_cast<int>(std::max<qint64>(0, *next - m_clock->monotonicMs())));
}

} // namespace muster
