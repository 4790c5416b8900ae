#include "core/workspace/project.h"

#include "core/workspace/git_command.h"
#include "core/workspace/stack_scan.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <unistd.h>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxLine = 8192;

QString firstLine(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QFile::decodeName(file.readLine(kMaxLine)).trimmed();
}

bool looksLikeGitDir(const QString &path)
{
    return QFileInfo(path + u"/HEAD").isFile() &&
           (QFileInfo(path + u"/objects").isDir() || QFileInfo(path + u"/commondir").isFile());
}

// Upwards, as git does, but never past a folder that is somebody else's mount point of choice: the top.
QString topWithGit(const QString &start)
{
    for (QDir folder(start);;) {
        const QFileInfo git(folder.filePath(u".git"_s));
        if (git.exists() && (git.isFile() || looksLikeGitDir(git.filePath())))
            return folder.path();
        if (folder.isRoot() || !folder.cdUp())
            return {};
    }
}

Result<QString> gitDirOf(const QString &root)
{
    const QFileInfo git(root + u"/.git");
    if (git.isDir())
        return git.canonicalFilePath();
    const QString line = firstLine(git.filePath());
    if (!line.startsWith(u"gitdir: "))
        return fail(ErrorCode::Unsupported, git.filePath(), u"broken_git_file"_s);
    QString named = QFileInfo(QDir(root).absoluteFilePath(line.mid(8))).canonicalFilePath();
    if (named.isEmpty() || !looksLikeGitDir(named))
        return fail(ErrorCode::Unsupported, git.filePath(), u"broken_git_file"_s);
    return named;
}

QString commonDirOf(const QString &gitDir)
{
    const QString named = firstLine(gitDir + u"/commondir");
    if (named.isEmpty())
        return gitDir;
    const QString common = QFileInfo(QDir(gitDir).absoluteFilePath(named)).canonicalFilePath();
    return common.isEmpty() ? gitDir : common;
}

bool isPacked(const QString &commonDir, const QString &ref)
{
    QFile packed(commonDir + u"/packed-refs");
    if (!packed.open(QIODevice::ReadOnly))
        return false;
    const QByteArray wanted = ' ' + ref.toUtf8();
    while (!packed.atEnd()) {
        if (packed.readLine(kMaxLine).trimmed().endsWith(wanted))
            return true;
    }
    return false;
}

void readHead(ProjectInfo &info)
{
    const QString head = firstLine(info.gitDir + u"/HEAD");
    const QString ref = head.startsWith(u"ref: ") ? head.mid(5).trimmed() : QString();
    if (ref.startsWith(u"refs/heads/"))
        info.headBranch = ref.mid(11);
    // With reftable, refs are no files: whether there is a commit is then for git to say.
    info.hasCommit = ref.isEmpty()
                         ? isObjectId(head)
                         : QFile::exists(info.commonDir + u'/' + ref) || isPacked(info.commonDir, ref) ||
                               QFile::exists(info.commonDir + u"/reftable");
}

} // namespace

Status requireFolder(const QString &path)
{
    const QFileInfo folder(path);
    if (!folder.isDir())
        return fail(ErrorCode::NotFound, path, folder.exists() ? u"not_a_folder"_s : u"no_folder"_s);
    return {};
}

Result<ProjectInfo> detectProject(const QString &path)
{
    if (const Status there = requireFolder(path); !there)
        return std::unexpected(there.error());
    const QFileInfo folder(path);
    if (!folder.isReadable() || !folder.isExecutable())
        return fail(ErrorCode::PermissionDenied, path, u"unreadable_folder"_s);
    const QString start = folder.canonicalFilePath();
    const QString name = QFileInfo(start).fileName();
    if (looksLikeGitDir(start) || start.contains(u"/.git/") || name == u".git")
        return fail(ErrorCode::Unsupported, start, u"git_folder"_s);
    ProjectInfo info;
    const QString top = topWithGit(start);
    info.root = top.isEmpty() ? start : top;
    info.name = info.root == u"/" ? u"root"_s : QFileInfo(info.root).fileName();
    info.isGit = !top.isEmpty();
    if (info.isGit) {
        auto gitDir = gitDirOf(info.root);
        if (!gitDir)
            return std::unexpected(gitDir.error());
        info.gitDir = *gitDir;
        info.commonDir = commonDirOf(info.gitDir);
        info.foreignOwner = QFileInfo(info.commonDir).ownerId() != ::geteuid();
        readHead(info);
    }
    info.stacks = detectStacks(info.root);
    return info;
}

} // namespace muster
