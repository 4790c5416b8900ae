#include "core/flow/run_loop.h"

#include "core/flow/evaluation.h"
#include "core/flow/run_budget.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostOutput = 1024 * 1024; // characters kept of an attempt's output

template <typename Take> void forEachUnit(const FlowState &state, Take take)
{
    for (int step = 0; step < static_cast<int>(state.steps.size()); ++step) {
        take(UnitRef{.step = step, .item = kNoItem});
        for (int item = 0; item < static_cast<int>(state.steps[static_cast<size_t>(step)].items.size());
             ++item)
            take(UnitRef{.step = step, .item = item});
    }
}

std::vector<UnitRef> unitsUnderWay(const FlowState &state)
{
    std::vector<UnitRef> units;
    forEachUnit(state, [&](UnitRef ref) {
        const UnitPhase phase = state.unit(ref).phase;
        if (phase == UnitPhase::Queued || phase == UnitPhase::Started || phase == UnitPhase::Asking)
            units.push_back(ref);
    });
    return units;
}

// Questions that nobody waits for any more: the last of each unit, but for the one that is open.
std::vector<WithdrawApproval> questionsClosed(const FlowDefinition &definition, const FlowState &state)
{
    std::vector<WithdrawApproval> closed;
    forEachUnit(state, [&](UnitRef ref) {
        const UnitState &unit = state.unit(ref);
        const bool approval = definition.step(ref.step).kind == StepKind::Approval;
        const bool asksAgain = approval && unit.phase == UnitPhase::Asking;
        AttemptKey key = keyOf(definition, state, ref);
        key.attempt -= asksAgain ? 1 : 0;
        const bool lost = unit.phase == UnitPhase::Settled && unit.result.outcome == AttemptOutcome::Lost;
        if (key.attempt < 1 || !(approval || lost))
            return;
        const bool late = unit.approved || unit.status == StepStatus::TimedOut || asksAgain;
        closed.push_back({key, late ? u"timeout"_s : u"flow"_s});
    });
    return closed;
}

// What the step asked for and did not get makes an error of an attempt that went well by itself.
void holdToDefinition(const StepDefinition &step, AttemptResult &result)
{
    if (result.output.size() > kMostOutput)
        result.output.truncate(kMostOutput);
    if (result.outcome != AttemptOutcome::Ok)
        return;
    if (step.kind == StepKind::Shell && result.exitCode.value_or(0) != 0) {
        result.outcome = AttemptOutcome::Error;
        result.reason = FailureReason::GateFailed;
    } else if (step.output == StepOutput::Json) {
        if (auto json = jsonFromAnswer(result.output)) {
            result.json = *json;
        } else {
            result.outcome = AttemptOutcome::Error;
            result.reason = FailureReason::RuntimeError;
            result.detail = u"output_json"_s;
        }
    }
}

} // namespace

RunLoop::RunLoop(RunId run, FlowDefinitionPtr definition, FlowPorts ports, FlowEngineObserver *observer,
                 std::function<void(RunId)> gone)
    : m_run(run)
    , m_definition(std::move(definition))
    , m_ports(ports)
    , m_observer(observer)
    , m_gone(std::move(gone))
    , m_state(initialState(*m_definition))
{
}

void RunLoop::submit(FlowFact fact) { submitAll({std::move(fact)}); }

void RunLoop::submitAll(std::vector<FlowFact> facts)
{
    if (m_dropped)
        return;
    std::ranges::move(facts, std::back_inserter(m_facts));
    pump();
}

// Facts wait while an append is under way and are then taken together, so that a busy run needs one commit
// for many of them and never acts on what is not stored.
void RunLoop::pump()
{
    if (m_appending || m_pumping || m_dropped)
        return;
    m_pumping = true;
    const auto alive = shared_from_this();
    while (!m_facts.empty() && !m_appending && !m_dropped) {
        while (!m_facts.empty() && !m_dropped) {
            FlowFact fact = std::move(m_facts.front());
            m_facts.pop_front();
            take(std::move(fact));
        }
        if (!m_dropped)
            store();
    }
    m_pumping = false;
}

FlowFact RunLoop::checked(FlowFact fact) const
{
    if (auto *finished = std::get_if<AttemptFinished>(&fact)) {
        const int step = m_definition->indexOf(finished->key.step);
        if (step >= 0)
            holdToDefinition(m_definition->step(step), finished->result);
    }
    return fact;
}

void RunLoop::take(FlowFact fact)
{
    if (std::holds_alternative<Noted>(fact))
        m_wakeAtMs = 0; // the timer has fired, perhaps early: it is set again
    auto transition = advance(*m_definition, m_state, checked(std::move(fact)), m_ports.clock->nowMs());
    if (!transition) {
        // A report of something that can not be is the reporter's defect; one of the rules' own leaves the
        // state unfit to go on.
        if (transition.error().code != ErrorCode::InvalidArgument)
            giveUp(transition.error());
        return;
    }
    std::ranges::move(transition->events, std::back_inserter(m_events));
    std::ranges::move(transition->intents, std::back_inserter(m_intents));
    tellSpent();
}

void RunLoop::tellSpent()
{
    const qint64 spent = spentOf(m_state);
    if (m_observer && spent > m_toldSpent)
        m_observer->runSpent(m_run, m_toldSpent = spent);
}

void RunLoop::store()
{
    std::vector<Intent> intents = std::exchange(m_intents, {});
    if (m_events.empty()) {
        for (const Intent &intent : intents)
            act(intent);
        return;
    }
    FlowAppend batch{
        .run = m_run, .events = std::exchange(m_events, {}), .stepRows = {}, .runRow = runRow(m_state)};
    for (const UnitRef ref : takeTouched(m_state))
        batch.stepRows.push_back(stepRow(*m_definition, m_state, ref));
    m_appending = true;
    m_ports.journal->append(batch, [weak = weak_from_this(), events = batch.events,
                                    intents = std::move(intents)](const Status &status) {
        if (const auto self = weak.lock())
            self->committed(status, events, intents);
    });
}

void RunLoop::committed(const Status &status, const std::vector<FlowEvent> &events,
                        const std::vector<Intent> &intents)
{
    m_appending = false;
    if (m_dropped)
        return;
    if (!status)
        return giveUp(status.error());
    if (m_observer)
        m_observer->runAdvanced(m_run, m_state, events);
    // What the acts report at once is taken together after the last of them.
    const bool within = std::exchange(m_pumping, true);
    for (const Intent &intent : intents) {
        if (!m_dropped)
            act(intent);
    }
    m_pumping = within;
    pump();
}

void RunLoop::act(const Intent &intent)
{
    if (const auto *evaluate = std::get_if<Evaluate>(&intent)) {
        m_ports.evaluator->evaluate(
            EvaluationRequest{.expressions = evaluate->expressions,
                              .script = evaluate->target == EvaluationTarget::Script,
                              .scope = evaluate->scope},
            [weak = weak_from_this(), asked = *evaluate](const Result<QJsonArray> &answer) {
            if (const auto self = weak.lock())
                self->submit(factFromEvaluation(*self->m_definition, asked, answer));
        });
    } else if (const auto *start = std::get_if<StartAttempt>(&intent)) {
        m_ports.runner->start(start->spec);
    } else if (const auto *stop = std::get_if<StopAttempt>(&intent)) {
        m_ports.runner->stop(stop->key, stop->reason);
    } else if (const auto *ask = std::get_if<AskApproval>(&intent)) {
        m_ports.desk->ask(ask->spec);
    } else if (const auto *withdraw = std::get_if<WithdrawApproval>(&intent)) {
        m_ports.desk->withdraw(withdraw->key, withdraw->by);
    } else if (const auto *wake = std::get_if<WakeAt>(&intent)) {
        if (wake->atMs != std::exchange(m_wakeAtMs, wake->atMs))
            m_ports.wakeUp->wakeAt(m_run, wake->atMs);
    } else if (const auto *finish = std::get_if<FinishRun>(&intent)) {
        const RunFinished verdict = finish->verdict;
        drop();
        if (m_observer)
            m_observer->runFinished(m_run, verdict);
    }
}

void RunLoop::resume(FlowState state)
{
    m_state = std::move(state);
    (void)takeTouched(m_state); // those rows are stored already
    // That they are closed may have been stored and not acted upon. What was answered stays as it is.
    for (const WithdrawApproval &closed : questionsClosed(*m_definition, m_state))
        m_ports.desk->withdraw(closed.key, closed.by);
    // All that was begun, as it is stored: the first answers already lead to decisions that are not.
    std::vector<Begun> begun;
    for (const UnitRef ref : unitsUnderWay(m_state)) {
        const UnitState &unit = m_state.unit(ref);
        if (unit.phase == UnitPhase::Asking)
            m_ports.desk->ask(approvalSpec(*m_definition, m_state, ref));
        else
            begun.push_back({.unit = ref,
                             .spec = attemptSpec(*m_definition, m_state, ref),
                             .stopRequested = unit.stopRequested});
    }
    // Looked up before anything is decided: a deadline that passed meanwhile stops an attempt that its runner
    // knows again.
    for (const Begun &act : begun)
        lookUp(act);
    submit(Noted{.note = FlowNote::Tick, .step = {}});
}

void RunLoop::lookUp(const Begun &act)
{
    if (m_dropped)
        return;
    m_ports.runner->reconcile(act.spec,
                              [weak = weak_from_this(), act](Reconciled how, const AttemptResult &result) {
        if (const auto self = weak.lock())
            self->reconciled(act, how, result);
    });
}

void RunLoop::reconciled(const Begun &act, Reconciled how, const AttemptResult &result)
{
    const UnitState &unit = m_state.unit(act.unit);
    if (m_dropped || unit.attempt != act.spec.key.attempt)
        return;
    if (how == Reconciled::Finished)
        return submit(AttemptFinished{.key = act.spec.key, .result = result});
    if (how == Reconciled::StillRunning) {
        // A stop that was decided since then is acted upon when it is stored.
        if (act.stopRequested)
            m_ports.runner->stop(act.spec.key, unit.stopReason.value_or(FailureReason::Aborted));
        return;
    }
    // An attempt that is to be stopped is not begun again, only ended.
    const bool stopping = unit.stopRequested;
    if (how == Reconciled::NotBegun && !stopping)
        return m_ports.runner->start(act.spec);
    if (how == Reconciled::Resumable && !stopping)
        return m_ports.runner->resume(act.spec);
    AttemptResult ended = result;
    ended.outcome = stopping ? AttemptOutcome::Cancelled : AttemptOutcome::Lost;
    ended.reason = stopping ? unit.stopReason.value_or(FailureReason::Aborted) : FailureReason::Crashed;
    submit(AttemptFinished{.key = act.spec.key, .result = ended});
}

void RunLoop::giveUp(const Error &error)
{
    drop();
    if (m_observer)
        m_observer->runDropped(m_run, error);
}

void RunLoop::drop()
{
    if (m_dropped)
        return;
    m_dropped = true;
    m_facts.clear();
    m_ports.wakeUp->forget(m_run);
    const auto alive = shared_from_this();
    m_gone(m_run);
}

} // namespace muster
