#include "core/agent/session_files.h"

#include "core/agent/sensitive_paths.h"
#include "core/protocol/unified_diff.h"

namespace muster {

using namespace Qt::StringLiterals;

SessionFiles::SessionFiles(const QString &workspace, AgentProtocol &protocol)
    : m_files(workspace)
    , m_protocol(protocol)
{
}

std::optional<PermissionRequested> SessionFiles::take(const FileRequest &request)
{
    const auto inside = m_files.relative(request.path);
    if (!inside) {
        m_protocol.answerFile(request.requestId, std::unexpected(inside.error()));
        return std::nullopt;
    }
    const bool mayAtOnce = request.content ? m_writable.contains(*inside) : !isSensitivePath(*inside);
    if (mayAtOnce) {
        perform(request);
        return std::nullopt;
    }
    m_open.insert(request.requestId, request);
    return permissionFor(request);
}

PermissionRequested SessionFiles::permissionFor(const FileRequest &request) const
{
    PermissionRequested permission{
        .requestId = request.requestId,
        .toolId = {},
        .title = request.path,
        .kind = request.content ? ToolKind::Edit : ToolKind::Read,
        .paths = {request.path},
        .command = {},
        .diff = {},
        .options = {{.id = u"once"_s, .label = {}, .kind = PermissionOptionKind::AllowOnce},
                    {.id = u"reject"_s, .label = {}, .kind = PermissionOptionKind::RejectOnce}},
    };
    if (request.content)
        permission.diff =
            unifiedDiff(request.path, m_files.read(request.path).value_or(QString()), *request.content);
    return permission;
}

void SessionFiles::perform(const FileRequest &request)
{
    if (!request.content) {
        m_protocol.answerFile(request.requestId,
                              m_files.read(request.path, request.firstLine, request.maxLines));
        return;
    }
    const Status written = m_files.write(request.path, *request.content);
    m_protocol.answerFile(request.requestId,
                          written ? Result<QString>(QString()) : std::unexpected(written.error()));
}

void SessionFiles::answer(const QString &requestId, const PermissionAnswer &answer)
{
    const auto found = m_open.find(requestId);
    if (found == m_open.end())
        return;
    const FileRequest request = std::move(*found);
    m_open.erase(found);
    if (answer.allowed)
        return perform(request);
    const QString why = answer.message.isEmpty() ? u"the person said no"_s : answer.message;
    m_protocol.answerFile(requestId, fail(ErrorCode::PermissionDenied, why, request.path));
}

void SessionFiles::allowed(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (const auto inside = m_files.relative(path))
            m_writable.insert(*inside);
    }
}

QStringList SessionFiles::turnEnded()
{
    m_writable.clear();
    const auto open = std::exchange(m_open, {});
    for (auto it = open.keyBegin(); it != open.keyEnd(); ++it)
        m_protocol.answerFile(*it, fail(ErrorCode::Cancelled, u"the turn has ended"_s));
    return open.keys();
}

} // namespace muster
