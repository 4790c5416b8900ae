#include "core/workspace/worktrees.h"

#include "core/workspace/worktree_steps.h"

namespace muster {

Worktrees::Worktrees(std::shared_ptr<GitRunner> runner, QString directory)
    : m_runner(std::move(runner))
    , m_directory(std::move(directory))
{
}

QFuture<Result<Worktree>> Worktrees::create(CreateWorktree request, GitTrust trust) const
{
    return createWorktree(m_runner, m_directory, std::move(request), trust);
}

QFuture<Result<QString>> Worktrees::tip(Worktree worktree, GitTrust trust) const
{
    return branchTip(m_runner, std::move(worktree), trust);
}

QFuture<Result<WorktreeStatus>> Worktrees::status(Worktree worktree, GitTrust trust) const
{
    return worktreeStatus(m_runner, std::move(worktree), trust);
}

QFuture<Result<CommitResult>> Worktrees::commitAll(Worktree worktree, CommitRequest request,
                                                   GitTrust trust) const
{
    return commitWorktree(m_runner, std::move(worktree), std::move(request), trust);
}

QFuture<Result<SalvageResult>> Worktrees::salvage(Worktree worktree, SalvageRequest request,
                                                  GitTrust trust) const
{
    return salvageWorktree(m_runner, std::move(worktree), std::move(request), trust);
}

QFuture<Result<DropResult>> Worktrees::drop(Worktree worktree, QString run, QString mergedInto,
                                            GitTrust trust) const
{
    return dropWorktree(m_runner, std::move(worktree), std::move(run), std::move(mergedInto), trust);
}

QFuture<Result<MergeReport>> Worktrees::mergeInto(Worktree worktree, MergeRequest request,
                                                  GitTrust trust) const
{
    return mergeWorktree(m_runner, std::move(worktree), std::move(request), trust);
}

QFuture<Result<MergeReport>> Worktrees::undoMerge(Worktree worktree, MergeReport report, GitTrust trust) const
{
    return undoWorktreeMerge(m_runner, std::move(worktree), std::move(report), trust);
}

} // namespace muster
