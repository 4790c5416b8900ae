// Keeps what the agent writes inside the folder that it was given. Any thread.
#pragma once

#include "core/base/result.h"

#include <QString>

namespace muster::demo {

// The absolute path of `path` (relative to `root` or absolute) if it lies in `root` after every symbolic
// link is followed, and not in its .git. Error{PermissionDenied} otherwise, Error{InvalidArgument} for a
// folder or an empty name.
[[nodiscard]] Result<QString> pathInside(const QString &root, const QString &path);

} // namespace muster::demo
