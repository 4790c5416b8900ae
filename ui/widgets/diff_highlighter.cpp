#include "ui/widgets/diff_highlighter.h"

#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace muster {

void DiffHighlighter::setEnabled(bool enabled)
{
    if (std::exchange(m_enabled, enabled) != enabled)
        rehighlight();
}

void DiffHighlighter::highlightBlock(const QString &text)
{
    if (!m_enabled || text.isEmpty())
        return;
    const ThemeColors &colors = Theme::colors();
    QTextCharFormat format;
    if (text.startsWith("@@"_L1) || text.startsWith("+++"_L1) || text.startsWith("---"_L1))
        format.setForeground(colors.mutedText);
    else if (text.front() == u'+')
        format.setBackground(colors.addedBackground);
    else if (text.front() == u'-')
        format.setBackground(colors.removedBackground);
    else
        return;
    setFormat(0, static_cast<int>(text.size()), format);
}

} // namespace muster
