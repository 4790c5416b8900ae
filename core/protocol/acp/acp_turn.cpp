// The turn of AcpAdapter: session/prompt, session/cancel, and what an answer or error means. Protocol fields
// decide; an error that an agent puts into its own text is recognised only by its quirk record, and the
// detail then says that it is a guess.
#include "core/protocol/acp/acp_adapter.h"

#include <QDateTime>
#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

FailureReason reasonOfKind(const QString &kind)
{
    if (kind == "rate_limit"_L1 || kind == "overloaded"_L1)
        return FailureReason::RateLimited;
    if (kind.startsWith("auth"_L1))
        return FailureReason::AuthRequired;
    if (kind == "billing_error"_L1)
        return FailureReason::BudgetExceeded;
    if (kind == "model_unavailable"_L1)
        return FailureReason::ModelUnavailable;
    return FailureReason::RuntimeError;
}

FailureReason reasonOf(const RpcError &error)
{
    switch (error.code) {
    case -32000:
    case 401:
    case 403:
        return FailureReason::AuthRequired;
    case 429:
    case 529:
        return FailureReason::RateLimited;
    case RpcParseError:
    case RpcInvalidRequest:
    case RpcMethodNotFound:
    case RpcInvalidParams:
        return FailureReason::ProtocolError;
    default:
        break;
    }
    const auto data = asObject(error.data);
    return data ? reasonOfKind(data->value("errorKind"_L1).toString()) : FailureReason::RuntimeError;
}

// Some say when the limit is over, in the error's data as ISO 8601.
std::optional<qint64> resetAtOf(const RpcError &error)
{
    const auto data = asObject(error.data);
    const QDateTime at =
        data ? QDateTime::fromString(data->value("resetAt"_L1).toString(), Qt::ISODate) : QDateTime();
    return at.isValid() ? std::optional(at.toMSecsSinceEpoch()) : std::nullopt;
}

} // namespace

Status AcpAdapter::prompt(const Prompt &prompt)
{
    if (m_phase != Phase::Ready)
        return fail(ErrorCode::Unavailable, u"the session is not open"_s);
    if (m_inTurn)
        return fail(ErrorCode::Conflict, u"a turn is running"_s);
    QJsonArray blocks = prompt.attachments;
    blocks.prepend(QJsonObject{{"type"_L1, "text"_L1}, {"text"_L1, prompt.text}});
    m_inTurn = true;
    m_cancelling = false;
    m_declinedInTurn = false;
    m_lastError = {};
    m_gaveUp = false;
    m_implicitMessage.clear();
    m_lastMessage.clear();
    m_lastText.clear();
    m_segment = 0;
    ++m_turn;
    m_usage.turnStarted();
    emitEvent(TurnStarted{m_turn});
    const auto sent =
        m_peer.request(u"session/prompt"_s, {{"sessionId"_L1, m_sessionId}, {"prompt"_L1, blocks}},
                       [this](const RpcOutcome &outcome) { promptAnswered(outcome); });
    if (!sent)
        finishTurn({TurnOutcome::Failed, FailureReason::ProtocolError, sent.error().detail});
    return {};
}

void AcpAdapter::cancel()
{
    if (!m_inTurn || m_cancelling)
        return;
    m_cancelling = true;
    m_peer.notify(u"session/cancel"_s, {{"sessionId"_L1, m_sessionId}});
    withdrawPermissions();
}

void AcpAdapter::promptAnswered(const RpcOutcome &outcome)
{
    if (!m_inTurn)
        return;
    if (!outcome)
        return turnFailed(outcome.error());
    const auto answer = asObject(*outcome);
    if (!answer)
        return finishTurn({TurnOutcome::Failed, FailureReason::ProtocolError, answer.error().detail});
    if (const auto usage = m_usage.fromAnswer(*answer))
        emitEvent(*usage);
    finishTurn(finishedBy(answer->value("stopReason"_L1).toString()));
}

void AcpAdapter::turnFailed(const RpcError &error)
{
    constexpr int requestCancelled = -32800;
    if (error.code == requestCancelled || m_cancelling)
        return finishTurn({TurnOutcome::Cancelled, FailureReason::Aborted, error.message});
    const TurnFinished finished = failureOf(error, error.message);
    if (finished.reason == FailureReason::RateLimited)
        emitEvent(RateLimited{.hard = true, .resetAtMs = resetAtOf(error), .detail = error.message});
    finishTurn(finished);
}

// Where the error's code and data say nothing, what was said along with it may.
TurnFinished AcpAdapter::failureOf(const RpcError &error, const QString &words) const
{
    const FailureReason reason = reasonOf(error);
    const auto guess = reason == FailureReason::RuntimeError ? guessFrom(words) : std::nullopt;
    return guess.value_or(TurnFinished{TurnOutcome::Failed, reason, error.message});
}

std::optional<TurnFinished> AcpAdapter::guessFrom(const QString &words) const
{
    for (const ErrorText &text : m_quirks.errorTexts) {
        const QRegularExpression pattern(text.pattern);
        if (pattern.isValid() && pattern.match(words).hasMatch())
            return TurnFinished{TurnOutcome::Failed, text.reason, u"guessed from its text: "_s + words};
    }
    return std::nullopt;
}

TurnFinished AcpAdapter::finishedBy(const QString &stopReason) const
{
    if (stopReason == "cancelled"_L1) {
        // One agent ends its turn this way when it was told no, though nobody cancelled it.
        const bool declined = m_declinedInTurn && !m_cancelling;
        return {
            TurnOutcome::Cancelled, declined ? FailureReason::PermissionDenied : FailureReason::Aborted, {}};
    }
    if (stopReason == "max_turn_requests"_L1)
        return {TurnOutcome::LimitReached, FailureReason::TurnLimitExceeded, stopReason};
    if (stopReason == "max_tokens"_L1)
        return {TurnOutcome::LimitReached, FailureReason::RuntimeError, stopReason};
    if (stopReason == "refusal"_L1)
        return {TurnOutcome::Refused, FailureReason::RuntimeError, stopReason};
    if (stopReason != "end_turn"_L1)
        return {TurnOutcome::Failed, FailureReason::ProtocolError, u"stop reason "_s + stopReason.left(256)};
    if (m_gaveUp)
        return failureOf(m_lastError, m_lastText);
    return guessFrom(m_lastText).value_or(TurnFinished{TurnOutcome::Completed, {}, {}});
}

void AcpAdapter::finishTurn(TurnFinished finished)
{
    m_inTurn = false;
    m_cancelling = false;
    withdrawPermissions();
    emitAll(m_tools.closeAll(finished.outcome));
    if (m_gaveUp && finished.reason == FailureReason::RateLimited)
        emitEvent(RateLimited{.hard = true, .resetAtMs = {}, .detail = finished.detail});
    emitEvent(finished);
}

} // namespace muster
