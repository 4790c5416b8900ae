// What an error of Codex's app-server means: its codexErrorInfo is a name, or an object of one name with the
// upstream's HTTP status. Pure. Source: the app-server's schema (0.169.0), CodexErrorInfo; facts "agents"
// §4.1.
#pragma once

#include "core/events/session_event.h"

#include <QJsonObject>

namespace muster {

struct CodexError {
    FailureReason reason = FailureReason::RuntimeError;
    TurnOutcome outcome = TurnOutcome::Failed;
    QString message;
};

// `error` is {message, codexErrorInfo, additionalDetails}.
[[nodiscard]] CodexError readCodexError(const QJsonObject &error);

// The account's limits as last told ({primary, secondary, …}): how full the fullest is, and when it is over.
struct CodexLimit {
    int usedPercent = 0;
    std::optional<qint64> resetAtMs;
};
[[nodiscard]] CodexLimit fullestLimit(const QJsonObject &rateLimits);

} // namespace muster
