#include "core/viewmodel/describe.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

constexpr qint64 second = 1000;
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

// Two units at most; the smaller one is left out when it is zero.
QString twoUnits(const char *both, const char *alone, qint64 big, qint64 small)
{
    return small > 0 ? Describe::tr(both).arg(big).arg(small) : Describe::tr(alone).arg(big);
}

} // namespace

QString describeDuration(qint64 ms)
{
    ms = std::max<qint64>(0, ms);
    if (ms < 10 * second)
        return Describe::tr("%1 s").arg(QLocale().toString(static_cast<double>(ms) / 1000.0, 'f', 1));
    if (ms < minute)
        return Describe::tr("%1 s").arg(ms / second);
    if (ms < hour)
        return twoUnits(QT_TRANSLATE_NOOP("Describe", "%1 min %2 s"), QT_TRANSLATE_NOOP("Describe", "%1 min"),
                        ms / minute, ms % minute / second);
    if (ms < day)
        return twoUnits(QT_TRANSLATE_NOOP("Describe", "%1 h %2 min"), QT_TRANSLATE_NOOP("Describe", "%1 h"),
                        ms / hour, ms % hour / minute);
    return twoUnits(QT_TRANSLATE_NOOP("Describe", "%1 d %2 h"), QT_TRANSLATE_NOOP("Describe", "%1 d"),
                    ms / day, ms % day / hour);
}

QString describeAge(qint64 thenMs, qint64 nowMs)
{
    const qint64 age = nowMs - thenMs;
    if (age < minute)
        return Describe::tr("just now");
    if (age < hour)
        return Describe::tr("%1 min ago").arg(age / minute);
    if (age < day)
        return Describe::tr("%1 h ago").arg(age / hour);
    if (age < 7 * day)
        return Describe::tr("%1 d ago").arg(age / day);
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(thenMs).date(), QLocale::ShortFormat);
}

QString describeTime(qint64 ms, bool withMilliseconds)
{
    if (ms == 0)
        return {};
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(ms);
    if (withMilliseconds)
        return local.toString(u"HH:mm:ss.zzz");
    return QLocale().toString(local, QLocale::ShortFormat);
}

QString describeMoney(qint64 microUsd)
{
    if (microUsd > 0 && microUsd < 10'000)
        return Describe::tr("less than $0.01");
    return u'$' + QLocale().toString(static_cast<double>(microUsd) / 1e6, 'f', 2);
}

QString describeCount(qint64 count)
{
    if (count < 1000)
        return QLocale().toString(count);
    if (count < 1'000'000)
        return Describe::tr("%1 k").arg(QLocale().toString(static_cast<double>(count) / 1e3, 'f', 1));
    return Describe::tr("%1 M").arg(QLocale().toString(static_cast<double>(count) / 1e6, 'f', 1));
}

QString describeBytes(qint64 bytes) { return QLocale().formattedDataSize(bytes, 1); }

} // namespace muster
