// Words: quotes, escapes and what the shell expands.
#include "core/agent/command_reader.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool endsWord(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u';' || c == u'&' || c == u'|' || c == u'(' ||
           c == u')';
}

} // namespace

ShellWord CommandReader::readWord()
{
    ShellWord word;
    const qsizetype start = m_at;
    int braces = 0; // that are open
    while (!atEnd()) {
        const QChar c = peek();
        if (c == u'<' || c == u'>') {
            if (peek(1) != u'(' || m_at != start)
                break;
            word.literal = false; // a process substitution
            m_at += 2;
            readList(u')');
            continue;
        }
        if (endsWord(c))
            break;
        readUnquoted(word, start, braces);
    }
    m_at = std::min(m_at, m_text.size());
    if (m_at == start + 1 && word.text == u"[")
        word = {.text = word.text}; // the program of that name
    return word;
}

void CommandReader::readUnquoted(ShellWord &word, qsizetype start, int &braces)
{
    const QChar c = peek();
    switch (c.unicode()) {
    case u'\\':
        return readEscaped(word);
    case u'\'':
        return readSingleQuoted(word);
    case u'"':
        return readDoubleQuoted(word);
    case u'$':
        return readDollar(word, false);
    case u'`':
        return readBackticks(word);
    default:
        break;
    }
    const QChar before = m_at > start ? m_text[m_at - 1] : QChar();
    const bool begins = m_at == start || before == u'=' || before == u':';
    const bool names = c == u'*' || c == u'?' || c == u'[' || (c == u'~' && begins) ||
                       (braces > 0 && (c == u',' || (c == u'.' && peek(1) == u'.')));
    // "=name" is a program's path to zsh.
    if (names || (c == u'=' && m_at == start))
        word.literal = false;
    word.names = word.names || names;
    const bool alone = m_at == start && (m_at + 1 == m_text.size() || endsWord(peek(1)));
    if (c == u'{')
        ++braces;
    else if (c == u'}' && --braces < 0 && !alone)
        doubt(u"unexpected_brace"); // closes a group in some shells
    word.text += c;
    ++m_at;
}

void CommandReader::readEscaped(ShellWord &word)
{
    const QChar next = peek(1);
    if (m_at + 1 >= m_text.size())
        doubt(u"unclosed_quote");
    else if (next != u'\n')
        word.text += next;
    m_at += 2;
}

void CommandReader::readSingleQuoted(ShellWord &word)
{
    const qsizetype end = m_text.indexOf(u'\'', m_at + 1);
    noteLine(m_text.sliced(m_at, end < 0 ? 0 : end - m_at));
    if (end < 0) {
        doubt(u"unclosed_quote");
        m_at = m_text.size();
        return;
    }
    word.text += m_text.sliced(m_at + 1, end - m_at - 1);
    m_at = end + 1;
}

void CommandReader::readDoubleQuoted(ShellWord &word)
{
    const qsizetype start = m_at++;
    while (!atEnd()) {
        const QChar c = peek();
        const QChar next = peek(1);
        if (c == u'"') {
            noteLine(m_text.sliced(start, m_at - start));
            ++m_at;
            return;
        }
        if (c == u'$') {
            readDollar(word, true);
        } else if (c == u'`') {
            readBackticks(word);
        } else if (c == u'\\' && (next == u'$' || next == u'`' || next == u'"' || next == u'\\')) {
            readEscaped(word);
        } else if (c == u'\\' && next == u'\n') {
            m_at += 2;
        } else {
            word.text += c;
            ++m_at;
        }
    }
    doubt(u"unclosed_quote");
}

void CommandReader::readDollar(ShellWord &word, bool inDoubleQuotes)
{
    static const QString special = u"@*#?-$!"_s;
    const QChar next = peek(1);
    const qsizetype start = m_at;
    if (next == u'(') {
        if (peek(2) == u'(')
            doubt(u"arithmetic");
        m_at += 2;
        word.literal = false;
        readList(u')');
    } else if (next == u'{') {
        readParameter(word);
    } else if (next == u'\'' && !inDoubleQuotes) {
        readAnsiQuoted(word);
    } else if (next == u'"' && !inDoubleQuotes) {
        word.literal = false; // translated
        ++m_at;
    } else if (next == u'[') {
        doubt(u"arithmetic");
        ++m_at;
    } else if (next == u'_' || next.isLetterOrNumber() || special.contains(next)) {
        word.literal = false;
        m_at += 2;
        word.text += m_text.sliced(start, 2);
    } else {
        word.text += u'$';
        ++m_at;
    }
}

// "${…}" ends where quotes say, which shells and contexts do not agree about; and it can assign and evaluate.
void CommandReader::readParameter(ShellWord &word)
{
    static const QString plain = u"_:-+?#%/,. "_s;
    word.literal = false;
    m_at += 2;
    if (peek() == u' ' || peek() == u'\t' || peek() == u'\n' || peek() == u'|')
        doubt(u"command_in_braces");
    while (!atEnd() && peek() != u'}') {
        const QChar c = peek();
        if (c == u'$') {
            readDollar(word, true);
        } else if (c == u'`') {
            readBackticks(word);
        } else {
            if (!c.isLetterOrNumber() && !plain.contains(c))
                doubt(u"expansion");
            ++m_at;
        }
    }
    if (atEnd())
        doubt(u"unclosed_brace");
    ++m_at;
}

void CommandReader::readAnsiQuoted(ShellWord &word)
{
    word.literal = false;
    doubt(u"ansi_quote"); // in some shells it ends at another quote
    m_at += 2;
    while (!atEnd() && peek() != u'\'')
        m_at += peek() == u'\\' ? 2 : 1;
    if (atEnd())
        doubt(u"unclosed_quote");
    ++m_at;
}

// Shells do not agree where a here-document begins if its line goes on within quotes.
void CommandReader::noteLine(QStringView quoted)
{
    if (!m_hereDocuments.empty() && quoted.contains(u'\n'))
        doubt(u"here_document");
}

void CommandReader::readBackticks(ShellWord &word)
{
    word.literal = false;
    const qsizetype end = m_text.indexOf(u'`', m_at + 1);
    if (end < 0) {
        doubt(u"unclosed_quote");
        m_at = m_text.size();
        return;
    }
    const QStringView inner = m_text.sliced(m_at + 1, end - m_at - 1);
    if (inner.contains(u'\\'))
        doubt(u"escape_in_backticks");
    CommandReader reader(inner, m_line, m_depth);
    reader.readAll();
    m_at = end + 1;
}

void CommandReader::readExpansions()
{
    ShellWord ignored;
    while (!atEnd()) {
        if (peek() == u'\\')
            m_at += 2;
        else if (peek() == u'$')
            readDollar(ignored, true);
        else if (peek() == u'`')
            readBackticks(ignored);
        else
            ++m_at;
    }
}

} // namespace muster
