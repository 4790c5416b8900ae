#include "core/flow/flow_engine.h"

#include "core/flow/rules.h"
#include "core/flow/run_loop.h"

namespace muster {

using namespace Qt::StringLiterals;

FlowEngine::FlowEngine(FlowPorts ports, FlowEngineObserver *observer)
    : m_ports(ports)
    , m_observer(observer)
{
}

FlowEngine::~FlowEngine()
{
    while (!m_loops.empty())
        m_loops.begin()->second->drop();
}

std::shared_ptr<RunLoop> FlowEngine::makeLoop(RunId run, const FlowDefinitionPtr &definition)
{
    auto loop = std::make_shared<RunLoop>(run, definition, m_ports, m_observer,
                                          [this](RunId gone) { m_loops.erase(gone.value); });
    m_loops.emplace(run.value, loop);
    return loop;
}

Status FlowEngine::start(const RunSetup &setup)
{
    if (m_loops.contains(setup.run.value))
        return fail(ErrorCode::AlreadyExists, setup.run.toString());
    if (!setup.definition || !setup.run.isValid())
        return fail(ErrorCode::InvalidArgument, u"a run needs an id and a definition"_s);
    std::vector<FlowFact> facts{RunStarted{.run = setup.run,
                                           .inputs = setup.inputs,
                                           .runInfo = setup.runInfo,
                                           .project = setup.project,
                                           .unattended = setup.unattended,
                                           .kept = static_cast<int>(setup.kept.size())}};
    facts.insert(facts.end(), setup.kept.begin(), setup.kept.end());
    makeLoop(setup.run, setup.definition)->submitAll(std::move(facts));
    return {};
}

Status FlowEngine::resume(RunId run, const FlowDefinitionPtr &definition,
                          const std::vector<FlowEvent> &journal)
{
    if (m_loops.contains(run.value))
        return fail(ErrorCode::AlreadyExists, run.toString());
    if (!definition || journal.empty())
        return fail(ErrorCode::InvalidArgument, u"nothing to resume"_s);
    auto state = foldJournal(*definition, journal);
    if (!state)
        return std::unexpected(Error{.code = ErrorCode::Corrupt,
                                     .detail = state.error().detail,
                                     .where = u"journal of run "_s % run.toString()});
    if (state->verdict) {
        if (m_observer)
            m_observer->runFinished(run, *state->verdict);
        return {};
    }
    makeLoop(run, definition)->resume(std::move(*state));
    return {};
}

Status FlowEngine::submit(RunId run, FlowFact fact)
{
    const auto found = m_loops.find(run.value);
    if (found == m_loops.end())
        return fail(ErrorCode::NotFound, run.toString());
    // Kept for the call: the run may end in it.
    const std::shared_ptr<RunLoop> loop = found->second;
    loop->submit(std::move(fact));
    return {};
}

Status FlowEngine::cancel(RunId run, const QString &by) { return submit(run, CancelRequested{.by = by}); }

Status FlowEngine::end(RunId run, const QString &by, FailureReason reason, const QString &detail)
{
    return submit(run, CancelRequested{.by = by, .reason = reason, .detail = detail});
}

Status FlowEngine::pause(RunId run, const QString &by) { return submit(run, PauseRequested{.by = by}); }

Status FlowEngine::goOn(RunId run, const QString &by) { return submit(run, ContinueRequested{.by = by}); }

Status FlowEngine::spendNoMore(RunId run, const BudgetCrossed &crossed) { return submit(run, crossed); }

Status FlowEngine::answerApproval(const AttemptKey &key, bool approved, const QString &by,
                                  const QString &note)
{
    return submit(key.run, ApprovalAnswered{.key = key, .approved = approved, .by = by, .note = note});
}

void FlowEngine::wake(RunId run) { (void)submit(run, Noted{.note = FlowNote::Tick, .step = {}}); }

void FlowEngine::drop(RunId run)
{
    if (const auto found = m_loops.find(run.value); found != m_loops.end()) {
        const std::shared_ptr<RunLoop> loop = found->second;
        loop->drop();
    }
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
    runs.reserve(m_loops.size());
    for (const auto &[id, loop] : m_loops)
        runs.push_back(RunId{id});
    std::ranges::sort(runs);
    return runs;
}

// Reports of a run that this engine let go are nobody's.
void FlowEngine::attemptStarted(const AttemptKey &key)
{
    (void)submit(key.run, AttemptStarted{.key = key, .deadlineMs = {}});
}

void FlowEngine::attemptWaiting(const AttemptKey &key)
{
    (void)submit(key.run, AttemptWaiting{.key = key, .untilMs = {}});
}

void FlowEngine::attemptRests(const AttemptKey &key, qint64 untilMs)
{
    (void)submit(key.run, AttemptWaiting{.key = key, .untilMs = untilMs});
}

void FlowEngine::attemptContinued(const AttemptKey &key) { (void)submit(key.run, AttemptContinued{key}); }

void FlowEngine::attemptSpent(const AttemptKey &key, qint64 costMicroUsd)
{
    (void)submit(key.run, AttemptSpent{.key = key, .costMicroUsd = costMicroUsd});
}

void FlowEngine::attemptFinished(const AttemptKey &key, const AttemptResult &result)
{
    (void)submit(key.run, AttemptFinished{.key = key, .result = result});
}

} // namespace muster
