#include "core/agent/command_words.h"

#include "core/agent/command_reader.h"

#include <QList>

#include <algorithm>
#include <array>
#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// What a person could not see, or would take for a separator that is none.
bool isHidden(char32_t c)
{
    if (c == U'\n' || c == U'\t' || c == U' ')
        return false;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

bool hasHidden(const QString &text)
{
    const auto points = text.toUcs4();
    return std::ranges::any_of(points, isHidden);
}

// Words that only hold commands together: what follows is at the place of a command again.
bool isSeparatorWord(QStringView raw)
{
    static constexpr std::array<QStringView, 11> words{u"!",     u"if",    u"then", u"elif", u"else", u"fi",
                                                       u"while", u"until", u"do",   u"done", u"}"};
    return std::ranges::contains(words, raw);
}

bool isDoubtfulWord(QStringView raw)
{
    static constexpr std::array<QStringView, 11> words{u"for",      u"case",   u"esac",     u"select",
                                                       u"function", u"[[",     u"coproc",   u"in",
                                                       u"foreach",  u"repeat", u"nocorrect"};
    return std::ranges::contains(words, raw);
}

bool isAssignment(QStringView raw)
{
    const qsizetype equals = raw.indexOf(u'=');
    if (equals <= 0 || raw.front().isDigit())
        return false;
    QStringView name = raw.first(equals);
    if (name.endsWith(u'+'))
        name.chop(1);
    if (const qsizetype bracket = name.indexOf(u'['); bracket > 0)
        name = name.first(bracket);
    return !name.isEmpty() && std::ranges::all_of(name, [](QChar c) {
        return c == u'_' || (c.unicode() < 0x80 && c.isLetterOrNumber());
    });
}

} // namespace

CommandLine parseCommandLine(const QString &text)
{
    CommandLine line;
    if (text.size() > CommandLine::longest) {
        line.doubt = u"too_long"_s;
        return line;
    }
    if (hasHidden(text))
        line.doubt = u"hidden_character"_s;
    CommandReader(text, line, 0).readAll();
    if (line.commands.size() > CommandLine::mostCommands && line.doubt.isEmpty())
        line.doubt = u"too_many_commands"_s;
    return line;
}

void CommandReader::readList(QChar closing)
{
    if (++m_depth > deepest) {
        doubt(u"too_deep");
        m_at = m_text.size();
        return;
    }
    if (!m_hereDocuments.empty())
        doubt(u"here_document"); // shells do not agree where it begins
    SimpleCommand current;
    bool open = true;
    while (open && !atEnd())
        open = readOne(closing, current);
    flush(current);
    if (!closing.isNull() && !m_hereDocuments.empty())
        doubt(u"here_document");
    --m_depth;
    if (open && !closing.isNull())
        doubt(u"unclosed_group");
    if (atEnd() && !m_hereDocuments.empty())
        doubt(u"unclosed_here_document");
}

bool CommandReader::readOne(QChar closing, SimpleCommand &current)
{
    skipBlanks();
    if (atEnd())
        return true;
    if (atRedirection()) {
        readRedirection(current);
        return true;
    }
    switch (peek().unicode()) {
    case u'\n':
        flush(current);
        ++m_at;
        readHereDocuments();
        return true;
    case u';':
    case u'&':
    case u'|':
        flush(current);
        ++m_at;
        return true;
    case u')':
        ++m_at;
        flush(current);
        if (closing == u')')
            return false;
        doubt(u"unexpected_parenthesis");
        return true;
    case u'(':
        openParenthesis(current);
        return true;
    case u'#':
        skipComment();
        return true;
    default:
        return takeWord(closing, current);
    }
}

// A subshell; behind a word it is a function, an array or a pattern.
void CommandReader::openParenthesis(SimpleCommand &current)
{
    if (!current.isEmpty())
        doubt(u"function_or_pattern");
    if (peek(1) == u'(')
        doubt(u"arithmetic");
    flush(current);
    ++m_at;
    readList(u')');
}

bool CommandReader::takeWord(QChar closing, SimpleCommand &current)
{
    const qsizetype start = m_at;
    const ShellWord word = readWord();
    const QStringView raw = m_text.sliced(start, m_at - start);
    bool closed = false;
    if (current.words.empty() && takeKeyword(closing, raw, current, closed))
        return !closed;
    if (raw == u"}")
        doubt(u"unexpected_brace");
    if (current.words.empty() && isAssignment(raw))
        current.assignments.push_back(word);
    else
        current.words.push_back(word);
    return true;
}

bool CommandReader::takeKeyword(QChar closing, QStringView raw, SimpleCommand &current, bool &closed)
{
    if (!current.isEmpty())
        return false;
    if (raw == u"{") {
        readList(u'}');
        return true;
    }
    if (raw == u"}" && closing == u'}') {
        closed = true;
        return true;
    }
    if (raw == u"}")
        doubt(u"unexpected_brace");
    if (raw == u"!" && peek() == u'(')
        doubt(u"function_or_pattern");
    if (isDoubtfulWord(raw))
        doubt(u"compound_command");
    return isSeparatorWord(raw);
}

void CommandReader::flush(SimpleCommand &current)
{
    if (!current.isEmpty())
        m_line.commands.push_back(std::exchange(current, {}));
}

void CommandReader::skipBlanks()
{
    for (;;) {
        if (peek() == u' ' || peek() == u'\t')
            ++m_at;
        else if (peek() == u'\\' && peek(1) == u'\n')
            m_at += 2;
        else
            return;
    }
}

// Whether it is one depends on the shell and its options.
void CommandReader::skipComment()
{
    doubt(u"comment");
    while (!atEnd() && peek() != u'\n')
        ++m_at;
}

bool CommandReader::atRedirection() const
{
    qsizetype ahead = 0;
    while (peek(ahead).unicode() < 0x80 && peek(ahead).isDigit())
        ++ahead;
    const QChar c = peek(ahead);
    if (ahead == 0 && c == u'&')
        return peek(1) == u'>';
    return (c == u'<' || c == u'>') && (ahead > 0 || peek(ahead + 1) != u'(');
}

void CommandReader::readRedirection(SimpleCommand &current)
{
    static constexpr std::array<QStringView, 13> signs{u"&>>", u"&>", u"<<<", u"<<-", u"<<", u"<&", u"<>",
                                                       u"<",   u">>", u">&",  u">|",  u">!", u">"};
    while (peek().isDigit())
        ++m_at;
    const auto *const sign =
        std::ranges::find_if(signs, [&](QStringView s) { return m_text.sliced(m_at).startsWith(s); });
    m_at += sign->size();
    skipBlanks();
    const qsizetype start = m_at;
    const ShellWord target = readWord();
    if (m_at == start)
        return doubt(u"redirection");
    addRedirection(current, *sign, target, m_text.sliced(start, m_at - start));
    skipBlanks();
    // "a &> b c" is "a & >b c" to some shells.
    const bool last = atEnd() || QStringView(u"\n;|&)").contains(peek());
    if (sign->startsWith(u'&') && !last)
        doubt(u"redirection");
}

void CommandReader::addRedirection(SimpleCommand &current, QStringView sign, const ShellWord &target,
                                   QStringView raw)
{
    const bool descriptor = !target.text.isEmpty() && std::ranges::all_of(target.text, [](QChar c) {
        return c == u'-' || (c >= u'0' && c <= u'9');
    });
    RedirectionKind kind = RedirectionKind::Write;
    if (sign == u"<<" || sign == u"<<-") {
        if (raw.contains(u'$') || raw.contains(u'`') || raw.contains(u'\n'))
            doubt(u"here_document");
        m_hereDocuments.push_back(
            {.end = target.text, .quoted = raw != target.text, .stripTabs = sign == u"<<-"});
        kind = RedirectionKind::Inline;
    } else if (sign == u"<<<") {
        kind = RedirectionKind::Inline;
    } else if (sign == u"<") {
        kind = RedirectionKind::Read;
    } else if (sign == u">&" || sign == u"<&") {
        if (target.literal && descriptor)
            kind = RedirectionKind::Duplicate;
        else if (sign == u"<&")
            doubt(u"redirection");
    } else if (sign == u">!") {
        doubt(u"redirection"); // clobbers in one shell, names a file in another
    }
    current.redirections.push_back({.kind = kind, .target = target});
}

void CommandReader::readHereDocuments()
{
    const auto documents = std::exchange(m_hereDocuments, {});
    for (const HereDocument &document : documents) {
        QString body;
        bool ended = false;
        while (!ended && !atEnd()) {
            const qsizetype newline = m_text.indexOf(u'\n', m_at);
            QStringView row = m_text.sliced(m_at, (newline < 0 ? m_text.size() : newline) - m_at);
            m_at = newline < 0 ? m_text.size() : newline + 1;
            while (document.stripTabs && row.startsWith(u'\t'))
                row = row.sliced(1);
            ended = row == document.end;
            if (!ended)
                body += row + u'\n';
        }
        if (!ended)
            doubt(u"unclosed_here_document");
        if (!document.quoted)
            CommandReader(body, m_line, m_depth).readExpansions();
    }
}

} // namespace muster
