#include "core/protocol/mcp/mcp_server.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr auto statelessRevision = "2026-07-28"_L1;
// The newest first.
constexpr std::array sessionRevisions{"2025-11-25"_L1, "2025-06-18"_L1, "2024-11-05"_L1};

constexpr auto versionKey = "io.modelcontextprotocol/protocolVersion"_L1;
constexpr auto clientKey = "io.modelcontextprotocol/clientInfo"_L1;
constexpr auto serverKey = "io.modelcontextprotocol/serverInfo"_L1;
constexpr int unsupportedVersion = -32022;
constexpr int listTtlMs = 3'600'000; // the tools change with the program only

// Of `initialize`: what was asked for, or the newest that a client of that time knows too.
QLatin1StringView agreedOn(const QString &asked)
{
    const auto *found =
        std::ranges::find_if(sessionRevisions, [&](QLatin1StringView ours) { return ours <= asked; });
    const bool isDate = !asked.isEmpty() && asked.front().isDigit();
    return isDate && found != sessionRevisions.end() ? *found : sessionRevisions.front();
}

QJsonArray revisions()
{
    QJsonArray all{statelessRevision};
    for (const QLatin1StringView revision : sessionRevisions)
        all.append(revision);
    return all;
}

QJsonObject serverInfo()
{
    return {{"name"_L1, "muster"_L1}, {"title"_L1, "Muster"_L1}, {"version"_L1, MUSTER_VERSION}};
}

QJsonObject capabilities() { return {{"tools"_L1, QJsonObject{{"listChanged"_L1, false}}}}; }

QString revisionOf(const QJsonObject &params) { return params.value("_meta"_L1)[versionKey].toString(); }

QByteArray compact(const QJsonObject &json) { return QJsonDocument(json).toJson(QJsonDocument::Compact); }

RpcError invalid(const QString &message) { return {.code = RpcInvalidParams, .message = message}; }

// What a line that is no message may still say of itself.
RpcId idIn(const QJsonObject &json)
{
    const QJsonValue id = json.value("id"_L1);
    if (id.isString())
        return id.toString();
    return id.isDouble() && id.toDouble() == static_cast<double>(id.toInteger()) ? RpcId(id.toInteger())
                                                                                 : RpcId();
}

} // namespace

McpServer::McpServer(Send send, QJsonArray tools, QString instructions, Call call)
    : m_send(std::move(send))
    , m_peer([this](const QByteArray &line) { m_send(line); })
    , m_tools(std::move(tools))
    , m_instructions(std::move(instructions))
    , m_call(std::move(call))
{
    on(u"initialize"_s, &McpServer::initialize, false);
    on(u"server/discover"_s, &McpServer::discover, false);
    on(u"ping"_s, &McpServer::ping, false);
    on(u"tools/list"_s, &McpServer::listTools, true);
    on(u"tools/call"_s, &McpServer::callTool, true);
    m_peer.onNotification(u"notifications/cancelled"_s, [this](const RpcNotification &told) {
        if (const auto params = asObject(told.params))
            m_peer.dismiss(idIn({{"id"_L1, params->value("requestId"_L1)}}));
    });
}

void McpServer::on(const QString &method, Handler handler, bool needsSession)
{
    m_peer.onRequest(method, [this, handler, needsSession](const RpcRequest &request) {
        const auto params = asObject(request.params);
        if (!params)
            m_peer.respondError(request.id, invalid(u"params must be an object"_s));
        else if (isInOrder(request, *params, needsSession))
            (this->*handler)(request, *params);
    });
}

bool McpServer::isInOrder(const RpcRequest &request, const QJsonObject &params, bool needsSession)
{
    const QString revision = revisionOf(params);
    if (!revision.isEmpty() && revision != statelessRevision) {
        m_peer.respondError(request.id,
                            {.code = unsupportedVersion,
                             .message = u"Unsupported protocol version"_s,
                             .data = compact({{"supported"_L1, revisions()}, {"requested"_L1, revision}})});
        return false;
    }
    if (revision.isEmpty() && needsSession && !m_initialized) {
        m_peer.respondError(request.id, {.code = RpcInvalidRequest, .message = u"initialize comes first"_s});
        return false;
    }
    if (const QString name = params.value("_meta"_L1)[clientKey]["name"_L1].toString(); !name.isEmpty())
        m_client = name;
    return true;
}

void McpServer::receive(QByteArrayView bytes)
{
    m_framer.feed(bytes, [this](const Frame &frame) {
        take(frame);
        return true;
    });
}

void McpServer::finish()
{
    if (const auto rest = m_framer.finish())
        take(*rest);
}

void McpServer::take(const Frame &frame)
{
    if (frame.kind == Frame::Kind::TooLong) {
        m_send(encodeError(
            {}, {.code = RpcInvalidRequest, .message = u"a message may have %1 bytes"_s.arg(maxLine)}));
        return;
    }
    if (frame.line.trimmed().isEmpty())
        return;
    auto message = parsePaddedRpc(frame.line);
    const auto *request = message ? std::get_if<RpcRequest>(&*message) : nullptr;
    if (!message || (request && std::holds_alternative<std::monostate>(request->id)))
        refuseLine(frame.line);
    else if (!std::holds_alternative<RpcResponse>(*message)) // nothing was asked that it could answer
        m_peer.dispatch(std::move(*message));
}

void McpServer::refuseLine(QByteArrayView line)
{
    QJsonParseError problem;
    const QJsonDocument json = QJsonDocument::fromJson(line.toByteArray(), &problem);
    if (problem.error != QJsonParseError::NoError)
        m_send(
            encodeError({}, {.code = RpcParseError, .message = u"Parse error: "_s + problem.errorString()}));
    else if (json.isArray())
        m_send(encodeError({}, {.code = RpcInvalidRequest, .message = u"There are no batches"_s}));
    else
        m_send(
            encodeError(idIn(json.object()), {.code = RpcInvalidRequest, .message = u"Invalid request"_s}));
}

void McpServer::respond(const RpcId &id, QJsonObject result, bool modern)
{
    if (modern) {
        result.insert("resultType"_L1, "complete"_L1);
        result.insert("_meta"_L1, QJsonObject{{serverKey, serverInfo()}});
    }
    m_peer.respond(id, result);
}

void McpServer::initialize(const RpcRequest &request, const QJsonObject &params)
{
    const QJsonValue asked = params.value("protocolVersion"_L1);
    if (!asked.isString()) {
        m_peer.respondError(request.id, invalid(u"protocolVersion is missing"_s));
        return;
    }
    m_client = params.value("clientInfo"_L1)["name"_L1].toString(m_client);
    m_initialized = true;
    m_peer.respond(request.id, QJsonObject{{"protocolVersion"_L1, agreedOn(asked.toString())},
                                           {"capabilities"_L1, capabilities()},
                                           {"serverInfo"_L1, serverInfo()},
                                           {"instructions"_L1, m_instructions}});
}

void McpServer::discover(const RpcRequest &request, const QJsonObject &)
{
    respond(request.id,
            {{"supportedVersions"_L1, revisions()},
             {"capabilities"_L1, capabilities()},
             {"instructions"_L1, m_instructions},
             {"ttlMs"_L1, listTtlMs},
             {"cacheScope"_L1, "public"_L1}},
            true);
}

void McpServer::ping(const RpcRequest &request, const QJsonObject &params)
{
    respond(request.id, {}, !revisionOf(params).isEmpty());
}

void McpServer::listTools(const RpcRequest &request, const QJsonObject &params)
{
    if (params.contains("cursor"_L1)) { // all are on the first page, so none was given out
        m_peer.respondError(request.id, invalid(u"Unknown cursor"_s));
        return;
    }
    const bool modern = !revisionOf(params).isEmpty();
    QJsonObject result{{"tools"_L1, m_tools}};
    if (modern) {
        result.insert("ttlMs"_L1, listTtlMs);
        result.insert("cacheScope"_L1, "public"_L1);
    }
    respond(request.id, result, modern);
}

bool McpServer::hasTool(const QString &name) const
{
    return std::ranges::any_of(m_tools,
                               [&](const QJsonValue &tool) { return tool["name"_L1].toString() == name; });
}

void McpServer::callTool(const RpcRequest &request, const QJsonObject &params)
{
    const QString name = params.value("name"_L1).toString();
    const QJsonValue arguments = params.value("arguments"_L1);
    if (!hasTool(name)) {
        m_peer.respondError(request.id, invalid(u"Unknown tool: "_s + name));
        return;
    }
    if (!arguments.isUndefined() && !arguments.isObject()) {
        m_peer.respondError(request.id, invalid(u"arguments must be an object"_s));
        return;
    }
    m_call(name, arguments.toObject(),
           [this, id = request.id, modern = !revisionOf(params).isEmpty()](const McpToolResult &done) {
        const bool failed = !done.error.isEmpty();
        const QString text = failed ? done.error : QString::fromUtf8(compact(done.value));
        QJsonObject result{{"content"_L1, QJsonArray{QJsonObject{{"type"_L1, "text"_L1}, {"text"_L1, text}}}},
                           {"isError"_L1, failed}};
        if (!failed)
            result.insert("structuredContent"_L1, done.value);
        respond(id, result, modern);
    });
}

} // namespace muster
