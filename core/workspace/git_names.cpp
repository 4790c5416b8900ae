#include "core/workspace/git_command.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaxRefLength = 200; // a ref is a file name with ".lock" added

bool isSafeRefComponent(QStringView component)
{
    return !component.isEmpty() && component != u"@" && !component.startsWith(u'.') &&
           !component.startsWith(u'-') && !component.endsWith(u'.') && !component.endsWith(u".lock") &&
           !component.contains(u"..") && !component.contains(u"@{");
}

bool isForbiddenInRef(QChar c)
{
    return c.unicode() <= 0x20 || c.unicode() == 0x7f || u"~^:?*[\\"_s.contains(c);
}

} // namespace

bool isSafeRefName(const QString &fullRef)
{
    if (!fullRef.startsWith(u"refs/") || fullRef.size() > kMaxRefLength ||
        std::ranges::any_of(fullRef, isForbiddenInRef))
        return false;
    const QList<QStringView> components = QStringView(fullRef).split(u'/');
    return components.size() >= 3 && std::ranges::all_of(components, isSafeRefComponent);
}

Result<QString> fullBranchRef(const QString &branch)
{
    QString full = branch.startsWith(u"refs/") ? branch : QString(u"refs/heads/" + branch);
    if (branch == u"HEAD" || !full.startsWith(u"refs/heads/") || !isSafeRefName(full))
        return fail(ErrorCode::InvalidArgument, branch, u"branch"_s);
    return full;
}

bool isObjectId(QStringView text)
{
    const auto isHex = [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
    };
    return (text.size() == 40 || text.size() == 64) && std::ranges::all_of(text, isHex);
}

QString refComponent(const QString &text)
{
    QString clean;
    const QString beginning = text.left(80);
    for (const QChar c : beginning) {
        const bool plain = c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'_' || c == u'-');
        const bool dot = c == u'.' && !clean.isEmpty() && !clean.endsWith(u'.');
        clean += plain || dot ? c : QChar(u'-');
    }
    while (clean.startsWith(u'-') || clean.startsWith(u'.'))
        clean.remove(0, 1);
    while (clean.endsWith(u'.') || clean.endsWith(u".lock"))
        clean.chop(1);
    return clean.isEmpty() ? u"x"_s : clean;
}

} // namespace muster
