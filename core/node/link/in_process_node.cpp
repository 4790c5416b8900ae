#include "core/node/link/in_process_node.h"

namespace muster {

namespace {

// Runs `call` on the thread of `target`: at once when that is this thread, so that a command line without
// threads needs no second event loop.
template <typename Fn> void onThreadOf(QObject *target, Fn call)
{
    QMetaObject::invokeMethod(target, std::move(call), Qt::AutoConnection);
}

// An answer's way back from the backend's thread to ours.
template <typename T>
std::function<void(Result<T>)> answerBy(const std::shared_ptr<QObject> &relay,
                                        const QPointer<QObject> &context, std::function<void(Result<T>)> done)
{
    return [relay, context, done = std::move(done)](Result<T> result) {
        onThreadOf(relay.get(), [context, done, result = std::move(result)]() mutable {
            if (context)
                done(std::move(result));
        });
    };
}

} // namespace

InProcessNode::InProcessNode(Backend &backend, Caller caller, QObject *parent)
    : NodeApi(parent)
    , m_relay(new QObject, [](QObject *relay) { relay->deleteLater(); })
    , m_backend(&backend)
    , m_caller(std::move(caller))
{
}

InProcessNode::~InProcessNode()
{
    const QList<int> ids = m_sinks.keys();
    for (int id : ids)
        unsubscribe(id);
}

void InProcessNode::submit(const api::Command &command, QObject *context, CommandCallback done)
{
    onThreadOf(m_backend, [backend = m_backend.data(), relay = m_relay, context = QPointer<QObject>(context),
                           caller = m_caller, command, done = std::move(done)]() mutable {
        backend->submit(caller, command, answerBy<api::CommandDone>(relay, context, std::move(done)));
    });
}

void InProcessNode::queryAny(const api::Query &query, QObject *context,
                             std::function<void(Result<api::QueryReply>)> done)
{
    onThreadOf(m_backend, [backend = m_backend.data(), relay = m_relay, context = QPointer<QObject>(context),
                           caller = m_caller, query, done = std::move(done)]() mutable {
        backend->query(caller, query, answerBy<api::QueryReply>(relay, context, std::move(done)));
    });
}

int InProcessNode::subscribe(const api::Subscription &subscription, QObject *context, NoticeHandler handler)
{
    const int id = ++m_lastId;
    m_sinks.insert(id, {.context = context, .handler = std::move(handler)});
    onThreadOf(m_backend, [backend = m_backend.data(), relay = m_relay, self = QPointer<InProcessNode>(this),
                           subscription, id] {
        const int backendId = backend->subscribe(subscription, [relay, self, id](const api::Notice &notice) {
            onThreadOf(relay.get(), [self, id, notice] {
                if (self)
                    self->deliver(id, notice);
            });
        });
        onThreadOf(relay.get(), [self, id, backendId] {
            if (self)
                self->subscribed(id, backendId);
        });
    });
    return id;
}

void InProcessNode::subscribed(int id, int backendId)
{
    if (auto found = m_sinks.find(id); found != m_sinks.end())
        found->backendId = backendId;
    else // ended before it began
        unsubscribeBackend(backendId);
}

void InProcessNode::unsubscribe(int id)
{
    const Sink sink = m_sinks.take(id);
    if (sink.backendId != 0)
        unsubscribeBackend(sink.backendId);
}

void InProcessNode::unsubscribeBackend(int backendId)
{
    if (m_backend)
        onThreadOf(m_backend, [backend = m_backend.data(), backendId] { backend->unsubscribe(backendId); });
}

void InProcessNode::deliver(int id, const api::Notice &notice)
{
    const auto found = m_sinks.constFind(id);
    if (found == m_sinks.cend())
        return;
    if (!found->context) {
        unsubscribe(id);
        return;
    }
    const NoticeHandler handler = found->handler; // the handler may unsubscribe
    handler(notice);
}

} // namespace muster
