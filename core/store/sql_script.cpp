#include "core/store/sql_script.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Reads one script, piece by piece; https://www.sqlite.org/lang.html for what a piece is.
class Splitter {
public:
    explicit Splitter(QStringView script)
        : m_script(script)
    {
    }

    QStringList split()
    {
        while (m_at < m_script.size())
            piece();
        endStatement();
        return m_statements;
    }

private:
    void piece()
    {
        const QChar c = m_script.at(m_at);
        if (starts(u"--"))
            skipTo(u"\n");
        else if (starts(u"/*"))
            skipTo(u"*/");
        else if (c == u'\'' || c == u'"' || c == u'`')
            quoted(c);
        else if (c == u'[')
            quoted(u']');
        else if (c.isLetter() || c == u'_')
            word();
        else if (c == u';' && m_depth == 0)
            endStatement();
        else
            take(1);
    }

    [[nodiscard]] bool starts(QStringView text) const { return m_script.sliced(m_at).startsWith(text); }

    void take(qsizetype count)
    {
        m_current += m_script.sliced(m_at, count);
        m_at += count;
    }

    // A comment: between two words it still separates them.
    void skipTo(QStringView end)
    {
        const qsizetype found = m_script.indexOf(end, m_at);
        m_at = found < 0 ? m_script.size() : found + end.size();
        m_current += u' ';
    }

    // A doubled quote ends one text and begins the next at once, which comes to the same here.
    void quoted(QChar end)
    {
        const qsizetype found = m_script.indexOf(end, m_at + 1);
        take((found < 0 ? m_script.size() : found + 1) - m_at);
    }

    void word()
    {
        qsizetype end = m_at;
        while (end < m_script.size() && (m_script.at(end).isLetterOrNumber() || m_script.at(end) == u'_'))
            ++end;
        const QString text = m_script.sliced(m_at, end - m_at).toString().toUpper();
        countWord(text);
        take(end - m_at);
    }

    // Semicolons within a trigger's BEGIN … END are its own; CASE … END may stand inside.
    void countWord(const QString &word)
    {
        if (m_words < 4)
            m_isTrigger = m_isTrigger || (m_words > 0 && word == u"TRIGGER"_s);
        ++m_words;
        if (!m_isTrigger)
            return;
        if (word == u"BEGIN"_s || word == u"CASE"_s)
            ++m_depth;
        else if (word == u"END"_s && m_depth > 0)
            --m_depth;
    }

    void endStatement()
    {
        const QString statement = m_current.trimmed();
        if (!statement.isEmpty())
            m_statements += statement;
        m_current.clear();
        m_words = 0;
        m_depth = 0;
        m_isTrigger = false;
        ++m_at;
    }

    QStringView m_script;
    qsizetype m_at = 0;
    QStringList m_statements;
    QString m_current;
    int m_words = 0; // of the current statement: CREATE [TEMP] TRIGGER is among its first
    int m_depth = 0;
    bool m_isTrigger = false;
};

} // namespace

QStringList splitSqlScript(QStringView script) { return Splitter(script).split(); }

} // namespace muster
