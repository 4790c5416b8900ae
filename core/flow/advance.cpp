#include "core/flow/evaluation.h"
#include "core/flow/rules.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Follows one cause to its end, keeping what is to be stored and what is to be done.
class Advance {
public:
    Advance(const FlowDefinition &definition, FlowState &state, qint64 nowMs)
        : m_definition(definition)
        , m_state(state)
        , m_nowMs(nowMs)
    {
    }

    Result<Transition> run(FlowFact cause)
    {
        completeDeadline(cause);
        const auto first = take(std::move(cause));
        if (!first)
            return std::unexpected(first.error());
        if (*first == Reduced::Duplicate)
            return Transition{};
        for (auto facts = plan(m_definition, m_state, m_nowMs); !facts.empty();
             facts = plan(m_definition, m_state, m_nowMs)) {
            const auto progress = takeAll(std::move(facts));
            if (!progress)
                return std::unexpected(progress.error());
        }
        if (!m_state.timers.empty())
            m_transition.intents.emplace_back(WakeAt{m_state.run, m_state.timers.begin()->first});
        return std::move(m_transition);
    }

private:
    Result<Reduced> take(FlowFact fact);
    Status takeAll(std::vector<FlowFact> facts);
    void completeDeadline(FlowFact &fact) const;
    void withdrawIfAsking(const FlowFact &fact);
    void intend(const FlowFact &fact);
    [[nodiscard]] UnitRef refOf(const QString &step, int item) const
    {
        return {m_definition.indexOf(step), item};
    }

    const FlowDefinition &m_definition;
    FlowState &m_state;
    qint64 m_nowMs;
    Transition m_transition;
};

// What is stored is the moment, so that a restart does not give the attempt its whole time again.
void Advance::completeDeadline(FlowFact &fact) const
{
    auto *started = std::get_if<AttemptStarted>(&fact);
    if (!started || started->deadlineMs)
        return;
    const int step = m_definition.indexOf(started->key.step);
    if (step >= 0 && m_definition.step(step).timeoutMs > 0)
        started->deadlineMs = m_nowMs + m_definition.step(step).timeoutMs;
}

Result<Reduced> Advance::take(FlowFact fact)
{
    withdrawIfAsking(fact);
    FlowEvent event{.atMs = m_nowMs, .fact = std::move(fact)};
    auto reduced = reduce(m_definition, m_state, event);
    if (!reduced || *reduced == Reduced::Duplicate)
        return reduced;
    intend(event.fact);
    if (isJournalled(event.fact))
        m_transition.events.push_back(std::move(event));
    return reduced;
}

Status Advance::takeAll(std::vector<FlowFact> facts)
{
    for (FlowFact &fact : facts) {
        const QString kind = kindOf(fact);
        const auto reduced = take(std::move(fact));
        if (!reduced)
            return std::unexpected(reduced.error());
        // A decision that changes nothing would be made again for ever.
        if (*reduced == Reduced::Duplicate)
            return fail(ErrorCode::Internal, u"decided twice: "_s % kind);
    }
    return {};
}

void Advance::withdrawIfAsking(const FlowFact &fact)
{
    const auto *settled = std::get_if<StepSettled>(&fact);
    const auto *answered = std::get_if<ApprovalAnswered>(&fact);
    UnitRef ref{-1, kNoItem};
    const bool timedOut = settled ? settled->status == StepStatus::TimedOut : answered != nullptr;
    if (settled)
        ref = refOf(settled->step, settled->item);
    else if (answered && answered->by == "timeout"_L1)
        ref = refOf(answered->key.step, answered->key.item);
    if (ref.step >= 0 && m_state.hasUnit(ref) && m_state.unit(ref).phase == UnitPhase::Asking)
        m_transition.intents.emplace_back(
            WithdrawApproval{keyOf(m_definition, m_state, ref), timedOut ? u"timeout"_s : u"flow"_s});
}

void Advance::intend(const FlowFact &fact)
{
    auto &intents = m_transition.intents;
    if (const auto *queued = std::get_if<AttemptQueued>(&fact)) {
        intents.emplace_back(
            StartAttempt{attemptSpec(m_definition, m_state, refOf(queued->key.step, queued->key.item))});
    } else if (const auto *stopping = std::get_if<AttemptStopping>(&fact)) {
        intents.emplace_back(StopAttempt{stopping->key, stopping->reason});
    } else if (const auto *asked = std::get_if<ApprovalRequested>(&fact)) {
        intents.emplace_back(
            AskApproval{approvalSpec(m_definition, m_state, refOf(asked->key.step, asked->key.item))});
    } else if (const auto *finished = std::get_if<RunFinished>(&fact)) {
        intents.emplace_back(FinishRun{m_state.run, *finished});
    } else if (const auto *note = std::get_if<Noted>(&fact); note && note->note == FlowNote::Evaluating) {
        intents.emplace_back(evaluationOf(m_definition, m_state, refOf(note->step, note->item)));
    }
}

} // namespace

Result<Transition> advance(const FlowDefinition &definition, FlowState &state, FlowFact cause, qint64 nowMs)
{
    return Advance(definition, state, nowMs).run(std::move(cause));
}

Result<FlowState> foldJournal(const FlowDefinition &definition, const std::vector<FlowEvent> &events)
{
    FlowState state = initialState(definition);
    for (const FlowEvent &event : events) {
        const auto reduced = reduce(definition, state, event);
        if (!reduced)
            return std::unexpected(reduced.error());
    }
    return state;
}

} // namespace muster
