#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/doc_comment.h"
#include "app/demo_agent/symbols/extractors.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

enum class Visible : std::uint8_t { Always, UpperCase, NoUnderscore, ByKeyword };

// One form of declaration: captures (indent)(visibility, may be empty)(kind)(name).
struct Pattern {
    Family family;
    const char *kind; // empty: what the pattern captured as kind
    QRegularExpression expression;
    Visible visible;
};

const std::vector<Pattern> &patterns()
{
    // NOLINTBEGIN(modernize-use-designated-initializers): a table, its columns are those of the struct
    static const std::vector<Pattern> all{
        {Family::Go, "function", QRegularExpression(uR"(^()()(func)\s+(\w+)\s*[\[(])"_s), Visible::UpperCase},
        {Family::Go, "method", QRegularExpression(uR"(^()()(func)\s+\([^)]*\)\s*(\w+)\s*\()"_s),
         Visible::UpperCase},
        {Family::Go, "type", QRegularExpression(uR"(^()()(type)\s+(\w+))"_s), Visible::UpperCase},
        {Family::Rust, "",
         QRegularExpression(
             uR"(^(\s*)(pub(?:\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+|async\s+|unsafe\s+|extern\s+"[^"]*"\s+)*(fn|struct|enum|trait|type|union|macro_rules!|mod)\s+(\w+))"_s),
         Visible::ByKeyword},
        {Family::Java, "",
         QRegularExpression(
             uR"(^(\s*)((?:public\s+|protected\s+|open\s+|export\s+)*)(?:(?:static|final|abstract|sealed|data|partial|internal|private|case|inner|value)\s+)*(class|interface|enum|record|struct|object|trait|protocol|extension|func|fun|def)\s+(\w+))"_s),
         Visible::ByKeyword},
        {Family::Java, "method",
         QRegularExpression(
             uR"(^(\s{1,8})(public\s+)(?:(?:static|final|abstract|synchronized|override|virtual|async|default)\s+)*(?:<[^>]+>\s*)?()[\w<>\[\],.?]+\s+(\w+)\s*\()"_s),
         Visible::ByKeyword},
        {Family::Shell, "function",
         QRegularExpression(uR"(^(\s*)()()(?:function\s+)?([A-Za-z_][\w:.-]*)\s*\(\)\s*[{(]?)"_s),
         Visible::NoUnderscore},
        {Family::Shell, "function",
         QRegularExpression(uR"(^(\s*)()(function)\s+([A-Za-z_][\w:.-]*)\s*\{?\s*$)"_s),
         Visible::NoUnderscore},
        {Family::Ruby, "", QRegularExpression(uR"(^(\s*)()(class|module)\s+([\w:]+))"_s), Visible::Always},
        {Family::Ruby, "method", QRegularExpression(uR"(^(\s*)()(def)\s+(?:self\.)?([\w?!=]+))"_s),
         Visible::NoUnderscore},
        {Family::Php, "",
         QRegularExpression(uR"(^(\s*)()(?:abstract\s+|final\s+)?(class|interface|trait|enum)\s+(\w+))"_s),
         Visible::Always},
        {Family::Php, "function",
         QRegularExpression(uR"(^(\s*)((?:public\s+)?)(?:static\s+)?(function)\s+&?(\w+)\s*\()"_s),
         Visible::NoUnderscore},
        {Family::Lua, "function", QRegularExpression(uR"(^(\s*)()(function)\s+([\w.:]+)\s*\()"_s),
         Visible::Always},
    };
    // NOLINTEND(modernize-use-designated-initializers)
    return all;
}

bool isVisible(const Pattern &pattern, const QRegularExpressionMatch &match)
{
    const QString name = match.captured(4);
    switch (pattern.visible) {
    case Visible::Always:
        return true;
    case Visible::UpperCase:
        return name.front().isUpper();
    case Visible::NoUnderscore:
        return !name.startsWith(u'_');
    case Visible::ByKeyword:
        break;
    }
    // Kotlin, Scala and Swift are open unless they say otherwise; Java and C# say "public".
    const QString kind = match.captured(3);
    const bool openByDefault = kind == "fun"_L1 || kind == "def"_L1 || kind == "object"_L1 ||
                               kind == "trait"_L1 || kind == "func"_L1 || kind == "protocol"_L1;
    const bool exportedRust = pattern.family == Family::Rust && kind == "macro_rules!"_L1;
    return match.capturedLength(2) > 0 ||
           (pattern.family == Family::Java && openByDefault && !match.captured(0).contains("private"_L1)) ||
           exportedRust;
}

} // namespace

Symbols patternSymbols(const Source &source)
{
    Symbols symbols;
    for (qsizetype i = 0; i < source.lines.size(); ++i) {
        const QString &line = source.lines.at(i);
        if (line.isEmpty() || line.size() > 400)
            continue;
        for (const Pattern &pattern : patterns()) {
            if (pattern.family != source.language.family)
                continue;
            const auto match = pattern.expression.match(line);
            if (!match.hasMatch())
                continue;
            QString doc = commentBefore(source.lines, i, source.language);
            if (isBoilerplate(doc))
                doc.clear();
            symbols.push_back({match.captured(4),
                               *pattern.kind != '\0' ? QString::fromLatin1(pattern.kind) : match.captured(3),
                               firstSentence(doc, 120), static_cast<int>(i) + 1, isVisible(pattern, match),
                               match.capturedLength(1) > 0});
            break;
        }
    }
    return symbols;
}

} // namespace muster::demo
