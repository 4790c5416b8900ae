#include "app/demo_agent/answer/path_guard.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// The nearest folder above that exists, with its links followed.
QString realFolderAbove(const QString &path)
{
    QString folder = QFileInfo(path).path();
    while (!QFileInfo::exists(folder) && folder != "/"_L1)
        folder = QFileInfo(folder).path();
    return QFileInfo(folder).canonicalFilePath();
}

bool isWithin(const QString &path, const QString &root)
{
    return path == root || path.startsWith(root + u'/');
}

} // namespace

Result<QString> pathInside(const QString &root, const QString &path)
{
    const QString base = QFileInfo(root).canonicalFilePath();
    if (path.trimmed().isEmpty() || base.isEmpty() || path.contains(QChar(0)))
        return fail(ErrorCode::InvalidArgument, path);
    QString wanted = QDir::cleanPath(QDir(base).absoluteFilePath(path));
    const QFileInfo info(wanted);
    if (info.isDir())
        return fail(ErrorCode::InvalidArgument, path);
    // A link as the last part is refused even if it leads to nothing yet: writing would create its target.
    if (info.isSymLink() && !isWithin(info.canonicalFilePath(), base))
        return fail(ErrorCode::PermissionDenied, path);
    const bool gitFolder =
        isWithin(wanted, base + u"/.git"_s) || realFolderAbove(wanted).contains("/.git/"_L1);
    if (!isWithin(wanted, base) || !isWithin(realFolderAbove(wanted), base) || gitFolder)
        return fail(ErrorCode::PermissionDenied, path);
    return wanted;
}

} // namespace muster::demo
