#include "core/tasks/forecast.h"

#include <algorithm>
#include <limits>
#include <map>

namespace muster {

namespace {

constexpr qint64 never = std::numeric_limits<qint64>::max();

std::optional<qint64> known(qint64 moment) { return moment == never ? std::nullopt : std::optional(moment); }

// The moments at which each slot of the pool may be taken, the earliest first. What a person forced holds
// more slots than there are: the first of those that end give nothing back.
std::vector<qint64> slotsOf(const ForecastPool &pool, qint64 nowMs)
{
    std::vector<qint64> moments;
    moments.reserve(pool.frees.size());
    for (const auto &moment : pool.frees)
        moments.push_back(moment ? std::max(*moment, nowMs) : never);
    std::ranges::sort(moments);
    const auto cap = static_cast<size_t>(std::max(0, pool.cap));
    if (moments.size() >= cap)
        moments.erase(moments.begin(), moments.end() - static_cast<std::ptrdiff_t>(cap));
    else
        moments.insert(moments.begin(), cap - moments.size(), nowMs);
    return moments;
}

} // namespace

std::optional<qint64> freesAt(const HeldSlot &slot, qint64 nowMs)
{
    std::optional<qint64> soonest;
    const auto weigh = [&](std::optional<qint64> moment) {
        if (moment && *moment > nowMs && (!soonest || *moment < *soonest))
            soonest = moment;
    };
    weigh(slot.deadlineMs);
    weigh(slot.usualWorkMs.transform([&](qint64 work) { return slot.claimedMs + work; }));
    weigh(slot.lateLeaseEndsMs);
    return soonest;
}

std::optional<qint64> freesAt(const ForecastPool &pool, qint64 nowMs)
{
    const std::vector<qint64> moments = slotsOf(pool, nowMs);
    return moments.empty() ? std::nullopt : known(moments.front());
}

std::vector<std::optional<qint64>> expectedStarts(const std::vector<ForecastPool> &pools,
                                                  const std::vector<ForecastTask> &queue, qint64 nowMs)
{
    std::map<QString, std::vector<qint64>> moments;
    for (const ForecastPool &pool : pools)
        moments[pool.name] = slotsOf(pool, nowMs);
    std::vector<std::optional<qint64>> starts;
    starts.reserve(queue.size());
    for (const ForecastTask &task : queue) {
        qint64 start = std::max(nowMs, task.notBeforeMs);
        for (const QString &name : task.pools) {
            if (const auto found = moments.find(name); found != moments.end())
                start = std::max(start, found->second.empty() ? never : found->second.front());
        }
        starts.push_back(known(start));
        const qint64 end = start == never || !task.workMs ? never : start + *task.workMs;
        for (const QString &name : task.pools) {
            const auto found = moments.find(name);
            if (found == moments.end() || found->second.empty())
                continue;
            found->second.front() = end;
            std::ranges::sort(found->second);
        }
    }
    return starts;
}

} // namespace muster
