#include "app/model_agent/serve/server.h"

#include "app/model_agent/serve/failures.h"
#include "app/model_agent/serve/updates.h"
#include "app/model_agent/turn/instructions.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace muster::model {

Server::Server(const Options &options, const ModelApi &api, AgentSideConnection::Send send)
    : m_options(options)
    , m_api(api)
    , m_store(options.stateFolder)
    , m_connection({.name = u"muster-model-agent"_s, .title = options.title, .loadsSessions = true},
                   std::move(send))
{
    m_connection.on(u"authenticate"_s, [this](const RpcId &id, const QJsonObject &) {
        m_connection.respond(id, QJsonObject());
    });
    m_connection.on(u"session/new"_s, [this](const RpcId &id, const QJsonObject &p) { newSession(id, p); });
    m_connection.on(u"session/load"_s,
                    [this](const RpcId &id, const QJsonObject &p) { loadSession(id, p, true); });
    m_connection.on(u"session/resume"_s,
                    [this](const RpcId &id, const QJsonObject &p) { loadSession(id, p, false); });
    m_connection.on(u"session/set_model"_s,
                    [this](const RpcId &id, const QJsonObject &p) { setModel(id, p); });
    m_connection.on(u"session/prompt"_s, [this](const RpcId &id, const QJsonObject &p) { prompt(id, p); });
    m_connection.onNotification(u"session/cancel"_s, [this](const QJsonObject &p) { cancel(p); });
}

void Server::close()
{
    m_isClosing = true;
    m_connection.close();
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

bool Server::isUsable(const RpcId &id)
{
    if (m_options.address.isEmpty()) {
        refuse(id, RpcInternalError,
               u"no address of a server: set "_s + m_options.addressNames.join(u" or "_s));
        return false;
    }
    if (m_options.key.isEmpty() && m_options.keyNeeded) {
        refuse(id, authRequired, u"no key: set "_s + m_options.keyNames.join(u" or "_s));
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

void Server::newSession(const RpcId &id, const QJsonObject &params)
{
    const QString folder = params.value("cwd"_L1).toString();
    if (!QDir::isAbsolutePath(folder) || !QFileInfo(folder).isDir())
        return refuse(id, RpcInvalidParams, u"cwd must be an absolute path of a folder"_s);
    if (!isUsable(id))
        return;
    const auto made = m_store.create({.id = {},
                                      .folder = QFileInfo(folder).canonicalFilePath(),
                                      .api = enumName(m_options.api),
                                      .model = m_options.model,
                                      .messages = {}});
    if (!made)
        return refuse(id, RpcInternalError, u"the conversation cannot be kept in "_s + m_options.stateFolder);
    m_sessions[made->id].conversation = std::make_shared<Conversation>(*made);
    m_connection.respond(id, QJsonObject{{"sessionId"_L1, made->id}, {"models"_L1, modelsOf(*made)}});
}

void Server::loadSession(const RpcId &id, const QJsonObject &params, bool repeat)
{
    if (!isUsable(id))
        return;
    const auto stored = m_store.load(params.value("sessionId"_L1).toString());
    if (!stored || stored->api != enumName(m_options.api))
        return refuse(id, resourceNotFound, u"no such session"_s);
    Session &session = m_sessions[stored->id];
    if (session.turn)
        return refuse(id, RpcInvalidRequest, u"a prompt is running in this session"_s);
    session.conversation = std::make_shared<Conversation>(*stored);
    const QString folder = params.value("cwd"_L1).toString();
    if (QFileInfo(folder).isDir())
        session.conversation->folder = QFileInfo(folder).canonicalFilePath();
    if (repeat)
        repeatHistory(*stored);
    m_connection.respond(id, QJsonObject{{"models"_L1, modelsOf(*session.conversation)}});
}

void Server::repeatHistory(const Conversation &conversation)
{
    int number = 0;
    for (const ModelMessage &message : conversation.messages) {
        const bool isModel = message.role == ModelRole::Model;
        ++number;
        for (const ModelPart &part : message.parts) {
            if (part.kind == ModelPartKind::Text)
                m_connection.update(conversation.id,
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

void Server::setModel(const RpcId &id, const QJsonObject &params)
{
    Session *session = find(params);
    const QString model = params.value("modelId"_L1).toString();
    if (!session || session->turn || model.isEmpty())
        return refuse(id, RpcInvalidParams, u"unknown session, no model, or a prompt is running"_s);
    session->conversation->model = model;
    m_connection.respond(id, QJsonObject());
}

void Server::prompt(const RpcId &id, const QJsonObject &params)
{
    Session *session = find(params);
    if (!session)
        return refuse(id, resourceNotFound, u"no such session"_s);
    if (session->turn)
        return refuse(id, RpcInvalidRequest, u"a prompt is running in this session"_s);
    const QString text = promptText(params.value("prompt"_L1).toArray());
    if (text.trimmed().isEmpty())
        return refuse(id, RpcInvalidParams, u"the prompt has no text"_s);
    const TurnContext context{
        .options = m_options, .api = m_api, .store = m_store, .network = m_network, .client = m_connection};
    session->turn = std::make_shared<Turn>(context, session->conversation);
    onResult(Turn::run(session->turn, text).future(), this,
             [this, id, sessionId = session->conversation->id](const Result<TurnEnd> &end) {
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
        m_connection.refuse(id, rpcErrorOf(*end->failure));
        return;
    }
    m_connection.respond(id, QJsonObject{{"stopReason"_L1, end->stop}, {"usage"_L1, usageJson(end->usage)}});
}

void Server::cancel(const QJsonObject &params)
{
    Session *session = find(params);
    if (session && session->turn)
        session->turn->cancel();
}

} // namespace muster::model
