#include "core/node/work/run_now.h"

#include "core/node/queries/queries.h"
#include "core/store/permission_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

Error atCapacity(const QString &what, qint64 freesAtMs)
{
    return {.code = ErrorCode::Conflict,
            .detail = u"at_capacity"_s,
            .where = u"%1 %2"_s.arg(what).arg(freesAtMs)};
}

Status noteBypass(Connection &db, EventBatch &log, const TaskRow &row, const Error &passed, const QString &by)
{
    EventRefs refs{.project = row.project, .run = row.run, .task = row.id, .conversation = row.conversation};
    const QJsonObject data{{u"held_back"_s, passed.where.section(u' ', 0, 0)}};
    log.add(u"task.forced"_s, refs, by, data);
    return AuditRepository(db).add(
        {.atMs = log.nowMs(), .who = by, .what = u"manual_force_bypass"_s, .refs = refs, .data = data});
}

} // namespace

Result<std::optional<Error>> obstacle(Connection &db, TaskId task, const MachineLook &machine, qint64 nowMs)
{
    const auto full = TaskRepository(db).fullPoolOf(task);
    if (!full)
        return std::unexpected(full.error());
    if (*full) {
        return queries::freesAt(db, **full, nowMs).transform([&](qint64 moment) {
            return std::optional(atCapacity(**full, moment));
        });
    }
    if (machine.heldBack)
        return std::optional(atCapacity(enumName(*machine.heldBack), nowMs + machine.nextLookMs));
    return std::nullopt;
}

Status beginNext(Connection &db, EventBatch &log, const TaskRow &task, const std::optional<Error> &passed,
                 const QString &by)
{
    const auto moved = TaskRepository(db).runNext(task.id, passed.has_value());
    if (!moved)
        return std::unexpected(moved.error());
    return passed ? noteBypass(db, log, task, *passed, by) : Status();
}

} // namespace muster
