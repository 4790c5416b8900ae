#include "core/protocol/claude/claude_result.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxDetail = 4096;

// An agent without a field for it writes the status into its error's message.
int statusOf(const QJsonObject &result)
{
    if (const int status = result.value("api_error_status"_L1).toInt(); status != 0)
        return status;
    static const QRegularExpression pattern(u"\\[API Error: (\\d{3})\\b"_s);
    return pattern.match(result.value("error"_L1)["message"_L1].toString().left(maxDetail))
        .captured(1)
        .toInt();
}

TurnFinished failed(FailureReason reason, const QString &detail)
{
    return {.outcome = TurnOutcome::Failed, .reason = reason, .detail = detail};
}

} // namespace

FailureReason claudeReason(int status, const QString &kind)
{
    if (status == 429 || status == 529 || kind == "rate_limit"_L1 || kind == "overloaded"_L1)
        return FailureReason::RateLimited;
    if (status == 401 || status == 403 || kind.startsWith("authentication"_L1) || kind.startsWith("oauth"_L1))
        return FailureReason::AuthRequired;
    if (kind == "billing_error"_L1)
        return FailureReason::BudgetExceeded;
    if (status == 404 || kind == "model_not_found"_L1)
        return FailureReason::ModelUnavailable;
    return FailureReason::RuntimeError;
}

QString claudeDetail(const QJsonObject &result)
{
    QString detail = result.value("result"_L1).toString();
    const QJsonArray errors = result.value("errors"_L1).toArray();
    for (qsizetype i = 0; i < std::min<qsizetype>(errors.size(), 16) && detail.size() < maxDetail; ++i)
        detail += (detail.isEmpty() ? u""_s : u"; "_s) + errors.at(i).toString();
    if (detail.isEmpty())
        detail = result.value("error"_L1)["message"_L1].toString();
    return detail.left(maxDetail);
}

TurnFinished claudeTurnFinished(const QJsonObject &result, const ClaudeResultContext &context)
{
    const QString subtype = result.value("subtype"_L1).toString();
    const QString terminal = result.value("terminal_reason"_L1).toString();
    const QString detail = claudeDetail(result);
    const bool isError = result.value("is_error"_L1).toBool() || subtype != "success"_L1;
    if (subtype == "error_max_turns"_L1)
        return {TurnOutcome::LimitReached, FailureReason::TurnLimitExceeded, detail};
    if (subtype == "error_max_budget_usd"_L1 || terminal == "budget_exhausted"_L1)
        return {TurnOutcome::LimitReached, FailureReason::BudgetExceeded, detail};
    if (terminal.startsWith("aborted"_L1) || (isError && context.cancelling))
        return {TurnOutcome::Cancelled, FailureReason::Aborted, detail};
    if (isError && subtype.isEmpty() && !result.contains("is_error"_L1))
        return failed(FailureReason::ProtocolError, u"a result without an outcome"_s);
    if (isError)
        return failed(claudeReason(statusOf(result), context.lastError), detail);
    const QString stop = result.value("stop_reason"_L1).toString();
    if (stop == "refusal"_L1)
        return {TurnOutcome::Refused, FailureReason::RuntimeError, stop};
    if (stop == "max_tokens"_L1)
        return {TurnOutcome::LimitReached, FailureReason::RuntimeError, stop};
    return {TurnOutcome::Completed, {}, {}};
}

} // namespace muster
