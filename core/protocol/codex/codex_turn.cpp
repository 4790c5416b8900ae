// The turn of CodexAdapter: turn/start is only acknowledged; turn/completed ends it. Its status and error
// decide, never an exit code.
#include "core/protocol/codex/codex_adapter.h"

#include <QJsonArray>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int softLimitPercent = 90;

qint64 count(const QJsonObject &json, QLatin1StringView key)
{
    return std::max<qint64>(0, json.value(key).toInteger());
}

Usage readUsage(const QJsonObject &tokens)
{
    return {.tokensIn = count(tokens, "inputTokens"_L1),
            .tokensOut = count(tokens, "outputTokens"_L1),
            .tokensCached = count(tokens, "cachedInputTokens"_L1),
            .costMicroUsd = {}};
}

Usage difference(const Usage &now, const Usage &before)
{
    return {.tokensIn = std::max<qint64>(0, now.tokensIn - before.tokensIn),
            .tokensOut = std::max<qint64>(0, now.tokensOut - before.tokensOut),
            .tokensCached = std::max<qint64>(0, now.tokensCached - before.tokensCached),
            .costMicroUsd = {}};
}

// Content blocks of the Agent Client Protocol.
QJsonArray inputOf(const Prompt &prompt)
{
    QJsonArray input{QJsonObject{{"type"_L1, "text"_L1}, {"text"_L1, prompt.text}}};
    for (const auto &entry : prompt.attachments) {
        const QJsonObject block = entry.toObject();
        const QString type = block.value("type"_L1).toString();
        if (type == "image"_L1)
            input.append(QJsonObject{{"type"_L1, "image"_L1},
                                     {"url"_L1, QString(u"data:" + block.value("mimeType"_L1).toString() +
                                                        u";base64," + block.value("data"_L1).toString())}});
        else if (type == "resource_link"_L1)
            input.append(QJsonObject{{"type"_L1, "text"_L1}, {"text"_L1, block.value("uri"_L1)}});
        else
            input.append(QJsonObject{{"type"_L1, "text"_L1},
                                     {"text"_L1, type == "resource"_L1
                                                     ? block.value("resource"_L1)["text"_L1].toString()
                                                     : block.value("text"_L1).toString()}});
    }
    return input;
}

} // namespace

void CodexAdapter::registerTurn()
{
    on(u"turn/started"_s, &CodexAdapter::takeTurnStarted);
    on(u"turn/completed"_s, &CodexAdapter::takeTurnCompleted);
    on(u"error"_s, &CodexAdapter::takeError);
    on(u"thread/tokenUsage/updated"_s, &CodexAdapter::takeUsage);
    on(u"account/rateLimits/updated"_s, &CodexAdapter::takeLimits);
}

void CodexAdapter::sendPrompt(const Prompt &prompt)
{
    m_turnId.clear();
    m_interruptWanted = false;
    m_before = m_total;
    m_items.turnStarted();
    // Set for the turn, because a thread that is started like this has its folder marked as trusted in the
    // person's own configuration.
    const QJsonObject sandbox{{"type"_L1, "workspaceWrite"_L1}, {"networkAccess"_L1, false}};
    const auto sent = m_peer.request(
        u"turn/start"_s,
        {{"threadId"_L1, m_threadId}, {"sandboxPolicy"_L1, sandbox}, {"input"_L1, inputOf(prompt)}},
        [this, of = turn()](const RpcOutcome &outcome) {
        if (inTurn() && of == turn())
            turnAccepted(outcome);
    });
    if (!sent)
        finishTurn({TurnOutcome::Failed, FailureReason::ProtocolError, sent.error().detail});
}

void CodexAdapter::turnAccepted(const RpcOutcome &outcome)
{
    if (!outcome)
        return failTurn({.message = outcome.error().message});
    const auto result = asObject(*outcome);
    const QString id = result ? result->value("turn"_L1)["id"_L1].toString() : QString();
    if (id.isEmpty())
        return finishTurn({TurnOutcome::Failed, FailureReason::ProtocolError, u"turn/start: no turn id"_s});
    m_turnId = id;
    if (m_interruptWanted)
        sendCancel();
}

void CodexAdapter::takeTurnStarted(const QJsonObject &params)
{
    if (!inTurn() || !m_turnId.isEmpty())
        return;
    m_turnId = params.value("turn"_L1)["id"_L1].toString();
    if (m_interruptWanted && !m_turnId.isEmpty())
        sendCancel();
}

void CodexAdapter::sendCancel()
{
    m_interruptWanted = m_turnId.isEmpty();
    if (m_interruptWanted)
        return;
    const auto sent =
        m_peer.request(u"turn/interrupt"_s, {{"threadId"_L1, m_threadId}, {"turnId"_L1, m_turnId}},
                       [this](const RpcOutcome &outcome) {
        if (!outcome && phase() == Phase::Ready)
            warn(u"cancel_refused"_s, outcome.error().message);
    });
    if (!sent)
        warn(u"cancel_refused"_s, sent.error().detail);
}

void CodexAdapter::takeTurnCompleted(const QJsonObject &params)
{
    const QJsonObject turn = params.value("turn"_L1).toObject();
    const QString id = turn.value("id"_L1).toString();
    if (!inTurn() || (!m_turnId.isEmpty() && id != m_turnId))
        return;
    const QString status = turn.value("status"_L1).toString();
    if (status == "completed"_L1)
        return finishTurn({});
    if (status == "interrupted"_L1)
        return finishTurn({TurnOutcome::Cancelled, FailureReason::Aborted, {}});
    if (status == "failed"_L1)
        return failTurn(readCodexError(turn.value("error"_L1).toObject()));
    finishTurn({TurnOutcome::Failed, FailureReason::ProtocolError, u"turn status "_s + status.left(256)});
}

void CodexAdapter::failTurn(const CodexError &error)
{
    if (isCancelling())
        return finishTurn({TurnOutcome::Cancelled, FailureReason::Aborted, error.message});
    if (error.reason == FailureReason::RateLimited)
        say(RateLimited{.hard = true, .resetAtMs = m_limit.resetAtMs, .detail = error.message});
    finishTurn({error.outcome, error.reason, error.message});
}

void CodexAdapter::turnEnding(const TurnFinished &finished)
{
    if (phase() != Phase::Ready || finished.outcome != TurnOutcome::Cancelled)
        return;
    const auto runs = [this](const QString &id) {
        return tools().find(id)->kind == ToolKind::Execute;
    };
    if (!std::ranges::any_of(tools().openIds(), runs))
        return;
    // An interrupt leaves the command running.
    const auto sent = m_peer.request(u"thread/backgroundTerminals/clean"_s, {{"threadId"_L1, m_threadId}},
                                     [this](const RpcOutcome &outcome) {
        if (!outcome && phase() == Phase::Ready)
            warn(u"command_left_running"_s, outcome.error().message);
    });
    if (!sent)
        warn(u"command_left_running"_s, sent.error().detail);
}

void CodexAdapter::takeError(const QJsonObject &params)
{
    if (!inTurn() || !params.value("willRetry"_L1).toBool()) // else turn/completed says it again
        return;
    const CodexError error = readCodexError(params.value("error"_L1).toObject());
    if (error.reason == FailureReason::RateLimited)
        return say(RateLimited{.hard = false, .resetAtMs = {}, .detail = error.message});
    warn(u"retrying"_s, error.message);
}

void CodexAdapter::takeUsage(const QJsonObject &params)
{
    const QJsonObject usage = params.value("tokenUsage"_L1).toObject();
    m_total = readUsage(usage.value("total"_L1).toObject());
    // A resumed thread first says what it used before, which may be read after our prompt was sent.
    const QString of = params.value("turnId"_L1).toString();
    const bool ofThisTurn = inTurn() && !m_turnId.isEmpty() && (of.isEmpty() || of == m_turnId);
    if (!ofThisTurn)
        m_before = m_total;
    else if (!m_totalKnown) // nothing said so: it was all but the call just made
        m_before = difference(m_total, readUsage(usage.value("last"_L1).toObject()));
    m_totalKnown = true;
    if (ofThisTurn)
        say(difference(m_total, m_before));
}

void CodexAdapter::takeLimits(const QJsonObject &params)
{
    m_limit = fullestLimit(params.value("rateLimits"_L1).toObject());
    const bool nearlyFull = m_limit.usedPercent >= softLimitPercent;
    if (nearlyFull && !m_limitTold && inTurn()) {
        m_limitTold = true;
        return say(RateLimited{.hard = false,
                               .resetAtMs = m_limit.resetAtMs,
                               .detail = QString::number(m_limit.usedPercent) + u'%',
                               .usedPercent = std::min(m_limit.usedPercent, 100)});
    }
    m_limitTold = m_limitTold && nearlyFull;
}

void CodexAdapter::steer(const Prompt &prompt, const SteerDone &done)
{
    if (!inTurn() || isCancelling() || m_turnId.isEmpty())
        return done(fail(ErrorCode::Conflict, u"no turn that could be steered"_s));
    const auto sent = m_peer.request(
        u"turn/steer"_s,
        {{"threadId"_L1, m_threadId}, {"expectedTurnId"_L1, m_turnId}, {"input"_L1, inputOf(prompt)}},
        [done](const RpcOutcome &outcome) {
        done(outcome ? Status() : Status(fail(ErrorCode::Conflict, outcome.error().message)));
    });
    if (!sent)
        done(std::unexpected(sent.error()));
}

void CodexAdapter::sendOn(const QString &text)
{
    if (!inTurn() || m_turnId.isEmpty())
        return;
    steer({.text = text, .attachments = {}}, [this](const Status &taken) {
        if (!taken && phase() == Phase::Ready)
            warn(u"message_not_delivered"_s, taken.error().detail);
    });
}

} // namespace muster
