// The sequences behind Worktrees, one file each. Internal to core/workspace.
#pragma once

#include "core/workspace/git.h"
#include "core/workspace/worktrees.h"

namespace muster {

[[nodiscard]] Async<Worktree> createWorktree(std::shared_ptr<GitRunner> runner, QString directory,
                                             CreateWorktree request, GitTrust trust);
[[nodiscard]] Async<WorktreeStatus> worktreeStatus(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                                   GitTrust trust);
[[nodiscard]] Async<CommitResult> commitWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                                 CommitRequest request, GitTrust trust);
[[nodiscard]] Async<SalvageResult> salvageWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                                   SalvageRequest request, GitTrust trust);
[[nodiscard]] Async<DropResult> dropWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                             QString run, QString mergedInto, GitTrust trust);
[[nodiscard]] Async<MergeReport> mergeWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                               MergeRequest request, GitTrust trust);
[[nodiscard]] Async<MergeReport> undoWorktreeMerge(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                                   MergeReport report, GitTrust trust);

[[nodiscard]] Async<QString> branchTip(std::shared_ptr<GitRunner> runner, Worktree worktree, GitTrust trust);

// The repository of a worktree, seen from its main tree (no files are touched through it).
[[nodiscard]] GitPlace mainPlace(const Worktree &worktree);
// Points the tree's HEAD to the branch again and its index to `commit`.
[[nodiscard]] Async<bool> settleOnBranch(Git git, QString branchRef, QString commit, bool updateFiles);
// moveRef() of a ref that only Muster writes, after everybody at work in the tree has ended: a git that was
// killed with its node may have left the locks of it.
[[nodiscard]] Async<bool> moveOwnRef(Git git, QString ref, QString to, QString from, QString reason);
// The first free name of ref, ref-2, ref-3, … ; one that already holds `commit` counts as free.
[[nodiscard]] Async<QString> keepUnder(Git git, QString ref, QString commit);

struct MergedTree {
    QString tree;
    QStringList conflicts;
};
[[nodiscard]] Async<MergedTree> mergeTrees(Git git, QString ours, QString theirs);
// Whether `commit` would change nothing in `target`.
[[nodiscard]] Async<bool> isContained(Git git, QString commit, QString target);

// Moves a branch that may be checked out somewhere, files first (see merge.h). Outcomes: Merged, TargetMoved,
// MainTreeDirty.
struct BranchMove {
    QString ref;
    QString from;
    QString to;
    QString reason;
};
[[nodiscard]] Async<MergeReport> moveBranch(Git git, BranchMove move);

} // namespace muster
