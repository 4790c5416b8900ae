#include "core/node/schedules/loop_watch.h"

#include "core/process/proc_table.h"

#include <QCoreApplication>

namespace muster {

namespace {

constexpr int lookEveryMs = 50;
constexpr int looksPerMemory = 20;

} // namespace

LoopWatch::LoopWatch(QObject *parent)
    : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(lookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &LoopWatch::look);
}

void LoopWatch::watch(const std::vector<FiringId> &running)
{
    m_watched.removeIf([&](const auto &watched) { return !std::ranges::contains(running, watched.key()); });
    for (const FiringId id : running)
        if (!m_watched.contains(id))
            m_watched.insert(id, {});
    if (m_watched.isEmpty()) {
        m_timer.stop();
    } else if (!m_timer.isActive()) {
        m_lookedMs = m_clock.monotonicMs();
        m_untilMemory = 0;
        m_timer.start();
    }
}

LoopMeasures LoopWatch::measures() const
{
    LoopMeasures measures;
    for (auto at = m_watched.cbegin(); at != m_watched.cend(); ++at)
        if (at->looks > 0)
            measures.insert(at.key(), measureOf(*at));
    return measures;
}

void LoopWatch::look()
{
    const qint64 now = m_clock.monotonicMs();
    const qint64 lag = std::max<qint64>(0, now - m_lookedMs - lookEveryMs);
    m_lookedMs = now;
    qint64 memory = 0;
    if (m_untilMemory-- == 0) {
        m_untilMemory = looksPerMemory;
        const auto process = readProcEntry(static_cast<pid_t>(QCoreApplication::applicationPid()));
        memory = process ? process->residentBytes() : 0;
    }
    for (Watched &watched : m_watched) {
        ++watched.lags.at(std::min<size_t>(static_cast<size_t>(lag), watched.lags.size() - 1));
        ++watched.looks;
        watched.peakMemory = std::max(watched.peakMemory, memory);
    }
}

LoopMeasure LoopWatch::measureOf(const Watched &watched)
{
    const quint32 wanted = watched.looks - watched.looks / 100;
    quint32 seen = 0;
    qint64 lag = 0;
    while (seen < wanted && std::cmp_less(lag, watched.lags.size()))
        seen += watched.lags.at(static_cast<size_t>(lag++));
    return {.lagMs = lag - 1, .peakMemory = watched.peakMemory};
}

} // namespace muster
