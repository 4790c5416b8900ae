// WorkspaceFiles: reading and writing text files for an agent, only beneath one folder. The kernel resolves
// the path (openat2 with RESOLVE_BENEATH), so that a symbolic link or ".." cannot lead out, also not one that
// is swapped in meanwhile. Without openat2 every link is refused. Any thread. Linux; elsewhere Unsupported.
// Errors: PermissionDenied (outside, or a link out), NotFound, TooLarge (over 8 MiB), Io, InvalidArgument (a
// folder, a device, not UTF-8).
#pragma once

#include "core/base/result.h"
#include "core/process/file_descriptor.h"

#include <QString>

namespace muster {

class WorkspaceFiles {
public:
    static constexpr qint64 maxBytes = 8LL * 1024 * 1024;

    explicit WorkspaceFiles(const QString &root); // absolute

    // From `firstLine` (1 …), at most `maxLines` (0: all).
    [[nodiscard]] Result<QString> read(const QString &path, int firstLine = 1, int maxLines = 0) const;
    // Whole content; parent folders are made. Never through a link as the last part.
    Status write(const QString &path, const QString &content) const;
    // Relative to the root, without "." and ".."; PermissionDenied if it is not below it as written.
    [[nodiscard]] Result<QString> relative(const QString &path) const;

private:
    [[nodiscard]] Result<FileDescriptor> openBeneath(const QString &relative, int flags, int mode) const;
    [[nodiscard]] Status makeParents(const QString &relative) const;

    QString m_root;
};

} // namespace muster
