#include "app/agent_io/agent_side_connection.h"

#include <QJsonArray>
#include <QPromise>

#include <memory>

using namespace Qt::StringLiterals;

namespace muster {

namespace {

QJsonObject initializeAnswer(const AgentDescription &agent)
{
    const QJsonObject capabilities{
        {"loadSession"_L1, agent.loadsSessions},
        {"promptCapabilities"_L1,
         QJsonObject{{"embeddedContext"_L1, true}, {"image"_L1, false}, {"audio"_L1, false}}},
        {"mcpCapabilities"_L1, QJsonObject{{"http"_L1, false}, {"sse"_L1, false}}},
        {"sessionCapabilities"_L1, QJsonObject{{"resume"_L1, QJsonObject()}}}};
    return {{"protocolVersion"_L1, 1},
            {"agentCapabilities"_L1, capabilities},
            {"agentInfo"_L1,
             QJsonObject{{"name"_L1, agent.name}, {"title"_L1, agent.title}, {"version"_L1, MUSTER_VERSION}}},
            {"authMethods"_L1, QJsonArray()}};
}

Permission permissionFrom(const QByteArray &result)
{
    const QJsonObject answer = asObject(result).value_or(QJsonObject());
    const QJsonObject outcome = answer.value("outcome"_L1).toObject();
    return {.allowed = outcome.value("optionId"_L1).toString() == "allow_once"_L1,
            .message = answer.value("_meta"_L1)["message"_L1].toString()};
}

} // namespace

AgentSideConnection::AgentSideConnection(const AgentDescription &agent, Send send)
    : m_peer([send = std::move(send)](const QByteArray &bytes) { send(bytes); })
{
    on(u"initialize"_s, [this, answer = initializeAnswer(agent)](const RpcId &id, const QJsonObject &) {
        respond(id, answer);
    });
}

void AgentSideConnection::on(const QString &method, const RequestHandler &handler)
{
    m_peer.onRequest(method, [this, handler](const RpcRequest &request) {
        const auto params = asObject(request.params);
        if (params)
            handler(request.id, *params);
        else
            refuse(request.id, RpcInvalidParams, u"params must be an object"_s);
    });
}

void AgentSideConnection::onNotification(const QString &method, const NotificationHandler &handler)
{
    m_peer.onNotification(method, [handler](const RpcNotification &notification) {
        handler(asObject(notification.params).value_or(QJsonObject()));
    });
}

void AgentSideConnection::receive(const QByteArray &bytes)
{
    m_framer.feed(bytes, [this](const Frame &frame) {
        if (frame.kind == Frame::Kind::Line && !frame.line.trimmed().isEmpty())
            (void)m_peer.receive(frame.line);
        return true;
    });
}

void AgentSideConnection::close() { m_peer.close({.message = u"closed"_s}); }

bool AgentSideConnection::refuse(const RpcId &id, qint64 code, const QString &message)
{
    return refuse(id, RpcError{.code = code, .message = message});
}

void AgentSideConnection::update(const QString &sessionId, const QJsonObject &update)
{
    m_peer.notify(u"session/update"_s, {{"sessionId"_L1, sessionId}, {"update"_L1, update}});
}

QFuture<Result<Permission>> AgentSideConnection::ask(const QString &sessionId, const QJsonObject &toolCall)
{
    const auto option = [](const QString &kind, const QString &name) {
        return QJsonObject{{"optionId"_L1, kind}, {"kind"_L1, kind}, {"name"_L1, name}};
    };
    const QJsonArray options{option(u"allow_once"_s, u"Allow"_s), option(u"reject_once"_s, u"Deny"_s)};
    const auto promise = std::make_shared<QPromise<Result<Permission>>>();
    promise->start();
    const auto finish = [promise](const Result<Permission> &answer) {
        promise->addResult(answer);
        promise->finish();
    };
    const auto sent =
        m_peer.request(u"session/request_permission"_s,
                       {{"sessionId"_L1, sessionId}, {"toolCall"_L1, toolCall}, {"options"_L1, options}},
                       [finish](const RpcOutcome &outcome) {
        finish(outcome ? permissionFrom(*outcome)
                       : Permission{.allowed = false, .message = outcome.error().message});
    });
    if (!sent)
        finish(std::unexpected(sent.error()));
    return promise->future();
}

} // namespace muster
