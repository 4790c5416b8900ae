// Finds how a project is built and tested, from the files that say so. Any thread.
#pragma once

#include "app/demo_agent/analysis/project.h"

namespace muster::demo {

[[nodiscard]] std::vector<BuildSystem> findBuildSystems(const Repository &repository);

} // namespace muster::demo
