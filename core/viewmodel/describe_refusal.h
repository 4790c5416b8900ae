// Why nothing can be done in a folder, in full: what is so, what it means, what to do. Core's words for it
// are the `where` of an Error whose `detail` is the path (core/workspace/project.h, worktrees.h). Plain text.
// Any thread.
#pragma once

#include "core/base/error.h"

#include <QString>

namespace muster {

// Empty: not one of those.
[[nodiscard]] QString describeRefusal(const Error &error);

} // namespace muster
