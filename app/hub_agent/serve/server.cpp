#include "app/hub_agent/serve/server.h"

#include "app/hub_agent/serve/failures.h"
#include "app/hub_agent/serve/updates.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::hub {

namespace {

Verdict verdictFrom(const QByteArray &result)
{
    const QJsonObject answer = asObject(result).value_or(QJsonObject());
    const QJsonObject outcome = answer.value("outcome"_L1).toObject();
    return {.allowed = outcome.value("optionId"_L1).toString() == "allow_once"_L1,
            .message = answer.value("_meta"_L1)["message"_L1].toString()};
}

QString promptText(const QJsonArray &blocks)
{
    QStringList parts;
    for (const auto &value : blocks) {
        const QJsonObject block = value.toObject();
        const QString type = block.value("type"_L1).toString();
        const QUrl uri(block.value("uri"_L1).toString());
        if (type == "text"_L1)
            parts += block.value("text"_L1).toString();
        else if (type == "resource"_L1)
            parts += block.value("resource"_L1)["text"_L1].toString();
        else if (type == "resource_link"_L1)
            parts += u"Attached file: "_s + (uri.isLocalFile() ? uri.toLocalFile() : uri.toString());
    }
    return parts.join(u"\n\n"_s).trimmed();
}

} // namespace

Server::Server(const Options &options, Send send)
    : m_options(options)
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
    on(u"session/new"_s,
       [this](const RpcRequest &request, const QJsonObject &p) { (void)newSession(request.id, p); });
    on(u"session/resume"_s,
       [this](const RpcRequest &request, const QJsonObject &p) { (void)resumeSession(request.id, p); });
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
    leaveWhenQuiet();
}

void Server::leaveWhenQuiet()
{
    const auto isBusy = [](const auto &entry) {
        return entry.second.turn != nullptr;
    };
    if (m_isClosing && std::ranges::none_of(m_sessions, isBusy) && !std::exchange(m_isArchiving, true))
        (void)archiveAll();
}

// A prompt to an archived agent brings it back, so that a session can still be resumed.
Async<bool> Server::archiveAll()
{
    std::vector<QFuture<Result<QByteArray>>> under;
    for (const auto &[id, session] : m_sessions) {
        if (!session.hub->agent.isEmpty())
            under.push_back(
                askHub(command({u"archive"_s, u"--json"_s, u"--"_s, session.hub->agent}, session.hub->folder))
                    .future());
    }
    for (const QFuture<Result<QByteArray>> &one : under)
        (void)co_await resultOf(one);
    emit idle();
    co_return true;
}

HubCommand Server::command(const QStringList &arguments, const QString &folder) const
{
    return {.program = m_options.program, .arguments = arguments, .folder = folder, .running = {}};
}

void Server::update(const QString &sessionId, const QJsonObject &update)
{
    m_peer.notify(u"session/update"_s, {{"sessionId"_L1, sessionId}, {"update"_L1, update}});
}

QFuture<Result<Verdict>> Server::ask(const QString &sessionId, const QJsonObject &toolCall)
{
    const auto option = [](const QString &kind, const QString &name) {
        return QJsonObject{{"optionId"_L1, kind}, {"kind"_L1, kind}, {"name"_L1, name}};
    };
    const QJsonArray options{option(u"allow_once"_s, u"Allow"_s), option(u"reject_once"_s, u"Deny"_s)};
    const auto promise = std::make_shared<QPromise<Result<Verdict>>>();
    promise->start();
    const auto finish = [promise](const Result<Verdict> &answer) {
        promise->addResult(answer);
        promise->finish();
    };
    const auto sent =
        m_peer.request(u"session/request_permission"_s,
                       {{"sessionId"_L1, sessionId}, {"toolCall"_L1, toolCall}, {"options"_L1, options}},
                       [finish](const RpcOutcome &outcome) {
        finish(outcome ? verdictFrom(*outcome)
                       : Verdict{.allowed = false, .message = outcome.error().message});
    });
    if (!sent)
        finish(std::unexpected(sent.error()));
    return promise->future();
}

void Server::initialize(const RpcRequest &request)
{
    const QJsonObject capabilities{
        {"loadSession"_L1, false},
        {"promptCapabilities"_L1,
         QJsonObject{{"embeddedContext"_L1, true}, {"image"_L1, false}, {"audio"_L1, false}}},
        {"mcpCapabilities"_L1, QJsonObject{{"http"_L1, false}, {"sse"_L1, false}}},
        {"sessionCapabilities"_L1, QJsonObject{{"resume"_L1, QJsonObject()}}}};
    m_peer.respond(request.id, QJsonObject{{"protocolVersion"_L1, 1},
                                           {"agentCapabilities"_L1, capabilities},
                                           {"agentInfo"_L1, QJsonObject{{"name"_L1, "muster-hub-agent"_L1},
                                                                        {"title"_L1, "Paseo"_L1},
                                                                        {"version"_L1, MUSTER_VERSION}}},
                                           {"authMethods"_L1, QJsonArray()}});
}

QJsonObject Server::modelsOf(const HubSession &session) const
{
    QJsonArray available;
    for (const PaseoProvider &provider : m_providers)
        available.append(QJsonObject{{"modelId"_L1, provider.id}, {"name"_L1, provider.label}});
    return {{"currentModelId"_L1, session.model}, {"availableModels"_L1, available}};
}

Async<bool> Server::newSession(RpcId id, QJsonObject params)
{
    const QString folder = params.value("cwd"_L1).toString();
    if (!QDir::isAbsolutePath(folder) || !QFileInfo(folder).isDir())
        co_return refuse(id, RpcInvalidParams, u"cwd must be an absolute path of a folder"_s);
    const auto said = co_await askHub(command({u"provider"_s, u"ls"_s, u"--json"_s}, folder));
    if (!said)
        co_return refuse(id, said.error());
    const auto providers = readPaseoProviders(*said);
    if (!providers)
        co_return refuse(id, providers.error());
    m_providers.clear();
    std::ranges::copy_if(*providers, std::back_inserter(m_providers), &PaseoProvider::usable);
    const QString model = !m_options.provider.isEmpty() ? m_options.provider
                          : m_providers.empty()         ? QString()
                                                        : m_providers.front().id;
    if (std::ranges::find(m_providers, model.section(u'/', 0, 0), &PaseoProvider::id) == m_providers.end())
        co_return refuse(id, RpcInternalError,
                         model.isEmpty() ? u"no provider of the hub can be used"_s
                                         : QString(u"this provider of the hub cannot be used: "_s + model));
    const auto made = m_store.create(QFileInfo(folder).canonicalFilePath(), model);
    if (!made)
        co_return refuse(id, RpcInternalError, u"the session cannot be kept in "_s + m_options.stateFolder);
    m_sessions[made->id].hub = std::make_shared<HubSession>(*made);
    co_return m_peer.respond(id, QJsonObject{{"sessionId"_L1, made->id}, {"models"_L1, modelsOf(*made)}});
}

Async<bool> Server::resumeSession(RpcId id, QJsonObject params)
{
    const auto stored = m_store.load(params.value("sessionId"_L1).toString());
    if (!stored)
        co_return refuse(id, resourceNotFound, u"no such session"_s);
    if (m_sessions.contains(stored->id))
        co_return refuse(id, RpcInvalidRequest, u"this session is open"_s);
    const auto session = std::make_shared<HubSession>(*stored);
    if (const auto back = co_await bringBack(session); !back)
        co_return refuse(id, back.error());
    m_sessions[session->id].hub = session;
    // What it has cost so far, or the next turn's would look like a beginning.
    if (session->costUsd > 0)
        update(session->id, costUpdate(session->costUsd));
    co_return m_peer.respond(id, QJsonObject{{"models"_L1, modelsOf(*session)}});
}

// Its agent is there, and does nothing that nobody follows.
Async<bool> Server::bringBack(std::shared_ptr<HubSession> session)
{
    if (session->agent.isEmpty()) {
        const auto found = co_await findAgent(command({}, session->folder), labelOf(*session));
        if (!found)
            co_return std::unexpected(found.error());
        session->agent = *found; // none: it dies before it had one
        (void)m_store.save(*session);
    }
    if (session->agent.isEmpty())
        co_return true;
    const QStringList inspect{u"inspect"_s, u"--json"_s, u"--"_s, session->agent};
    const auto said = co_await askHub(command(inspect, session->folder));
    if (!said)
        co_return std::unexpected(said.error());
    const auto agent = readPaseoAgent(*said);
    if (!agent)
        co_return std::unexpected(agent.error());
    if (agent->status != u"running" && agent->status != u"initializing")
        co_return true;
    const auto stopped =
        co_await askHub(command({u"stop"_s, u"--json"_s, u"--"_s, session->agent}, session->folder));
    co_return stopped.transform([](const QByteArray &) { return true; });
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
    if (!session || model.isEmpty())
        refuse(request.id, RpcInvalidParams, u"unknown session, or no model"_s);
    else if (!session->hub->agent.isEmpty() && session->hub->model != model)
        refuse(request.id, RpcInvalidRequest, u"an agent of the hub keeps the provider it was made with"_s);
    else {
        session->hub->model = model;
        (void)m_store.save(*session->hub);
        m_peer.respond(request.id, QJsonObject());
    }
}

void Server::prompt(const RpcRequest &request, const QJsonObject &params)
{
    Session *session = find(params);
    const QString text = promptText(params.value("prompt"_L1).toArray());
    if (!session) {
        refuse(request.id, resourceNotFound, u"no such session"_s);
    } else if (session->turn) {
        refuse(request.id, RpcInvalidRequest, u"a prompt is running in this session"_s);
    } else if (text.isEmpty()) {
        refuse(request.id, RpcInvalidParams, u"the prompt has no text"_s);
    } else if (text.toUtf8().size() > maxPrompt) {
        refuse(request.id, RpcInternalError,
               u"the prompt is longer than the %1 bytes that fit on a command line"_s.arg(maxPrompt));
    } else {
        const TurnContext context{.options = m_options, .store = m_store, .client = *this};
        session->turn = std::make_shared<Turn>(context, session->hub);
        onResult(Turn::run(session->turn, text).future(), this,
                 [this, id = request.id, sessionId = session->hub->id](const Result<TurnEnd> &end) {
            promptEnded(id, sessionId, end);
        });
    }
}

void Server::promptEnded(const RpcId &id, const QString &sessionId, const Result<TurnEnd> &end)
{
    m_sessions[sessionId].turn.reset();
    if (m_isClosing)
        return leaveWhenQuiet();
    if (!end) {
        refuse(id, end.error());
    } else if (end->failure) {
        refuse(id, *end->failure);
    } else {
        QJsonObject answer{{"stopReason"_L1, end->stop}};
        if (end->usage)
            answer.insert("usage"_L1, usageJson(*end->usage));
        m_peer.respond(id, answer);
    }
}

void Server::cancel(const QJsonObject &params)
{
    const Session *session = find(params);
    if (session && session->turn)
        session->turn->cancel();
}

bool Server::refuse(const RpcId &id, qint64 code, const QString &message)
{
    return m_peer.respondError(id, {.code = code, .message = message});
}

bool Server::refuse(const RpcId &id, const Error &error)
{
    return m_peer.respondError(id, rpcErrorOf(error));
}

} // namespace muster::hub
