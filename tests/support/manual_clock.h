// A clock set by hand. Any thread.
#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace muster {

class ManualClock final : public Clock {
public:
    explicit ManualClock(qint64 nowMs = 1'800'000'000'000)
        : m_now(nowMs)
    {
    }

    [[nodiscard]] qint64 nowMs() const override { return m_now; }
    [[nodiscard]] qint64 monotonicMs() const override { return m_monotonic; }
    // Both kinds of time pass.
    void advance(qint64 ms)
    {
        m_now += ms;
        m_monotonic += ms;
    }
    // The person sets the clock, or the machine has slept: only the wall clock moves.
    void setNow(qint64 nowMs) { m_now = nowMs; }

private:
    std::atomic<qint64> m_now;
    std::atomic<qint64> m_monotonic = 0;
};

} // namespace muster
