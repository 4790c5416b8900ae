#include "core/workspace/git_command.h"
#include "core/workspace/snapshot.h"
#include "core/workspace/worktree_layout.h"
#include "core/workspace/worktree_steps.h"

#include <QFile>

namespace muster {

using namespace Qt::StringLiterals;

GitPlace mainPlace(const Worktree &worktree)
{
    QString gitDir = worktree.commonDir;
    for (const LinkedTree &tree : linkedTrees(worktree.commonDir)) {
        if (tree.path == worktree.project) // the person's project can be a linked worktree itself
            gitDir = tree.gitDir;
    }
    return {.gitDir = gitDir, .commonDir = worktree.commonDir, .workTree = worktree.project};
}

Async<QString> branchTip(std::shared_ptr<GitRunner> runner, Worktree worktree, GitTrust trust)
{
    const auto git = co_await openGit(runner, mainPlace(worktree), trust);
    if (!git)
        co_return std::unexpected(git.error());
    co_return co_await objectOf(*git, u"refs/heads/" + worktree.branch, u"commit"_s);
}

Async<bool> settleOnBranch(Git git, QString branchRef, QString commit, bool updateFiles)
{
    forgetOperations(git.place.gitDir);
    const QStringList head{u"symbolic-ref"_s, u"-m"_s, u"muster"_s, u"HEAD"_s, branchRef};
    const auto pointed = co_await gitOutput(git, head);
    if (!pointed)
        co_return std::unexpected(pointed.error());
    QStringList read{u"read-tree"_s, u"--reset"_s};
    if (updateFiles)
        read << u"-u"_s;
    read << commit;
    const auto done = co_await gitOutput(git, read);
    if (!done)
        co_return std::unexpected(done.error());
    co_return true;
}

Async<bool> moveOwnRef(Git git, QString ref, QString to, QString from, QString reason)
{
    forgetLocks(git.place, ref);
    return moveRef(std::move(git), std::move(ref), std::move(to), std::move(from), std::move(reason));
}

Async<CommitResult> commitWorktree(std::shared_ptr<GitRunner> runner, Worktree worktree,
                                   CommitRequest request, GitTrust trust)
{
    const auto git = co_await openGit(runner, worktree.place(), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto capture = co_await captureWorktree(*git, worktree.branch, request.message, request.author);
    if (!capture)
        co_return std::unexpected(capture.error());
    // The commit may have been made before, by somebody who died before he could note it.
    QString begin = capture->branchTip;
    if (isObjectId(request.since) && request.since != begin) {
        const auto known = co_await objectOf(*git, request.since, u"commit"_s);
        if (known && *known == request.since)
            begin = request.since;
    }
    CommitResult result{.changed = capture->commit != begin,
                        .commit = capture->commit,
                        .files = {},
                        .nested = capture->nested};
    if (capture->commit != capture->branchTip) {
        const auto moved = co_await moveOwnRef(*git, capture->branchRef, capture->commit, capture->branchTip,
                                               u"muster: commit"_s);
        if (!moved)
            co_return std::unexpected(moved.error());
        if (!*moved)
            co_return fail(ErrorCode::Conflict, capture->branchRef, u"branch"_s);
    }
    if (result.changed) {
        const auto files = co_await changedNames(*git, begin, capture->commit);
        if (!files)
            co_return std::unexpected(files.error());
        result.files = *files;
    }
    const auto settled = co_await settleOnBranch(*git, capture->branchRef, capture->commit, false);
    if (!settled)
        co_return std::unexpected(settled.error());
    co_return result;
}

Async<WorktreeStatus> worktreeStatus(std::shared_ptr<GitRunner> runner, Worktree worktree, GitTrust trust)
{
    const auto git = co_await openGit(runner, worktree.place(), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto tree = co_await readStatus(*git, {});
    if (!tree)
        co_return std::unexpected(tree.error());
    const auto head = co_await objectOf(*git, u"HEAD"_s, u"commit"_s);
    if (!head)
        co_return std::unexpected(head.error());
    WorktreeStatus status{.head = *head, .ahead = 0, .dirty = {}, .nested = tree->nested};
    for (const StatusEntry &entry : tree->entries)
        status.dirty << QFile::decodeName(entry.path);
    if (!head->isEmpty() && isObjectId(worktree.baseCommit)) {
        const QStringList args{u"rev-list"_s, u"--count"_s, *head, QString(u'^' + worktree.baseCommit)};
        const auto count = co_await gitLine(*git, args);
        if (!count)
            co_return std::unexpected(count.error());
        status.ahead = count->toInt();
    }
    co_return status;
}

} // namespace muster
