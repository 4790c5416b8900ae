#include "app/model_agent/serve/failures.h"

#include "app/agent_io/agent_side_connection.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

constexpr int rateLimited = -32011;

int codeOf(ModelProblem problem)
{
    switch (problem) {
    case ModelProblem::SignIn:
        return authRequired;
    case ModelProblem::RateLimited:
    case ModelProblem::Overloaded:
        return rateLimited;
    default:
        return RpcInternalError;
    }
}

QString kindOf(ModelProblem problem)
{
    switch (problem) {
    case ModelProblem::SignIn:
        return u"auth_required"_s;
    case ModelProblem::ModelUnavailable:
        return u"model_unavailable"_s;
    case ModelProblem::RateLimited:
        return u"rate_limit"_s;
    case ModelProblem::Overloaded:
        return u"overloaded"_s;
    case ModelProblem::Billing:
        return u"billing_error"_s;
    case ModelProblem::BadRequest:
        return u"invalid_request"_s;
    default:
        return u"server_error"_s;
    }
}

} // namespace

RpcError rpcErrorOf(const ModelFailure &failure)
{
    QJsonObject data{{"kind"_L1, enumName(failure.problem)}, {"errorKind"_L1, kindOf(failure.problem)}};
    if (failure.resetAtMs)
        data.insert(
            "resetAt"_L1,
            QDateTime::fromMSecsSinceEpoch(*failure.resetAtMs, QTimeZone::UTC).toString(Qt::ISODateWithMs));
    return {.code = codeOf(failure.problem),
            .message = enumName(failure.problem) + u": " + failure.message,
            .data = QJsonDocument(data).toJson(QJsonDocument::Compact)};
}

} // namespace muster::model
