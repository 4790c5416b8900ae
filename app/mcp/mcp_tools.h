// The tools of `muster mcp`: name, what they are for, what they take, and which call answers. What an agent
// may not do (answer, cancel, merge, configure, trust) has no tool here, and the node refuses it anyway.
#pragma once

#include "app/mcp/mcp_arguments.h"
#include "app/mcp/mcp_calls.h"

#include <QJsonArray>

namespace muster::app {

struct McpTool {
    const char *name;
    const char *title;
    const char *description;
    std::vector<McpArgument> arguments;
    void (McpCalls::*call)(const QJsonObject &, const McpCalls::Answer &);
    bool readOnly = true;
};

[[nodiscard]] const std::vector<McpTool> &mcpTools();
[[nodiscard]] QJsonArray mcpToolList(); // as tools/list tells them
[[nodiscard]] QString mcpInstructions();

} // namespace muster::app
