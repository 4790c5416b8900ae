// The lasting rules of permissions as a person makes, changes and revokes them. Each change is told and in
// the audit. Source: spec "agents", Permissions. In a transaction of the ledger, on the writer's thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/commands.h"
#include "core/node/events/ledger.h"
#include "core/store/permission_repository.h"

namespace muster {

// What a person may make rules for: what can be said without having been asked.
[[nodiscard]] bool canBeSaid(ToolKind kind);

// The new rule, or the changed one under its id. InvalidArgument: no rule that could ever apply; NotFound:
// the rule or the project; AlreadyExists: there is the same one.
[[nodiscard]] Result<PermissionRuleId> setPermission(Connection &db, EventBatch &log,
                                                     const api::SetPermission &command, const QString &by);
// NotFound.
[[nodiscard]] Status revokePermission(Connection &db, EventBatch &log, PermissionRuleId rule,
                                      const QString &by);

} // namespace muster
