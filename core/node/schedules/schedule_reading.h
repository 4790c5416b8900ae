// A schedule's row and what was said of it; its clock; and what one of its firings asks for. Pure, any
// thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/schedule/collisions.h"
#include "core/store/project_repository.h"
#include "core/store/schedule_rows.h"
#include "core/tasks/task.h"

namespace muster {

[[nodiscard]] api::ScheduleSpec specOf(const ScheduleRow &row);
// Puts it into the row: all but its state and its next times.
void setSpec(ScheduleRow &row, const api::ScheduleSpec &spec);

// InvalidArgument: a newer Muster wrote it, or the zone is not on this machine.
[[nodiscard]] Result<FiringClock> clockOf(const ScheduleRow &row);
[[nodiscard]] Result<PlannedSchedule> plannedOf(const ScheduleRow &row, int steps);

// What is wrong with it, looked at by itself: fields, zone and when. `where` names the field.
[[nodiscard]] Status checkSpec(const api::ScheduleSpec &spec);

// Its next times from `nowMs` on, with nothing before them left to account for.
void beginAnew(ScheduleRow &row, FiringClock &clock, qint64 nowMs);

[[nodiscard]] QString sourceOf(ScheduleId schedule);              // schedule:12
[[nodiscard]] QString originOf(ScheduleId schedule, FiringId id); // of its run: one act
[[nodiscard]] QString taskKeyOf(FiringId firing);
[[nodiscard]] TaskRequest taskOf(const ScheduleRow &row, FiringId firing, const ProjectRow &project);

// The first moment of the day that it is in a zone.
[[nodiscard]] qint64 startOfDay(const QTimeZone &zone, qint64 nowMs);

} // namespace muster
