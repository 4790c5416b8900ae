#include "core/schedule/collisions.h"

#include <QRegularExpression>
#include <QSet>

#include <map>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int longestShift = 24 * 60 - 1;

// Every second would be 86 400 times a day; all that counts is which windows it meets.
std::vector<qint64> windowsOf(const PlannedSchedule &schedule, qint64 nowMs)
{
    std::vector<qint64> windows;
    FiringClock clock(schedule.when, schedule.zone, schedule.anchorMs);
    for (auto at = clock.next(nowMs); at && *at < nowMs + kCollisionLookMs;) {
        windows.push_back(*at / kCollisionWindowMs);
        at = clock.next((windows.back() + 1) * kCollisionWindowMs - 1);
    }
    return windows;
}

struct Meeting {
    QStringList names;
    int steps = 0;
};

using Meetings = std::map<qint64, Meeting>;

Meetings meetingsOf(const std::vector<PlannedSchedule> &others, qint64 nowMs)
{
    Meetings meetings;
    for (const PlannedSchedule &other : others) {
        for (const qint64 window : windowsOf(other, nowMs)) {
            Meeting &meeting = meetings[window];
            meeting.names += other.name;
            meeting.steps += other.steps;
        }
    }
    return meetings;
}

Meetings::const_iterator firstMeeting(const PlannedSchedule &schedule, const Meetings &meetings, qint64 nowMs)
{
    for (const qint64 window : windowsOf(schedule, nowMs)) {
        const auto met = meetings.find(window);
        if (met != meetings.end() && met->second.steps + schedule.steps > kCollisionSteps)
            return met;
    }
    return meetings.end();
}

std::optional<PlannedSchedule> shifted(const PlannedSchedule &schedule, int minutes)
{
    PlannedSchedule later = schedule;
    if (std::holds_alternative<Interval>(schedule.when)) {
        later.anchorMs += minutes * 60'000LL;
        return later;
    }
    if (const auto *moment = std::get_if<Moment>(&schedule.when)) {
        later.when = Moment{.atMs = moment->atMs + minutes * 60'000LL};
        return later;
    }
    const auto text = shiftedPattern(std::get<CronPattern>(schedule.when), minutes);
    const auto pattern =
        text ? parseCron(*text).transform([](const CronPattern &p) {
        return std::optional(p);
    }).value_or(std::nullopt)
             : std::nullopt;
    if (!pattern)
        return std::nullopt;
    later.when = *pattern;
    return later;
}

QString textOf(const PlannedSchedule &schedule)
{
    if (const auto *pattern = std::get_if<CronPattern>(&schedule.when))
        return pattern->text;
    if (const auto *moment = std::get_if<Moment>(&schedule.when))
        return QDateTime::fromMSecsSinceEpoch(moment->atMs, schedule.zone).toString(u"yyyy-MM-dd HH:mm:ss"_s);
    return {};
}

std::optional<Shift> smallestShift(const PlannedSchedule &schedule, const Meetings &meetings, qint64 nowMs)
{
    int longest = longestShift;
    if (const auto *interval = std::get_if<Interval>(&schedule.when))
        longest = static_cast<int>(std::min<qint64>(longest, (interval->everyMs - 1) / 60'000));
    for (int minutes = 1; minutes <= longest; ++minutes) {
        const auto later = shifted(schedule, minutes);
        if (later && firstMeeting(*later, meetings, nowMs) == meetings.end())
            return Shift{.minutes = minutes, .when = textOf(*later), .anchorMs = later->anchorMs};
    }
    return std::nullopt;
}

template <size_t N> QString listOf(const std::bitset<N> &set, int by, bool around)
{
    QStringList values;
    for (size_t at = 0; at < N; ++at) {
        // In the order of what is shown, whichever value they came from.
        const auto from = around ? (at + N - static_cast<size_t>(by) % N) % N : at - static_cast<size_t>(by);
        if ((around || at >= static_cast<size_t>(by)) && set.test(from))
            values += QString::number(at);
    }
    return values.join(u',');
}

QSet<QString> wordsOf(const QString &text)
{
    static const QRegularExpression gap(u"[^\\p{L}\\p{N}]+"_s);
    const QStringList words = text.toLower().split(gap, Qt::SkipEmptyParts);
    return {words.begin(), words.end()};
}

bool areAlike(const QSet<QString> &one, const QSet<QString> &other)
{
    const qsizetype common = QSet<QString>(one).intersect(other).size();
    return common > 0 && 2 * common >= QSet<QString>(one).unite(other).size();
}

} // namespace

std::optional<QString> shiftedPattern(const CronPattern &pattern, int minutes)
{
    QStringList fields = pattern.text.split(u' ');
    const qsizetype minuteAt = fields.size() == 5 ? 0 : 1;
    const int hours = minutes / 60;
    const int rest = minutes % 60;
    size_t lastMinute = 0;
    for (size_t at = 0; at < 60; ++at)
        lastMinute = pattern.minutes.test(at) ? at : lastMinute;
    const bool everyHour = pattern.hours.all();
    if (!everyHour && lastMinute + static_cast<size_t>(rest) > 59) {
        // All of its minutes go into the next hour, or none does.
        size_t first = 0;
        while (first < 60 && !pattern.minutes.test(first))
            ++first;
        if (first + static_cast<size_t>(rest) < 60)
            return std::nullopt;
    }
    const int carried = everyHour ? 0 : hours + (lastMinute + static_cast<size_t>(rest) > 59 ? 1 : 0);
    for (size_t hour = 0; hour < 24; ++hour)
        if (!everyHour && pattern.hours.test(hour) && hour + static_cast<size_t>(carried) > 23)
            return std::nullopt;
    fields[minuteAt] = listOf(pattern.minutes, rest, true);
    if (!everyHour)
        fields[minuteAt + 1] = listOf(pattern.hours, carried, false);
    return fields.join(u' ');
}

std::optional<Collision> findCollision(const PlannedSchedule &schedule,
                                       const std::vector<PlannedSchedule> &others, qint64 nowMs)
{
    const Meetings meetings = meetingsOf(others, nowMs);
    const auto met = firstMeeting(schedule, meetings, nowMs);
    if (met == meetings.end())
        return std::nullopt;
    return Collision{.names = met->second.names,
                     .firstMs = met->first * kCollisionWindowMs,
                     .steps = met->second.steps + schedule.steps,
                     .shift = smallestShift(schedule, meetings, nowMs)};
}

std::optional<Calibration> calibrate(const QString &text, const std::vector<PastFiring> &past)
{
    const QSet<QString> words = wordsOf(text);
    Calibration found;
    qint64 steps = 0;
    for (const PastFiring &firing : past) {
        if (!areAlike(words, wordsOf(firing.text)))
            continue;
        ++found.firings;
        steps += firing.steps;
    }
    if (found.firings < kFewestAlike)
        return std::nullopt;
    found.steps = static_cast<int>(steps / found.firings);
    return found;
}

} // namespace muster
