// When a schedule that keeps failing is paused: each class of failures that could do so has its own counter,
// and a success clears them all. Pure, any thread. Source: spec "tasks and schedules", Turn and money
// budgets.
#pragma once

#include "core/events/reasons.h"
#include "core/events/schedule_words.h"
#include "core/schedule/firing.h"

namespace muster {

inline constexpr int kTurnLimitNotice = 2;
inline constexpr int kTurnLimitPause = 5;
inline constexpr int kFailurePause = 3;

struct Streaks {
    int turnLimit = 0; // ended for their limit of agent steps
    int failure = 0;   // of any other reason

    friend bool operator==(const Streaks &, const Streaks &) = default;
};

struct StreakVerdict {
    Streaks streaks;
    bool notice = false; // the person is told that the limit is met again and again
    PauseReason pause = PauseReason::None;
};

// What the end of a firing does to them. One that was stopped by somebody says nothing. `inGrace`: its limit
// was changed shortly before, so that meeting it is not counted.
[[nodiscard]] StreakVerdict judgeEnd(const Streaks &streaks, FiringStatus status,
                                     std::optional<FailureReason> reason, bool inGrace);

// Fired within two intervals of the change. `clock` is the schedule's own.
[[nodiscard]] bool isInGrace(FiringClock &clock, std::optional<qint64> limitChangedMs, qint64 firedMs);

// The middle one of them; 0 of none.
[[nodiscard]] int typicalSteps(std::vector<int> steps);

} // namespace muster
