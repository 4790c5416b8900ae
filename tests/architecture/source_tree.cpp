#include "tests/architecture/source_tree.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::architecture {

namespace {

bool isSkipped(const QString &folder)
{
    return folder == "build"_L1 || (folder.startsWith(u'.') && folder != ".ci"_L1);
}

void collect(const QDir &top, const QString &folder, const QStringList &patterns, QStringList &files)
{
    const QDir dir(top.filePath(folder));
    const QString prefix = folder.isEmpty() ? QString() : QString(folder + u'/');
    const QStringList names = dir.entryList(patterns, QDir::Files | QDir::Hidden);
    for (const QString &name : names)
        files.append(prefix + name);
    const QStringList folders =
        dir.entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot | QDir::NoSymLinks);
    for (const QString &name : folders) {
        if (!isSkipped(prefix + name))
            collect(top, prefix + name, patterns, files);
    }
}

} // namespace

QStringList sourceFiles(const QString &root, const QStringList &patterns)
{
    QStringList files;
    collect(QDir(root), {}, patterns, files);
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
