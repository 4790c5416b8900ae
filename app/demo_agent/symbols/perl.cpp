#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/doc_comment.h"
#include "app/demo_agent/symbols/extractors.h"

#include <QHash>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// The paragraph after a POD heading or item, by the name the heading begins with.
QHash<QString, QString> podByName(const QStringList &lines)
{
    static const QRegularExpression head(
        uR"(^=(?:head[2-4]|item)\s+(?:[BCILF]<+\s*)?[\$@%]?(?:\w+(?:::|->))*(\w+))"_s);
    QHash<QString, QString> docs;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (!lines.at(i).startsWith(u'='))
            continue;
        const auto match = head.match(lines.at(i));
        if (!match.hasMatch())
            continue;
        qsizetype at = i + 1;
        while (at < lines.size() && at < i + 12 &&
               (lines.at(at).trimmed().isEmpty() || lines.at(at).startsWith(u' ') ||
                lines.at(at).startsWith("=item"_L1)))
            ++at;
        QStringList paragraph;
        while (at < lines.size() && !lines.at(at).trimmed().isEmpty() && !lines.at(at).startsWith(u'='))
            paragraph.append(lines.at(at++));
        if (!paragraph.isEmpty() && !docs.contains(match.captured(1)))
            docs.insert(match.captured(1), paragraph.join(u'\n'));
    }
    return docs;
}

} // namespace

// "=head1 NAME", then "Some::Module - what it is".
QString perlSummary(const Source &source)
{
    static const QRegularExpression name(uR"(^=head1\s+NAME\b)"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression dash(uR"(\s+--?\s+(.*)$)"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    for (qsizetype i = 0; i < source.lines.size(); ++i) {
        if (!source.lines.at(i).startsWith(u'=') || !name.match(source.lines.at(i)).hasMatch())
            continue;
        qsizetype at = i + 1;
        while (at < source.lines.size() && source.lines.at(at).trimmed().isEmpty())
            ++at;
        QStringList paragraph;
        while (at < source.lines.size() && !source.lines.at(at).trimmed().isEmpty())
            paragraph.append(source.lines.at(at++));
        const auto match = dash.match(paragraph.join(u' '));
        return match.hasMatch() ? match.captured(1) : QString();
    }
    return {};
}

Symbols perlSymbols(const Source &source)
{
    static const QRegularExpression declaration(uR"(^\s{0,4}(sub|package)\s+([\w:']+))"_s);
    const QHash<QString, QString> pod = podByName(source.lines);
    const QString own = source.path.section(u'/', -1).section(u'.', 0, 0);
    Symbols symbols;
    for (qsizetype i = 0; i < source.lines.size(); ++i) {
        const QString &line = source.lines.at(i);
        if (line.startsWith("__END__"_L1))
            break;
        const auto match = declaration.match(line);
        if (!match.hasMatch() || line.trimmed().endsWith("; # forward"_L1))
            continue;
        Symbol symbol;
        symbol.name = match.captured(2);
        symbol.kind = match.captured(1);
        symbol.line = static_cast<int>(i) + 1;
        symbol.isPublic = !symbol.name.startsWith(u'_') && symbol.name != "main"_L1 &&
                          !(symbol.kind == "sub"_L1 && symbol.name.toUpper() == symbol.name);
        QString doc = pod.value(symbol.name.section(u"::"_s, -1));
        if (doc.isEmpty() && symbol.kind == "sub"_L1)
            doc = commentBefore(source.lines, i, source.language);
        if (symbol.kind == "package"_L1 && symbol.name.section(u"::"_s, -1) == own)
            doc = perlSummary(source);
        symbol.doc = isBoilerplate(doc) ? QString() : firstSentence(doc, 120);
        symbols.push_back(std::move(symbol));
    }
    return symbols;
}

} // namespace muster::demo
