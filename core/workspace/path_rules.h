// What a path may look like before the disk is asked. Pure, any thread.
#pragma once

#include "core/base/result.h"

#include <QString>

namespace muster {

// Folds "." and "..", relative to `root` unless absolute. Errors: InvalidArgument (empty, NUL, a component
// over 255 bytes, over 4096 in all), PermissionDenied (outside `root`, by ".." too; UNC; another system's
// drive).
[[nodiscard]] Result<QString> insideByName(const QString &root, const QString &path);
// ".git" as any file system would read it: case, trailing dots and spaces, short names, ignored code points.
[[nodiscard]] bool isGitName(const QString &component);
[[nodiscard]] bool hasGitName(const QString &relativePath);

} // namespace muster
