#include "core/workspace/snapshot.h"

#include "core/workspace/git_command.h"

#include <QSet>
#include <QTemporaryDir>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct PrivateIndex {
    std::shared_ptr<QTemporaryDir> folder;
    QString path;
};

// Copying keeps git's cache of times and sizes: only what changed is read again.
Result<PrivateIndex> copyIndex(const QString &gitDir)
{
    auto folder = std::make_shared<QTemporaryDir>();
    if (!folder->isValid())
        return fail(ErrorCode::Io, folder->errorString());
    PrivateIndex index{.folder = folder, .path = folder->filePath(u"index"_s)};
    const QString own = gitDir + u"/index";
    if (QFile::exists(own) && !QFile::copy(own, index.path))
        return fail(ErrorCode::Io, own);
    return index;
}

struct Candidates {
    QByteArray names; // for update-index --stdin -z
    QStringList large;
};

Result<Candidates> withoutLarge(const std::vector<StatusEntry> &entries, const QString &root, qint64 limit)
{
    Candidates candidates;
    for (const StatusEntry &entry : entries) {
        const QString path = QFile::decodeName(entry.path);
        const QFileInfo info(root + u'/' + path);
        if (limit > 0 && entry.untracked && !info.isSymLink() && info.size() > limit) {
            candidates.large << path;
            continue;
        }
        candidates.names += entry.path;
        candidates.names += '\0';
    }
    return candidates;
}

QByteArray joinNul(const QStringList &names)
{
    QByteArray joined;
    for (const QString &name : names)
        joined += QFile::encodeName(name) + '\0';
    return joined;
}

Async<QByteArray> addToIndex(Git git, QString indexFile, QByteArray names)
{
    const QStringList args{u"update-index"_s, u"-z"_s,        u"--add"_s,
                           u"--remove"_s,     u"--replace"_s, u"--stdin"_s};
    GitCommand command = git.command(args);
    command.indexFile = indexFile;
    command.input = names;
    command.timeoutMs = 300'000;
    co_return co_await gitOutput(git, command);
}

// An index that is missing (a worktree made without files) begins as what was committed.
Async<QByteArray> fillIndex(Git git, QString indexFile)
{
    const QStringList args{u"read-tree"_s, u"HEAD"_s};
    GitCommand command = git.command(args);
    command.indexFile = indexFile;
    co_return co_await gitOutput(git, command);
}

Async<QString> writeTree(Git git, QString indexFile)
{
    GitCommand command = git.command({u"write-tree"_s});
    command.indexFile = indexFile;
    co_return co_await gitLine(git, command);
}

QStringList identity(const GitAuthor &author)
{
    return {QString(u"GIT_AUTHOR_NAME=" + author.name), QString(u"GIT_AUTHOR_EMAIL=" + author.email),
            QString(u"GIT_COMMITTER_NAME=" + author.name), QString(u"GIT_COMMITTER_EMAIL=" + author.email)};
}

Async<QStringList> captureParents(Git git, QString tip)
{
    const auto head = co_await objectOf(git, u"HEAD"_s, u"commit"_s);
    if (!head)
        co_return std::unexpected(head.error());
    if (head->isEmpty() || *head == tip)
        co_return QStringList{tip};
    const auto behind = co_await isAncestor(git, *head, tip);
    if (!behind)
        co_return std::unexpected(behind.error());
    if (*behind)
        co_return QStringList{tip};
    const auto ahead = co_await isAncestor(git, tip, *head);
    if (!ahead)
        co_return std::unexpected(ahead.error());
    co_return *ahead ? QStringList{*head} : QStringList{tip, *head};
}

} // namespace

Async<Snapshot> snapshotTree(Git git, qint64 largeBytes)
{
    const QString gitDir = git.place.gitDir;
    const auto index = co_await resultOf(onPool([gitDir] { return copyIndex(gitDir); }));
    if (!index)
        co_return std::unexpected(index.error());
    if (!QFile::exists(index->path)) {
        const auto filled = co_await fillIndex(git, index->path);
        if (!filled)
            co_return std::unexpected(filled.error());
    }
    const auto status = co_await readStatus(git, index->path);
    if (!status)
        co_return std::unexpected(status.error());
    const auto candidates =
        co_await resultOf(onPool([entries = status->entries, root = git.place.workTree, largeBytes] {
        return withoutLarge(entries, root, largeBytes);
    }));
    if (!candidates)
        co_return std::unexpected(candidates.error());
    if (!candidates->names.isEmpty()) {
        const auto added = co_await addToIndex(git, index->path, candidates->names);
        if (!added)
            co_return std::unexpected(added.error());
    }
    const auto tree = co_await writeTree(git, index->path);
    if (!tree)
        co_return std::unexpected(tree.error());
    co_return Snapshot{.tree = *tree, .nested = status->nested, .large = candidates->large};
}

Async<QStringList> namesUnlike(Git git, QStringList names, QString commit)
{
    if (names.isEmpty())
        co_return names;
    const QString gitDir = git.place.gitDir;
    const auto index = co_await resultOf(onPool([gitDir] { return copyIndex(gitDir); }));
    if (!index)
        co_return std::unexpected(index.error());
    const auto added = co_await addToIndex(git, index->path, joinNul(names));
    if (!added)
        co_return names; // what git cannot read is not what the commit has
    const QStringList args{u"diff-index"_s,   u"--cached"_s,      u"-z"_s, u"--name-only"_s,
                           u"--no-renames"_s, u"--no-ext-diff"_s, commit};
    GitCommand command = git.command(args);
    command.indexFile = index->path;
    const auto output = co_await gitOutput(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    const QStringList unlike = splitNul(*output);
    names.removeIf([all = QSet<QString>(unlike.begin(), unlike.end())](const QString &name) {
        return !all.contains(name);
    });
    co_return names;
}

Async<bool> stageNames(Git git, QStringList names)
{
    const auto added = co_await addToIndex(git, {}, joinNul(names));
    if (!added)
        co_return std::unexpected(added.error());
    co_return true;
}

Async<QString> writeCommit(Git git, NewCommit commit)
{
    QStringList args{u"commit-tree"_s};
    for (const QString &parent : std::as_const(commit.parents))
        args << u"-p"_s << parent;
    args << u"-F"_s << u"-"_s << commit.tree;
    GitCommand command = git.command(args);
    command.input = commit.message.toUtf8();
    command.extraEnvironment = identity(commit.author);
    co_return co_await gitLine(git, command);
}

Async<bool> moveRef(Git git, QString ref, QString to, QString from, QString reason)
{
    if (!isSafeRefName(ref))
        co_return fail(ErrorCode::InvalidArgument, ref, u"ref"_s);
    const QString expected = from.isEmpty() ? QString(to.size(), u'0') : from;
    const QStringList args =
        to.isEmpty()
            ? QStringList{u"update-ref"_s, u"--no-deref"_s, u"-d"_s, ref, from}
            : QStringList{u"update-ref"_s, u"--no-deref"_s, u"--create-reflog"_s, u"-m"_s, reason, ref, to,
                          expected};
    const GitCommand command = git.command(args);
    const auto output = co_await runGit(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    if (output->exitCode == 0)
        co_return true;
    const auto now = co_await objectOf(git, ref, u"commit"_s);
    if (now && *now != from)
        co_return false;
    co_return std::unexpected(gitError(command, *output));
}

Async<QStringList> changedNames(Git git, QString from, QString to)
{
    const QStringList args{
        u"diff-tree"_s,     u"-r"_s, u"-z"_s, u"--name-only"_s, u"--no-renames"_s, u"--no-ext-diff"_s,
        u"--no-textconv"_s, from,    to};
    const auto output = co_await gitOutput(git, args);
    if (!output)
        co_return std::unexpected(output.error());
    co_return splitNul(*output);
}

Async<Capture> captureWorktree(Git git, QString branch, QString message, GitAuthor author)
{
    const auto ref = fullBranchRef(branch);
    if (!ref)
        co_return std::unexpected(ref.error());
    const auto tip = co_await objectOf(git, *ref, u"commit"_s);
    if (!tip)
        co_return std::unexpected(tip.error());
    if (tip->isEmpty())
        co_return fail(ErrorCode::NotFound, branch, u"branch"_s);
    const auto snapshot = co_await snapshotTree(git, 0);
    if (!snapshot)
        co_return std::unexpected(snapshot.error());
    const auto parents = co_await captureParents(git, *tip);
    if (!parents)
        co_return std::unexpected(parents.error());
    Capture capture{.commit = {}, .branchTip = *tip, .branchRef = *ref, .nested = snapshot->nested};
    const auto parentTree = co_await objectOf(git, parents->first(), u"tree"_s);
    if (!parentTree)
        co_return std::unexpected(parentTree.error());
    if (parents->size() == 1 && *parentTree == snapshot->tree) {
        capture.commit = parents->first();
        co_return capture;
    }
    const NewCommit wanted{.tree = snapshot->tree, .parents = *parents, .message = message, .author = author};
    const auto commit = co_await writeCommit(git, wanted);
    if (!commit)
        co_return std::unexpected(commit.error());
    capture.commit = *commit;
    co_return capture;
}

} // namespace muster
