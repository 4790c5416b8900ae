// Rows of tasks and pools. Times are UTC milliseconds, money is micro-USD, no value is "not set". Value
// types.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/reasons.h"
#include "core/store/lease.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace muster {

struct UsageTotals {
    qint64 tokensIn = 0;
    qint64 tokensOut = 0;
    qint64 tokensCached = 0;
    std::optional<qint64> costMicroUsd; // none: unknown

    friend bool operator==(const UsageTotals &, const UsageTotals &) = default;
};

struct TaskRow {
    TaskId id;
    std::optional<QString> key; // unique; a second insert with it gives the first task
    ProjectId project;
    RunId run;
    StepRunId step;
    ConversationId conversation;
    SessionId session;
    TaskSource source = TaskSource::Manual;
    QString sourceRef; // id of what started it
    QString createdBy; // person, schedule:<id>, flow:<run>, agent:<session>; refused when empty
    TaskKind kind = TaskKind::Agent;
    QString pool; // the first of its pools
    int priority = 0;
    bool answered = false; // came back from waiting
    TaskStatus status = TaskStatus::Queued;
    std::optional<FailureReason> reason;
    QString detail;
    std::optional<int> exitCode;
    std::optional<int> signal;
    qint64 createdMs = 0;
    qint64 queuedMs = 0;
    qint64 notBeforeMs = 0;
    std::optional<qint64> startedMs;
    std::optional<qint64> endedMs;
    std::optional<qint64> deadlineMs;
    std::optional<qint64> cancelRequestedMs;
    std::optional<qint64> slotClaimedMs; // none: holds no slot
    Lease lease;
    qint64 turns = 0;
    UsageTotals usage;
    TaskId retryOf;
    TaskId supersededBy;
    int putOff = 0; // times that it went back to the queue because of a limit
    bool forced = false;
    std::optional<qint64> timeLeftMs; // of its work, while it does not work; none: as long as it needs
    bool recovered = false;
    qint64 reservedMicroUsd = 0;
};

// Written once, read when the task starts; kept apart from the row that heartbeats rewrite.
struct TaskSpec {
    QString prompt;
    QString runtimeAsked;
    QString modelAsked;
    QString profile;
    QString runtime; // resolved, with the reason
    QString model;
    QString resolveReason;
    std::optional<int> maxTurns;
    std::optional<qint64> budgetMicroUsd;
    std::optional<qint64> budgetTokens;
    QJsonObject manifest;
    QJsonObject data; // what else the kind needs: command, folder, environment
    QJsonObject output;
};

struct PoolRow {
    qint64 id = 0;
    QString name;
    std::optional<int> cap;           // none: no cap
    QString shares;                   // its tasks also take a slot there; empty: none
    bool keepsSlot = false;           // a waiting task keeps its slot
    std::optional<qint64> deadlineMs; // of the work of its tasks; none: none
};

struct TaskPool {
    TaskId task;
    QString pool;
};

struct QueueCounts {
    qint64 queued = 0;
    qint64 resting = 0;        // of these: put off until a limit is over
    qint64 waitingForSlot = 0; // of these: due, not a chat's, and of no run that is paused
};

struct PoolLoad {
    QString pool;
    std::optional<int> cap;
    qint64 held = 0;
    qint64 queued = 0;
};

} // namespace muster
