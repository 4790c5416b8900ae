// can_use_tool of stream-JSON ⇄ PermissionRequested or QuestionAsked and their answers. Pure.
//
// An allowance is always for this one call: rules that last are kept by us, where the person sees them. The
// diff of a file that is written whole shows all of it as new: the agent does not say what was there.
#pragma once

#include "core/events/session_event.h"
#include "core/protocol/agent_protocol.h"

#include <QJsonObject>

namespace muster {

// `request` is the control request's own object. The requestId is left to the caller.
[[nodiscard]] PermissionRequested claudePermission(const QJsonObject &request);

// One a question; empty if the request is not one for a person to answer by words.
[[nodiscard]] std::vector<QuestionAsked> claudeQuestions(const QJsonObject &request);

[[nodiscard]] QJsonObject claudeAllow(const QJsonObject &input);
[[nodiscard]] QJsonObject claudeDeny(const QString &message);

} // namespace muster
