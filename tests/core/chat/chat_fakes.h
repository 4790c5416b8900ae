// In-memory ports for the chat: a journal that commits when told, refuses when told and keeps its rows over a
// crash, and a runner that says what the test wants.
#pragma once

#include "core/base/clock.h"
#include "core/chat/chat_ports.h"

#include <QPromise>

#include <deque>
#include <functional>
#include <map>

namespace muster::test {

class ManualClock final : public Clock {
public:
    [[nodiscard]] qint64 nowMs() const override { return 1'700'000'000'000 + ms; }
    [[nodiscard]] qint64 monotonicMs() const override { return ms; }
    qint64 ms = 0;
};

struct Row {
    ConversationId conversation;
    bool assistant = false;
    MessageStatus status = MessageStatus::Queued;
    PersonMessage message;
    QString thinking;
    Settlement settlement;
    std::vector<MessageId> asked; // of an assistant's row
    qint64 textAtMs = 0;
    bool removed = false;
};

// What the disk has. Outlives a dispatcher.
struct Disk {
    std::map<MessageId, Row> rows;
    qint64 lastId = 0;

    MessageId add(Row row)
    {
        const MessageId id{++lastId};
        rows[id] = std::move(row);
        return id;
    }
};

class MemoryJournal final : public ChatJournal {
public:
    MemoryJournal(Disk *disk, const ManualClock *clock)
        : m_disk(disk)
        , m_clock(clock)
    {
    }

    bool immediate = true;
    int refuse = 0; // so many of the next writes fail
    [[nodiscard]] bool hasPending() const { return !m_pending.empty(); }
    void commitOne()
    {
        const auto job = std::move(m_pending.front());
        m_pending.pop_front();
        job();
    }

    QFuture<Result<MessageId>> addMessage(ConversationId conversation, PersonMessage message, qint64) override
    {
        return write<MessageId>([=, this]() -> Result<MessageId> {
            Row row;
            row.conversation = conversation;
            row.message = message;
            return m_disk->add(row);
        });
    }
    QFuture<Status> editQueued(MessageId id, QString text) override
    {
        return write<void>([=, this] { return ofQueued(id, [&](Row &row) { row.message.text = text; }); });
    }
    QFuture<Status> removeQueued(MessageId id) override
    {
        return write<void>([=, this] { return ofQueued(id, [](Row &row) { row.removed = true; }); });
    }
    QFuture<Status> steered(MessageId id, MessageId, qint64) override
    {
        return write<void>(
            [=, this] { return ofQueued(id, [](Row &row) { row.status = MessageStatus::Complete; }); });
    }
    QFuture<Result<MessageId>> beginTurn(ConversationId conversation, std::vector<MessageId> messages,
                                         qint64) override
    {
        return write<MessageId>([=, this]() -> Result<MessageId> {
            for (const MessageId id : messages)
                m_disk->rows.at(id).status = MessageStatus::Complete;
            Row row;
            row.conversation = conversation;
            row.assistant = true;
            row.status = MessageStatus::Pending;
            row.asked = messages;
            return m_disk->add(row);
        });
    }
    QFuture<Status> setText(MessageId assistant, QString text, QString thinking) override
    {
        return write<void>([=, this]() -> Status {
            Row &row = m_disk->rows.at(assistant);
            if (!mayFollow(row.status, MessageStatus::Streaming) && row.status != MessageStatus::Streaming)
                return fail(ErrorCode::Conflict);
            row.status = MessageStatus::Streaming;
            row.message.text = text;
            row.thinking = thinking;
            row.textAtMs = m_clock->ms;
            return {};
        });
    }
    QFuture<Status> settle(MessageId assistant, QString text, QString thinking, Settlement settlement,
                           qint64) override
    {
        return write<void>([=, this]() -> Status {
            Row &row = m_disk->rows.at(assistant);
            if (!mayFollow(row.status, settlement.status))
                return fail(ErrorCode::Conflict);
            row.status = settlement.status;
            row.settlement = settlement;
            row.message.text = text;
            row.thinking = thinking;
            return {};
        });
    }
    QFuture<Status> settleAsIs(SettleRow settled, qint64) override
    {
        return write<void>([=, this]() -> Status {
            Row &row = m_disk->rows.at(settled.id);
            row.status = settled.settlement.status;
            row.settlement = settled.settlement;
            return {};
        });
    }
    QFuture<Result<ChatRest>> rest() override
    {
        ChatRest rest;
        for (const auto &[id, row] : m_disk->rows) {
            if (row.assistant && !isSettledMessage(row.status))
                rest.unsettled.push_back({.id = id, .conversation = row.conversation, .status = row.status});
            else if (!row.assistant && row.status == MessageStatus::Queued && !row.removed)
                rest.queued.push_back({.conversation = row.conversation, .id = id, .message = row.message});
        }
        return QtFuture::makeReadyValueFuture(Result<ChatRest>(rest));
    }
    QFuture<Result<TurnRequest>> lastRequest(ConversationId conversation) override
    {
        Result<TurnRequest> last = fail(ErrorCode::NotFound);
        for (const auto &[id, row] : m_disk->rows) {
            if (!row.assistant || row.conversation != conversation)
                continue;
            std::vector<QueuedMessage> asked;
            for (const MessageId message : row.asked)
                asked.push_back({.id = message, .message = m_disk->rows.at(message).message});
            last = joined(asked);
        }
        return QtFuture::makeReadyValueFuture(last);
    }

private:
    template <typename T> QFuture<Result<T>> write(std::function<Result<T>()> job)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        const auto run = [this, promise, job = std::move(job)] {
            if (refuse > 0) {
                --refuse;
                promise->addResult(Result<T>(fail(ErrorCode::DiskFull)));
            } else {
                promise->addResult(job());
            }
            promise->finish();
        };
        const auto future = promise->future();
        if (immediate)
            run();
        else
            m_pending.emplace_back(run);
        return future;
    }
    Status ofQueued(MessageId id, const std::function<void(Row &)> &change)
    {
        Row &row = m_disk->rows.at(id);
        if (row.status != MessageStatus::Queued || row.removed)
            return fail(ErrorCode::Conflict);
        change(row);
        return {};
    }

    Disk *m_disk;
    const ManualClock *m_clock;
    std::deque<std::function<void()>> m_pending;
};

struct RunningTurn {
    TurnStart start;
    QString said;
    bool stopAsked = false;
};

class FakeRunner final : public ChatRunner {
public:
    void start(const TurnStart &turn, ChatTurnSink *to) override
    {
        sink = to;
        running[turn.assistant] = {.start = turn, .said = {}, .stopAsked = false};
        started.push_back(turn);
    }
    void stop(MessageId assistant) override
    {
        if (const auto it = running.find(assistant); it != running.end())
            it->second.stopAsked = true;
    }
    void steer(MessageId assistant, const PersonMessage &message, const SteerDone &done) override
    {
        steering.push_back({.assistant = assistant, .message = message, .done = done});
    }
    void say(MessageId assistant, const QString &text)
    {
        running.at(assistant).said += text;
        sink->turnText(assistant, QStringLiteral("m"), text);
    }
    void finish(MessageId assistant, const TurnEnd &end = {})
    {
        running.erase(assistant);
        sink->turnEnded(assistant, end);
    }

    struct Steering {
        MessageId assistant;
        PersonMessage message;
        SteerDone done; // the test answers
    };

    ChatTurnSink *sink = nullptr;
    std::vector<Steering> steering;
    std::map<MessageId, RunningTurn> running;
    std::vector<TurnStart> started;
};

} // namespace muster::test
