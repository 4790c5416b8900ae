// session/update of the Agent Client Protocol, version 1, as JSON: what only a hub's agent tells. Pure.
#pragma once

#include "app/agent_io/session_updates.h"
#include "core/protocol/paseo/paseo_replies.h"

#include <QJsonObject>

namespace muster::hub {

[[nodiscard]] QJsonObject costUpdate(double sessionUsd);
[[nodiscard]] QJsonObject usageJson(const PaseoUsage &turn);
[[nodiscard]] QJsonObject toolCall(const QString &id, const QString &name);
// What a person is asked. All that is known of it is a name and some words, so it is never taken for reading.
[[nodiscard]] QJsonObject questionOf(const PaseoPermission &permission);
[[nodiscard]] QString questionIdOf(const PaseoPermission &permission);

} // namespace muster::hub
