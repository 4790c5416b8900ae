// session/update of the Agent Client Protocol, version 1, as JSON: what only a model's agent tells. Pure.
#pragma once

#include "app/agent_io/session_updates.h"
#include "app/model_agent/tools/tool_plan.h"
#include "core/protocol/models/model_event.h"

#include <QJsonObject>

namespace muster::model {

// Of the turn so far, so that a limit on tokens is noticed within it.
[[nodiscard]] QJsonObject usageUpdate(const ModelUsage &turn);
[[nodiscard]] QJsonObject usageJson(const ModelUsage &turn);

// The call as it is announced and as a person is asked about it.
[[nodiscard]] QJsonObject toolCall(const QString &id, const ToolPlan &plan);

} // namespace muster::model
