// What one pass of the scheduler does with one schedule: which of its nominal times it accounts for and how,
// whether one fires now, and when to look again. Pure: the same facts give the same plan, so that a pass can
// be made within a transaction of the store. Source: spec "tasks and schedules", Schedule; docs/adr/0020. Any
// thread.
#pragma once

#include "core/events/schedule_words.h"
#include "core/schedule/firing.h"

namespace muster {

inline constexpr qint64 kMissedAfterMs = 60'000; // a time that is looked at later than this was missed
inline constexpr qint64 kPutBackMs = 30'000;
inline constexpr int kMostPutBacks = 4;      // in a row
inline constexpr int kMostCaughtUp = 10;     // of a rule that makes up for all
inline constexpr int kMostTimesAtOnce = 500; // of one pass; of more, the oldest get one record together
inline constexpr qint64 kClockJumpMs = 10'000;

struct ScheduleFacts {
    ScheduleState state = ScheduleState::Active;
    MissedRule missed = MissedRule::Once;
    OverlapRule overlap = OverlapRule::Queue;
    std::optional<qint64> nextMs; // nominal
    std::optional<qint64> dueMs;  // when that is looked at
    qint64 accountedMs = 0;       // every nominal time up to this has its record
    int putBack = 0;
    int openFirings = 0;           // that have not ended
    int waiting = 0;               // times that wait for an earlier firing
    std::vector<qint64> recorded;  // nominal times from nextMs on that have a record already, in order
    bool chatStreams = false;      // a person's turn is under way
    bool dayBudgetIsSpent = false; // of the schedule
};

struct PlannedOccurrence {
    qint64 nominalMs = 0;
    qint64 lastMs = 0; // of those that it stands for
    qint64 count = 1;
    OccurrenceOutcome outcome = OccurrenceOutcome::Fired;
    OccurrenceReason reason = OccurrenceReason::None;
    bool fires = false; // now; else one that is delayed waits for the end of an earlier firing

    friend bool operator==(const PlannedOccurrence &, const PlannedOccurrence &) = default;
};

struct SchedulePlan {
    ScheduleState state = ScheduleState::Active;
    std::optional<qint64> nextMs;
    std::optional<qint64> dueMs;
    qint64 accountedMs = 0;
    int putBack = 0;
    bool waitingFires = false;                  // the oldest that waits
    bool waitingIsSkipped = false;              // all that wait: the day's budget is spent
    bool stopsRunning = false;                  // for what is now waiting
    bool more = false;                          // times are left to account for: another pass at once
    std::vector<PlannedOccurrence> occurrences; // in order of their times
};

// `clock` is the schedule's own.
[[nodiscard]] SchedulePlan planSchedule(const ScheduleFacts &facts, FiringClock &clock, qint64 nowMs);

// The clock was set back to before what is accounted for: what did not fire then comes again.
[[nodiscard]] inline bool isAheadOfClock(qint64 accountedMs, qint64 nowMs)
{
    return accountedMs > nowMs + kClockJumpMs;
}

} // namespace muster
