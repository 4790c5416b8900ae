#include "app/demo_agent/serve/server.h"

#include "app/demo_agent/serve/command.h"
#include "app/demo_agent/serve/prompt_blocks.h"
#include "core/protocol/line_framer.h"

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

#include <cerrno>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr int resourceNotFound = -32002;

QJsonObject textUpdate(const QString &kind, const QString &text)
{
    return {{u"sessionUpdate"_s, kind},
            {u"content"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}}}};
}

} // namespace

Server::Server(int input, int output, SessionStore store)
    : m_input(input)
    , m_outlet(output)
    , m_store(std::move(store))
{
}

Server::~Server()
{
    {
        const std::scoped_lock lock(m_lock);
        for (const auto &[id, session] : m_sessions) {
            if (session->running)
                session->running->stop();
        }
    }
    m_threads.clear();
}

void Server::run()
{
    LineFramer framer;
    QByteArray chunk(65'536, Qt::Uninitialized);
    while (!m_outlet.broken()) {
        const ssize_t got = ::read(m_input, chunk.data(), static_cast<size_t>(chunk.size()));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        framer.feed(QByteArrayView(chunk).first(got));
        while (const auto frame = framer.next()) {
            if (frame->kind == Frame::Kind::Line && !frame->line.isEmpty())
                receive(frame->line.toByteArray());
        }
    }
    m_outlet.drain(300);
}

// Lines that are no messages are ignored, as all agents of this protocol do.
void Server::receive(const QByteArray &line)
{
    const Result<RpcMessage> message = parseRpc(line);
    if (message)
        std::visit([this](const auto &part) { handle(part); }, *message);
}

void Server::handle(const RpcRequest &request)
{
    const Result<QJsonObject> params = asObject(request.params);
    if (!params) {
        refuse(request.id, RpcInvalidParams, u"params must be an object"_s);
    } else if (request.method == "initialize"_L1) {
        initialize(request);
    } else if (request.method == "authenticate"_L1) {
        answer(request.id, {});
    } else if (request.method == "session/new"_L1) {
        newSession(request, *params);
    } else if (request.method == "session/load"_L1 || request.method == "session/resume"_L1) {
        loadSession(request, *params, request.method.endsWith("load"_L1));
    } else if (request.method == "session/set_mode"_L1) {
        setMode(request, *params);
    } else if (request.method == "session/prompt"_L1) {
        prompt(request, *params);
    } else {
        refuse(request.id, RpcMethodNotFound, u"unknown method "_s + request.method);
    }
}

void Server::handle(const RpcNotification &notification)
{
    if (notification.method != "session/cancel"_L1)
        return;
    const QJsonObject params = asObject(notification.params).value_or(QJsonObject());
    const std::scoped_lock lock(m_lock);
    const auto found = m_sessions.find(params.value("sessionId"_L1).toString());
    if (found != m_sessions.end() && found->second->running)
        found->second->running->stop();
}

void Server::handle(const RpcResponse &response)
{
    const qint64 *id = std::get_if<qint64>(&response.id);
    if (id == nullptr)
        return;
    QString sessionId;
    {
        const std::scoped_lock lock(m_askLock);
        sessionId = m_asked.take(*id);
    }
    const std::scoped_lock lock(m_lock);
    const auto session = m_sessions.find(sessionId);
    if (session == m_sessions.end() || !session->second->running)
        return;
    session->second->running->answered(*id, response.outcome ? permissionFrom(*response.outcome)
                                                             : Permission::Cancelled);
}

void Server::initialize(const RpcRequest &request)
{
    const QJsonObject capabilities{
        {u"loadSession"_s, true},
        {u"promptCapabilities"_s,
         QJsonObject{{u"embeddedContext"_s, true}, {u"image"_s, false}, {u"audio"_s, false}}},
        {u"mcpCapabilities"_s, QJsonObject{{u"http"_s, false}, {u"sse"_s, false}}},
        {u"sessionCapabilities"_s, QJsonObject{{u"resume"_s, QJsonObject()}}}};
    answer(request.id, {{u"protocolVersion"_s, 1},
                        {u"agentCapabilities"_s, capabilities},
                        {u"agentInfo"_s, QJsonObject{{u"name"_s, u"muster-demo-agent"_s},
                                                     {u"title"_s, u"Muster demo agent"_s},
                                                     {u"version"_s, QStringLiteral(MUSTER_VERSION)}}},
                        {u"authMethods"_s, QJsonArray()}});
}

void Server::sendModes(QJsonObject &result, const Session &session) const
{
    const auto mode = [](const QString &id, const QString &name, const QString &description) {
        return QJsonObject{{u"id"_s, id}, {u"name"_s, name}, {u"description"_s, description}};
    };
    result.insert(u"modes"_s,
                  QJsonObject{{u"currentModeId"_s, session.standing.readOnly ? u"read-only"_s : u"ask"_s},
                              {u"availableModes"_s,
                               QJsonArray{mode(u"ask"_s, u"Ask"_s, u"Asks before it writes or runs"_s),
                                          mode(u"read-only"_s, u"Read only"_s, u"Never writes or runs"_s)}}});
}

void Server::newSession(const RpcRequest &request, const QJsonObject &params)
{
    const QString folder = params.value("cwd"_L1).toString();
    if (!QDir::isAbsolutePath(folder) || !QFileInfo(folder).isDir()) {
        refuse(request.id, RpcInvalidParams, u"cwd must be an absolute path of a folder"_s);
        return;
    }
    const Result<StoredSession> stored = m_store.create(QFileInfo(folder).canonicalFilePath());
    if (!stored) {
        refuse(request.id, RpcInternalError, u"the session could not be kept in "_s + m_store.folder());
        return;
    }
    const auto session = std::make_shared<Session>();
    session->id = stored->id;
    session->root = stored->folder;
    QJsonObject result{{u"sessionId"_s, session->id}};
    sendModes(result, *session);
    {
        const std::scoped_lock lock(m_lock);
        m_sessions.emplace(session->id, session);
    }
    answer(request.id, result);
}

void Server::loadSession(const RpcRequest &request, const QJsonObject &params, bool replay)
{
    const Result<StoredSession> stored = m_store.load(params.value("sessionId"_L1).toString());
    if (!stored) {
        refuse(request.id, resourceNotFound, u"no such session"_s);
        return;
    }
    const QString folder = params.value("cwd"_L1).toString();
    const auto session = std::make_shared<Session>();
    session->id = stored->id;
    session->root = QFileInfo(folder).isDir() ? QFileInfo(folder).canonicalFilePath() : stored->folder;
    session->characters = stored->characters();
    session->turns = static_cast<int>(stored->turns.size());
    session->unfinished = stored->unfinishedPrompt();
    {
        const std::scoped_lock lock(m_lock);
        SessionPtr &known = m_sessions[session->id];
        if (known && known->running) {
            refuse(request.id, RpcInvalidRequest, u"a prompt is running in this session"_s);
            return;
        }
        known = session;
    }
    if (replay)
        replayHistory(*stored);
    QJsonObject result;
    sendModes(result, *session);
    answer(request.id, result);
}

void Server::replayHistory(const StoredSession &stored)
{
    const auto send = [&](const QString &kind, const QString &text) {
        if (!text.isEmpty())
            m_outlet.push(encodeNotification(
                u"session/update"_s, {{u"sessionId"_s, stored.id}, {u"update"_s, textUpdate(kind, text)}}));
    };
    for (const PastTurn &turn : stored.turns) {
        send(u"user_message_chunk"_s, turn.prompt);
        send(u"agent_message_chunk"_s, turn.answer);
    }
}

void Server::setMode(const RpcRequest &request, const QJsonObject &params)
{
    const QString mode = params.value("modeId"_L1).toString();
    {
        const std::scoped_lock lock(m_lock);
        const auto found = m_sessions.find(params.value("sessionId"_L1).toString());
        if (found == m_sessions.end() || (mode != "ask"_L1 && mode != "read-only"_L1) ||
            found->second->running) {
            refuse(request.id, RpcInvalidParams, u"unknown session or mode, or a prompt is running"_s);
            return;
        }
        found->second->standing.readOnly = mode == "read-only"_L1;
    }
    answer(request.id, {});
}

void Server::prompt(const RpcRequest &request, const QJsonObject &params)
{
    const std::scoped_lock lock(m_lock);
    const auto found = m_sessions.find(params.value("sessionId"_L1).toString());
    if (found == m_sessions.end()) {
        refuse(request.id, resourceNotFound, u"no such session"_s);
        return;
    }
    const SessionPtr session = found->second;
    if (session->running) {
        refuse(request.id, RpcInvalidRequest, u"a prompt is running in this session"_s);
        return;
    }
    const TurnRequest turnRequest{.sessionId = session->id,
                                  .root = session->root,
                                  .turnName = QString::number(++session->turns),
                                  .prompt = promptFrom(params.value("prompt"_L1).toArray()),
                                  .unfinished = session->unfinished,
                                  .charactersBefore = session->characters,
                                  .pace = paceFromEnvironment()};
    session->running =
        std::make_shared<LiveTurn>(session->id, m_outlet, [this, id = session->id](const QJsonObject &ask) {
        return sendPermissionRequest(id, ask);
    });
    m_threads[session->id] = std::jthread([this, id = request.id, session, turn = session->running,
                                           turnRequest] { runPrompt(id, session, turn, turnRequest); });
}

void Server::runPrompt(const RpcId &id, const SessionPtr &session, const std::shared_ptr<LiveTurn> &turn,
                       const TurnRequest &request)
{
    const TurnEnd end = runTurn(request, *turn, session->standing, m_store);
    {
        const std::scoped_lock lock(m_lock);
        session->running.reset();
        session->characters += end.characters;
        const QString told = request.prompt.texts.join(u"\n\n"_s);
        const bool again = !request.unfinished.isEmpty() && parseIntent(request.prompt).ask == Ask::Continue;
        session->unfinished = end.stop == "end_turn"_L1 ? QString() : again ? request.unfinished : told;
    }
    if (end.error)
        m_outlet.push(encodeError(id, *end.error));
    else
        answer(id, {{u"stopReason"_s, end.stop}, {u"usage"_s, end.usage}});
}

qint64 Server::sendPermissionRequest(const QString &sessionId, const QJsonObject &params)
{
    const std::scoped_lock lock(m_askLock);
    const qint64 id = m_nextRequest++;
    m_asked.insert(id, sessionId);
    m_outlet.push(encodeRequest(RpcId(id), u"session/request_permission"_s, params));
    return id;
}

void Server::answer(const RpcId &id, const QJsonObject &result) { m_outlet.push(encodeResult(id, result)); }

void Server::refuse(const RpcId &id, int code, const QString &message)
{
    m_outlet.push(encodeError(id, {.code = code, .message = message, .data = {}}));
}

} // namespace muster::demo
