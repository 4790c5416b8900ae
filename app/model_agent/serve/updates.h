// session/update of the Agent Client Protocol, version 1, as JSON. Pure. Source: agentclientprotocol.com.
#pragma once

#include "app/model_agent/tools/tool_plan.h"
#include "core/protocol/models/model_event.h"

#include <QJsonObject>

namespace muster::model {

[[nodiscard]] QJsonObject textUpdate(const QString &kind, const QString &messageId, const QString &text);
// Of the turn so far, so that a limit on tokens is noticed within it.
[[nodiscard]] QJsonObject usageUpdate(const ModelUsage &turn);
[[nodiscard]] QJsonObject usageJson(const ModelUsage &turn);
[[nodiscard]] QJsonObject warningUpdate(const QString &code, const QString &message);

// The call as it is announced and as a person is asked about it.
[[nodiscard]] QJsonObject toolCall(const QString &id, const ToolPlan &plan);
[[nodiscard]] QJsonObject toolUpdate(const QString &id, const QString &status, const QString &text = {});

} // namespace muster::model
