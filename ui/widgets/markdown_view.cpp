#include "ui/widgets/markdown_view.h"

#include "ui/theme/metrics.h"

#include <QScrollBar>
#include <QTextDocument>

using namespace Qt::StringLiterals;

namespace muster {

MarkdownView::MarkdownView(const QString &accessibleName, QWidget *parent)
    : QTextEdit(parent)
{
    setReadOnly(true);
    setMinimumHeight(metrics::units(5));
    setTabChangesFocus(true);
    setProperty("role", u"document"_s);
    setAccessibleName(accessibleName);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

void MarkdownView::setText(const QString &markdown)
{
    if (markdown == m_shown)
        return;
    m_shown = markdown;
    document()->setMarkdown(markdown, QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) |
                                          QTextDocument::MarkdownNoHTML);
    moveCursor(QTextCursor::Start);
    verticalScrollBar()->setValue(0);
}

QVariant MarkdownView::loadResource(int, const QUrl &) { return {}; }

} // namespace muster
