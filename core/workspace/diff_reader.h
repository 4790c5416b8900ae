// Reads diffs from git. Thread and errors as in worktrees.h; may run while an agent works in the worktree:
// it looks at a snapshot of the files, made with an index of its own.
#pragma once

#include "core/workspace/diff.h"
#include "core/workspace/worktrees.h"

namespace muster {

// A commit, and what it is held against: ids or full ref names.
struct DiffEnds {
    QString from; // empty: its first parent
    QString to;
};

class DiffReader {
public:
    explicit DiffReader(std::shared_ptr<GitRunner> runner, DiffLimits limits = {});

    // The worktree as it is now, committed or not, against its base. withHunks false: the list only.
    [[nodiscard]] QFuture<Result<DiffSet>> worktree(Worktree worktree, bool withHunks, GitTrust trust) const;
    // One file of it, for a list that was read without hunks. NotFound if it did not change.
    [[nodiscard]] QFuture<Result<FileDiff>> file(Worktree worktree, QString path, GitTrust trust) const;
    // Between two commits or trees, by object id.
    [[nodiscard]] QFuture<Result<DiffSet>> between(GitPlace place, QString from, QString to,
                                                   bool withHunks) const;
    // What is recorded in the repository at `place`: between the first of `candidates` of which both ends are
    // still there. NotFound: none is, or `path` (empty: all, without hunks; else that file with them) is not
    // among what differs.
    [[nodiscard]] QFuture<Result<DiffSet>> recorded(GitPlace place, std::vector<DiffEnds> candidates,
                                                    QString path) const;

private:
    std::shared_ptr<GitRunner> m_runner;
    DiffLimits m_limits;
};

} // namespace muster
