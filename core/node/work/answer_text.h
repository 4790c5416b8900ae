// AnswerText: what of an agent's words is its answer: what it said after its last tool call, or all of it if
// that is nothing. At most `keptUnits` of each are kept, whatever an agent sends. Value type.
#pragma once

#include <QString>

namespace muster {

class AnswerText {
public:
    static constexpr qsizetype keptUnits = qsizetype{1024} * 1024;

    AnswerText() = default;
    explicit AnswerText(const QString &text) { add(text); }

    void add(const QString &text)
    {
        appendTo(m_all, text);
        if (m_toolCalled) // until then both are one
            appendTo(m_sinceTool, text);
    }
    void toolCalled()
    {
        m_toolCalled = true;
        m_sinceTool.clear();
    }
    [[nodiscard]] QString text() const
    {
        const QString last = m_sinceTool.trimmed();
        return last.isEmpty() ? m_all.trimmed() : last;
    }

private:
    static void appendTo(QString &kept, const QString &text)
    {
        if (kept.size() < keptUnits)
            kept += QStringView(text).first(std::min(text.size(), keptUnits - kept.size()));
    }

    QString m_all;
    QString m_sinceTool;
    bool m_toolCalled = false;
};

} // namespace muster
