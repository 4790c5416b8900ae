// Schedules for clients: the list, one with its past, and what one that is being written would do. By a
// reader.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/store/connection.h"
#include "core/store/schedule_rows.h"

namespace muster::queries {

[[nodiscard]] Result<std::vector<api::ScheduleInfo>> schedules(Connection &db, const QString &project,
                                                               qint64 nowMs);
[[nodiscard]] Result<api::ScheduleDetail> schedule(Connection &db, const api::ShowSchedule &query,
                                                   qint64 nowMs);
[[nodiscard]] Result<api::SchedulePreview> preview(Connection &db, const api::PreviewWhen &query,
                                                   qint64 nowMs);

} // namespace muster::queries
