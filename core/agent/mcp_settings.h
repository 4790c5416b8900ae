// mcp.json in the person's configuration folder: servers of the Model Context Protocol that agents are given,
// in the form that the field shares: {"mcpServers": {NAME: {command, args, env} or {type, url, headers}}}.
// A server with `disabled: true` is left out; keys that are not read here are left alone, as other programs
// keep theirs in such files. One that does not fit is left out and told with its place and what to write
// instead. Pure.
#pragma once

#include "core/base/error.h"
#include "core/protocol/mcp/mcp_entry.h"

#include <QByteArray>

namespace muster {

// Muster's own server, which no other may be called.
inline constexpr auto ownMcpServer = "muster";

struct McpSettings {
    std::vector<McpEntry> servers; // by name
    std::vector<Error> problems;   // where: file and place; detail: what is wrong, and what to write
};

[[nodiscard]] McpSettings readMcpSettings(const QByteArray &text, const QString &file);
// The values among them that look like secrets by their names, to be masked wherever they turn up.
[[nodiscard]] QStringList secretsOf(const std::vector<McpEntry> &servers);

} // namespace muster
