// With which account of its runtime an agent's session begins, and with which session it goes on.
#include "core/node/work/agent_job.h"

namespace muster {

using namespace Qt::StringLiterals;

AccountRef AgentJob::account() const { return {.runtime = m_runtime->id, .name = m_account.name}; }

Async<bool> AgentJob::takeAccount()
{
    const auto earlier = co_await findEarlier();
    m_goesOn.reset();
    if (earlier && earlier->runtime == m_runtime->id && earlier->cwd == m_place.folder)
        m_goesOn = *earlier;
    m_account = m_context.accounts.choose(
        m_runtime->id, m_goesOn ? std::optional(m_goesOn->account) : std::nullopt, m_refusedAccounts);
    co_return true;
}

// The session of the owner that died, or the conversation's last.
Async<SessionRow> AgentJob::findEarlier()
{
    co_return co_await resultOf(m_context.ledger.readAsync(
        [session = m_task.session,
         conversation = m_task.request.refs.conversation](Connection &db) -> Result<SessionRow> {
        if (session.isValid())
            return SessionRepository(db).find(session);
        if (conversation.isValid())
            return SessionRepository(db).lastOf(conversation);
        return fail(ErrorCode::NotFound);
    }));
}

QString AgentJob::resumeId() const
{
    const bool can = m_goesOn && !m_forgot && m_runtime->abilities.canResume &&
                     m_context.accounts.shareHome({m_goesOn->runtime, m_goesOn->account}, account());
    return can ? m_goesOn->nativeId : QString();
}

QString AgentJob::resolutionReason() const
{
    if (!m_context.accounts.hasSeveral(m_runtime->id))
        return m_resolution.reason();
    return m_resolution.reasonWith(m_account.name, enumName(m_account.reason));
}

QJsonObject AgentJob::accountData() const
{
    if (!m_context.accounts.hasSeveral(m_runtime->id))
        return {};
    return {{u"account"_s, m_account.name}, {u"account_reason"_s, enumName(m_account.reason)}};
}

// One that is not signed in is no reason to give up while another may be.
bool AgentJob::mayTakeAnotherAccount() const
{
    const LaunchProblem problem = m_session->launchProblem();
    if (problem != LaunchProblem::AuthRequired && problem != LaunchProblem::BadKey)
        return false;
    const QStringList refused = m_refusedAccounts + QStringList(m_account.name);
    const AccountChoice next = m_context.accounts.choose(m_runtime->id, {}, refused);
    return !refused.contains(next.name) && next.restsUntilMs == 0;
}

void AgentJob::recordRefusal()
{
    m_refusedAccounts += m_account.name;
    m_context.ledger.commit(this,
                            [refs = refs(), account = account(),
                             problem = m_session->launchProblem()](Connection &, EventBatch &log) -> Status {
        log.add(u"task.account_refused"_s, refs, u"node"_s,
                {{u"runtime"_s, account.runtime},
                 {u"account"_s, account.name},
                 {u"problem"_s, enumName(problem)}});
        return {};
    });
}

} // namespace muster
