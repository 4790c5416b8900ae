// What `paseo logs --filter message` prints: what persons and the agent have said and nothing else, whole.
// The text of a turn is taken from here, because what comes live is mixed with reasoning of any number of
// lines. Pure, any thread. Source: getpaseo/paseo, packages/cli/src/commands/agent/logs.ts and
// packages/server/src/server/agent/activity-curator.ts (read, never run).
#pragma once

#include <QString>

#include <optional>

namespace muster {

// How often this was asked.
[[nodiscard]] int timesAsked(const QString &transcript, const QString &prompt);

// What came after it was asked last; where it is shown in another way, after the last that was asked.
[[nodiscard]] QString answerIn(const QString &transcript, const QString &prompt);

// What of `whole` comes after `told`, white space aside; nothing if it does not begin with it.
[[nodiscard]] std::optional<QString> restAfter(const QString &told, const QString &whole);

} // namespace muster
