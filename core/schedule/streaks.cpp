#include "core/schedule/streaks.h"

#include <algorithm>

namespace muster {

StreakVerdict judgeEnd(const Streaks &streaks, FiringStatus status, std::optional<FailureReason> reason,
                       bool inGrace)
{
    StreakVerdict verdict{.streaks = streaks};
    if (status == FiringStatus::Completed) {
        verdict.streaks = {};
        return verdict;
    }
    if (status == FiringStatus::Cancelled || reason == FailureReason::Aborted)
        return verdict;
    if (reason == FailureReason::TurnLimitExceeded) {
        if (inGrace)
            return verdict;
        const int count = ++verdict.streaks.turnLimit;
        verdict.notice = count == kTurnLimitNotice;
        if (count >= kTurnLimitPause)
            verdict.pause = PauseReason::TurnLimitStreak;
    } else if (++verdict.streaks.failure >= kFailurePause) {
        verdict.pause = PauseReason::FailureStreak;
    }
    return verdict;
}

bool isInGrace(FiringClock &clock, std::optional<qint64> limitChangedMs, qint64 firedMs)
{
    if (!limitChangedMs || firedMs < *limitChangedMs)
        return false;
    const std::vector<qint64> next = clock.next(*limitChangedMs, 2);
    return next.size() < 2 || firedMs <= next.back();
}

int typicalSteps(std::vector<int> steps)
{
    if (steps.empty())
        return 0;
    const auto middle = steps.begin() + static_cast<qsizetype>(steps.size() / 2);
    std::ranges::nth_element(steps, middle);
    return *middle;
}

} // namespace muster
