// JSON-RPC 2.0 messages, one JSON object each: parse the envelope, keep params and results as raw JSON, so
// that the reader of one method decides how to read them (simdjson where it is hot, asObject() elsewhere).
// Ids are whole numbers or text; 0 and "" are ids like any other; a missing "jsonrpc" member is accepted
// because Codex leaves it out. Batches are refused (no agent sends them). Pure, any thread.
// Source: jsonrpc.org/specification.
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <expected>
#include <variant>

namespace muster {

// monostate is null: the id of an answer to something that could not be read.
using RpcId = std::variant<std::monostate, qint64, QString>;

// Nothing may be added to std, whose type it is.
[[nodiscard]] size_t qHash(const RpcId &id, size_t seed = 0) noexcept; // clazy:exclude=qhash-namespace

enum RpcErrorCode : int {
    RpcParseError = -32700,
    RpcInvalidRequest = -32600,
    RpcMethodNotFound = -32601,
    RpcInvalidParams = -32602,
    RpcInternalError = -32603,
};

struct RpcError {
    qint64 code = RpcInternalError;
    QString message = {};
    QByteArray data = {}; // raw JSON, empty if none
};

struct RpcRequest {
    RpcId id;
    QString method;
    QByteArray params = {}; // raw JSON, empty if none
};

struct RpcNotification {
    QString method;
    QByteArray params = {};
};

// The value is the result as raw JSON ("null" if it is null).
using RpcOutcome = std::expected<QByteArray, RpcError>;

struct RpcResponse {
    RpcId id;
    RpcOutcome outcome;
};

using RpcMessage = std::variant<RpcRequest, RpcNotification, RpcResponse>;

// `line` needs no padding and is copied; for frames of a LineFramer use parsePaddedRpc. Error{Protocol}.
[[nodiscard]] Result<RpcMessage> parseRpc(QByteArrayView line);
// The same without the copy: LineFramer::padding bytes after `line` must be readable.
[[nodiscard]] Result<RpcMessage> parsePaddedRpc(QByteArrayView line);

// Whether what we send has the member "jsonrpc" and always params, or is as Codex writes it: without either.
enum class RpcDialect : std::uint8_t { Standard, Bare };

// One line of JSON each, ending in '\n'.
[[nodiscard]] QByteArray encodeRequest(const RpcId &id, const QString &method, const QJsonObject &params,
                                       RpcDialect dialect = RpcDialect::Standard);
[[nodiscard]] QByteArray encodeNotification(const QString &method, const QJsonObject &params,
                                            RpcDialect dialect = RpcDialect::Standard);
[[nodiscard]] QByteArray encodeResult(const RpcId &id, const QJsonValue &result,
                                      RpcDialect dialect = RpcDialect::Standard);
[[nodiscard]] QByteArray encodeError(const RpcId &id, const RpcError &error,
                                     RpcDialect dialect = RpcDialect::Standard);

// Raw JSON as an object; an empty object for empty bytes; Error{Protocol} if it is anything else.
[[nodiscard]] Result<QJsonObject> asObject(const QByteArray &raw);

} // namespace muster
