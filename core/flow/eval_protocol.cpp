#include "core/flow/eval_protocol.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QByteArray line(const QJsonObject &message)
{
    return QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
}

Error errorFrom(const QJsonObject &error)
{
    const auto code = enumFromName<EvalErrorCode>(error.value(u"code").toString());
    const bool large = code == EvalErrorCode::TooLarge;
    return {.code = large ? ErrorCode::TooLarge : ErrorCode::InvalidArgument,
            .detail = error.value(u"message").toString(),
            .where = QString::number(error.value(u"index").toInt())};
}

} // namespace

QByteArray evalRequestLine(qint64 id, const EvaluationRequest &request)
{
    return line({{u"id"_s, id},
                 {u"exprs"_s, QJsonArray::fromStringList(request.expressions)},
                 {u"scope"_s, request.scope}});
}

QByteArray evalCheckLine(qint64 id, const QStringList &expressions)
{
    return line({{u"id"_s, id}, {u"check"_s, QJsonArray::fromStringList(expressions)}});
}

Result<EvalReply> evalReplyFromLine(const QByteArray &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (!document.isObject())
        return fail(ErrorCode::Protocol, QString::fromUtf8(text.left(200)));
    const QJsonObject json = document.object();
    EvalReply reply{.id = json.value(u"id").toInteger(), .ready = json.contains(u"ready")};
    if (json.contains(u"error"))
        reply.values = std::unexpected(errorFrom(json.value(u"error").toObject()));
    else
        reply.values = json.value(u"values").toArray();
    return reply;
}

} // namespace muster
