// How what was said of a schedule gets into the store, from a person or from a file. Within a transaction.
// Writer's thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/node/events/ledger.h"
#include "core/store/schedule_rows.h"

namespace muster {

struct ScheduleWish {
    ScheduleId schedule;    // none: a new one
    ProjectId project;      // of a new one
    api::ScheduleSpec spec; // checked (schedule_reading.h)
    qint64 revision = 0;    // 0: whatever there is
    bool paused = false;
    QString file; // that says it; empty: a person
};

// NotFound: its pool. AlreadyExists: its name. Conflict: the revision, or a file says what the schedule is.
[[nodiscard]] Result<ScheduleRow> writeSchedule(Connection &db, EventBatch &log, const ScheduleWish &wish,
                                                const QString &by);
[[nodiscard]] Status removeSchedule(Connection &db, EventBatch &log, const ScheduleRow &row,
                                    const QString &by);

} // namespace muster
