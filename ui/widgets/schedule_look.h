// How schedules and their firings look in lists: the sign and its word tell the state, the colour only helps.
// GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "ui/widgets/row_delegate.h"

namespace muster {

[[nodiscard]] StatusLook lookOf(FiringStatus status);
[[nodiscard]] StatusLook lookOf(const api::ScheduleInfo &schedule);
// A row of two lines: its name with what is unusual or how long until it fires, and how it stands.
[[nodiscard]] RowLook rowOf(const api::ScheduleInfo &schedule, qint64 nowMs);

} // namespace muster
