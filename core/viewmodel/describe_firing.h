// States of schedules, what became of their times and of their firings, in words for people. Any thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/viewmodel/describe.h"

namespace muster {

// "Paused: met its limit of agent steps 5 times in a row".
[[nodiscard]] QString describe(ScheduleState state, PauseReason reason);
[[nodiscard]] QString describe(FiringStatus status);
[[nodiscard]] QString describe(FiringCause cause);
[[nodiscard]] QString describe(OccurrenceOutcome outcome);
[[nodiscard]] QString describe(OccurrenceReason reason); // empty for None
[[nodiscard]] QString describe(MissedRule rule);
[[nodiscard]] QString describe(OverlapRule rule);
[[nodiscard]] QString describe(ResultNotice notice);

// What it starts: "flow survey", or the first line of its prompt.
[[nodiscard]] QString describeStarts(const api::ScheduleSpec &spec);
// What is unusual about it right now: "+2 queued", "Near step cap"; empty in normal operation.
[[nodiscard]] QStringList scheduleBadges(const api::ScheduleInfo &schedule);
// How its newest firing did: "Completed", "Timed out"; empty: it has never fired.
[[nodiscard]] QString describeLast(const api::ScheduleInfo &schedule);
// The same of one firing, with the detail that was kept.
[[nodiscard]] QString describeResult(const api::FiringInfo &firing);
// "On average of 12 firings: waits 0.4 s, runs 3 min, 41 agent steps".
[[nodiscard]] QString describeAverages(const api::ScheduleAverages &averages);
// "Schedules like this average about 41 steps".
[[nodiscard]] QString describe(const api::CalibrationInfo &alike);
// Money, or that it is not known.
[[nodiscard]] QString describeCost(std::optional<qint64> microUsd);

// What meets: "Meets tests and docs at 09:00, about 3100 agent steps together".
[[nodiscard]] QString describe(const api::CollisionInfo &collision);
// What is wrong with the file of a schedule, and what to write instead.
[[nodiscard]] FlowProblemText describe(const api::ScheduleFileProblem &problem);
// Of an inbox item about a schedule; empty: it is about something else.
[[nodiscard]] QString describeScheduleWarning(const api::InboxInfo &item);
// How a firing of it ended; empty for what is no result.
[[nodiscard]] QString describeScheduleResult(const api::InboxInfo &item);

} // namespace muster
