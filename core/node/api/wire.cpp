#include "core/node/api/wire.h"

#include "core/base/json_codec.h"
#include "core/node/api/request_fields.h"

#include <QJsonDocument>
#include <QtEndian>

namespace muster {

template <> struct EnumNames<ErrorCode> {
    static constexpr std::array table{
        std::pair{ErrorCode::InvalidArgument, "invalid_argument"},
        std::pair{ErrorCode::NotFound, "not_found"},
        std::pair{ErrorCode::AlreadyExists, "already_exists"},
        std::pair{ErrorCode::Conflict, "conflict"},
        std::pair{ErrorCode::PermissionDenied, "permission_denied"},
        std::pair{ErrorCode::NotTrusted, "not_trusted"},
        std::pair{ErrorCode::Unsupported, "unsupported"},
        std::pair{ErrorCode::Unavailable, "unavailable"},
        std::pair{ErrorCode::VersionMismatch, "version_mismatch"},
        std::pair{ErrorCode::Timeout, "timeout"},
        std::pair{ErrorCode::Cancelled, "cancelled"},
        std::pair{ErrorCode::Io, "io"},
        std::pair{ErrorCode::DiskFull, "disk_full"},
        std::pair{ErrorCode::Corrupt, "corrupt"},
        std::pair{ErrorCode::NewerStore, "newer_store"},
        std::pair{ErrorCode::Protocol, "protocol"},
        std::pair{ErrorCode::TooLarge, "too_large"},
        std::pair{ErrorCode::LaunchFailed, "launch_failed"},
        std::pair{ErrorCode::Internal, "internal"},
    };
};

} // namespace muster

namespace muster::api {

namespace {

// In the order of each variant's alternatives; part of the protocol.
constexpr std::array commandNames{
    "open_project",     "trust_project",  "start_run",       "cancel_run",       "answer_inbox",
    "new_conversation", "send_message",   "stop_turn",       "retry_turn",       "merge_worktree",
    "drop_worktree",    "set_setting",    "stop_node",       "mark_read",        "revoke_permission",
    "set_secret",       "remove_secret",  "add_account",     "remove_account",   "unlock_keys",
    "set_permission",   "pause_run",      "rerun_run",       "write_flow",       "save_schedule",
    "remove_schedule",  "pause_schedule", "resume_schedule", "run_schedule_now", "start_task",
    "run_task_now",     "cancel_task",    "retry_task",      "set_priority",     "set_pool"};
constexpr std::array queryNames{
    "get_status",      "list_projects",    "list_flows",     "check_flow",    "list_runs",
    "get_run",         "list_tasks",       "list_inbox",     "list_events",   "list_conversations",
    "list_messages",   "list_worktrees",   "get_changes",    "get_stream",    "list_settings",
    "run_doctor",      "list_table_sizes", "list_runtimes",  "get_tool_call", "list_permissions",
    "list_secrets",    "list_work",        "get_key_store",  "list_profiles", "get_rerun_choices",
    "preflight",       "read_flow",        "list_schedules", "show_schedule", "preview_when",
    "check_schedules", "list_queue",       "list_pools",     "list_skills"};
constexpr std::array noticeNames{"events", "stream", "status"};
static_assert(commandNames.size() == std::variant_size_v<Command>);
static_assert(queryNames.size() == std::variant_size_v<Query>);
static_assert(noticeNames.size() == std::variant_size_v<Notice>);

template <typename Names> QString nameAt(const Names &names, size_t index)
{
    return QString::fromLatin1(names.at(index));
}

template <typename Variant, size_t I = 0> Result<Variant> alternative(size_t index, const QJsonObject &body)
{
    if constexpr (I < std::variant_size_v<Variant>) {
        if (index != I)
            return alternative<Variant, I + 1>(index, body);
        return fromJsonObject<std::variant_alternative_t<I, Variant>>(body).transform(
            [](auto value) { return Variant(std::move(value)); });
    } else {
        return fail(ErrorCode::Unsupported);
    }
}

template <typename Variant, typename Names>
Result<Variant> named(const Names &names, const QString &name, const QJsonObject &body)
{
    const auto found =
        std::ranges::find_if(names, [&](const char *n) { return name == QLatin1StringView(n); });
    if (found == names.end())
        return fail(ErrorCode::Unsupported, name);
    return alternative<Variant>(static_cast<size_t>(found - names.begin()), body);
}

template <typename Variant> QJsonObject bodyOfAny(const Variant &value)
{
    return std::visit([](const auto &v) { return toJsonObject(v); }, value);
}

} // namespace

QString nameOf(const Command &command) { return nameAt(commandNames, command.index()); }
QJsonObject bodyOf(const Command &command) { return bodyOfAny(command); }
Result<Command> commandFrom(const QString &name, const QJsonObject &body)
{
    return named<Command>(commandNames, name, body);
}

QString nameOf(const Query &query) { return nameAt(queryNames, query.index()); }
QJsonObject bodyOf(const Query &query) { return bodyOfAny(query); }
Result<Query> queryFrom(const QString &name, const QJsonObject &body)
{
    return named<Query>(queryNames, name, body);
}

QJsonValue bodyOf(const QueryReply &reply)
{
    return std::visit([](const auto &v) { return toJsonValue(v); }, reply);
}

Result<QueryReply> replyFrom(const Query &query, const QJsonValue &body)
{
    return std::visit([&]<typename Q>(const Q &) -> Result<QueryReply> {
        typename Q::Reply reply{};
        if (Status status = readJsonValue(body, reply); !status)
            return std::unexpected(status.error());
        return QueryReply(std::move(reply));
    }, query);
}

QString nameOf(const Notice &notice) { return nameAt(noticeNames, notice.index()); }
QJsonObject bodyOf(const Notice &notice) { return bodyOfAny(notice); }
Result<Notice> noticeFrom(const QString &name, const QJsonObject &body)
{
    return named<Notice>(noticeNames, name, body);
}

QJsonObject errorToJson(const Error &error)
{
    return {{QStringLiteral("code"), enumName(error.code)},
            {QStringLiteral("detail"), error.detail},
            {QStringLiteral("where"), error.where}};
}

Error errorFromJson(const QJsonObject &json)
{
    return {.code = enumFromName<ErrorCode>(json.value(u"code").toString()).value_or(ErrorCode::Internal),
            .detail = json.value(u"detail").toString(),
            .where = json.value(u"where").toString()};
}

QByteArray encodeFrame(const QJsonObject &message)
{
    const QByteArray body = QJsonDocument(message).toJson(QJsonDocument::Compact);
    QByteArray frame(4, Qt::Uninitialized);
    qToBigEndian(static_cast<quint32>(body.size()), frame.data());
    return frame + body;
}

Result<QJsonObject> messageFrom(const QByteArray &bytes)
{
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(bytes, &problem);
    if (!document.isObject())
        return fail(ErrorCode::Protocol, problem.errorString());
    return document.object();
}

// Members are written in order of their names: that of an answer is the first, but of an error, which is
// short.
std::optional<int> answeredBy(const QByteArray &bytes)
{
    constexpr QByteArrayView start = "{\"id\":";
    const qsizetype end = bytes.indexOf(',');
    if (!bytes.startsWith(start) || end < 0)
        return std::nullopt;
    bool ok = false;
    const int id = bytes.sliced(start.size(), end - start.size()).toInt(&ok);
    return ok ? std::optional(id) : std::nullopt;
}

Result<std::optional<QByteArray>> FrameReader::nextBytes()
{
    if (m_buffer.size() < 4)
        return std::nullopt;
    const auto length = static_cast<qsizetype>(qFromBigEndian<quint32>(m_buffer.constData()));
    if (length > maxFrameBytes)
        return fail(ErrorCode::TooLarge, QString::number(length));
    if (m_buffer.size() < length + 4)
        return std::nullopt;
    QByteArray bytes = m_buffer.sliced(4, length);
    m_buffer.remove(0, length + 4);
    return bytes;
}

Result<std::optional<QJsonObject>> FrameReader::next()
{
    const auto bytes = nextBytes();
    if (!bytes)
        return std::unexpected(bytes.error());
    if (!*bytes)
        return std::nullopt;
    return messageFrom(**bytes).transform([](const QJsonObject &message) { return std::optional(message); });
}

} // namespace muster::api
