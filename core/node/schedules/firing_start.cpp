#include "core/node/schedules/firing_start.h"

#include "core/node/schedules/schedule_reading.h"
#include "core/node/work/sql_task_store.h"
#include "core/store/firing_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

void logSchedule(EventBatch &log, const ScheduleRow &schedule, const QString &kind, const QString &by,
                 QJsonObject data)
{
    data.insert(u"schedule"_s, schedule.id.value);
    data.insert(u"name"_s, schedule.name);
    log.add(kind, {.project = schedule.project}, by, data);
}

Result<FiringRow> fire(Connection &db, EventBatch &log, const ScheduleRow &schedule, FiringRow firing)
{
    const api::ScheduleSpec spec = specOf(schedule);
    FiringRepository firings(db);
    firing.firedMs = log.nowMs();
    firing.stepLimit = spec.maxTurns;
    firing.status = spec.flow.isEmpty() ? FiringStatus::Queued : FiringStatus::Starting;
    const auto id = firings.insert(firing);
    if (!id)
        return std::unexpected(id.error());
    firing.id = *id;
    if (spec.flow.isEmpty()) {
        const auto project = ProjectRepository(db).find(schedule.project);
        if (!project)
            return std::unexpected(project.error());
        const auto task = insertTask(db, log, taskOf(schedule, *id, *project));
        if (!task)
            return std::unexpected(task.error());
        firing.task = *task;
        if (const Status linked = firings.setTask(*id, *task); !linked)
            return std::unexpected(linked.error());
    }
    QJsonObject data{{u"firing"_s, id->value}, {u"cause"_s, enumName(firing.cause)}};
    if (firing.nominalMs)
        data.insert(u"nominal"_s, *firing.nominalMs);
    if (firing.task.isValid())
        data.insert(u"task"_s, firing.task.value);
    logSchedule(log, schedule, u"schedule.fired"_s, sourceOf(schedule.id), data);
    return firing;
}

} // namespace muster
