// The node protocol as JSON: how commands, queries, subscriptions, their answers and notices are written.
// A frame is a 4-byte big-endian length (at most maxFrameBytes) and that many bytes of one JSON object:
//
//   client → node  {"hello": {"protocol": 1, "version": "…", "client": "window"}}       first, once;
//                  with "role": "agent" it gives up what a person may
//   node → client  {"hello": {"protocol": 1, "version": "…", "pid": 1, "role": "person"}}
//   client → node  {"id": 7, "command": "start_run", "body": {…}}
//                  {"id": 8, "query": "list_runs", "body": {…}}
//                  {"id": 9, "subscribe": {…}}   {"unsubscribe": 9}
//   node → client  {"id": 7, "ok": {…}}  or  {"id": 7, "error": {"code": "…", "detail": "…", "where": "…"}}
//                  {"notice": 9, "kind": "events", "body": {…}}
//
// Pure functions, any thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/commands.h"
#include "core/node/api/queries.h"
#include "core/node/api/subscription.h"

#include <QByteArray>
#include <QJsonObject>

#include <optional>

namespace muster::api {

inline constexpr qsizetype maxFrameBytes = qsizetype{1} * 64 * 1024 * 1024;

[[nodiscard]] QString nameOf(const Command &command);
[[nodiscard]] QJsonObject bodyOf(const Command &command);
[[nodiscard]] Result<Command> commandFrom(const QString &name, const QJsonObject &body);

[[nodiscard]] QString nameOf(const Query &query);
[[nodiscard]] QJsonObject bodyOf(const Query &query);
[[nodiscard]] Result<Query> queryFrom(const QString &name, const QJsonObject &body);

// A reply is an object or a list; its type follows from the query that it answers.
[[nodiscard]] QJsonValue bodyOf(const QueryReply &reply);
[[nodiscard]] Result<QueryReply> replyFrom(const Query &query, const QJsonValue &body);

[[nodiscard]] QString nameOf(const Notice &notice);
[[nodiscard]] QJsonObject bodyOf(const Notice &notice);
[[nodiscard]] Result<Notice> noticeFrom(const QString &name, const QJsonObject &body);

[[nodiscard]] QJsonObject errorToJson(const Error &error);
[[nodiscard]] Error errorFromJson(const QJsonObject &json);

[[nodiscard]] QByteArray encodeFrame(const QJsonObject &message);

[[nodiscard]] Result<QJsonObject> messageFrom(const QByteArray &bytes);
// The id of the request that these bytes answer, found without reading them; none: a notice or a greeting.
[[nodiscard]] std::optional<int> answeredBy(const QByteArray &bytes);

// Bytes in any split to messages. After an Error the stream cannot be trusted: close it.
class FrameReader {
public:
    void append(const QByteArray &bytes) { m_buffer += bytes; }
    [[nodiscard]] Result<std::optional<QJsonObject>> next();
    // The bytes of the next message, for messageFrom(), here or on another thread.
    [[nodiscard]] Result<std::optional<QByteArray>> nextBytes();

private:
    QByteArray m_buffer;
};

} // namespace muster::api
