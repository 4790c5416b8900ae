#include "core/protocol/mcp/mcp_entry.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonArray pairsOf(const McpEntry::Values &values)
{
    QJsonArray pairs;
    for (const auto &[name, value] : values)
        pairs.append(QJsonObject{{"name"_L1, name}, {"value"_L1, value}});
    return pairs;
}

QLatin1StringView typeOf(const McpEntry &server)
{
    switch (server.transport) {
    case McpEntry::Transport::Stdio:
        return "stdio"_L1;
    case McpEntry::Transport::Http:
        return "http"_L1;
    case McpEntry::Transport::Sse:
        break;
    }
    return "sse"_L1;
}

} // namespace

QJsonObject valuesOf(const McpEntry::Values &values)
{
    QJsonObject json;
    for (const auto &[name, value] : values)
        json.insert(name, value);
    return json;
}

QJsonArray acpServers(const std::vector<McpEntry> &servers)
{
    QJsonArray list;
    for (const McpEntry &server : servers) {
        QJsonObject json{{"name"_L1, server.name}};
        if (server.transport == McpEntry::Transport::Stdio) { // the only one without a type
            json.insert("command"_L1, server.command);
            json.insert("args"_L1, QJsonArray::fromStringList(server.args));
            json.insert("env"_L1, pairsOf(server.env));
        } else {
            json.insert("type"_L1, typeOf(server));
            json.insert("url"_L1, server.url);
            json.insert("headers"_L1, pairsOf(server.headers));
        }
        list.append(json);
    }
    return list;
}

QJsonObject mcpFile(const std::vector<McpEntry> &servers, bool trustOurs)
{
    QJsonObject named;
    for (const McpEntry &server : servers) {
        QJsonObject json{{"type"_L1, typeOf(server)}};
        if (server.transport == McpEntry::Transport::Stdio) {
            json.insert("command"_L1, server.command);
            json.insert("args"_L1, QJsonArray::fromStringList(server.args));
            json.insert("env"_L1, valuesOf(server.env));
        } else {
            json.insert("url"_L1, server.url);
            json.insert("headers"_L1, valuesOf(server.headers));
        }
        if (trustOurs && server.ours)
            json.insert("trust"_L1, true);
        named.insert(server.name, json);
    }
    return {{"mcpServers"_L1, named}};
}

QStringList namesOf(const std::vector<McpEntry> &servers)
{
    QStringList names;
    for (const McpEntry &server : servers)
        names += server.name;
    return names;
}

} // namespace muster
