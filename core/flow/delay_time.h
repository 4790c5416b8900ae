// The time of a delay step as its file or an expression gives it: a duration ("10m", "2h30m", as everywhere
// in flow files) or a moment in ISO 8601 with its offset ("2026-11-30T08:00:00Z"). Pure, any thread.
#pragma once

#include <QString>

#include <optional>

namespace muster {

// UTC milliseconds; a moment that has passed is not moved. nullopt for any other text, and for a moment
// without an offset, which would be another one on each machine.
[[nodiscard]] std::optional<qint64> delayUntil(const QString &text, qint64 nowMs);

} // namespace muster
