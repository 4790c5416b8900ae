// The closed lists of schedules, for the store, the rules and the API. Texts are stored; never change a
// published one. Source: spec "tasks and schedules", Schedule. Any thread.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/strong_id.h"

#include <cstdint>

namespace muster {

using ScheduleId = StrongId<struct ScheduleTag>;
using FiringId = StrongId<struct FiringTag>;

enum class ScheduleState : std::uint8_t { Active, Paused, PausedByRule, Expired };

template <> struct EnumNames<ScheduleState> {
    static constexpr std::array table{std::pair{ScheduleState::Active, "active"},
                                      std::pair{ScheduleState::Paused, "paused"},
                                      std::pair{ScheduleState::PausedByRule, "paused_by_rule"},
                                      std::pair{ScheduleState::Expired, "expired"}};
};

// By a person or by a rule.
[[nodiscard]] constexpr bool isPaused(ScheduleState state)
{
    return state == ScheduleState::Paused || state == ScheduleState::PausedByRule;
}

// What becomes of times that passed while nobody looked: the machine slept, or Muster was closed.
enum class MissedRule : std::uint8_t { Skip, Once, All };

template <> struct EnumNames<MissedRule> {
    static constexpr std::array table{std::pair{MissedRule::Skip, "skip"},
                                      std::pair{MissedRule::Once, "once"}, std::pair{MissedRule::All, "all"}};
};

// What a firing does that meets an earlier one which still goes on.
enum class OverlapRule : std::uint8_t { Skip, Queue, CancelRunning };

template <> struct EnumNames<OverlapRule> {
    static constexpr std::array table{std::pair{OverlapRule::Skip, "skip"},
                                      std::pair{OverlapRule::Queue, "queue"},
                                      std::pair{OverlapRule::CancelRunning, "cancel_running"}};
};

// What became of one nominal time. Delayed: it fired later than that, or waits to (it has no firing yet).
enum class OccurrenceOutcome : std::uint8_t { Fired, Missed, Skipped, Delayed };

template <> struct EnumNames<OccurrenceOutcome> {
    static constexpr std::array table{
        std::pair{OccurrenceOutcome::Fired, "fired"}, std::pair{OccurrenceOutcome::Missed, "missed"},
        std::pair{OccurrenceOutcome::Skipped, "skipped"}, std::pair{OccurrenceOutcome::Delayed, "delayed"}};
};

// Why an occurrence did not simply fire.
enum class OccurrenceReason : std::uint8_t {
    None,
    NotRunning, // the machine slept, Muster was closed, or the clock was set forth
    CaughtUp,   // missed, and a later time stands for it
    OverTen,    // missed, and more than ten came after it
    Overlap,    // an earlier firing still went on
    QueueFull,  // and another one waited already
    Replaced,   // for it the earlier firing was stopped
    ChatPressure,
    DayBudget, // of the schedule
    Paused,    // while it waited
};

template <> struct EnumNames<OccurrenceReason> {
    static constexpr std::array table{std::pair{OccurrenceReason::None, ""},
                                      std::pair{OccurrenceReason::NotRunning, "not_running"},
                                      std::pair{OccurrenceReason::CaughtUp, "caught_up"},
                                      std::pair{OccurrenceReason::OverTen, "over_ten"},
                                      std::pair{OccurrenceReason::Overlap, "overlap"},
                                      std::pair{OccurrenceReason::QueueFull, "queue_full"},
                                      std::pair{OccurrenceReason::Replaced, "replaced"},
                                      std::pair{OccurrenceReason::ChatPressure, "chat_pressure"},
                                      std::pair{OccurrenceReason::DayBudget, "day_budget"},
                                      std::pair{OccurrenceReason::Paused, "paused"}};
};

// Why a schedule is paused_by_rule.
enum class PauseReason : std::uint8_t { None, TurnLimitStreak, FailureStreak };

template <> struct EnumNames<PauseReason> {
    static constexpr std::array table{std::pair{PauseReason::None, ""},
                                      std::pair{PauseReason::TurnLimitStreak, "turn_limit_streak"},
                                      std::pair{PauseReason::FailureStreak, "failure_streak"}};
};

// Starting: the flow of a firing is on its way. NotStarted: it could not be begun.
enum class FiringStatus : std::uint8_t {
    Starting,
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
    TimedOut,
    NotStarted
};

template <> struct EnumNames<FiringStatus> {
    static constexpr std::array table{
        std::pair{FiringStatus::Starting, "starting"},  std::pair{FiringStatus::Queued, "queued"},
        std::pair{FiringStatus::Running, "running"},    std::pair{FiringStatus::Completed, "completed"},
        std::pair{FiringStatus::Failed, "failed"},      std::pair{FiringStatus::Cancelled, "cancelled"},
        std::pair{FiringStatus::TimedOut, "timed_out"}, std::pair{FiringStatus::NotStarted, "not_started"}};
};

// What a firing came from.
enum class FiringCause : std::uint8_t { Clock, CatchUp, Person };

template <> struct EnumNames<FiringCause> {
    static constexpr std::array table{std::pair{FiringCause::Clock, "clock"},
                                      std::pair{FiringCause::CatchUp, "catch_up"},
                                      std::pair{FiringCause::Person, "person"}};
};

// What Run now does where no slot is free.
enum class AtCapacity : std::uint8_t { Ask, Queue, Force };

template <> struct EnumNames<AtCapacity> {
    static constexpr std::array table{std::pair{AtCapacity::Ask, "ask"},
                                      std::pair{AtCapacity::Queue, "queue"},
                                      std::pair{AtCapacity::Force, "force"}};
};

// Which results of a schedule the person is told. Change: other than the one before.
enum class ResultNotice : std::uint8_t { Always, Change, Failure, Never };

template <> struct EnumNames<ResultNotice> {
    static constexpr std::array table{
        std::pair{ResultNotice::Always, "always"}, std::pair{ResultNotice::Change, "change"},
        std::pair{ResultNotice::Failure, "failure"}, std::pair{ResultNotice::Never, "never"}};
};

} // namespace muster
