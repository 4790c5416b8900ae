#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/doc_comment.h"
#include "app/demo_agent/symbols/extractors.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// The signature may run over several lines; the docstring stands after the line that ends it with ":".
qsizetype bodyAfter(const QStringList &lines, qsizetype line)
{
    for (qsizetype at = line; at < lines.size() && at < line + 30; ++at) {
        QString bare = lines.at(at);
        const qsizetype comment = bare.indexOf(u" #"_s);
        if (comment >= 0)
            bare.truncate(comment);
        if (bare.trimmed().endsWith(u':'))
            return at + 1;
    }
    return line + 1;
}

QStringList exportedNames(const QStringList &lines)
{
    static const QRegularExpression all(uR"(^__all__\s*=\s*[\[(]([^\])]*)[\])])"_s,
                                        QRegularExpression::MultilineOption);
    static const QRegularExpression name(uR"(['"](\w+)['"])"_s);
    QStringList names;
    const auto found = all.match(lines.join(u'\n'));
    for (auto it = name.globalMatch(found.captured(1)); it.hasNext();)
        names.append(it.next().captured(1));
    return names;
}

} // namespace

Symbols pythonSymbols(const Source &source)
{
    static const QRegularExpression declaration(uR"(^(\s*)(?:async\s+)?(def|class)\s+(\w+))"_s);
    const QStringList exported = exportedNames(source.lines);
    Symbols symbols;
    for (qsizetype i = 0; i < source.lines.size(); ++i) {
        const QString &line = source.lines.at(i);
        if (!line.contains("def "_L1) && !line.contains("class "_L1))
            continue;
        const auto match = declaration.match(line);
        if (!match.hasMatch() || match.capturedLength(1) > 8)
            continue;
        Symbol symbol;
        symbol.name = match.captured(3);
        symbol.member = match.capturedLength(1) > 0;
        symbol.kind = match.captured(2) == "class"_L1 ? u"class"_s
                      : symbol.member                 ? u"method"_s
                                                      : u"function"_s;
        symbol.line = static_cast<int>(i) + 1;
        symbol.isPublic = exported.isEmpty() || symbol.member ? !symbol.name.startsWith(u'_')
                                                              : exported.contains(symbol.name);
        symbol.doc = firstSentence(docStringAt(source.lines, bodyAfter(source.lines, i)), 120);
        if (symbol.doc.isEmpty())
            symbol.doc = firstSentence(commentBefore(source.lines, i, source.language), 120);
        symbols.push_back(std::move(symbol));
    }
    return symbols;
}

} // namespace muster::demo
