#include "tests/architecture/source_tree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::architecture {

QStringList sourceFiles(const QString &root, const QStringList &patterns)
{
    QStringList files;
    const QDir top(root);
    QDirIterator it(root, patterns, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = top.relativeFilePath(it.next());
        const bool hidden = path.startsWith(u'.') && !path.startsWith(".c"_L1);
        if (!hidden && !path.startsWith("build/"_L1) && !path.startsWith(".cache/"_L1))
            files.append(path);
    }
    std::ranges::sort(files);
    return files;
}

QString readText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString blanked(const QString &source, Blank what)
{
    if (what == Blank::Nothing)
        return source;
    // In this order: a quote inside a comment and a comment inside a string are both told apart by what
    // begins first; a character literal such as '"' begins neither.
    static const QRegularExpression token(
        u"//[^\\n]*|/\\*.*?\\*/|R\"(\\w*)\\(.*?\\)\\1\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)+'"_s,
        QRegularExpression::DotMatchesEverythingOption);
    QString result = source;
    auto matches = token.globalMatch(source);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const bool isComment = match.capturedView().startsWith(u'/');
        if (what == (isComment ? Blank::Strings : Blank::Comments))
            continue;
        for (qsizetype i = match.capturedStart(); i < match.capturedEnd(); ++i) {
            if (result.at(i) != u'\n')
                result[i] = u' ';
        }
    }
    return result;
}

} // namespace muster::architecture
