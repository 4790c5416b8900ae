#include "core/workspace/git_command.h"
#include "core/workspace/worktree_steps.h"

#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// What git must be able to write: records of worktrees, branches, objects.
QString readOnlyFolder(const QString &commonDir)
{
    for (const QString &name :
         {u""_s, u"/worktrees"_s, u"/refs/heads"_s, u"/refs/heads/muster"_s, u"/objects"_s}) {
        const QFileInfo folder(commonDir + name);
        if (folder.isDir() && !folder.isWritable())
            return folder.filePath();
    }
    return {};
}

Async<bool> check(std::shared_ptr<GitRunner> runner, ProjectInfo project, GitTrust trust)
{
    const QString &root = project.root;
    if (!project.isGit)
        co_return fail(ErrorCode::Unsupported, root, u"not_git"_s);
    if (!project.hasCommit)
        co_return fail(ErrorCode::Unsupported, root,
                       project.headBranch.isEmpty() ? u"broken_head"_s : u"no_commit"_s);
    const auto readOnly =
        co_await resultOf(onPool([dir = project.commonDir] { return Result<QString>(readOnlyFolder(dir)); }));
    if (!readOnly || !readOnly->isEmpty())
        co_return fail(ErrorCode::PermissionDenied, readOnly.value_or(QString()), u"git_read_only"_s);
    const auto git = co_await openGit(runner, placeOf(project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto commit = co_await objectOf(*git, u"HEAD"_s, u"tree"_s);
    if (!commit)
        co_return std::unexpected(commit.error());
    if (commit->isEmpty())
        co_return fail(ErrorCode::Unsupported, root, u"broken_head"_s);
    const auto inTheWay = co_await objectOf(*git, u"refs/heads/muster"_s, u"commit"_s);
    if (!inTheWay)
        co_return std::unexpected(inTheWay.error());
    if (!inTheWay->isEmpty())
        co_return fail(ErrorCode::Unsupported, root, u"branch_in_way"_s);
    co_return true;
}

} // namespace

QFuture<Result<bool>> checkWorktrees(std::shared_ptr<GitRunner> runner, ProjectInfo project, GitTrust trust)
{
    return check(std::move(runner), std::move(project), trust);
}

} // namespace muster
