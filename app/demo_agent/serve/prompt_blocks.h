// Reads what the protocol carries into a turn: the blocks of a prompt, the answer to a permission request.
// Any thread.
#pragma once

#include "app/demo_agent/answer/intent.h"
#include "app/demo_agent/serve/turn_port.h"

#include <QByteArray>
#include <QJsonArray>

namespace muster::demo {

// "text" blocks are instructions, "resource" blocks context, "resource_link" blocks names; others are left.
[[nodiscard]] Prompt promptFrom(const QJsonArray &blocks);

// The raw result of session/request_permission. Options are ours, so their ids are their kinds; what is not
// understood counts as cancelled.
[[nodiscard]] Permission permissionFrom(const QByteArray &result);

} // namespace muster::demo
