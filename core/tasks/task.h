// A unit of agent or shell work, as the task service sees it. Times are UTC milliseconds, money is micro-USD.
// Source: spec "tasks and schedules", Task. Value types, any thread.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/event.h"
#include "core/events/reasons.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace muster {

struct TaskRequest {
    QString key; // of the act that asks for it; the same key never makes a second task
    TaskKind kind = TaskKind::Agent;
    TaskSource source = TaskSource::Manual;
    QString sourceRef; // id of what started it: of the schedule
    QString createdBy; // person, flow:<run>, agent:<session>; a task without an origin is refused
    EventRefs refs;    // project, run, step, conversation
    QStringList pools; // a slot is needed in each; the first is shown
    int priority = 0;
    qint64 notBeforeMs = 0;
    std::optional<qint64> timeLimitMs; // of its work, waiting not counted; none: as its pools say; 0: none
    TaskId retryOf;                    // that it does again
    QString prompt;                    // for an agent
    QString runtime;                   // asked for
    QString model;                     // asked for
    QString profile;
    QJsonObject data; // what else the kind needs: command, folder, permissions
};

struct TaskUsage {
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    qint64 tokensCached = 0;
    std::optional<qint64> costMicroUsd;
    int agentSteps = 0;
};

// The right to work on a task: every write of its holder carries the epoch.
struct ClaimedTask {
    TaskId id;
    qint64 epoch = 0;
    TaskRequest request;
    SessionId session;         // of an earlier owner, if it had begun one
    bool recovered = false;    // taken over from an owner that died, or that was silent for too long
    bool ownerMayLive = false; // of these: the latter
    bool keepsSlot = true;     // while it waits for a person; else what it is told reaches it with goOn()
    std::optional<qint64> timeLeftMs; // of request.timeLimitMs
    int putOffs = 0;                  // times that a limit sent it back to the queue
    TaskUsage spent;                  // before the last of these, or by an owner that died
};

// What a holder says that it holds.
struct HeldLease {
    TaskId id;
    qint64 epoch = 0;

    friend bool operator==(const HeldLease &, const HeldLease &) = default;
};

struct TaskOutcome {
    TaskStatus status = TaskStatus::Completed; // a settled one
    std::optional<FailureReason> reason;       // none exactly for Completed
    QString detail;
    std::optional<int> exitCode;
    std::optional<int> signal;
    qint64 retryNotBeforeMs = 0; // a known reset of a rate limit
    // Set: it has not ended; a limit sends it back to the queue until then. Status and reason say why.
    std::optional<qint64> putOffUntilMs;
    bool blocked = false; // another attempt would get no further
    QJsonObject output;   // what it made; kept with the task
    TaskUsage usage;
};

// The status that goes with a reason (spec: timed_out has deadline_exceeded or stalled, cancelled has
// aborted).
[[nodiscard]] constexpr TaskStatus statusFor(FailureReason reason)
{
    switch (reason) {
    case FailureReason::DeadlineExceeded:
    case FailureReason::Stalled:
        return TaskStatus::TimedOut;
    case FailureReason::Aborted:
        return TaskStatus::Cancelled;
    default:
        return TaskStatus::Failed;
    }
}

} // namespace muster
