#include "ui/docks/editor/yaml_edit.h"

#include "core/viewmodel/describe.h"
#include "ui/code/code_highlighter.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int indentBy = 2;

qsizetype indentOf(const QString &line)
{
    qsizetype spaces = 0;
    while (spaces < line.size() && line[spaces] == u' ')
        ++spaces;
    return spaces;
}

// Code points before it, in UTF-16 units.
qsizetype unitsOf(const QString &line, int column)
{
    qsizetype units = 0;
    for (int i = 1; i < column && units < line.size(); ++i)
        units += line[units].isHighSurrogate() ? 2 : 1;
    return std::min(units, line.size());
}

// The word at a place, or what is left of the line where there is none.
QTextCursor wordAt(const QTextBlock &block, int column)
{
    const QString line = block.text();
    qsizetype from = unitsOf(line, column);
    qsizetype to = from;
    while (to < line.size() && !line[to].isSpace() && !u",:[]{}\"'"_s.contains(line[to]))
        ++to;
    if (to == from) // of an empty line, or at a sign, the sign
        to = std::min(from + 1, line.size());
    if (to == from && from > 0)
        --from;
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + static_cast<int>(from));
    cursor.setPosition(block.position() + static_cast<int>(to), QTextCursor::KeepAnchor);
    return cursor;
}

} // namespace

YamlEdit::YamlEdit(Theme *theme, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_numbers(new QWidget(this))
{
    setAccessibleName(tr("Text of the flow"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setTabStopDistance(fontMetrics().horizontalAdvance(u' ') * indentBy);
    new CodeHighlighter(document(), u"flow.yaml"_s, theme);
    m_numbers->installEventFilter(this);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &YamlEdit::layNumbers);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int moved) {
        if (moved != 0)
            m_numbers->scroll(0, moved);
        else
            m_numbers->update(0, rect.y(), m_numbers->width(), rect.height());
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &YamlEdit::showMarks);
    if (theme)
        connect(theme, &Theme::changed, this, &YamlEdit::showMarks);
    layNumbers();
}

void YamlEdit::replaceAll(const QString &text)
{
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    moveCursor(QTextCursor::Start);
}

void YamlEdit::insertAt(qsizetype position, const QString &text, qsizetype cursor)
{
    QTextCursor at(document());
    at.setPosition(static_cast<int>(position));
    at.insertText(text);
    at.setPosition(static_cast<int>(cursor));
    setTextCursor(at);
    ensureCursorVisible();
}

void YamlEdit::setProblems(const std::vector<api::FlowProblemInfo> &problems)
{
    m_marks.clear();
    for (const api::FlowProblemInfo &problem : problems) {
        const QTextBlock block = document()->findBlockByNumber(std::max(problem.line, 1) - 1);
        if (!block.isValid())
            continue;
        const FlowProblemText text = describe(problem);
        m_marks.push_back(
            {.place = wordAt(block, problem.column),
             .sentence = text.hint.isEmpty() ? text.message : QString(text.message % u' ' % text.hint)});
    }
    showMarks();
}

void YamlEdit::showMarks()
{
    const ThemeColors &colors = Theme::colors();
    QList<QTextEdit::ExtraSelection> shown;
    QTextEdit::ExtraSelection line;
    line.format.setBackground(colors.hover);
    line.format.setProperty(QTextFormat::FullWidthSelection, true);
    line.cursor = textCursor();
    line.cursor.clearSelection();
    shown.append(line);
    for (const Mark &mark : m_marks) {
        QTextEdit::ExtraSelection wave;
        wave.cursor = mark.place;
        wave.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wave.format.setUnderlineColor(colors.failed);
        shown.append(wave);
    }
    setExtraSelections(shown);
    m_numbers->update();
}

void YamlEdit::goTo(int line, int column)
{
    const QTextBlock block = document()->findBlockByNumber(std::clamp(line, 1, blockCount()) - 1);
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + static_cast<int>(unitsOf(block.text(), column)));
    setTextCursor(cursor);
    centerCursor();
}

void YamlEdit::layNumbers()
{
    const int digits = std::max<int>(3, static_cast<int>(QString::number(blockCount()).size()));
    const int width = fontMetrics().horizontalAdvance(u'9') * digits + 2 * metrics::normal();
    setViewportMargins(width, 0, 0, 0);
    const QRect inside = contentsRect();
    m_numbers->setGeometry(inside.left(), inside.top(), width, inside.height());
}

void YamlEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    layNumbers();
}

bool YamlEdit::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_numbers && event->type() == QEvent::Paint) {
        paintNumbers(static_cast<QPaintEvent *>(event));
        return true;
    }
    return QPlainTextEdit::eventFilter(watched, event);
}

// A line with a problem has a dot beside its number: the wave alone is easily overlooked.
void YamlEdit::paintNumbers(QPaintEvent *event)
{
    const ThemeColors &colors = Theme::colors();
    QPainter painter(m_numbers);
    painter.fillRect(event->rect(), colors.sunken);
    painter.setFont(font());
    painter.setRenderHint(QPainter::Antialiasing);
    QSet<int> wrong;
    for (const Mark &mark : m_marks)
        wrong.insert(mark.place.blockNumber());
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const double height = blockBoundingRect(block).height();
        const bool isCurrent = block.blockNumber() == textCursor().blockNumber();
        painter.setPen(isCurrent ? colors.text : colors.mutedText);
        painter.drawText(QRectF(0, top, m_numbers->width() - metrics::normal(), height),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(block.blockNumber() + 1));
        if (wrong.contains(block.blockNumber())) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.failed);
            const double size = metrics::units(1) * 1.5;
            painter.drawEllipse(QRectF(metrics::tight() / 2.0, top + (height - size) / 2, size, size));
        }
        block = block.next();
        top += height;
    }
}

bool YamlEdit::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QPlainTextEdit::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int at = cursorForPosition(help->pos()).position();
    for (const Mark &mark : m_marks) {
        if (at >= mark.place.selectionStart() && at <= mark.place.selectionEnd()) {
            QToolTip::showText(help->globalPos(), mark.sentence.toHtmlEscaped(), viewport());
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

void YamlEdit::indent(bool back)
{
    QTextCursor cursor = textCursor();
    const int first = document()->findBlock(cursor.selectionStart()).blockNumber();
    const int last = document()->findBlock(cursor.selectionEnd()).blockNumber();
    if (!back && first == last) {
        cursor.insertText(QString(indentBy - (cursor.positionInBlock() % indentBy), u' '));
        return;
    }
    cursor.beginEditBlock();
    for (int number = first; number <= last; ++number) {
        const QTextBlock block = document()->findBlockByNumber(number);
        QTextCursor at(block);
        if (!back) {
            at.insertText(QString(indentBy, u' '));
            continue;
        }
        const auto spaces = static_cast<int>(std::min<qsizetype>(indentBy, indentOf(block.text())));
        at.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor, spaces);
        at.removeSelectedText();
    }
    cursor.endEditBlock();
}

void YamlEdit::breakLine()
{
    QTextCursor cursor = textCursor();
    const QString before = cursor.block().text().left(cursor.positionInBlock());
    const QString trimmed = before.trimmed();
    qsizetype spaces = indentOf(before);
    if (trimmed.startsWith("- "_L1))
        spaces += indentBy; // the keys of an item stand behind its dash
    if (trimmed.endsWith(u':') || trimmed.endsWith(u'|') || trimmed.endsWith(u'>'))
        spaces += indentBy;
    cursor.insertText(u'\n' + QString(spaces, u' '));
    setTextCursor(cursor);
    ensureCursorVisible();
}

void YamlEdit::keyPressEvent(QKeyEvent *event)
{
    const bool plain = event->modifiers() == Qt::NoModifier && !isReadOnly();
    if (event->key() == Qt::Key_Tab && plain)
        indent(false);
    else if (event->key() == Qt::Key_Backtab && !isReadOnly())
        indent(true);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && plain)
        breakLine();
    else
        QPlainTextEdit::keyPressEvent(event);
}

} // namespace muster
