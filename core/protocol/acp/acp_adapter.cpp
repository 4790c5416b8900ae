#include "core/protocol/acp/acp_adapter.h"

#include "core/protocol/excerpt.h"

#include <QJsonArray>

#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

AcpAdapter::AcpAdapter(ProtocolSink &sink, AcpQuirks quirks, qsizetype maxLine)
    : m_sink(sink)
    , m_quirks(std::move(quirks))
    , m_framer(maxLine)
    , m_peer([&sink](const QByteArray &bytes) { sink.send(bytes); })
    , m_usage(m_quirks.usage, false)
{
    m_peer.onNotification(u"session/update"_s, [this](const RpcNotification &n) { takeUpdate(n); });
    m_peer.onRequest(u"session/request_permission"_s,
                     [this](const RpcRequest &r) { takePermissionRequest(r); });
    if (m_quirks.offersFileRead)
        m_peer.onRequest(u"fs/read_text_file"_s, [this](const RpcRequest &r) { takeFileRequest(r, false); });
    if (m_quirks.offersFileWrite)
        m_peer.onRequest(u"fs/write_text_file"_s, [this](const RpcRequest &r) { takeFileRequest(r, true); });
    m_peer.onOtherNotification([this](const RpcNotification &n) {
        // A leading underscore marks an extension, which a client may pass over.
        if (!n.method.startsWith(u'_') && !n.method.startsWith(u'$'))
            warn(u"unknown_message"_s, n.method);
    });
}

void AcpAdapter::receive(QByteArrayView bytes)
{
    if (m_phase == Phase::Closed)
        return;
    m_framer.feed(bytes, [this](const Frame &frame) {
        takeLine(frame);
        return m_phase != Phase::Closed;
    });
}

void AcpAdapter::streamEnded(FailureReason reason, const QString &detail)
{
    if (m_phase == Phase::Closed)
        return;
    if (const auto rest = m_framer.finish())
        takeLine(*rest);
    if (m_phase == Phase::Closed) // what came last may have ended the handshake
        return;
    const bool opening = m_phase == Phase::Opening;
    m_phase = Phase::Closed;
    if (opening)
        m_sink.openFailed({.reason = reason, .detail = detail});
    m_files.clear();
    if (m_inTurn)
        finishTurn({.outcome = m_cancelling ? TurnOutcome::Cancelled : TurnOutcome::Failed,
                    .reason = m_cancelling ? FailureReason::Aborted : reason,
                    .detail = detail});
    m_peer.close({.message = u"the stream has ended"_s});
}

void AcpAdapter::takePermissionRequest(const RpcRequest &request)
{
    const auto params = asObject(request.params);
    if (!params || !params->value("toolCall"_L1).isObject()) {
        m_peer.respondError(request.id, {.code = RpcInvalidParams, .message = u"toolCall is missing"_s});
        return warn(u"bad_permission_request"_s, excerpt(request.params));
    }
    emitAll(m_tools.updateForPermission(params->value("toolCall"_L1).toObject()));
    if (!m_inTurn || m_cancelling) {
        m_peer.respond(request.id, permissionCancelled());
        return;
    }
    PermissionRequested event = readPermission(*params, m_tools);
    event.requestId = u'p' + QString::number(++m_lastRequest);
    m_permissions.insert(event.requestId, {.id = request.id, .request = event});
    emitEvent(event);
}

Status AcpAdapter::answerPermission(const QString &requestId, const PermissionAnswer &answer)
{
    const auto found = m_permissions.find(requestId);
    if (found == m_permissions.end())
        return fail(ErrorCode::NotFound, u"answered or withdrawn before"_s, requestId);
    const OpenPermission open = std::move(*found);
    m_permissions.erase(found);
    if (!answer.allowed) {
        m_declinedInTurn = true;
        m_tools.declined(open.request.toolId);
    }
    m_peer.respond(open.id, permissionAnswer(open.request, answer));
    return {};
}

void AcpAdapter::withdrawPermissions()
{
    const auto open = std::exchange(m_permissions, {});
    for (const auto &[requestId, permission] : open.asKeyValueRange()) {
        m_peer.respond(permission.id, permissionCancelled());
        m_sink.withdrew(requestId);
    }
}

void AcpAdapter::takeFileRequest(const RpcRequest &request, bool isWrite)
{
    const auto params = asObject(request.params);
    const QString path = params ? params->value("path"_L1).toString() : QString();
    const QJsonValue content = params ? params->value("content"_L1) : QJsonValue();
    if (path.isEmpty() || (isWrite && !content.isString())) {
        m_peer.respondError(request.id, {.code = RpcInvalidParams, .message = u"path or content"_s});
        return;
    }
    FileRequest file{.requestId = u'f' + QString::number(++m_lastRequest), .path = path, .content = {}};
    if (isWrite)
        file.content = content.toString();
    file.firstLine = std::max(1, params->value("line"_L1).toInt(1));
    file.maxLines = std::max(0, params->value("limit"_L1).toInt(0));
    m_files.insert(file.requestId, request.id);
    m_sink.wantsFile(file);
}

void AcpAdapter::answerFile(const QString &requestId, const Result<QString> &content)
{
    const auto found = m_files.find(requestId);
    if (found == m_files.end())
        return;
    const RpcId id = std::move(*found);
    m_files.erase(found);
    if (content)
        m_peer.respond(id, content->isNull() ? QJsonValue(QJsonValue::Null)
                                             : QJsonObject{{"content"_L1, *content}});
    else
        m_peer.respondError(id, {.code = content.error().code == ErrorCode::NotFound ? -32002 : -32603,
                                 .message = content.error().detail});
}

} // namespace muster
