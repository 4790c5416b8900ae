// The command line of an agent that speaks stream-JSON, after the program that the catalog names. Pure.
#pragma once

#include "core/protocol/agent_protocol.h"
#include "core/protocol/claude/stream_json_quirks.h"

#include <QJsonObject>

namespace muster {

// `newSessionId` is what the session will be called unless the request resumes one.
[[nodiscard]] QStringList claudeArguments(const StreamJsonQuirks &quirks, const OpenRequest &request,
                                          const QString &newSessionId);

// MCP servers go by a file, because arguments are for everybody to see.
[[nodiscard]] std::vector<PrivateFile> claudeFiles(const StreamJsonQuirks &quirks,
                                                   const OpenRequest &request);

// The message that gives the agent a prompt. Attachments: text and images; a link is named in the text.
[[nodiscard]] QJsonObject claudeUserMessage(const Prompt &prompt);

} // namespace muster
