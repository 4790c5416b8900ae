#include "ui/docks/timeline/lane_gutter.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/timeline_model.h"
#include "ui/docks/timeline/event_delegate.h"
#include "ui/docks/timeline/timeline_view.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

int laneWidth() { return metrics::units(3); }

} // namespace

LaneGutter::LaneGutter(TimelineModel *model, EventList *list, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_list(list)
{
    refresh();
}

void LaneGutter::refresh()
{
    const int lanes = m_model->lanes().laneCount();
    setVisible(lanes > 0);
    setFixedWidth(lanes * laneWidth() + metrics::normal());
    update();
}

LaneGutter::Rows LaneGutter::visibleRows() const
{
    const QModelIndex top = m_list->indexAt({1, 1});
    if (!top.isValid())
        return {};
    const QModelIndex bottom = m_list->indexAt({1, m_list->viewport()->height() - 1});
    return {.first = top.row(), .last = bottom.isValid() ? bottom.row() : m_model->rowCount() - 1};
}

QRect LaneGutter::rowRect(int row) const
{
    const QRect inside = m_list->visualRect(m_model->index(row, 0));
    const int top = m_list->mapTo(parentWidget(), m_list->viewport()->pos()).y() - y();
    return {0, inside.top() + top, width(), inside.height()};
}

int LaneGutter::centerOf(int lane) const
{
    const int x = metrics::tight() + lane * laneWidth() + laneWidth() / 2;
    return layoutDirection() == Qt::LeftToRight ? x : width() - x;
}

int LaneGutter::rowAt(int y) const
{
    const int top = m_list->mapTo(parentWidget(), m_list->viewport()->pos()).y() - this->y();
    const QModelIndex index = m_list->indexAt({1, y - top});
    return index.isValid() && y >= top ? index.row() : -1;
}

QString LaneGutter::nameAt(const QPoint &place) const
{
    const int row = rowAt(place.y());
    if (row < 0)
        return {};
    for (const LaneSpan &span : m_model->lanes().spans()) {
        if (row < span.first || row > span.last ||
            std::abs(centerOf(span.lane) - place.x()) > laneWidth() / 2)
            continue;
        const Event &first = m_model->eventAt(span.first);
        const qint64 took = m_model->eventAt(span.last).atMs - first.atMs;
        return m_model->subjectOf(first) % u'\n' % tr("%n event(s)", nullptr, span.count) % u" · " %
               describeDuration(took);
    }
    return {};
}

bool LaneGutter::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QToolTip::showText(help->globalPos(), nameAt(help->pos()), this);
    return true;
}

void LaneGutter::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->pos().y());
    if (row < 0)
        return;
    m_list->setCurrentIndex(m_model->index(row, 0));
    m_list->setFocus(Qt::MouseFocusReason);
}

void LaneGutter::paintSpan(QPainter &painter, const LaneSpan &span, Rows rows, bool current) const
{
    const int x = centerOf(span.lane);
    const int from = span.first < rows.first ? rowRect(rows.first).top() : rowRect(span.first).center().y();
    const int to = span.last > rows.last ? rowRect(rows.last).bottom() + 1 : rowRect(span.last).center().y();
    const ThemeColors &colors = Theme::colors();
    painter.setPen(QPen(current ? colors.accent : colors.strongBorder, current ? 2.5 : 1.25,
                        span.shared ? Qt::DotLine : Qt::SolidLine));
    painter.drawLine(QPointF(x, from), QPointF(x, to));
}

void LaneGutter::paintMark(QPainter &painter, int row, const LaneSpan &span, bool current) const
{
    const Event &event = m_model->eventAt(row);
    const EventTone tone = toneOf(event);
    const QPointF middle(centerOf(span.lane), rowRect(row).center().y() + 0.5);
    const qreal size = metrics::unit() * (tone == EventTone::Plain ? 0.65 : 1.0);
    const ThemeColors &colors = Theme::colors();
    painter.setPen(QPen(colors.surface, 1));
    painter.setBrush(current && tone == EventTone::Plain ? colors.accent : toneColor(tone));
    // What went wrong or waits has another form than the rest, not only another colour.
    if (tone == EventTone::Bad || tone == EventTone::Waiting) {
        painter.drawPolygon(QPolygonF{middle + QPointF(0, -size * 1.25), middle + QPointF(size * 1.25, 0),
                                      middle + QPointF(0, size * 1.25), middle + QPointF(-size * 1.25, 0)});
    } else {
        painter.drawEllipse(middle, size, size);
    }
}

void LaneGutter::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeColors &colors = Theme::colors();
    painter.fillRect(rect(), colors.surface);
    const Rows rows = visibleRows();
    if (rows.last < rows.first)
        return;
    const QModelIndex chosen = m_list->currentIndex();
    if (chosen.isValid() && m_list->selectionModel()->isSelected(chosen))
        painter.fillRect(rowRect(chosen.row()), colors.selection);
    const int headBottom =
        rowRect(rows.first).top() - m_list->visualRect(m_model->index(rows.first, 0)).top();
    painter.setClipRect(0, headBottom, width(), height() - headBottom);
    painter.setRenderHint(QPainter::Antialiasing);
    const TimelineLanes &lanes = m_model->lanes();
    const LaneSpan *current = chosen.isValid() ? lanes.spanOf(chosen.row()) : nullptr;
    for (const LaneSpan &span : lanes.spans()) {
        if (span.first <= rows.last && span.last >= rows.first && &span != current)
            paintSpan(painter, span, rows, false);
    }
    if (current && current->first <= rows.last && current->last >= rows.first)
        paintSpan(painter, *current, rows, true);
    for (int row = rows.first; row <= rows.last; ++row) {
        if (const LaneSpan *span = lanes.spanOf(row))
            paintMark(painter, row, *span, span == current);
    }
    painter.setClipping(false);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(colors.border);
    painter.drawLine(0, headBottom - 1, width(), headBottom - 1);
}

} // namespace muster
