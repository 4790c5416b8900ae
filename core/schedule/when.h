// When: what "when" of a schedule means, read from cron, an interval ("every 15m"), plain English ("weekdays
// at 9") or one moment ("2026-12-01 09:00"). Value types, any thread.
#pragma once

#include "core/schedule/cron_pattern.h"

#include <QTimeZone>

#include <variant>

namespace muster {

struct Interval {
    qint64 everyMs = 0; // 1 s to 366 days; elapsed time, counted from an anchor

    friend bool operator==(const Interval &, const Interval &) = default;
};

struct Moment {
    qint64 atMs = 0; // UTC

    friend bool operator==(const Moment &, const Moment &) = default;
};

using When = std::variant<CronPattern, Interval, Moment>;

// `zone` is where a moment without an offset is meant; one that the clock skips there is the first after the
// gap, one that comes twice is the first of the two.
[[nodiscard]] std::expected<When, WhenProblem> readWhen(const QString &text, const QTimeZone &zone);

} // namespace muster
