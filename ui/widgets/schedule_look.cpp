#include "ui/widgets/schedule_look.h"

#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct ScheduleLook {
    Q_DECLARE_TR_FUNCTIONS(ScheduleLook)
};

QString secondLine(const api::ScheduleInfo &schedule, qint64 nowMs)
{
    QStringList parts;
    if (schedule.state != ScheduleState::Active)
        parts += describe(schedule.state, schedule.pauseReason);
    else if (schedule.running > 0)
        parts += ScheduleLook::tr("%n running", nullptr, schedule.running);
    if (schedule.state == ScheduleState::Active && schedule.nextAt > 0)
        parts += describeMoment(schedule.nextAt, nowMs);
    if (const QString last = describeLast(schedule); !last.isEmpty() && schedule.running == 0)
        parts += ScheduleLook::tr("last: %1").arg(last);
    return parts.join(u" · "_s);
}

} // namespace

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
    if (schedule.state == ScheduleState::Active && schedule.nextAt > 0)
        trailing += describeUntil(std::max(schedule.nextAt, schedule.dueAt), nowMs);
    return {.sign = lookOf(schedule),
            .title = schedule.spec.name,
            .trailing = trailing.join(u" · "_s),
            .subtitle = secondLine(schedule, nowMs),
            .quiet = schedule.state == ScheduleState::Paused || schedule.state == ScheduleState::Expired,
            .strong = schedule.state == ScheduleState::PausedByRule};
}

} // namespace muster
