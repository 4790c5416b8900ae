#include "core/viewmodel/describe_schedule.h"

#include "core/viewmodel/describe.h"

#include <QCoreApplication>
#include <QLocale>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Schedules {
    Q_DECLARE_TR_FUNCTIONS(Schedules)
};

constexpr qint64 secondMs = 1000;
constexpr qint64 minuteMs = 60 * secondMs;
constexpr qint64 fewSecondsMs = 10 * secondMs;

// To the second only where seconds matter.
qint64 unitOf(qint64 left) { return left < minuteMs ? secondMs : minuteMs; }

template <size_t N> QList<int> valuesOf(const std::bitset<N> &set)
{
    QList<int> values;
    for (size_t at = 0; at < N; ++at)
        if (set.test(at))
            values += static_cast<int>(at);
    return values;
}

QString andList(const QStringList &parts)
{
    if (parts.size() < 2)
        return parts.join(QString());
    return Schedules::tr("%1 and %2").arg(parts.first(parts.size() - 1).join(u", "_s), parts.back());
}

QString weekdayName(int weekday) { return QLocale().dayName(weekday == 0 ? 7 : weekday); }

QString weekdays(const std::bitset<7> &set)
{
    if (set == std::bitset<7>(0b0111110))
        return Schedules::tr("every weekday");
    if (set == std::bitset<7>(0b1000001))
        return Schedules::tr("every weekend day");
    QStringList names;
    const QList<int> weekdays = valuesOf(set);
    for (const int weekday : weekdays)
        names += weekdayName(weekday);
    return Schedules::tr("every %1").arg(andList(names));
}

// nullopt: only the pattern itself says it well.
std::optional<QString> dayPhrase(const CronPattern &pattern)
{
    const bool marked = pattern.last.any() ||
                        std::ranges::any_of(pattern.nth, [](const auto &set) { return set.any(); }) ||
                        pattern.nearestWeekday > 0 || pattern.lastWeekday;
    if (marked || pattern.years || !pattern.months.test(1) || pattern.months.count() != 12 ||
        (pattern.daysRestricted && pattern.weekdaysRestricted))
        return std::nullopt;
    if (pattern.weekdaysRestricted)
        return weekdays(pattern.weekdays);
    if (!pattern.daysRestricted)
        return Schedules::tr("every day");
    if (pattern.lastDay)
        return pattern.days.any() ? std::nullopt
                                  : std::optional(Schedules::tr("on the last day of every month"));
    QStringList days;
    const QList<int> numbers = valuesOf(pattern.days);
    for (const int day : numbers)
        days += QString::number(day);
    if (days.size() > 4)
        return std::nullopt;
    return Schedules::tr("on day %1 of every month").arg(andList(days));
}

std::optional<QString> timePhrase(const CronPattern &pattern)
{
    const QList<int> seconds = valuesOf(pattern.seconds);
    const QList<int> minutes = valuesOf(pattern.minutes);
    const QList<int> hours = valuesOf(pattern.hours);
    if (seconds != QList<int>{0})
        return std::nullopt;
    if (minutes.size() == 60 && hours.size() == 24)
        return Schedules::tr("every minute");
    if (hours.size() == 24 && minutes == QList<int>{0})
        return Schedules::tr("every hour");
    if (hours.size() == 24 && pattern.text.startsWith(u"*/") && 60 % minutes.size() == 0)
        return Schedules::tr("every %1 minutes").arg(60 / minutes.size());
    if (minutes.size() * hours.size() > 4)
        return std::nullopt;
    QStringList times;
    for (const int hour : hours)
        for (const int minute : minutes)
            times += QTime(hour, minute).toString(u"HH:mm"_s);
    return Schedules::tr("at %1").arg(andList(times));
}

QString capitalised(const QString &text)
{
    return text.isEmpty() ? text : text.at(0).toUpper() + text.sliced(1);
}

QString sentence(const CronPattern &pattern)
{
    const auto days = dayPhrase(pattern);
    const auto times = timePhrase(pattern);
    if (!days || !times)
        return Schedules::tr("By the pattern %1").arg(pattern.text);
    const bool timesAlone = !pattern.daysRestricted && !pattern.weekdaysRestricted &&
                            !times->startsWith(Schedules::tr("at %1").section(u'%', 0, 0));
    return capitalised(timesAlone ? *times : Schedules::tr("%1 %2", "days, times").arg(*days, *times));
}

QString mistakeText(const WhenProblem &problem)
{
    switch (problem.mistake) {
    case WhenMistake::Empty:
        return Schedules::tr("Nothing says when.");
    case WhenMistake::NotUnderstood:
        return problem.found.isEmpty() ? Schedules::tr("Something is missing at the end.")
                                       : Schedules::tr("'%1' is not understood here.").arg(problem.found);
    case WhenMistake::FieldCount:
        return Schedules::tr(
                   "A cron pattern has five fields (six with seconds, seven with years); this has %1.")
            .arg(problem.found);
    case WhenMistake::BadValue:
        return Schedules::tr("'%1' is not a value for this field.").arg(problem.found);
    case WhenMistake::DescendingRange:
        return Schedules::tr("The range %1 goes backwards; write its smaller end first.").arg(problem.found);
    case WhenMistake::StepOfNothing:
        return Schedules::tr("The step in '%1' must follow * or a range, for example */15 or 5-59/15.")
            .arg(problem.found);
    case WhenMistake::StepOfZero:
        return Schedules::tr("A step of 0 never moves on; write 1 or more.");
    case WhenMistake::NotAlone:
        return Schedules::tr("'%1' must stand alone.").arg(problem.found);
    case WhenMistake::MarkNotHere:
        return Schedules::tr("'%1' means nothing in this place.").arg(problem.found);
    case WhenMistake::RebootNotSupported:
        return Schedules::tr("@reboot has no time; a schedule needs one.");
    case WhenMistake::BadTime:
        return Schedules::tr("'%1' is not a time of day.").arg(problem.found);
    case WhenMistake::BadDate:
        return Schedules::tr("'%1' is not a date.").arg(problem.found);
    case WhenMistake::TimesDoNotFit:
        return Schedules::tr("One schedule cannot hold these times together; make one for each.");
    case WhenMistake::DoesNotFit:
        return Schedules::tr("'%1' does not go with the rest.").arg(problem.found);
    case WhenMistake::IntervalTooShort:
        return Schedules::tr("'%1' is shorter than a second.").arg(problem.found);
    case WhenMistake::IntervalTooLong:
        return Schedules::tr("'%1' is longer than a year.").arg(problem.found);
    case WhenMistake::MissingTime:
        return Schedules::tr("A time of day is missing.");
    }
    return {};
}

} // namespace

QString describe(const WhenProblem &problem)
{
    QString text = Schedules::tr("Column %1: %2").arg(problem.position + 1).arg(mistakeText(problem));
    if (!problem.expected.isEmpty())
        text += u' ' + Schedules::tr("Write for example: %1.").arg(problem.expected);
    return text;
}

WhenProblem whenProblemFrom(const QString &detail)
{
    const QStringList lines = detail.split(u'\n');
    return {.mistake = enumFromName<WhenMistake>(lines.value(0)).value_or(WhenMistake::NotUnderstood),
            .position = lines.value(1).toInt(),
            .found = lines.value(2),
            .expected = lines.value(3)};
}

QStringList whenExamples()
{
    return {u"weekdays at 9"_s, u"every monday 14:30"_s,    u"first day of the month at noon"_s,
            u"every 15m"_s,     u"*/30 9-17 * * MON-FRI"_s, u"2026-12-01 09:00"_s};
}

QString describeWhenExamples()
{
    return Schedules::tr("These are understood: %1.").arg(whenExamples().join(u"; "_s));
}

QString describe(const When &when, const QTimeZone &zone)
{
    if (const auto *pattern = std::get_if<CronPattern>(&when))
        return sentence(*pattern);
    if (const auto *interval = std::get_if<Interval>(&when))
        return Schedules::tr("Every %1").arg(describeDuration(interval->everyMs));
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(std::get<Moment>(when).atMs, zone);
    return Schedules::tr("Once, on %1").arg(at.toString(u"yyyy-MM-dd HH:mm"_s));
}

QString describeReading(const QString &when, const QString &zone)
{
    const QTimeZone in(zone.toLatin1());
    if (!in.isValid())
        return {};
    const auto read = readWhen(when, in);
    return read ? describe(*read, in) : QString();
}

QString describeMoment(qint64 ms, qint64 nowMs, const QTimeZone &zone)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(ms, zone);
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(nowMs, zone);
    const bool sameYear = at.date().year() == now.date().year();
    const QLocale locale;
    const QString day = locale.toString(at.date(), sameYear ? u"ddd d MMM"_s : u"ddd d MMM yyyy"_s);
    const QString time = at.time().second() == 0 ? locale.toString(at.time(), u"HH:mm"_s)
                                                 : locale.toString(at.time(), u"HH:mm:ss"_s);
    return Schedules::tr("%1, %2", "day, time of day").arg(day, time);
}

QString describeUntil(qint64 ms, qint64 nowMs)
{
    const qint64 left = ms - nowMs;
    if (left < secondMs)
        return Schedules::tr("now");
    if (left < fewSecondsMs)
        return Schedules::tr("in a few seconds");
    return Schedules::tr("in %1").arg(describeDuration(left / unitOf(left) * unitOf(left)));
}

std::optional<qint64> untilHoldsFor(qint64 ms, qint64 nowMs)
{
    const qint64 left = ms - nowMs;
    if (left < secondMs)
        return std::nullopt;
    return 1 + (left < fewSecondsMs ? left - secondMs : left % unitOf(left));
}

QStringList describeTimes(const std::vector<qint64> &times, qint64 nowMs)
{
    QStringList lines;
    for (const qint64 at : times)
        lines += describeMoment(at, nowMs) + u" · "_s + describeUntil(at, nowMs);
    return lines;
}

QString describeCron(const QString &cron)
{
    return cron.isEmpty() ? cron : Schedules::tr("As cron: %1").arg(cron);
}

} // namespace muster
