// Ledger: the one way in which the node changes the store: rows and the events that tell of them in one
// transaction; after the commit the events are published, then the caller is answered. Core thread; `change`
// runs on the writer's thread and must touch nothing but its own captures and the connection.
#pragma once

#include "core/base/async_owner.h"
#include "core/base/clock.h"
#include "core/base/redactor.h"
#include "core/node/events/event_hub.h"
#include "core/store/event_repository.h"
#include "core/store/store.h"

#include <QFuture>
#include <QPointer>
#include <QPromise>

#include <memory>
#include <type_traits>
#include <vector>

namespace muster {

// The events of one transaction, appended when its change has been made.
class EventBatch {
public:
    explicit EventBatch(qint64 nowMs)
        : m_nowMs(nowMs)
    {
    }

    void add(const QString &kind, const EventRefs &refs, const QString &source, const QJsonObject &data = {})
    {
        m_events.push_back({.atMs = m_nowMs, .kind = kind, .refs = refs, .source = source, .data = data});
    }
    void add(Event event) { m_events.push_back(std::move(event)); }

    // Before they are stored and told.
    void maskSecrets()
    {
        for (Event &event : m_events)
            event.data = Redactor::global().redactKnown(event.data);
    }

    [[nodiscard]] qint64 nowMs() const { return m_nowMs; }
    [[nodiscard]] std::vector<Event> &events() { return m_events; }

private:
    qint64 m_nowMs;
    std::vector<Event> m_events;
};

class Ledger : public AsyncOwner {
public:
    Ledger(Store &store, EventHub &hub, const Clock &clock)
        : m_store(store)
        , m_hub(hub)
        , m_clock(clock)
    {
    }

    // change(Connection &, EventBatch &) -> Result<T>; done(Result<T>).
    template <typename Change, typename Done> void commit(QObject *context, Change change, Done done)
    {
        using R = std::invoke_result_t<Change &, Connection &, EventBatch &>;
        auto batch = std::make_shared<EventBatch>(m_clock.nowMs());
        auto job = [batch, change = std::move(change)](Connection &db) mutable -> R {
            R result = change(db, *batch);
            if (!result || batch->events().empty())
                return result;
            batch->maskSecrets();
            if (Status appended = EventRepository(db).append(std::span(batch->events())); !appended)
                return std::unexpected(appended.error());
            return result;
        };
        m_store.writer().write(context, std::move(job),
                               [hub = QPointer(&m_hub), batch, done = std::move(done)](R result) mutable {
            if (result && hub)
                hub->publish(batch->events());
            done(std::move(result));
        });
    }

    // For what nobody waits on.
    template <typename Change> void commit(QObject *context, Change change)
    {
        commit(context, std::move(change), [](const auto &) {});
    }

    template <typename Read, typename Done> void read(QObject *context, Read read, Done done)
    {
        m_store.reader().read(context, std::move(read), std::move(done));
    }

    // The same for a sequence that awaits it (core/base/async.h), while there is a node.
    template <typename Change>
    [[nodiscard]] auto commitAsync(Change change)
        -> QFuture<std::invoke_result_t<Change &, Connection &, EventBatch &>>
    {
        using R = std::invoke_result_t<Change &, Connection &, EventBatch &>;
        auto promise = std::make_shared<QPromise<R>>();
        promise->start();
        commit(&m_hub, std::move(change), [promise](R result) {
            promise->addResult(std::move(result));
            promise->finish();
        });
        return promise->future();
    }

    template <typename Read>
    [[nodiscard]] auto readAsync(Read read) -> QFuture<std::invoke_result_t<Read &, Connection &>>
    {
        using R = std::invoke_result_t<Read &, Connection &>;
        auto promise = std::make_shared<QPromise<R>>();
        promise->start();
        this->read(&m_hub, std::move(read), [promise](R result) {
            promise->addResult(std::move(result));
            promise->finish();
        });
        return promise->future();
    }

    [[nodiscard]] Store &store() { return m_store; }
    [[nodiscard]] EventHub &hub() { return m_hub; }
    [[nodiscard]] const Clock &clock() const { return m_clock; }

private:
    Store &m_store;
    EventHub &m_hub;
    const Clock &m_clock;
};

} // namespace muster
