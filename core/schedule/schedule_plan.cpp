#include "core/schedule/schedule_plan.h"

#include <algorithm>

namespace muster {

namespace {

using enum OccurrenceOutcome;
using Reason = OccurrenceReason;

class Planner {
public:
    Planner(const ScheduleFacts &facts, FiringClock &clock, qint64 nowMs)
        : m_facts(facts)
        , m_clock(clock)
        , m_now(nowMs)
        , m_open(facts.openFirings)
        , m_waiting(facts.waiting)
    {
        m_plan.state = facts.state;
        m_plan.nextMs = facts.nextMs;
        m_plan.dueMs = facts.dueMs;
        m_plan.accountedMs = facts.accountedMs;
        m_plan.putBack = facts.putBack;
    }

    SchedulePlan plan();

private:
    void findTimes();
    [[nodiscard]] bool isMissed(qint64 time) const;
    [[nodiscard]] Reason missedReason() const;
    void makeUpForMissed();
    void fireWaiting();
    void putBack();
    void meet(qint64 time);
    void moveOn();
    void add(qint64 time, OccurrenceOutcome outcome, Reason reason, bool fires = false);

    const ScheduleFacts &m_facts;
    FiringClock &m_clock;
    qint64 m_now;
    int m_open;
    int m_waiting;
    std::vector<qint64> m_missed;
    std::vector<qint64> m_live;
    SchedulePlan m_plan;
};

bool Planner::isMissed(qint64 time) const
{
    // A time that was put back is as late as its chat made it.
    const bool wasPutBack = m_facts.putBack > 0 && time == *m_facts.nextMs && m_facts.dueMs;
    return m_now - (wasPutBack ? *m_facts.dueMs : time) > kMissedAfterMs;
}

void Planner::findTimes()
{
    std::vector<qint64> times;
    std::optional<qint64> time = m_facts.nextMs;
    for (; time && *time <= m_now && std::cmp_less(times.size(), kMostTimesAtOnce);
         time = m_clock.next(*time)) {
        m_plan.accountedMs = std::max(m_plan.accountedMs, *time);
        if (!std::ranges::binary_search(m_facts.recorded, *time))
            times.push_back(*time);
    }
    m_plan.more = time && *time <= m_now;
    m_plan.nextMs = time;
    if (m_plan.more && std::cmp_greater(times.size(), kMostCaughtUp)) {
        // So many that only the last few can matter: those before them get one record together.
        const auto kept = times.end() - kMostCaughtUp;
        m_plan.occurrences.push_back({.nominalMs = times.front(),
                                      .lastMs = *(kept - 1),
                                      .count = kept - times.begin(),
                                      .outcome = Missed,
                                      .reason = missedReason()});
        m_plan.nextMs = *kept;
        m_plan.accountedMs = *(kept - 1);
        return;
    }
    for (const qint64 each : times)
        (isMissed(each) ? m_missed : m_live).push_back(each);
}

Reason Planner::missedReason() const
{
    switch (m_facts.missed) {
    case MissedRule::Once:
        return Reason::CaughtUp;
    case MissedRule::All:
        return Reason::OverTen;
    case MissedRule::Skip:
        break;
    }
    return Reason::NotRunning;
}

void Planner::add(qint64 time, OccurrenceOutcome outcome, Reason reason, bool fires)
{
    m_plan.occurrences.push_back(
        {.nominalMs = time, .lastMs = time, .outcome = outcome, .reason = reason, .fires = fires});
}

void Planner::makeUpForMissed()
{
    size_t caughtUp = 0;
    if (m_facts.missed == MissedRule::All)
        caughtUp = static_cast<size_t>(std::max(0, kMostCaughtUp - m_waiting));
    else if (m_facts.missed == MissedRule::Once && m_live.empty() && m_waiting == 0)
        caughtUp = 1;
    for (size_t at = 0; at < m_missed.size(); ++at) {
        const bool isLast = m_missed.size() - at <= caughtUp;
        if (isLast && m_facts.dayBudgetIsSpent) {
            add(m_missed[at], Skipped, Reason::DayBudget);
            continue;
        }
        if (isLast)
            ++m_waiting;
        add(m_missed[at], isLast ? Delayed : Missed, isLast ? Reason::NotRunning : missedReason());
    }
}

// The oldest of those that wait: of earlier passes, or of this one.
void Planner::fireWaiting()
{
    if (m_waiting == 0 || m_open > 0)
        return;
    if (m_facts.waiting > 0) {
        m_plan.waitingFires = true;
    } else {
        const auto first = std::ranges::find(m_plan.occurrences, Delayed, &PlannedOccurrence::outcome);
        first->fires = true;
    }
    --m_waiting;
    ++m_open;
}

void Planner::putBack()
{
    ++m_plan.putBack;
    if (!m_live.empty()) {
        m_plan.nextMs = m_live.front();
        m_plan.accountedMs =
            m_plan.occurrences.empty() ? m_facts.accountedMs : m_plan.occurrences.back().lastMs;
    }
    m_plan.dueMs = m_now + kPutBackMs;
}

void Planner::meet(qint64 time)
{
    if (m_facts.dayBudgetIsSpent)
        return add(time, Skipped, Reason::DayBudget);
    if (m_open == 0 && m_waiting == 0) {
        ++m_open;
        const bool late = m_facts.putBack > 0;
        return add(time, late ? Delayed : Fired, late ? Reason::ChatPressure : Reason::None, true);
    }
    if (m_facts.overlap == OverlapRule::Skip)
        return add(time, Skipped, Reason::Overlap);
    if (m_waiting > 0)
        return add(time, Skipped, Reason::QueueFull);
    ++m_waiting;
    m_plan.stopsRunning = m_plan.stopsRunning || m_facts.overlap == OverlapRule::CancelRunning;
    add(time, Delayed, m_facts.overlap == OverlapRule::CancelRunning ? Reason::Replaced : Reason::Overlap);
}

void Planner::moveOn()
{
    m_plan.dueMs = m_plan.nextMs;
    if (!m_plan.nextMs && m_plan.state == ScheduleState::Active)
        m_plan.state = ScheduleState::Expired;
}

SchedulePlan Planner::plan()
{
    const bool isActive = m_facts.state == ScheduleState::Active;
    if (!isActive && m_facts.state != ScheduleState::Expired)
        return m_plan;
    const bool isDue = isActive && m_facts.nextMs && m_facts.dueMs.value_or(*m_facts.nextMs) <= m_now;
    if (isDue)
        findTimes();
    if (m_facts.dayBudgetIsSpent && m_waiting > 0 && m_open == 0) {
        m_plan.waitingIsSkipped = true;
        m_waiting = 0;
    }
    makeUpForMissed();
    const bool putBackStillHolds = m_facts.putBack > 0 && m_facts.dueMs && *m_facts.dueMs > m_now;
    const bool wouldFire = m_open == 0 && (m_waiting > 0 || (!m_live.empty() && !m_facts.dayBudgetIsSpent));
    if (wouldFire && putBackStillHolds)
        return m_plan; // looked at for another reason; its moment comes
    if (wouldFire && m_facts.chatStreams && m_facts.putBack < kMostPutBacks) {
        putBack();
        return m_plan;
    }
    fireWaiting();
    for (const qint64 time : m_live)
        meet(time);
    m_plan.putBack = 0;
    moveOn();
    return m_plan;
}

} // namespace

SchedulePlan planSchedule(const ScheduleFacts &facts, FiringClock &clock, qint64 nowMs)
{
    return Planner(facts, clock, nowMs).plan();
}

} // namespace muster
