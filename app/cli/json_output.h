// What --json prints, as docs/cli.md says: times in ISO 8601 UTC or null, money in USD.
#pragma once

#include "core/node/api/key_values.h"
#include "core/node/api/values.h"

#include <QJsonArray>
#include <QJsonObject>

#include <vector>

namespace muster::app {

[[nodiscard]] QJsonObject flowCheckJson(const api::FlowCheckInfo &info);
// The same, and what a run of it would take and meet.
[[nodiscard]] QJsonObject preflightJson(const api::PreflightInfo &info);
[[nodiscard]] QJsonObject runJson(const api::RunInfo &run);
[[nodiscard]] QJsonObject runDetailJson(const api::RunDetail &detail);
[[nodiscard]] QJsonObject taskJson(const api::TaskInfo &task);
[[nodiscard]] QJsonObject queuedJson(const api::QueuedInfo &task);
[[nodiscard]] QJsonObject poolJson(const api::PoolInfo &pool);
[[nodiscard]] QJsonObject workJson(const api::WorkInfo &work);
[[nodiscard]] QJsonObject swarmJson(const api::NodeStatus &status, const std::vector<api::WorkInfo> &work);
[[nodiscard]] QJsonObject inboxJson(const api::InboxInfo &item);
[[nodiscard]] QJsonObject eventJson(const Event &event);
[[nodiscard]] QJsonObject worktreeJson(const api::WorktreeInfo &worktree);

template <typename T>
[[nodiscard]] QJsonArray jsonList(const std::vector<T> &items, QJsonObject (*json)(const T &))
{
    QJsonArray array;
    for (const T &item : items)
        array.append(json(item));
    return array;
}
[[nodiscard]] QJsonObject runtimeJson(const api::RuntimeInfo &runtime);
[[nodiscard]] QJsonObject permissionJson(const api::PermissionInfo &rule);
[[nodiscard]] QJsonObject accountJson(const QString &runtime, const api::AccountInfo &account);
[[nodiscard]] QJsonObject secretJson(const api::SecretInfo &secret);

} // namespace muster::app
