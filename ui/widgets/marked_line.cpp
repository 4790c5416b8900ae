#include "ui/widgets/marked_line.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace muster {

MarkedLine::MarkedLine(const QString &accessibleName, QWidget *parent)
    : QPlainTextEdit(parent)
{
    setAccessibleName(accessibleName);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(0);
}

void MarkedLine::setText(const QString &text)
{
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

void MarkedLine::setMark(qsizetype position, qsizetype length)
{
    m_markedAt = position;
    m_markedLength = length;
    showMark();
}

void MarkedLine::showMark()
{
    const qsizetype whole = document()->firstBlock().length() - 1;
    if (m_markedAt < 0 || whole == 0) {
        setExtraSelections({});
        return;
    }
    const qsizetype from = std::min(m_markedAt, whole - 1); // what is missing is missed after the last word
    const qsizetype to = std::clamp(m_markedAt + std::max<qsizetype>(m_markedLength, 1), from + 1, whole);
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(document());
    mark.cursor.setPosition(static_cast<int>(from));
    mark.cursor.setPosition(static_cast<int>(to), QTextCursor::KeepAnchor);
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(Theme::colors().failed);
    setExtraSelections({mark});
}

QSize MarkedLine::sizeHint() const
{
    return {metrics::units(60), fontMetrics().height() + 2 * metrics::unit() + 4}; // as a QLineEdit's
}

QSize MarkedLine::minimumSizeHint() const { return {metrics::units(30), sizeHint().height()}; }

void MarkedLine::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        event->ignore();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void MarkedLine::insertFromMimeData(const QMimeData *source)
{
    if (source->hasText())
        textCursor().insertText(source->text().simplified());
}

void MarkedLine::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showMark();
}

void MarkedLine::wheelEvent(QWheelEvent *event) { event->ignore(); }

} // namespace muster
