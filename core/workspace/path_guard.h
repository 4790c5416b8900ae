// PathGuard: keeps a path that somebody else named inside one folder. resolve() follows links and refuses
// what ends outside; open…() opens the resolved path without following any link, so that a link put there
// in between is noticed. Linux: openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS); elsewhere component by
// component with O_NOFOLLOW. Does I/O; any thread.
//
// Errors: InvalidArgument (empty, NUL, too long), PermissionDenied (outside, a link, git's own files, not a
// regular file), NotFound, Io.
#pragma once

#include "core/base/result.h"

#include <QFile>
#include <QString>

#include <memory>

namespace muster {

class PathGuard {
public:
    // `root` must exist; it is resolved once.
    [[nodiscard]] static Result<PathGuard> forRoot(const QString &root);

    [[nodiscard]] QString root() const { return m_root; }
    // Absolute path without links, inside the root. The last component need not exist.
    [[nodiscard]] Result<QString> resolve(const QString &path) const;
    [[nodiscard]] Result<std::unique_ptr<QFile>> openForReading(const QString &path) const;
    // Creates or truncates; refuses anything inside a git directory, and files with more than one hard link.
    [[nodiscard]] Result<std::unique_ptr<QFile>> openForWriting(const QString &path) const;

private:
    explicit PathGuard(QString root)
        : m_root(std::move(root))
    {
    }
    [[nodiscard]] Result<std::unique_ptr<QFile>> open(const QString &path, bool write) const;

    QString m_root;
};

} // namespace muster
