#include "core/protocol/claude/claude_adapter.h"

#include "core/protocol/claude/claude_arguments.h"

#include <QJsonDocument>
#include <QUuid>

#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

ClaudeAdapter::ClaudeAdapter(ProtocolSink &sink, StreamJsonQuirks quirks, qsizetype maxLine,
                             const QString &newSessionId)
    : m_sink(sink)
    , m_quirks(std::move(quirks))
    , m_framer(maxLine)
    , m_usage(m_quirks)
    , m_newSessionId(newSessionId.isEmpty() ? QUuid::createUuid().toString(QUuid::WithoutBraces)
                                            : newSessionId)
{
}

QStringList ClaudeAdapter::arguments(const OpenRequest &request) const
{
    return claudeArguments(m_quirks, request, m_newSessionId);
}

std::vector<PrivateFile> ClaudeAdapter::files(const OpenRequest &request) const
{
    return claudeFiles(m_quirks, request);
}

void ClaudeAdapter::open(const OpenRequest &request)
{
    if (m_phase != Phase::Idle)
        return;
    m_phase = Phase::Opening;
    const bool resumed = !request.resumeId.isEmpty();
    m_started = {.nativeId = resumed ? request.resumeId : m_newSessionId,
                 .agentName = m_quirks.agentName,
                 .agentVersion = {},
                 .model = request.model,
                 .resumed = resumed};
    m_usage.opened(resumed);
    sendControl(Awaited::Initialize, {{"subtype"_L1, "initialize"_L1}});
}

void ClaudeAdapter::write(const QJsonObject &message)
{
    m_sink.send(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
}

Status ClaudeAdapter::prompt(const Prompt &prompt)
{
    if (m_phase != Phase::Ready)
        return fail(ErrorCode::Unavailable, u"the session is not open"_s);
    if (m_inTurn)
        return fail(ErrorCode::Conflict, u"a turn is running"_s);
    m_inTurn = true;
    m_cancelling = false;
    m_message.clear();
    m_said.clear();
    m_lastError.clear();
    m_limitResetMs.reset();
    m_usage.turnStarted();
    m_sink.happened(TurnStarted{++m_turn});
    write(claudeUserMessage(prompt));
    return {};
}

void ClaudeAdapter::cancel()
{
    if (!m_inTurn || m_cancelling)
        return;
    m_cancelling = true;
    sendControl(Awaited::Interrupt, {{"subtype"_L1, "interrupt"_L1}});
    withdrawAll(true);
}

void ClaudeAdapter::receive(QByteArrayView bytes)
{
    if (m_phase == Phase::Closed)
        return;
    m_framer.feed(bytes, [this](const Frame &frame) {
        takeLine(frame);
        return m_phase != Phase::Closed;
    });
}

void ClaudeAdapter::streamEnded(FailureReason reason, const QString &detail)
{
    if (m_phase == Phase::Closed)
        return;
    if (const auto rest = m_framer.finish())
        takeLine(*rest);
    if (m_phase == Phase::Closed) // what came last may have ended the handshake
        return;
    const bool opening = m_phase == Phase::Opening;
    m_phase = Phase::Closed;
    if (opening)
        m_sink.openFailed({.reason = reason, .detail = detail});
    if (m_inTurn)
        finishTurn({.outcome = m_cancelling ? TurnOutcome::Cancelled : TurnOutcome::Failed,
                    .reason = m_cancelling ? FailureReason::Aborted : reason,
                    .detail = detail});
    m_awaited.clear();
}

void ClaudeAdapter::finishTurn(const TurnFinished &finished)
{
    m_inTurn = false;
    m_cancelling = false;
    withdrawAll(false);
    emitAll(m_tools.closeAll(finished.outcome));
    m_sink.happened(finished);
}

} // namespace muster
