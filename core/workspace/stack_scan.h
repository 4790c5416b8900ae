// Finds the stacks of a folder and counts their source files: at most 20 000 entries and 8 levels, without
// hidden folders and those that hold what tools made; links are not followed. Blocks on disk.
#pragma once

#include "core/workspace/project.h"

namespace muster {

[[nodiscard]] std::vector<StackInfo> detectStacks(const QString &root);

} // namespace muster
