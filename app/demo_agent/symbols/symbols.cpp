#include "app/demo_agent/symbols/symbols.h"

#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/doc_comment.h"
#include "app/demo_agent/symbols/extractors.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QStringList linesOf(const QByteArray &text)
{
    QStringList lines = QString::fromUtf8(text).split(u'\n');
    for (QString &line : lines) {
        if (line.endsWith(u'\r'))
            line.chop(1);
    }
    return lines;
}

// "store.cpp - keeps things" and "name.py: does that" repeat the file's own name.
QString withoutOwnName(QString text, const QString &path)
{
    const QString name = path.section(u'/', -1);
    const QString stem = name.section(u'.', 0, 0);
    const QRegularExpression own(uR"(^(\$Id[^$]*\$|[\w./-]*\b)"_s +
                                     QRegularExpression::escape(stem).replace(u"_"_s, u"_?"_s) +
                                     uR"((\.\w+)?)\s*(--?|—|–|:)\s+)"_s,
                                 QRegularExpression::CaseInsensitiveOption);
    text.replace(own, QString());
    if (!text.isEmpty() && text.front().isLower() && text.size() > 1 && !text.at(1).isUpper())
        text[0] = text.at(0).toUpper();
    return text;
}

QString rustInnerDoc(const QStringList &lines)
{
    QStringList doc;
    for (const QString &line : lines) {
        if (line.startsWith("//!"_L1))
            doc.append(line.sliced(3).trimmed());
        else if (!doc.isEmpty() || (!line.trimmed().isEmpty() && !line.startsWith("//"_L1)))
            break;
    }
    return doc.join(u'\n');
}

// What is left without titles (underlined lines) and without what only lawyers and editors read.
QStringList paragraphsOf(const QString &comment)
{
    static const QRegularExpression title(uR"(^[^\n]*\n[ \t]*([~=\-^*"#])\1{2,}[ \t]*(\n|$))"_s,
                                          QRegularExpression::MultilineOption);
    static const QRegularExpression blank(uR"(\n\s*\n)"_s);
    QString text = comment;
    text.replace(title, u"\n"_s);
    QStringList paragraphs;
    const QStringList parts = text.split(blank, Qt::SkipEmptyParts);
    for (const QString &paragraph : parts) {
        if (!paragraph.trimmed().isEmpty() && !isBoilerplate(paragraph))
            paragraphs.append(paragraph.trimmed());
        if (paragraphs.size() == 3)
            break;
    }
    return paragraphs;
}

// Real sentences only: a title that repeats names or a lone word tells nothing.
bool saysSomething(const QString &sentence)
{
    static const QRegularExpression words(uR"([A-Za-z]{2,})"_s);
    int found = 0;
    for (auto it = words.globalMatch(sentence); it.hasNext() && found < 2; it.next())
        ++found;
    return found >= 2;
}

// A comment that is code commented out, or only repeats the name.
bool isEmptyDoc(const Symbol &symbol)
{
    static const QRegularExpression code(uR"(;\s*[}\])]|\{\s*$|<<|\)\s*;|^[-=*#]+$|^(return|if) )"_s);
    const QString repeated = symbol.kind + u' ' + symbol.name;
    QString doc = symbol.doc;
    doc.remove(u'.');
    return code.match(doc).hasMatch() || doc.compare(repeated, Qt::CaseInsensitive) == 0 ||
           doc.compare(symbol.name, Qt::CaseInsensitive) == 0;
}

// A type that the file is named after is what the comment at the top of the file is about.
void describeNamesake(std::vector<Symbol> &symbols, const Source &source, const QByteArray &text)
{
    const QString stem =
        source.path.section(u'/', -1).section(u'.', 0, 0).remove(u'_').remove(u'-').toLower();
    for (Symbol &symbol : symbols) {
        if (symbol.doc.isEmpty() && !symbol.member && symbol.name.toLower() == stem)
            symbol.doc = fileSummary(text, source.language, source.path);
    }
}

std::vector<Symbol> extracted(const Source &source)
{
    switch (source.language.family) {
    case Family::Python:
        return pythonSymbols(source);
    case Family::C:
        return cSymbols(source);
    case Family::JavaScript:
        return scriptSymbols(source);
    case Family::Perl:
        return perlSymbols(source);
    case Family::None:
        return {};
    default:
        return patternSymbols(source);
    }
}

} // namespace

std::vector<Symbol> symbolsOf(const QByteArray &text, const Language &language, const QString &path)
{
    const QStringList lines = linesOf(text);
    const Source source{.lines = lines, .language = language, .path = path};
    std::vector<Symbol> symbols = extracted(source);
    for (Symbol &symbol : symbols) {
        if (isEmptyDoc(symbol))
            symbol.doc.clear();
    }
    describeNamesake(symbols, source, text);
    return symbols;
}

QString fileSummary(const QByteArray &text, const Language &language, const QString &path)
{
    const QStringList lines = linesOf(text);
    QStringList candidates;
    if (language.family == Family::Perl)
        candidates.append(perlSummary({.lines = lines, .language = language, .path = path}));
    if (language.family == Family::Rust)
        candidates.append(rustInnerDoc(lines));
    if (language.family == Family::Python) {
        qsizetype first = 0;
        while (first < lines.size() &&
               (lines.at(first).trimmed().isEmpty() || lines.at(first).startsWith(u'#')))
            ++first;
        candidates.append(docStringAt(lines, first));
    }
    candidates.append(leadingComments(lines, language));
    for (const QString &candidate : std::as_const(candidates)) {
        const QStringList paragraphs = paragraphsOf(candidate);
        for (const QString &paragraph : paragraphs) {
            const QString sentence = withoutOwnName(firstSentence(paragraph), path);
            // Lists of options and drawings are no sentences.
            if (saysSomething(sentence) && (sentence.front().isLetterOrNumber() || sentence.front() == u'`'))
                return sentence;
        }
    }
    return {};
}

} // namespace muster::demo
