// How a session ends: asked to, by the agent's death, or because it does not listen. Order: the turn's
// events, the queued prompts' events, the tree verified gone, SessionEnded.
#include "core/agent/agent_session.h"
#include "core/agent/session_files.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

LaunchProblem problemOf(const Error &error)
{
    if (error.where == QLatin1StringView(launch_fault::notFound))
        return LaunchProblem::NotInstalled;
    if (error.where == QLatin1StringView(launch_fault::notExecutable))
        return LaunchProblem::NotExecutable;
    if (error.where == QLatin1StringView(launch_fault::workingDir))
        return LaunchProblem::WorkingDir;
    return LaunchProblem::SystemRefused;
}

FailureReason reasonOf(LaunchProblem problem)
{
    switch (problem) {
    case LaunchProblem::AuthRequired:
    case LaunchProblem::BadKey:
        return FailureReason::AuthRequired;
    case LaunchProblem::ModelUnavailable:
        return FailureReason::ModelUnavailable;
    default:
        return FailureReason::LaunchFailed;
    }
}

QString exitText(const ExitInfo &info)
{
    return info.signal != 0 ? u"signal "_s + QString::number(info.signal)
                            : u"exit code "_s + QString::number(info.code);
}

QString joined(const QString &first, const QString &second)
{
    return second.isEmpty() ? first : QString(first + u": " + second);
}

} // namespace

void AgentSession::cancel(FailureReason reason, const QString &detail)
{
    if (m_state != SessionState::Prompting) {
        if (!isInTurn(m_state))
            finishQueuedPrompts();
        return;
    }
    m_turnEnd = {.reason = reason, .detail = detail};
    enter(SessionInput::CancelAsked);
    m_cancelTimer.start(m_spec.timeouts.cancelGrace);
    const QStringList open = m_files->turnEnded();
    for (const QString &requestId : open)
        withdrew(requestId);
    m_protocol->cancel();
    if (m_health.outputPaused)
        setOutputPaused(false); // its answer waits behind what was held back
}

void AgentSession::close()
{
    m_closing = true;
    if (m_state == SessionState::Prompting)
        cancel();
    else if (m_state == SessionState::Idle)
        finish();
    else if (!isInTurn(m_state))
        beginStopping(SessionInput::StopAsked, m_state == SessionState::Ready);
}

void AgentSession::stop(FailureReason reason, const QString &detail)
{
    if (m_state == SessionState::Stopping || m_state == SessionState::Ended)
        return;
    if (!m_end.reason)
        m_end = {.reason = reason, .detail = detail};
    if (m_state == SessionState::Prompting)
        cancel(reason, detail);
    close();
}

void AgentSession::cancelTimedOut()
{
    if (!m_end.reason)
        m_end = {.reason = m_turnEnd.reason, .detail = u"the agent did not end its turn"_s};
    beginStopping(SessionInput::CancelTimedOut, false);
}

void AgentSession::handshakeTimedOut() { openFailed({.reason = FailureReason::LaunchFailed, .detail = {}}); }

void AgentSession::openFailed(const OpenFailure &failure)
{
    if (m_state != SessionState::Starting)
        return;
    if (m_launchProblem == LaunchProblem::None) {
        switch (failure.reason) {
        case FailureReason::LaunchFailed:
            m_launchProblem = LaunchProblem::HandshakeTimeout;
            break;
        case FailureReason::AuthRequired:
            m_launchProblem = LaunchProblem::AuthRequired;
            break;
        case FailureReason::ProtocolError:
            m_launchProblem = LaunchProblem::ProtocolError;
            break;
        default:
            m_launchProblem = launchProblemOf(m_spec.runtime.launchFailures, failure.detail,
                                              LaunchProblem::HandshakeRefused);
        }
    }
    const bool ownReason =
        failure.reason == FailureReason::AuthRequired || failure.reason == FailureReason::ProtocolError;
    m_end = {.reason = ownReason ? failure.reason : reasonOf(m_launchProblem),
             .detail = joined(enumName(m_launchProblem), failure.detail)};
    beginStopping(SessionInput::OpenFailed, false);
}

void AgentSession::failedToStart(const Error &error)
{
    m_launchProblem = problemOf(error);
    if (!m_closing)
        m_end = {.reason = FailureReason::LaunchFailed,
                 .detail = joined(enumName(m_launchProblem), error.detail)};
    m_handshakeTimer.stop();
    m_stdinTimer.stop();
    if (!enter(SessionInput::LaunchFailed))
        return;
    finishQueuedPrompts();
    emitEvent(SessionEnded{.reason = m_end.reason, .detail = m_end.detail, .exitCode = 0});
}

void AgentSession::processExited(const ExitInfo &info)
{
    m_exit = info;
    if (m_state == SessionState::Stopping || m_state == SessionState::Ended)
        return;
    const bool starting = m_state == SessionState::Starting;
    const QString tail = m_stderr.text();
    const LaunchProblem problem =
        launchProblemOf(m_spec.runtime.launchFailures, tail, LaunchProblem::CrashedBeforeFirstMessage);
    if (starting && (m_health.outputBytes == 0 || problem != LaunchProblem::CrashedBeforeFirstMessage))
        m_launchProblem = problem;
    if (!m_end.reason && !m_closing) {
        m_end = {.reason = starting ? reasonOf(problem) : FailureReason::Crashed,
                 .detail =
                     joined(starting ? enumName(problem) + u": " + exitText(info) : exitText(info), tail)};
    }
    beginStopping(SessionInput::ProcessExited, false);
}

void AgentSession::beginStopping(SessionInput input, bool politely)
{
    const bool hadProcess = m_process && m_process->pipes()->isRunning();
    const bool neverLaunched = !m_process;
    if (!enter(input))
        return;
    m_handshakeTimer.stop();
    m_cancelTimer.stop();
    m_protocol->streamEnded(m_end.reason.value_or(FailureReason::Aborted), m_end.detail);
    finishQueuedPrompts();
    if (neverLaunched)
        return finish();
    setOutputPaused(false); // what is left is read and dropped, so that the end is seen
    m_process->pipes()->closeStdin();
    if (politely && hadProcess)
        m_stdinTimer.start(m_spec.timeouts.stdinGrace);
    else if (!m_exit)
        m_process->stop(m_spec.timeouts.ladder);
}

void AgentSession::treeGone(const StopReport &report)
{
    m_stdinTimer.stop();
    if (!report.survivors.isEmpty())
        m_end = {.reason = FailureReason::Unkillable, .detail = namesOf(report.survivors)};
    finish();
}

void AgentSession::finish()
{
    const bool idle = m_state == SessionState::Idle;
    if (!enter(idle ? SessionInput::StopAsked : SessionInput::TreeGone))
        return;
    emitEvent(
        SessionEnded{.reason = m_end.reason, .detail = m_end.detail, .exitCode = m_exit ? m_exit->code : 0});
}

// A prompt that was accepted gets its turn's start and end, also if it never reached the agent.
void AgentSession::finishQueuedPrompts()
{
    const QList<Prompt> queued = std::exchange(m_queue, {});
    const FailureReason reason = m_end.reason.value_or(FailureReason::Aborted);
    const TurnOutcome outcome =
        reason == FailureReason::Aborted ? TurnOutcome::Cancelled : TurnOutcome::Failed;
    for (qsizetype i = 0; i < queued.size(); ++i) {
        emitEvent(TurnStarted{nextTurn()});
        emitEvent(TurnFinished{.outcome = outcome, .reason = reason, .detail = m_end.detail});
    }
}

} // namespace muster
