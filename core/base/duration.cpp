#include "core/base/duration.h"

#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<qint64, 5> unitMs{24LL * 3600 * 1000, 3600LL * 1000, 60LL * 1000, 1000, 1};
constexpr std::array<const char *, 5> unitNames{"d", "h", "m", "s", "ms"};

} // namespace

std::optional<qint64> durationFromText(QStringView text)
{
    static const QRegularExpression pattern(
        uR"(\A(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?(?:(\d{1,6})ms)?\z)"_s);
    const QRegularExpressionMatch match = pattern.matchView(text);
    if (text.isEmpty() || !match.hasMatch())
        return std::nullopt;
    qint64 sum = 0;
    for (size_t unit = 0; unit < unitMs.size(); ++unit)
        sum += match.capturedView(static_cast<int>(unit) + 1).toLongLong() * unitMs[unit];
    if (sum > kLongestDurationMs)
        return std::nullopt;
    return sum;
}

QString durationText(qint64 ms)
{
    QString text;
    for (size_t unit = 0; unit < unitMs.size(); ++unit) {
        if (const qint64 count = ms / unitMs[unit]; count > 0)
            text += QString::number(count) + QLatin1StringView(unitNames[unit]);
        ms %= unitMs[unit];
    }
    return text.isEmpty() ? u"0s"_s : text;
}

} // namespace muster
