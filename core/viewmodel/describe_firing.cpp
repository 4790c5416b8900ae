#include "core/viewmodel/describe_firing.h"

#include "core/viewmodel/describe_schedule.h"

#include <QCoreApplication>
#include <QDateTime>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Schedules {
    Q_DECLARE_TR_FUNCTIONS(Schedules)
};

} // namespace

QString describe(ScheduleState state, PauseReason reason)
{
    switch (state) {
    case ScheduleState::Active:
        return Schedules::tr("Active");
    case ScheduleState::Paused:
        return Schedules::tr("Paused");
    case ScheduleState::Expired:
        return Schedules::tr("Over: none of its times is to come");
    case ScheduleState::PausedByRule:
        break;
    }
    return reason == PauseReason::TurnLimitStreak
               ? Schedules::tr("Paused: met its limit of agent steps 5 times in a row")
               : Schedules::tr("Paused: failed 3 times in a row");
}

QString describe(FiringStatus status)
{
    switch (status) {
    case FiringStatus::Starting:
        return Schedules::tr("Starting");
    case FiringStatus::NotStarted:
        return Schedules::tr("Not started");
    case FiringStatus::Queued:
        return describe(TaskStatus::Queued);
    case FiringStatus::Running:
        return describe(TaskStatus::Running);
    case FiringStatus::Completed:
        return describe(TaskStatus::Completed);
    case FiringStatus::Failed:
        return describe(TaskStatus::Failed);
    case FiringStatus::Cancelled:
        return describe(TaskStatus::Cancelled);
    case FiringStatus::TimedOut:
        return describe(TaskStatus::TimedOut);
    }
    return {};
}

QString describe(FiringCause cause)
{
    switch (cause) {
    case FiringCause::Clock:
        return Schedules::tr("by the clock");
    case FiringCause::CatchUp:
        return Schedules::tr("made up for");
    case FiringCause::Person:
        return Schedules::tr("run now");
    }
    return {};
}

QString describe(OccurrenceOutcome outcome)
{
    switch (outcome) {
    case OccurrenceOutcome::Fired:
        return Schedules::tr("Fired");
    case OccurrenceOutcome::Missed:
        return Schedules::tr("Missed");
    case OccurrenceOutcome::Skipped:
        return Schedules::tr("Skipped");
    case OccurrenceOutcome::Delayed:
        return Schedules::tr("Delayed");
    }
    return {};
}

QString describe(OccurrenceReason reason)
{
    switch (reason) {
    case OccurrenceReason::None:
        break;
    case OccurrenceReason::NotRunning:
        return Schedules::tr("the machine slept, Muster was closed, or all schedules were paused");
    case OccurrenceReason::CaughtUp:
        return Schedules::tr("a later time stands for it");
    case OccurrenceReason::OverTen:
        return Schedules::tr("more than ten were missed");
    case OccurrenceReason::Overlap:
        return Schedules::tr("the one before still went on");
    case OccurrenceReason::QueueFull:
        return Schedules::tr("another one waited already");
    case OccurrenceReason::Replaced:
        return Schedules::tr("the one before was stopped for it");
    case OccurrenceReason::ChatPressure:
        return Schedules::tr("a chat went first");
    case OccurrenceReason::DayBudget:
        return Schedules::tr("the day's budget was spent");
    case OccurrenceReason::Paused:
        return Schedules::tr("the schedule was paused");
    }
    return {};
}

QString describe(MissedRule rule)
{
    switch (rule) {
    case MissedRule::Skip:
        return Schedules::tr("Leave it out");
    case MissedRule::Once:
        return Schedules::tr("Make up for it once");
    case MissedRule::All:
        return Schedules::tr("Make up for each, at most ten");
    }
    return {};
}

QString describe(OverlapRule rule)
{
    switch (rule) {
    case OverlapRule::Skip:
        return Schedules::tr("Leave it out");
    case OverlapRule::Queue:
        return Schedules::tr("Wait for the one before");
    case OverlapRule::CancelRunning:
        return Schedules::tr("Stop the one before");
    }
    return {};
}

QString describe(ResultNotice notice)
{
    switch (notice) {
    case ResultNotice::Always:
        return Schedules::tr("Every result");
    case ResultNotice::Change:
        return Schedules::tr("Results that differ from the one before");
    case ResultNotice::Failure:
        return Schedules::tr("Failures");
    case ResultNotice::Never:
        return Schedules::tr("Nothing");
    }
    return {};
}

QString describeStarts(const api::ScheduleSpec &spec)
{
    return spec.flow.isEmpty() ? spec.prompt.trimmed().section(u'\n', 0, 0)
                               : Schedules::tr("flow %1").arg(spec.flow);
}

QStringList scheduleBadges(const api::ScheduleInfo &schedule)
{
    QStringList badges;
    if (schedule.queued > 0)
        badges += Schedules::tr("+%1 queued").arg(schedule.queued);
    if (schedule.nearStepCap)
        badges += Schedules::tr("Near step cap");
    return badges;
}

QString describeLast(const api::ScheduleInfo &schedule)
{
    if (!schedule.lastStatus)
        return {};
    return schedule.lastReason ? describe(*schedule.lastReason) : describe(*schedule.lastStatus);
}

QString describeResult(const api::FiringInfo &firing)
{
    return firing.reason ? describeFailure(*firing.reason, firing.detail) : describe(firing.status);
}

QString describeAverages(const api::ScheduleAverages &averages)
{
    return Schedules::tr("On average of %n firing(s): waits %1, runs %2, %3", "%3: 41 agent steps",
                         averages.firings)
        .arg(describeDuration(averages.waitMs), describeDuration(averages.runMs),
             Schedules::tr("%n agent step(s)", nullptr, averages.steps));
}

QString describe(const api::CalibrationInfo &alike)
{
    return Schedules::tr("Schedules like this average about %n step(s)", nullptr, alike.steps);
}

QString describeCost(std::optional<qint64> microUsd)
{
    return microUsd ? describeMoney(*microUsd) : Schedules::tr("unknown");
}

QString describe(const api::CollisionInfo &collision)
{
    return Schedules::tr("Meets %1 at %2: about %n agent step(s) together", nullptr, collision.steps)
        .arg(collision.names.join(u", "_s),
             describeMoment(collision.firstAt, QDateTime::currentMSecsSinceEpoch()));
}

FlowProblemText describe(const api::ScheduleFileProblem &problem)
{
    const api::FlowProblemInfo &info = problem.problem;
    if (info.code == u"when")
        return {.message = describe(whenProblemFrom(info.found + u'\n' + info.expected.value(0))),
                .hint = describeWhenExamples()};
    if (info.code == u"zone")
        return {.message = Schedules::tr("“%1” is not a time zone.").arg(info.found),
                .hint = Schedules::tr("Write one like Europe/Berlin or UTC.")};
    if (info.code == u"prompt_and_flow")
        return {.message = Schedules::tr("A schedule starts a prompt or a flow, not both."), .hint = {}};
    if (info.code == u"key_of_prompt")
        return {.message = Schedules::tr("“%1” is for a prompt; the flow says that itself.").arg(info.found),
                .hint = {}};
    if (info.code == u"key_of_flow")
        return {.message = Schedules::tr("“%1” is for a flow, and this is a prompt.").arg(info.found),
                .hint = {}};
    if (info.code == u"name_taken")
        return {.message = Schedules::tr("There is a schedule “%1” in this project already.").arg(info.found),
                .hint = {}};
    if (info.code == u"pool")
        return {.message = Schedules::tr("There is no pool “%1”.").arg(info.found), .hint = {}};
    if (info.code == u"not_trusted")
        return {.message = Schedules::tr("The project is not trusted as it is now, so its files do nothing."),
                .hint = Schedules::tr("Look at them, then: muster trust %1").arg(problem.project)};
    return describe(info);
}

QString describeScheduleResult(const api::InboxInfo &item)
{
    if (item.kind != InboxKind::Result)
        return {};
    const QString status = item.purpose.section(u'\n', 1, 1);
    if (status == enumName(FiringStatus::Completed))
        return Schedules::tr("“%1” is done").arg(item.who);
    const auto reason = enumFromName<FailureReason>(item.purpose.section(u'\n', 2, 2));
    const QString why = reason ? describeFailure(*reason, item.purpose.section(u'\n', 3)) : QString();
    if (why.isEmpty())
        return Schedules::tr("“%1” has failed").arg(item.who);
    return Schedules::tr("“%1” has failed: %2").arg(item.who, why);
}

QString describeScheduleWarning(const api::InboxInfo &item)
{
    const QStringList parts = item.purpose.split(u'\n');
    if (parts.front() == u"schedule_turn_limit")
        return Schedules::tr("“%1” met its limit of agent steps again: it used %2 of %3.")
            .arg(item.who, parts.value(1), parts.value(2));
    if (parts.front() != u"schedule_paused")
        return {};
    const auto reason = enumFromName<PauseReason>(parts.value(1)).value_or(PauseReason::FailureStreak);
    QString text = u"“%1”: %2"_s.arg(item.who, describe(ScheduleState::PausedByRule, reason));
    if (reason == PauseReason::TurnLimitStreak)
        text +=
            u". "_s + Schedules::tr("It usually takes %n agent step(s).", nullptr, parts.value(2).toInt());
    return text;
}

} // namespace muster
