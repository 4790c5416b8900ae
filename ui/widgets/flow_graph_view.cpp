#include "ui/widgets/flow_graph_view.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/flow_graph_painter.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <cmath>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr double leastZoom = 0.15;
constexpr double mostZoom = 2.5;
constexpr double leastFit = 0.75; // smaller words are hard to read
constexpr double zoomStep = 1.2;
// A join of thousands: of the edges with an end out of sight no more than that are drawn.
constexpr int mostFarEdges = 40;
constexpr size_t mostFramed = 500; // steps; a frame looks at them all
} // namespace

FlowGraphView::FlowGraphView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setAccessibleName(tr("Graph of the flow"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(false);
    setMinimumSize(FlowGraphPainter::boxSize().toSize());
}

void FlowGraphView::setGraph(const FlowGraph &graph)
{
    const QString before = chosen();
    const bool isFirst = m_graph.steps.empty();
    m_graph = graph;
    m_chosen = m_graph.indexById.value(before, -1);
    m_frames.clear();
    for (int i = 0; m_graph.steps.size() <= mostFramed && i < std::ssize(m_graph.steps); ++i) {
        const QString &kind = m_graph.steps[static_cast<size_t>(i)].kind;
        if (kind == "loop"_L1 || kind == "group"_L1)
            m_frames += drawing().frameOf(i);
    }
    if (isFirst)
        fit();
    updateBars();
    viewport()->update();
}

void FlowGraphView::setStatuses(const QHash<QString, StepStatus> &statuses)
{
    m_statuses = statuses;
    refresh();
}

void FlowGraphView::refresh()
{
    viewport()->update();
    tellChosen();
}

void FlowGraphView::setOutdated(bool outdated)
{
    if (std::exchange(m_outdated, outdated) != outdated)
        viewport()->update();
}

void FlowGraphView::choose(const QString &step) { setChosen(m_graph.indexById.value(step, -1), false); }

QString FlowGraphView::chosen() const
{
    return m_chosen < 0 ? QString() : m_graph.steps[static_cast<size_t>(m_chosen)].id;
}

void FlowGraphView::setChosen(int step, bool tell)
{
    if (step == m_chosen)
        return;
    m_chosen = step;
    viewport()->update();
    if (step < 0)
        return;
    reveal(step);
    tellChosen();
    if (tell)
        emit stepChosen(chosen());
}

QString FlowGraphView::wordsOf(int step) const
{
    const QString &id = m_graph.steps[static_cast<size_t>(step)].id;
    const QString words = m_words && m_statuses.contains(id) ? m_words(id) : QString();
    return words.isEmpty() ? describe(m_graph, step) : tr("%1; %2").arg(describe(m_graph, step), words);
}

void FlowGraphView::tellChosen()
{
    const QString words = m_chosen < 0 ? QString() : wordsOf(m_chosen);
    if (words == accessibleDescription())
        return;
    setAccessibleDescription(words);
    QAccessibleEvent said(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&said);
}

FlowGraphPainter FlowGraphView::drawing() const { return {m_graph, m_zoom}; }

QPointF FlowGraphView::offset() const
{
    // A small graph stands in the middle.
    const QSizeF scene = drawing().sceneSize() * m_zoom;
    const double x = scene.width() < viewport()->width() ? (viewport()->width() - scene.width()) / 2
                                                         : -horizontalScrollBar()->value();
    return {x, -double(verticalScrollBar()->value())};
}

QRect FlowGraphView::rectOf(const QString &step) const
{
    const int index = m_graph.indexById.value(step, -1);
    if (index < 0)
        return {};
    const QRectF box = drawing().boxOf(index);
    return QRectF(box.topLeft() * m_zoom + offset(), box.size() * m_zoom).toRect();
}

int FlowGraphView::stepAt(QPoint position) const
{
    const QPointF at = (QPointF(position) - offset()) / m_zoom;
    const FlowGraphPainter drawing = this->drawing();
    for (int i = 0; i < static_cast<int>(m_graph.steps.size()); ++i) {
        if (drawing.boxOf(i).contains(at))
            return i;
    }
    return -1;
}

void FlowGraphView::updateBars()
{
    const QSizeF scene = drawing().sceneSize() * m_zoom;
    const QSize room = viewport()->size();
    horizontalScrollBar()->setRange(0, std::max(0, static_cast<int>(scene.width()) - room.width()));
    horizontalScrollBar()->setPageStep(room.width());
    horizontalScrollBar()->setSingleStep(metrics::units(5));
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(scene.height()) - room.height()));
    verticalScrollBar()->setPageStep(room.height());
    verticalScrollBar()->setSingleStep(metrics::units(5));
}

void FlowGraphView::reveal(int step)
{
    const QRectF box = drawing().boxOf(step);
    const QRectF wanted(box.topLeft() * m_zoom, box.size() * m_zoom);
    const auto show = [](QScrollBar *bar, double from, double to, int room) {
        constexpr int edge = 12;
        if (from - edge < bar->value())
            bar->setValue(static_cast<int>(from) - edge);
        else if (to + edge > bar->value() + room)
            bar->setValue(static_cast<int>(to) + edge - room);
    };
    show(horizontalScrollBar(), wanted.left(), wanted.right(), viewport()->width());
    show(verticalScrollBar(), wanted.top(), wanted.bottom(), viewport()->height());
}

void FlowGraphView::zoomIn() { zoom(zoomStep); }

void FlowGraphView::zoomOut() { zoom(1 / zoomStep); }

void FlowGraphView::zoom(double factor)
{
    m_fitted = false;
    const double before = m_zoom;
    m_zoom = std::clamp(m_zoom * factor, leastZoom, mostZoom);
    const double ratio = m_zoom / before;
    const QPoint middle(viewport()->width() / 2, viewport()->height() / 2);
    const double x = (horizontalScrollBar()->value() + middle.x()) * ratio - middle.x();
    const double y = (verticalScrollBar()->value() + middle.y()) * ratio - middle.y();
    updateBars();
    horizontalScrollBar()->setValue(static_cast<int>(x));
    verticalScrollBar()->setValue(static_cast<int>(y));
    viewport()->update();
}

void FlowGraphView::fit()
{
    m_fitted = true;
    showAll();
}

void FlowGraphView::showAll()
{
    const QSizeF scene = drawing().sceneSize();
    if (scene.isEmpty())
        return;
    const double wide = viewport()->width() / scene.width();
    const double high = viewport()->height() / scene.height();
    m_zoom = std::clamp(std::min(wide, high), leastFit, 1.0);
    updateBars();
    // What is too large begins where the flow does.
    const QPointF first = drawing().boxOf(0).center() * m_zoom;
    horizontalScrollBar()->setValue(static_cast<int>(first.x()) - viewport()->width() / 2);
    verticalScrollBar()->setValue(0);
    viewport()->update();
}

void FlowGraphView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    if (!m_fitted) {
        updateBars();
        return;
    }
    showAll();
    if (m_chosen >= 0)
        reveal(m_chosen);
}

void FlowGraphView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), Theme::colors().surface);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(offset());
    painter.scale(m_zoom, m_zoom);
    const QRectF seen((QPointF(event->rect().topLeft()) - offset()) / m_zoom,
                      QSizeF(event->rect().size()) / m_zoom);
    const FlowGraphPainter drawing = this->drawing();
    for (const QRectF &frame : std::as_const(m_frames)) {
        if (frame.intersects(seen))
            drawing.paintFrame(&painter, frame);
    }
    paintEdges(&painter, seen);
    for (int i = 0; i < static_cast<int>(m_graph.steps.size()); ++i) {
        if (!drawing.withSurroundings(i).intersects(seen))
            continue;
        const QString &id = m_graph.steps[static_cast<size_t>(i)].id;
        const auto status = m_statuses.constFind(id);
        BoxState state{
            .isChosen = i == m_chosen, .hasFocus = hasFocus(), .status = std::nullopt, .words = {}};
        if (status != m_statuses.cend()) {
            state.status = *status;
            if (m_words && m_zoom >= FlowGraphPainter::readable)
                state.words = m_words(id);
        }
        drawing.paintBox(&painter, i, state);
    }
    // Over all of it at once: boxes that let what is behind them through would be no boxes.
    if (m_outdated) {
        painter.resetTransform();
        painter.setOpacity(0.45);
        painter.fillRect(event->rect(), Theme::colors().surface);
    }
}

void FlowGraphView::paintEdges(QPainter *painter, const QRectF &seen) const
{
    const FlowGraphPainter drawing = this->drawing();
    int far = 0;
    for (size_t edge = 0; edge < m_graph.edges.size(); ++edge) {
        const FlowGraphEdge &ends = m_graph.edges[edge];
        const QRectF from = drawing.boxOf(ends.from);
        const QRectF to = drawing.boxOf(ends.to);
        // Up and down it does not leave the boxes of its ends.
        const QRectF span = from | to;
        if (span.top() > seen.bottom() || span.bottom() < seen.top())
            continue;
        const bool isChosen = ends.from == m_chosen || ends.to == m_chosen;
        const bool isNear = from.intersects(seen) && to.intersects(seen);
        if (isNear || far++ < mostFarEdges)
            drawing.paintEdge(painter, edge, isChosen);
    }
}

void FlowGraphView::mousePressEvent(QMouseEvent *event)
{
    const int step = stepAt(event->position().toPoint());
    const bool chooses = event->button() == Qt::LeftButton || event->button() == Qt::RightButton;
    if (step >= 0 && chooses) // a context menu is about it, too
        setChosen(step, true);
    if (step >= 0 || event->button() != Qt::LeftButton)
        return;
    m_dragging = true;
    m_fitted = false;
    m_dragFrom = event->position().toPoint();
    m_barsFrom = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
    viewport()->setCursor(Qt::ClosedHandCursor);
}

void FlowGraphView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_dragging)
        return;
    const QPoint moved = event->position().toPoint() - m_dragFrom;
    horizontalScrollBar()->setValue(m_barsFrom.x() - moved.x());
    verticalScrollBar()->setValue(m_barsFrom.y() - moved.y());
}

void FlowGraphView::mouseReleaseEvent(QMouseEvent *)
{
    m_dragging = false;
    viewport()->unsetCursor();
}

void FlowGraphView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const int step = stepAt(event->position().toPoint()); step >= 0)
        emit stepActivated(m_graph.steps[static_cast<size_t>(step)].id);
}

void FlowGraphView::wheelEvent(QWheelEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        m_fitted = false;
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    zoom(std::pow(zoomStep, event->angleDelta().y() / 120.0));
    event->accept();
}

// The nearest box beside the chosen one, or the nearest along its edges.
int FlowGraphView::next(int key) const
{
    if (m_chosen < 0)
        return m_graph.steps.empty() ? -1 : 0;
    const std::vector<int> near = key == Qt::Key_Left || key == Qt::Key_Right
                                      ? besideChosen(key == Qt::Key_Right)
                                      : alongEdges(key == Qt::Key_Down);
    const auto away = [this](int step) {
        const auto &places = m_graph.layout.nodes;
        return std::abs(places[static_cast<size_t>(step)].x() - places[static_cast<size_t>(m_chosen)].x());
    };
    const auto nearest = std::ranges::min_element(near, {}, away);
    return nearest == near.end() ? m_chosen : *nearest;
}

std::vector<int> FlowGraphView::besideChosen(bool right) const
{
    const QPointF at = m_graph.layout.nodes[static_cast<size_t>(m_chosen)];
    std::vector<int> found;
    for (int i = 0; i < static_cast<int>(m_graph.steps.size()); ++i) {
        const QPointF other = m_graph.layout.nodes[static_cast<size_t>(i)];
        if (other.y() == at.y() && (right ? other.x() > at.x() : other.x() < at.x()))
            found.push_back(i);
    }
    return found;
}

std::vector<int> FlowGraphView::alongEdges(bool down) const
{
    std::vector<int> found;
    for (const FlowGraphEdge &edge : m_graph.edges) {
        if (edge.kind != FlowEdgeKind::Jump && (down ? edge.from : edge.to) == m_chosen)
            found.push_back(down ? edge.to : edge.from);
    }
    return found;
}

void FlowGraphView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        setChosen(next(event->key()), true);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_chosen >= 0)
            emit stepActivated(chosen());
        break;
    case Qt::Key_Plus:
        zoomIn();
        break;
    case Qt::Key_Minus:
        zoomOut();
        break;
    case Qt::Key_0:
        fit();
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void FlowGraphView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

bool FlowGraphView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int step = stepAt(help->pos());
        if (step >= 0)
            QToolTip::showText(help->globalPos(), wordsOf(step).toHtmlEscaped(), viewport());
        else
            QToolTip::hideText();
        return true;
    }
    if (event->type() == QEvent::ContextMenu) {
        const auto *menu = static_cast<QContextMenuEvent *>(event);
        if (menu->reason() == QContextMenuEvent::Mouse && stepAt(menu->pos()) < 0)
            return true; // a menu is about a step
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace muster
