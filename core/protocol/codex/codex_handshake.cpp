// The handshake of CodexAdapter: initialize, initialized, then thread/start or thread/resume.
#include "core/protocol/codex/codex_adapter.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Over its stdin, so that no value of theirs is an argument.
QJsonObject mcpServers(const std::vector<McpEntry> &servers)
{
    QJsonObject table;
    for (const McpEntry &server : servers) {
        QJsonObject config;
        if (server.transport == McpEntry::Transport::Sse)
            continue;
        if (server.transport == McpEntry::Transport::Stdio)
            config = {{"command"_L1, server.command},
                      {"args"_L1, QJsonArray::fromStringList(server.args)},
                      {"env"_L1, valuesOf(server.env)}};
        else
            config = {{"url"_L1, server.url}, {"http_headers"_L1, valuesOf(server.headers)}};
        if (server.ours)
            config.insert("default_tools_approval_mode"_L1, "approve"_L1);
        table.insert(server.name, config);
    }
    return table;
}

} // namespace

template <typename Done> void CodexAdapter::call(const QString &method, const QJsonObject &params, Done done)
{
    const auto sent = m_peer.request(method, params, [this, method, done](const RpcOutcome &outcome) {
        if (phase() != Phase::Opening)
            return;
        if (!outcome)
            return failOpening(FailureReason::RuntimeError, method + u": " + outcome.error().message);
        const auto result = asObject(*outcome);
        if (!result)
            return failOpening(FailureReason::ProtocolError, method + u": " + result.error().detail);
        done(*result);
    });
    if (!sent)
        failOpening(FailureReason::ProtocolError, sent.error().detail);
}

void CodexAdapter::startHandshake()
{
    call(u"initialize"_s,
         {{"clientInfo"_L1,
           QJsonObject{{"name"_L1, "muster"_L1}, {"title"_L1, "Muster"_L1}, {"version"_L1, MUSTER_VERSION}}},
          // For thread/backgroundTerminals/clean and item/tool/requestUserInput.
          {"capabilities"_L1, QJsonObject{{"experimentalApi"_L1, true}}}},
         [this](const QJsonObject &result) { initialized(result); });
}

void CodexAdapter::initialized(const QJsonObject &result)
{
    // "our name/its version (system) …"
    const QString agent = result.value("userAgent"_L1).toString();
    m_started.agentName = u"Codex"_s;
    m_started.agentVersion = agent.section(u'/', 1).section(u' ', 0, 0);
    m_peer.notify(u"initialized"_s, {});
    const bool resume = !request().resumeId.isEmpty();
    m_started.resumed = resume;
    call(resume ? u"thread/resume"_s : u"thread/start"_s, threadParams(),
         [this](const QJsonObject &opened) { threadOpened(opened); });
}

// The sandbox is set anew with each turn (codex_turn.cpp).
QJsonObject CodexAdapter::threadParams() const
{
    QJsonObject params{{"cwd"_L1, request().workingDir},
                       {"approvalPolicy"_L1, "untrusted"_L1},
                       {"approvalsReviewer"_L1, "user"_L1},
                       {"sandbox"_L1, "read-only"_L1}};
    if (!request().model.isEmpty())
        params.insert("model"_L1, request().model);
    if (!request().mcpServers.empty())
        params.insert("config"_L1, QJsonObject{{"mcp_servers"_L1, mcpServers(request().mcpServers)}});
    if (!request().resumeId.isEmpty()) {
        params.insert("threadId"_L1, request().resumeId);
        params.insert("excludeTurns"_L1, true); // its history is ours already
    }
    return params;
}

void CodexAdapter::threadOpened(const QJsonObject &result)
{
    m_threadId = result.value("thread"_L1)["id"_L1].toString();
    if (m_threadId.isEmpty())
        return failOpening(FailureReason::ProtocolError, u"no thread id"_s);
    m_started.nativeId = m_threadId;
    m_started.model = result.value("model"_L1).toString();
    m_totalKnown = !m_started.resumed; // a new thread has used nothing
    finishOpening(m_started);
    for (const McpEntry &server : request().mcpServers) {
        if (server.transport == McpEntry::Transport::Sse)
            warn(u"mcp_not_passed"_s, server.name + u": this agent takes no server of this kind"_s);
    }
}

} // namespace muster
