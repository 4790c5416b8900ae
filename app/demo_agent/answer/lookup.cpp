#include "app/demo_agent/answer/lookup.h"

#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/symbols.h"

#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QSet<QString> allPaths(const Repository &repository)
{
    QSet<QString> paths;
    for (const FileFacts &file : repository.files) {
        for (QString path = file.path; !path.isEmpty() && !paths.contains(path);) {
            paths.insert(path);
            path = path.contains(u'/') ? path.section(u'/', 0, -2) : QString();
        }
    }
    return paths;
}

QString cleanedToken(QString token)
{
    static const QRegularExpression wrap(uR"(^[`"'(\[“<]+|[`"')\]”>,;:!?]+\.?$)"_s);
    token.replace(wrap, QString());
    if (token.startsWith("./"_L1))
        token = token.sliced(2);
    while (token.size() > 1 && (token.endsWith(u'/') || token.endsWith(u'.')))
        token.chop(1);
    return token;
}

QStringList tokensOf(const QString &text)
{
    static const QRegularExpression blanks(uR"(\s+)"_s);
    QStringList tokens;
    const QStringList words = text.split(blanks, Qt::SkipEmptyParts);
    for (const QString &word : words)
        tokens.append(cleanedToken(word));
    return tokens;
}

// Paths with blanks in them are no tokens, so they are looked for as they are.
QString pathWithBlanks(const QSet<QString> &paths, const QString &text)
{
    QString best;
    for (const QString &path : paths) {
        if (path.contains(u' ') && path.size() > best.size() && text.contains(path))
            best = path;
    }
    return best;
}

QString byLastName(const Repository &repository, const QSet<QString> &paths, const QStringList &tokens)
{
    static const QSet<QString> common{
        u"the"_s, u"of"_s,   u"and"_s,   u"this"_s,      u"module"_s, u"do"_s,   u"does"_s,   u"what"_s,
        u"in"_s,  u"read"_s, u"it"_s,    u"is"_s,        u"a"_s,      u"file"_s, u"folder"_s, u"about"_s,
        u"me"_s,  u"for"_s,  u"lines"_s, u"summarise"_s, u"five"_s,   u"tell"_s};
    QString best;
    for (const QString &token : tokens) {
        if (token.size() < 2 || common.contains(token.toLower()))
            continue;
        for (const QString &path : paths) {
            const QString last = path.section(u'/', -1);
            const bool same = last.compare(token, Qt::CaseInsensitive) == 0 ||
                              (last.section(u'.', 0, 0).compare(token, Qt::CaseInsensitive) == 0 &&
                               repository.file(path) != nullptr);
            const auto weight = [](const QString &p) {
                return std::tuple(p.count(u'/'), p.contains(u'.'), p);
            };
            if (same && (best.isEmpty() || weight(path) < weight(best)))
                best = path;
        }
    }
    return best;
}

QByteArray lineAt(const QByteArray &text, qsizetype at, int &line)
{
    line = static_cast<int>(QByteArrayView(text).first(at).count('\n')) + 1;
    const qsizetype begin = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    const qsizetype end = text.indexOf('\n', at);
    return text.sliced(begin, (end < 0 ? text.size() : end) - begin).trimmed();
}

} // namespace

QString pathIn(const Repository &repository, const QString &text)
{
    const QSet<QString> paths = allPaths(repository);
    const QStringList tokens = tokensOf(text);
    QString best = pathWithBlanks(paths, text);
    for (const QString &token : tokens) {
        const bool pathLike = token.contains(u'/') || token.contains(u'.') || paths.contains(token);
        if (pathLike && paths.contains(token) && token.size() > best.size())
            best = token;
    }
    if (!best.isEmpty())
        return best;
    static const QRegularExpression dot(uR"((^|\s)[`"']?\.[`"']?(\s|$))"_s);
    if (dot.match(text).hasMatch())
        return u"."_s;
    return byLastName(repository, paths, tokens);
}

QString missingPathIn(const QString &text)
{
    const QStringList tokens = tokensOf(text);
    for (const QString &token : tokens) {
        if (token.size() > 2 &&
            (token.contains(u'/') || (token.contains(u'.') && token.section(u'.', -1).size() < 5)))
            return token;
    }
    return {};
}

QString whereDefined(const Repository &repository, const QString &name, const StopCheck &stop)
{
    const QString last = name.section(QRegularExpression(uR"(::|\.)"_s), -1);
    const QByteArray bytes = last.toUtf8();
    QStringList found;
    for (const FileFacts &file : repository.files) {
        if (stopped(stop))
            return {};
        if (!file.isCode())
            continue;
        const QByteArray text = textOf(repository, file.path);
        if (!text.contains(bytes))
            continue;
        for (const Symbol &symbol : symbolsOf(text, *file.language, file.path)) {
            if (symbol.name != last && symbol.name.section(u"::"_s, -1) != last)
                continue;
            found.append(u"- "_s + code(file.path + u':' + QString::number(symbol.line)) + u" ("_s +
                         symbol.kind + u')' +
                         (symbol.doc.isEmpty() ? QString() : QString(u": "_s + symbol.doc)));
        }
    }
    if (found.isEmpty())
        return u"I found no declaration of "_s + code(name) +
               u". I look for it line by line in the languages whose declarations I know, so it may still be there; “find "_s +
               name + u"” searches for the plain text."_s;
    const qsizetype places = found.size();
    if (places > 20)
        found = found.first(20) + QStringList{u"- and "_s + number(places - 20) + u" more"_s};
    return code(name) + u" is declared in "_s + counted(places, u"place"_s) + u":\n\n"_s + found.join(u'\n') +
           u'\n';
}

QString findText(const Repository &repository, const QString &text, const StopCheck &stop)
{
    constexpr int maxShown = 30;
    const QByteArray wanted = text.toUtf8();
    int hits = 0;
    int files = 0;
    QString list;
    for (const FileFacts &file : repository.files) {
        if (stopped(stop))
            return {};
        if (file.foreign)
            continue;
        const QByteArray content = textOf(repository, file.path);
        bool inFile = false;
        for (qsizetype at = content.indexOf(wanted); at >= 0; at = content.indexOf(wanted, at)) {
            const qsizetype end = content.indexOf('\n', at); // a line is named once
            const qsizetype hit = std::exchange(at, end < 0 ? content.size() : end);
            inFile = true;
            if (++hits > maxShown)
                continue;
            int line = 0;
            const QByteArray shown = lineAt(content, hit, line);
            list += u"- "_s + code(file.path + u':' + QString::number(line)) + u": "_s +
                    shortened(QString::fromUtf8(shown), 120) + u'\n';
        }
        files += inFile ? 1 : 0;
    }
    if (hits == 0)
        return u"“"_s + text + u"” stands nowhere in the files that I read (capitals count)."_s;
    QString answer = u"“"_s + text + u"” stands in "_s + counted(hits, u"line"_s) + u" of "_s +
                     counted(files, u"file"_s) + u":\n\n"_s + list;
    if (hits > maxShown)
        answer += u"- and "_s + number(hits - maxShown) + u" more\n"_s;
    return answer;
}

} // namespace muster::demo
