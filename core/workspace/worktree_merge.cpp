#include "core/workspace/checked_out.h"
#include "core/workspace/git_command.h"
#include "core/workspace/snapshot.h"
#include "core/workspace/worktree_layout.h"
#include "core/workspace/worktree_steps.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Two-way: files that differ between the commits follow, all others stay as they are, dirty or not. git
// looks at all of them before it touches the first.
Async<bool> moveFiles(Git git, QString from, QString to, bool onlyTry)
{
    QStringList args{u"read-tree"_s, u"-m"_s, u"-u"_s};
    if (onlyTry)
        args << u"-n"_s;
    args << from << to;
    const auto output = co_await runGit(git, git.command(args));
    if (!output)
        co_return std::unexpected(output.error());
    co_return output->exitCode == 0;
}

// Times and sizes that changed without the content (touch, a restored backup) would look like edits.
Async<bool> refreshIndex(Git git)
{
    const QStringList args{u"update-index"_s, u"-q"_s, u"--ignore-submodules"_s, u"--refresh"_s};
    const auto output = co_await runGit(git, git.command(args));
    if (!output)
        co_return std::unexpected(output.error());
    co_return true;
}

Async<bool> canMoveFiles(Git tree, BranchMove move)
{
    const auto refreshed = co_await refreshIndex(tree);
    if (!refreshed)
        co_return std::unexpected(refreshed.error());
    co_return co_await moveFiles(tree, move.from, move.to, true);
}

Async<MergeReport> moveCheckedOut(Git tree, BranchMove move)
{
    MergeReport report{.outcome = MergeOutcome::MainTreeDirty,
                       .target = move.ref,
                       .oldCommit = move.from,
                       .commit = {},
                       .treePath = tree.place.workTree,
                       .files = {}};
    if (!operationsUnderWay(tree.place.gitDir).isEmpty())
        co_return report;
    const auto touched = co_await touchedFiles(tree, move.from, move.to);
    if (!touched)
        co_return std::unexpected(touched.error());
    report.files = touched->inTheWay;
    if (!touched->inTheWay.isEmpty())
        co_return report;
    if (!touched->there.isEmpty()) { // an earlier move that was cut short
        const auto staged = co_await stageNames(tree, touched->there);
        if (!staged)
            co_return std::unexpected(staged.error());
    }
    const auto can = co_await canMoveFiles(tree, move);
    if (!can)
        co_return std::unexpected(can.error());
    if (!*can)
        co_return report;
    // Files first: if all ends between the two, the branch is where it was, the merge is only staged, and
    // doing it again completes it. The other way round the tree would seem to undo the merge.
    const auto files = co_await moveFiles(tree, move.from, move.to, false);
    if (!files)
        co_return std::unexpected(files.error());
    if (!*files)
        co_return report;
    const auto moved = co_await moveRef(tree, move.ref, move.to, move.from, move.reason);
    if (moved && *moved) {
        report.outcome = MergeOutcome::Merged;
        report.commit = move.to;
        co_return report;
    }
    const auto back = co_await moveFiles(tree, move.to, move.from, false);
    if (!moved)
        co_return std::unexpected(moved.error());
    if (!back || !*back)
        co_return fail(ErrorCode::Conflict, tree.place.workTree, u"files moved, branch did not"_s);
    report.outcome = MergeOutcome::TargetMoved;
    co_return report;
}

Async<QString> targetRef(Git git, QString target)
{
    if (!target.isEmpty()) {
        const auto named = fullBranchRef(target);
        co_return named;
    }
    const QStringList args{u"symbolic-ref"_s, u"--quiet"_s, u"HEAD"_s};
    const auto head = co_await runGit(git, git.command(args));
    if (!head)
        co_return std::unexpected(head.error());
    if (head->exitCode != 0)
        co_return fail(ErrorCode::NotFound, u"HEAD is detached"_s, u"target"_s);
    co_return QString::fromUtf8(head->out.trimmed());
}

struct Sides {
    QString ref;
    QString target; // commit
    QString source; // commit
};

Async<Sides> sidesOf(Git git, QString target, QString branch)
{
    const auto ref = co_await targetRef(git, target);
    if (!ref)
        co_return std::unexpected(ref.error());
    const auto sourceRef = fullBranchRef(branch);
    if (!sourceRef)
        co_return std::unexpected(sourceRef.error());
    if (*sourceRef == *ref)
        co_return fail(ErrorCode::InvalidArgument, *ref, u"target"_s);
    const auto to = co_await objectOf(git, *ref, u"commit"_s);
    const auto from = co_await objectOf(git, *sourceRef, u"commit"_s);
    if (!to || !from)
        co_return std::unexpected((to ? from : to).error());
    if (to->isEmpty() || from->isEmpty())
        co_return fail(ErrorCode::NotFound, to->isEmpty() ? *ref : *sourceRef, u"branch"_s);
    co_return Sides{.ref = *ref, .target = *to, .source = *from};
}

Async<MergeReport> mergeSides(Git git, Sides sides, MergeRequest request)
{
    MergeReport report{.outcome = MergeOutcome::NoChanges,
                       .target = sides.ref,
                       .oldCommit = sides.target,
                       .commit = {},
                       .treePath = {},
                       .files = {}};
    const auto merged = co_await mergeTrees(git, sides.target, sides.source);
    if (!merged)
        co_return std::unexpected(merged.error());
    if (!merged->conflicts.isEmpty()) {
        report.outcome = MergeOutcome::Conflict;
        report.files = merged->conflicts;
        co_return report;
    }
    const auto before = co_await objectOf(git, sides.target, u"tree"_s);
    if (!before)
        co_return std::unexpected(before.error());
    if (*before == merged->tree)
        co_return report;
    NewCommit wanted{.tree = merged->tree,
                     .parents = {sides.target},
                     .message = request.message,
                     .author = request.author};
    if (request.mode == MergeMode::Merge)
        wanted.parents << sides.source;
    const auto commit = co_await writeCommit(git, wanted);
    if (!commit)
        co_return std::unexpected(commit.error());
    const auto files = co_await changedNames(git, sides.target, *commit);
    if (!files)
        co_return std::unexpected(files.error());
    const BranchMove move{
        .ref = sides.ref, .from = sides.target, .to = *commit, .reason = u"muster: merge"_s};
    auto moved = co_await moveBranch(git, move);
    if (moved && moved->outcome == MergeOutcome::Merged)
        moved->files = *files;
    co_return moved;
}

} // namespace

Async<MergedTree> mergeTrees(Git git, QString ours, QString theirs)
{
    const QStringList args{
        u"merge-tree"_s, u"--write-tree"_s, u"-z"_s, u"--name-only"_s, u"--no-messages"_s, ours, theirs};
    const GitCommand command = git.command(args);
    const auto output = co_await runGit(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    QStringList parts = splitNul(output->out);
    if (output->exitCode > 1 || output->truncated || parts.isEmpty() || !isObjectId(parts.first()))
        co_return std::unexpected(gitError(command, *output));
    MergedTree merged{.tree = parts.takeFirst(), .conflicts = {}};
    parts.removeAll(QString());
    parts.removeDuplicates();
    if (output->exitCode == 1)
        merged.conflicts = parts.isEmpty() ? QStringList{u"."_s} : parts;
    co_return merged;
}

Async<bool> isContained(Git git, QString commit, QString target)
{
    const auto ancestor = co_await isAncestor(git, commit, target);
    if (!ancestor || *ancestor)
        co_return ancestor;
    const auto merged = co_await mergeTrees(git, target, commit);
    if (!merged)
        co_return std::unexpected(merged.error());
    const auto tree = co_await objectOf(git, target, u"tree"_s);
    if (!tree)
        co_return std::unexpected(tree.error());
    co_return merged->conflicts.isEmpty() && merged->tree == *tree;
}

Async<MergeReport> moveBranch(Git git, BranchMove move)
{
    const auto place = co_await placeWithBranch(git, move.ref);
    if (!place)
        co_return std::unexpected(place.error());
    if (!place->gitDir.isEmpty()) {
        // Somebody else's move since we looked would make the files go to the wrong place.
        const auto now = co_await objectOf(git, move.ref, u"commit"_s);
        if (!now)
            co_return std::unexpected(now.error());
        if (*now == move.from)
            co_return co_await moveCheckedOut(git.at(*place), move);
        co_return MergeReport{.outcome = MergeOutcome::TargetMoved,
                              .target = move.ref,
                              .oldCommit = move.from,
                              .commit = {},
                              .treePath = place->workTree,
                              .files = {}};
    }
    const auto moved = co_await moveRef(git, move.ref, move.to, move.from, move.reason);
    if (!moved)
        co_return std::unexpected(moved.error());
    MergeReport report{.outcome = *moved ? MergeOutcome::Merged : MergeOutcome::TargetMoved,
                       .target = move.ref,
                       .oldCommit = move.from,
                       .commit = {},
                       .treePath = {},
                       .files = {}};
    if (*moved)
        report.commit = move.to;
    co_return report;
}

Async<MergeReport> mergeWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree, MergeRequest request,
                                 GitTrust trust)
{
    const auto git = co_await openGit(runner, mainPlace(worktree), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto sides = co_await sidesOf(*git, request.target, worktree.branch);
    if (!sides)
        co_return std::unexpected(sides.error());
    co_return co_await mergeSides(*git, *sides, request);
}

Async<MergeReport> undoWorktreeMerge(std::shared_ptr<GitRunner> runner, Worktree worktree, MergeReport report,
                                     GitTrust trust)
{
    if (!isObjectId(report.commit) || !isObjectId(report.oldCommit))
        co_return fail(ErrorCode::InvalidArgument, report.commit, u"merge"_s);
    const auto git = co_await openGit(runner, mainPlace(worktree), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const BranchMove move{.ref = report.target,
                          .from = report.commit,
                          .to = report.oldCommit,
                          .reason = u"muster: undo merge"_s};
    co_return co_await moveBranch(*git, move);
}

} // namespace muster
