#include "core/workspace/path_rules.h"

#include <QDir>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaxComponent = 255;
constexpr qsizetype kMaxPath = 4096;

// Code points that HFS+ leaves out of names when it compares them.
bool isIgnored(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= 0x200c && u <= 0x200f) || (u >= 0x202a && u <= 0x202e) || (u >= 0x206a && u <= 0x206f) ||
           u == 0xfeff;
}

bool isForeignRoot(const QString &path)
{
    const bool drive = path.size() > 1 && path.at(1) == u':' && path.at(0).isLetter();
    return drive || path.startsWith(u"\\\\") || path.startsWith(u"//");
}

} // namespace

Result<QString> insideByName(const QString &root, const QString &path)
{
    if (path.isEmpty() || path.contains(QChar(u'\0')) || path.toUtf8().size() > kMaxPath)
        return fail(ErrorCode::InvalidArgument, path.left(200), u"path"_s);
    if (isForeignRoot(path))
        return fail(ErrorCode::PermissionDenied, path, u"outside"_s);
    const QString clean = QDir::cleanPath(path.startsWith(u'/') ? path : QString(root + u'/' + path));
    const QString top = root == u"/" ? root : QString(root + u'/');
    if (clean != root && !clean.startsWith(top))
        return fail(ErrorCode::PermissionDenied, path, u"outside"_s);
    const QList<QStringView> components = QStringView(clean).split(u'/');
    for (const QStringView component : components) {
        if (component.toUtf8().size() > kMaxComponent)
            return fail(ErrorCode::InvalidArgument, path.left(200), u"path"_s);
    }
    return clean;
}

bool isGitName(const QString &component)
{
    QString name = component.toLower();
    name.removeIf(isIgnored);
    name = name.section(u':', 0, 0); // NTFS streams
    while (name.endsWith(u'.') || name.endsWith(u' '))
        name.chop(1);
    return name == u".git" || name == u"git~1";
}

bool hasGitName(const QString &relativePath)
{
    const QStringList components = relativePath.split(u'/', Qt::SkipEmptyParts);
    return std::any_of(components.begin(), components.end(), isGitName);
}

} // namespace muster
