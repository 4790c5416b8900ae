#include "core/node/link/remote_node.h"

#include "core/base/async.h"
#include "core/base/json_codec.h"
#include "core/node/api/request_fields.h"

#include <QDeadlineTimer>

namespace muster {

using namespace Qt::StringLiterals;
using api::LinkState;

namespace {
constexpr int retryMs = 25;
constexpr int relaunchMs = 250;
constexpr qsizetype largeBytes = qsizetype{64} * 1024; // an answer that would stop a window for milliseconds

qint64 monotonicMs() { return QDeadlineTimer::current().deadline(); }

Result<api::QueryReply> replyIn(const QByteArray &bytes, const api::Query &query)
{
    const auto message = api::messageFrom(bytes);
    return message ? api::replyFrom(query, message->value(u"ok")) : std::unexpected(message.error());
}
} // namespace

RemoteNode::RemoteNode(RemoteNodeOptions options, QObject *parent)
    : NodeApi(parent)
    , m_options(std::move(options))
    , m_lostSinceMs(monotonicMs())
    , m_launchedAtMs(monotonicMs() - relaunchMs)
{
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryMs);
    connect(&m_retry, &QTimer::timeout, this, &RemoteNode::connectNow);
    connect(&m_socket, &QLocalSocket::connected, this, &RemoteNode::onConnected);
    connect(&m_socket, &QLocalSocket::disconnected, this, &RemoteNode::onDisconnected);
    // Queued: when the error is told, the socket has not left its connecting state yet.
    connect(&m_socket, &QLocalSocket::errorOccurred, this, [this] {
        if (m_socket.state() == QLocalSocket::UnconnectedState)
            retryLater();
    }, Qt::QueuedConnection);
    connect(&m_socket, &QLocalSocket::readyRead, this, &RemoteNode::onBytes);
    m_retry.start(0);
}

RemoteNode::~RemoteNode()
{
    m_socket.disconnect(this);
    m_socket.abort();
}

void RemoteNode::connectNow()
{
    if (m_socket.state() == QLocalSocket::UnconnectedState)
        m_socket.connectToServer(m_options.socketPath);
}

void RemoteNode::retryLater()
{
    if (monotonicMs() - m_lostSinceMs > m_options.giveUpAfterMs) {
        if (m_lastError.code != ErrorCode::VersionMismatch && !m_launchFailed)
            m_lastError = {.code = ErrorCode::Unavailable,
                           .detail = m_socket.errorString(),
                           .where = m_options.socketPath};
        failWaiting(m_lastError);
        m_lostSinceMs = monotonicMs();
        m_launched = false;
        setState(LinkState::Lost);
    }
    if (!m_launched && m_options.launch && monotonicMs() - m_launchedAtMs >= relaunchMs) {
        m_launched = true;
        m_launchedAtMs = monotonicMs();
        m_launchFailed = false;
        noteLaunch(m_options.launch());
    }
    if (!m_launchFailed && m_options.launched)
        noteLaunch(m_options.launched());
    if (!m_options.launch && m_state == LinkState::Connecting) {
        m_lastError = {
            .code = ErrorCode::Unavailable, .detail = m_socket.errorString(), .where = m_options.socketPath};
        failWaiting(m_lastError);
        setState(LinkState::Lost);
    }
    m_retry.start();
}

// Nobody waits for a node that has said why it cannot begin. It is tried again when the time is over.
void RemoteNode::noteLaunch(const Status &status)
{
    if (status)
        return;
    if (status.error().code == ErrorCode::Conflict) {
        // Another one has this home: it answers in a moment, or it is on its way out and ours can begin then.
        m_launched = false;
        return;
    }
    m_launchFailed = true;
    m_lastError = status.error();
    failWaiting(m_lastError);
    setState(LinkState::Lost);
}

void RemoteNode::onConnected()
{
    m_reader = {};
    m_greeted = false;
    QJsonObject hello{{u"protocol"_s, api::protocolVersion},
                      {u"version"_s, QStringLiteral(MUSTER_VERSION)},
                      {u"client"_s, m_options.clientName}};
    if (m_options.forAgent)
        hello.insert(u"role"_s, u"agent"_s);
    send({{u"hello"_s, hello}});
}

void RemoteNode::onHello(const QJsonObject &hello)
{
    const int protocol = hello.value(u"protocol").toInt();
    const QString version = hello.value(u"version").toString();
    m_greeted = true;
    if (protocol != api::protocolVersion || version != QStringLiteral(MUSTER_VERSION)) {
        m_lastError = {
            .code = ErrorCode::VersionMismatch, .detail = version, .where = QStringLiteral(MUSTER_VERSION)};
        if (m_options.replaceOtherVersions && m_options.launch && !m_options.forAgent) {
            replaceOtherVersion(version);
            return;
        }
        if (protocol != api::protocolVersion) {
            failWaiting(m_lastError);
            setState(LinkState::Lost);
            return;
        }
    }
    m_launched = false;
    m_launchFailed = false;
    for (auto it = m_sinks.cbegin(); it != m_sinks.cend(); ++it)
        sendSubscription(it.key(), it.value());
    for (const QJsonObject &message : std::exchange(m_outbox, {}))
        send(message);
    setState(LinkState::Connected);
}

void RemoteNode::replaceOtherVersion(const QString &version)
{
    const int id = ++m_lastId;
    m_pending[id] = {.context = this, .handler = [this, version](const Result<QJsonValue> &stopped) {
        if (stopped)
            return; // the node ends; losing the connection starts ours
        m_lastError = {
            .code = ErrorCode::VersionMismatch, .detail = version, .where = stopped.error().detail};
        failWaiting(m_lastError);
        setState(LinkState::Lost);
    }};
    send({{u"id"_s, id},
          {u"command"_s, nameOf(api::Command(api::StopNode{}))},
          {u"body"_s, bodyOf(api::Command(api::StopNode{}))}});
}

void RemoteNode::onDisconnected()
{
    m_lostSinceMs = monotonicMs();
    const Error lost{.code = ErrorCode::Unavailable,
                     .detail = u"connection to the node lost"_s,
                     .where = m_options.socketPath};
    // What was sent may or may not have taken effect, so it is not sent again by itself.
    auto pending = std::exchange(m_pending, {});
    std::erase_if(pending, [&](auto &entry) {
        const bool unsent = std::ranges::any_of(
            m_outbox, [&](const QJsonObject &m) { return m.value(u"id").toInt() == entry.first; });
        if (unsent)
            m_pending.insert(std::move(entry));
        return unsent;
    });
    for (auto &[id, entry] : pending) {
        if (entry.context)
            entry.handler(std::unexpected(lost));
    }
    setState(LinkState::Connecting);
    m_retry.start(0);
}

void RemoteNode::onBytes()
{
    m_reader.append(m_socket.readAll());
    while (true) {
        const auto bytes = m_reader.nextBytes();
        if (bytes && !*bytes)
            return;
        if (const auto large = bytes ? largeAnswerIn(**bytes) : std::nullopt) {
            readOnWorker(*large, **bytes);
            continue;
        }
        const auto message =
            bytes ? api::messageFrom(**bytes) : Result<QJsonObject>(std::unexpected(bytes.error()));
        if (!message) {
            m_lastError = message.error();
            m_socket.abort();
            return;
        }
        onMessage(*message);
    }
}

std::optional<int> RemoteNode::largeAnswerIn(const QByteArray &bytes) const
{
    if (bytes.size() < largeBytes)
        return std::nullopt;
    const auto id = api::answeredBy(bytes);
    const auto pending = id ? m_pending.find(*id) : m_pending.end();
    return pending != m_pending.end() && pending->second.query ? id : std::nullopt;
}

// A connection that is lost meanwhile fails the request, and what was read is dropped.
void RemoteNode::readOnWorker(int id, const QByteArray &bytes)
{
    const api::Query query = *m_pending.at(id).query;
    onPool([bytes, query] {
        return replyIn(bytes, query);
    }).then(this, [this, id](QFuture<Result<api::QueryReply>> read) {
        if (auto found = m_pending.extract(id); found && found.mapped().context)
            found.mapped().done(read.takeResult());
    });
}

void RemoteNode::onMessage(const QJsonObject &message)
{
    if (const auto hello = message.value(u"hello"); hello.isObject()) {
        onHello(hello.toObject());
    } else if (message.contains(u"notice")) {
        onNotice(message);
    } else if (auto found = m_pending.extract(message.value(u"id").toInt())) {
        if (!found.mapped().context)
            return;
        if (message.contains(u"error"))
            found.mapped().handler(std::unexpected(api::errorFromJson(message.value(u"error").toObject())));
        else
            found.mapped().handler(message.value(u"ok"));
    }
}

void RemoteNode::onNotice(const QJsonObject &message)
{
    const int id = message.value(u"notice").toInt();
    const auto found = m_sinks.find(id);
    if (found == m_sinks.end())
        return;
    if (!found->context) {
        unsubscribe(id);
        return;
    }
    const auto notice = api::noticeFrom(message.value(u"kind").toString(), message.value(u"body").toObject());
    if (!notice)
        return;
    if (const auto *events = std::get_if<api::EventsNotice>(&*notice); events && !events->events.empty())
        found->subscription.fromSeq = std::max(found->subscription.fromSeq, events->events.back().seq);
    const NoticeHandler handler = found->handler; // the handler may unsubscribe
    handler(*notice);
}

void RemoteNode::submit(const api::Command &command, QObject *context, CommandCallback done)
{
    request({{u"command"_s, nameOf(command)}, {u"body"_s, bodyOf(command)}},
            {.context = context, .handler = [done = std::move(done)](const Result<QJsonValue> &reply) {
        if (!reply)
            done(std::unexpected(reply.error()));
        else
            done(fromJsonObject<api::CommandDone>(reply->toObject()));
    }});
}

void RemoteNode::queryAny(const api::Query &query, QObject *context,
                          std::function<void(Result<api::QueryReply>)> done)
{
    request({{u"query"_s, nameOf(query)}, {u"body"_s, bodyOf(query)}},
            {.context = context, .handler = [query, done](const Result<QJsonValue> &reply) {
        if (!reply)
            done(std::unexpected(reply.error()));
        else
            done(api::replyFrom(query, *reply));
    }, .query = query, .done = done});
}

void RemoteNode::request(QJsonObject message, Pending pending)
{
    if (m_state == LinkState::Lost && m_lastError.code == ErrorCode::VersionMismatch) {
        pending.handler(std::unexpected(m_lastError));
        return;
    }
    const int id = ++m_lastId;
    message.insert(u"id"_s, id);
    m_pending[id] = std::move(pending);
    if (m_state == LinkState::Connected)
        send(message);
    else
        m_outbox.push_back(std::move(message));
}

int RemoteNode::subscribe(const api::Subscription &subscription, QObject *context, NoticeHandler handler)
{
    const int id = ++m_lastId;
    const Sink &sink = *m_sinks.insert(
        id, {.context = context, .handler = std::move(handler), .subscription = subscription});
    if (m_state == LinkState::Connected)
        sendSubscription(id, sink);
    return id;
}

void RemoteNode::unsubscribe(int id)
{
    if (m_sinks.remove(id) > 0 && m_state == LinkState::Connected)
        send({{u"unsubscribe"_s, id}});
}

void RemoteNode::sendSubscription(int id, const Sink &sink)
{
    send({{u"id"_s, id}, {u"subscribe"_s, toJsonObject(sink.subscription)}});
}

void RemoteNode::send(const QJsonObject &message) { m_socket.write(api::encodeFrame(message)); }

void RemoteNode::setState(LinkState state)
{
    if (std::exchange(m_state, state) != state)
        emit linkStateChanged(state);
}

void RemoteNode::failWaiting(const Error &error)
{
    m_outbox.clear();
    for (auto &[id, entry] : std::exchange(m_pending, {})) {
        if (entry.context)
            entry.handler(std::unexpected(error));
    }
}

} // namespace muster
