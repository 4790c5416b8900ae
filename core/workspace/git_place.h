// GitPlace: which repository and which tree, told to git explicitly on every call. An agent can rewrite the
// `.git` file of the worktree it works in, so that file is read once, when the worktree is made, and never
// again.
#pragma once

#include "core/base/json_codec.h"
#include "core/workspace/git_runner.h"
#include "core/workspace/project.h"

#include <memory>

namespace muster {

struct GitPlace {
    QString gitDir;
    QString commonDir;
    QString workTree;

    friend bool operator==(const GitPlace &, const GitPlace &) = default;
};

[[nodiscard]] inline GitPlace placeOf(const ProjectInfo &project)
{
    return {.gitDir = project.gitDir, .commonDir = project.commonDir, .workTree = project.root};
}

// Whether the drivers that the project's git configuration names may run (Git LFS is one).
enum class GitTrust : std::uint8_t { Untrusted, Trusted };

} // namespace muster
