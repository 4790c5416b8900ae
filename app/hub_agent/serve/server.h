// The agent's side of the Agent Client Protocol, version 1: sessions, each an agent of the hub, with one
// prompt at a time. Main thread. Source: agentclientprotocol.com.
#pragma once

#include "app/hub_agent/serve/client.h"
#include "app/hub_agent/serve/options.h"
#include "app/hub_agent/serve/session_store.h"
#include "app/hub_agent/turn/turn.h"
#include "core/base/async.h"
#include "core/protocol/json_rpc_peer.h"
#include "core/protocol/line_framer.h"

#include <QJsonObject>
#include <QObject>

#include <map>
#include <memory>

namespace muster::hub {

class Server final : public QObject, private Client, public AsyncOwner {
    Q_OBJECT
public:
    using Send = std::function<void(const QByteArray &)>;

    Server(const Options &options, Send send);

    void receive(const QByteArray &bytes);
    // Cancels what runs and archives what it has made in the hub; idle() comes when that is done.
    void close();

signals:
    void idle();

private:
    struct Session {
        std::shared_ptr<HubSession> hub;
        std::shared_ptr<Turn> turn; // the one that runs
    };

    // Client
    void update(const QString &sessionId, const QJsonObject &update) override;
    QFuture<Result<Verdict>> ask(const QString &sessionId, const QJsonObject &toolCall) override;

    void initialize(const RpcRequest &request);
    Async<bool> newSession(RpcId id, QJsonObject params);
    Async<bool> resumeSession(RpcId id, QJsonObject params);
    Async<bool> bringBack(std::shared_ptr<HubSession> session);
    void setModel(const RpcRequest &request, const QJsonObject &params);
    void prompt(const RpcRequest &request, const QJsonObject &params);
    void promptEnded(const RpcId &id, const QString &sessionId, const Result<TurnEnd> &end);
    void cancel(const QJsonObject &params);
    Async<bool> archiveAll();
    bool refuse(const RpcId &id, qint64 code, const QString &message);
    bool refuse(const RpcId &id, const Error &error);
    void leaveWhenQuiet();
    [[nodiscard]] HubCommand command(const QStringList &arguments, const QString &folder) const;
    [[nodiscard]] QJsonObject modelsOf(const HubSession &session) const;
    [[nodiscard]] Session *find(const QJsonObject &params);

    const Options &m_options;
    SessionStore m_store;
    LineFramer m_framer;
    JsonRpcPeer m_peer;
    std::map<QString, Session> m_sessions;
    std::vector<PaseoProvider> m_providers; // that can be used
    bool m_isClosing = false;
    bool m_isArchiving = false;
};

} // namespace muster::hub
