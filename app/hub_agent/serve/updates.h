// session/update of the Agent Client Protocol, version 1, as JSON. Pure. Source: agentclientprotocol.com.
#pragma once

#include "core/protocol/paseo/paseo_replies.h"

#include <QJsonObject>

namespace muster::hub {

[[nodiscard]] QJsonObject textUpdate(const QString &kind, const QString &messageId, const QString &text);
[[nodiscard]] QJsonObject costUpdate(double sessionUsd);
[[nodiscard]] QJsonObject usageJson(const PaseoUsage &turn);
[[nodiscard]] QJsonObject warningUpdate(const QString &code, const QString &message);
[[nodiscard]] QJsonObject toolCall(const QString &id, const QString &name);
[[nodiscard]] QJsonObject toolUpdate(const QString &id, const QString &status);
// What a person is asked. All that is known of it is a name and some words, so it is never taken for reading.
[[nodiscard]] QJsonObject questionOf(const PaseoPermission &permission);
[[nodiscard]] QString questionIdOf(const PaseoPermission &permission);

} // namespace muster::hub
