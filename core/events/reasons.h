// The closed lists of the store and the API: why work ended and in which state it is.
// Source: spec "tasks and schedules", "flows". Texts are stored; never change a published one.
#pragma once

#include "core/base/enum_names.h"

#include <cstdint>

namespace muster {

enum class FailureReason : std::uint8_t {
    TurnLimitExceeded,
    BudgetExceeded,
    DeadlineExceeded,
    Stalled,
    LeaseExpired,
    Aborted,
    LaunchFailed,
    AuthRequired,
    RateLimited,
    ModelUnavailable,
    PermissionDenied,
    GateFailed,
    DependencyFailed,
    ProtocolError,
    RuntimeError,
    Crashed,
    Unkillable,
    Conflict,    // what is to be merged does not fit together
    TargetMoved, // somebody else kept moving the branch
    GateTimeout, // a check took longer than it may
    Unknown,
};

template <> struct EnumNames<FailureReason> {
    static constexpr std::array table{
        std::pair{FailureReason::TurnLimitExceeded, "turn_limit_exceeded"},
        std::pair{FailureReason::BudgetExceeded, "budget_exceeded"},
        std::pair{FailureReason::DeadlineExceeded, "deadline_exceeded"},
        std::pair{FailureReason::Stalled, "stalled"},
        std::pair{FailureReason::LeaseExpired, "lease_expired"},
        std::pair{FailureReason::Aborted, "aborted"},
        std::pair{FailureReason::LaunchFailed, "launch_failed"},
        std::pair{FailureReason::AuthRequired, "auth_required"},
        std::pair{FailureReason::RateLimited, "rate_limited"},
        std::pair{FailureReason::ModelUnavailable, "model_unavailable"},
        std::pair{FailureReason::PermissionDenied, "permission_denied"},
        std::pair{FailureReason::GateFailed, "gate_failed"},
        std::pair{FailureReason::DependencyFailed, "dependency_failed"},
        std::pair{FailureReason::ProtocolError, "protocol_error"},
        std::pair{FailureReason::RuntimeError, "runtime_error"},
        std::pair{FailureReason::Crashed, "crashed"},
        std::pair{FailureReason::Unkillable, "unkillable"},
        std::pair{FailureReason::Conflict, "conflict"},
        std::pair{FailureReason::TargetMoved, "target_moved"},
        std::pair{FailureReason::GateTimeout, "gate_timeout"},
        std::pair{FailureReason::Unknown, "unknown"},
    };
};

// What a task was made by, and how it is carried out.
enum class TaskSource : std::uint8_t { Chat, Schedule, Flow, Board, Manual };

template <> struct EnumNames<TaskSource> {
    static constexpr std::array table{
        std::pair{TaskSource::Chat, "chat"},     std::pair{TaskSource::Schedule, "schedule"},
        std::pair{TaskSource::Flow, "flow"},     std::pair{TaskSource::Board, "board"},
        std::pair{TaskSource::Manual, "manual"},
    };
};

enum class TaskKind : std::uint8_t { Agent, Shell, Merge };

template <> struct EnumNames<TaskKind> {
    static constexpr std::array table{std::pair{TaskKind::Agent, "agent"},
                                      std::pair{TaskKind::Shell, "shell"},
                                      std::pair{TaskKind::Merge, "merge"}};
};

// What an attempt did, as its runner reports it. Lost: nobody knows how it ended.
enum class AttemptOutcome : std::uint8_t { Ok, Error, Cancelled, Lost };

template <> struct EnumNames<AttemptOutcome> {
    static constexpr std::array table{
        std::pair{AttemptOutcome::Ok, "ok"}, std::pair{AttemptOutcome::Error, "error"},
        std::pair{AttemptOutcome::Cancelled, "cancelled"}, std::pair{AttemptOutcome::Lost, "lost"}};
};

// What waits for a person. Result: of a schedule; it only wants to be seen, and has its own place.
enum class InboxKind : std::uint8_t { Permission, Approval, Question, Warning, Failure, Result };

template <> struct EnumNames<InboxKind> {
    static constexpr std::array table{
        std::pair{InboxKind::Permission, "permission"}, std::pair{InboxKind::Approval, "approval"},
        std::pair{InboxKind::Question, "question"},     std::pair{InboxKind::Warning, "warning"},
        std::pair{InboxKind::Failure, "failure"},       std::pair{InboxKind::Result, "result"}};
};

enum class InboxStatus : std::uint8_t { Open, Answered, Withdrawn };

template <> struct EnumNames<InboxStatus> {
    static constexpr std::array table{std::pair{InboxStatus::Open, "open"},
                                      std::pair{InboxStatus::Answered, "answered"},
                                      std::pair{InboxStatus::Withdrawn, "withdrawn"}};
};

// A chat message, from what waits to be sent to what has ended.
enum class MessageStatus : std::uint8_t { Queued, Pending, Streaming, Complete, Interrupted, Error };

template <> struct EnumNames<MessageStatus> {
    static constexpr std::array table{
        std::pair{MessageStatus::Queued, "queued"},           std::pair{MessageStatus::Pending, "pending"},
        std::pair{MessageStatus::Streaming, "streaming"},     std::pair{MessageStatus::Complete, "complete"},
        std::pair{MessageStatus::Interrupted, "interrupted"}, std::pair{MessageStatus::Error, "error"}};
};

enum class TaskStatus : std::uint8_t { Queued, Running, Waiting, Completed, Failed, Cancelled, TimedOut };

template <> struct EnumNames<TaskStatus> {
    static constexpr std::array table{
        std::pair{TaskStatus::Queued, "queued"},      std::pair{TaskStatus::Running, "running"},
        std::pair{TaskStatus::Waiting, "waiting"},    std::pair{TaskStatus::Completed, "completed"},
        std::pair{TaskStatus::Failed, "failed"},      std::pair{TaskStatus::Cancelled, "cancelled"},
        std::pair{TaskStatus::TimedOut, "timed_out"},
    };
};

enum class RunStatus : std::uint8_t { Queued, Running, Waiting, Paused, Completed, Failed, Cancelled, Stuck };

template <> struct EnumNames<RunStatus> {
    static constexpr std::array table{
        std::pair{RunStatus::Queued, "queued"},       std::pair{RunStatus::Running, "running"},
        std::pair{RunStatus::Waiting, "waiting"},     std::pair{RunStatus::Paused, "paused"},
        std::pair{RunStatus::Completed, "completed"}, std::pair{RunStatus::Failed, "failed"},
        std::pair{RunStatus::Cancelled, "cancelled"}, std::pair{RunStatus::Stuck, "stuck"},
    };
};

enum class StepStatus : std::uint8_t {
    Pending,
    Ready,
    Running,
    Waiting,
    Completed,
    Failed,
    TimedOut,
    Skipped,
    Excluded,
    Cancelled,
};

template <> struct EnumNames<StepStatus> {
    static constexpr std::array table{
        std::pair{StepStatus::Pending, "pending"},     std::pair{StepStatus::Ready, "ready"},
        std::pair{StepStatus::Running, "running"},     std::pair{StepStatus::Waiting, "waiting"},
        std::pair{StepStatus::Completed, "completed"}, std::pair{StepStatus::Failed, "failed"},
        std::pair{StepStatus::TimedOut, "timed_out"},  std::pair{StepStatus::Skipped, "skipped"},
        std::pair{StepStatus::Excluded, "excluded"},   std::pair{StepStatus::Cancelled, "cancelled"},
    };
};

[[nodiscard]] constexpr bool isSettled(RunStatus s)
{
    return s == RunStatus::Completed || s == RunStatus::Failed || s == RunStatus::Cancelled ||
           s == RunStatus::Stuck;
}

[[nodiscard]] constexpr bool isSettled(TaskStatus s)
{
    return s == TaskStatus::Completed || s == TaskStatus::Failed || s == TaskStatus::Cancelled ||
           s == TaskStatus::TimedOut;
}

[[nodiscard]] constexpr bool isSettled(StepStatus s)
{
    return s == StepStatus::Completed || s == StepStatus::Failed || s == StepStatus::TimedOut ||
           s == StepStatus::Skipped || s == StepStatus::Excluded || s == StepStatus::Cancelled;
}

// Came to an end of its own that is no success; one that was cancelled did not.
[[nodiscard]] constexpr bool hasFailed(StepStatus s)
{
    return s == StepStatus::Failed || s == StepStatus::TimedOut;
}

} // namespace muster
