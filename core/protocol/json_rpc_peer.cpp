#include "core/protocol/json_rpc_peer.h"

#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

JsonRpcPeer::JsonRpcPeer(Send send)
    : JsonRpcPeer(std::move(send), Limits())
{
}

JsonRpcPeer::JsonRpcPeer(Send send, Limits limits, RpcDialect dialect)
    : m_send(std::move(send))
    , m_limits(limits)
    , m_dialect(dialect)
{
}

void JsonRpcPeer::onRequest(const QString &method, const RequestHandler &handler)
{
    m_requestHandlers.insert(method, handler);
}

void JsonRpcPeer::onNotification(const QString &method, const NotificationHandler &handler)
{
    m_notificationHandlers.insert(method, handler);
}

void JsonRpcPeer::onOtherNotification(NotificationHandler handler)
{
    m_otherNotification = std::move(handler);
}

Result<qint64> JsonRpcPeer::request(const QString &method, const QJsonObject &params, const Reply &reply)
{
    if (m_closed)
        return fail(ErrorCode::Unavailable, u"the connection is closed"_s, method);
    if (m_outgoing.size() >= m_limits.maxOutgoing)
        return fail(ErrorCode::TooLarge, u"too many requests without an answer"_s, method);
    const qint64 id = ++m_lastId;
    m_outgoing.insert(id, reply);
    m_send(encodeRequest(id, method, params, m_dialect));
    return id;
}

void JsonRpcPeer::notify(const QString &method, const QJsonObject &params)
{
    if (!m_closed)
        m_send(encodeNotification(method, params, m_dialect));
}

bool JsonRpcPeer::giveUp(qint64 id) { return m_outgoing.remove(id); }

bool JsonRpcPeer::respond(const RpcId &id, const QJsonValue &result)
{
    if (m_closed || !m_incoming.remove(id))
        return false;
    m_send(encodeResult(id, result, m_dialect));
    return true;
}

bool JsonRpcPeer::respondError(const RpcId &id, const RpcError &error)
{
    if (m_closed || !m_incoming.remove(id))
        return false;
    m_send(encodeError(id, error, m_dialect));
    return true;
}

Status JsonRpcPeer::receive(QByteArrayView line)
{
    auto message = parsePaddedRpc(line);
    if (!message) {
        ++m_counters.malformed;
        return std::unexpected(message.error());
    }
    dispatch(std::move(*message));
    return {};
}

void JsonRpcPeer::dispatch(RpcMessage message)
{
    if (!m_closed)
        std::visit([this](auto &m) { handle(m); }, message);
}

void JsonRpcPeer::close(const RpcError &closed)
{
    m_closed = true;
    m_incoming.clear();
    const auto waiting = std::exchange(m_outgoing, {});
    for (const Reply &reply : waiting)
        reply(std::unexpected(closed));
}

void JsonRpcPeer::handle(const RpcRequest &request)
{
    if (m_incoming.contains(request.id))
        return refuse(request, RpcInvalidRequest, u"this id is still open"_s);
    if (m_incoming.size() >= m_limits.maxIncoming)
        return refuse(request, RpcInternalError, u"too many open requests"_s);
    const RequestHandler handler = m_requestHandlers.value(request.method);
    if (!handler) {
        ++m_counters.unknownRequests;
        m_send(encodeError(request.id, {.code = RpcMethodNotFound, .message = u"Method not found"_s},
                           m_dialect));
        return;
    }
    m_incoming.insert(request.id);
    handler(request);
}

void JsonRpcPeer::refuse(const RpcRequest &request, qint64 code, const QString &message)
{
    ++m_counters.refusedRequests;
    m_send(encodeError(request.id, {.code = code, .message = message}, m_dialect));
}

void JsonRpcPeer::handle(const RpcNotification &notification)
{
    const NotificationHandler handler =
        m_notificationHandlers.value(notification.method, m_otherNotification);
    if (!m_notificationHandlers.contains(notification.method))
        ++m_counters.unknownNotifications;
    if (handler)
        handler(notification);
}

void JsonRpcPeer::handle(RpcResponse &response)
{
    const qint64 *id = std::get_if<qint64>(&response.id);
    const auto found = id ? m_outgoing.find(*id) : m_outgoing.end();
    if (found == m_outgoing.end()) {
        const bool wasOurs = id && *id > 0 && *id <= m_lastId;
        ++(wasOurs ? m_counters.lateAnswers : m_counters.unknownAnswers);
        return;
    }
    const Reply reply = std::move(found.value());
    m_outgoing.erase(found);
    reply(std::move(response.outcome));
}

} // namespace muster
