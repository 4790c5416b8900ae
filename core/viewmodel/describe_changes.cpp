#include "core/viewmodel/describe_changes.h"

#include "core/viewmodel/describe.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct DescribeChanges {
    Q_DECLARE_TR_FUNCTIONS(DescribeChanges)
};

QStringList linesOf(const QString &text) { return text.split(u'\n', Qt::SkipEmptyParts); }

} // namespace

std::optional<EndingProblem> describeEndingProblem(const Error &error)
{
    if (error.code != ErrorCode::Conflict)
        return std::nullopt;
    const QStringList files = linesOf(error.where);
    if (error.detail == "conflict"_L1)
        return EndingProblem{
            .text = DescribeChanges::tr("Not merged: both sides changed the same lines of %n file(s).",
                                        nullptr, static_cast<int>(files.size())),
            .advice = DescribeChanges::tr("Nothing was changed. Merge the target into the branch in the "
                                          "worktree, settle the conflicts there, then merge again."),
            .files = files};
    if (error.detail == "main_tree_dirty"_L1)
        return EndingProblem{
            .text = files.isEmpty()
                        ? DescribeChanges::tr("Not merged: a merge or rebase is under way in the project.")
                        : DescribeChanges::tr("Not merged: the project has %n file(s) of its own that the "
                                              "merge would overwrite.",
                                              nullptr, static_cast<int>(files.size())),
            .advice = DescribeChanges::tr(
                "Nothing was changed. Commit or stash them in the project, then merge again."),
            .files = files};
    if (error.detail == "target_moved"_L1)
        return EndingProblem{.text = DescribeChanges::tr("Not merged: the target branch moved meanwhile."),
                             .advice = DescribeChanges::tr("Nothing was changed. Try again.")};
    if (error.detail == "nested_repositories"_L1)
        return EndingProblem{
            .text = DescribeChanges::tr("There are git repositories inside the worktree that would be "
                                        "deleted with it, with all their commits."),
            .advice = DescribeChanges::tr("Move what you want to keep elsewhere first."),
            .files = files};
    if (error.detail == "under_way"_L1)
        return EndingProblem{.text = DescribeChanges::tr("It is being merged or dropped already.")};
    if (error.detail == "merge_turn"_L1)
        return EndingProblem{.text = DescribeChanges::tr("Not merged: a run is merging into that branch."),
                             .advice =
                                 DescribeChanges::tr("Nothing was changed. Try again when it has ended.")};
    if (error.detail == "merged"_L1 || error.detail == "dropped"_L1)
        return EndingProblem{
            .text =
                DescribeChanges::tr("It has ended already: %1.").arg(describeWorktreeState(error.detail))};
    return std::nullopt;
}

QStringList lossesOfDropping(const api::WorktreeInfo &worktree)
{
    QStringList losses;
    if (worktree.uncommitted > 0)
        losses += DescribeChanges::tr("%n file(s) that are not committed", nullptr, worktree.uncommitted);
    if (worktree.commitsAhead > 0)
        losses += DescribeChanges::tr("%n commit(s) that may not be merged", nullptr, worktree.commitsAhead);
    for (const QString &repository : worktree.nested)
        losses +=
            DescribeChanges::tr("the git repository %1 inside it, with all its commits").arg(repository);
    return losses;
}

} // namespace muster
