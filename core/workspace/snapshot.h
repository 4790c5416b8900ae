// The state of a work tree as git objects, without touching its index or its files: uncommitted and untracked
// files (not ignored ones) included. Thread and errors as in git.h.
#pragma once

#include "core/workspace/git_status.h"
#include "core/workspace/merge.h"

namespace muster {

struct Snapshot {
    QString tree;       // object id
    QStringList nested; // repositories inside, left out
    QStringList large;  // untracked files over the limit, left out
};

// largeBytes 0: no limit.
[[nodiscard]] Async<Snapshot> snapshotTree(Git git, qint64 largeBytes);

// Of these names, those whose content in the tree is not what `commit` has there (missing counts as content).
[[nodiscard]] Async<QStringList> namesUnlike(Git git, QStringList names, QString commit);
// Takes the files as they are into the tree's own index.
[[nodiscard]] Async<bool> stageNames(Git git, QStringList names);

// All that a worktree holds, as one commit on top of its branch: what is uncommitted, and what was committed
// on a HEAD that somebody moved away from the branch.
struct Capture {
    QString commit;    // equals branchTip if there was nothing to add
    QString branchTip; // of the branch
    QString branchRef;
    QStringList nested;
};

[[nodiscard]] Async<Capture> captureWorktree(Git git, QString branch, QString message, GitAuthor author);

struct NewCommit {
    QString tree;
    QStringList parents;
    QString message;
    GitAuthor author;
};

[[nodiscard]] Async<QString> writeCommit(Git git, NewCommit commit);
// Compare-and-swap of a ref: false if it was not at `from` (empty: if it existed).
[[nodiscard]] Async<bool> moveRef(Git git, QString ref, QString to, QString from, QString reason);
// Names that differ between two commits or trees.
[[nodiscard]] Async<QStringList> changedNames(Git git, QString from, QString to);

} // namespace muster
