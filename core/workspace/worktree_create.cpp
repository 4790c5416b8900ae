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
constexpr int kMostNames = 99;
constexpr int kMostTries = 5;
constexpr qint64 kMostHeadBytes = 4096;

struct Plan {
    QString branch;
    QString path;
    bool known = false; // git has that tree already
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

const LinkedTree *treeAt(const std::vector<LinkedTree> &trees, const QString &path)
{
    const auto it = std::ranges::find(trees, path, &LinkedTree::path);
    return it == trees.end() ? nullptr : &*it;
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

// The first of shop-survey-3, shop-survey-3~2, … that is free, or this repository's own and nobody's yet. No
// name of a run or step has a '~'. Another project of that name may have the folder.
Result<Plan> prepareFolder(const QString &directory, Plan plan, const CreateWorktree &request)
{
    if (!QDir().mkpath(directory))
        return fail(ErrorCode::Io, directory);
    const QString first = QFileInfo(directory).canonicalFilePath() + u'/' + QFileInfo(plan.path).fileName();
    const std::vector<LinkedTree> trees = linkedTrees(request.project.commonDir);
    for (int n = 1; n <= kMostNames; ++n) {
        plan.path = n == 1 ? first : QString(first + u'~' + QString::number(n));
        if (request.takenPaths.contains(plan.path))
            continue;
        const LinkedTree *tree = treeAt(trees, plan.path);
        const bool there = QFileInfo::exists(plan.path) || QFileInfo(plan.path).isSymLink();
        if (!tree && there)
            continue;
        plan.known = tree && tree->complete && there;
        if (plan.known || !tree)
            return plan;
        // Begun and not finished, or its folder is gone: nobody has worked in it.
        for (const QString &leftover : {plan.path, tree->gitDir}) {
            if (Status removed = removeFolder(leftover); !removed)
                return std::unexpected(removed.error());
        }
        return plan;
    }
    return fail(ErrorCode::AlreadyExists, first);
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
    for (int n = 1; n <= kMostNames; ++n) {
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

// Makes the tree on the first free branch. Another process may take that name, or hold a lock of git's,
// between the look and the making: then the next free one is looked for.
Async<QString> makeTree(Git git, Plan plan, QString base)
{
    for (int tried = 1;; ++tried) {
        const auto branch = co_await freeBranch(git, plan.branch, base);
        if (!branch)
            co_return branch;
        const QString ref = u"refs/heads/" + *branch;
        const auto before = co_await objectOf(git, ref, u"commit"_s);
        if (!before)
            co_return before;
        const auto added =
            co_await addWorktree(git, {.branch = *branch, .path = plan.path}, base, !before->isEmpty());
        if (added)
            co_return branch;
        const auto after = co_await objectOf(git, ref, u"commit"_s);
        if (tried == kMostTries || !after || *after == *before || QFile::exists(plan.path))
            co_return std::unexpected(added.error());
    }
}

Async<Worktree> foundAgain(Git git, Worktree tree, QString wanted)
{
    const std::vector<LinkedTree> trees = linkedTrees(tree.commonDir);
    const LinkedTree *known = treeAt(trees, tree.path);
    if (!known)
        co_return fail(ErrorCode::Conflict, tree.path);
    tree.branch = branchOf(*known, tree.branch);
    tree.gitDir = QFileInfo(known->gitDir).canonicalFilePath();
    const auto tip = co_await objectOf(git, u"refs/heads/" + tree.branch, u"commit"_s);
    if (!tip)
        co_return std::unexpected(tip.error());
    const auto base = co_await baseOf(git, wanted, *tip);
    if (!base)
        co_return std::unexpected(base.error());
    tree.baseCommit = *base;
    co_return tree; // from git's own records; its .git file may have been swapped since
}

} // namespace

Async<Worktree> createWorktree(std::shared_ptr<GitRunner> runner, QString directory, CreateWorktree request,
                               GitTrust trust)
{
    const Plan first = planFor(directory, request);
    if (Status allowed = mayHaveWorktrees(request.project, first.path); !allowed)
        co_return std::unexpected(allowed.error());
    const QString commonDir = request.project.commonDir;
    const auto plan = co_await resultOf(
        onPool([directory, first, request] { return prepareFolder(directory, first, request); }));
    if (!plan)
        co_return std::unexpected(plan.error());
    const auto git = co_await openGit(runner, placeOf(request.project), trust);
    if (!git)
        co_return std::unexpected(git.error());
    Worktree made{.project = request.project.root,
                  .path = plan->path,
                  .gitDir = {},
                  .commonDir = commonDir,
                  .branch = plan->branch,
                  .baseCommit = {}};
    if (plan->known)
        co_return co_await foundAgain(*git, made, request.base);
    const auto base = co_await baseOf(*git, request.base, {});
    if (!base)
        co_return std::unexpected(base.error());
    made.baseCommit = *base;
    const auto branch = co_await makeTree(*git, *plan, *base);
    if (!branch)
        co_return std::unexpected(branch.error());
    made.branch = *branch;
    const auto gitDir = linkedGitDir(plan->path, commonDir);
    if (!gitDir)
        co_return std::unexpected(gitDir.error());
    made.gitDir = *gitDir;
    co_return made;
}

} // namespace muster
