// NodeServer: the node's door on a local socket. One frame stream per client (core/node/api/wire.h); a client
// is told apart by the kernel's word for its process (SO_PEERCRED), never by what it says of itself. A client
// that does not read is bounded: past the cap its connection is closed and it asks again from its last
// sequence number. Lives on the core thread.
#pragma once

#include "core/node/api/wire.h"
#include "core/node/link/backend.h"

#include <QHash>
#include <QLocalServer>
#include <QLocalSocket>

#include <memory>

namespace muster {

// Says who a connecting process is. Given by the node, which knows its sessions' trees.
using PeerClassifier = std::function<Caller(qint64 pid, const QString &clientName)>;

class NodeServer final : public QObject {
    Q_OBJECT
public:
    NodeServer(Backend &backend, PeerClassifier classify, QObject *parent = nullptr);
    ~NodeServer() override;
    Q_DISABLE_COPY_MOVE(NodeServer)

    // The caller holds the home's node lock, so a socket file that is there is a dead one's and is replaced.
    [[nodiscard]] Status listen(const QString &socketPath);
    void close();
    [[nodiscard]] int clientCount() const { return static_cast<int>(m_clients.size()); }

private:
    struct Client;

    void onNewConnection();
    void onBytes(Client &client);
    void onMessage(Client &client, const QJsonObject &message);
    void onHello(Client &client, const QJsonObject &hello);
    void onCommand(Client &client, int id, const QJsonObject &message);
    void onQuery(Client &client, int id, const QJsonObject &message);
    void onSubscribe(Client &client, int id, const QJsonObject &body);
    void send(Client &client, const QJsonObject &message);
    void drop(QLocalSocket *socket);
    std::function<void(QJsonObject)> replyTo(const Client &client, int id);

    Backend &m_backend;
    PeerClassifier m_classify;
    QLocalServer m_server;
    QHash<QLocalSocket *, std::shared_ptr<Client>> m_clients;
};

} // namespace muster
