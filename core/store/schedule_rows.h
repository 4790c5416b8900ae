// Rows of schedules, of what became of their nominal times, and of their firings. Times are UTC milliseconds,
// money is micro-USD, no value is "not set". Value types.
#pragma once

#include "core/events/reasons.h"
#include "core/events/schedule_words.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace muster {

struct ScheduleRow {
    ScheduleId id;
    ProjectId project;
    QString name;
    QJsonObject spec; // all that was said of it
    QString when;     // of the spec, and so the next two
    QString zone;
    qint64 anchorMs = 0;
    QString file; // path in the project; empty: a person says it
    qint64 revision = 1;
    ScheduleState state = ScheduleState::Active;
    PauseReason pauseReason = PauseReason::None;
    int typicalSteps = 0;
    std::optional<qint64> nextMs; // nominal
    std::optional<qint64> dueMs;  // when that is looked at
    int putBack = 0;
    qint64 accountedMs = 0; // every nominal time up to this has its record
    int turnLimitStreak = 0;
    int failureStreak = 0;
    std::optional<qint64> limitChangedMs;
    std::optional<qint64> startedMs; // when its work last really started
    QString createdBy;
    qint64 createdMs = 0;
    qint64 changedMs = 0;
};

struct OccurrenceRow {
    ScheduleId schedule;
    qint64 nominalMs = 0;
    qint64 lastMs = 0; // of those that it stands for
    qint64 count = 1;
    OccurrenceOutcome outcome = OccurrenceOutcome::Fired;
    OccurrenceReason reason = OccurrenceReason::None;
    qint64 atMs = 0;
    FiringId firing; // none: it did not fire; of a delayed one: it waits to

    friend bool operator==(const OccurrenceRow &, const OccurrenceRow &) = default;
};

struct FiringRow {
    FiringId id;
    ScheduleId schedule;
    std::optional<qint64> nominalMs; // none: run now
    FiringCause cause = FiringCause::Clock;
    TaskId task;
    RunId run;
    FiringStatus status = FiringStatus::Queued;
    std::optional<FailureReason> reason;
    QString detail;
    qint64 firedMs = 0;
    std::optional<qint64> claimedMs;
    std::optional<qint64> completedMs;
    int steps = 0;
    int stepLimit = 0; // at the time; 0: none
    std::optional<qint64> loopLagMs;
    std::optional<qint64> peakMemory;
    int chatStreams = 0;
    int schedulesRunning = 0;
    std::optional<qint64> costMicroUsd;
};

// Of firings that were claimed and have ended.
struct FiringAverages {
    int firings = 0;
    double waitMs = 0;
    double runMs = 0;
    double steps = 0;
    std::optional<double> costMicroUsd; // none: not known of any
};

struct FiringSteps {
    QString starts; // the flow's name, or else the prompt
    int steps = 0;
};

} // namespace muster
