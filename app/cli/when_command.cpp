#include "app/cli/when_command.h"

#include "app/cli/cli.h"
#include "core/schedule/firing.h"
#include "core/viewmodel/describe_schedule.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

int refuse(const QString &text, bool json, const QJsonObject &more = {})
{
    Cli::say(Cli::tr("muster: %1").arg(text));
    if (json) {
        QJsonObject error = more;
        error.insert(u"code"_s, u"invalid_argument"_s);
        error.insert(u"text"_s, text);
        Cli::printJson(QJsonObject{{u"error"_s, error}});
    }
    return ExitUsage;
}

// Without an offset it is meant in `zone`, as a moment of a schedule is.
std::optional<qint64> startFrom(const QString &text, const QTimeZone &zone)
{
    if (text.isEmpty())
        return QDateTime::currentMSecsSinceEpoch();
    const QDateTime dateOnly(QDate::fromString(text, Qt::ISODate), QTime(0, 0), zone);
    if (text.size() == 10)
        return dateOnly.isValid() ? std::optional(dateOnly.toMSecsSinceEpoch()) : std::nullopt;
    const auto when = readWhen(text, zone);
    if (!when || !std::holds_alternative<Moment>(*when))
        return std::nullopt;
    return std::get<Moment>(*when).atMs;
}

QString kindOf(const When &when)
{
    static const std::array names{u"cron"_s, u"interval"_s, u"moment"_s};
    return names.at(when.index());
}

QJsonObject toJson(const When &when, const QTimeZone &zone, const std::vector<qint64> &firings)
{
    const auto *pattern = std::get_if<CronPattern>(&when);
    QJsonArray next;
    for (const qint64 at : firings) {
        next.append(
            QJsonObject{{u"at"_s, QDateTime::fromMSecsSinceEpoch(at, QTimeZone::UTC).toString(Qt::ISODate)},
                        {u"local"_s, QDateTime::fromMSecsSinceEpoch(at, zone).toString(Qt::ISODate)}});
    }
    return {{u"kind"_s, kindOf(when)},
            {u"cron"_s, pattern ? QJsonValue(pattern->text) : QJsonValue()},
            {u"reading"_s, describe(when, zone)},
            {u"zone"_s, QString::fromLatin1(zone.id())},
            {u"next"_s, next}};
}

void printFirings(const When &when, const QTimeZone &zone, const std::vector<qint64> &firings)
{
    Cli::print(u"%1, %2"_s.arg(describe(when, zone), QString::fromLatin1(zone.id())));
    if (const auto *pattern = std::get_if<CronPattern>(&when))
        Cli::print(Cli::tr("cron: %1").arg(pattern->text));
    if (firings.empty())
        Cli::print(Cli::tr("It never fires after that."));
    for (const qint64 at : firings)
        Cli::print(u"  "_s +
                   QDateTime::fromMSecsSinceEpoch(at, zone).toString(u"ddd yyyy-MM-dd HH:mm:ss t"_s));
}

} // namespace

int tellWhen(const WhenOptions &options, bool json)
{
    const QTimeZone zone =
        options.zone.isEmpty() ? QTimeZone::systemTimeZone() : QTimeZone(options.zone.toLatin1());
    if (!zone.isValid())
        return refuse(
            Cli::tr("'%1' is not a time zone. Write one like Europe/Berlin or UTC.").arg(options.zone), json);
    const auto from = startFrom(options.from, zone);
    if (!from)
        return refuse(
            Cli::tr("--from %1 is not a moment. Write one like 2026-06-01T09:00.").arg(options.from), json);
    const auto when = readWhen(options.text, zone);
    if (!when) {
        return refuse(describe(when.error()) + u' ' + describeWhenExamples(), json,
                      {{u"column"_s, when.error().position + 1}, {u"found"_s, when.error().found}});
    }
    const std::vector<qint64> firings = FiringClock(*when, zone, *from).next(*from, options.count);
    if (json)
        Cli::printJson(toJson(*when, zone, firings));
    else
        printFirings(*when, zone, firings);
    return ExitSuccess;
}

} // namespace muster::app
