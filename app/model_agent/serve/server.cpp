#include "app/model_agent/serve/server.h"

#include "app/model_agent/serve/failures.h"
#include "app/model_agent/serve/updates.h"
#include "app/model_agent/turn/instructions.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

constexpr int resourceNotFound = -32002;

Permission permissionFrom(const QByteArray &result)
{
    const QJsonObject answer = asObject(result).value_or(QJsonObject());
    const QJsonObject outcome = answer.value("outcome"_L1).toObject();
    return {.allowed = outcome.value("optionId"_L1).toString() == "allow_once"_L1,
            .message = answer.value("_meta"_L1)["message"_L1].toString()};
}

} // namespace

Server::Server(const Options &options, const ModelApi &api, Send send)
    : m_options(options)
    , m_api(api)
    , m_store(options.stateFolder)
    , m_peer([send = std::move(send)](const QByteArray &bytes) { send(bytes); })
{
    const auto on = [this](const QString &method, auto handler) {
        m_peer.onRequest(method, [this, handler](const RpcRequest &request) {
            const auto params = asObject(request.params);
            if (params)
                handler(request, *params);
            else
                refuse(request.id, RpcInvalidParams, u"params must be an object"_s);
        });
    };
    on(u"initialize"_s, [this](const RpcRequest &request, const QJsonObject &) { initialize(request); });
    on(u"authenticate"_s,
       [this](const RpcRequest &request, const QJsonObject &) { m_peer.respond(request.id, QJsonObject()); });
    on(u"session/new"_s, [this](const RpcRequest &request, const QJsonObject &p) { newSession(request, p); });
    on(u"session/load"_s,
       [this](const RpcRequest &request, const QJsonObject &p) { loadSession(request, p, true); });
    on(u"session/resume"_s,
       [this](const RpcRequest &request, const QJsonObject &p) { loadSession(request, p, false); });
    on(u"session/set_model"_s,
       [this](const RpcRequest &request, const QJsonObject &p) { setModel(request, p); });
    on(u"session/prompt"_s, [this](const RpcRequest &request, const QJsonObject &p) { prompt(request, p); });
    m_peer.onNotification(u"session/cancel"_s, [this](const RpcNotification &notification) {
        cancel(asObject(notification.params).value_or(QJsonObject()));
    });
}

// Lines that are no messages are passed over, as all agents of this protocol do.
void Server::receive(const QByteArray &bytes)
{
    m_framer.feed(bytes, [this](const Frame &frame) {
        if (frame.kind == Frame::Kind::Line && !frame.line.trimmed().isEmpty())
            (void)m_peer.receive(frame.line);
        return true;
    });
}

void Server::close()
{
    m_isClosing = true;
    m_peer.close({.message = u"closed"_s}); // nobody answers a question any more
    for (auto &[id, session] : m_sessions) {
        if (const std::shared_ptr<Turn> turn = session.turn)
            turn->cancel();
    }
    sayIfIdle();
}

void Server::sayIfIdle()
{
    const auto isBusy = [](const auto &entry) {
        return entry.second.turn != nullptr;
    };
    if (m_isClosing && std::ranges::none_of(m_sessions, isBusy))
        emit idle();
}

void Server::update(const QString &sessionId, const QJsonObject &update)
{
    m_peer.notify(u"session/update"_s, {{"sessionId"_L1, sessionId}, {"update"_L1, update}});
}

QFuture<Result<Permission>> Server::ask(const QString &sessionId, const QJsonObject &toolCall)
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

void Server::initialize(const RpcRequest &request)
{
    const QJsonObject capabilities{
        {"loadSession"_L1, true},
        {"promptCapabilities"_L1,
         QJsonObject{{"embeddedContext"_L1, true}, {"image"_L1, false}, {"audio"_L1, false}}},
        {"mcpCapabilities"_L1, QJsonObject{{"http"_L1, false}, {"sse"_L1, false}}},
        {"sessionCapabilities"_L1, QJsonObject{{"resume"_L1, QJsonObject()}}}};
    m_peer.respond(request.id, QJsonObject{{"protocolVersion"_L1, 1},
                                           {"agentCapabilities"_L1, capabilities},
                                           {"agentInfo"_L1, QJsonObject{{"name"_L1, "muster-model-agent"_L1},
                                                                        {"title"_L1, m_options.title},
                                                                        {"version"_L1, MUSTER_VERSION}}},
                                           {"authMethods"_L1, QJsonArray()}});
}

bool Server::isUsable(const RpcRequest &request)
{
    if (m_options.address.isEmpty()) {
        refuse(request.id, RpcInternalError,
               u"no address of a server: set "_s + m_options.addressNames.join(u" or "_s));
        return false;
    }
    if (m_options.key.isEmpty() && m_options.keyNeeded) {
        refuse(request.id, authRequired, u"no key: set "_s + m_options.keyNames.join(u" or "_s));
        return false;
    }
    return true;
}

QJsonObject Server::modelsOf(const Conversation &conversation) const
{
    QJsonArray available;
    if (!conversation.model.isEmpty())
        available.append(QJsonObject{{"modelId"_L1, conversation.model}, {"name"_L1, conversation.model}});
    return {{"currentModelId"_L1, conversation.model}, {"availableModels"_L1, available}};
}

void Server::newSession(const RpcRequest &request, const QJsonObject &params)
{
    const QString folder = params.value("cwd"_L1).toString();
    if (!QDir::isAbsolutePath(folder) || !QFileInfo(folder).isDir())
        return refuse(request.id, RpcInvalidParams, u"cwd must be an absolute path of a folder"_s);
    if (!isUsable(request))
        return;
    const auto made =
        m_store.create(QFileInfo(folder).canonicalFilePath(), enumName(m_options.api), m_options.model);
    if (!made)
        return refuse(request.id, RpcInternalError,
                      u"the conversation cannot be kept in "_s + m_options.stateFolder);
    m_sessions[made->id].conversation = std::make_shared<Conversation>(*made);
    m_peer.respond(request.id, QJsonObject{{"sessionId"_L1, made->id}, {"models"_L1, modelsOf(*made)}});
}

void Server::loadSession(const RpcRequest &request, const QJsonObject &params, bool repeat)
{
    if (!isUsable(request))
        return;
    const auto stored = m_store.load(params.value("sessionId"_L1).toString());
    if (!stored || stored->api != enumName(m_options.api))
        return refuse(request.id, resourceNotFound, u"no such session"_s);
    Session &session = m_sessions[stored->id];
    if (session.turn)
        return refuse(request.id, RpcInvalidRequest, u"a prompt is running in this session"_s);
    session.conversation = std::make_shared<Conversation>(*stored);
    const QString folder = params.value("cwd"_L1).toString();
    if (QFileInfo(folder).isDir())
        session.conversation->folder = QFileInfo(folder).canonicalFilePath();
    if (repeat)
        repeatHistory(*stored);
    m_peer.respond(request.id, QJsonObject{{"models"_L1, modelsOf(*session.conversation)}});
}

void Server::repeatHistory(const Conversation &conversation)
{
    int number = 0;
    for (const ModelMessage &message : conversation.messages) {
        const bool isModel = message.role == ModelRole::Model;
        ++number;
        for (const ModelPart &part : message.parts) {
            if (part.kind == ModelPartKind::Text)
                update(conversation.id,
                       textUpdate(isModel ? u"agent_message_chunk"_s : u"user_message_chunk"_s,
                                  u"h%1"_s.arg(number), part.text));
        }
    }
}

Server::Session *Server::find(const QJsonObject &params)
{
    const auto found = m_sessions.find(params.value("sessionId"_L1).toString());
    return found == m_sessions.end() ? nullptr : &found->second;
}

void Server::setModel(const RpcRequest &request, const QJsonObject &params)
{
    Session *session = find(params);
    const QString model = params.value("modelId"_L1).toString();
    if (!session || session->turn || model.isEmpty())
        return refuse(request.id, RpcInvalidParams, u"unknown session, no model, or a prompt is running"_s);
    session->conversation->model = model;
    m_peer.respond(request.id, QJsonObject());
}

void Server::prompt(const RpcRequest &request, const QJsonObject &params)
{
    Session *session = find(params);
    if (!session)
        return refuse(request.id, resourceNotFound, u"no such session"_s);
    if (session->turn)
        return refuse(request.id, RpcInvalidRequest, u"a prompt is running in this session"_s);
    const QString text = promptText(params.value("prompt"_L1).toArray());
    if (text.trimmed().isEmpty())
        return refuse(request.id, RpcInvalidParams, u"the prompt has no text"_s);
    const TurnContext context{
        .options = m_options, .api = m_api, .store = m_store, .network = m_network, .client = *this};
    session->turn = std::make_shared<Turn>(context, session->conversation);
    onResult(Turn::run(session->turn, text).future(), this,
             [this, id = request.id, sessionId = session->conversation->id](const Result<TurnEnd> &end) {
        promptEnded(id, sessionId, end);
    });
}

void Server::promptEnded(const RpcId &id, const QString &sessionId, const Result<TurnEnd> &end)
{
    m_sessions[sessionId].turn.reset();
    if (m_isClosing)
        return sayIfIdle();
    if (!end)
        return refuse(id, RpcInternalError, end.error().detail);
    if (end->failure) {
        m_peer.respondError(id, rpcErrorOf(*end->failure));
        return;
    }
    m_peer.respond(id, QJsonObject{{"stopReason"_L1, end->stop}, {"usage"_L1, usageJson(end->usage)}});
}

void Server::cancel(const QJsonObject &params)
{
    Session *session = find(params);
    if (session && session->turn)
        session->turn->cancel();
}

void Server::refuse(const RpcId &id, qint64 code, const QString &message)
{
    m_peer.respondError(id, {.code = code, .message = message});
}

} // namespace muster::model
