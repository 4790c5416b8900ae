// The programs that a git configuration names for content: filters and merge drivers. No flag turns these
// off, so each is found by name and overridden. An untrusted project runs none; a trusted one runs those of
// its own and the person's configuration, never those of a worktree's (an agent can write there).
#pragma once

#include "core/workspace/git_place.h"

#include <QByteArrayList>

namespace muster {

struct GitDrivers {
    GitOverrides overrides;  // for GitCommand
    QByteArrayList settings; // "key=value" of the repository's own configuration, sorted, for trustHash
    bool personalConfig = false;
};

[[nodiscard]] QFuture<Result<GitDrivers>> readGitDrivers(std::shared_ptr<GitRunner> runner, GitPlace place,
                                                         GitTrust trust);
// The same from the output of `git config --list --show-scope -z`. Pure.
[[nodiscard]] Result<GitDrivers> driversFromConfig(const QByteArray &listing, GitTrust trust);

} // namespace muster
