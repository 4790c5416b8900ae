#include "core/flow/js_tokens.h"

#include <QStringList>

#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool startsName(QChar c) { return c.isLetter() || c == u'_' || c == u'$'; }
bool isNamePart(QChar c) { return startsName(c) || c.isDigit(); }

// Longest first, so that "===" is not read as "==".
constexpr std::array kOperators{"...", "===", "!==", "**=", ">>>", "=>", "==", "!=", "<=", ">=", "&&",
                                "||",  "??",  "?.",  "++",  "--",  "**", "<<", ">>", "+=", "-="};

class Scanner {
public:
    Scanner(QStringView text, qsizetype from)
        : m_text(text)
        , m_at(from)
    {
    }

    JsScan run()
    {
        while (m_at < m_text.size() && !m_scan.fault && !m_scan.closed)
            next();
        m_scan.end = m_at;
        if (!m_scan.fault && !m_open.empty())
            m_scan.fault = JsFault{m_open.back().offset, QString(m_open.back().bracket),
                                   closerOf(m_open.back().bracket)};
        return std::move(m_scan);
    }

private:
    struct Open {
        QChar bracket;
        qsizetype offset;
        bool inTemplate = false;
    };

    void next();
    void name();
    void number();
    void string(QChar quote);
    void templateText();
    void regex();
    void punctuation();
    void comment();
    void close(QChar c);
    void fault(qsizetype offset, const QString &expected = {});
    void push(JsToken::Kind kind, qsizetype begin);
    [[nodiscard]] bool at(QStringView text) const { return m_text.sliced(m_at).startsWith(text); }
    [[nodiscard]] bool valueExpected() const;
    static QString closerOf(QChar open) { return open == u'(' ? u")"_s : open == u'[' ? u"]"_s : u"}"_s; }

    QStringView m_text;
    qsizetype m_at;
    std::vector<Open> m_open;
    JsScan m_scan;
};

void Scanner::fault(qsizetype offset, const QString &expected)
{
    m_scan.fault = JsFault{offset, offset < m_text.size() ? QString(m_text[offset]) : QString(), expected};
}

void Scanner::push(JsToken::Kind kind, qsizetype begin)
{
    m_scan.tokens.push_back(JsToken{kind, m_text.sliced(begin, m_at - begin).toString(), begin});
}

void Scanner::next()
{
    const QChar c = m_text[m_at];
    if (c.isSpace())
        ++m_at;
    else if (at(u"//") || at(u"/*"))
        comment();
    else if (startsName(c))
        name();
    else if (c.isDigit() || (c == u'.' && m_at + 1 < m_text.size() && m_text[m_at + 1].isDigit()))
        number();
    else if (c == u'"' || c == u'\'')
        string(c);
    else if (c == u'`')
        templateText();
    else if (c == u'/' && valueExpected())
        regex();
    else
        punctuation();
}

void Scanner::comment()
{
    const bool block = at(u"/*");
    const qsizetype end = block ? m_text.indexOf(u"*/", m_at + 2) : m_text.indexOf(u'\n', m_at);
    if (block && end < 0)
        return fault(m_at, u"*/"_s);
    m_at = end < 0 ? m_text.size() : end + (block ? 2 : 1);
}

void Scanner::name()
{
    const qsizetype begin = m_at;
    while (m_at < m_text.size() && isNamePart(m_text[m_at]))
        ++m_at;
    push(JsToken::Kind::Name, begin);
}

void Scanner::number()
{
    const qsizetype begin = m_at;
    while (m_at < m_text.size() && (isNamePart(m_text[m_at]) || m_text[m_at] == u'.'))
        ++m_at;
    push(JsToken::Kind::Number, begin);
}

void Scanner::string(QChar quote)
{
    const qsizetype begin = m_at++;
    for (; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
        if (m_text[m_at] == u'\\')
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == u'\n')
            break;
    }
    if (m_at >= m_text.size() || m_text[m_at] != quote)
        return fault(begin, QString(quote));
    ++m_at;
    m_scan.tokens.push_back(
        JsToken{JsToken::Kind::String, m_text.sliced(begin + 1, m_at - begin - 2).toString(), begin});
}

// From a backtick, or from the "}" that ends an expression within: to the next "${" or the closing backtick.
void Scanner::templateText()
{
    const qsizetype begin = m_at++;
    for (; m_at < m_text.size() && m_text[m_at] != u'`' && !at(u"${"); ++m_at) {
        if (m_text[m_at] == u'\\')
            ++m_at;
    }
    if (m_at >= m_text.size())
        return fault(begin, u"`"_s);
    if (at(u"${")) {
        m_open.push_back(Open{u'{', m_at, true});
        m_at += 2;
        m_scan.tokens.push_back(JsToken{JsToken::Kind::Punctuation, u"${"_s, begin});
    } else {
        ++m_at;
        push(JsToken::Kind::Template, begin);
    }
}

bool Scanner::valueExpected() const
{
    if (m_scan.tokens.empty())
        return true;
    const JsToken &last = m_scan.tokens.back();
    if (last.kind == JsToken::Kind::Name)
        return last.text == "return"_L1 || last.text == "typeof"_L1 || last.text == "in"_L1;
    return last.kind == JsToken::Kind::Punctuation && !last.is(u")") && !last.is(u"]") && !last.is(u"}");
}

void Scanner::regex()
{
    const qsizetype begin = m_at++;
    bool inClass = false;
    for (; m_at < m_text.size() && (inClass || m_text[m_at] != u'/'); ++m_at) {
        if (m_text[m_at] == u'\\')
            ++m_at;
        else if (m_text[m_at] == u'[')
            inClass = true;
        else if (m_text[m_at] == u']')
            inClass = false;
    }
    if (m_at >= m_text.size())
        return fault(begin, u"/"_s);
    for (++m_at; m_at < m_text.size() && m_text[m_at].isLetter(); ++m_at) {
    }
    push(JsToken::Kind::Regex, begin);
}

void Scanner::close(QChar c)
{
    if (m_open.empty() && at(u"}}")) {
        m_scan.closed = true;
        return;
    }
    if (m_open.empty() || closerOf(m_open.back().bracket) != c)
        return fault(m_at, m_open.empty() ? QString() : closerOf(m_open.back().bracket));
    const bool inTemplate = m_open.back().inTemplate;
    m_open.pop_back();
    if (inTemplate)
        return templateText();
    ++m_at;
    push(JsToken::Kind::Punctuation, m_at - 1);
}

void Scanner::punctuation()
{
    const QChar c = m_text[m_at];
    if (c == u')' || c == u']' || c == u'}')
        return close(c);
    if (c == u'(' || c == u'[' || c == u'{')
        m_open.push_back(Open{c, m_at});
    static constexpr QStringView known = u"()[]{}.,;:?=<>!~+-*/%&|^";
    if (!known.contains(c))
        return fault(m_at);
    const qsizetype begin = m_at;
    const auto *const found = std::ranges::find_if(
        kOperators, [&](const char *op) { return m_text.sliced(m_at).startsWith(QLatin1StringView(op)); });
    m_at += found == kOperators.end() ? 1 : QLatin1StringView(*found).size();
    push(JsToken::Kind::Punctuation, begin);
}

bool isKeyword(const JsToken &token)
{
    static const QStringList words{u"typeof"_s, u"in"_s,    u"instanceof"_s, u"new"_s,   u"void"_s,
                                   u"return"_s, u"const"_s, u"let"_s,        u"var"_s,   u"if"_s,
                                   u"else"_s,   u"for"_s,   u"of"_s,         u"while"_s, u"function"_s,
                                   u"throw"_s,  u"delete"_s};
    return token.kind == JsToken::Kind::Name && words.contains(token.text);
}

bool isOperand(const JsToken &token) { return token.kind != JsToken::Kind::Punctuation && !isKeyword(token); }

bool needsLeftOperand(const JsToken &token)
{
    static const QStringList operators{u"."_s,   u"?."_s, u","_s,  u"=="_s, u"!="_s, u"==="_s,
                                       u"!=="_s, u"<="_s, u">="_s, u"&&"_s, u"||"_s, u"??"_s,
                                       u"*"_s,   u"/"_s,  u"%"_s,  u"<"_s,  u">"_s,  u"="_s,
                                       u"?"_s,   u":"_s,  u"&"_s,  u"|"_s,  u"^"_s,  u"**"_s};
    return token.kind == JsToken::Kind::Punctuation && operators.contains(token.text);
}

bool endsWithOperator(const JsToken &token)
{
    return needsLeftOperand(token) || token.is(u"+") || token.is(u"-") || token.is(u"!") || token.is(u"=>");
}

} // namespace

JsScan scanJs(QStringView text, qsizetype from) { return Scanner(text, from).run(); }

std::optional<JsFault> findSlip(const std::vector<JsToken> &tokens)
{
    for (size_t i = 0; i < tokens.size(); ++i) {
        const JsToken &token = tokens[i];
        const bool first = i == 0;
        if (needsLeftOperand(token) && (first || endsWithOperator(tokens[i - 1]) || tokens[i - 1].is(u"(")))
            return JsFault{token.offset, token.text, {}};
        if (!first && isOperand(token) && isOperand(tokens[i - 1]) && token.kind != JsToken::Kind::Template)
            return JsFault{token.offset, token.text, {}};
    }
    if (!tokens.empty() && endsWithOperator(tokens.back()))
        return JsFault{tokens.back().offset, tokens.back().text, {}};
    return std::nullopt;
}

} // namespace muster
