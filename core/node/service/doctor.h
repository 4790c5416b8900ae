// Doctor: checks what Muster needs on this machine and says what is wrong and what to do. Core thread; looks
// at files on workers.
#pragma once

#include "core/base/async.h"
#include "core/base/paths.h"
#include "core/node/api/values.h"
#include "core/workspace/git_runner.h"

#include <memory>

namespace muster {

struct DoctorInput {
    Paths paths;
    QString binFolder;
    std::vector<api::CheckItem> agents; // how runtimes (runtime_desk.h) and their keys (credentials.h) fare
    QString containment;                // how the descendants of an agent are known here
    QString durability;
    QString sqlite; // its version
};

[[nodiscard]] Async<std::vector<api::CheckItem>> runDoctor(DoctorInput input, std::shared_ptr<GitRunner> git,
                                                           QString project);

} // namespace muster
