// Durations as people write them: "90s", "20m", "2h30m", "2d", "500ms". Units go from large to small, each at
// most once. Any thread.
#pragma once

#include <QString>

#include <optional>

namespace muster {

inline constexpr qint64 kLongestDurationMs = 366LL * 24 * 3600 * 1000;

// Milliseconds; nullopt if it is not a duration or longer than a year.
[[nodiscard]] std::optional<qint64> durationFromText(QStringView text);
// The shortest text that durationFromText() reads as it: "2h30m". Not of negative ones.
[[nodiscard]] QString durationText(qint64 ms);

} // namespace muster
