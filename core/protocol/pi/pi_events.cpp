// What Pi says in PiAdapter: messages, tools, retries.
#include "core/protocol/pi/pi_adapter.h"

#include <QRegularExpression>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

FailureReason reasonOfPiError(const QString &message)
{
    static const QRegularExpression status(u"\\b(401|403|429|529)\\b"_s);
    const QString start = message.left(256);
    if (const auto match = status.match(start); match.hasMatch())
        return match.capturedView().startsWith(u'4') && !match.capturedView().startsWith(u"42")
                   ? FailureReason::AuthRequired
                   : FailureReason::RateLimited;
    if (start.contains("rate limit"_L1, Qt::CaseInsensitive) ||
        start.contains("overloaded"_L1, Qt::CaseInsensitive))
        return FailureReason::RateLimited;
    if (start.contains("api key"_L1, Qt::CaseInsensitive))
        return FailureReason::AuthRequired;
    return FailureReason::RuntimeError;
}

PiAdapter::Handler PiAdapter::handlerOf(const QString &type)
{
    static const QHash<QString, Handler> handlers{
        {u"response"_s, &PiAdapter::takeResponse},
        {u"agent_start"_s, &PiAdapter::takeAgentStart},
        {u"agent_settled"_s, &PiAdapter::takeSettled},
        {u"message_start"_s, &PiAdapter::takeMessageStart},
        {u"message_update"_s, &PiAdapter::takeMessageUpdate},
        {u"message_end"_s, &PiAdapter::takeMessageEnd},
        {u"tool_execution_start"_s, &PiAdapter::takeToolStart},
        {u"tool_execution_update"_s, &PiAdapter::takeToolUpdate},
        {u"tool_execution_end"_s, &PiAdapter::takeToolEnd},
        {u"auto_retry_start"_s, &PiAdapter::takeRetryStart},
        {u"auto_retry_end"_s, &PiAdapter::takeRetryEnd},
        {u"compaction_end"_s, &PiAdapter::takeCompaction},
        {u"auto_compaction_end"_s, &PiAdapter::takeCompaction},
        {u"extension_error"_s, &PiAdapter::takeExtensionError},
        {u"extension_ui_request"_s, &PiAdapter::takeUiRequest},
        {u"agent_end"_s, &PiAdapter::ignore},
        {u"turn_start"_s, &PiAdapter::ignore},
        {u"turn_end"_s, &PiAdapter::ignore},
        {u"queue_update"_s, &PiAdapter::ignore},
        {u"entry_appended"_s, &PiAdapter::ignore},
        {u"compaction_start"_s, &PiAdapter::ignore},
        {u"auto_compaction_start"_s, &PiAdapter::ignore},
        {u"thinking_level_changed"_s, &PiAdapter::ignore},
        {u"session_info_changed"_s, &PiAdapter::ignore},
        {u"model_changed"_s, &PiAdapter::ignore},
    };
    return handlers.value(type, nullptr);
}

void PiAdapter::takeAgentStart(const QJsonObject &event)
{
    Q_UNUSED(event)
    m_begun = true;
}

void PiAdapter::takeSettled(const QJsonObject &event)
{
    Q_UNUSED(event)
    if (inTurn() && m_begun)
        settled();
}

void PiAdapter::takeMessageStart(const QJsonObject &event)
{
    if (event.value("message"_L1)["role"_L1].toString() != "assistant"_L1)
        return;
    ++m_message; // a retry says its text again, as another message
    m_messageSpoke = false;
}

void PiAdapter::takeMessageUpdate(const QJsonObject &event)
{
    const QJsonObject update = event.value("assistantMessageEvent"_L1).toObject();
    const QString type = update.value("type"_L1).toString();
    const QString delta = update.value("delta"_L1).toString();
    if (!inTurn() || delta.isEmpty())
        return;
    const QString key = QString::number(turn()) + u'.' + QString::number(m_message);
    if (type == "text_delta"_L1) {
        m_messageSpoke = true;
        say(TextDelta{.messageId = key, .text = delta});
    } else if (type == "thinking_delta"_L1) {
        say(ThinkingDelta{.messageId = key, .text = delta});
    }
}

void PiAdapter::takeMessageEnd(const QJsonObject &event)
{
    const QJsonObject message = event.value("message"_L1).toObject();
    if (!inTurn() || message.value("role"_L1).toString() != "assistant"_L1)
        return;
    const QString text = piText(message.value("content"_L1));
    if (!m_messageSpoke && !text.isEmpty())
        say(TextDelta{.messageId = QString::number(turn()) + u'.' + QString::number(m_message),
                      .text = text});
    addUsage(message.value("usage"_L1).toObject());
    m_stopReason = message.value("stopReason"_L1).toString();
    m_failure.reset();
    if (m_stopReason == "error"_L1) {
        const QString error = message.value("errorMessage"_L1).toString();
        m_failure = {.reason = reasonOfPiError(error), .message = error};
    }
}

void PiAdapter::addUsage(const QJsonObject &usage)
{
    const auto tokens = [&](QLatin1StringView key) {
        return std::max<qint64>(0, usage.value(key).toInteger());
    };
    const qint64 cached = tokens("cacheRead"_L1);
    const qint64 in = tokens("input"_L1) + cached + tokens("cacheWrite"_L1);
    const qint64 out = tokens("output"_L1);
    const double cost = usage.value("cost"_L1)["total"_L1].toDouble();
    constexpr double maxUsd = 1e9;
    constexpr qint64 maxTokens = 1LL << 48;
    if (in + out <= 0 || in > maxTokens || out > maxTokens || m_usage.tokensIn > maxTokens ||
        m_usage.tokensOut > maxTokens)
        return;
    m_usage.tokensIn += in;
    m_usage.tokensOut += out;
    m_usage.tokensCached += cached;
    if (cost >= 0 && m_costUsd + cost < maxUsd)
        m_costUsd += cost;
    m_usage.costMicroUsd = std::llround(m_costUsd * 1e6);
    say(m_usage);
}

void PiAdapter::takeToolStart(const QJsonObject &event)
{
    if (inTurn())
        tools().start(piTool(event.value("toolCallId"_L1).toString(), event.value("toolName"_L1).toString(),
                             event.value("args"_L1).toObject()));
}

void PiAdapter::takeToolUpdate(const QJsonObject &event)
{
    tools().wholeOutput(event.value("toolCallId"_L1).toString(),
                        piText(event.value("partialResult"_L1)["content"_L1]));
}

void PiAdapter::takeToolEnd(const QJsonObject &event)
{
    const QString id = event.value("toolCallId"_L1).toString();
    tools().wholeOutput(id, piText(event.value("result"_L1)["content"_L1]));
    const bool failed = event.value("isError"_L1).toBool();
    const ToolOutcome unfinished = isCancelling() ? ToolOutcome::Cancelled : ToolOutcome::Failed;
    tools().finish(id, failed ? unfinished : ToolOutcome::Ok);
}

void PiAdapter::takeRetryStart(const QJsonObject &event)
{
    if (!inTurn())
        return;
    const QString error = event.value("errorMessage"_L1).toString();
    if (reasonOfPiError(error) == FailureReason::RateLimited)
        return say(RateLimited{.hard = false, .resetAtMs = {}, .detail = error});
    warn(u"retrying"_s, error);
}

void PiAdapter::takeRetryEnd(const QJsonObject &event)
{
    const QString error = event.value("finalError"_L1).toString();
    if (inTurn() && !event.value("success"_L1).toBool() && !error.isEmpty())
        m_failure = {.reason = reasonOfPiError(error), .message = error};
}

void PiAdapter::takeCompaction(const QJsonObject &event)
{
    const QString error = event.value("errorMessage"_L1).toString();
    warn(u"context_compacted"_s, error);
}

void PiAdapter::takeExtensionError(const QJsonObject &event)
{
    warn(u"extension_error"_s,
         event.value("extensionPath"_L1).toString() + u": " + event.value("error"_L1).toString());
}

} // namespace muster
