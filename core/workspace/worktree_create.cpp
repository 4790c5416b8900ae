#include "core/workspace/checked_out.h"
#include "core/workspace/git_command.h"
#include "core/workspace/worktree_layout.h"
#include "core/workspace/worktree_steps.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kCheckoutTimeoutMs = 20 * 60 * 1000;
constexpr int kMostBranches = 99;
constexpr qint64 kMostHeadBytes = 4096;

struct Plan {
    QString branch;
    QString path;
};

// A ref cannot be a file and a folder: muster/<run>/<step> could not stand beside muster/<run>.
Plan planFor(const QString &directory, const CreateWorktree &request)
{
    QString name = refComponent(request.run);
    if (!request.step.isEmpty())
        name += u"--" + refComponent(request.step);
    return {.branch = u"muster/" + name,
            .path = QDir::cleanPath(directory + u'/' + refComponent(request.project.name) + u'-' + name)};
}

Status mayHaveWorktrees(const ProjectInfo &project, const QString &path)
{
    if (!project.isGit)
        return fail(ErrorCode::Unsupported, project.root, u"not git"_s);
    if (!project.hasCommit)
        return fail(ErrorCode::NotFound, project.root, u"no commit"_s);
    if (path == project.root || path.startsWith(project.root + u'/'))
        return fail(ErrorCode::InvalidArgument, path, u"worktree inside the project"_s);
    return {};
}

Result<QString> prepareFolder(const QString &directory, const QString &path, const QString &commonDir)
{
    if (!QDir().mkpath(directory))
        return fail(ErrorCode::Io, directory);
    const QString canonical = QFileInfo(directory).canonicalFilePath() + u'/' + QFileInfo(path).fileName();
    for (const LinkedTree &tree : linkedTrees(commonDir)) {
        if (tree.path != canonical || (tree.complete && QFile::exists(canonical)))
            continue;
        // Begun and not finished, or its folder is gone: nobody has worked in it.
        for (const QString &leftover : {canonical, tree.gitDir}) {
            if (Status removed = removeFolder(leftover); !removed)
                return std::unexpected(removed.error());
        }
    }
    return canonical;
}

const LinkedTree *treeAt(const std::vector<LinkedTree> &trees, const QString &path)
{
    const auto it = std::ranges::find(trees, path, &LinkedTree::path);
    return it == trees.end() ? nullptr : &*it;
}

Async<QByteArray> addWorktree(Git git, Plan plan, QString base, bool branchExists)
{
    QStringList args{u"worktree"_s, u"add"_s, u"--quiet"_s};
    if (!branchExists)
        args << u"--no-track"_s << u"-b"_s << plan.branch;
    args << u"--"_s << plan.path << (branchExists ? plan.branch : base);
    GitCommand command = git.command(args);
    command.timeoutMs = kCheckoutTimeoutMs;
    co_return co_await gitOutput(git, command);
}

Async<QString> baseOf(Git git, QString wanted, QString branchTip)
{
    const QString revision = wanted.isEmpty() ? u"HEAD"_s : wanted;
    const auto commit = co_await objectOf(git, revision, u"commit"_s);
    if (!commit)
        co_return std::unexpected(commit.error());
    if (commit->isEmpty())
        co_return fail(ErrorCode::NotFound, revision, u"no commit"_s);
    if (branchTip.isEmpty())
        co_return *commit;
    // Found again after a crash: its base is where it left, HEAD may have gone on since.
    const QStringList args{u"merge-base"_s, *commit, branchTip};
    co_return co_await gitLine(git, args);
}

// The first of muster/12, muster/12-2, … that is free. One that has commits of its own, or is checked out, is
// somebody else's: the person's, or a run's of another home. One without was left by a create that was
// killed.
Async<QString> freeBranch(Git git, QString wanted, QString base)
{
    for (int n = 1; n <= kMostBranches; ++n) {
        const QString name = n == 1 ? wanted : QString(wanted + u'-' + QString::number(n));
        const QString ref = u"refs/heads/" + name;
        const auto tip = co_await objectOf(git, ref, u"commit"_s);
        if (!tip || tip->isEmpty())
            co_return tip ? Result<QString>(name) : tip;
        const auto nothingNew = co_await isAncestor(git, *tip, base);
        if (!nothingNew)
            co_return std::unexpected(nothingNew.error());
        if (!*nothingNew)
            continue;
        const auto place = co_await placeWithBranch(git, ref);
        if (!place)
            co_return std::unexpected(place.error());
        if (place->gitDir.isEmpty())
            co_return name;
    }
    co_return fail(ErrorCode::AlreadyExists, wanted, u"branch"_s);
}

// The branch that a tree was made on; what an agent may have put its HEAD on since is not asked for.
QString branchOf(const LinkedTree &tree, const QString &wanted)
{
    QFile head(tree.gitDir + u"/HEAD");
    if (!head.open(QIODevice::ReadOnly))
        return wanted;
    static const QRegularExpression number(u"^-[0-9]{1,2}$"_s);
    const QString ref = QFile::decodeName(head.read(kMostHeadBytes)).trimmed();
    const QString prefix = u"ref: refs/heads/" + wanted;
    return ref.startsWith(prefix) && number.match(ref.sliced(prefix.size())).hasMatch() ? ref.sliced(16)
                                                                                        : wanted;
}

} // namespace

Async<Worktree> createWorktree(std::shared_ptr<GitRunner> runner, QString directory, CreateWorktree request,
                               GitTrust trust)
{
    Plan plan = planFor(directory, request);
    if (Status allowed = mayHaveWorktrees(request.project, plan.path); !allowed)
        co_return std::unexpected(allowed.error());
    const QString commonDir = request.project.commonDir;
    const auto path = co_await resultOf(
        onPool([directory, plan, commonDir] { return prepareFolder(directory, plan.path, commonDir); }));
    if (!path)
        co_return std::unexpected(path.error());
    plan.path = *path;
    const auto git = co_await openGit(runner, placeOf(request.project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    const std::vector<LinkedTree> trees = linkedTrees(commonDir);
    const LinkedTree *known = treeAt(trees, plan.path);
    if (known) {
        plan.branch = branchOf(*known, plan.branch);
    } else {
        const auto begin = co_await baseOf(*git, request.base, {});
        if (!begin)
            co_return std::unexpected(begin.error());
        const auto branch = co_await freeBranch(*git, plan.branch, *begin);
        if (!branch)
            co_return std::unexpected(branch.error());
        plan.branch = *branch;
    }
    const auto tip = co_await objectOf(*git, u"refs/heads/" + plan.branch, u"commit"_s);
    if (!tip)
        co_return std::unexpected(tip.error());
    const auto base = co_await baseOf(*git, request.base, *tip);
    if (!base)
        co_return std::unexpected(base.error());
    Worktree made{.project = request.project.root,
                  .path = plan.path,
                  .gitDir = {},
                  .commonDir = commonDir,
                  .branch = plan.branch,
                  .baseCommit = *base};
    if (known) {
        made.gitDir = QFileInfo(known->gitDir).canonicalFilePath();
        co_return made; // from git's own records; its .git file may have been swapped since
    }
    if (QFile::exists(plan.path))
        co_return fail(ErrorCode::AlreadyExists, plan.path);
    const auto added = co_await addWorktree(*git, plan, *base, !tip->isEmpty());
    if (!added)
        co_return std::unexpected(added.error());
    const auto gitDir = linkedGitDir(plan.path, commonDir);
    if (!gitDir)
        co_return std::unexpected(gitDir.error());
    made.gitDir = *gitDir;
    co_return made;
}

} // namespace muster
