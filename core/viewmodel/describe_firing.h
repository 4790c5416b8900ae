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

// What meets: "Meets tests and docs at 09:00, about 3100 agent steps together".
[[nodiscard]] QString describe(const api::CollisionInfo &collision);
// What is wrong with the file of a schedule, and what to write instead.
[[nodiscard]] FlowProblemText describe(const api::ScheduleFileProblem &problem);
// Of an inbox item about a schedule; empty: it is about something else.
[[nodiscard]] QString describeScheduleWarning(const api::InboxInfo &item);
// How a firing of it ended; empty for what is no result.
[[nodiscard]] QString describeScheduleResult(const api::InboxInfo &item);

} // namespace muster
