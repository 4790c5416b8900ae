// Which MCP servers AcpAdapter passes, and how: in session/new by what the agent says that it takes, or by a
// file that a flag names. One that cannot be passed, or not without showing its values to everybody, is left
// out with a warning.
#include "core/protocol/acp/acp_adapter.h"

#include <QJsonDocument>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {
constexpr auto fileName = "mcp.json"_L1;
} // namespace

std::vector<McpEntry> AcpAdapter::serversByFile(const OpenRequest &request) const
{
    return m_quirks.mcpFileFlag.isEmpty() || request.privateFolder.isEmpty() ? std::vector<McpEntry>()
                                                                             : request.mcpServers;
}

QStringList AcpAdapter::arguments(const OpenRequest &request) const
{
    if (serversByFile(request).empty())
        return {};
    return {m_quirks.mcpFileFlag, u'@' + request.privateFolder + u'/' + fileName};
}

std::vector<PrivateFile> AcpAdapter::files(const OpenRequest &request) const
{
    const std::vector<McpEntry> servers = serversByFile(request);
    if (servers.empty())
        return {};
    QJsonObject config = mcpFile(servers, false);
    QJsonObject named = config.value("mcpServers"_L1).toObject();
    for (auto it = named.begin(); it != named.end(); ++it) {
        QJsonObject server = it->toObject();
        server.insert("tools"_L1, QJsonArray{u"*"_s}); // none are on by themselves
        *it = server;
    }
    config.insert("mcpServers"_L1, named);
    return {{.name = QString(fileName), .content = QJsonDocument(config).toJson(QJsonDocument::Compact)}};
}

bool AcpAdapter::takesInSession(const McpEntry &server) const
{
    const QJsonValue offered = m_handshake.capabilities.value("mcpCapabilities"_L1);
    if (m_quirks.showsMcpValues && server.hasSecrets())
        return false;
    switch (server.transport) {
    case McpEntry::Transport::Stdio:
        return m_quirks.takesMcpServers;
    case McpEntry::Transport::Http:
        return offered["http"_L1].toBool();
    case McpEntry::Transport::Sse:
        break;
    }
    return offered["sse"_L1].toBool();
}

std::vector<McpEntry> AcpAdapter::serversInSession() const
{
    if (!serversByFile(m_request).empty())
        return {};
    std::vector<McpEntry> taken;
    std::ranges::copy_if(m_request.mcpServers, std::back_inserter(taken),
                         [this](const McpEntry &server) { return takesInSession(server); });
    return taken;
}

void AcpAdapter::warnOfServersLeftOut()
{
    if (!serversByFile(m_request).empty())
        return;
    for (const McpEntry &server : m_request.mcpServers) {
        if (takesInSession(server))
            continue;
        const bool shown = m_quirks.showsMcpValues && server.hasSecrets();
        warn(u"mcp_not_passed"_s, server.name + (shown ? u": this agent would show its values to everybody"_s
                                                       : u": this agent takes no server of this kind"_s));
    }
}

} // namespace muster
