#include "core/schedule/cron_pattern.h"

namespace muster {

namespace {

// OCPS 1.3: Saturday counts for the Friday before, Sunday for the Monday after, never into another month.
QDate nearestWeekday(QDate day)
{
    if (day.dayOfWeek() == Qt::Saturday)
        return day.day() == 1 ? day.addDays(2) : day.addDays(-1);
    if (day.dayOfWeek() == Qt::Sunday)
        return day.day() == day.daysInMonth() ? day.addDays(-2) : day.addDays(1);
    return day;
}

bool matchesDayOfMonth(const CronPattern &pattern, QDate day)
{
    if (pattern.days.test(static_cast<size_t>(day.day())))
        return true;
    const QDate end(day.year(), day.month(), day.daysInMonth());
    if (pattern.lastDay && day == end)
        return true;
    if (pattern.lastWeekday && day == nearestWeekday(end))
        return true;
    const QDate asked(day.year(), day.month(), pattern.nearestWeekday);
    return pattern.nearestWeekday > 0 && asked.isValid() && day == nearestWeekday(asked);
}

bool matchesWeekday(const CronPattern &pattern, QDate day)
{
    const auto weekday = static_cast<size_t>(day.dayOfWeek() % 7);
    const auto occurrence = (static_cast<size_t>(day.day()) - 1) / 7 + 1;
    return pattern.weekdays.test(weekday) || pattern.nth.at(weekday).test(occurrence) ||
           (pattern.last.test(weekday) && day.day() + 7 > day.daysInMonth());
}

} // namespace

bool CronPattern::matchesDay(QDate day) const
{
    if (!months.test(static_cast<size_t>(day.month())))
        return false;
    if (years && (day.year() < kFirstCronYear || day.year() > kLastCronYear ||
                  !years->test(static_cast<size_t>(day.year() - kFirstCronYear))))
        return false;
    if (bothDays)
        return matchesDayOfMonth(*this, day) && matchesWeekday(*this, day);
    if (daysRestricted && weekdaysRestricted)
        return matchesDayOfMonth(*this, day) || matchesWeekday(*this, day);
    return daysRestricted ? matchesDayOfMonth(*this, day) : !weekdaysRestricted || matchesWeekday(*this, day);
}

} // namespace muster
