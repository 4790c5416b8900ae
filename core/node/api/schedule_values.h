// What a node tells about schedules, and what a person says of one. Plain values with JSON codecs
// (schedule_fields.h). Times are UTC milliseconds (0: none), money is micro-USD. Every change is told by an
// event whose kind begins with "schedule." and whose data has the key "schedule" (its id; "schedule.files",
// that other files are wrong now, has none): subscribe with EventFilter{.kinds = {"schedule."}}, and nothing
// need be asked again by a timer. What a firing has cost so far is told by those of its work. Any thread.
#pragma once

#include "core/events/reasons.h"
#include "core/events/schedule_words.h"
#include "core/node/api/flow_values.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster::api {

// All that a person says of a schedule. It starts a flow, or else a prompt.
struct ScheduleSpec {
    QString name; // unique in its project
    QString prompt;
    QString profile; // of the prompt, and so the next four; empty: as usual
    QString runtime; // of a flow too
    QString model;
    QStringList mayWrite; // patterns of paths in the project
    QStringList mayRun;   // patterns of commands
    QString flow;         // name; empty: the prompt
    QJsonObject inputs;   // of the flow
    QString when;         // cron, interval, plain words or a moment (core/schedule/when.h)
    QString zone;         // as Europe/Berlin; empty: the machine's when it is saved
    qint64 anchorAt = 0;  // from which an interval counts; 0: from when it is saved
    QString pool = QStringLiteral("scheduled"); // of the prompt's task
    int priority = 0;
    // Of one firing; of a flow, all of its run together, its deadline without what waits.
    int maxTurns = 0;              // agent steps, 1 to 10000; 0: no limit of its own
    qint64 deadlineMs = 1'200'000; // 0: none
    qint64 budgetMicroUsd = 0;     // where the flow has none of its own; 0: as for any task
    qint64 dayBudgetMicroUsd = 0;  // of all its firings of one day in its zone; 0: none
    bool unattended = false;       // what goes beyond its permissions is denied at once, and nobody is asked
    MissedRule missed = MissedRule::Once;
    OverlapRule overlap = OverlapRule::Queue;
    ResultNotice notify = ResultNotice::Failure; // which results are put into the inbox
    bool archive = false;                        // those that went well are put there as seen

    friend bool operator==(const ScheduleSpec &, const ScheduleSpec &) = default;
};

// Of what the kept firings took, those that ran.
struct ScheduleAverages {
    int firings = 0; // 0: nothing is known
    qint64 waitMs = 0;
    qint64 runMs = 0;
    int steps = 0;
    std::optional<qint64> costMicroUsd; // none: not known
};

struct ScheduleInfo {
    ScheduleId id;
    ProjectId projectId;
    QString project; // path
    ScheduleSpec spec;
    QString cron;        // of `when` where there is one
    QString origin;      // person | file
    QString file;        // path in the project of the file that says it; empty: a person
    qint64 revision = 0; // for SaveSchedule
    ScheduleState state = ScheduleState::Active;
    PauseReason pauseReason = PauseReason::None;
    int typicalSteps = 0; // when it was paused for its step limit; 0: not known
    qint64 nextAt = 0;    // nominal
    qint64 dueAt = 0;     // when that will be looked at: later than nextAt while a chat goes first
    int putBack = 0;      // times in a row that a chat went first
    qint64 lastAt = 0;    // when its work last really started
    std::optional<FiringStatus> lastStatus; // of the newest firing
    std::optional<FailureReason> lastReason;
    int lastSteps = 0;
    int running = 0;          // firings that run
    int queued = 0;           // firings that wait for a slot, and times that wait for an earlier firing
    bool nearStepCap = false; // the last firing used 90 % of its limit or more
    int turnLimitStreak = 0;
    int failureStreak = 0;
    ScheduleAverages averages;
    qint64 spentTodayMicroUsd = 0;
    QString createdBy;
    qint64 createdAt = 0;
    qint64 changedAt = 0;
};

// A file of a schedule that is wrong; what it said before still holds. Codes as of flows, and for its times:
// "when" (`found`: mistake, position, found, each on its own line; `expected` as there) and "zone".
struct ScheduleFileProblem {
    QString project; // path
    QString path;    // in the project
    FlowProblemInfo problem;
};

struct ScheduleList {
    std::vector<ScheduleInfo> schedules; // by project, then name
    std::vector<ScheduleFileProblem> problems;
};

struct OccurrenceInfo {
    qint64 nominalAt = 0;
    qint64 lastAt = 0; // of `count` that have one record together; else nominalAt
    qint64 count = 1;
    OccurrenceOutcome outcome = OccurrenceOutcome::Fired;
    OccurrenceReason reason = OccurrenceReason::None;
    qint64 at = 0;   // when that was decided
    FiringId firing; // none: it did not fire, or waits to
};

struct FiringInfo {
    FiringId id;
    qint64 nominalAt = 0; // 0: run now
    FiringCause cause = FiringCause::Clock;
    TaskId task;
    RunId run;
    int runNumber = 0;
    FiringStatus status = FiringStatus::Queued;
    std::optional<FailureReason> reason;
    QString detail;
    qint64 firedAt = 0;
    qint64 claimedAt = 0;
    qint64 completedAt = 0;
    qint64 waitMs = 0;
    qint64 runMs = 0;
    int steps = 0;
    int stepLimit = 0;                  // at the time; 0: none
    qint64 loopLagMs = -1;              // p99 of the core's event loop during the run; -1: not measured
    qint64 peakMemoryBytes = 0;         // of the core during the run; 0: not measured
    int chatStreams = 0;                // at the claim
    int schedulesRunning = 0;           // at the claim, this one too
    std::optional<qint64> costMicroUsd; // none: not known
};

struct ScheduleDetail {
    ScheduleInfo schedule;
    std::vector<qint64> next;                // five
    std::vector<OccurrenceInfo> occurrences; // newest first
    std::vector<FiringInfo> firings;         // newest first
};

// Why `when` cannot be read; core/schedule/when_problem.h with its mistake by name.
struct WhenProblemInfo {
    QString mistake;
    int position = 0; // in characters from 0
    QString found;
    QString expected;
};

// Firings that fall together with those of others within five minutes.
struct CollisionInfo {
    QStringList names;    // of the others
    qint64 firstAt = 0;   // start of the first such five minutes
    int steps = 0;        // of all that meet there, as far as it is known
    int shiftMinutes = 0; // the smallest shift without one; 0: none was found
    QString shiftedWhen;  // what to write for it; empty: `shiftedAnchorAt` does it
    qint64 shiftedAnchorAt = 0;
};

// What schedules like it took.
struct CalibrationInfo {
    int firings = 0; // at least 3
    int steps = 0;   // their average
};

struct SchedulePreview {
    QString kind; // cron | interval | moment; empty: there is a problem
    QString cron;
    QString zone;             // the one that counts
    std::vector<qint64> next; // nominal
    std::optional<WhenProblemInfo> problem;
    QString badZone; // it is not one; empty: it is
    std::optional<CollisionInfo> collision;
    std::optional<CalibrationInfo> calibration;
};

// InvalidArgument: `where` names the field and `detail` what is wrong with it (for `when`: mistake, position,
// found, expected, each on its own line). NotFound: project, flow or schedule. AlreadyExists: the name.
// Conflict: `revision` is not the current one, or a file says what it is (detail "file").
struct SaveSchedule {
    ScheduleId schedule; // none: a new one
    QString project;     // path, of a new one
    ScheduleSpec spec;
    qint64 revision = 0; // that was edited; 0: whatever there is
    bool paused = false; // of a new one: it begins paused
};

// What it started goes on. Conflict: a file says it.
struct RemoveSchedule {
    ScheduleId schedule;
};

// What it started goes on; what waits is skipped.
struct PauseSchedule {
    ScheduleId schedule;
};

// From now on; its streaks begin anew. Conflict: it has expired.
struct ResumeSchedule {
    ScheduleId schedule;
};

// One firing beside its times. Conflict "at_capacity": no slot is free; its place is that of RunTaskNow. With
// Force it begins over the cap, which is written down (audit manual_force_bypass). The steps of a flow take
// their slots one by one.
struct RunScheduleNow {
    ScheduleId schedule;
    AtCapacity atCapacity = AtCapacity::Ask;
};

struct ListSchedules {
    QString project; // path; empty: all
    using Reply = ScheduleList;
};

// NotFound.
struct ShowSchedule {
    ScheduleId schedule;
    int limit = 200;   // of occurrences and of firings
    qint64 before = 0; // older than this moment; 0: from the newest
    using Reply = ScheduleDetail;
};

// What is wrong with the files of schedules of a project, or with one of them. NotFound.
struct CheckSchedules {
    QString project; // path
    QString file;    // in the project; empty: all
    using Reply = std::vector<ScheduleFileProblem>;
};

// How a schedule would be read and when it would fire, what it would meet, and what its like took. Nothing is
// changed.
struct PreviewWhen {
    QString project;     // path; empty: no collisions are looked for
    ScheduleId schedule; // that is edited; none: a new one
    ScheduleSpec spec;
    qint64 from = 0; // firings after this; 0: now
    int count = 5;   // at most 1000
    using Reply = SchedulePreview;
};

} // namespace muster::api
