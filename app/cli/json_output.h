// What --json prints, as docs/cli.md says: times in ISO 8601 UTC or null, money in USD.
#pragma once

#include "core/node/api/values.h"

#include <QJsonObject>

namespace muster::app {

[[nodiscard]] QJsonObject runJson(const api::RunInfo &run);
[[nodiscard]] QJsonObject runDetailJson(const api::RunDetail &detail);
[[nodiscard]] QJsonObject taskJson(const api::TaskInfo &task);
[[nodiscard]] QJsonObject inboxJson(const api::InboxInfo &item);
[[nodiscard]] QJsonObject worktreeJson(const api::WorktreeInfo &worktree);

[[nodiscard]] QJsonObject runtimeJson(const api::RuntimeInfo &runtime);
[[nodiscard]] QJsonObject permissionJson(const api::PermissionInfo &rule);

} // namespace muster::app
