#include "core/node/events/event_hub.h"

#include "core/store/event_repository.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster {

namespace {

constexpr int batchSize = 1000;

EventFilter storeFilter(const api::EventFilter &filter)
{
    EventFilter out;
    out.refs.run = filter.run;
    out.refs.session = filter.session;
    out.refs.conversation = filter.conversation;
    out.refs.task = filter.task;
    return out;
}

bool namedBy(const api::EventFilter &filter, const api::StreamNotice &notice)
{
    const auto fits = [](auto wanted, auto actual) {
        return !wanted.isValid() || wanted == actual;
    };
    return fits(filter.run, notice.run) && fits(filter.task, notice.task) &&
           fits(filter.conversation, notice.conversation);
}

} // namespace

bool matches(const api::EventFilter &filter, const Event &event)
{
    const auto fits = [](auto wanted, auto actual) {
        return !wanted.isValid() || wanted == actual;
    };
    if (!fits(filter.run, event.refs.run) || !fits(filter.session, event.refs.session) ||
        !fits(filter.conversation, event.refs.conversation) || !fits(filter.task, event.refs.task))
        return false;
    const bool kindFits =
        filter.kinds.isEmpty() ||
        std::ranges::any_of(filter.kinds, [&](const QString &kind) { return event.kind.startsWith(kind); });
    if (!kindFits)
        return false;
    return filter.text.isEmpty() || event.kind.contains(filter.text, Qt::CaseInsensitive) ||
           QString::fromUtf8(QJsonDocument(event.data).toJson(QJsonDocument::Compact))
               .contains(filter.text, Qt::CaseInsensitive);
}

EventHub::EventHub(Store &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
}

void EventHub::publish(const std::vector<Event> &committed)
{
    if (committed.empty() || committed.back().seq <= m_lastSeq)
        return;
    const bool nextInLine = !m_reading && committed.front().seq == m_lastSeq + 1 &&
                            committed.back().seq == m_lastSeq + static_cast<qint64>(committed.size());
    if (nextInLine)
        deliver(committed);
    else
        readForeign(); // events of another process lie between
}

void EventHub::readForeign()
{
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    m_store.reader().read(this, [from = m_lastSeq](Connection &db) {
        return EventRepository(db).slice(
            {}, {.seq = from, .direction = SliceDirection::Newer, .limit = batchSize});
    }, [this](Result<std::vector<Event>> events) {
        m_reading = false;
        const bool more = events && events->size() == batchSize;
        if (events && !events->empty())
            deliver(*events);
        if (std::exchange(m_readAgain, false) || more)
            readForeign();
    });
}

void EventHub::deliver(const std::vector<Event> &events)
{
    m_lastSeq = events.back().seq;
    emit arrived(events);
    std::vector<int> ids;
    for (const auto &[id, sink] : m_sinks) {
        if (!sink.catchingUp)
            ids.push_back(id);
    }
    for (int id : ids)
        deliverTo(id, events);
}

void EventHub::deliverTo(int id, const std::vector<Event> &events)
{
    const auto found = m_sinks.find(id);
    if (found == m_sinks.end())
        return;
    Sink &sink = found->second;
    api::EventsNotice notice;
    std::ranges::copy_if(events, std::back_inserter(notice.events), [&](const Event &event) {
        return event.seq > sink.seenSeq && matches(sink.wanted.filter, event);
    });
    sink.seenSeq = std::max(sink.seenSeq, events.back().seq);
    if (notice.events.empty())
        return;
    const Handler handler = sink.handler; // it may unsubscribe
    handler(notice);
}

int EventHub::subscribe(const api::Subscription &subscription, Handler handler)
{
    const int id = ++m_lastId;
    const bool fromNow = subscription.fromSeq < 0 || subscription.fromSeq >= m_lastSeq;
    m_sinks[id] = {.wanted = subscription,
                   .handler = std::move(handler),
                   .seenSeq = fromNow ? m_lastSeq : subscription.fromSeq,
                   .catchingUp = !fromNow};
    if (!fromNow)
        catchUp(id);
    return id;
}

void EventHub::unsubscribe(int id) { m_sinks.erase(id); }

void EventHub::catchUp(int id)
{
    const auto found = m_sinks.find(id);
    if (found == m_sinks.end())
        return;
    m_store.reader().read(
        this,
        [filter = storeFilter(found->second.wanted.filter), from = found->second.seenSeq](Connection &db) {
        return EventRepository(db).slice(
            filter, {.seq = from, .direction = SliceDirection::Newer, .limit = batchSize});
    }, [this, id, upTo = m_lastSeq](Result<std::vector<Event>> events) {
        const auto sink = m_sinks.find(id);
        if (sink == m_sinks.end())
            return;
        const bool more = events && events->size() == batchSize;
        if (events && !events->empty())
            deliverTo(id, *events);
        if (const auto again = m_sinks.find(id); again != m_sinks.end()) {
            // Nothing that matches lies between what was read and where the log stood when we asked.
            if (!more)
                again->second.seenSeq = std::max(again->second.seenSeq, upTo);
            if (more || again->second.seenSeq < m_lastSeq)
                catchUp(id);
            else
                again->second.catchingUp = false;
        }
    });
}

void EventHub::stream(const api::StreamNotice &notice)
{
    std::vector<Handler> handlers;
    for (const auto &[id, sink] : m_sinks) {
        if (sink.wanted.streams && namedBy(sink.wanted.filter, notice))
            handlers.push_back(sink.handler);
    }
    for (const Handler &handler : handlers)
        handler(notice);
}

void EventHub::status(const api::StatusNotice &notice)
{
    std::vector<Handler> handlers;
    handlers.reserve(m_sinks.size());
    for (const auto &[id, sink] : m_sinks)
        handlers.push_back(sink.handler);
    for (const Handler &handler : handlers)
        handler(notice);
}

} // namespace muster
