#include "core/workspace/joining.h"

#include "core/workspace/git_command.h"
#include "core/workspace/snapshot.h"
#include "core/workspace/worktree_layout.h"
#include "core/workspace/worktree_steps.h"

#include <QDir>
#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kCheckoutTimeoutMs = 20 * 60 * 1000;

// The next commit on top of `on`; the same if there is nothing new. Sets the conflict.
Async<QString> addTo(Git git, QString on, QString source, QString message, MergeMode mode,
                     std::shared_ptr<QStringList> conflicts)
{
    const auto merged = co_await mergeTrees(git, on, source);
    if (!merged)
        co_return std::unexpected(merged.error());
    *conflicts = merged->conflicts;
    if (!merged->conflicts.isEmpty())
        co_return on;
    const auto before = co_await objectOf(git, on, u"tree"_s);
    if (!before)
        co_return before;
    if (*before == merged->tree)
        co_return on;
    NewCommit wanted{.tree = merged->tree, .parents = {on}, .message = message, .author = {}};
    if (mode == MergeMode::Merge)
        wanted.parents << source;
    co_return co_await writeCommit(git, wanted);
}

Async<Join> join(std::shared_ptr<GitRunner> runner, JoinRequest request, GitTrust trust)
{
    const auto git = co_await openGit(runner, placeOf(request.project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto target = co_await objectOf(*git, request.target, u"commit"_s);
    if (!target)
        co_return std::unexpected(target.error());
    if (target->isEmpty())
        co_return fail(ErrorCode::NotFound, request.target, u"branch"_s);
    Join made{.from = *target, .to = *target, .made = {}, .files = {}, .conflict = -1, .conflicts = {}};
    const auto conflicts = std::make_shared<QStringList>();
    for (size_t i = 0; i < request.commits.size(); ++i) {
        const auto next =
            co_await addTo(*git, made.to, request.commits[i],
                           request.messages.value(static_cast<qsizetype>(i)), request.mode, conflicts);
        if (!next)
            co_return std::unexpected(next.error());
        if (!conflicts->isEmpty()) {
            made.conflict = static_cast<int>(i);
            made.conflicts = *conflicts;
            co_return made;
        }
        made.made += *next == made.to ? QString() : *next;
        made.to = *next;
    }
    if (made.to == made.from)
        co_return made;
    const auto files = co_await changedNames(*git, made.from, made.to);
    if (!files)
        co_return std::unexpected(files.error());
    made.files = *files;
    co_return made;
}

Async<MergeReport> move(std::shared_ptr<GitRunner> runner, ProjectInfo project, QString target, Join join,
                        GitTrust trust)
{
    const auto git = co_await openGit(runner, placeOf(project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const BranchMove move{.ref = target, .from = join.from, .to = join.to, .reason = u"muster: merge"_s};
    co_return co_await moveBranch(*git, move);
}

Async<bool> has(std::shared_ptr<GitRunner> runner, ProjectInfo project, QString target, QString commit,
                GitTrust trust)
{
    const auto git = co_await openGit(runner, placeOf(project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const auto known = co_await objectOf(*git, commit, u"commit"_s);
    const auto tip = co_await objectOf(*git, target, u"commit"_s);
    if (!known || !tip)
        co_return std::unexpected((known ? tip : known).error());
    if (known->isEmpty() || tip->isEmpty())
        co_return false;
    co_return co_await isAncestor(*git, commit, *tip);
}

Result<bool> removeNow(const QString &commonDir, const QString &path)
{
    QStringList leftovers{path};
    for (const LinkedTree &tree : linkedTrees(commonDir)) {
        if (tree.path == path)
            leftovers += tree.gitDir;
    }
    for (const QString &leftover : std::as_const(leftovers)) {
        if (const Status removed = removeFolder(leftover); !removed)
            return std::unexpected(removed.error());
    }
    return true;
}

Async<QString> trial(std::shared_ptr<GitRunner> runner, ProjectInfo project, QString path, QString commit,
                     GitTrust trust)
{
    const auto removed = co_await resultOf(removeTrial(project.commonDir, path));
    if (!removed)
        co_return std::unexpected(removed.error());
    const auto git = co_await openGit(runner, placeOf(project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const QStringList args{u"worktree"_s, u"add"_s, u"--quiet"_s, u"--detach"_s, u"--"_s, path, commit};
    GitCommand add = git->command(args);
    add.timeoutMs = kCheckoutTimeoutMs;
    const auto added = co_await gitOutput(*git, add);
    if (!added)
        co_return std::unexpected(added.error());
    co_return path;
}

} // namespace

QFuture<Result<Join>> joinBranches(std::shared_ptr<GitRunner> runner, JoinRequest request, GitTrust trust)
{
    return join(std::move(runner), std::move(request), trust);
}

QFuture<Result<MergeReport>> moveToJoin(std::shared_ptr<GitRunner> runner, ProjectInfo project,
                                        QString target, Join join, GitTrust trust)
{
    return move(std::move(runner), std::move(project), std::move(target), std::move(join), trust);
}

QFuture<Result<bool>> hasCommit(std::shared_ptr<GitRunner> runner, ProjectInfo project, QString target,
                                QString commit, GitTrust trust)
{
    return has(std::move(runner), std::move(project), std::move(target), std::move(commit), trust);
}

QFuture<Result<QString>> openTrial(std::shared_ptr<GitRunner> runner, ProjectInfo project, QString path,
                                   QString commit, GitTrust trust)
{
    return trial(std::move(runner), std::move(project), std::move(path), std::move(commit), trust);
}

// Git names its trees by their true paths.
QFuture<Result<bool>> removeTrial(QString commonDir, QString path)
{
    return onPool([commonDir = std::move(commonDir), path = std::move(path)]() -> Result<bool> {
        const QFileInfo parent(QFileInfo(path).path());
        if (!QDir().mkpath(parent.filePath()))
            return fail(ErrorCode::Io, parent.filePath());
        return removeNow(commonDir, parent.canonicalFilePath() + u'/' + QFileInfo(path).fileName());
    });
}

} // namespace muster
