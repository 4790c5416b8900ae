#include "core/node/link/node_server.h"

#include "core/base/json_codec.h"
#include "core/node/api/request_fields.h"

#include <QCoreApplication>
#include <QFile>

#include <sys/socket.h>

namespace muster {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 maxUnreadBytes = 64LL * 1024 * 1024;

qint64 peerPid(const QLocalSocket &socket)
{
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    const int fd = static_cast<int>(socket.socketDescriptor());
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return 0;
    return credentials.pid;
}
} // namespace

struct NodeServer::Client {
    QLocalSocket *socket = nullptr;
    api::FrameReader reader;
    bool greeted = false;
    qint64 pid = 0;
    Caller caller{.role = Caller::Role::Agent}; // the least until the kernel has said who it is
    QHash<int, int> subscriptions;              // the client's id → the backend's
};

NodeServer::NodeServer(Backend &backend, PeerClassifier classify, QObject *parent)
    : QObject(parent)
    , m_backend(backend)
    , m_classify(std::move(classify))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &NodeServer::onNewConnection);
}

NodeServer::~NodeServer() { close(); }

Status NodeServer::listen(const QString &socketPath)
{
    QLocalServer::removeServer(socketPath);
    if (!m_server.listen(socketPath))
        return fail(ErrorCode::Io, m_server.errorString(), socketPath);
    return {};
}

void NodeServer::close()
{
    m_server.close();
    const auto sockets = m_clients.keys();
    for (QLocalSocket *socket : sockets)
        drop(socket);
}

void NodeServer::onNewConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        auto client = std::make_shared<Client>();
        client->socket = socket;
        client->pid = peerPid(*socket);
        m_clients.insert(socket, client);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (const auto found = m_clients.value(socket))
                onBytes(*found);
        });
        connect(socket, &QLocalSocket::disconnected, this, [this, socket] { drop(socket); });
    }
}

void NodeServer::drop(QLocalSocket *socket)
{
    const auto client = m_clients.take(socket);
    if (!client)
        return;
    for (int backendId : std::as_const(client->subscriptions))
        m_backend.unsubscribe(backendId);
    socket->disconnect(this);
    socket->disconnectFromServer();
    socket->deleteLater();
}

void NodeServer::onBytes(Client &client)
{
    client.reader.append(client.socket->readAll());
    QLocalSocket *socket = client.socket;
    while (m_clients.contains(socket)) {
        auto next = client.reader.next();
        if (!next) {
            drop(socket);
            return;
        }
        if (!*next)
            return;
        onMessage(client, **next);
    }
}

void NodeServer::onMessage(Client &client, const QJsonObject &message)
{
    if (!client.greeted) {
        onHello(client, message.value(u"hello").toObject());
        return;
    }
    const int id = message.value(u"id").toInt();
    if (message.contains(u"command"))
        onCommand(client, id, message);
    else if (message.contains(u"query"))
        onQuery(client, id, message);
    else if (message.contains(u"subscribe"))
        onSubscribe(client, id, message.value(u"subscribe").toObject());
    else if (message.contains(u"unsubscribe"))
        m_backend.unsubscribe(client.subscriptions.take(message.value(u"unsubscribe").toInt()));
}

void NodeServer::onHello(Client &client, const QJsonObject &hello)
{
    client.greeted = true;
    client.caller = m_classify(client.pid, hello.value(u"client").toString());
    if (hello.value(u"role").toString() == u"agent") // less than it is may be asked for, never more
        client.caller.role = Caller::Role::Agent;
    const bool person = client.caller.role == Caller::Role::Person;
    send(client, {{u"hello"_s, QJsonObject{{u"protocol"_s, api::protocolVersion},
                                           {u"version"_s, QStringLiteral(MUSTER_VERSION)},
                                           {u"pid"_s, QCoreApplication::applicationPid()},
                                           {u"role"_s, person ? u"person"_s : u"agent"_s}}}});
}

std::function<void(QJsonObject)> NodeServer::replyTo(const Client &client, int id)
{
    return [this, socket = client.socket, id](QJsonObject reply) {
        if (const auto found = m_clients.value(socket)) {
            reply.insert(u"id"_s, id);
            send(*found, reply);
        }
    };
}

void NodeServer::onCommand(Client &client, int id, const QJsonObject &message)
{
    const auto reply = replyTo(client, id);
    const auto command =
        api::commandFrom(message.value(u"command").toString(), message.value(u"body").toObject());
    if (!command) {
        reply({{u"error"_s, api::errorToJson(command.error())}});
        return;
    }
    m_backend.submit(client.caller, *command, [reply](const Result<api::CommandDone> &done) {
        reply(done ? QJsonObject{{u"ok"_s, toJsonObject(*done)}}
                   : QJsonObject{{u"error"_s, api::errorToJson(done.error())}});
    });
}

void NodeServer::onQuery(Client &client, int id, const QJsonObject &message)
{
    const auto reply = replyTo(client, id);
    const auto query = api::queryFrom(message.value(u"query").toString(), message.value(u"body").toObject());
    if (!query) {
        reply({{u"error"_s, api::errorToJson(query.error())}});
        return;
    }
    m_backend.query(client.caller, *query, [reply](const Result<api::QueryReply> &answer) {
        reply(answer ? QJsonObject{{u"ok"_s, api::bodyOf(*answer)}}
                     : QJsonObject{{u"error"_s, api::errorToJson(answer.error())}});
    });
}

void NodeServer::onSubscribe(Client &client, int id, const QJsonObject &body)
{
    const auto subscription = fromJsonObject<api::Subscription>(body);
    if (!subscription) {
        replyTo(client, id)({{u"error"_s, api::errorToJson(subscription.error())}});
        return;
    }
    QLocalSocket *socket = client.socket;
    client.subscriptions[id] =
        m_backend.subscribe(*subscription, [this, socket, id](const api::Notice &notice) {
        if (const auto found = m_clients.value(socket))
            send(*found, {{u"notice"_s, id}, {u"kind"_s, nameOf(notice)}, {u"body"_s, bodyOf(notice)}});
    });
}

void NodeServer::send(Client &client, const QJsonObject &message)
{
    if (client.socket->bytesToWrite() > maxUnreadBytes) {
        // Not from inside a notice: the backend may be walking its subscriptions.
        QMetaObject::invokeMethod(this, [this, socket = client.socket] { drop(socket); },
                                  Qt::QueuedConnection);
        return;
    }
    client.socket->write(api::encodeFrame(message));
}

} // namespace muster
