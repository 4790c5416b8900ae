// When queued tasks are expected to begin: the queue is played through as pools give their slots back. A
// guess from how long such work took until now, and so are its numbers. Times are UTC milliseconds; none:
// nobody knows. Pure; any thread. Source: spec "tasks and schedules", Run now; docs/adr/0021.
#pragma once

#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

struct ForecastPool {
    QString name;
    int cap = 0;                              // pools without one hold nothing back and are left out
    std::vector<std::optional<qint64>> frees; // of each slot that is held: when it is given back
};

struct ForecastTask {
    QStringList pools;
    qint64 notBeforeMs = 0;
    std::optional<qint64> workMs; // how long it may take
};

// Of one that runs: the sooner of its deadline and of when such work was usually done. An owner that is late
// with its heartbeat gives its slot up with its lease.
struct HeldSlot {
    qint64 claimedMs = 0;
    std::optional<qint64> deadlineMs;
    std::optional<qint64> usualWorkMs;
    std::optional<qint64> lateLeaseEndsMs;
};
[[nodiscard]] std::optional<qint64> freesAt(const HeldSlot &slot, qint64 nowMs);

// In the order of the queue.
[[nodiscard]] std::vector<std::optional<qint64>>
expectedStarts(const std::vector<ForecastPool> &pools, const std::vector<ForecastTask> &queue, qint64 nowMs);
// When a pool has a free slot, as it runs now; the queue does not count.
[[nodiscard]] std::optional<qint64> freesAt(const ForecastPool &pool, qint64 nowMs);

} // namespace muster
