#include "core/node/flows/wake_ups.h"

#include <algorithm>

namespace muster {

namespace {
// A timer counts time awake; looking at the clock this often finds a jump soon enough.
constexpr qint64 lookEveryMs = 5'000;
} // namespace

WakeUps::WakeUps(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &WakeUps::fire);
}

void WakeUps::wakeAt(RunId run, qint64 atMs)
{
    m_moments.insert(run, atMs);
    arm();
}

void WakeUps::forget(RunId run) { m_moments.remove(run); }

void WakeUps::arm()
{
    if (m_moments.isEmpty())
        return;
    const qint64 first = *std::ranges::min_element(m_moments);
    m_timer.start(static_cast<int>(std::clamp(first - m_clock.nowMs(), qint64{0}, lookEveryMs)));
}

void WakeUps::fire()
{
    const qint64 now = m_clock.nowMs();
    QList<RunId> runs;
    m_moments.removeIf([&](const auto &entry) {
        const bool passed = entry.value() <= now;
        if (passed)
            runs.push_back(entry.key());
        return passed;
    });
    for (RunId run : std::as_const(runs))
        emit due(run);
    arm();
}

} // namespace muster
