#include "core/protocol/models/model_failure.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QRegularExpression>
#include <QTimeZone>

#include <cmath>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxMessage = 2048;

// The words that providers have for what went wrong: Anthropic's and OpenAI's types and codes, Google's
// status names.
std::optional<ModelProblem> problemNamed(const QString &word)
{
    static const QHash<QString, ModelProblem> known{
        {u"authentication_error"_s, ModelProblem::SignIn},
        {u"permission_error"_s, ModelProblem::SignIn},
        {u"invalid_api_key"_s, ModelProblem::SignIn},
        {u"UNAUTHENTICATED"_s, ModelProblem::SignIn},
        {u"PERMISSION_DENIED"_s, ModelProblem::SignIn},
        {u"not_found_error"_s, ModelProblem::ModelUnavailable},
        {u"model_not_found"_s, ModelProblem::ModelUnavailable},
        {u"NOT_FOUND"_s, ModelProblem::ModelUnavailable},
        {u"rate_limit_error"_s, ModelProblem::RateLimited},
        {u"rate_limit_exceeded"_s, ModelProblem::RateLimited},
        {u"RESOURCE_EXHAUSTED"_s, ModelProblem::RateLimited},
        {u"insufficient_quota"_s, ModelProblem::Billing},
        {u"billing_error"_s, ModelProblem::Billing},
        {u"overloaded_error"_s, ModelProblem::Overloaded},
        {u"server_is_overloaded"_s, ModelProblem::Overloaded},
        {u"UNAVAILABLE"_s, ModelProblem::Overloaded},
        {u"invalid_request_error"_s, ModelProblem::BadRequest},
        {u"request_too_large"_s, ModelProblem::BadRequest},
        {u"context_length_exceeded"_s, ModelProblem::BadRequest},
        {u"INVALID_ARGUMENT"_s, ModelProblem::BadRequest},
        {u"FAILED_PRECONDITION"_s, ModelProblem::BadRequest},
        {u"api_error"_s, ModelProblem::Server},
        {u"server_error"_s, ModelProblem::Server},
        {u"INTERNAL"_s, ModelProblem::Server},
    };
    const auto found = known.constFind(word);
    return found == known.cend() ? std::nullopt : std::optional(*found);
}

ModelProblem problemOfStatus(int status)
{
    switch (status) {
    case 401:
    case 403:
    case 407:
        return ModelProblem::SignIn;
    case 402:
        return ModelProblem::Billing;
    case 404:
        return ModelProblem::ModelUnavailable;
    case 429:
        return ModelProblem::RateLimited;
    case 503:
    case 529:
        return ModelProblem::Overloaded;
    default:
        break;
    }
    if (status == 0 || status == 408 || status == 409 || status >= 500)
        return ModelProblem::Server;
    return status >= 400 ? ModelProblem::BadRequest : ModelProblem::Protocol;
}

// "1h2m3.5s", "20ms", "59.9s", "30"
std::optional<qint64> durationMs(const QByteArray &text)
{
    static const QRegularExpression piece(u"\\G(\\d{1,9}(?:\\.\\d{1,9})?)(ms|h|m|s|$)"_s);
    static const QHash<QString, double> units{
        {u"h"_s, 3'600'000}, {u"m"_s, 60'000}, {u"s"_s, 1000}, {u"ms"_s, 1}, {QString(), 1000}};
    const QString words = QString::fromLatin1(text.trimmed());
    double sum = 0;
    qsizetype at = 0;
    while (at < words.size()) {
        const auto match = piece.match(words, at);
        if (!match.hasMatch())
            return std::nullopt;
        sum += match.captured(1).toDouble() * units.value(match.captured(2));
        at = match.capturedEnd();
    }
    return words.isEmpty() ? std::nullopt : std::optional(std::llround(std::ceil(sum)));
}

// Seconds from now, or a date as HTTP writes it.
std::optional<qint64> retryAfter(const QByteArray &value, qint64 nowMs)
{
    if (value.isEmpty())
        return std::nullopt;
    if (const auto ms = durationMs(value))
        return nowMs + *ms;
    QDateTime at =
        QLocale::c().toDateTime(QString::fromLatin1(value.trimmed()), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    at.setTimeZone(QTimeZone::UTC);
    return at.isValid() ? std::optional(at.toMSecsSinceEpoch()) : std::nullopt;
}

std::optional<qint64> isoTime(const QByteArray &value)
{
    const QDateTime at = QDateTime::fromString(QString::fromLatin1(value), Qt::ISODateWithMs);
    return at.isValid() ? std::optional(at.toMSecsSinceEpoch()) : std::nullopt;
}

void later(std::optional<qint64> &latest, std::optional<qint64> other)
{
    if (other && (!latest || *other > *latest))
        latest = other;
}

// google.rpc.RetryInfo among the details of an error.
std::optional<qint64> retryInfo(const QJsonObject &error, qint64 nowMs)
{
    const QJsonArray details = error.value("details"_L1).toArray();
    for (const auto &detail : details) {
        if (!detail["@type"_L1].toString().endsWith("RetryInfo"_L1))
            continue;
        if (const auto ms = durationMs(detail["retryDelay"_L1].toString().toLatin1()))
            return nowMs + *ms;
    }
    return std::nullopt;
}

QJsonValue errorOf(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    const QJsonObject root = document.isArray() ? document.array().at(0).toObject() : document.object();
    const QJsonValue error = root.value("error"_L1);
    return error.isUndefined() && root.contains("message"_L1) ? QJsonValue(root) : error;
}

} // namespace

bool mayRetry(ModelProblem problem)
{
    return problem == ModelProblem::Overloaded || problem == ModelProblem::Server ||
           problem == ModelProblem::Network || problem == ModelProblem::Dropped;
}

std::optional<qint64> resetIn(const QHash<QByteArray, QByteArray> &headers, qint64 nowMs)
{
    std::optional<qint64> latest = retryAfter(headers.value("retry-after"), nowMs);
    if (const auto ms = durationMs(headers.value("retry-after-ms") + "ms"))
        later(latest, nowMs + *ms);
    if (headers.value("anthropic-ratelimit-unified-status") == "rejected") {
        bool isNumber = false;
        const qint64 seconds = headers.value("anthropic-ratelimit-unified-reset").toLongLong(&isNumber);
        if (isNumber)
            later(latest, seconds * 1000);
    }
    for (const QByteArray &what : {"requests"_ba, "tokens"_ba, "input-tokens"_ba, "output-tokens"_ba}) {
        if (headers.value("anthropic-ratelimit-" + what + "-remaining") == "0")
            later(latest, isoTime(headers.value("anthropic-ratelimit-" + what + "-reset")));
        if (headers.value("x-ratelimit-remaining-" + what) != "0")
            continue;
        if (const auto ms = durationMs(headers.value("x-ratelimit-reset-" + what)))
            later(latest, nowMs + *ms);
    }
    return latest;
}

ModelFailure failureIn(const QJsonValue &error, int status)
{
    ModelFailure failure{.problem = problemOfStatus(status), .message = {}};
    if (error.isString()) {
        failure.message = error.toString().left(maxMessage);
        return failure;
    }
    const QJsonObject json = error.toObject();
    failure.message = json.value("message"_L1).toString().left(maxMessage);
    if (const QJsonValue code = json.value("code"_L1); code.isDouble() && status == 0)
        failure.problem = problemOfStatus(code.toInt());
    // The more telling word first: OpenAI's type of a missing model is only "invalid_request_error".
    for (const QLatin1StringView key : {"code"_L1, "status"_L1, "type"_L1}) {
        const auto named = problemNamed(json.value(key).toString());
        if (!named)
            continue;
        // Some say "invalid_request_error" along with 401 and 404, and "INTERNAL" with 529: the status knows
        // better.
        const bool vague = status != 0 && (*named == ModelProblem::Server ||
                                           (*named == ModelProblem::BadRequest && status != 400));
        if (!vague)
            failure.problem = *named;
        break;
    }
    return failure;
}

ModelFailure failureOf(const HttpRefusal &refusal, qint64 nowMs)
{
    const QJsonValue error = errorOf(refusal.body);
    ModelFailure failure = failureIn(error, refusal.status);
    if (failure.message.isEmpty())
        failure.message = QString::fromUtf8(refusal.body.first(std::min(refusal.body.size(), maxMessage)));
    failure.message = u"HTTP %1: %2"_s.arg(refusal.status).arg(failure.message.trimmed());
    // Google says of a bad key that an argument is invalid.
    if (failure.problem == ModelProblem::BadRequest && refusal.body.contains("API_KEY_INVALID"))
        failure.problem = ModelProblem::SignIn;
    if (failure.problem == ModelProblem::RateLimited || failure.problem == ModelProblem::Overloaded) {
        failure.resetAtMs = resetIn(refusal.headers, nowMs);
        later(failure.resetAtMs, retryInfo(error.toObject(), nowMs));
    }
    return failure;
}

} // namespace muster
