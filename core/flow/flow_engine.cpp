#include "core/flow/flow_engine.h"

#include "core/flow/evaluation.h"
#include "core/flow/rules.h"

#include <deque>
#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

// One run: facts wait here while an append is under way and are then taken together.
class RunLoop : public std::enable_shared_from_this<RunLoop> {
public:
    RunLoop(RunId run, FlowDefinitionPtr definition, FlowState state, const FlowPorts &ports,
            FlowEngineObserver *observer, std::function<void(RunId)> forget)
        : m_run(run)
        , m_definition(std::move(definition))
        , m_state(std::move(state))
        , m_ports(ports)
        , m_observer(observer)
        , m_forget(std::move(forget))
    {
    }

    [[nodiscard]] const FlowState &state() const { return m_state; }
    [[nodiscard]] const FlowDefinition &definition() const { return *m_definition; }

    void submit(FlowFact fact)
    {
        m_facts.push_back(std::move(fact));
        pump();
    }
    void submitEnd(const AttemptKey &key, const AttemptResult &result)
    {
        submit(AttemptFinished{.key = key, .result = checked(key, result)});
    }
    void lookUpWhatWasBegun();
    void letGo() { m_gone = true; }

private:
    void pump();
    void append(std::vector<FlowEvent> events, std::vector<Intent> intents);
    void committed(const std::vector<FlowEvent> &events, const std::vector<Intent> &intents);
    void act(const Intent &intent);
    void evaluate(const Evaluate &asked);
    [[nodiscard]] AttemptResult checked(const AttemptKey &key, AttemptResult result) const;
    void reconcile(UnitRef unit);
    void reconciled(const AttemptSpec &spec, UnitRef unit, Reconciled how, const AttemptResult &result);
    void drop(const Error &error);

    RunId m_run;
    FlowDefinitionPtr m_definition;
    FlowState m_state;
    const FlowPorts &m_ports;
    FlowEngineObserver *m_observer;
    std::function<void(RunId)> m_forget;
    std::deque<FlowFact> m_facts;
    bool m_busy = false; // an append is under way, or intents are being acted upon
    bool m_gone = false;
};

void RunLoop::pump()
{
    const auto alive = shared_from_this(); // acting may end the run
    while (!m_busy && !m_gone && !m_facts.empty()) {
        m_busy = true;
        std::vector<FlowEvent> events;
        std::vector<Intent> intents;
        const qint64 now = m_ports.clock->nowMs();
        for (FlowFact &fact : std::exchange(m_facts, {})) {
            auto transition = advance(*m_definition, m_state, std::move(fact), now);
            if (!transition)
                continue; // what can not have happened changes nothing
            std::ranges::move(transition->events, std::back_inserter(events));
            std::ranges::move(transition->intents, std::back_inserter(intents));
        }
        append(std::move(events), std::move(intents));
    }
}

void RunLoop::append(std::vector<FlowEvent> events, std::vector<Intent> intents)
{
    if (events.empty()) {
        committed(events, intents);
        return;
    }
    FlowAppend batch{.run = m_run, .events = events, .runRow = runRow(m_state)};
    for (const UnitRef unit : takeTouched(m_state))
        batch.stepRows.push_back(stepRow(*m_definition, m_state, unit));
    m_ports.journal->append(batch, [self = weak_from_this(), events = std::move(events),
                                    intents = std::move(intents)](const Status &written) {
        const auto loop = self.lock();
        if (!loop || loop->m_gone)
            return;
        if (!written) {
            loop->drop(written.error());
            return;
        }
        loop->committed(events, intents);
        loop->pump();
    });
}

void RunLoop::committed(const std::vector<FlowEvent> &events, const std::vector<Intent> &intents)
{
    if (!events.empty() && m_observer)
        m_observer->runAdvanced(m_run, m_state, events);
    for (const Intent &intent : intents) {
        if (m_gone)
            return;
        act(intent);
    }
    m_busy = false;
}

void RunLoop::act(const Intent &intent)
{
    if (const auto *asked = std::get_if<Evaluate>(&intent)) {
        evaluate(*asked);
    } else if (const auto *start = std::get_if<StartAttempt>(&intent)) {
        m_ports.runner->start(start->spec);
    } else if (const auto *stop = std::get_if<StopAttempt>(&intent)) {
        m_ports.runner->stop(stop->key, stop->reason);
    } else if (const auto *ask = std::get_if<AskApproval>(&intent)) {
        m_ports.desk->ask(ask->spec);
    } else if (const auto *withdraw = std::get_if<WithdrawApproval>(&intent)) {
        m_ports.desk->withdraw(withdraw->key);
    } else if (const auto *wake = std::get_if<WakeAt>(&intent)) {
        m_ports.wakeUp->wakeAt(m_run, wake->atMs);
    } else if (const auto *finish = std::get_if<FinishRun>(&intent)) {
        m_gone = true;
        m_ports.wakeUp->forget(m_run);
        m_forget(m_run);
        if (m_observer)
            m_observer->runFinished(m_run, finish->verdict);
    }
}

void RunLoop::evaluate(const Evaluate &asked)
{
    m_ports.evaluator->evaluate({.expressions = asked.expressions, .scope = asked.scope},
                                [self = weak_from_this(), asked](const Result<QJsonArray> &answer) {
        const auto loop = self.lock();
        if (loop && !loop->m_gone)
            loop->submit(factFromEvaluation(*loop->m_definition, asked, answer));
    });
}

void RunLoop::lookUpWhatWasBegun()
{
    const auto look = [this](UnitRef unit) {
        const UnitPhase phase = m_state.unit(unit).phase;
        if (phase == UnitPhase::Queued || phase == UnitPhase::Started)
            reconcile(unit);
        else if (phase == UnitPhase::Asking)
            m_ports.desk->ask(approvalSpec(*m_definition, m_state, unit));
    };
    for (int step = 0; step < m_definition->stepCount(); ++step) {
        look({step, kNoItem});
        const auto items = m_state.steps[static_cast<size_t>(step)].items.size();
        for (size_t item = 0; item < items; ++item)
            look({step, static_cast<int>(item)});
    }
    submit(Noted{.note = FlowNote::Tick});
}

// An answer that should be JSON is read once, here, and journalled as what was read.
AttemptResult RunLoop::checked(const AttemptKey &key, AttemptResult result) const
{
    const int step = m_definition->indexOf(key.step);
    if (step < 0 || result.outcome != AttemptOutcome::Ok ||
        m_definition->step(step).output != StepOutput::Json)
        return result;
    if (auto json = jsonFromAnswer(result.output)) {
        result.json = std::move(*json);
        return result;
    }
    result.outcome = AttemptOutcome::Error;
    result.reason = FailureReason::RuntimeError;
    result.detail = u"the answer holds no JSON"_s;
    return result;
}

void RunLoop::reconcile(UnitRef unit)
{
    const AttemptSpec spec = attemptSpec(*m_definition, m_state, unit);
    m_ports.runner->reconcile(
        spec, [self = weak_from_this(), spec, unit](Reconciled how, const AttemptResult &result) {
        const auto loop = self.lock();
        if (loop && !loop->m_gone)
            loop->reconciled(spec, unit, how, result);
    });
}

void RunLoop::reconciled(const AttemptSpec &spec, UnitRef unit, Reconciled how, const AttemptResult &result)
{
    switch (how) {
    case Reconciled::NotBegun:
        m_ports.runner->start(spec);
        break;
    case Reconciled::Resumable:
        m_ports.runner->resume(spec);
        break;
    case Reconciled::StillRunning:
        break;
    case Reconciled::Finished:
        submitEnd(spec.key, result);
        return;
    case Reconciled::Lost:
        submit(AttemptFinished{.key = spec.key,
                               .result = {.outcome = AttemptOutcome::Lost,
                                          .reason = FailureReason::Crashed,
                                          .detail = result.detail}});
        return;
    }
    // A stop that was intended before the crash is intended still.
    const UnitState &state = m_state.unit(unit);
    if (state.stopRequested)
        m_ports.runner->stop(spec.key, state.stopReason.value_or(FailureReason::Aborted));
}

void RunLoop::drop(const Error &error)
{
    m_gone = true;
    m_ports.wakeUp->forget(m_run);
    m_forget(m_run);
    if (m_observer)
        m_observer->runDropped(m_run, error);
}

FlowEngine::FlowEngine(FlowPorts ports, FlowEngineObserver *observer)
    : m_ports(ports)
    , m_observer(observer)
{
}

FlowEngine::~FlowEngine() = default;

Status FlowEngine::open(RunId run, const FlowDefinitionPtr &definition, FlowState state)
{
    if (m_loops.contains(run.value))
        return fail(ErrorCode::AlreadyExists, run.toString(), u"run"_s);
    m_loops[run.value] = std::make_shared<RunLoop>(run, definition, std::move(state), m_ports, m_observer,
                                                   [this](RunId ended) { m_loops.erase(ended.value); });
    return {};
}

Status FlowEngine::start(const RunSetup &setup)
{
    FlowState state = initialState(*setup.definition);
    state.run = setup.run;
    if (Status opened = open(setup.run, setup.definition, std::move(state)); !opened)
        return opened;
    return submit(setup.run, RunStarted{.run = setup.run,
                                        .inputs = setup.inputs,
                                        .runInfo = setup.runInfo,
                                        .project = setup.project,
                                        .unattended = setup.unattended});
}

Status FlowEngine::resume(RunId run, const FlowDefinitionPtr &definition,
                          const std::vector<FlowEvent> &journal)
{
    auto state = foldJournal(*definition, journal);
    if (!state)
        return std::unexpected(state.error());
    if (state->verdict) {
        if (m_observer)
            m_observer->runFinished(run, *state->verdict);
        return {};
    }
    (void)takeTouched(*state); // those rows are stored already
    if (Status opened = open(run, definition, std::move(*state)); !opened)
        return opened;
    const auto loop = m_loops.at(run.value);
    loop->lookUpWhatWasBegun();
    return {};
}

Status FlowEngine::submit(RunId run, FlowFact fact)
{
    const auto found = m_loops.find(run.value);
    if (found == m_loops.end())
        return fail(ErrorCode::NotFound, run.toString(), u"run"_s);
    const auto loop = found->second; // the fact may end it
    loop->submit(std::move(fact));
    return {};
}

Status FlowEngine::cancel(RunId run, const QString &by) { return submit(run, CancelRequested{.by = by}); }

Status FlowEngine::answerApproval(const AttemptKey &key, bool approved, const QString &by,
                                  const QString &note)
{
    return submit(key.run, ApprovalAnswered{.key = key, .approved = approved, .by = by, .note = note});
}

void FlowEngine::wake(RunId run)
{
    (void)submit(run, Noted{.note = FlowNote::Tick}); // it may have ended meanwhile
}

void FlowEngine::drop(RunId run)
{
    if (const auto found = m_loops.extract(run.value))
        found.mapped()->letGo();
    m_ports.wakeUp->forget(run);
}

const FlowState *FlowEngine::state(RunId run) const
{
    const auto found = m_loops.find(run.value);
    return found == m_loops.end() ? nullptr : &found->second->state();
}

const FlowDefinition *FlowEngine::definition(RunId run) const
{
    const auto found = m_loops.find(run.value);
    return found == m_loops.end() ? nullptr : &found->second->definition();
}

std::vector<RunId> FlowEngine::activeRuns() const
{
    std::vector<RunId> runs;
    for (const auto &[id, loop] : m_loops)
        runs.push_back(RunId{id});
    return runs;
}

void FlowEngine::attemptStarted(const AttemptKey &key)
{
    (void)submit(key.run, AttemptStarted{.key = key}); // a run that is not ours needs no word
}

void FlowEngine::attemptWaiting(const AttemptKey &key) { (void)submit(key.run, AttemptWaiting{.key = key}); }

void FlowEngine::attemptContinued(const AttemptKey &key)
{
    (void)submit(key.run, AttemptContinued{.key = key});
}

void FlowEngine::attemptFinished(const AttemptKey &key, const AttemptResult &result)
{
    const auto found = m_loops.find(key.run.value);
    if (found == m_loops.end())
        return; // a run that is not ours needs no word
    const auto loop = found->second;
    loop->submitEnd(key, result);
}

} // namespace muster
