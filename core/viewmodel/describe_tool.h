// Tool calls of agents as words and signs for people. Plain text. Any thread.
#pragma once

#include "core/node/api/values.h"

namespace muster {

[[nodiscard]] QString describe(ToolKind kind);
[[nodiscard]] QString describe(ToolOutcome outcome);
// Name of an icon in resources/icons.
[[nodiscard]] QString iconFor(ToolKind kind);

// "Running for 3 s", "Done, 0.4 s", "Failed, 2 s", "Cut off". `live`: its turn still runs.
[[nodiscard]] QString describeToolState(const api::ToolCall &call, bool live, qint64 nowMs);
// What it is called in one line; the kind where the runtime gives no title.
[[nodiscard]] QString toolTitle(const api::ToolCall &call);
// "Read 5, searched 2": of several calls together, in the order of their first.
[[nodiscard]] QString describeTools(const std::vector<api::ToolCall> &calls);

} // namespace muster
