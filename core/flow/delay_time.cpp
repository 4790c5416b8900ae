#include "core/flow/delay_time.h"

#include "core/base/duration.h"

#include <QDateTime>

namespace muster {

std::optional<qint64> delayUntil(const QString &text, qint64 nowMs)
{
    const QString trimmed = text.trimmed();
    if (const auto duration = durationFromText(trimmed))
        return nowMs + *duration;
    const QDateTime moment = QDateTime::fromString(trimmed, Qt::ISODateWithMs);
    if (!moment.isValid() || moment.timeSpec() == Qt::LocalTime)
        return std::nullopt;
    return moment.toMSecsSinceEpoch();
}

} // namespace muster
