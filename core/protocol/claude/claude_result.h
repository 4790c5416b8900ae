// What a `result` line of stream-JSON, or an error beside it, means for the turn. Protocol fields decide:
// `subtype` may be "success" while the turn failed. Pure. Source: facts "agents" §3.
#pragma once

#include "core/events/session_event.h"

#include <QJsonObject>

namespace muster {

struct ClaudeResultContext {
    bool cancelling = false;
    QString lastError; // the kind of the last error that an assistant message carried
};

[[nodiscard]] TurnFinished claudeTurnFinished(const QJsonObject &result, const ClaudeResultContext &context);

// `status` of HTTP (0: none), `kind` as in "rate_limit", "authentication_failed".
[[nodiscard]] FailureReason claudeReason(int status, const QString &kind);
// What it says of itself, bounded.
[[nodiscard]] QString claudeDetail(const QJsonObject &result);

} // namespace muster
