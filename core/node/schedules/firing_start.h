// How a firing begins, and how everything about schedules gets into the log. Within the transaction of a pass
// or of a command. Writer's thread.
#pragma once

#include "core/node/events/ledger.h"
#include "core/store/schedule_rows.h"

namespace muster {

// A firing with its task or, of a flow, the wish to start it; gives it as it is in the store. NotFound: the
// pool, the project.
[[nodiscard]] Result<FiringRow> fire(Connection &db, EventBatch &log, const ScheduleRow &schedule,
                                     FiringRow firing);

// Everything about a schedule in the log, by the same words.
void logSchedule(EventBatch &log, const ScheduleRow &schedule, const QString &kind, const QString &by,
                 QJsonObject data = {});

} // namespace muster
