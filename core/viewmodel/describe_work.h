// How work does and what it waits for, in words. Plain text. Any thread.
#pragma once

#include "core/node/api/values.h"

#include <QString>

namespace muster {

// "Working", "Stalled".
[[nodiscard]] QString describe(api::WorkState state);
// "last sign 12 s ago"; of what should work from a minute on "silent for 2 min 5 s".
[[nodiscard]] QString describeSign(const api::WorkInfo &work, qint64 nowMs);
// "Working · last sign 12 s ago", "Stalled · silent for 10 min", "Idle since 14:30".
[[nodiscard]] QString describeWork(const api::WorkInfo &work, qint64 nowMs);
// The same with what it does instead of that it works, where that is known: "git status · last sign 2 s ago".
[[nodiscard]] QString describeWork(const api::WorkInfo &work, const QString &doing, qint64 nowMs);
// A time of today without its date.
[[nodiscard]] QString clockTime(qint64 ms, qint64 nowMs);
// Of an answer that waits for a limit of its runtime: who limits, until when, and that it goes on by itself;
// empty where it does not wait.
[[nodiscard]] QString describeWait(const api::MessageInfo &answer, qint64 nowMs);
// What an agent was given: "Given: prompt, reviewer, docs/spec.md (about 1,200 tokens)"; empty for nothing.
[[nodiscard]] QString describeContext(const std::vector<api::ContextInfo> &context);
// A line for each part, with its size, where it is from and what it hides.
[[nodiscard]] QString describeContextParts(const std::vector<api::ContextInfo> &context);

} // namespace muster
