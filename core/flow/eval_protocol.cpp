#include "core/flow/eval_protocol.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QByteArray lineOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

Error errorOf(const QJsonObject &error)
{
    const auto code = enumFromName<EvalErrorCode>(error.value(u"code").toString());
    const QString where = QString::number(error.value(u"index").toInt());
    return Error{.code = code == EvalErrorCode::TooLarge ? ErrorCode::TooLarge : ErrorCode::InvalidArgument,
                 .detail = error.value(u"message").toString(),
                 .where = where};
}

} // namespace

QByteArray evalRequestLine(qint64 id, const EvaluationRequest &request)
{
    QJsonObject line{{u"id"_s, id}, {u"scope"_s, request.scope}, {u"cpu_ms"_s, cpuLimitMs(request)}};
    if (request.script)
        line.insert(u"script"_s, request.expressions.value(0));
    else
        line.insert(u"exprs"_s, QJsonArray::fromStringList(request.expressions));
    return lineOf(line);
}

QByteArray evalCheckLine(qint64 id, const QStringList &expressions)
{
    return lineOf({{u"id"_s, id}, {u"check"_s, QJsonArray::fromStringList(expressions)}});
}

Result<EvalReply> evalReplyFromLine(const QByteArray &line)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(line, &parse);
    const QJsonObject object = document.object();
    if (!document.isObject())
        return fail(ErrorCode::Protocol, u"muster-eval: "_s % parse.errorString());
    EvalReply reply{.id = object.value(u"id").toInteger(), .ready = object.contains(u"ready"), .values = {}};
    if (const QJsonValue values = object.value(u"values"); values.isArray())
        reply.values = values.toArray();
    else if (const QJsonValue error = object.value(u"error"); error.isObject())
        reply.values = std::unexpected(errorOf(error.toObject()));
    else if (!reply.ready)
        return fail(ErrorCode::Protocol, u"muster-eval: neither values nor an error"_s);
    return reply;
}

} // namespace muster
