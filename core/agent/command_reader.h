// CommandReader: the reading of parseCommandLine(), by recursive descent: lists of commands
// (command_words.cpp) and words (command_reader_words.cpp), which hold lists again. Pure.
#pragma once

#include "core/agent/command_words.h"

namespace muster {

class CommandReader {
public:
    CommandReader(QStringView text, CommandLine &line, int depth)
        : m_text(text)
        , m_line(line)
        , m_depth(depth)
    {
    }

    void readAll() { readList({}); }

private:
    static constexpr int deepest = 32;

    struct HereDocument {
        QString end;
        bool quoted = false;
        bool stripTabs = false;
    };

    // Lists (command_words.cpp). `closing`: ')', '}' or none.
    void readList(QChar closing);
    [[nodiscard]] bool readOne(QChar closing, SimpleCommand &current); // false: the list is closed
    [[nodiscard]] bool takeWord(QChar closing, SimpleCommand &current);
    [[nodiscard]] bool takeKeyword(QChar closing, QStringView raw, SimpleCommand &current, bool &closed);
    void openParenthesis(SimpleCommand &current);
    void flush(SimpleCommand &current);
    [[nodiscard]] bool atRedirection() const;
    void readRedirection(SimpleCommand &current);
    void addRedirection(SimpleCommand &current, QStringView sign, const ShellWord &target, QStringView raw);
    void readHereDocuments();
    void skipBlanks();
    void skipComment();

    // Words (command_reader_words.cpp)
    [[nodiscard]] ShellWord readWord();
    void readUnquoted(ShellWord &word, qsizetype start, int &braces);
    void readSingleQuoted(ShellWord &word);
    void readDoubleQuoted(ShellWord &word);
    void readEscaped(ShellWord &word);
    void readDollar(ShellWord &word, bool inDoubleQuotes);
    void readParameter(ShellWord &word);
    void readAnsiQuoted(ShellWord &word);
    void noteLine(QStringView quoted);
    void readBackticks(ShellWord &word);
    void readExpansions(); // of a here-document's text

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] QChar peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }
    void doubt(QStringView why)
    {
        if (m_line.doubt.isEmpty())
            m_line.doubt = why.toString();
    }

    QStringView m_text;
    CommandLine &m_line;
    int m_depth = 0;
    qsizetype m_at = 0;
    std::vector<HereDocument> m_hereDocuments;
};

} // namespace muster
