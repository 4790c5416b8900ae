#include "app/hub_agent/serve/server.h"

#include "app/hub_agent/serve/failures.h"
#include "app/hub_agent/serve/updates.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::hub {

namespace {

QString promptText(const QJsonArray &blocks)
{
    QStringList parts;
    for (const auto &value : blocks) {
        const QJsonObject block = value.toObject();
        const QString type = block.value("type"_L1).toString();
        if (type == "text"_L1)
            parts += block.value("text"_L1).toString();
        else if (type == "resource"_L1)
            parts += block.value("resource"_L1)["text"_L1].toString();
        else if (type == "resource_link"_L1)
            parts += linkText(block);
    }
    return parts.join(u"\n\n"_s).trimmed();
}

} // namespace

Server::Server(const Options &options, AgentSideConnection::Send send)
    : m_options(options)
    , m_store(options.stateFolder)
    , m_connection({.name = u"muster-hub-agent"_s, .title = u"Paseo"_s}, std::move(send))
{
    m_connection.on(u"session/new"_s,
                    [this](const RpcId &id, const QJsonObject &p) { (void)newSession(id, p); });
    m_connection.on(u"session/resume"_s,
                    [this](const RpcId &id, const QJsonObject &p) { (void)resumeSession(id, p); });
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
        co_return m_connection.refuse(id, RpcInvalidParams, u"cwd must be an absolute path of a folder"_s);
    const auto said = co_await askHub(command({u"provider"_s, u"ls"_s, u"--json"_s}, folder));
    if (!said)
        co_return m_connection.refuse(id, rpcErrorOf(said.error()));
    const auto providers = readPaseoProviders(*said);
    if (!providers)
        co_return m_connection.refuse(id, rpcErrorOf(providers.error()));
    m_providers.clear();
    std::ranges::copy_if(*providers, std::back_inserter(m_providers), &PaseoProvider::usable);
    const QString model = !m_options.provider.isEmpty() ? m_options.provider
                          : m_providers.empty()         ? QString()
                                                        : m_providers.front().id;
    if (std::ranges::find(m_providers, model.section(u'/', 0, 0), &PaseoProvider::id) == m_providers.end())
        co_return m_connection.refuse(id, RpcInternalError,
                                      model.isEmpty()
                                          ? u"no provider of the hub can be used"_s
                                          : QString(u"this provider of the hub cannot be used: "_s + model));
    const auto made = m_store.create(
        {.id = {}, .folder = QFileInfo(folder).canonicalFilePath(), .model = model, .agent = {}});
    if (!made)
        co_return m_connection.refuse(id, RpcInternalError,
                                      u"the session cannot be kept in "_s + m_options.stateFolder);
    m_sessions[made->id].hub = std::make_shared<HubSession>(*made);
    co_return m_connection.respond(id,
                                   QJsonObject{{"sessionId"_L1, made->id}, {"models"_L1, modelsOf(*made)}});
}

Async<bool> Server::resumeSession(RpcId id, QJsonObject params)
{
    const auto stored = m_store.load(params.value("sessionId"_L1).toString());
    if (!stored)
        co_return m_connection.refuse(id, resourceNotFound, u"no such session"_s);
    if (m_sessions.contains(stored->id))
        co_return m_connection.refuse(id, RpcInvalidRequest, u"this session is open"_s);
    const auto session = std::make_shared<HubSession>(*stored);
    if (const auto back = co_await bringBack(session); !back)
        co_return m_connection.refuse(id, rpcErrorOf(back.error()));
    m_sessions[session->id].hub = session;
    // What it has cost so far, or the next turn's would look like a beginning.
    if (session->costUsd > 0)
        m_connection.update(session->id, costUpdate(session->costUsd));
    co_return m_connection.respond(id, QJsonObject{{"models"_L1, modelsOf(*session)}});
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

void Server::setModel(const RpcId &id, const QJsonObject &params)
{
    Session *session = find(params);
    const QString model = params.value("modelId"_L1).toString();
    if (!session || model.isEmpty())
        m_connection.refuse(id, RpcInvalidParams, u"unknown session, or no model"_s);
    else if (!session->hub->agent.isEmpty() && session->hub->model != model)
        m_connection.refuse(id, RpcInvalidRequest,
                            u"an agent of the hub keeps the provider it was made with"_s);
    else {
        session->hub->model = model;
        (void)m_store.save(*session->hub);
        m_connection.respond(id, QJsonObject());
    }
}

void Server::prompt(const RpcId &id, const QJsonObject &params)
{
    Session *session = find(params);
    const QString text = promptText(params.value("prompt"_L1).toArray());
    if (!session) {
        m_connection.refuse(id, resourceNotFound, u"no such session"_s);
    } else if (session->turn) {
        m_connection.refuse(id, RpcInvalidRequest, u"a prompt is running in this session"_s);
    } else if (text.isEmpty()) {
        m_connection.refuse(id, RpcInvalidParams, u"the prompt has no text"_s);
    } else if (text.toUtf8().size() > maxPrompt) {
        m_connection.refuse(
            id, RpcInternalError,
            u"the prompt is longer than the %1 bytes that fit on a command line"_s.arg(maxPrompt));
    } else {
        const TurnContext context{.options = m_options, .store = m_store, .client = m_connection};
        session->turn = std::make_shared<Turn>(context, session->hub);
        onResult(Turn::run(session->turn, text).future(), this,
                 [this, id, sessionId = session->hub->id](const Result<TurnEnd> &end) {
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
        m_connection.refuse(id, rpcErrorOf(end.error()));
    } else if (end->failure) {
        m_connection.refuse(id, rpcErrorOf(*end->failure));
    } else {
        QJsonObject answer{{"stopReason"_L1, end->stop}};
        if (end->usage)
            answer.insert("usage"_L1, usageJson(*end->usage));
        m_connection.respond(id, answer);
    }
}

void Server::cancel(const QJsonObject &params)
{
    const Session *session = find(params);
    if (session && session->turn)
        session->turn->cancel();
}

} // namespace muster::hub
