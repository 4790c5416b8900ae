// On which runtime an agent's task runs: what the step, the profile or the person wishes, else the fallback,
// before a session is there and after one could not be started.
#include "core/node/work/agent_job.h"
#include "core/node/work/runtime_problems.h"

namespace muster {

using namespace Qt::StringLiterals;

Async<bool> AgentJob::resolve()
{
    const std::vector<RuntimeWish> wishes{
        {.by = u"step"_s, .runtime = m_task.request.runtime, .model = m_task.request.model},
        {.by = u"profile"_s, .runtime = m_profile.runtime, .model = m_profile.model},
        {.by = u"default"_s, .runtime = m_context.defaultRuntime(), .model = {}}};
    const QStringList fallback = namesIn(m_context.fallback());
    QHash<QString, LaunchProblem> problems = m_problems;
    if (!fallback.isEmpty()) {
        QStringList ids = fallback;
        for (const RuntimeWish &wish : wishes)
            ids.append(wish.runtime);
        const auto known =
            co_await knownProblems(m_context.accounts, RuntimeQuestion::about(m_context.runtimes, ids,
                                                                              m_context.credentials.kept()));
        problems.insert(known.value_or(QHash<QString, LaunchProblem>()));
    }
    m_resolution = resolveRuntime(wishes, fallback, problems);
    m_runtime = m_context.runtimes.find(m_resolution.runtime);
    if (m_runtime && !m_resolution.wished.isEmpty())
        recordFallback();
    if (m_runtime)
        (void)co_await takeAccount();
    co_return m_runtime != nullptr;
}

void AgentJob::recordFallback()
{
    m_context.ledger.commit(this,
                            [refs = refs(), taken = m_resolution](Connection &, EventBatch &log) -> Status {
        log.add(u"task.fell_back"_s, refs, u"node"_s,
                {{u"wished"_s, taken.wished},
                 {u"problem"_s, enumName(taken.problem)},
                 {u"runtime"_s, taken.runtime}});
        return {};
    });
}

// Before the agent said a word, and not because it was stopped: nothing was done yet.
bool AgentJob::failedToOpen(const SessionEnded &ended) const
{
    return m_row.nativeId.isEmpty() && m_session && m_session->launchProblem() != LaunchProblem::None &&
           !m_stopReason && !m_abandoned && ended.reason != FailureReason::Unkillable;
}

// On another account or runtime.
bool AgentJob::mayFallBack(const SessionEnded &ended) const
{
    return failedToOpen(ended) &&
           (mayTakeAnotherAccount() || m_problems.size() < namesIn(m_context.fallback()).size() + 1);
}

Async<bool> AgentJob::fallBack(SessionEnded ended)
{
    if (mayTakeAnotherAccount()) {
        recordRefusal();
    } else {
        m_problems.insert(m_runtime->id, m_session->launchProblem());
        m_refusedAccounts.clear();
    }
    const QString failed = m_runtime->id;
    const auto found = co_await resolve();
    if (!found || !*found || m_problems.contains(m_runtime->id) || m_stopReason || m_abandoned) {
        m_runtime = m_context.runtimes.find(failed);
        settle(ended);
        co_return false;
    }
    clearSession(ended);
    co_return co_await beginCold();
}

void AgentJob::clearSession(const SessionEnded &ended)
{
    m_sessionEnd = ended;
    recordEnd();
    m_sessionEnd.reset();
    m_finished.reset();
    m_session->disconnect(this);
    m_session->deleteLater();
    m_session = nullptr;
    m_row = {};
}

// An agent that was killed before it had kept a word of its session refuses to go on with it. What a
// conversation has said would be lost, so that one is told instead.
bool AgentJob::mayForget(const SessionEnded &ended) const
{
    return failedToOpen(ended) && m_session->launchProblem() == LaunchProblem::HandshakeRefused &&
           !resumeId().isEmpty() && !m_task.request.refs.conversation.isValid();
}

Async<bool> AgentJob::forget(SessionEnded ended)
{
    const auto acts = co_await resultOf(m_context.ledger.readAsync([session = m_goesOn->id](Connection &db) {
        return EventRepository(db).count({.refs = {.session = session}, .kinds = {u"session.tool_started"_s}},
                                         1);
    }));
    if (!acts || *acts > 0 || m_stopReason || m_abandoned) {
        settle(ended);
        co_return false;
    }
    m_forgot = true;
    clearSession(ended);
    co_return co_await beginCold();
}

} // namespace muster
