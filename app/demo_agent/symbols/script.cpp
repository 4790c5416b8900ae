#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/doc_comment.h"
#include "app/demo_agent/symbols/extractors.h"

#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// "module.exports = { a, b: c }", "export { a, b as c }", "exports.a ="
QSet<QString> exportedNames(const QString &text, const QStringList &lines)
{
    static const QRegularExpression list(uR"((?:module\.exports\s*=|export)\s*\{([^}]*)\})"_s);
    static const QRegularExpression single(
        uR"(^(?:module\.exports|export default)\s*=?\s*(?:new\s+)?(\w+)\s*;?\s*$)"_s);
    static const QRegularExpression member(uR"(^(?:module\.)?exports\.(\w+)\s*=)"_s);
    static const QRegularExpression word(uR"((?:^|,)\s*(\w+))"_s);
    QSet<QString> names;
    for (auto it = list.globalMatch(text); it.hasNext();) {
        const QString inside = it.next().captured(1);
        for (auto in = word.globalMatch(inside); in.hasNext();)
            names.insert(in.next().captured(1));
    }
    for (const QString &line : lines) {
        if (!line.contains("export"_L1))
            continue;
        if (const auto one = single.match(line); one.hasMatch())
            names.insert(one.captured(1));
        if (const auto one = member.match(line); one.hasMatch())
            names.insert(one.captured(1));
    }
    return names;
}

struct Found {
    QString name;
    QString kind;
    bool exported = false;
};

Found declaredOn(const QString &line)
{
    static const QRegularExpression declaration(
        uR"(^(export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function|class|interface|type|enum|namespace)\*?\s+([A-Za-z_$][\w$]*))"_s);
    static const QRegularExpression value(
        uR"(^(export\s+)?(?:const|let|var)\s+([A-Za-z_$][\w$]*)(?::[^=]+)?\s*=\s*(async\s*)?(function|class|\(?[\w\s,{}\[\]=.:$]*\)?\s*=>)?)"_s);
    static const QRegularExpression assigned(
        uR"(^(?:module\.)?exports(?:\.(\w+))?\s*=\s*(?:async\s+)?(function|class)\s*\*?\s*(\w*))"_s);
    if (const auto match = declaration.match(line); match.hasMatch())
        return {
            .name = match.captured(3), .kind = match.captured(2), .exported = match.capturedLength(1) > 0};
    if (const auto match = value.match(line); match.hasMatch()) {
        const bool callable = match.capturedLength(4) > 0;
        const bool exported = match.capturedLength(1) > 0;
        if (!callable && !exported)
            return {};
        return {
            .name = match.captured(2), .kind = callable ? u"function"_s : u"const"_s, .exported = exported};
    }
    if (const auto match = assigned.match(line); match.hasMatch()) {
        const QString name = match.captured(1).isEmpty() ? match.captured(3) : match.captured(1);
        return {.name = name, .kind = match.captured(2), .exported = true};
    }
    return {};
}

} // namespace

Symbols scriptSymbols(const Source &source)
{
    static const QRegularExpression method(
        uR"(^(?:  |\t|    )(?:static\s+|public\s+|async\s+|get\s+|set\s+|\*\s*)*(#?[A-Za-z_$][\w$]*)\s*(?:<[^>]*>)?\([^)]*\)\s*(?::[^{]+)?\{\s*$)"_s);
    static const QSet<QString> statements{u"if"_s,    u"for"_s,      u"while"_s,      u"switch"_s,
                                          u"catch"_s, u"function"_s, u"constructor"_s};
    const QSet<QString> exported = exportedNames(source.lines.join(u'\n'), source.lines);
    Symbols symbols;
    const auto add = [&](const Found &found, qsizetype i, bool isPublic, bool member) {
        QString doc = commentBefore(source.lines, i, source.language);
        if (isBoilerplate(doc))
            doc.clear();
        symbols.push_back(
            {found.name, found.kind, firstSentence(doc, 120), static_cast<int>(i) + 1, isPublic, member});
    };
    // Command classes often say what they do in a field instead of a comment.
    static const QRegularExpression description(uR"re(^\s+static description = ['"`]([^'"`]+)['"`])re"_s);
    bool inClass = false;
    for (qsizetype i = 0; i < source.lines.size(); ++i) {
        const QString &line = source.lines.at(i);
        if (line.isEmpty())
            continue;
        if (!line.front().isSpace()) {
            const Found found = declaredOn(line);
            if (!line.startsWith(u'}'))
                inClass = found.kind == "class"_L1;
            if (!found.name.isEmpty())
                add(found, i, found.exported || exported.contains(found.name), false);
        } else if (inClass) {
            const auto described = description.match(line);
            if (described.hasMatch() && symbols.back().kind == "class"_L1 && symbols.back().doc.isEmpty())
                symbols.back().doc = described.captured(1);
            const auto match = method.match(line);
            if (match.hasMatch() && !statements.contains(match.captured(1)))
                add({.name = match.captured(1), .kind = u"method"_s}, i,
                    !match.captured(1).startsWith(u'#') && !match.captured(1).startsWith(u'_'), true);
        }
    }
    return symbols;
}

} // namespace muster::demo
