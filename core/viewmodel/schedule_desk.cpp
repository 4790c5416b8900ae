#include "core/viewmodel/schedule_desk.h"

#include "core/node/api/schedule_fields.h"
#include "core/viewmodel/describe_tasks.h"

using namespace Qt::StringLiterals;

namespace muster {

ScheduleDesk::ScheduleDesk(api::NodeApi *node, QObject *parent)
    : QObject(parent)
    , m_node(node)
{
}

void ScheduleDesk::pause(ScheduleId schedule) { submit(api::PauseSchedule{.schedule = schedule}); }

void ScheduleDesk::resume(ScheduleId schedule) { submit(api::ResumeSchedule{.schedule = schedule}); }

void ScheduleDesk::remove(ScheduleId schedule) { submit(api::RemoveSchedule{.schedule = schedule}); }

void ScheduleDesk::runNow(ScheduleId schedule) { begin(schedule, AtCapacity::Ask); }

void ScheduleDesk::queueNow(ScheduleId schedule) { begin(schedule, AtCapacity::Queue); }

void ScheduleDesk::forceNow(ScheduleId schedule) { begin(schedule, AtCapacity::Force); }

void ScheduleDesk::begin(ScheduleId schedule, AtCapacity atCapacity)
{
    m_node->submit(api::RunScheduleNow{.schedule = schedule, .atCapacity = atCapacity}, this,
                   [this, schedule](const Result<api::CommandDone> &done) {
        if (done)
            emit begun(schedule);
        else if (isAtCapacity(done.error()))
            emit this->atCapacity(schedule, done.error());
        else
            emit failed(done.error());
    });
}

void ScheduleDesk::save(const api::SaveSchedule &command, QObject *context,
                        std::function<void(Result<ScheduleId>)> done)
{
    m_node->submit(command, context, [done = std::move(done)](const Result<api::CommandDone> &saved) {
        done(saved.transform([](const api::CommandDone &one) { return ScheduleId{one.text.toLongLong()}; }));
    });
}

void ScheduleDesk::submit(const api::Command &command)
{
    m_node->submit(command, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
    });
}

ScheduleMerge mergeSchedules(const api::ScheduleSpec &base, const api::ScheduleSpec &mine,
                             const api::ScheduleSpec &theirs)
{
    const QJsonObject before = toJsonObject(base);
    const QJsonObject there = toJsonObject(theirs);
    const QJsonObject here = toJsonObject(mine);
    QJsonObject merged = here;
    ScheduleMerge out;
    const QStringList keys = here.keys();
    for (const QString &key : keys) {
        const QJsonValue theirValue = there.value(key);
        if (theirValue == before.value(key) || theirValue == here.value(key))
            continue;
        const bool isMine = here.value(key) != before.value(key);
        (isMine ? out.both : out.taken) += key;
        if (!isMine)
            merged.insert(key, theirValue);
    }
    // It starts one of both: what I say of it stays whole.
    if (!merged.value("flow"_L1).toString().isEmpty() && !merged.value("prompt"_L1).toString().isEmpty()) {
        for (const QString &key : {u"flow"_s, u"prompt"_s, u"inputs"_s}) {
            merged.insert(key, here.value(key));
            if (out.taken.removeOne(key))
                out.both += key;
        }
    }
    out.spec = fromJsonObject<api::ScheduleSpec>(merged).value_or(mine);
    return out;
}

} // namespace muster
