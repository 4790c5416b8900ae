// CronPattern: a cron pattern as sets of what it allows. Five fields, six with seconds first, seven with
// years last, or a nickname such as @daily; with the calendar marks L, W, # and the + that asks for both day
// fields. Source: the Open Cron Pattern Specification, 1.0 to 1.4 (open-source-cron/ocps). Beyond it: LW is
// the month's last weekday. Years go from 1970 to 2199. Value type, any thread.
#pragma once

#include "core/schedule/when_problem.h"

#include <QDate>
#include <QString>

#include <array>
#include <bitset>
#include <expected>
#include <optional>

namespace muster {

inline constexpr int kFirstCronYear = 1970;
inline constexpr int kLastCronYear = 2199;

struct CronPattern {
    std::bitset<60> seconds;
    std::bitset<60> minutes;
    std::bitset<24> hours;
    std::bitset<32> days;              // 1 to 31
    std::bitset<13> months;            // 1 to 12
    std::bitset<7> weekdays;           // 0 is Sunday
    std::array<std::bitset<6>, 7> nth; // by weekday: its first to fifth occurrence in the month
    std::bitset<7> last;               // by weekday: its last occurrence in the month
    std::optional<std::bitset<kLastCronYear - kFirstCronYear + 1>> years; // none: all of them
    int nearestWeekday = 0;   // 15W: the weekday nearest to this day; 0: not asked for
    bool lastDay = false;     // L
    bool lastWeekday = false; // LW
    bool daysRestricted = false;
    bool weekdaysRestricted = false;
    bool bothDays = false; // +: the day must satisfy both day fields instead of one of them
    // A pattern that names its hours means a time on the clock; one with * or a step in the hour means
    // elapsed time. That decides what happens where a zone's clock is set forth or back.
    bool hoursAreFixed = false;
    QString text; // five, six or seven fields with single spaces

    [[nodiscard]] bool matchesDay(QDate day) const;

    friend bool operator==(const CronPattern &, const CronPattern &) = default;
};

[[nodiscard]] std::expected<CronPattern, WhenProblem> parseCron(const QString &text);

} // namespace muster
