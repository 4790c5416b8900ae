// What a person or a file changes about schedules. Each change is one transaction with its event.
#include "core/node/queries/queries.h"
#include "core/node/schedules/firing_start.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/node/schedules/schedule_service.h"
#include "core/node/schedules/schedule_writing.h"
#include "core/store/firing_repository.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

api::CommandDone doneWith(const ScheduleRow &row)
{
    return {.refs = {.project = row.project}, .text = row.id.toString()};
}

Status refuseFile(const ScheduleRow &row)
{
    if (row.file.isEmpty())
        return {};
    return fail(ErrorCode::Conflict, u"file"_s, row.file);
}

// Pausing and going on are the person's, whoever says what the schedule is.
Result<ScheduleRow> setPaused(Connection &db, EventBatch &log, ScheduleId id, bool paused, const QString &by)
{
    ScheduleRepository schedules(db);
    auto row = schedules.find(id);
    if (!row)
        return row;
    if (paused ? row->state == ScheduleState::Paused : row->state == ScheduleState::Active)
        return row;
    if (paused) {
        row->state = ScheduleState::Paused;
        row->pauseReason = PauseReason::None;
        row->nextMs = row->dueMs = std::nullopt;
        row->putBack = 0;
        if (const Status skipped =
                FiringRepository(db).skipWaiting(id, OccurrenceReason::Paused, log.nowMs());
            !skipped)
            return std::unexpected(skipped.error());
    } else {
        auto clock = clockOf(*row);
        if (!clock)
            return std::unexpected(clock.error());
        beginAnew(*row, *clock, log.nowMs());
        row->turnLimitStreak = row->failureStreak = 0;
        if (row->state == ScheduleState::Expired)
            return fail(ErrorCode::Conflict, u"expired"_s, u"schedule"_s);
    }
    if (const Status updated = schedules.update(*row); !updated)
        return std::unexpected(updated.error());
    ++row->revision;
    logSchedule(log, *row, paused ? u"schedule.paused"_s : u"schedule.resumed"_s, by);
    return row;
}

// Conflict "at_capacity", with the pool and the moment when a slot is expected, 0 where nobody knows.
Status findSlot(Connection &db, const QString &pool, qint64 nowMs)
{
    const auto loads = PoolRepository(db).loads();
    if (!loads)
        return std::unexpected(loads.error());
    const auto load = std::ranges::find(*loads, pool, &PoolLoad::pool);
    if (load == loads->end())
        return fail(ErrorCode::NotFound, pool, u"pools"_s);
    if (!load->cap || load->held < *load->cap)
        return {};
    return queries::freesAt(db, pool, nowMs).and_then([&](qint64 freesAtMs) -> Status {
        return fail(ErrorCode::Conflict, u"at_capacity"_s, u"%1 %2"_s.arg(pool).arg(freesAtMs));
    });
}

Result<std::pair<ScheduleRow, FiringRow>> fireNow(Connection &db, EventBatch &log,
                                                  const api::RunScheduleNow &c, const QString &by)
{
    const auto row = ScheduleRepository(db).find(c.schedule);
    if (!row)
        return std::unexpected(row.error());
    const api::ScheduleSpec spec = specOf(*row);
    if (c.atCapacity == AtCapacity::Ask && spec.flow.isEmpty()) {
        if (const Status slot = findSlot(db, spec.pool, log.nowMs()); !slot)
            return std::unexpected(slot.error());
    }
    logSchedule(log, *row, u"schedule.run_now"_s, by);
    return fire(db, log, *row, {.schedule = row->id, .cause = FiringCause::Person})
        .transform([&](const FiringRow &firing) { return std::pair(*row, firing); });
}

} // namespace

Async<api::CommandDone> ScheduleService::save(api::SaveSchedule c, QString by)
{
    if (c.spec.zone.isEmpty())
        c.spec.zone = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    if (const Status fine = checkSpec(c.spec); !fine)
        co_return std::unexpected(fine.error());
    ScheduleWish wish{.schedule = c.schedule, .spec = c.spec, .revision = c.revision, .paused = c.paused};
    if (!c.schedule.isValid()) {
        const auto project = co_await m_projects.open(c.project);
        if (!project)
            co_return std::unexpected(project.error());
        wish.project = project->row.id;
    }
    const auto row = co_await resultOf(m_ledger.commitAsync(
        [wish, by](Connection &db, EventBatch &log) { return writeSchedule(db, log, wish, by); }));
    co_return row.transform(doneWith);
}

Async<api::CommandDone> ScheduleService::remove(api::RemoveSchedule c, QString by)
{
    const auto row = co_await resultOf(
        m_ledger.commitAsync([id = c.schedule, by](Connection &db, EventBatch &log) -> Result<ScheduleRow> {
        const auto found = ScheduleRepository(db).find(id);
        if (!found)
            return found;
        if (const Status mine = refuseFile(*found); !mine)
            return std::unexpected(mine.error());
        return removeSchedule(db, log, *found, by).transform([&] { return *found; });
    }));
    co_return row.transform(doneWith);
}

Async<api::CommandDone> ScheduleService::pause(api::PauseSchedule c, QString by)
{
    const auto row = co_await resultOf(m_ledger.commitAsync(
        [c, by](Connection &db, EventBatch &log) { return setPaused(db, log, c.schedule, true, by); }));
    co_return row.transform(doneWith);
}

Async<api::CommandDone> ScheduleService::resume(api::ResumeSchedule c, QString by)
{
    const auto row = co_await resultOf(m_ledger.commitAsync(
        [c, by](Connection &db, EventBatch &log) { return setPaused(db, log, c.schedule, false, by); }));
    co_return row.transform(doneWith);
}

Async<api::CommandDone> ScheduleService::runNow(api::RunScheduleNow c, QString by)
{
    const auto fired = co_await resultOf(
        m_ledger.commitAsync([c, by](Connection &db, EventBatch &log) { return fireNow(db, log, c, by); }));
    if (!fired)
        co_return std::unexpected(fired.error());
    m_tasks.drain();
    co_return api::CommandDone{.refs = {.project = fired->first.project, .task = fired->second.task},
                               .text = fired->second.id.toString()};
}

} // namespace muster
