// What an agent says in ClaudeAdapter: lines to messages, messages to events.
#include "core/protocol/claude/claude_adapter.h"
#include "core/protocol/claude/claude_result.h"
#include "core/protocol/excerpt.h"

#include <QJsonDocument>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Said for a display of its own, or by hooks and sub-tasks; none of them is an event of a session.
bool isQuiet(const QString &subtype)
{
    static const QSet<QString> quiet{
        u"status"_s,        u"thinking_tokens"_s,   u"compact_boundary"_s,      u"hook_started"_s,
        u"hook_progress"_s, u"hook_response"_s,     u"task_started"_s,          u"task_progress"_s,
        u"task_updated"_s,  u"task_notification"_s, u"session_state_changed"_s, u"files_persisted"_s,
        u"memory_recall"_s, u"informational"_s,     u"notification"_s,          u"local_command_output"_s};
    return quiet.contains(subtype);
}

} // namespace

void ClaudeAdapter::takeLine(const Frame &frame)
{
    if (frame.kind == Frame::Kind::TooLong)
        return warn(u"line_too_long"_s, QString::number(frame.size));
    if (frame.invalidUtf8)
        warn(u"invalid_utf8"_s, excerpt(frame.line));
    ClaudeDelta delta;
    if (m_phase == Phase::Ready && m_deltas.read(frame.line, delta))
        return takeDelta(delta.thinking, delta.text, {});
    if (frame.line.trimmed().isEmpty())
        return;
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray::fromRawData(frame.line.data(), frame.line.size()));
    if (!document.isObject() || !document.object().value("type"_L1).isString())
        return warn(u"not_a_message"_s, excerpt(frame.line));
    takeMessage(document.object(), frame.line);
}

void ClaudeAdapter::takeMessage(const QJsonObject &message, QByteArrayView raw)
{
    const QString type = message.value("type"_L1).toString();
    if (type == "control_response"_L1)
        return takeControlResponse(message);
    if (type == "result"_L1)
        return takeResult(message);
    if (m_phase != Phase::Ready)
        return;
    if (type == "stream_event"_L1)
        return takeStreamEvent(message, raw);
    if (type == "assistant"_L1)
        return takeAssistant(message);
    if (type == "user"_L1)
        return takeUser(message);
    if (type == "system"_L1)
        return takeSystem(message, raw);
    if (type == "control_request"_L1)
        return takeControlRequest(message, raw);
    if (type == "control_cancel_request"_L1)
        return takeControlCancel(message);
    if (type == "rate_limit_event"_L1)
        return takeRateLimit(message);
    if (type != "keep_alive"_L1 && type != "tool_progress"_L1 && type != "auth_status"_L1)
        warn(u"unknown_message"_s, excerpt(raw));
}

void ClaudeAdapter::takeSystem(const QJsonObject &message, QByteArrayView raw)
{
    const QString subtype = message.value("subtype"_L1).toString();
    if (subtype == "api_retry"_L1 || subtype == "retry"_L1)
        return takeRetry(message);
    if (subtype == "model_fallback"_L1 || subtype == "permission_denied"_L1)
        return warn(subtype, excerpt(raw));
    if (subtype == "init"_L1) {
        const QString mode = message.value("permissionMode"_L1).toString();
        if (!m_quirks.mode.isEmpty() && !mode.isEmpty() && mode != m_quirks.mode)
            warn(u"permission_mode"_s, mode.left(keptRaw));
        return;
    }
    if (!isQuiet(subtype))
        warn(u"unknown_message"_s, excerpt(raw));
}

void ClaudeAdapter::takeRetry(const QJsonObject &message)
{
    m_message.clear(); // what was said so far is said again, as another message
    const int status = message.value("error_status"_L1).toInt();
    const QString error = message.value("error"_L1).toString().left(keptRaw);
    const bool untold = !message.contains("error"_L1) && !message.contains("error_status"_L1);
    const QString detail = error + (status ? u' ' + QString::number(status) : QString());
    if (untold || claudeReason(status, error) == FailureReason::RateLimited)
        m_sink.happened(RateLimited{.hard = false, .resetAtMs = {}, .detail = detail});
    else
        warn(u"api_retry"_s, detail);
}

void ClaudeAdapter::takeRateLimit(const QJsonObject &message)
{
    const QJsonObject info = message.value("rate_limit_info"_L1).toObject();
    const QString status = info.value("status"_L1).toString();
    const qint64 resetsAt = info.value("resetsAt"_L1).toInteger();
    constexpr qint64 maxSeconds = 253402300799; // the end of the year 9999
    const auto resetAtMs =
        resetsAt > 0 && resetsAt <= maxSeconds ? std::optional(resetsAt * 1000) : std::nullopt;
    const bool rejected = status == "rejected"_L1;
    m_limitResetMs = rejected ? resetAtMs : std::nullopt;
    const double used = info.value("utilization"_L1).toDouble(-1); // 0 to 1
    const auto percent =
        used >= 0 && used <= 1 ? std::optional(static_cast<int>(std::lround(used * 100))) : std::nullopt;
    if (rejected || status == "allowed_warning"_L1)
        m_sink.happened(RateLimited{.hard = rejected,
                                    .resetAtMs = resetAtMs,
                                    .detail = info.value("rateLimitType"_L1).toString().left(keptRaw),
                                    .usedPercent = percent});
}

void ClaudeAdapter::takeResult(const QJsonObject &result)
{
    if (m_phase == Phase::Opening)
        return failOpening(claudeReason(result.value("api_error_status"_L1).toInt(), m_lastError),
                           claudeDetail(result));
    if (!m_inTurn) // money of a turn that nobody asked for counts for the next one
        return warn(u"unexpected_result"_s, claudeDetail(result).left(keptRaw));
    if (const auto usage = m_usage.fromResult(result))
        m_sink.happened(*usage);
    const TurnFinished finished =
        claudeTurnFinished(result, {.cancelling = m_cancelling, .lastError = m_lastError});
    if (finished.reason == FailureReason::RateLimited)
        m_sink.happened(RateLimited{.hard = true, .resetAtMs = m_limitResetMs, .detail = finished.detail});
    finishTurn(finished);
}

void ClaudeAdapter::emitAll(const ClaudeTools::Events &events)
{
    for (const SessionEvent &event : events)
        m_sink.happened(event);
}

void ClaudeAdapter::warn(const QString &code, const QString &detail)
{
    if (++m_warnings <= maxWarnings)
        m_sink.happened(SessionWarning{.code = code, .detail = detail});
}

} // namespace muster
