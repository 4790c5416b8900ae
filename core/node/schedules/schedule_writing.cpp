#include "core/node/schedules/schedule_writing.h"

#include "core/node/schedules/firing_start.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/store/firing_repository.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

Status checkPool(Connection &db, const QString &pool)
{
    const auto pools = PoolRepository(db).list();
    if (!pools)
        return std::unexpected(pools.error());
    if (std::ranges::contains(*pools, pool, &PoolRow::name))
        return {};
    return fail(ErrorCode::NotFound, pool, u"pool"_s);
}

// Its times are others from now on, so those before now are done with.
Status setTimes(ScheduleRow &row, bool paused, qint64 nowMs)
{
    auto clock = clockOf(row);
    if (!clock)
        return std::unexpected(clock.error());
    const ScheduleRow before = row;
    beginAnew(row, *clock, nowMs);
    if (!paused)
        return {};
    row.state = before.state == ScheduleState::PausedByRule ? before.state : ScheduleState::Paused;
    row.pauseReason = before.pauseReason;
    row.typicalSteps = before.typicalSteps;
    row.nextMs = row.dueMs = std::nullopt;
    return {};
}

Result<ScheduleRow> makeSchedule(Connection &db, EventBatch &log, const ScheduleWish &wish, const QString &by)
{
    ScheduleRow row{.project = wish.project,
                    .file = wish.file,
                    .createdBy = by,
                    .createdMs = log.nowMs(),
                    .changedMs = log.nowMs()};
    api::ScheduleSpec spec = wish.spec;
    if (spec.anchorAt == 0)
        spec.anchorAt = log.nowMs();
    setSpec(row, spec);
    if (const Status timed = setTimes(row, wish.paused, log.nowMs()); !timed)
        return std::unexpected(timed.error());
    const auto id = ScheduleRepository(db).insert(row);
    if (!id)
        return std::unexpected(id.error());
    row.id = *id;
    return row;
}

Result<ScheduleRow> changeSchedule(Connection &db, EventBatch &log, const ScheduleWish &wish)
{
    ScheduleRepository schedules(db);
    auto row = schedules.find(wish.schedule);
    if (!row)
        return row;
    if (wish.file.isEmpty() && !row->file.isEmpty())
        return fail(ErrorCode::Conflict, u"file"_s, row->file);
    if (wish.revision != 0 && wish.revision != row->revision)
        return fail(ErrorCode::Conflict, QString::number(row->revision), u"revision"_s);
    const api::ScheduleSpec before = specOf(*row);
    api::ScheduleSpec spec = wish.spec;
    if (spec.anchorAt == 0)
        spec.anchorAt = before.anchorAt;
    if (spec.maxTurns != before.maxTurns)
        row->limitChangedMs = log.nowMs();
    const bool isTimedAnew =
        spec.when != before.when || spec.zone != before.zone || spec.anchorAt != before.anchorAt;
    setSpec(*row, spec);
    row->file = wish.file;
    row->changedMs = log.nowMs();
    const bool isPaused = row->state == ScheduleState::Paused || row->state == ScheduleState::PausedByRule;
    if (isTimedAnew) {
        if (const Status timed = setTimes(*row, isPaused, log.nowMs()); !timed)
            return std::unexpected(timed.error());
    }
    if (const Status updated = schedules.update(*row); !updated)
        return std::unexpected(updated.error());
    ++row->revision;
    return row;
}

} // namespace

Result<ScheduleRow> writeSchedule(Connection &db, EventBatch &log, const ScheduleWish &wish,
                                  const QString &by)
{
    if (wish.spec.flow.isEmpty()) {
        if (const Status pool = checkPool(db, wish.spec.pool); !pool)
            return std::unexpected(pool.error());
    }
    auto row = wish.schedule.isValid() ? changeSchedule(db, log, wish) : makeSchedule(db, log, wish, by);
    if (row)
        logSchedule(log, *row, u"schedule.saved"_s, by,
                    {{u"revision"_s, row->revision}, {u"new"_s, !wish.schedule.isValid()}});
    return row;
}

Status removeSchedule(Connection &db, EventBatch &log, const ScheduleRow &row, const QString &by)
{
    logSchedule(log, row, u"schedule.removed"_s, by);
    return ScheduleRepository(db).remove(row.id);
}

} // namespace muster
