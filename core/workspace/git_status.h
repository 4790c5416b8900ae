// What differs in a work tree, from `git status --porcelain=v2 -z`. Source: git-status(1). Thread and errors
// as in git.h.
#pragma once

#include "core/workspace/git.h"

namespace muster {

struct StatusEntry {
    QByteArray path; // relative to the top of the tree; bytes, because names need not be UTF-8
    bool untracked = false;
    bool unmerged = false;

    friend bool operator==(const StatusEntry &, const StatusEntry &) = default;
};

struct TreeStatus {
    std::vector<StatusEntry> entries;
    QStringList nested; // untracked git repositories inside the tree, without the slash
};

// Errors: Protocol. Pure.
[[nodiscard]] Result<TreeStatus> parseStatus(const QByteArray &output);
// `indexFile` empty: the tree's own.
[[nodiscard]] Async<TreeStatus> readStatus(Git git, QString indexFile);

} // namespace muster
