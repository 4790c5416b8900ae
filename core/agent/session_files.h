// SessionFiles: what an agent reads and writes through us (only where its quirk record offers that). A write
// needs a permission that names its path in the same turn; without one it is asked for like any other. A read
// stays inside the workspace, and sensitive files are asked for. Core thread.
#pragma once

#include "core/agent/workspace_files.h"
#include "core/events/session_event.h"
#include "core/protocol/agent_protocol.h"

#include <QHash>
#include <QSet>

#include <optional>

namespace muster {

class SessionFiles {
public:
    SessionFiles(const QString &workspace, AgentProtocol &protocol);

    // Done at once, or the permission to be asked for first.
    [[nodiscard]] std::optional<PermissionRequested> take(const FileRequest &request);
    [[nodiscard]] bool isOpen(const QString &requestId) const { return m_open.contains(requestId); }
    void answer(const QString &requestId, const PermissionAnswer &answer);
    // A permission of the agent's own was allowed: these paths may be written until the turn ends.
    void allowed(const QStringList &paths);
    // The ids whose permissions are withdrawn with the turn.
    [[nodiscard]] QStringList turnEnded();

private:
    void perform(const FileRequest &request);
    [[nodiscard]] PermissionRequested permissionFor(const FileRequest &request) const;

    WorkspaceFiles m_files;
    AgentProtocol &m_protocol;
    QHash<QString, FileRequest> m_open;
    QSet<QString> m_writable; // relative
};

} // namespace muster
