// EventHub: hands committed events to whoever subscribed, in the order of their sequence numbers, each once
// and none missed: what this process committed goes on at once; what another process committed on the same
// store is read from it. A subscriber that asks for the past is caught up from the store before it gets the
// present. Core thread.
#pragma once

#include "core/node/api/subscription.h"
#include "core/store/store.h"

#include <QObject>

#include <functional>
#include <map>
#include <vector>

namespace muster {

class EventHub final : public QObject {
    Q_OBJECT
public:
    using Handler = std::function<void(const api::Notice &)>;

    explicit EventHub(Store &store, QObject *parent = nullptr);

    // Where the log stands now; before the first event of this process.
    void begin(qint64 lastSeq) { m_lastSeq = lastSeq; }
    [[nodiscard]] qint64 lastSeq() const { return m_lastSeq; }

    void publish(const std::vector<Event> &committed);
    void readForeign(); // another process has committed
    void stream(const api::StreamNotice &notice);
    void status(const api::StatusNotice &notice);

    int subscribe(const api::Subscription &subscription, Handler handler);
    void unsubscribe(int id);
    [[nodiscard]] bool hasSubscribers() const { return !m_sinks.empty(); }

signals:
    // Every event once, of this and of other processes.
    void arrived(const std::vector<muster::Event> &events);

private:
    struct Sink {
        api::Subscription wanted;
        Handler handler;
        qint64 seenSeq = 0;
        bool catchingUp = false;
    };

    void deliver(const std::vector<Event> &events);
    void deliverTo(int id, const std::vector<Event> &events);
    void catchUp(int id);

    Store &m_store;
    qint64 m_lastSeq = 0;
    bool m_reading = false;
    bool m_readAgain = false;
    std::map<int, Sink> m_sinks;
    int m_lastId = 0;
};

[[nodiscard]] bool matches(const api::EventFilter &filter, const Event &event);

} // namespace muster
