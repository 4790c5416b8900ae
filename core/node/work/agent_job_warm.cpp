// A chat's session between its turns: kept in the pool when a turn is done, taken from it for the next.
#include "core/node/work/agent_job.h"

namespace muster {

using namespace Qt::StringLiterals;

SessionPoolKey AgentJob::poolKey() const
{
    return {.conversation = m_task.request.refs.conversation,
            .runtime = m_runtime->id,
            .account = m_account.name,
            .workspace = m_place.folder,
            .profile = m_profile.name,
            .model = m_task.request.model,
            .servers = mcpFile(m_mcp.servers, false)};
}

Async<bool> AgentJob::beginWarm()
{
    const SessionId id = m_context.sessions.find(poolKey());
    if (!id.isValid() || m_stopReason || m_abandoned)
        co_return false;
    const auto row = co_await reuseSession(id);
    if (!row || m_stopReason || m_abandoned || m_context.sessions.find(poolKey()) != id)
        co_return false; // it ended meanwhile, or nobody wants it any more
    AgentSession *session = m_context.sessions.take(poolKey());
    if (!session)
        co_return false;
    session->setParent(this);
    m_row = *row;
    m_unheard = true;
    use(session);
    prompt();
    co_return true;
}

Async<SessionRow> AgentJob::reuseSession(SessionId id)
{
    co_return co_await resultOf(
        m_context.ledger.commitAsync([id, task = m_task, taken = m_resolution, why = resolutionReason()](
                                         Connection &db, EventBatch &log) -> Result<SessionRow> {
        SessionRepository sessions(db);
        auto row = sessions.find(id);
        if (!row)
            return row;
        if (row->endedMs)
            return fail(ErrorCode::NotFound, u"the session has ended"_s, id.toString());
        row->task = task.id;
        row->state = SessionRowState::Busy;
        row->activeMs = log.nowMs();
        if (Status set = sessions.update(*row); !set)
            return std::unexpected(set.error());
        return noteSession(db, task, *row, taken.model, why).transform([&] { return *row; });
    }));
}

// Only after a turn that was completed, and only where nothing has to be gone before its changes are kept.
bool AgentJob::keepWarm()
{
    const bool done = m_finished->outcome == TurnOutcome::Completed && !m_stopReason && !m_abandoned;
    if (!done || !m_task.request.refs.conversation.isValid() || m_place.worktree)
        return false;
    disconnect(m_session, nullptr, this, nullptr);
    if (!m_context.sessions.park(poolKey(), m_row.id, m_session)) {
        listen();
        return false;
    }
    m_session = nullptr;
    m_kept = true;
    return true;
}

// A process that had died in the pool, which only shows when it is asked: the turn begins again in a new one.
bool AgentJob::diedUnheard(const SessionEvent &event)
{
    if (!m_unheard || std::holds_alternative<TurnStarted>(event))
        return false;
    const auto *finished = std::get_if<TurnFinished>(&event);
    const auto *ended = std::get_if<SessionEnded>(&event);
    const bool crashed = (finished && finished->reason == FailureReason::Crashed) ||
                         (ended && ended->reason == FailureReason::Crashed);
    m_unheard = crashed && !ended && !m_stopReason;
    if (!crashed || m_stopReason)
        return false;
    if (ended) {
        m_sessionEnd = *ended;
        recordEnd();
        m_sessionEnd.reset();
        std::exchange(m_session, nullptr)->deleteLater();
        (void)beginCold(); // goes on by itself and ends with ended()
    }
    return true;
}

} // namespace muster
