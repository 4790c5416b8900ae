#include "core/node/work/output_files.h"

#include "core/agent/permission_rule.h"

#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostEntries = 100'000;

bool isOwnFile(const QFileInfo &file) { return file.isFile() && !file.isSymLink(); }

// The folder that all matches are in: what comes before the part with the first wildcard.
QString startOf(const QString &pattern)
{
    static const QRegularExpression wildcard(u"[*?\\[]"_s);
    const qsizetype first = pattern.indexOf(wildcard);
    const qsizetype slash = pattern.lastIndexOf(u'/', first);
    return slash < 0 ? QString() : pattern.first(slash);
}

QStringList matching(const QString &folder, const QString &pattern)
{
    QStringList found;
    const QDir root(folder);
    QDirIterator each(root.filePath(startOf(pattern)), QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                      QDirIterator::Subdirectories);
    for (int seen = 0; each.hasNext() && seen < mostEntries; ++seen) {
        each.next();
        const QString relative = root.relativeFilePath(each.filePath());
        if (!relative.startsWith(".git/"_L1) && isOwnFile(each.fileInfo()) &&
            matchesPath(pattern, relative) == PatternMatch::Yes)
            found.append(relative);
    }
    return found;
}

} // namespace

OutputFiles findOutputFiles(const QString &folder, const QStringList &patterns)
{
    OutputFiles files;
    for (const QString &pattern : patterns) {
        QStringList found;
        if (hasWildcard(pattern))
            found = matching(folder, pattern);
        else if (isOwnFile(QFileInfo(QDir(folder), pattern)))
            found.append(pattern);
        if (found.isEmpty())
            files.missing.append(pattern);
        files.found += found;
    }
    files.found.removeDuplicates();
    files.found.sort();
    return files;
}

QString outputFilesFault(const OutputFiles &files)
{
    return files.missing.isEmpty() ? QString() : (QStringList{u"output_files"_s} + files.missing).join(u'\t');
}

} // namespace muster
