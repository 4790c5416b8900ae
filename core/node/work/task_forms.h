// A task as a row, as a request and as what its holder is given. Within a transaction of the caller; thread
// of the connection.
#pragma once

#include "core/node/events/ledger.h"
#include "core/store/task_repository.h"
#include "core/tasks/task.h"

namespace muster {

// Gives the earlier task where the key is known.
[[nodiscard]] Result<TaskId> insertTask(Connection &db, EventBatch &log, const TaskRequest &request);
// As its row stands, for the holder of that epoch.
[[nodiscard]] Result<ClaimedTask> claimedTask(Connection &db, const TaskRow &row, qint64 epoch, qint64 nowMs);
// The event that tells of it; with its key, as those of its service have.
void logTask(EventBatch &log, const TaskRow &row, const QString &kind, QJsonObject data = {});

} // namespace muster
