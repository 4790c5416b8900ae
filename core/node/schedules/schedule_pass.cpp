#include "core/node/schedules/schedule_pass.h"

#include "core/node/schedules/all_paused.h"
#include "core/node/schedules/firing_end.h"
#include "core/node/schedules/firing_start.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/process/process_identity.h"
#include "core/schedule/schedule_plan.h"
#include "core/store/firing_repository.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

Result<bool> takePass(Connection &db, const QString &owner, qint64 nowMs)
{
    ScheduleRepository schedules(db);
    const auto holder = schedules.passOwner();
    if (!holder)
        return std::unexpected(holder.error());
    if (!holder->isEmpty() && *holder != owner && isProvenDead(*holder)) {
        if (const Status freed = schedules.releasePass(*holder); !freed)
            return std::unexpected(freed.error());
    }
    return schedules.claimPass(owner, nowMs, kPassLeaseMs);
}

Result<bool> chatStreams(Connection &db)
{
    return TaskRepository(db).chatsStreaming().transform([](qint64 count) { return count > 0; });
}

// One schedule in one pass.
class Passage {
public:
    Passage(Connection &db, EventBatch &log, ScheduleRow row, FiringClock clock, bool chatStreams)
        : m_db(db)
        , m_log(log)
        , m_firings(db)
        , m_row(std::move(row))
        , m_before(m_row)
        , m_clock(std::move(clock))
        , m_chatStreams(chatStreams)
        , m_toldBefore(log.events().size())
    {
    }

    [[nodiscard]] Result<PassStep> pass();

private:
    [[nodiscard]] Status goBackWithClock();
    [[nodiscard]] Result<ScheduleFacts> facts();
    [[nodiscard]] Status apply(const SchedulePlan &plan);
    [[nodiscard]] Status account(const PlannedOccurrence &planned);
    [[nodiscard]] Status fireOldest();
    [[nodiscard]] Result<FiringId> fireAt(qint64 nominalMs, OccurrenceReason reason);
    void stopRunning(PassStep &step) const;
    void tell(const SchedulePlan &plan);
    void tellTimes(const QString &kind, OccurrenceOutcome outcome, const SchedulePlan &plan);

    Connection &m_db;
    EventBatch &m_log;
    FiringRepository m_firings;
    ScheduleRow m_row;
    const ScheduleRow m_before;
    FiringClock m_clock;
    bool m_chatStreams;
    size_t m_toldBefore;
    std::vector<FiringRow> m_open;
    std::vector<OccurrenceRow> m_waiting;
};

// What did not fire in a time that is yet to come has its chance again; what fired does not.
Status Passage::goBackWithClock()
{
    if (m_row.state != ScheduleState::Active || !isAheadOfClock(m_row.accountedMs, m_log.nowMs()))
        return {};
    const auto first = m_firings.reopen(m_row.id, m_log.nowMs());
    if (!first)
        return std::unexpected(first.error());
    m_row.accountedMs = std::min(m_log.nowMs(), first->value_or(m_log.nowMs()) - 1);
    m_row.nextMs = m_clock.next(m_row.accountedMs);
    m_row.dueMs = m_row.nextMs;
    m_row.putBack = 0;
    logSchedule(m_log, m_row, u"schedule.clock_set_back"_s, u"node"_s,
                {{u"from"_s, m_before.accountedMs}, {u"to"_s, m_log.nowMs()}});
    return {};
}

Result<ScheduleFacts> Passage::facts()
{
    const api::ScheduleSpec spec = specOf(m_row);
    auto open = m_firings.openOf(m_row.id);
    auto waiting = m_firings.waiting(m_row.id);
    auto recorded = m_firings.recorded(m_row.id, m_row.nextMs.value_or(m_log.nowMs() + 1), m_log.nowMs());
    if (!open)
        return std::unexpected(open.error());
    if (!waiting)
        return std::unexpected(waiting.error());
    if (!recorded)
        return std::unexpected(recorded.error());
    m_open = std::move(*open);
    m_waiting = std::move(*waiting);
    bool budgetIsSpent = false;
    if (spec.dayBudgetMicroUsd > 0) {
        const auto spent =
            m_firings.spentSince(m_row.id, startOfDay(QTimeZone(m_row.zone.toLatin1()), m_log.nowMs()));
        if (!spent)
            return std::unexpected(spent.error());
        budgetIsSpent = *spent >= spec.dayBudgetMicroUsd;
    }
    return ScheduleFacts{.state = m_row.state,
                         .missed = spec.missed,
                         .overlap = spec.overlap,
                         .nextMs = m_row.nextMs,
                         .dueMs = m_row.dueMs,
                         .accountedMs = m_row.accountedMs,
                         .putBack = m_row.putBack,
                         .openFirings = static_cast<int>(m_open.size()),
                         .waiting = static_cast<int>(m_waiting.size()),
                         .recorded = std::move(*recorded),
                         .chatStreams = m_chatStreams,
                         .dayBudgetIsSpent = budgetIsSpent};
}

Result<FiringId> Passage::fireAt(qint64 nominalMs, OccurrenceReason reason)
{
    const FiringCause cause =
        reason == OccurrenceReason::NotRunning ? FiringCause::CatchUp : FiringCause::Clock;
    return fire(m_db, m_log, m_row, {.schedule = m_row.id, .nominalMs = nominalMs, .cause = cause})
        .transform([](const FiringRow &fired) { return fired.id; });
}

Status Passage::fireOldest()
{
    const OccurrenceRow &oldest = m_waiting.front();
    const auto firing = fireAt(oldest.nominalMs, oldest.reason);
    return firing ? m_firings.fireWaiting(oldest, *firing) : std::unexpected(firing.error());
}

Status Passage::account(const PlannedOccurrence &planned)
{
    OccurrenceRow row{.schedule = m_row.id,
                      .nominalMs = planned.nominalMs,
                      .lastMs = planned.lastMs,
                      .count = planned.count,
                      .outcome = planned.outcome,
                      .reason = planned.reason,
                      .atMs = m_log.nowMs()};
    if (planned.fires) {
        const auto firing = fireAt(planned.nominalMs, planned.reason);
        if (!firing)
            return std::unexpected(firing.error());
        row.firing = *firing;
    }
    return m_firings.record(row);
}

Status Passage::apply(const SchedulePlan &plan)
{
    ScheduleRow after = m_row;
    after.state = plan.state;
    after.nextMs = plan.nextMs;
    after.dueMs = plan.dueMs;
    after.accountedMs = plan.accountedMs;
    after.putBack = plan.putBack;
    // First of all, and by one statement: whoever was there before us has fired it.
    if (const Status moved = ScheduleRepository(m_db).move(m_before, after); !moved)
        return moved;
    m_row = after;
    if (plan.waitingIsSkipped) {
        if (const Status skipped =
                m_firings.skipWaiting(m_row.id, OccurrenceReason::DayBudget, m_log.nowMs());
            !skipped)
            return skipped;
    }
    if (plan.waitingFires) {
        if (const Status fired = fireOldest(); !fired)
            return fired;
    }
    for (const PlannedOccurrence &planned : plan.occurrences) {
        if (const Status accounted = account(planned); !accounted)
            return accounted;
    }
    tell(plan);
    // Times that had their record already, for the clock was set back.
    const bool moved = m_row.nextMs != m_before.nextMs || m_row.dueMs != m_before.dueMs;
    if (moved && m_log.events().size() == m_toldBefore)
        logSchedule(m_log, m_row, u"schedule.moved"_s, u"node"_s, {{u"next"_s, m_row.nextMs.value_or(0)}});
    return {};
}

// Those that do not fire now. What fires tells of itself.
void Passage::tellTimes(const QString &kind, OccurrenceOutcome outcome, const SchedulePlan &plan)
{
    const bool alsoWaiting = plan.waitingIsSkipped && outcome == OccurrenceOutcome::Skipped;
    qint64 count = alsoWaiting ? std::ssize(m_waiting) : 0;
    OccurrenceReason reason = alsoWaiting ? OccurrenceReason::DayBudget : OccurrenceReason::None;
    for (const PlannedOccurrence &planned : plan.occurrences) {
        if (planned.outcome != outcome || planned.fires)
            continue;
        count += planned.count;
        reason = planned.reason;
    }
    if (count > 0)
        logSchedule(m_log, m_row, kind, u"node"_s, {{u"count"_s, count}, {u"reason"_s, enumName(reason)}});
}

void Passage::tell(const SchedulePlan &plan)
{
    tellTimes(u"schedule.missed"_s, OccurrenceOutcome::Missed, plan);
    tellTimes(u"schedule.skipped"_s, OccurrenceOutcome::Skipped, plan);
    tellTimes(u"schedule.delayed"_s, OccurrenceOutcome::Delayed, plan);
    if (plan.putBack > m_before.putBack)
        logSchedule(m_log, m_row, u"schedule.put_back"_s, u"node"_s,
                    {{u"times"_s, plan.putBack}, {u"until"_s, plan.dueMs.value_or(0)}});
    if (plan.state == ScheduleState::Expired && m_before.state != ScheduleState::Expired)
        logSchedule(m_log, m_row, u"schedule.expired"_s, u"node"_s);
}

void Passage::stopRunning(PassStep &step) const
{
    for (const FiringRow &firing : m_open) {
        if (firing.run.isValid())
            step.stoppedRuns.push_back(firing.run);
        else if (firing.task.isValid())
            step.stoppedTasks += taskKeyOf(firing.id);
    }
}

Result<PassStep> Passage::pass()
{
    if (const Status back = goBackWithClock(); !back)
        return std::unexpected(back.error());
    const auto known = facts();
    if (!known)
        return std::unexpected(known.error());
    const SchedulePlan plan = planSchedule(*known, m_clock, m_log.nowMs());
    if (const Status applied = apply(plan); !applied)
        return std::unexpected(applied.error());
    PassStep step{.more = plan.more};
    if (plan.stopsRunning)
        stopRunning(step);
    return step;
}

} // namespace

Result<PassBegin> beginPass(Connection &db, EventBatch &log, const QString &owner,
                            const LoopMeasures &measures)
{
    const auto mine = takePass(db, owner, log.nowMs());
    if (!mine)
        return std::unexpected(mine.error());
    PassBegin begin{.isMine = *mine};
    if (!*mine)
        return begin;
    auto running = followFirings(db, log, measures);
    if (!running)
        return std::unexpected(running.error());
    begin.running = std::move(*running);
    const auto pausedUntil = allPausedUntil(db, log.nowMs());
    if (!pausedUntil)
        return std::unexpected(pausedUntil.error());
    if (*pausedUntil > 0)
        return begin;
    const auto due = ScheduleRepository(db).due(log.nowMs(), kClockJumpMs);
    if (!due)
        return std::unexpected(due.error());
    for (const ScheduleRow &row : *due)
        begin.due.push_back(row.id);
    return begin;
}

Result<PassStep> passSchedule(Connection &db, EventBatch &log, ScheduleId id)
{
    const auto row = ScheduleRepository(db).find(id);
    if (!row)
        return std::unexpected(row.error());
    auto clock = clockOf(*row);
    if (!clock)
        return std::unexpected(clock.error());
    const auto streams = chatStreams(db);
    if (!streams)
        return std::unexpected(streams.error());
    return Passage(db, log, *row, std::move(*clock), *streams).pass();
}

Status setAside(Connection &db, EventBatch &log, ScheduleId id, const Error &why)
{
    ScheduleRepository schedules(db);
    const auto row = schedules.find(id);
    if (!row)
        return std::unexpected(row.error());
    logSchedule(log, *row, u"schedule.unreadable"_s, u"node"_s,
                {{u"field"_s, why.where}, {u"detail"_s, why.detail}});
    return schedules.setPaused(id, ScheduleState::Paused, PauseReason::None, 0);
}

Result<PassEnd> endPass(Connection &db, qint64 nowMs)
{
    const auto next = ScheduleRepository(db).nextDue();
    const auto open = FiringRepository(db).open();
    const auto pausedUntil = allPausedUntil(db, nowMs);
    if (!next)
        return std::unexpected(next.error());
    if (!open)
        return std::unexpected(open.error());
    if (!pausedUntil)
        return std::unexpected(pausedUntil.error());
    PassEnd end{.nextMs = next->transform([&](qint64 due) { return std::max(due, *pausedUntil); })};
    std::ranges::copy_if(*open, std::back_inserter(end.starting),
                         [](const FiringRow &firing) { return firing.status == FiringStatus::Starting; });
    return end;
}

} // namespace muster
