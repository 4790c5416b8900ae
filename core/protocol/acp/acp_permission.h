// session/request_permission of the Agent Client Protocol ⇄ PermissionRequested and its answer. Pure.
//
// Rules learned from real agents (facts "agents" §5.2): options are chosen by kind, never by id, and an agent
// may offer one kind twice. An allowance is always put as allow_once: rules that last are kept by us, where
// the person sees them. If the agent offers no option of the wanted kind, the outcome is "cancelled".
#pragma once

#include "core/events/session_event.h"
#include "core/protocol/agent_protocol.h"

#include <QJsonObject>

namespace muster {

class AcpTools;

// `tools` has merged the request's own call already. The requestId is left to the caller.
[[nodiscard]] PermissionRequested readPermission(const QJsonObject &params, const AcpTools &tools);

// The command exactly as it will run, if the agent says it; empty if it only gives a title.
[[nodiscard]] QString commandOf(const QJsonObject &rawInput);

[[nodiscard]] QJsonObject permissionAnswer(const PermissionRequested &request,
                                           const PermissionAnswer &answer);
[[nodiscard]] QJsonObject permissionCancelled();

} // namespace muster
