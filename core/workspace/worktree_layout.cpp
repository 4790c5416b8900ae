#include "core/workspace/worktree_layout.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <array>
#include <filesystem>

namespace muster {

using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

constexpr qint64 kMaxLine = 8192;
constexpr std::array kOperations{"MERGE_HEAD",   "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD",
                                 "rebase-merge", "rebase-apply",     "BISECT_LOG"};
constexpr std::array kLeftovers{"MERGE_MSG", "MERGE_MODE", "AUTO_MERGE",
                                "sequencer", "index.lock", "HEAD.lock"};

QString firstLine(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QFile::decodeName(file.readLine(kMaxLine)).trimmed();
}

fs::path native(const QString &path) { return fs::path(QFile::encodeName(path).toStdString()); }

// Folders without write permission (module caches have them) cannot be emptied.
void makeWritable(const fs::path &root)
{
    std::error_code error;
    const auto allow = [&](const fs::path &folder) {
        fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow,
                        error);
    };
    allow(root);
    auto it = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied, error);
    while (!error && it != fs::recursive_directory_iterator()) {
        if (it->symlink_status(error).type() == fs::file_type::directory)
            allow(it->path());
        it.increment(error);
    }
}

} // namespace

std::vector<LinkedTree> linkedTrees(const QString &commonDir)
{
    std::vector<LinkedTree> trees;
    const QDir folder(commonDir + u"/worktrees");
    const QStringList names = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Hidden, QDir::Name);
    for (const QString &name : names) {
        const QString gitDir = folder.filePath(name);
        const QString gitFile = firstLine(gitDir + u"/gitdir");
        if (!gitFile.endsWith(u"/.git"))
            continue;
        const QString absolute = QDir::cleanPath(QDir(gitDir).absoluteFilePath(gitFile));
        trees.push_back({.gitDir = gitDir,
                         .path = absolute.chopped(5),
                         .complete = QFile::exists(gitDir + u"/index") &&
                                     firstLine(gitDir + u"/locked") != u"initializing"});
    }
    return trees;
}

Result<QString> linkedGitDir(const QString &treePath, const QString &commonDir)
{
    const QString line = firstLine(treePath + u"/.git");
    if (!line.startsWith(u"gitdir: "))
        return fail(ErrorCode::Corrupt, line, treePath + u"/.git");
    QString named = QFileInfo(QDir(treePath).absoluteFilePath(line.mid(8))).canonicalFilePath();
    const QString parent = QFileInfo(commonDir + u"/worktrees").canonicalFilePath();
    if (named.isEmpty() || parent.isEmpty() || QFileInfo(named).path() != parent)
        return fail(ErrorCode::Corrupt, line, treePath + u"/.git");
    return named;
}

Status restoreCommonDir(const QString &gitDir, const QString &commonDir)
{
    const QFileInfo record(gitDir + u"/commondir");
    const bool exists = record.exists() || record.isSymLink();
    if (gitDir == commonDir)
        return exists ? fail(ErrorCode::Corrupt, record.filePath()) : Status();
    const QString named = QDir(gitDir).absoluteFilePath(firstLine(record.filePath()));
    if (record.isFile() && !record.isSymLink() && QFileInfo(named).canonicalFilePath() == commonDir)
        return {};
    QSaveFile file(record.filePath());
    file.setDirectWriteFallback(false);
    const QByteArray line = QFile::encodeName(commonDir) + '\n';
    if (!QFile::exists(gitDir) || (exists && !QFile::remove(record.filePath())) ||
        !file.open(QIODevice::WriteOnly) || file.write(line) != line.size() || !file.commit())
        return fail(ErrorCode::Io, record.filePath());
    return {};
}

QStringList operationsUnderWay(const QString &gitDir)
{
    QStringList found;
    for (const char *name : kOperations) {
        if (QFile::exists(gitDir + u'/' + QLatin1StringView(name)))
            found << QString::fromLatin1(name);
    }
    return found;
}

void forgetOperations(const QString &gitDir)
{
    std::error_code ignored;
    for (const char *name : kOperations)
        fs::remove_all(native(gitDir) / name, ignored);
    for (const char *name : kLeftovers)
        fs::remove_all(native(gitDir) / name, ignored);
}

void forgetLocks(const GitPlace &place, const QString &ref)
{
    std::error_code ignored;
    fs::remove(native(place.commonDir + u'/' + ref + u".lock"), ignored);
    fs::remove(native(place.gitDir) / "HEAD.lock", ignored);
}

Status removeFolder(const QString &path)
{
    std::error_code error;
    const fs::path root = native(path);
    const auto type = fs::symlink_status(root, error).type();
    if (type == fs::file_type::not_found)
        return {};
    if (type == fs::file_type::directory)
        fs::remove_all(root, error);
    else
        fs::remove(root, error);
    if (error) {
        makeWritable(root);
        error.clear();
        fs::remove_all(root, error);
    }
    if (error)
        return fail(ErrorCode::Io, QString::fromStdString(error.message()), path);
    return {};
}

} // namespace muster
