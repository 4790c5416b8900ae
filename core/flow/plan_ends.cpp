#include "core/flow/planner.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostLosses = 3; // a command that keeps losing its node is not run for ever

bool isInactive(UnitPhase phase)
{
    return phase != UnitPhase::Settled && phase != UnitPhase::Queued && phase != UnitPhase::Started &&
           phase != UnitPhase::Ended && phase != UnitPhase::Items && phase != UnitPhase::Rounds;
}

StepStatus statusFor(FailureReason reason)
{
    return reason == FailureReason::DeadlineExceeded || reason == FailureReason::Stalled
               ? StepStatus::TimedOut
               : StepStatus::Failed;
}

} // namespace

void Planner::settle(UnitRef ref, StepStatus status, std::optional<FailureReason> reason, QString detail,
                     QString atFault)
{
    m_facts.emplace_back(StepSettled{.step = definition(ref.step).id,
                                     .item = ref.item,
                                     .status = status,
                                     .reason = reason,
                                     .detail = std::move(detail),
                                     .atFault = std::move(atFault)});
}

void Planner::stop(UnitRef ref, FailureReason reason)
{
    if (!m_state.unit(ref).stopRequested)
        m_facts.emplace_back(AttemptStopping{.key = key(ref), .reason = reason});
}

void Planner::notInvolved()
{
    for (const int step : m_state.excluded)
        settle({step, kNoItem}, StepStatus::Excluded);
    for (const int step : m_state.skipping)
        settle({step, kNoItem}, StepStatus::Skipped);
}

void Planner::doomed()
{
    for (const int step : m_state.doomed) {
        const int faulty = stepState(step).faultyNeed;
        if (stepState(step).joinTimedOut)
            settle({step, kNoItem}, StepStatus::TimedOut, FailureReason::DeadlineExceeded);
        else
            settle({step, kNoItem}, StepStatus::Failed, FailureReason::DependencyFailed, {},
                   faulty < 0 ? QString() : definition(faulty).id);
    }
}

void Planner::ended()
{
    for (const UnitRef ref : m_state.ended)
        judge(ref);
}

void Planner::judge(UnitRef ref)
{
    const UnitState &unit = m_state.unit(ref);
    const StepDefinition &step = definition(ref.step);
    if (unit.conditionFalse)
        return settle(ref, StepStatus::Skipped);
    if (unit.evaluationFailed)
        return settle(ref, StepStatus::Failed, FailureReason::RuntimeError, u"expression: "_s + unit.detail);
    if (step.kind == StepKind::Approval || unit.result.outcome == AttemptOutcome::Ok)
        return settle(ref, StepStatus::Completed);
    const bool aborted = unit.stopRequested ? unit.stopReason == FailureReason::Aborted
                                            : unit.result.outcome == AttemptOutcome::Cancelled;
    if (aborted)
        return settle(ref, StepStatus::Cancelled, FailureReason::Aborted, unit.detail);
    if (!unit.stopRequested && unit.result.outcome == AttemptOutcome::Lost && step.kind == StepKind::Shell)
        return judgeLostCommand(ref);
    const FailureReason ofResult = unit.result.outcome == AttemptOutcome::Lost
                                       ? FailureReason::Crashed
                                       : unit.result.reason.value_or(FailureReason::Unknown);
    judgeFailure(ref, unit.stopRequested ? unit.stopReason.value_or(FailureReason::Unknown) : ofResult);
}

bool Planner::mayBeginAgain(UnitRef ref) const
{
    const int loop = definition(ref.step).loop;
    const bool roundFails =
        loop >= 0 && stepState(loop).failedInBody >= 0 && m_definition.onFailure == OnFailure::Stop;
    const int group = definition(loop >= 0 ? loop : ref.step).group;
    const bool letGo = stepState(ref.step).itemsClosing || roundFails ||
                       (group >= 0 && stepState(group).joinTimedOut) ||
                       isBroke(m_definition, m_state, ref.step);
    return (!m_state.isStopping() || isExempt(ref.step)) && !letGo;
}

// Nobody knows whether a command whose result is gone did its work, so retries do not apply to it.
void Planner::judgeLostCommand(UnitRef ref)
{
    const UnitState &unit = m_state.unit(ref);
    const bool again = mayBeginAgain(ref) && unit.losses < kMostLosses && !unit.approved;
    if (again && definition(ref.step).idempotent)
        m_facts.emplace_back(
            RetryScheduled{.key = nextKey(ref), .atMs = m_nowMs, .reason = FailureReason::Crashed});
    else if (again && !m_state.unattended)
        m_facts.emplace_back(
            ApprovalRequested{.key = key(ref), .purpose = ApprovalPurpose::RunAgain, .deadlineMs = {}});
    else
        settle(ref, StepStatus::Failed, FailureReason::Crashed, unit.detail);
}

void Planner::judgeFailure(UnitRef ref, FailureReason reason)
{
    const UnitState &unit = m_state.unit(ref);
    const RetryPolicy &policy = definition(ref.step).retries;
    // What could not be ended may still work where the next attempt would.
    const bool retry = reason != FailureReason::Unkillable && !unit.result.blocked && mayBeginAgain(ref) &&
                       unit.retriesUsed < policy.max &&
                       std::ranges::find(policy.on, reason) != policy.on.end();
    if (!retry)
        return settle(ref, statusFor(reason), reason, unit.detail);
    const AttemptKey next = nextKey(ref);
    const qint64 at = retryMomentMs(policy, unit.retriesUsed + 1, next, m_nowMs, unit.result.resetAtMs);
    m_facts.emplace_back(RetryScheduled{.key = next, .atMs = at, .reason = reason});
}

void Planner::joins()
{
    for (const int step : m_state.joinable) {
        if (stepState(step).itemsOpen == 0)
            settleJoin(step);
        else
            closeItems(step);
    }
}

void Planner::settleJoin(int step)
{
    const StepState &state = stepState(step);
    const ForeachJoin join = definition(step).join;
    const UnitRef ref{step, kNoItem};
    const bool won = join == ForeachJoin::OneSuccess && state.itemsCompleted > 0;
    const bool failed = !won && state.itemsFailed > 0 && join != ForeachJoin::AllDone;
    if (failed) {
        const UnitState &item = state.items[static_cast<size_t>(state.firstFailedItem)];
        settle(ref, item.status, item.reason, item.detail,
               definition(step).id % u'[' % QString::number(state.firstFailedItem) % u']');
    } else if (!won && state.itemsCancelled > 0 && state.joinTimedOut && !m_state.isStopping()) {
        const bool enough = join == ForeachJoin::AllDone;
        settle(ref, enough ? StepStatus::Completed : StepStatus::TimedOut,
               enough ? std::nullopt : std::optional(FailureReason::DeadlineExceeded));
    } else if (!won && state.itemsCancelled > 0) {
        settle(ref, StepStatus::Cancelled, FailureReason::Aborted);
    } else {
        settle(ref, StepStatus::Completed);
    }
}

void Planner::closeItems(int step)
{
    const bool late = stepState(step).joinTimedOut;
    const LettingGo how{.stopActive = late || definition(step).join == ForeachJoin::OneSuccess,
                        .failing = m_state.halted && !m_state.cancelledBy,
                        .because = m_state.failedStep,
                        .reason = late ? FailureReason::DeadlineExceeded : FailureReason::Aborted};
    for (int item = 0; item < static_cast<int>(stepState(step).items.size()); ++item)
        letGo({step, item}, how);
    m_facts.emplace_back(Noted{.note = FlowNote::ItemsClosed, .step = definition(step).id});
}

void Planner::rounds()
{
    for (const int loop : m_state.roundsOver)
        afterRound(loop);
}

void Planner::afterRound(int loop)
{
    const StepState &state = stepState(loop);
    const StepDefinition &step = definition(loop);
    const UnitRef ref{loop, kNoItem};
    const bool last = state.round >= step.mostRounds;
    if (state.failedInBody >= 0) {
        const UnitState &failed = stepState(state.failedInBody).unit;
        settle(ref, statusFor(failed.reason.value_or(FailureReason::Unknown)), failed.reason, failed.detail,
               definition(state.failedInBody).id);
    } else if (step.until ? state.roundDone : last) {
        settle(ref, StepStatus::Completed);
    } else if (m_state.isStopping() && !isExempt(loop)) {
        settle(ref, StepStatus::Cancelled, FailureReason::Aborted);
    } else if (last) {
        settle(ref, StepStatus::Failed, FailureReason::GateFailed,
               u"not done after "_s % QString::number(state.round) % u" rounds"_s);
    } else {
        m_facts.emplace_back(RoundBegan{.step = step.id, .round = state.round + 1});
    }
}

void Planner::bodies()
{
    for (const int loop : m_state.bodiesClosing) {
        for (const int step : definition(loop).body)
            letGoStep(step, {.failing = true, .because = stepState(loop).failedInBody});
        m_facts.emplace_back(Noted{.note = FlowNote::BodyClosed, .step = definition(loop).id});
    }
}

void Planner::groups()
{
    const LettingGo how{.stopActive = true, .reason = FailureReason::DeadlineExceeded};
    for (const int group : m_state.groupsClosing) {
        for (const int member : definition(group).needs) {
            for (const int step : definition(member).body)
                letGoStep(step, how);
            letGoStep(member, how);
        }
        m_facts.emplace_back(Noted{.note = FlowNote::GroupClosed, .step = definition(group).id});
    }
}

void Planner::letGo(UnitRef ref, const LettingGo &how)
{
    const UnitState &unit = m_state.unit(ref);
    if (unit.phase == UnitPhase::Backoff && how.failing)
        settle(ref, statusFor(unit.reason.value_or(FailureReason::Unknown)), unit.reason, unit.detail);
    else if (isInactive(unit.phase))
        settle(ref, StepStatus::Cancelled, how.reason, {},
               how.because < 0 ? QString() : definition(how.because).id);
    else if (unit.phase == UnitPhase::Queued || (how.stopActive && unit.phase == UnitPhase::Started))
        stop(ref, how.reason);
}

void Planner::letGoStep(int step, const LettingGo &how)
{
    if (stepState(step).unit.phase == UnitPhase::Settled)
        return;
    letGo({step, kNoItem}, how);
    for (int item = 0; item < static_cast<int>(stepState(step).items.size()); ++item)
        letGo({step, item}, how);
}

void Planner::sweep()
{
    if (!m_state.sweepDue)
        return;
    const bool cancelled = m_state.cancelledBy.has_value();
    for (int step = 0; step < m_definition.stepCount(); ++step) {
        if (!isExempt(step))
            letGoStep(step, {.stopActive = cancelled,
                             .failing = m_state.halted && !cancelled,
                             .because = m_state.failedStep});
    }
    m_facts.emplace_back(Noted{.note = FlowNote::Swept, .step = {}});
}

} // namespace muster
