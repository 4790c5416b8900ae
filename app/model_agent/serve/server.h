// The agent's side of the Agent Client Protocol, version 1: sessions, each with a conversation on disk and
// one prompt at a time. Main thread. Source: agentclientprotocol.com.
#pragma once

#include "app/agent_io/agent_side_connection.h"
#include "app/model_agent/serve/conversation.h"
#include "app/model_agent/serve/options.h"
#include "app/model_agent/turn/turn.h"

#include <QNetworkAccessManager>

#include <map>
#include <memory>

namespace muster::model {

class Server final : public QObject {
    Q_OBJECT
public:
    Server(const Options &options, const ModelApi &api, AgentSideConnection::Send send);

    void receive(const QByteArray &bytes) { m_connection.receive(bytes); }
    // Cancels what runs; idle() comes when nothing does any more.
    void close();

signals:
    void idle();

private:
    struct Session {
        std::shared_ptr<Conversation> conversation;
        std::shared_ptr<Turn> turn; // the one that runs
    };

    void newSession(const RpcId &id, const QJsonObject &params);
    void loadSession(const RpcId &id, const QJsonObject &params, bool repeat);
    void setModel(const RpcId &id, const QJsonObject &params);
    void prompt(const RpcId &id, const QJsonObject &params);
    void promptEnded(const RpcId &id, const QString &sessionId, const Result<TurnEnd> &end);
    void cancel(const QJsonObject &params);
    void sayIfIdle();
    void repeatHistory(const Conversation &conversation);
    void refuse(const RpcId &id, qint64 code, const QString &message)
    {
        (void)m_connection.refuse(id, code, message);
    }
    // What must be there before a session can be; answers the request itself if it is not.
    [[nodiscard]] bool isUsable(const RpcId &id);
    [[nodiscard]] QJsonObject modelsOf(const Conversation &conversation) const;
    [[nodiscard]] Session *find(const QJsonObject &params);

    const Options &m_options;
    const ModelApi &m_api;
    ConversationStore m_store;
    QNetworkAccessManager m_network;
    AgentSideConnection m_connection;
    std::map<QString, Session> m_sessions;
    bool m_isClosing = false;
};

} // namespace muster::model
