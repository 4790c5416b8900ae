// Which way of saying when a text is written in; and intervals and moments, which are short.
#include "core/base/duration.h"
#include "core/schedule/when.h"
#include "core/schedule/when_words.h"

#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

using Read = std::expected<When, WhenProblem>;

constexpr qint64 shortestIntervalMs = 1000;

std::unexpected<WhenProblem> wrong(WhenMistake mistake, qsizetype position, const QString &found,
                                   const QString &expected = {})
{
    return std::unexpected(
        WhenProblem{.mistake = mistake, .position = position, .found = found, .expected = expected});
}

bool looksLikeCron(const QString &text)
{
    static const QRegularExpression start(uR"(\A\s*(@|[0-9*?][0-9*,/?-]*\s+[0-9*][0-9*,/-]*\s))"_s);
    return start.match(text).hasMatch() || text.contains(u'*');
}

// "every 15m", "90s", "every 2h 30m".
std::optional<Read> readInterval(const QString &text)
{
    static const QRegularExpression form(uR"(\A\s*(?:every\s+)?((?:\d+\s*(?:ms|d|h|m|s)\s*)+)\z)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString written = match.captured(1).trimmed();
    const qsizetype at = match.capturedStart(1);
    const auto ms = durationFromText(QString(written).remove(QRegularExpression(u"\\s"_s)).toLower());
    if (!ms) {
        static const QRegularExpression numbers(u"\\d{7}"_s);
        return wrong(written.contains(numbers) ? WhenMistake::IntervalTooLong : WhenMistake::NotUnderstood,
                     at, written, u"2h30m"_s);
    }
    if (*ms < shortestIntervalMs)
        return wrong(WhenMistake::IntervalTooShort, at, written);
    return Interval{.everyMs = *ms};
}

QDateTime onTheClockOf(const QTimeZone &zone, QDate date, QTime time)
{
    QDateTime there(date, time, zone, QDateTime::TransitionResolution::PreferBefore);
    if (there.date() == date && there.time() == time)
        return there;
    // The clock skips it: the first moment after the gap is the transition itself.
    const QDateTime dayBefore = QDateTime(date, time, QTimeZone::UTC).addDays(-2);
    const QDateTime asIfBefore =
        QDateTime(date, time, QTimeZone::UTC).addSecs(-zone.offsetFromUtc(dayBefore));
    const QTimeZone::OffsetData gap = zone.previousTransition(asIfBefore.addSecs(1));
    return gap.atUtc.isValid() ? gap.atUtc : there;
}

// "2026-12-01 09:00", "2026-12-01T09:00:00+01:00".
std::optional<Read> readMoment(const QString &text, const QTimeZone &zone)
{
    static const QRegularExpression form(
        uR"(\A\s*(?:on\s+|at\s+)?(\d{4}-\d{1,2}-\d{1,2})(?:(?:\s+|T|\s+at\s+)(\d{1,2}:\d{2}(?::\d{2})?))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?\s*\z)"_s,
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QDate date = QDate::fromString(match.captured(1), u"yyyy-M-d"_s);
    if (!date.isValid() || date.year() < kFirstCronYear || date.year() > kLastCronYear)
        return wrong(WhenMistake::BadDate, match.capturedStart(1), match.captured(1), u"YYYY-MM-DD"_s);
    const QString written = match.captured(2);
    if (written.isEmpty())
        return wrong(WhenMistake::MissingTime, match.capturedEnd(1), match.captured(1),
                     match.captured(1) + u" 09:00"_s);
    const QTime time = QTime::fromString(written, written.count(u':') == 2 ? u"H:mm:ss"_s : u"H:mm"_s);
    if (!time.isValid())
        return wrong(WhenMistake::BadTime, match.capturedStart(2), written, u"00:00-23:59"_s);
    QString offset = match.captured(3);
    if (offset.isEmpty())
        return Moment{.atMs = onTheClockOf(zone, date, time).toMSecsSinceEpoch()};
    offset.remove(u':');
    const bool isUtc = offset.at(0).isLetter();
    const int minutes = isUtc ? 0 : offset.sliced(1, 2).toInt() * 60 + offset.sliced(3, 2).toInt();
    if (minutes > 14 * 60)
        return wrong(WhenMistake::BadTime, match.capturedStart(3), match.captured(3), u"+01:00"_s);
    const QDateTime there(date, time, QTimeZone::UTC);
    return Moment{.atMs =
                      there.addSecs(offset.at(0) == u'-' ? minutes * 60 : -minutes * 60).toMSecsSinceEpoch()};
}

} // namespace

Read readWhen(const QString &text, const QTimeZone &zone)
{
    if (text.trimmed().isEmpty())
        return wrong(WhenMistake::Empty, 0, {});
    if (const auto moment = readMoment(text, zone))
        return *moment;
    if (const auto interval = readInterval(text))
        return *interval;
    if (looksLikeCron(text))
        return parseCron(text).transform([](const CronPattern &pattern) { return When(pattern); });
    return readWhenWords(text);
}

} // namespace muster
