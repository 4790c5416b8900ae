// The agent's side of the Agent Client Protocol, version 1: sessions, each an agent of the hub, with one
// prompt at a time. Main thread. Source: agentclientprotocol.com.
#pragma once

#include "app/agent_io/agent_side_connection.h"
#include "app/hub_agent/serve/hub_session.h"
#include "app/hub_agent/serve/options.h"
#include "app/hub_agent/turn/turn.h"
#include "core/base/async.h"

#include <QObject>

#include <map>
#include <memory>

namespace muster::hub {

class Server final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    Server(const Options &options, AgentSideConnection::Send send);

    void receive(const QByteArray &bytes) { m_connection.receive(bytes); }
    // Cancels what runs and archives what it has made in the hub; idle() comes when that is done.
    void close();

signals:
    void idle();

private:
    struct Session {
        std::shared_ptr<HubSession> hub;
        std::shared_ptr<Turn> turn; // the one that runs
    };

    Async<bool> newSession(RpcId id, QJsonObject params);
    Async<bool> resumeSession(RpcId id, QJsonObject params);
    Async<bool> bringBack(std::shared_ptr<HubSession> session);
    void setModel(const RpcId &id, const QJsonObject &params);
    void prompt(const RpcId &id, const QJsonObject &params);
    void promptEnded(const RpcId &id, const QString &sessionId, const Result<TurnEnd> &end);
    void cancel(const QJsonObject &params);
    Async<bool> archiveAll();
    void leaveWhenQuiet();
    [[nodiscard]] HubCommand command(const QStringList &arguments, const QString &folder) const;
    [[nodiscard]] QJsonObject modelsOf(const HubSession &session) const;
    [[nodiscard]] Session *find(const QJsonObject &params);

    const Options &m_options;
    HubSessionStore m_store;
    AgentSideConnection m_connection;
    std::map<QString, Session> m_sessions;
    std::vector<PaseoProvider> m_providers; // that can be used
    bool m_isClosing = false;
    bool m_isArchiving = false;
};

} // namespace muster::hub
