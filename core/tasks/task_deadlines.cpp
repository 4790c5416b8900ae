// How long work may take: told when it is nearly over, stopped when it is. By monotonic time, so that a clock
// that is set, and the machine's sleep, take nothing of it.
#include "core/base/near_limit.h"
#include "core/tasks/task_service.h"

#include <algorithm>
#include <limits>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Before the end.
constexpr qint64 warnedFor(qint64 limitMs) { return limitMs - nearLimit(limitMs); }

} // namespace

void TaskService::stopTime(Held &held) const
{
    if (!held.deadlineMs)
        return;
    held.leftMs = std::max<qint64>(0, *held.deadlineMs - m_clock.monotonicMs());
    held.deadlineMs.reset();
}

void TaskService::startTime(Held &held) const
{
    if (held.limitMs > 0 && !held.deadlineMs)
        held.deadlineMs = m_clock.monotonicMs() + held.leftMs;
}

void TaskService::standsStill(TaskId task, qint64 forMs)
{
    const auto held = m_held.find(task);
    if (held == m_held.end() || !held->deadlineMs || forMs <= 0)
        return;
    *held->deadlineMs += forMs;
    awaitDeadline();
    m_store.shiftDeadlines({{.id = task, .epoch = held->epoch}}, forMs);
}

void TaskService::lookAtDeadlines()
{
    const qint64 now = m_clock.monotonicMs();
    std::vector<TaskId> over;
    std::vector<std::pair<TaskId, qint64>> near;
    for (auto held = m_held.begin(); held != m_held.end(); ++held) {
        if (!held->deadlineMs || held->ending)
            continue;
        const qint64 left = *held->deadlineMs - now;
        if (left <= 0)
            over.push_back(held.key());
        else if (!held->warned && left <= warnedFor(held->limitMs)) {
            held->warned = true;
            near.emplace_back(held.key(), held->limitMs);
        }
    }
    for (const auto &[task, limit] : near)
        emit deadlineNear(task, limit);
    for (const TaskId task : over) {
        Held &held = m_held[task];
        held.deadlineMs.reset(); // told once
        m_runner.stop(task, FailureReason::DeadlineExceeded, u"deadline %1"_s.arg(held.limitMs / 1000));
    }
    awaitDeadline();
}

// A timer for whichever is next; a pass of the reaper looks too.
void TaskService::awaitDeadline()
{
    const qint64 now = m_clock.monotonicMs();
    qint64 next = std::numeric_limits<qint64>::max();
    for (const Held &held : std::as_const(m_held)) {
        if (held.deadlineMs)
            next = std::min(next, *held.deadlineMs - (held.warned ? 0 : warnedFor(held.limitMs)));
    }
    constexpr qint64 farthest = 3'600'000; // passes are more often than that
    if (next == std::numeric_limits<qint64>::max())
        m_deadlineTimer.stop();
    else
        m_deadlineTimer.start(static_cast<int>(std::clamp<qint64>(next - now, 0, farthest)));
}

} // namespace muster
