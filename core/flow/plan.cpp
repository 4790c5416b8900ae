#include "core/flow/delay_time.h"
#include "core/flow/rules.h"
#include "core/flow/run_budget.h"

#include <iterator>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

using Facts = std::vector<FlowFact>;

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

// Decides from one state; each part handles one of its sets.
class Planner {
public:
    Planner(const FlowDefinition &definition, const FlowState &state, qint64 nowMs)
        : m_definition(definition)
        , m_state(state)
        , m_nowMs(nowMs)
    {
    }

    // The order matters: what failed is told before what only stops with it, and nothing starts before both.
    Facts run()
    {
        if (!m_state.started || m_state.verdict)
            return {};
        using Part = void (Planner::*)();
        for (const Part part :
             {&Planner::timers, &Planner::notInvolved, &Planner::doomed, &Planner::ended, &Planner::joins,
              &Planner::rounds, &Planner::bodies, &Planner::budget, &Planner::sweep}) {
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

private:
    void timers();
    void notInvolved();
    void doomed();
    void ended();
    void joins();
    void rounds();
    void bodies();
    void budget() { m_facts = budgetFacts(m_definition, m_state); }
    void sweep();
    void evaluations();
    void starts();
    void finish();

    void timeIsUp(UnitRef ref);
    void judge(UnitRef ref);
    void judgeLostCommand(UnitRef ref);
    void judgeFailure(UnitRef ref, FailureReason reason);
    void settle(UnitRef ref, StepStatus status, std::optional<FailureReason> reason = {}, QString detail = {},
                QString atFault = {});
    void settleJoin(int step);
    void closeItems(int step);
    void afterRound(int loop);
    struct LettingGo {
        bool stopActive = false;
        bool failing = false; // what waited for a retry fails: it gets none
        int because = -1;     // the step that failed
    };
    void letGo(UnitRef ref, const LettingGo &how);
    void letGoStep(int step, const LettingGo &how);
    void stop(UnitRef ref, FailureReason reason);
    void start(UnitRef ref);
    void ask(UnitRef ref);
    void delay(UnitRef ref);
    [[nodiscard]] bool mayBeginAgain(UnitRef ref) const;
    [[nodiscard]] bool isExempt(int step) const
    {
        const int loop = definition(step).loop;
        const bool always = definition(step).isFinal || definition(step).trigger == StepTrigger::Always ||
                            (loop >= 0 && definition(loop).trigger == StepTrigger::Always);
        return always && !m_state.forced;
    }
    [[nodiscard]] const StepDefinition &definition(int step) const { return m_definition.step(step); }
    [[nodiscard]] const StepState &stepState(int step) const
    {
        return m_state.steps[static_cast<size_t>(step)];
    }
    [[nodiscard]] AttemptKey key(UnitRef ref) const { return keyOf(m_definition, m_state, ref); }
    [[nodiscard]] AttemptKey nextKey(UnitRef ref) const
    {
        AttemptKey next = key(ref);
        ++next.attempt;
        return next;
    }

    const FlowDefinition &m_definition;
    const FlowState &m_state;
    qint64 m_nowMs;
    Facts m_facts;
};

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
    else if (unit.phase == UnitPhase::Asking && step.onTimeout == OnApprovalTimeout::Fail)
        settle(ref, StepStatus::TimedOut, FailureReason::DeadlineExceeded);
    else if (unit.phase == UnitPhase::Asking)
        m_facts.emplace_back(
            ApprovalAnswered{.key = key(ref), .approved = false, .by = u"timeout"_s, .note = {}});
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
    return (!m_state.isStopping() || isExempt(ref.step)) && !stepState(ref.step).itemsClosing &&
           !roundFails && !isBroke(m_definition, m_state, ref.step);
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
    } else if (!won && state.itemsCancelled > 0) {
        settle(ref, StepStatus::Cancelled, FailureReason::Aborted);
    } else {
        settle(ref, StepStatus::Completed);
    }
}

void Planner::closeItems(int step)
{
    const LettingGo how{.stopActive = definition(step).join == ForeachJoin::OneSuccess,
                        .failing = m_state.halted && !m_state.cancelledBy,
                        .because = m_state.failedStep};
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
        settle(ref, failed.status == StepStatus::TimedOut ? StepStatus::TimedOut : StepStatus::Failed,
               failed.reason, failed.detail, definition(state.failedInBody).id);
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

void Planner::letGo(UnitRef ref, const LettingGo &how)
{
    const UnitState &unit = m_state.unit(ref);
    if (unit.phase == UnitPhase::Backoff && how.failing)
        settle(ref, statusFor(unit.reason.value_or(FailureReason::Unknown)), unit.reason, unit.detail);
    else if (isInactive(unit.phase))
        settle(ref, StepStatus::Cancelled, FailureReason::Aborted, {},
               how.because < 0 ? QString() : definition(how.because).id);
    else if (unit.phase == UnitPhase::Queued || (how.stopActive && unit.phase == UnitPhase::Started))
        stop(ref, FailureReason::Aborted);
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

void Planner::evaluations()
{
    for (const UnitRef ref : m_state.toEvaluate) {
        m_facts.emplace_back(
            Noted{.note = FlowNote::Evaluating, .step = definition(ref.step).id, .item = ref.item});
    }
}

void Planner::starts()
{
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
    } else if (m_state.cancelledBy) {
        m_facts.emplace_back(RunFinished{.status = RunStatus::Cancelled,
                                         .reason = FailureReason::Aborted,
                                         .detail = *m_state.cancelledBy,
                                         .step = {}});
    } else if (m_state.broke && (m_state.failedStep < 0 || stepState(m_state.failedStep).unit.reason ==
                                                               FailureReason::BudgetExceeded)) {
        m_facts.emplace_back(brokeVerdict(m_definition, m_state));
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

} // namespace

std::vector<FlowFact> plan(const FlowDefinition &definition, const FlowState &state, qint64 nowMs)
{
    return Planner(definition, state, nowMs).run();
}

} // namespace muster
