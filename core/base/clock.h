// Clock: the only source of time in the core, so that tests set it by hand. Any thread.
#pragma once

#include <QtTypes>

namespace muster {

class Clock {
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    // UTC milliseconds since 1970, as stored everywhere. May jump when the person sets the clock.
    [[nodiscard]] virtual qint64 nowMs() const = 0;
    // Milliseconds that only grow, from an arbitrary start; stands still while the machine sleeps.
    [[nodiscard]] virtual qint64 monotonicMs() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] qint64 nowMs() const override;
    [[nodiscard]] qint64 monotonicMs() const override;
};

} // namespace muster
