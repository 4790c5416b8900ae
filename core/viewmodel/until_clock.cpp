#include "core/viewmodel/until_clock.h"

#include "core/viewmodel/describe_schedule.h"

#include <QDateTime>

namespace muster {

UntilClock::UntilClock(QObject *parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        arm();
        emit changed();
    });
}

void UntilClock::setMoments(std::vector<qint64> utcMs)
{
    m_moments = std::move(utcMs);
    arm();
}

void UntilClock::setActive(bool active)
{
    m_active = active;
    arm();
}

void UntilClock::arm()
{
    m_timer.stop();
    if (!m_active)
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    std::optional<qint64> soonest;
    for (const qint64 moment : m_moments) {
        const auto left = untilHoldsFor(moment, now);
        if (left && (!soonest || *left < *soonest))
            soonest = left;
    }
    if (soonest)
        m_timer.start(std::chrono::milliseconds(*soonest));
}

} // namespace muster
