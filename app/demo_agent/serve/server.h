// The agent's side of the Agent Client Protocol, version 1: reads lines from one descriptor, answers on
// another, runs each prompt in a thread of its own, several sessions at once but one prompt at a time in
// each. run() returns when the input ends. Source: agentclientprotocol.com.
#pragma once

#include "app/demo_agent/serve/live_turn.h"
#include "app/demo_agent/serve/turn.h"

#include <QHash>

#include <map>
#include <memory>

namespace muster::demo {

class Server {
public:
    Server(int input, int output, SessionStore store);
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;
    ~Server();

    void run();

private:
    struct Session {
        QString id;
        QString root;
        qint64 characters = 0;
        int turns = 0;
        QString unfinished;
        Standing standing;
        std::shared_ptr<LiveTurn> running;
    };
    using SessionPtr = std::shared_ptr<Session>;

    void receive(const QByteArray &line);
    void handle(const RpcRequest &request);
    void handle(const RpcNotification &notification);
    void handle(const RpcResponse &response);

    void initialize(const RpcRequest &request);
    void newSession(const RpcRequest &request, const QJsonObject &params);
    void loadSession(const RpcRequest &request, const QJsonObject &params, bool replay);
    void setMode(const RpcRequest &request, const QJsonObject &params);
    void prompt(const RpcRequest &request, const QJsonObject &params);
    void runPrompt(const RpcId &id, const SessionPtr &session, const std::shared_ptr<LiveTurn> &turn,
                   const TurnRequest &request);
    void replayHistory(const StoredSession &stored);
    void sendModes(QJsonObject &result, const Session &session) const;
    qint64 sendPermissionRequest(const QString &sessionId, const QJsonObject &params);

    void answer(const RpcId &id, const QJsonObject &result);
    void refuse(const RpcId &id, int code, const QString &message);

    int m_input;
    Outlet m_outlet;
    SessionStore m_store;
    std::mutex m_askLock;           // guards the next two; taken last, also with a turn's own lock held
    QHash<qint64, QString> m_asked; // permission request to session
    qint64 m_nextRequest = 0;
    std::mutex m_lock; // guards all below
    std::map<QString, SessionPtr> m_sessions;
    std::map<QString, std::jthread> m_threads; // the last turn of each session
};

} // namespace muster::demo
