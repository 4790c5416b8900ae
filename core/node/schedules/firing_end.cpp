#include "core/node/schedules/firing_end.h"

#include "core/node/schedules/firing_result.h"
#include "core/node/schedules/firing_start.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/schedule/streaks.h"
#include "core/store/firing_repository.h"
#include "core/store/inbox_repository.h"
#include "core/store/run_repository.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int typicalOf = 20; // the last firings

FiringStatus statusOf(TaskStatus status)
{
    switch (status) {
    case TaskStatus::Completed:
        return FiringStatus::Completed;
    case TaskStatus::Cancelled:
        return FiringStatus::Cancelled;
    case TaskStatus::TimedOut:
        return FiringStatus::TimedOut;
    default:
        return FiringStatus::Failed;
    }
}

FiringStatus statusOf(const RunRow &run)
{
    if (run.status == RunStatus::Completed)
        return FiringStatus::Completed;
    if (run.status == RunStatus::Cancelled)
        return FiringStatus::Cancelled;
    const bool ranOut = run.reason && statusFor(*run.reason) == TaskStatus::TimedOut;
    return ranOut ? FiringStatus::TimedOut : FiringStatus::Failed;
}

// Where its work stands.
struct Progress {
    FiringRow firing;
    bool hasEnded = false;
};

Result<Progress> progressOfTask(Connection &db, FiringRow firing)
{
    const auto task = TaskRepository(db).find(firing.task);
    if (!task)
        return std::unexpected(task.error());
    firing.claimedMs = task->startedMs;
    firing.steps = static_cast<int>(task->turns);
    firing.costMicroUsd = task->usage.costMicroUsd;
    if (!task->endedMs)
        return Progress{.firing = firing};
    firing.status = statusOf(task->status);
    firing.reason = task->reason;
    firing.detail = task->detail;
    firing.completedMs = task->endedMs;
    return Progress{.firing = firing, .hasEnded = true};
}

Result<Progress> progressOfRun(Connection &db, FiringRow firing)
{
    const auto run = RunRepository(db).find(firing.run);
    if (!run)
        return std::unexpected(run.error());
    const auto work = RunRepository(db).workWithin(firing.run);
    if (!work)
        return std::unexpected(work.error());
    firing.claimedMs = run->startedMs;
    firing.steps = 0;
    firing.costMicroUsd.reset();
    for (const TaskWork &task : *work) {
        firing.steps += task.turns;
        if (task.costMicroUsd)
            firing.costMicroUsd = firing.costMicroUsd.value_or(0) + *task.costMicroUsd;
    }
    if (!isSettled(run->status))
        return Progress{.firing = firing};
    firing.status = statusOf(*run);
    firing.reason = run->reason;
    firing.detail = run->detail;
    firing.completedMs = run->endedMs.value_or(run->createdMs);
    return Progress{.firing = firing, .hasEnded = true};
}

// What it was to do is gone with its project's records.
Progress lost(FiringRow firing, qint64 nowMs)
{
    firing.status = FiringStatus::Failed;
    firing.reason = FailureReason::Unknown;
    firing.completedMs = nowMs;
    return {.firing = firing, .hasEnded = true};
}

Result<Progress> progressOf(Connection &db, const FiringRow &firing, qint64 nowMs)
{
    auto progress = firing.run.isValid()    ? progressOfRun(db, firing)
                    : firing.task.isValid() ? progressOfTask(db, firing)
                                            : Result<Progress>(lost(firing, nowMs));
    if (!progress && progress.error().code == ErrorCode::NotFound)
        return lost(firing, nowMs);
    return progress;
}

Status noteClaim(Connection &db, EventBatch &log, FiringRow firing)
{
    const auto chats = TaskRepository(db).chatsStreaming();
    const auto running = FiringRepository(db).runningCount();
    if (!chats)
        return std::unexpected(chats.error());
    if (!running)
        return std::unexpected(running.error());
    firing.chatStreams = static_cast<int>(*chats);
    firing.schedulesRunning = *running + 1;
    const auto noted = FiringRepository(db).claimed(firing);
    if (!noted)
        return std::unexpected(noted.error());
    ScheduleRepository schedules(db);
    const auto schedule = schedules.find(firing.schedule);
    if (!schedule)
        return std::unexpected(schedule.error());
    logSchedule(log, *schedule, u"schedule.started"_s, sourceOf(firing.schedule),
                {{u"firing"_s, firing.id.value}});
    return schedules.setStarted(firing.schedule, firing.claimedMs.value_or(0));
}

// `purpose`: what it is, and the numbers of that, each on its own line.
Status warn(Connection &db, EventBatch &log, const ScheduleRow &schedule, const FiringRow &firing,
            const QStringList &purpose)
{
    const auto opened =
        InboxRepository(db).open({.key = u"%1:%2"_s.arg(purpose.front(), firing.id.toString()),
                                  .kind = InboxKind::Warning,
                                  .refs = {.project = schedule.project},
                                  .body = {{u"purpose"_s, purpose.join(u'\n')},
                                           {u"who"_s, schedule.name},
                                           {u"schedule"_s, schedule.id.value}},
                                  .createdMs = log.nowMs()});
    if (!opened)
        return std::unexpected(opened.error());
    log.add(u"inbox.opened"_s, {.project = schedule.project, .inbox = opened->id}, sourceOf(schedule.id),
            {{u"title"_s, schedule.name}, {u"kind"_s, enumName(InboxKind::Warning)}});
    return {};
}

Result<int> typicalStepsOf(Connection &db, ScheduleId schedule)
{
    return FiringRepository(db).list(schedule, 0, typicalOf).transform([](const auto &firings) {
        std::vector<int> steps;
        for (const FiringRow &firing : firings)
            if (firing.completedMs && firing.claimedMs)
                steps.push_back(firing.steps);
        return typicalSteps(std::move(steps));
    });
}

Status pauseByRule(Connection &db, EventBatch &log, const ScheduleRow &schedule, const FiringRow &firing,
                   PauseReason why)
{
    const auto typical = typicalStepsOf(db, schedule.id);
    if (!typical)
        return std::unexpected(typical.error());
    if (const Status paused =
            ScheduleRepository(db).setPaused(schedule.id, ScheduleState::PausedByRule, why, *typical);
        !paused)
        return paused;
    if (const Status skipped =
            FiringRepository(db).skipWaiting(schedule.id, OccurrenceReason::Paused, log.nowMs());
        !skipped)
        return skipped;
    const QJsonObject data{{u"reason"_s, enumName(why)}, {u"typical_steps"_s, *typical}};
    logSchedule(log, schedule, u"schedule.paused"_s, u"rule"_s, data);
    return warn(db, log, schedule, firing, {u"schedule_paused"_s, enumName(why), QString::number(*typical)});
}

Status countEnd(Connection &db, EventBatch &log, const FiringRow &firing)
{
    const auto schedule = ScheduleRepository(db).find(firing.schedule);
    if (!schedule)
        return std::unexpected(schedule.error());
    auto clock = clockOf(*schedule);
    const bool inGrace = clock && isInGrace(*clock, schedule->limitChangedMs, firing.firedMs);
    const Streaks before{.turnLimit = schedule->turnLimitStreak, .failure = schedule->failureStreak};
    const StreakVerdict verdict = judgeEnd(before, firing.status, firing.reason, inGrace);
    if (verdict.streaks != before) {
        if (const Status set = ScheduleRepository(db).setStreaks(schedule->id, verdict.streaks.turnLimit,
                                                                 verdict.streaks.failure);
            !set)
            return set;
    }
    if (verdict.notice) {
        if (const Status told = warn(
                db, log, *schedule, firing,
                {u"schedule_turn_limit"_s, QString::number(firing.steps), QString::number(firing.stepLimit)});
            !told)
            return told;
    }
    if (verdict.pause == PauseReason::None || isPaused(schedule->state))
        return {};
    return pauseByRule(db, log, *schedule, firing, verdict.pause);
}

} // namespace

Status closeFiring(Connection &db, EventBatch &log, const FiringRow &ended)
{
    FiringRow firing = ended;
    const FiringResult result = resultOfFiring(db, firing);
    const auto before = FiringRepository(db).resultBefore(firing);
    if (!before)
        return std::unexpected(before.error());
    firing.result = result.digest;
    const auto closed = FiringRepository(db).close(firing);
    if (!closed || !*closed)
        return closed ? Status() : Status(std::unexpected(closed.error()));
    const auto schedule = ScheduleRepository(db).find(firing.schedule);
    if (!schedule)
        return std::unexpected(schedule.error());
    QJsonObject data{
        {u"firing"_s, firing.id.value}, {u"status"_s, enumName(firing.status)}, {u"steps"_s, firing.steps}};
    if (firing.reason)
        data.insert(u"reason"_s, enumName(*firing.reason));
    if (!firing.detail.isEmpty())
        data.insert(u"detail"_s, firing.detail);
    logSchedule(log, *schedule, u"schedule.ended"_s, sourceOf(firing.schedule), data);
    if (const Status told = tellResult(db, log, *schedule, firing, result, *before); !told)
        return told;
    return countEnd(db, log, firing);
}

Result<std::vector<FiringId>> followFirings(Connection &db, EventBatch &log, const LoopMeasures &measures)
{
    const auto open = FiringRepository(db).open();
    if (!open)
        return std::unexpected(open.error());
    std::vector<FiringId> running;
    for (const FiringRow &firing : *open) {
        if (firing.status == FiringStatus::Starting)
            continue;
        auto progress = progressOf(db, firing, log.nowMs());
        if (!progress)
            return std::unexpected(progress.error());
        if (progress->firing.claimedMs && !firing.claimedMs) {
            if (const Status noted = noteClaim(db, log, progress->firing); !noted)
                return std::unexpected(noted.error());
        }
        if (progress->hasEnded) {
            if (const auto found = measures.constFind(firing.id); found != measures.cend()) {
                progress->firing.loopLagMs = found->lagMs;
                progress->firing.peakMemory = found->peakMemory;
            }
            if (const Status closed = closeFiring(db, log, progress->firing); !closed)
                return std::unexpected(closed.error());
        } else if (progress->firing.claimedMs) {
            running.push_back(firing.id);
        }
    }
    return running;
}

} // namespace muster
