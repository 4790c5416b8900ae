// When a schedule fires next. Pure; any thread, but one FiringClock at a time is used by one thread.
#pragma once

#include "core/schedule/when.h"

#include <vector>

namespace muster {

// A stretch of time in which a zone keeps one offset. Seconds since 1970, UTC.
struct OffsetPeriod {
    qint64 from = 0;
    qint64 to = 0; // not part of it
    int offset = 0;
    int offsetBefore = 0;
};

// Firings of one schedule in its zone. What a zone's clock does is what its database says (QTimeZone).
//
// Where the clock is set forth or back: a pattern whose hours are fixed fires once, at the first moment after
// the gap, for times that do not exist, and at the first of two for times that come twice; a pattern with *
// or a step in the hour fires whenever the clock shows a time that matches.
class FiringClock {
public:
    FiringClock(When when, QTimeZone zone, qint64 anchorMs);

    // Strictly after `afterMs` (UTC); none when there is none up to the year 2199.
    [[nodiscard]] std::optional<qint64> next(qint64 afterMs);
    // At most `count`, in order.
    [[nodiscard]] std::vector<qint64> next(qint64 afterMs, int count);

private:
    [[nodiscard]] const OffsetPeriod &periodAt(qint64 second);
    [[nodiscard]] std::optional<qint64> nextOf(const CronPattern &pattern, qint64 afterMs);
    [[nodiscard]] std::optional<qint64> nextOf(const Interval &interval, qint64 afterMs) const;

    When m_when;
    QTimeZone m_zone;
    qint64 m_anchorMs;
    OffsetPeriod m_period;
};

} // namespace muster
