#include "ui/widgets/schedule_look.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/schedule_list_model.h"

using namespace Qt::StringLiterals;

namespace muster {

StatusLook lookOf(FiringStatus status)
{
    switch (status) {
    case FiringStatus::Running:
        return {u"status-running"_s, &ThemeColors::running};
    case FiringStatus::Completed:
        return {u"status-completed"_s, &ThemeColors::completed};
    case FiringStatus::Failed:
    case FiringStatus::NotStarted:
        return {u"status-failed"_s, &ThemeColors::failed};
    case FiringStatus::TimedOut:
        return {u"status-timed-out"_s, &ThemeColors::failed};
    case FiringStatus::Cancelled:
        return {u"status-cancelled"_s, &ThemeColors::neutral};
    case FiringStatus::Starting:
    case FiringStatus::Queued:
        break;
    }
    return {u"status-queued"_s, &ThemeColors::neutral};
}

StatusLook lookOf(const api::ScheduleInfo &schedule)
{
    switch (schedule.state) {
    case ScheduleState::Paused:
        return {u"pause"_s, &ThemeColors::waiting};
    case ScheduleState::PausedByRule:
        return {u"warning"_s, &ThemeColors::waiting};
    case ScheduleState::Expired:
        return {u"check"_s, &ThemeColors::neutral};
    case ScheduleState::Active:
        break;
    }
    if (schedule.running > 0)
        return lookOf(FiringStatus::Running);
    return {u"later"_s, &ThemeColors::neutral};
}

RowLook rowOf(const api::ScheduleInfo &schedule, qint64 nowMs)
{
    QStringList trailing = scheduleBadges(schedule);
    trailing += scheduleUntil(schedule, nowMs);
    trailing.removeAll(QString());
    QStringList below{scheduleStanding(schedule, nowMs), scheduleLast(schedule)};
    below.removeAll(QString());
    return {.sign = lookOf(schedule),
            .title = schedule.spec.name,
            .trailing = trailing.join(u" · "_s),
            .subtitle = below.join(u" · "_s),
            .quiet = schedule.state == ScheduleState::Paused || schedule.state == ScheduleState::Expired,
            .strong = schedule.state == ScheduleState::PausedByRule};
}

} // namespace muster
