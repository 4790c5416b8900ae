// AgentSideConnection: the agent's end of the Agent Client Protocol, version 1: lines to requests with their
// handlers, and the client as turns see it. Answers `initialize` itself. One thread. Source:
// agentclientprotocol.com.
#pragma once

#include "app/agent_io/client.h"
#include "core/protocol/json_rpc_peer.h"
#include "core/protocol/line_framer.h"

namespace muster {

// Codes of errors that are the protocol's own.
inline constexpr int authRequired = -32000;
inline constexpr int resourceNotFound = -32002;

// What `initialize` tells.
struct AgentDescription {
    QString name; // of the program
    QString title;
    bool loadsSessions = false; // session/load, with what was said before
};

class AgentSideConnection final : public Client {
public:
    using Send = std::function<void(const QByteArray &)>;
    using RequestHandler =
        std::function<void(const RpcId &, const QJsonObject &params)>; // answers now or later
    using NotificationHandler = std::function<void(const QJsonObject &params)>;

    AgentSideConnection(const AgentDescription &agent, Send send);

    // Params that are no object are refused before the handler.
    void on(const QString &method, const RequestHandler &handler);
    // Params that are no object are an empty one.
    void onNotification(const QString &method, const NotificationHandler &handler);

    // Lines that are no messages are passed over, as all agents of this protocol do.
    void receive(const QByteArray &bytes);
    void close(); // nobody answers a question any more

    bool respond(const RpcId &id, const QJsonObject &result) { return m_peer.respond(id, result); }
    bool refuse(const RpcId &id, const RpcError &error) { return m_peer.respondError(id, error); }
    bool refuse(const RpcId &id, qint64 code, const QString &message);

    // Client
    void update(const QString &sessionId, const QJsonObject &update) override;
    [[nodiscard]] QFuture<Result<Permission>> ask(const QString &sessionId,
                                                  const QJsonObject &toolCall) override;

private:
    LineFramer m_framer;
    JsonRpcPeer m_peer;
};

} // namespace muster
