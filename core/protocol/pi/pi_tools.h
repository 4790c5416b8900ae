// The tools of Pi by their name and arguments, and what its gate asks ⇄ PermissionRequested. Pure.
// Source: facts "agents" §6 and resources/agents/pi-gate.ts.
#pragma once

#include "core/events/session_event.h"

#include <QJsonObject>

namespace muster {

[[nodiscard]] ToolStarted piTool(const QString &toolId, const QString &name, const QJsonObject &arguments);

struct PiGateRequest {
    QString tool;
    QJsonObject arguments;
};

// "permission:TOOL:JSON"; nullopt for any other title. Arguments that cannot be read are left empty.
[[nodiscard]] std::optional<PiGateRequest> readGateTitle(const QString &title);

// `toolId` is empty if no open tool is known to be the one that is asked about.
[[nodiscard]] PermissionRequested readGateRequest(const PiGateRequest &request, const QString &toolId);

// The text parts of a result or a message, one after the other.
[[nodiscard]] QString piText(const QJsonValue &content);

} // namespace muster
