#include "core/flow/expression.h"

#include "core/flow/js_tokens.h"

#include <QSet>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool isMember(const std::vector<JsToken> &tokens, size_t i)
{
    return i > 0 && (tokens[i - 1].is(u".") || tokens[i - 1].is(u"?."));
}

bool isObjectKey(const std::vector<JsToken> &tokens, size_t i)
{
    return i > 0 && i + 1 < tokens.size() && tokens[i + 1].is(u":") &&
           (tokens[i - 1].is(u"{") || tokens[i - 1].is(u","));
}

// From a closing parenthesis back to the one that opens it.
size_t openingOf(const std::vector<JsToken> &tokens, size_t close)
{
    int depth = 0;
    for (size_t i = close + 1; i-- > 0;) {
        if (tokens[i].is(u")"))
            ++depth;
        else if (tokens[i].is(u"(") && --depth == 0)
            return i;
    }
    return 0;
}

void takeNames(const std::vector<JsToken> &tokens, size_t from, size_t to, QSet<QString> &names)
{
    for (size_t i = from; i < to; ++i) {
        if (tokens[i].kind == JsToken::Kind::Name && !isMember(tokens, i))
            names.insert(tokens[i].text);
    }
}

// const, let and var from `at` on: the first pattern, and each further name that a comma brings.
void takeDeclared(const std::vector<JsToken> &tokens, size_t at, QSet<QString> &names)
{
    const auto ends = [&](size_t i) {
        const JsToken &token = tokens[i];
        return token.is(u"=") || token.is(u";") ||
               (token.kind == JsToken::Kind::Name && (token.text == "of"_L1 || token.text == "in"_L1));
    };
    size_t end = at;
    while (end < tokens.size() && !ends(end))
        ++end;
    takeNames(tokens, at, end, names);
    int depth = 0;
    for (size_t i = end; i + 1 < tokens.size() && depth >= 0 && !tokens[i].is(u";"); ++i) {
        const JsToken &token = tokens[i];
        if (token.is(u"(") || token.is(u"[") || token.is(u"{") || token.is(u"${"))
            ++depth;
        else if (token.is(u")") || token.is(u"]") || token.is(u"}"))
            --depth;
        else if (token.is(u",") && depth == 0)
            takeNames(tokens, i + 1, i + 2, names);
    }
}

// What the expression declares itself: functions and their parameters, const, let and var, a caught error.
QSet<QString> localNames(const std::vector<JsToken> &tokens)
{
    QSet<QString> names;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const JsToken &token = tokens[i];
        const bool word = token.kind == JsToken::Kind::Name;
        if (token.is(u"=>") && i > 0) {
            const size_t from = tokens[i - 1].is(u")") ? openingOf(tokens, i - 1) : i - 1;
            takeNames(tokens, from, i, names);
        } else if (word && (token.text == "function"_L1 || token.text == "catch"_L1)) {
            size_t end = i + 1;
            while (end < tokens.size() && !tokens[end].is(u")"))
                ++end;
            takeNames(tokens, i + 1, end, names);
        } else if (word && (token.text == "const"_L1 || token.text == "let"_L1 || token.text == "var"_L1)) {
            takeDeclared(tokens, i + 1, names);
        }
    }
    return names;
}

// ".name" or "['name']" after position `at`; moves past it.
std::optional<QString> memberAfter(const std::vector<JsToken> &tokens, size_t &at)
{
    const auto kindAt = [&](size_t i, JsToken::Kind kind) {
        return i < tokens.size() && tokens[i].kind == kind;
    };
    if (at >= tokens.size())
        return std::nullopt;
    if ((tokens[at].is(u".") || tokens[at].is(u"?.")) && kindAt(at + 1, JsToken::Kind::Name)) {
        at += 2;
        return tokens[at - 1].text;
    }
    if (tokens[at].is(u"[") && kindAt(at + 1, JsToken::Kind::String) && at + 2 < tokens.size() &&
        tokens[at + 2].is(u"]")) {
        at += 3;
        return tokens[at - 2].text;
    }
    return std::nullopt;
}

ExpressionReference referenceAt(const std::vector<JsToken> &tokens, size_t i)
{
    ExpressionReference reference{
        .root = tokens[i].text, .name = {}, .field = {}, .dynamic = false, .offset = tokens[i].offset};
    size_t at = i + 1;
    if (const auto name = memberAfter(tokens, at))
        reference.name = *name;
    else
        reference.dynamic = true;
    if (!reference.dynamic)
        reference.field = memberAfter(tokens, at).value_or(QString());
    return reference;
}

std::vector<ExpressionReference> referencesOf(const std::vector<JsToken> &tokens)
{
    const QSet<QString> locals = localNames(tokens);
    std::vector<ExpressionReference> references;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const JsToken &token = tokens[i];
        if (token.kind != JsToken::Kind::Name || isMember(tokens, i) || isObjectKey(tokens, i))
            continue;
        if (!locals.contains(token.text))
            references.push_back(referenceAt(tokens, i));
    }
    return references;
}

ExpressionFault faultFrom(const JsFault &fault)
{
    ExpressionFault made{.code = FlowProblemCode::ExpressionSyntax,
                         .offset = fault.offset,
                         .found = fault.found,
                         .expected = {}};
    if (!fault.expected.isEmpty())
        made.expected = {fault.expected};
    return made;
}

class Finder {
public:
    explicit Finder(const QString &text)
        : m_text(text)
    {
    }

    ExpressionText run()
    {
        qsizetype literalBegin = 0;
        for (qsizetype open = m_text.indexOf(u"${{"); open >= 0;
             open = m_text.indexOf(u"${{", literalBegin)) {
            const auto end = take(open);
            if (!end)
                break;
            m_found.literals.append(m_text.sliced(literalBegin, open - literalBegin));
            literalBegin = *end;
        }
        m_found.literals.append(m_text.sliced(literalBegin));
        return std::move(m_found);
    }

private:
    // Reads the expression that opens there; where the text goes on, or nothing if it never closes.
    std::optional<qsizetype> take(qsizetype open);

    const QString &m_text;
    ExpressionText m_found;
};

std::optional<qsizetype> Finder::take(qsizetype open)
{
    const qsizetype begin = open + 3;
    const JsScan scan = scanJs(m_text, begin);
    const qsizetype close = scan.closed ? scan.end : m_text.indexOf(u"}}", begin);
    if (close < 0) {
        m_found.faults.push_back({.code = FlowProblemCode::UnclosedExpression,
                                  .offset = open,
                                  .found = {},
                                  .expected = {u"}}"_s}});
        return std::nullopt;
    }
    ExpressionSpan span{
        .source = m_text.sliced(begin, close - begin).trimmed(), .offset = open, .references = {}};
    if (!scan.closed)
        m_found.faults.push_back(faultFrom(scan.fault.value_or(JsFault{})));
    else if (scan.tokens.empty())
        m_found.faults.push_back({.code = FlowProblemCode::EmptyExpression,
                                  .offset = open,
                                  .found = {},
                                  .expected = {u"inputs.NAME"_s}});
    else if (const auto slip = findSlip(scan.tokens))
        m_found.faults.push_back(faultFrom(*slip));
    else if (span.source.size() > kLongestExpression)
        m_found.faults.push_back({.code = FlowProblemCode::TooLong,
                                  .offset = open,
                                  .found = QString::number(span.source.size()),
                                  .expected = {QString::number(kLongestExpression)}});
    if (scan.closed)
        span.references = referencesOf(scan.tokens);
    m_found.expressions.push_back(std::move(span));
    return close + 2;
}

} // namespace

ExpressionText scanExpressions(const QString &text) { return Finder(text).run(); }

ScriptScan scanScript(const QString &code)
{
    if (code.size() > kLongestExpression)
        return {.references = {},
                .faults = {{.code = FlowProblemCode::TooLong,
                            .offset = 0,
                            .found = QString::number(code.size()),
                            .expected = {QString::number(kLongestExpression)}}}};
    // On a line of its own, what ends the scan can not be part of a comment.
    const QString closed = code + u"\n}}"_s;
    const JsScan scan = scanJs(closed, 0);
    if (scan.closed && scan.end < code.size())
        return {.references = {},
                .faults = {{.code = FlowProblemCode::ExpressionSyntax,
                            .offset = scan.end,
                            .found = u"}"_s,
                            .expected = {}}}};
    if (!scan.closed)
        return {.references = {}, .faults = {faultFrom(scan.fault.value_or(JsFault{}))}};
    return {.references = referencesOf(scan.tokens), .faults = {}};
}

bool isPlainJsName(const QString &name)
{
    static const QSet<QString> names{u"true"_s,     u"false"_s,
                                     u"null"_s,     u"undefined"_s,
                                     u"NaN"_s,      u"Infinity"_s,
                                     u"typeof"_s,   u"in"_s,
                                     u"of"_s,       u"instanceof"_s,
                                     u"new"_s,      u"void"_s,
                                     u"return"_s,   u"const"_s,
                                     u"let"_s,      u"var"_s,
                                     u"if"_s,       u"else"_s,
                                     u"for"_s,      u"while"_s,
                                     u"function"_s, u"throw"_s,
                                     u"break"_s,    u"continue"_s,
                                     u"JSON"_s,     u"Math"_s,
                                     u"String"_s,   u"Number"_s,
                                     u"Boolean"_s,  u"Array"_s,
                                     u"Object"_s,   u"RegExp"_s,
                                     u"Set"_s,      u"Map"_s,
                                     u"parseInt"_s, u"parseFloat"_s,
                                     u"isNaN"_s,    u"isFinite"_s,
                                     u"Error"_s,    u"try"_s,
                                     u"catch"_s,    u"encodeURIComponent"_s,
                                     u"switch"_s,   u"case"_s,
                                     u"default"_s,  u"decodeURIComponent"_s};
    return names.contains(name);
}

bool isImpureJsName(const QString &name)
{
    static const QSet<QString> names{u"Date"_s,        u"eval"_s,         u"Function"_s,   u"setTimeout"_s,
                                     u"setInterval"_s, u"setImmediate"_s, u"globalThis"_s, u"this"_s,
                                     u"console"_s,     u"require"_s,      u"import"_s,     u"process"_s,
                                     u"window"_s,      u"fetch"_s,        u"Qt"_s,         u"Intl"_s,
                                     u"Promise"_s,     u"await"_s,        u"performance"_s};
    return names.contains(name);
}

} // namespace muster
