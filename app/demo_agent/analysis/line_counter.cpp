#include "app/demo_agent/analysis/line_counter.h"

#include "app/demo_agent/analysis/text.h"

#include <array>
#include <optional>

namespace muster::demo {

namespace {

enum class State : std::uint8_t { Code, Block, DocString, String, Pod, Ended };
enum class Line : std::uint8_t { Blank, Comment, Code };

constexpr std::array<QByteArrayView, 5> noteWords{"FIXME", "BUG", "XXX", "HACK", "TODO"};

class Counter {
public:
    Counter(const QByteArray &text, const Language &language)
        : m_text(text)
        , m_language(language)
        , m_open(language.blockOpen)
        , m_close(language.blockClose)
        , m_mayHaveNotes(hasNoteWord(text))
    {
    }

    LineCounts run()
    {
        qsizetype begin = 0;
        while (begin < m_text.size()) {
            qsizetype end = m_text.indexOf('\n', begin);
            if (end < 0)
                end = m_text.size();
            ++m_counts.lines;
            take(QByteArrayView(m_text).sliced(begin, end - begin));
            begin = end + 1;
        }
        return std::move(m_counts);
    }

private:
    static bool hasNoteWord(const QByteArray &text)
    {
        return std::ranges::any_of(noteWords, [&](QByteArrayView word) { return text.contains(word); });
    }

    void take(QByteArrayView raw)
    {
        const QByteArrayView line = trimmedView(raw);
        const Line kind = classify(raw, line);
        if (kind == Line::Blank)
            ++m_counts.blank;
        else if (kind == Line::Comment)
            ++m_counts.comments;
        else
            ++m_counts.code;
        if (m_mayHaveNotes && kind != Line::Blank)
            findNote(line, kind);
    }

    Line classify(QByteArrayView raw, QByteArrayView line)
    {
        if (m_language.family == Family::Perl || m_language.family == Family::Ruby) {
            if (const auto found = pod(raw, line))
                return *found;
        }
        if (line.isEmpty())
            return Line::Blank;
        if (m_state == State::Block)
            return insideBlock(line);
        if (m_language.family == Family::Python)
            return python(line);
        return plain(line);
    }

    std::optional<Line> pod(QByteArrayView raw, QByteArrayView line)
    {
        if (m_state == State::Pod) {
            if (raw.startsWith("=cut") || raw.startsWith("=end"))
                m_state = m_ended ? State::Ended : State::Code;
            return line.isEmpty() ? Line::Blank : Line::Comment;
        }
        if (raw.size() > 1 && raw[0] == '=' && raw[1] >= 'a' && raw[1] <= 'z') {
            m_state = State::Pod;
            return Line::Comment;
        }
        if (m_language.family == Family::Perl && (line == "__END__" || line == "__DATA__")) {
            m_ended = true;
            m_state = State::Ended;
        }
        if (m_state == State::Ended)
            return line.isEmpty() ? Line::Blank : Line::Comment;
        return std::nullopt;
    }

    Line insideBlock(QByteArrayView line)
    {
        if (line.contains(m_close))
            m_state = State::Code;
        return Line::Comment;
    }

    Line python(QByteArrayView line)
    {
        if (m_state == State::DocString || m_state == State::String) {
            const Line kind = m_state == State::DocString ? Line::Comment : Line::Code;
            if (line.contains(m_quote))
                m_state = State::Code;
            return kind;
        }
        if (line.startsWith('#'))
            return Line::Comment;
        for (const QByteArrayView quote : {QByteArrayView("\"\"\""), QByteArrayView("'''")}) {
            const qsizetype at = line.indexOf(quote);
            if (at < 0)
                continue;
            const bool documents = at == 0 || (at == 1 && !isWordByte(line[1]) && line[0] != '(');
            if (line.indexOf(quote, at + 3) < 0) {
                m_quote = quote;
                m_state = documents ? State::DocString : State::String;
            }
            return documents ? Line::Comment : Line::Code;
        }
        return Line::Code;
    }

    Line plain(QByteArrayView line)
    {
        if (!m_open.isEmpty() && line.startsWith(m_open)) {
            if (line.indexOf(m_close, m_open.size()) < 0)
                m_state = State::Block;
            return Line::Comment;
        }
        for (const char *mark : m_language.lineComments) {
            if (*mark != '\0' && line.startsWith(mark))
                return Line::Comment;
        }
        if (opensBlock(line))
            m_state = State::Block;
        return Line::Code;
    }

    // Code with a block comment behind it that does not end on the line; not a mark between quotes.
    bool opensBlock(QByteArrayView line) const
    {
        if (m_open.isEmpty())
            return false;
        const qsizetype at = line.lastIndexOf(m_open);
        if (at <= 0 || line.indexOf(m_close, at + m_open.size()) >= 0)
            return false;
        const QByteArrayView before = line.first(at);
        for (const char quote : {'"', '\'', '`'}) {
            if (std::ranges::count(before, quote) % 2 != 0)
                return false;
        }
        return !before.contains("//");
    }

    void findNote(QByteArrayView line, Line kind)
    {
        for (const QByteArrayView word : noteWords) {
            const qsizetype at = indexOfWord(line, word);
            if (at < 0 || !isNote(line, at, word, kind))
                continue;
            QByteArrayView rest = trimmedView(line.sliced(at + word.size()));
            while (!rest.isEmpty() && (rest[0] == ':' || rest[0] == '-' || rest[0] == ' '))
                rest = rest.sliced(1);
            QString text = QString::fromUtf8(rest);
            if (!m_close.isEmpty() && text.endsWith(QLatin1StringView(m_close)))
                text.chop(m_close.size());
            m_counts.notes.push_back({QString::fromLatin1(word), shortened(text, 160), m_counts.lines});
            return;
        }
    }

    bool isNote(QByteArrayView line, qsizetype at, QByteArrayView word, Line kind) const
    {
        const char next = at + word.size() < line.size() ? line[at + word.size()] : ':';
        const bool marked = next == ':' || next == '(';
        if (m_language.kind == LanguageKind::Prose || m_language.kind == LanguageKind::Data)
            return (next == ':') && trimmedView(line.first(at)).size() <= 4;
        if (word == "BUG" || word == "HACK") {
            if (!marked)
                return false;
        } else if (!marked && next != ' ') {
            return false;
        }
        return kind == Line::Comment ? leadsComment(line.first(at)) || marked : followsMark(line.first(at));
    }

    // Nothing but comment marks and a few words stand before it: "see TODO list" in prose is not a note.
    static bool leadsComment(QByteArrayView before)
    {
        return std::ranges::none_of(before, [](char c) { return isWordByte(c); });
    }

    bool followsMark(QByteArrayView before) const
    {
        for (const char *mark : m_language.lineComments) {
            if (*mark != '\0' && trimmedView(before).endsWith(mark))
                return true;
        }
        return !m_open.isEmpty() && trimmedView(before).endsWith(m_open);
    }

    const QByteArray &m_text;
    const Language &m_language;
    QByteArrayView m_open;
    QByteArrayView m_close;
    QByteArrayView m_quote;
    bool m_mayHaveNotes;
    bool m_ended = false;
    State m_state = State::Code;
    LineCounts m_counts;
};

} // namespace

int severity(const Note &note)
{
    for (std::size_t i = 0; i < noteWords.size(); ++i) {
        if (note.word == QLatin1StringView(noteWords[i]))
            return static_cast<int>(i);
    }
    return static_cast<int>(noteWords.size());
}

LineCounts countLines(const QByteArray &text, const Language &language)
{
    return Counter(text, language).run();
}

} // namespace muster::demo
