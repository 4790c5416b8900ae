// What Codex's app-server asks the person (its server requests) ⇄ PermissionRequested and the answer. Pure.
// Source: facts "agents" §4.1 and the app-server's schema, ServerRequest.
//
// An allowance is always put as this one request's "accept": rules that last are kept by us, where the person
// sees them. A denial is "decline", with which the agent goes on; "cancel" ends its turn and is what a
// withdrawn request gets.
#pragma once

#include "core/events/session_event.h"

#include <QJsonObject>

namespace muster {

enum class CodexApproval : std::uint8_t { Command, FileChange, Permissions, McpTool };

// `item` is the open tool that the request is about, or nullptr; `diff` is of a file change.
[[nodiscard]] PermissionRequested readApproval(CodexApproval kind, const QJsonObject &params,
                                               const ToolStarted *item, const QString &diff);

enum class CodexDecision : std::uint8_t { Accept, Decline, Cancel };
[[nodiscard]] QJsonObject approvalAnswer(CodexApproval kind, const QJsonObject &params,
                                         CodexDecision decision);

} // namespace muster
