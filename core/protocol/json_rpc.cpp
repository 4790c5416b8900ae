#include "core/protocol/json_rpc.h"

#include "core/protocol/line_framer.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <simdjson.h>

#include <optional>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

namespace sj = simdjson::ondemand;

QByteArray bytesOf(std::string_view text) { return {text.data(), static_cast<qsizetype>(text.size())}; }

QString stringOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

struct Envelope {
    std::optional<RpcId> id;
    std::optional<QString> method;
    std::optional<QByteArray> params;
    std::optional<QByteArray> result;
    std::optional<RpcError> error;
};

simdjson::error_code readId(sj::value &value, std::optional<RpcId> &id)
{
    sj::json_type type{};
    if (const auto failed = value.type().get(type))
        return failed;
    if (type == sj::json_type::null) {
        id.emplace();
        return simdjson::SUCCESS;
    }
    if (type == sj::json_type::string) {
        std::string_view text;
        const auto failed = value.get_string(true).get(text);
        id.emplace(stringOf(text));
        return failed;
    }
    int64_t number = 0;
    const auto failed = value.get_int64().get(number);
    id.emplace(qint64{number});
    return failed;
}

simdjson::error_code readRaw(sj::value &value, std::optional<QByteArray> &raw)
{
    std::string_view text;
    const auto failed = value.raw_json().get(text);
    raw = bytesOf(text).trimmed(); // simdjson's raw text runs up to the next token
    return failed;
}

simdjson::error_code readMethod(sj::value &value, std::optional<QString> &method)
{
    std::string_view text;
    const auto failed = value.get_string(true).get(text);
    method = stringOf(text);
    return failed;
}

// An error that is not as the standard says is still an error: it must end what waits for the answer.
simdjson::error_code readError(sj::value &value, std::optional<RpcError> &error)
{
    std::optional<QByteArray> raw;
    const auto failed = readRaw(value, raw);
    if (failed || *raw == "null")
        return failed;
    error.emplace();
    const QJsonObject json = QJsonDocument::fromJson(*raw).object();
    error->code = json.value("code"_L1).toInteger(RpcInternalError);
    error->message = json.value("message"_L1).toString();
    if (error->message.isEmpty() && json.isEmpty())
        error->message = QString::fromUtf8(*raw);
    const QJsonValue data = json.value("data"_L1);
    if (!data.isUndefined())
        error->data = QJsonDocument(QJsonArray{data}).toJson(QJsonDocument::Compact).sliced(1).chopped(1);
    return failed;
}

simdjson::error_code readField(sj::field &member, Envelope &envelope)
{
    std::string_view key;
    if (const auto failed = member.unescaped_key(true).get(key))
        return failed;
    sj::value &value = member.value();
    if (key == "id")
        return readId(value, envelope.id);
    if (key == "method")
        return readMethod(value, envelope.method);
    if (key == "params")
        return readRaw(value, envelope.params);
    if (key == "result")
        return readRaw(value, envelope.result);
    if (key == "error")
        return readError(value, envelope.error);
    return simdjson::SUCCESS;
}

simdjson::error_code readEnvelope(QByteArrayView line, Envelope &envelope)
{
    thread_local sj::parser parser;
    const simdjson::padded_string_view padded(line.data(), static_cast<size_t>(line.size()),
                                              static_cast<size_t>(line.size() + LineFramer::padding));
    sj::document document;
    if (const auto failed = parser.iterate(padded).get(document))
        return failed;
    sj::object object;
    if (const auto failed = document.get_object().get(object))
        return failed;
    for (auto &&found : object) {
        sj::field member;
        if (const auto failed = std::move(found).get(member))
            return failed;
        if (const auto failed = readField(member, envelope))
            return failed;
    }
    return document.at_end() ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

Result<RpcMessage> classify(Envelope e)
{
    if (e.method && e.id)
        return RpcRequest{.id = std::move(*e.id),
                          .method = std::move(*e.method),
                          .params = e.params.value_or(QByteArray())};
    if (e.method)
        return RpcNotification{.method = std::move(*e.method), .params = e.params.value_or(QByteArray())};
    if (!e.id)
        return fail(ErrorCode::Protocol, u"neither a method nor an id"_s);
    if (e.error)
        return RpcResponse{.id = std::move(*e.id), .outcome = std::unexpected(std::move(*e.error))};
    if (!e.result)
        return fail(ErrorCode::Protocol, u"an answer without result or error"_s);
    return RpcResponse{.id = std::move(*e.id), .outcome = std::move(*e.result)};
}

QJsonValue idJson(const RpcId &id)
{
    if (const auto *number = std::get_if<qint64>(&id))
        return *number;
    if (const auto *text = std::get_if<QString>(&id))
        return *text;
    return QJsonValue::Null;
}

QByteArray lineOf(QJsonObject json, RpcDialect dialect)
{
    if (dialect == RpcDialect::Standard)
        json.insert("jsonrpc"_L1, "2.0"_L1);
    else if (json.value("params"_L1).toObject().isEmpty())
        json.remove("params"_L1);
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

size_t qHash(const RpcId &id, size_t seed) noexcept
{
    if (const auto *number = std::get_if<qint64>(&id))
        return ::qHash(*number, seed);
    if (const auto *text = std::get_if<QString>(&id))
        return ::qHash(*text, ~seed);
    return seed;
}

Result<RpcMessage> parseRpc(QByteArrayView line)
{
    QByteArray copy = line.toByteArray();
    copy.append(LineFramer::padding, '\0');
    return parsePaddedRpc(QByteArrayView(copy).first(line.size()));
}

Result<RpcMessage> parsePaddedRpc(QByteArrayView line)
{
    Envelope envelope;
    if (const auto failed = readEnvelope(line, envelope))
        return fail(ErrorCode::Protocol, QString::fromLatin1(simdjson::error_message(failed)));
    return classify(std::move(envelope));
}

QByteArray encodeRequest(const RpcId &id, const QString &method, const QJsonObject &params,
                         RpcDialect dialect)
{
    return lineOf({{"id"_L1, idJson(id)}, {"method"_L1, method}, {"params"_L1, params}}, dialect);
}

QByteArray encodeNotification(const QString &method, const QJsonObject &params, RpcDialect dialect)
{
    return lineOf({{"method"_L1, method}, {"params"_L1, params}}, dialect);
}

QByteArray encodeResult(const RpcId &id, const QJsonValue &result, RpcDialect dialect)
{
    return lineOf({{"id"_L1, idJson(id)}, {"result"_L1, result}}, dialect);
}

QByteArray encodeError(const RpcId &id, const RpcError &error, RpcDialect dialect)
{
    QJsonObject json{{"code"_L1, error.code}, {"message"_L1, error.message}};
    if (!error.data.isEmpty())
        json.insert("data"_L1, QJsonDocument::fromJson('[' + error.data + ']').array().at(0));
    return lineOf({{"id"_L1, idJson(id)}, {"error"_L1, json}}, dialect);
}

Result<QJsonObject> asObject(const QByteArray &raw)
{
    if (raw.isEmpty())
        return QJsonObject();
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(raw, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorCode::Protocol, error.errorString());
    if (!document.isObject())
        return fail(ErrorCode::Protocol, u"expected an object"_s);
    return document.object();
}

} // namespace muster
