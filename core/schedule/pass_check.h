// Whether the scheduler still passes: told by the clock that stands still while the machine sleeps, so that a
// night's sleep is no fault. Pure; one thread at a time.
#pragma once

#include <QtTypes>

#include <optional>

namespace muster {

inline constexpr qint64 kPassOverdueMs = 120'000;

class PassCheck {
public:
    // `passedAtMs`: of the last pass of whichever core, as the store has it. True once: schedules are active
    // and none has passed for two minutes. It may be true again after the next pass.
    [[nodiscard]] bool isOverdue(qint64 passedAtMs, bool anyActive, qint64 monotonicMs);

private:
    std::optional<qint64> m_seenPass;
    qint64 m_seenAtMs = 0; // monotonic
    bool m_told = false;
};

} // namespace muster
