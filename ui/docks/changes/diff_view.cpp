#include "ui/docks/changes/diff_view.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int coloringMs = 4; // at a time
constexpr int rowsAhead = 200;

QColor backgroundOf(DiffRowKind kind, const ThemeColors &colors)
{
    switch (kind) {
    case DiffRowKind::Added:
        return colors.addedBackground;
    case DiffRowKind::Removed:
        return colors.removedBackground;
    case DiffRowKind::Hunk:
    case DiffRowKind::Note:
        return colors.sunken;
    case DiffRowKind::Context:
        break;
    }
    return colors.surface;
}

// Of the text alone: the last block has the document's margin below it.
QRect lineRect(const QTextBlock &block, const QRectF &rect)
{
    const QTextLayout *layout = block.layout();
    const qreal height = layout->lineCount() > 0 ? layout->lineAt(0).height() : rect.height();
    const int top = qRound(rect.top());
    return {0, top, qRound(rect.width()), qRound(rect.top() + height) - top};
}

QTextLayout::FormatRange rangeOf(int start, int length, const QColor &color)
{
    QTextLayout::FormatRange range;
    range.start = start;
    range.length = length;
    range.format.setForeground(color);
    return range;
}

} // namespace

class DiffGutter final : public QWidget {
public:
    explicit DiffGutter(DiffView *view)
        : QWidget(view)
        , m_view(view)
    {
    }

protected:
    void paintEvent(QPaintEvent *event) override { m_view->paintGutter(event); }

private:
    DiffView *m_view;
};

DiffView::DiffView(QWidget *parent)
    : QPlainTextEdit(parent)
    , m_gutter(new DiffGutter(this))
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    setUndoRedoEnabled(false);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setProperty("role", u"diff"_s);
    setAccessibleName(tr("Difference"));
    setAccessibleDescription(tr(
        "Lines begin with + when added and - when removed. N goes to the next change, P to the one before."));
    m_coloring.setSingleShot(true);
    connect(&m_coloring, &QTimer::timeout, this, &DiffView::colorSome);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (m_colored < static_cast<int>(m_rows.rows.size()))
            m_coloring.start(0);
    });
    applyTheme();
}

void DiffView::setFile(const api::FileChange &file)
{
    DiffRows rows = diffRowsOf(file);
    const bool same = file.path == m_path;
    if (same && rows.text == m_rows.text)
        return;
    const int place = same ? verticalScrollBar()->value() : 0;
    m_path = file.path;
    m_rows = std::move(rows);
    m_colored = 0;
    m_syntax.setFile(m_path);
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(u' '));
    setPlainText(m_rows.text);
    setAccessibleName(tr("Difference of %1").arg(m_path));
    placeGutter();
    verticalScrollBar()->setValue(place);
    colorSome();
}

void DiffView::clearFile()
{
    m_path.clear();
    m_rows = {};
    m_colored = 0;
    m_coloring.stop();
    clear();
    placeGutter();
}

void DiffView::goToHunk(int step)
{
    if (m_rows.hunks.empty())
        return;
    const int top = firstVisibleBlock().blockNumber();
    const auto &hunks = m_rows.hunks;
    auto target = step > 0 ? std::ranges::upper_bound(hunks, top) : std::ranges::lower_bound(hunks, top);
    if (step > 0 ? target == hunks.end() : target == hunks.begin())
        return;
    if (step < 0)
        --target;
    setTextCursor(QTextCursor(document()->findBlockByNumber(*target)));
    verticalScrollBar()->setValue(*target);
}

void DiffView::applyTheme()
{
    m_colored = 0;
    if (!m_rows.rows.empty()) {
        m_syntax.setFile(m_path);
        colorSome();
    }
    viewport()->update();
    m_gutter->update();
}

template <typename Fn> void DiffView::eachVisible(Fn fn) const
{
    QTextBlock block = firstVisibleBlock();
    QRectF rect = blockBoundingGeometry(block).translated(contentOffset());
    while (block.isValid() && rect.top() <= viewport()->height()) {
        if (const auto row = static_cast<size_t>(block.blockNumber()); row < m_rows.rows.size())
            fn(m_rows.rows[row], lineRect(block, rect));
        const qreal bottom = rect.bottom();
        block = block.next();
        rect = blockBoundingRect(block).translated(0, bottom);
    }
}

int DiffView::lastVisible() const
{
    const int lines = viewport()->height() / std::max(1, fontMetrics().lineSpacing());
    return firstVisibleBlock().blockNumber() + lines + 1;
}

void DiffView::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        const ThemeColors &colors = Theme::colors();
        eachVisible([&](const DiffRow &row, const QRect &rect) {
            painter.fillRect(QRect(0, rect.top(), viewport()->width(), rect.height()),
                             backgroundOf(row.kind, colors));
        });
    }
    QPlainTextEdit::paintEvent(event);
}

void DiffView::paintGutter(QPaintEvent *event)
{
    QPainter painter(m_gutter);
    const ThemeColors &colors = Theme::colors();
    painter.fillRect(event->rect(), colors.surface);
    painter.setFont(font());
    const int number = numberWidth();
    eachVisible([&](const DiffRow &row, const QRect &rect) {
        painter.fillRect(QRect(0, rect.top(), m_gutter->width(), rect.height()),
                         backgroundOf(row.kind, colors));
        painter.setPen(colors.mutedText);
        const auto draw = [&](int left, int line) {
            if (line > 0)
                painter.drawText(QRect(left, rect.top(), number, rect.height()),
                                 Qt::AlignRight | Qt::AlignVCenter, QString::number(line));
        };
        draw(metrics::tight(), row.oldLine);
        draw(metrics::tight() + number + metrics::normal(), row.newLine);
    });
    painter.setPen(colors.border);
    painter.drawLine(m_gutter->width() - 1, event->rect().top(), m_gutter->width() - 1,
                     event->rect().bottom());
}

int DiffView::numberWidth() const
{
    const auto digits = std::max<qsizetype>(2, QString::number(m_rows.lastLine).size());
    return fontMetrics().horizontalAdvance(QString(digits, u'9'));
}

int DiffView::gutterWidth() const { return 2 * numberWidth() + metrics::normal() + 2 * metrics::tight() + 1; }

void DiffView::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const QRect inside = contentsRect();
    m_gutter->setGeometry(inside.left(), inside.top(), gutterWidth(), viewport()->height());
    m_gutter->update();
}

void DiffView::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
    if (m_colored < static_cast<int>(m_rows.rows.size()))
        m_coloring.start(0);
}

void DiffView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_gutter)
        placeGutter();
}

void DiffView::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_N || event->key() == Qt::Key_P)) {
        goToHunk(event->key() == Qt::Key_N ? 1 : -1);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

// As far as is in sight, in order, because each line's meaning depends on those before it.
void DiffView::colorSome()
{
    const int total = static_cast<int>(m_rows.rows.size());
    const int wanted = std::min(total, lastVisible() + rowsAhead);
    if (m_colored >= wanted)
        return;
    QElapsedTimer spent;
    spent.start();
    QTextBlock block = document()->findBlockByNumber(m_colored);
    const int from = block.position();
    int to = from;
    while (block.isValid() && m_colored < wanted && spent.elapsed() < coloringMs) {
        colorLine(block);
        to = block.position() + block.length() - 1;
        block = block.next();
        ++m_colored;
    }
    document()->markContentsDirty(from, to - from); // laid out again with their colours
    if (m_colored < wanted)
        m_coloring.start(0);
}

void DiffView::colorLine(const QTextBlock &block)
{
    const DiffRow &row = m_rows.rows[static_cast<size_t>(block.blockNumber())];
    const ThemeColors &colors = Theme::colors();
    const QString text = block.text();
    QList<QTextLayout::FormatRange> ranges;
    if (row.kind == DiffRowKind::Hunk || row.kind == DiffRowKind::Note)
        ranges += rangeOf(0, static_cast<int>(text.size()), colors.mutedText);
    else if (row.kind == DiffRowKind::Added)
        ranges += rangeOf(0, 1, colors.completed);
    else if (row.kind == DiffRowKind::Removed)
        ranges += rangeOf(0, 1, colors.failed);
    const QList<CodeSpan> spans = m_syntax.next(row, text.sliced(std::min<qsizetype>(1, text.size())));
    for (const CodeSpan &span : spans)
        ranges += rangeOf(span.start + 1, span.length, codeColor(span.role, colors));
    block.layout()->setFormats(ranges);
}

} // namespace muster
