// The answers to queries, from rows. Each runs on a reader's thread with the connection it is given and keeps
// nothing; what needs files or git is in service/. Errors are those of the repositories.
#pragma once

#include "core/node/api/queries.h"
#include "core/store/connection.h"
#include "core/store/inbox_repository.h"
#include "core/store/project_repository.h"
#include "core/store/run_rows.h"
#include "core/store/task_rows.h"

namespace muster::queries {

[[nodiscard]] Result<std::vector<api::RunInfo>> runs(Connection &db, const api::ListRuns &query);
[[nodiscard]] Result<api::RunDetail> run(Connection &db, RunId id);
// What the node's process knows beside the store.
struct NodeLook {
    QString owner; // this process, as leases name it
    qint64 nowMs = 0;
    std::optional<HeldBack> heldBack; // nothing new begins on this machine
    qint64 nextLookMs = 0;            // when that is looked at again
};
[[nodiscard]] Result<std::vector<api::QueuedInfo>> queue(Connection &db, const api::ListQueue &query,
                                                         const NodeLook &look);
[[nodiscard]] Result<std::vector<api::PoolInfo>> pools(Connection &db, qint64 nowMs);
// When a slot of the pool is expected to be free, as it runs now; 0: nobody knows.
[[nodiscard]] Result<qint64> freesAt(Connection &db, const QString &pool, qint64 nowMs);
[[nodiscard]] bool isShippedPool(const QString &name);

[[nodiscard]] Result<std::vector<api::TaskInfo>> tasks(Connection &db, const api::ListTasks &query);
[[nodiscard]] Result<std::vector<api::InboxInfo>> inbox(Connection &db, const api::ListInbox &query);
[[nodiscard]] Result<std::vector<Event>> events(Connection &db, const api::ListEvents &query);
[[nodiscard]] Result<std::vector<api::ConversationInfo>> conversations(Connection &db,
                                                                       const api::ListConversations &query);
[[nodiscard]] Result<std::vector<api::MessageInfo>> messages(Connection &db, const api::ListMessages &query);
[[nodiscard]] Result<std::vector<WorktreeRow>> worktreeRows(Connection &db, const api::ListWorktrees &query);
[[nodiscard]] Result<api::StreamText> stream(Connection &db, const api::GetStream &query);

[[nodiscard]] Result<std::vector<api::PermissionInfo>> permissions(Connection &db,
                                                                   const api::ListPermissions &query);

// What only an agent's task knows of a step or an answer (work_queries.cpp).
[[nodiscard]] Status addWork(Connection &db, api::StepInfo &step);
[[nodiscard]] Status addWork(Connection &db, api::MessageInfo &message);
// Until when a task waits in the queue for a limit to be over; 0: it does not.
[[nodiscard]] qint64 restOf(const TaskRow &row);

// The tool calls of one turn (tool_queries.cpp).
[[nodiscard]] Result<std::vector<api::ToolCall>> toolsOf(Connection &db, TaskId task);
[[nodiscard]] Result<api::ToolDetail> toolCall(Connection &db, const api::GetToolCall &query);

[[nodiscard]] api::InboxInfo toApi(const InboxRow &row);

} // namespace muster::queries
