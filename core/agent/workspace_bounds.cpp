#include "core/agent/workspace_bounds.h"

#include "core/agent/sensitive_paths.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// As the system resolves it: ".." after a link is the parent of the link's target. Empty: cannot be told.
QString resolved(const QString &path, const QString &from)
{
    // A backslash is a letter here, and a separator where Windows reads it.
    const bool windows = path.startsWith(u"\\\\") || path.contains(u"..\\") || path.contains(u"\\..");
    if (path.isEmpty() || path.contains(QChar(0)) || windows)
        return {};
    QString real = path.startsWith(u'/') ? QString() : from;
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (part == u".")
            continue;
        if (part == u"..") {
            real = real.left(std::max<qsizetype>(real.lastIndexOf(u'/'), 0));
            continue;
        }
        real += u'/' + part;
        if (QFileInfo(real).isSymLink()) {
            real = QFileInfo(real).canonicalFilePath();
            if (real.isEmpty())
                return {};
        }
    }
    return real.isEmpty() ? u"/"_s : real;
}

} // namespace

// Folders and files that other programs run, or take their orders from, without being asked.
bool isProtectedPath(const QString &relative)
{
    static constexpr std::array<QStringView, 15> names{
        u".git",    u".muster",   u".githooks",      u".husky",     u".claude",
        u".vscode", u".idea",     u".devcontainer",  u".envrc",     u".gitmodules",
        u".hg",     u".mcp.json", u".gitattributes", u".gitconfig", u".pre-commit-config.yaml"};
    const QStringList parts = relative.toLower().split(u'/');
    return std::ranges::any_of(
        parts, [](const QString &part) { return std::ranges::contains(names, QStringView(part)); });
}

WorkspaceBounds::WorkspaceBounds(const QString &root)
    : m_root(root.isEmpty() ? QString() : QFileInfo(root).canonicalFilePath())
{
}

FoundPath WorkspaceBounds::find(const QString &path, const QString &from) const
{
    if (m_root.isEmpty())
        return {};
    FoundPath found{.absolute = resolved(path, from)};
    if (found.absolute.isEmpty())
        return {};
    if (found.absolute != m_root && !found.absolute.startsWith(m_root + u'/')) {
        found.place = PathPlace::Outside;
        return found;
    }
    found.relative = found.absolute.sliced(std::min(found.absolute.size(), m_root.size() + 1));
    // Also by the name that was used: a link called .env is asked for whatever it leads to.
    const QString asNamed = path.startsWith(m_root + u'/') ? path.sliced(m_root.size() + 1) : path;
    if (isProtectedPath(found.relative) || (!path.startsWith(u'/') && isProtectedPath(asNamed)))
        found.place = PathPlace::Protected;
    else if (isSensitivePath(found.relative) || isSensitivePath(asNamed))
        found.place = PathPlace::Sensitive;
    else
        found.place = PathPlace::Inside;
    return found;
}

QStringList WorkspaceBounds::pathsIn(const QString &argument)
{
    static const QRegularExpression address(u"\\A(?:https?|ssh|git|ftps?)://[A-Za-z0-9]"_s);
    static const QRegularExpression cluster(u"\\A-[A-Za-z0-9]+(?=[/~.])"_s);
    if (argument.isEmpty() || address.match(argument).hasMatch())
        return {};
    QStringList paths;
    if (!argument.startsWith(u'-'))
        paths += argument;
    else if (!argument.startsWith(u"--") && argument.size() > 2)
        paths += argument.sliced(2); // -fFILE
    if (const auto match = cluster.match(argument); match.hasMatch())
        paths += argument.sliced(match.capturedEnd()); // -xf/FILE
    for (qsizetype i = 0; i + 1 < argument.size(); ++i) {
        const QChar c = argument[i];
        if (c != u'=' && c != u':' && c != u',' && c != u'@')
            continue;
        const QString rest = argument.sliced(i + 1);
        paths += rest;
        const auto *const separator =
            std::ranges::find_if(rest, [](QChar s) { return s == u':' || s == u','; });
        if (separator != rest.end())
            paths += rest.first(separator - rest.begin());
    }
    paths.removeAll(QString());
    return paths;
}

} // namespace muster
