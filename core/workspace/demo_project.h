// The bundled example: a small repository with a short history, written out so that a first run has
// something true to look at. Files come from the Qt resource folder :/demo.
#pragma once

#include "core/workspace/git_runner.h"

#include <memory>

namespace muster {

// `directory` must not exist or be empty, else AlreadyExists. Gives the folder that was made, a git
// repository on branch main with fixed authors and dates, so that its commit ids are always the same. It
// appears there at once and whole; of several that make it at the same moment one is kept, for all of them.
// A file "dot-NAME" in the source becomes ".NAME". NotFound: nothing in `source` (the resources are not
// linked).
[[nodiscard]] QFuture<Result<QString>> createDemoProject(std::shared_ptr<GitRunner> runner, QString directory,
                                                         QString source = QStringLiteral(":/demo"));

} // namespace muster
