#include "core/workspace/checked_out.h"

#include "core/workspace/git_status.h"
#include "core/workspace/snapshot.h"
#include "core/workspace/worktree_layout.h"

#include <QFile>
#include <QFileInfo>
#include <QSet>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct ListedTree {
    QString path;
    QString branch; // full ref
    bool bare = false;
};

// `git worktree list --porcelain -z`: lines end with NUL, records with an empty line; the main tree is first.
std::vector<ListedTree> parseTrees(const QByteArray &output)
{
    std::vector<ListedTree> trees;
    const QList<QByteArray> lines = output.split('\0');
    for (const QByteArray &line : lines) {
        if (line.startsWith("worktree "))
            trees.push_back({.path = QFile::decodeName(line.mid(9)), .branch = {}, .bare = false});
        else if (line.startsWith("branch ") && !trees.empty())
            trees.back().branch = QFile::decodeName(line.mid(7));
        else if (line == "bare" && !trees.empty())
            trees.back().bare = true;
    }
    return trees;
}

QString gitDirOf(const QString &path, const QString &commonDir)
{
    for (const LinkedTree &tree : linkedTrees(commonDir)) {
        if (tree.path == path)
            return tree.gitDir;
    }
    return {};
}

struct Names {
    QStringList changed;
    QStringList added;
};

Names parseNameStatus(const QByteArray &output)
{
    Names names;
    const QStringList parts = splitNul(output);
    for (qsizetype i = 0; i + 1 < parts.size(); i += 2) {
        names.changed << parts.at(i + 1);
        if (parts.at(i) == u"A")
            names.added << parts.at(i + 1);
    }
    return names;
}

// Something stands where the file or one of its folders is to be.
bool isOccupied(const QString &root, const QString &name)
{
    const QFileInfo file(root + u'/' + name);
    if (file.exists() || file.isSymLink())
        return true;
    for (qsizetype slash = name.indexOf(u'/'); slash > 0; slash = name.indexOf(u'/', slash + 1)) {
        const QFileInfo folder(root + u'/' + name.left(slash));
        if (folder.isSymLink() || (folder.exists() && !folder.isDir()))
            return true;
    }
    return false;
}

QStringList occupied(const QString &root, const QStringList &added)
{
    QStringList found;
    for (const QString &name : added) {
        if (isOccupied(root, name))
            found << name;
    }
    return found;
}

Async<QStringList> withoutKnown(Git git, QStringList names)
{
    if (names.isEmpty())
        co_return names;
    const QStringList args{u"ls-files"_s, u"-z"_s};
    const auto listed = co_await gitOutput(git, args);
    if (!listed)
        co_return std::unexpected(listed.error());
    const QStringList list = splitNul(*listed);
    const QSet<QString> known(list.begin(), list.end());
    // A tracked file in place of a folder to be: git itself sees to it.
    names.removeIf([&](const QString &name) {
        for (qsizetype slash = name.indexOf(u'/'); slash > 0; slash = name.indexOf(u'/', slash + 1)) {
            if (known.contains(name.left(slash)))
                return true;
        }
        return known.contains(name);
    });
    co_return names;
}

} // namespace

Async<GitPlace> placeWithBranch(Git git, QString ref)
{
    const QStringList args{u"worktree"_s, u"list"_s, u"--porcelain"_s, u"-z"_s};
    const auto output = co_await gitOutput(git, args);
    if (!output)
        co_return std::unexpected(output.error());
    const std::vector<ListedTree> trees = parseTrees(*output);
    for (std::size_t i = 0; i < trees.size(); ++i) {
        if (trees[i].branch != ref || trees[i].bare)
            continue;
        const QString common = git.place.commonDir;
        const QString gitDir = i == 0 ? common : gitDirOf(trees[i].path, common);
        if (gitDir.isEmpty())
            co_return fail(ErrorCode::Corrupt, trees[i].path, u"worktree"_s);
        co_return GitPlace{.gitDir = gitDir, .commonDir = common, .workTree = trees[i].path};
    }
    co_return GitPlace{};
}

Async<TouchedFiles> touchedFiles(Git git, QString from, QString to)
{
    const QStringList args{
        u"diff-tree"_s,     u"-r"_s, u"-z"_s, u"--name-status"_s, u"--no-renames"_s, u"--no-ext-diff"_s,
        u"--no-textconv"_s, from,    to};
    const auto output = co_await gitOutput(git, args);
    if (!output)
        co_return std::unexpected(output.error());
    const Names names = parseNameStatus(*output);
    const auto status = co_await readStatus(git, {});
    if (!status)
        co_return std::unexpected(status.error());
    const QSet<QString> changed(names.changed.begin(), names.changed.end());
    QSet<QString> touched;
    QStringList unmerged;
    for (const StatusEntry &entry : status->entries) {
        const QString path = QFile::decodeName(entry.path);
        if (entry.unmerged)
            unmerged << path;
        else if (changed.contains(path))
            touched.insert(path);
    }
    const auto found = co_await resultOf(onPool([root = git.place.workTree, added = names.added] {
        return Result<QStringList>(occupied(root, added));
    }));
    if (!found)
        co_return std::unexpected(found.error());
    const auto unknown = co_await withoutKnown(git, *found);
    if (!unknown)
        co_return std::unexpected(unknown.error());
    touched += QSet<QString>(unknown->begin(), unknown->end());
    TouchedFiles files;
    files.there = touched.values();
    files.there.sort();
    const auto unlike = co_await namesUnlike(git, files.there, to);
    if (!unlike)
        co_return std::unexpected(unlike.error());
    files.inTheWay = *unlike + unmerged;
    files.there.removeIf([&](const QString &name) { return unlike->contains(name); });
    co_return files;
}

} // namespace muster
