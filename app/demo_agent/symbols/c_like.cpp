#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/doc_comment.h"
#include "app/demo_agent/symbols/extractors.h"

#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

const QRegularExpression &typePattern()
{
    static const QRegularExpression pattern(
        uR"(^(\s*)(?:typedef\s+)?(?:template\s*<[^;]*>\s*)?(class|struct|union|enum(?:\s+class|\s+struct)?|concept)\s+(?:\[\[[^\]]*\]\]\s*|__attribute__\s*\(\(.*?\)\)\s*|[A-Z][A-Z0-9_]*(?:EXPORT|API|DLL)[A-Z_]*(?:\([^)]*\))?\s+|alignas\([^)]*\)\s*)*(\w+)(?:\s+final)?\s*([:{]|$|=))"_s);
    return pattern;
}

const QRegularExpression &functionPattern()
{
    static const QRegularExpression pattern(
        uR"(^((?:[A-Za-z_][\w:<>,\*&\[\]]*[\s\*&]+)+|)((?:\w+::)*~?\w+)\s*\(([^;]*)(.*)$)"_s);
    return pattern;
}

bool isStatement(const QString &word)
{
    static const QSet<QString> words{u"if"_s,
                                     u"for"_s,
                                     u"while"_s,
                                     u"switch"_s,
                                     u"return"_s,
                                     u"else"_s,
                                     u"do"_s,
                                     u"sizeof"_s,
                                     u"catch"_s,
                                     u"case"_s,
                                     u"using"_s,
                                     u"throw"_s,
                                     u"new"_s,
                                     u"delete"_s,
                                     u"static_assert"_s,
                                     u"defined"_s,
                                     u"__attribute__"_s,
                                     u"decltype"_s,
                                     u"alignas"_s,
                                     u"requires"_s,
                                     u"operator"_s,
                                     u"Q_DECLARE_METATYPE"_s,
                                     u"friend"_s,
                                     u"goto"_s,
                                     u"typedef"_s,
                                     u"extern"_s,
                                     u"__declspec"_s,
                                     u"asm"_s,
                                     u"namespace"_s};
    return words.contains(word);
}

bool isMacroName(const QString &name)
{
    static const QRegularExpression upper(uR"(^[A-Z0-9_]+$)"_s);
    return upper.match(name).hasMatch();
}

// What is still to come of the names that "typedef struct { … } Name;" gives at its end.
Symbols typedefEnd(const Source &source, qsizetype line)
{
    static const QRegularExpression end(uR"(^\}\s*\*?\s*(\w+)\s*(?:,.*)?;)"_s);
    const auto match = end.match(source.lines.at(line));
    if (!match.hasMatch())
        return {};
    return {
        Symbol{.name = match.captured(1), .kind = u"type"_s, .doc = {}, .line = static_cast<int>(line) + 1}};
}

class Reader {
public:
    explicit Reader(const Source &source)
        : m_source(source)
        , m_header(source.path.section(u'.', -1).startsWith(u'h'))
    {
    }

    Symbols run()
    {
        for (qsizetype i = 0; i < m_source.lines.size(); ++i)
            take(i);
        return std::move(m_symbols);
    }

private:
    void take(qsizetype i)
    {
        const QString &line = m_source.lines.at(i);
        const QString bare = line.trimmed();
        if (m_inComment || bare.startsWith("/*"_L1)) {
            m_inComment = !bare.contains("*/"_L1);
            return;
        }
        if (bare.isEmpty() || bare.startsWith("//"_L1))
            return;
        if (bare.startsWith(u'#')) {
            if (m_header)
                macro(bare, i);
            return;
        }
        if (type(line, i))
            return;
        if (line.front() == u'}')
            append(typedefEnd(m_source, i));
        else
            function(line, i);
    }

    void append(Symbols more)
    {
        for (Symbol &symbol : more)
            m_symbols.push_back(std::move(symbol));
    }

    void macro(const QString &bare, qsizetype i)
    {
        static const QRegularExpression pattern(uR"(^#\s*define\s+([A-Za-z]\w*)\()"_s);
        const auto match = pattern.match(bare);
        if (match.hasMatch())
            add(match.captured(1), u"macro"_s, i, true, false);
    }

    bool type(const QString &line, qsizetype i)
    {
        const auto match = typePattern().match(line);
        if (!match.hasMatch() || match.capturedLength(1) > 4)
            return false;
        QString kind = match.captured(2).section(u' ', 0, 0);
        const bool member = match.capturedLength(1) > 0;
        if (match.captured(4).isEmpty() && !opensBody(i))
            return true;
        add(match.captured(3), kind, i, true, member);
        return true;
    }

    bool opensBody(qsizetype i) const
    {
        return i + 1 < m_source.lines.size() && m_source.lines.at(i + 1).trimmed().startsWith(u'{');
    }

    void function(const QString &line, qsizetype i)
    {
        if (line.front().isSpace() || !line.contains(u'('))
            return;
        const auto match = functionPattern().match(line);
        if (!match.hasMatch())
            return;
        const QString before = match.captured(1).trimmed();
        const QString name = match.captured(2);
        const bool external = before.startsWith("extern "_L1);
        if (isStatement(name) || (!external && isStatement(before.section(u' ', 0, 0))))
            return;
        // K&R and GNU style put the type on a line of its own.
        const bool typeAbove = before.isEmpty() && i > 0 && looksLikeType(m_source.lines.at(i - 1));
        if (before.isEmpty() && !typeAbove && !name.contains("::"_L1))
            return;
        if (isMacroName(name) || before.endsWith(u'=') || before.contains("return"_L1))
            return;
        const bool declares = line.trimmed().endsWith(u';') || (!typeAbove && !hasBody(i));
        if (declares && !m_header)
            return;
        const bool hidden =
            before.startsWith("static"_L1) || (typeAbove && m_source.lines.at(i - 1).startsWith("static"_L1));
        add(name.section(u"::"_s, -1), name.contains("::"_L1) ? u"method"_s : u"function"_s,
            typeAbove ? i - 1 : i, !hidden || m_header, name.contains("::"_L1));
    }

    static bool looksLikeType(const QString &line)
    {
        static const QRegularExpression pattern(uR"(^[A-Za-z_][\w\s\*:<>,]*$)"_s);
        return pattern.match(line).hasMatch();
    }

    bool hasBody(qsizetype i) const
    {
        for (qsizetype at = i; at < m_source.lines.size() && at < i + 8; ++at) {
            const QString line = m_source.lines.at(at).trimmed();
            if (line.contains(u'{'))
                return true;
            if (line.endsWith(u';'))
                return false;
        }
        return false;
    }

    void add(const QString &name, const QString &kind, qsizetype i, bool isPublic, bool member)
    {
        const QString key = name + u'|' + kind;
        if (name.startsWith("__"_L1) || (kind == "function"_L1 && m_seen.contains(key)))
            return;
        m_seen.insert(key);
        QString doc = commentBefore(m_source.lines, i, m_source.language);
        if (isBoilerplate(doc))
            doc.clear();
        m_symbols.push_back({name, kind, firstSentence(doc, 120), static_cast<int>(i) + 1, isPublic, member});
    }

    const Source &m_source;
    bool m_header;
    bool m_inComment = false;
    QSet<QString> m_seen;
    Symbols m_symbols;
};

} // namespace

Symbols cSymbols(const Source &source) { return Reader(source).run(); }

} // namespace muster::demo
