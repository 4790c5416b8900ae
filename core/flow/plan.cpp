#include "core/flow/delay_time.h"
#include "core/flow/planner.h"

namespace muster {

using namespace Qt::StringLiterals;

std::vector<FlowFact> Planner::run()
{
    if (!m_state.started || m_state.keptDue > 0 || m_state.verdict)
        return {};
    using Part = void (Planner::*)();
    for (const Part part :
         {&Planner::timers, &Planner::notInvolved, &Planner::doomed, &Planner::ended, &Planner::joins,
          &Planner::rounds, &Planner::bodies, &Planner::groups, &Planner::budget, &Planner::sweep}) {
        (this->*part)();
        if (!m_facts.empty())
            return std::move(m_facts);
    }
    evaluations();
    starts();
    if (m_facts.empty())
        finish();
    return std::move(m_facts);
}

void Planner::timers()
{
    for (const auto &[moment, ref] : m_state.timers) {
        if (moment > m_nowMs)
            break;
        timeIsUp(ref);
    }
}

void Planner::timeIsUp(UnitRef ref)
{
    const UnitState &unit = m_state.unit(ref);
    const StepDefinition &step = definition(ref.step);
    if (unit.phase == UnitPhase::Started)
        stop(ref, FailureReason::DeadlineExceeded);
    else if (unit.phase == UnitPhase::Backoff)
        m_facts.emplace_back(Noted{.note = FlowNote::BackoffEnded, .step = step.id, .item = ref.item});
    else if (unit.phase == UnitPhase::Delaying)
        settle(ref, StepStatus::Completed);
    else if (unit.phase == UnitPhase::Items || unit.phase == UnitPhase::Pending)
        m_facts.emplace_back(JoinTimedOut{.step = step.id});
    else if (unit.phase == UnitPhase::Asking && step.onTimeout == OnApprovalTimeout::Fail)
        settle(ref, StepStatus::TimedOut, FailureReason::DeadlineExceeded);
    else if (unit.phase == UnitPhase::Asking)
        m_facts.emplace_back(
            ApprovalAnswered{.key = key(ref), .approved = false, .by = u"timeout"_s, .note = {}});
}

void Planner::evaluations()
{
    for (const UnitRef ref : m_state.toEvaluate) {
        m_facts.emplace_back(
            Noted{.note = FlowNote::Evaluating, .step = definition(ref.step).id, .item = ref.item});
    }
}

void Planner::starts()
{
    if (m_state.pausedBy)
        return;
    std::vector<int> batchActive = m_state.batchActive;
    std::vector<int> laneActive = m_state.laneActive;
    for (const auto &[queue, units] : m_state.startable) {
        const auto batch = static_cast<size_t>(queue.first);
        const auto lane = static_cast<size_t>(queue.second);
        for (const UnitRef ref : units) {
            if (queue.first >= 0 && batchActive[batch] >= m_definition.batches[batch].maxConcurrent)
                break;
            if (queue.second >= 0 && laneActive[lane] >= 1)
                break;
            if (queue.first >= 0)
                ++batchActive[batch];
            if (queue.second >= 0)
                ++laneActive[lane];
            start(ref);
        }
    }
}

void Planner::start(UnitRef ref)
{
    switch (definition(ref.step).kind) {
    case StepKind::Approval:
        return ask(ref);
    case StepKind::Delay:
        return delay(ref);
    case StepKind::Loop:
        m_facts.emplace_back(RoundBegan{.step = definition(ref.step).id, .round = 1});
        return;
    default:
        if (isBroke(m_definition, m_state, ref.step))
            return settle(ref, StepStatus::Failed, FailureReason::BudgetExceeded);
        m_facts.emplace_back(AttemptQueued{nextKey(ref)});
    }
}

void Planner::ask(UnitRef ref)
{
    std::optional<qint64> deadline;
    if (const qint64 timeout = definition(ref.step).timeoutMs; timeout > 0)
        deadline = m_nowMs + timeout;
    m_facts.emplace_back(
        ApprovalRequested{.key = nextKey(ref), .purpose = ApprovalPurpose::Step, .deadlineMs = deadline});
}

void Planner::delay(UnitRef ref)
{
    const UnitState &unit = m_state.unit(ref);
    const QString &text = unit.prepared ? unit.text : definition(ref.step).text.source;
    if (const auto until = delayUntil(text, m_nowMs))
        m_facts.emplace_back(DelayBegan{.step = definition(ref.step).id, .untilMs = *until});
    else
        settle(ref, StepStatus::Failed, FailureReason::RuntimeError,
               u"neither a duration nor a moment: "_s % text.left(100));
}

void Planner::finish()
{
    if (m_state.openSteps > 0) {
        const bool alive = m_state.runningUnits > 0 || m_state.waitingUnits > 0 || !m_state.timers.empty() ||
                           !m_state.evaluating.empty() || !m_state.startable.empty();
        if (!alive)
            m_facts.emplace_back(RunFinished{
                .status = RunStatus::Stuck, .reason = FailureReason::Unknown, .detail = {}, .step = {}});
    } else if (m_state.endedFor) {
        m_facts.emplace_back(RunFinished{.status = RunStatus::Failed,
                                         .reason = m_state.endedFor,
                                         .detail = m_state.endedDetail,
                                         .step = {}});
    } else if (m_state.cancelledBy) {
        m_facts.emplace_back(RunFinished{.status = RunStatus::Cancelled,
                                         .reason = FailureReason::Aborted,
                                         .detail = *m_state.cancelledBy,
                                         .step = {}});
    } else if (m_state.broke && (m_state.failedStep < 0 || stepState(m_state.failedStep).unit.reason ==
                                                               FailureReason::BudgetExceeded)) {
        m_facts.emplace_back(brokeVerdict(m_state));
    } else if (m_state.failedStep >= 0) {
        const UnitState &unit = stepState(m_state.failedStep).unit;
        m_facts.emplace_back(RunFinished{.status = RunStatus::Failed,
                                         .reason = unit.reason,
                                         .detail = unit.detail,
                                         .step = definition(m_state.failedStep).id});
    } else {
        m_facts.emplace_back(RunFinished{});
    }
}

std::vector<FlowFact> plan(const FlowDefinition &definition, const FlowState &state, qint64 nowMs)
{
    return Planner(definition, state, nowMs).run();
}

} // namespace muster
