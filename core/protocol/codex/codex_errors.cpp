#include "core/protocol/codex/codex_errors.h"

#include <QHash>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Meaning {
    FailureReason reason = FailureReason::RuntimeError;
    TurnOutcome outcome = TurnOutcome::Failed;
};

Meaning meaningOfStatus(int status)
{
    switch (status) {
    case 401:
    case 403:
        return {.reason = FailureReason::AuthRequired};
    case 429:
    case 529:
        return {.reason = FailureReason::RateLimited};
    default:
        return {};
    }
}

Meaning meaningOfName(const QString &name)
{
    using enum FailureReason;
    static const QHash<QString, Meaning> meanings{
        {u"contextWindowExceeded"_s, {RuntimeError, TurnOutcome::LimitReached}},
        {u"sessionBudgetExceeded"_s, {BudgetExceeded, TurnOutcome::LimitReached}},
        {u"usageLimitExceeded"_s, {RateLimited, TurnOutcome::Failed}},
        {u"rateLimitExceeded"_s, {RateLimited, TurnOutcome::Failed}},
        {u"serverOverloaded"_s, {RateLimited, TurnOutcome::Failed}},
        {u"policyCapacityUnavailable"_s, {RateLimited, TurnOutcome::Failed}},
        {u"modelNotFound"_s, {ModelUnavailable, TurnOutcome::Failed}},
        {u"unauthorized"_s, {AuthRequired, TurnOutcome::Failed}},
        {u"tooManyDenials"_s, {PermissionDenied, TurnOutcome::Failed}},
        {u"cyberPolicy"_s, {RuntimeError, TurnOutcome::Refused}},
        {u"misalignmentPolicyViolation"_s, {RuntimeError, TurnOutcome::Refused}},
        {u"inferenceHookDenied"_s, {RuntimeError, TurnOutcome::Refused}},
    };
    return meanings.value(name);
}

} // namespace

CodexError readCodexError(const QJsonObject &error)
{
    const QJsonValue info = error.value("codexErrorInfo"_L1);
    Meaning meaning = meaningOfName(info.toString());
    const QJsonObject kinds = info.toObject();
    for (auto kind = kinds.constBegin(); kind != kinds.constEnd(); ++kind)
        meaning = meaningOfStatus(kind.value()["httpStatusCode"_L1].toInt());
    CodexError read{.reason = meaning.reason,
                    .outcome = meaning.outcome,
                    .message = error.value("message"_L1).toString()};
    if (const QString more = error.value("additionalDetails"_L1).toString(); !more.isEmpty())
        read.message += u": " + more;
    // The key of a provider that its configuration names: no code of its own.
    if (read.message.startsWith("Missing environment variable: "_L1))
        read.reason = FailureReason::AuthRequired;
    return read;
}

CodexLimit fullestLimit(const QJsonObject &rateLimits)
{
    CodexLimit fullest;
    for (const QLatin1StringView window : {"primary"_L1, "secondary"_L1}) {
        const QJsonObject limit = rateLimits.value(window).toObject();
        const int used = limit.value("usedPercent"_L1).toInt();
        if (used < fullest.usedPercent || used == 0)
            continue;
        const qint64 seconds = limit.value("resetsAt"_L1).toInteger();
        constexpr qint64 maxSeconds = 253402300799; // the year 9999
        const bool known = seconds > 0 && seconds <= maxSeconds;
        fullest = {.usedPercent = used, .resetAtMs = known ? std::optional(seconds * 1000) : std::nullopt};
    }
    return fullest;
}

} // namespace muster
