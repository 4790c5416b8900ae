// Pools as a person sets them.
#include "core/node/api/request_fields.h"
#include "core/node/queries/queries.h"
#include "core/node/work/task_desk.h"
#include "core/store/project_repository.h"
#include "core/store/task_repository.h"

#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostSlots = 256;

Status check(const api::SetPool &command, const std::optional<PoolRow> &row)
{
    static const QRegularExpression name(u"\\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z"_s);
    if (!name.match(command.name).hasMatch())
        return fail(ErrorCode::InvalidArgument, u"pool_name"_s, command.name);
    const bool capped = command.cap && !command.uncapped;
    if (capped && (*command.cap < 0 || *command.cap > mostSlots))
        return fail(ErrorCode::InvalidArgument, u"0 … 256"_s, u"cap"_s);
    if (capped && command.name == "chat"_L1)
        return fail(ErrorCode::InvalidArgument, u"chat_has_no_cap"_s, command.name);
    if (command.deadlineMs && *command.deadlineMs < 0)
        return fail(ErrorCode::InvalidArgument, u"0 …"_s, u"deadline"_s);
    if (command.remove && !row)
        return fail(ErrorCode::NotFound, command.name, u"pools"_s);
    if (command.remove && queries::isShippedPool(command.name))
        return fail(ErrorCode::Conflict, u"in_use"_s, command.name);
    return {};
}

PoolRow changed(PoolRow row, const api::SetPool &command)
{
    row.name = command.name;
    if (command.uncapped)
        row.cap.reset();
    else if (command.cap)
        row.cap = command.cap;
    row.keepsSlot = command.keepsSlot.value_or(row.keepsSlot);
    if (command.deadlineMs)
        row.deadlineMs = *command.deadlineMs > 0 ? command.deadlineMs : std::nullopt;
    return row;
}

// The caps of these are settings too, which are what they are at the next start.
Status keepAsSetting(Connection &db, EventBatch &log, const PoolRow &row, const QString &by)
{
    const bool isSetting = row.name == "flow"_L1 || row.name == "scheduled"_L1;
    if (!isSetting || !row.cap)
        return {};
    const QString key = u"pools."_s + row.name;
    // The other nodes on the store hear of a setting by this.
    log.add(u"node.setting"_s, {}, by, {{u"key"_s, key}, {u"value"_s, *row.cap}});
    return SettingsRepository(db).set(key, *row.cap, log.nowMs());
}

} // namespace

Async<api::CommandDone> TaskDesk::setPool(api::SetPool command, QString by)
{
    const auto set = co_await resultOf(
        m_ledger.commitAsync([command, by](Connection &db, EventBatch &log) -> Result<std::optional<int>> {
        PoolRepository pools(db);
        const auto row = pools.find(command.name);
        if (!row)
            return std::unexpected(row.error());
        if (Status fine = check(command, *row); !fine)
            return std::unexpected(fine.error());
        log.add(u"node.pool"_s, {}, by, toJsonObject(command));
        if (command.remove) {
            return pools.remove(command.name).transform([] { return std::optional<int>(); });
        }
        const PoolRow next = changed(row->value_or(PoolRow{}), command);
        if (Status put = pools.put(next); !put)
            return std::unexpected(put.error());
        return keepAsSetting(db, log, next, by).transform([&] { return next.cap; });
    }));
    if (!set)
        co_return std::unexpected(set.error());
    if (*set)
        emit capSet(command.name, **set);
    m_tasks.drain();
    co_return api::CommandDone{.text = command.name};
}

} // namespace muster
