// Profiles, skills and teams as a run was started with, in the store.
#pragma once

#include "core/node/flows/flow_library.h"
#include "core/store/connection.h"

namespace muster {

[[nodiscard]] Status keepFiles(Connection &db, RunId run, const std::vector<KeptFile> &files);
// Of the run, or of the outermost one that it is part of. Empty: it is of a version that kept none.
[[nodiscard]] Result<std::vector<KeptFile>> keptFiles(Connection &db, RunId run);

} // namespace muster
