#include "core/schedule/firing.h"

#include <limits>

namespace muster {

namespace {

constexpr qint64 secondsOfDay = 24LL * 3600;
constexpr qint64 julianDayOf1970 = 2440588;
constexpr qint64 always = std::numeric_limits<qint64>::max() / 2;

qint64 floorDivide(qint64 value, qint64 by) { return value / by - (value % by < 0 ? 1 : 0); }

template <size_t N> std::optional<int> firstFrom(const std::bitset<N> &set, int from)
{
    for (auto at = static_cast<size_t>(from); at < N; ++at)
        if (set.test(at))
            return static_cast<int>(at);
    return std::nullopt;
}

// The first second of a day, from `from` on, that the pattern allows.
std::optional<qint64> timeOfDay(const CronPattern &pattern, qint64 from)
{
    const auto hour = static_cast<int>(from / 3600);
    const auto minute = static_cast<int>(from / 60 % 60);
    if (pattern.hours.test(static_cast<size_t>(hour))) {
        if (pattern.minutes.test(static_cast<size_t>(minute)))
            if (const auto second = firstFrom(pattern.seconds, static_cast<int>(from % 60)))
                return from - from % 60 + *second;
        if (const auto later = firstFrom(pattern.minutes, minute + 1))
            return from - from % 3600 + *later * 60 + *firstFrom(pattern.seconds, 0);
    }
    const auto later = firstFrom(pattern.hours, hour + 1);
    if (!later)
        return std::nullopt;
    return *later * 3600LL + *firstFrom(pattern.minutes, 0) * 60LL + *firstFrom(pattern.seconds, 0);
}

QDate nextMatchingDay(const CronPattern &pattern, QDate day)
{
    while (day.year() <= kLastCronYear) {
        if (!pattern.months.test(static_cast<size_t>(day.month()))) {
            day = QDate(day.year(), day.month(), 1).addMonths(1);
            continue;
        }
        if (pattern.matchesDay(day))
            return day;
        day = day.addDays(1);
    }
    return {};
}

// The first time on the clock, from `local` on, that the pattern allows; in seconds as if local time were
// UTC.
std::optional<qint64> nextOnTheClock(const CronPattern &pattern, qint64 local)
{
    const qint64 dayNumber = floorDivide(local, secondsOfDay);
    const QDate today = QDate::fromJulianDay(julianDayOf1970 + dayNumber);
    if (pattern.matchesDay(today))
        if (const auto time = timeOfDay(pattern, local - dayNumber * secondsOfDay))
            return dayNumber * secondsOfDay + *time;
    const QDate day = nextMatchingDay(pattern, today.addDays(1));
    if (!day.isValid())
        return std::nullopt;
    return (day.toJulianDay() - julianDayOf1970) * secondsOfDay + *timeOfDay(pattern, 0);
}

QDateTime utc(qint64 second) { return QDateTime::fromSecsSinceEpoch(second, QTimeZone::UTC); }

} // namespace

FiringClock::FiringClock(When when, QTimeZone zone, qint64 anchorMs)
    : m_when(std::move(when))
    , m_zone(std::move(zone))
    , m_anchorMs(anchorMs)
{
}

const OffsetPeriod &FiringClock::periodAt(qint64 second)
{
    if (second >= m_period.from && second < m_period.to)
        return m_period;
    m_period = {.from = -always, .to = always, .offset = m_zone.offsetFromUtc(utc(second))};
    m_period.offsetBefore = m_period.offset;
    if (!m_zone.hasTransitions())
        return m_period;
    const QTimeZone::OffsetData before = m_zone.previousTransition(utc(second + 1));
    if (before.atUtc.isValid()) {
        m_period.from = before.atUtc.toSecsSinceEpoch();
        m_period.offsetBefore = m_zone.offsetFromUtc(utc(m_period.from - 1));
    }
    const QTimeZone::OffsetData after = m_zone.nextTransition(utc(second));
    if (after.atUtc.isValid())
        m_period.to = after.atUtc.toSecsSinceEpoch();
    return m_period;
}

std::optional<qint64> FiringClock::nextOf(const CronPattern &pattern, qint64 afterMs)
{
    for (qint64 second = floorDivide(afterMs, 1000) + 1;;) {
        const OffsetPeriod &period = periodAt(second);
        qint64 local = second + period.offset;
        const qint64 shownBefore = period.from + period.offsetBefore; // when this period began
        if (pattern.hoursAreFixed && second == period.from && period.offset > period.offsetBefore) {
            const auto skipped = nextOnTheClock(pattern, shownBefore);
            if (skipped && *skipped < period.from + period.offset)
                return period.from * 1000;
        }
        if (pattern.hoursAreFixed && period.offset < period.offsetBefore)
            local = std::max(local, shownBefore); // what comes again has had its turn
        const auto match = nextOnTheClock(pattern, local);
        if (!match)
            return std::nullopt;
        if (*match - period.offset < period.to)
            return (*match - period.offset) * 1000;
        second = period.to;
    }
}

std::optional<qint64> FiringClock::nextOf(const Interval &interval, qint64 afterMs) const
{
    const qint64 times = std::max<qint64>(0, floorDivide(afterMs - m_anchorMs, interval.everyMs)) + 1;
    return m_anchorMs + times * interval.everyMs;
}

std::optional<qint64> FiringClock::next(qint64 afterMs)
{
    if (const auto *moment = std::get_if<Moment>(&m_when))
        return moment->atMs > afterMs ? std::optional(moment->atMs) : std::nullopt;
    if (const auto *interval = std::get_if<Interval>(&m_when))
        return nextOf(*interval, afterMs);
    return nextOf(std::get<CronPattern>(m_when), afterMs);
}

std::vector<qint64> FiringClock::next(qint64 afterMs, int count)
{
    std::vector<qint64> firings;
    while (std::cmp_less(firings.size(), count)) {
        const auto at = next(firings.empty() ? afterMs : firings.back());
        if (!at)
            break;
        firings.push_back(*at);
    }
    return firings;
}

} // namespace muster
