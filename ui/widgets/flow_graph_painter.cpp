#include "ui/widgets/flow_graph_painter.h"

#include "core/viewmodel/describe_preflight.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/status_look.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Graph {
    Q_DECLARE_TR_FUNCTIONS(FlowGraph)
};

constexpr int boxWidth = 44; // units
constexpr int boxHeight = 12;
constexpr int between = 6;
constexpr int below = 9;
constexpr int around = 6;
constexpr int ofStack = 1; // how far the box behind that of a list stands out

QString iconOf(const QString &kind)
{
    static const QHash<QString, QString> icons{
        {u"agent"_s, u"agent"_s}, {u"shell"_s, u"terminal"_s}, {u"approval"_s, u"approval"_s},
        {u"script"_s, u"tool"_s}, {u"switch"_s, u"branch"_s},  {u"delay"_s, u"later"_s},
        {u"loop"_s, u"retry"_s},  {u"group"_s, u"layout"_s},   {u"merge"_s, u"merge"_s}};
    return icons.value(kind, u"flow"_s);
}

Qt::PenStyle styleOf(FlowEdgeKind kind)
{
    if (kind == FlowEdgeKind::Jump)
        return Qt::DashLine;
    return kind == FlowEdgeKind::Loop ? Qt::DotLine : Qt::SolidLine;
}

QString secondLine(const api::FlowStepInfo &step)
{
    QString text = describeKind(step.kind);
    if (step.foreach)
        text = Graph::tr("%1, each item").arg(text);
    if (step.conditional)
        text = Graph::tr("%1, if …").arg(text);
    if (step.isFinal)
        text = Graph::tr("%1, finally").arg(text);
    return text;
}

// Short, for a box: describe() has the words.
QString shortCap(const api::FlowStepInfo &step)
{
    return step.atATime > 0 ? u"≤ %1"_s.arg(step.atATime) : QString();
}

void paintArrow(QPainter *painter, QPointF tip)
{
    const double size = metrics::units(1);
    QPainterPath head(tip);
    head.lineTo(tip + QPointF(-size, -1.6 * size));
    head.lineTo(tip + QPointF(size, -1.6 * size));
    head.closeSubpath();
    painter->fillPath(head, painter->pen().color());
}

} // namespace

QSizeF FlowGraphPainter::boxSize()
{
    return {double(metrics::units(boxWidth)), double(metrics::units(boxHeight))};
}

FlowGraphPainter::FlowGraphPainter(const FlowGraph &graph, double zoom)
    : m_graph(graph)
    , m_zoom(zoom)
    , m_box(boxSize())
    , m_step(m_box + QSizeF(metrics::units(between), metrics::units(below)))
    , m_margin(metrics::units(around))
{
}

QPointF FlowGraphPainter::centerOf(QPointF place) const
{
    return {m_margin + m_box.width() / 2 + place.x() * m_step.width(),
            m_margin + m_box.height() / 2 + place.y() * m_step.height()};
}

QRectF FlowGraphPainter::boxOf(int step) const
{
    const QPointF center = centerOf(m_graph.layout.nodes[static_cast<size_t>(step)]);
    return {center - QPointF(m_box.width() / 2, m_box.height() / 2), m_box};
}

QRectF FlowGraphPainter::withSurroundings(int step) const
{
    constexpr int focus = 4;
    const int stack = metrics::units(2 * ofStack);
    return boxOf(step).adjusted(-focus, -focus, stack, stack);
}

QSizeF FlowGraphPainter::sceneSize() const
{
    if (m_graph.steps.empty())
        return {};
    const QPointF last = centerOf({m_graph.layout.width - 1, double(m_graph.layout.layers - 1)});
    return {last.x() + m_box.width() / 2 + m_margin, last.y() + m_box.height() / 2 + m_margin};
}

QPainterPath FlowGraphPainter::pathOf(size_t edge) const
{
    const FlowGraphEdge &ends = m_graph.edges[edge];
    const QRectF from = boxOf(ends.from);
    const QRectF to = boxOf(ends.to);
    if (ends.kind == FlowEdgeKind::Jump) {
        QPainterPath path(QPointF(from.right(), from.center().y()));
        const double side = std::max(from.right(), to.right()) + metrics::units(between) / 2.0;
        path.cubicTo({side, from.center().y()}, {side, to.center().y()}, {to.right(), to.center().y()});
        return path;
    }
    QPainterPath path(QPointF(from.center().x(), from.bottom()));
    const auto curveTo = [&path](QPointF stop) {
        const QPointF at = path.currentPosition();
        const double half = (stop.y() - at.y()) / 2;
        path.cubicTo(at + QPointF(0, half), stop - QPointF(0, half), stop);
    };
    // Beside the boxes of a row it goes straight down, so that it touches none.
    if (edge < m_graph.layout.bends.size()) {
        for (const QPointF &bend : m_graph.layout.bends[edge]) {
            const QPointF half(0, m_box.height() / 2);
            curveTo(centerOf(bend) - half);
            path.lineTo(centerOf(bend) + half);
        }
    }
    curveTo({to.center().x(), to.top()});
    return path;
}

void FlowGraphPainter::paintEdge(QPainter *painter, size_t edge, bool isChosen) const
{
    const ThemeColors &colors = Theme::colors();
    const FlowGraphEdge &ends = m_graph.edges[edge];
    QColor color = ends.kind == FlowEdgeKind::Jump ? colors.failed : colors.strongBorder;
    if (isChosen)
        color = colors.accent;
    painter->setPen(QPen(color, isChosen ? 2 : 1.2, styleOf(ends.kind)));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(pathOf(edge));
    if (ends.kind != FlowEdgeKind::Jump)
        paintArrow(painter, {boxOf(ends.to).center().x(), boxOf(ends.to).top()});
    if (ends.label.isEmpty() || m_zoom < readable)
        return;
    const QPointF at = pathOf(edge).pointAtPercent(0.35);
    QRectF label = painter->fontMetrics().boundingRect(ends.label);
    label.moveCenter(at);
    label.adjust(-3, -1, 3, 1);
    painter->fillRect(label, colors.surface);
    painter->setPen(colors.mutedText);
    painter->drawText(label, Qt::AlignCenter, ends.label);
}

void FlowGraphPainter::paintBox(QPainter *painter, int step, const BoxState &state) const
{
    const ThemeColors &colors = Theme::colors();
    const api::FlowStepInfo &info = m_graph.steps[static_cast<size_t>(step)];
    const QRectF box = boxOf(step);
    const bool isChosen = state.isChosen;
    const bool hasStatus = state.status.has_value();
    const StatusLook look = lookOf(state.status.value_or(StepStatus::Pending));
    const Qt::PenStyle style = info.kind == "group"_L1 || info.conditional ? Qt::DashLine : Qt::SolidLine;
    const QColor frame = isChosen ? colors.accent : hasStatus ? colors.*look.color : colors.strongBorder;
    if (info.foreach)
        paintStack(painter, box);
    painter->setPen(QPen(frame, isChosen ? 2.5 : 1.2, isChosen ? Qt::SolidLine : style));
    painter->setBrush(isChosen ? colors.selection : colors.raised);
    painter->drawRoundedRect(box, metrics::radius(), metrics::radius());
    if (hasStatus) // so that it is seen from afar, also where it is chosen
        painter->fillRect(QRectF(box.left() + 1, box.top() + metrics::radius(), metrics::unit(),
                                 box.height() - 2 * metrics::radius()),
                          colors.*look.color);
    if (isChosen && state.hasFocus) {
        painter->setPen(QPen(colors.focus, 1.5, Qt::DotLine));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(box.adjusted(-3, -3, 3, 3), metrics::radius() + 3, metrics::radius() + 3);
    }
    if (m_zoom < readable)
        return;
    const int size = metrics::iconSize();
    const QPointF corner(box.left() + metrics::normal(), box.center().y() - size / 2.0);
    const QRectF text =
        box.adjusted(2 * metrics::normal() + size, metrics::tight(), -metrics::normal(), -metrics::tight());
    const QString cap = m_graph.isCappedByGroup(step) ? QString() : shortCap(info);
    if (!hasStatus) {
        paintSign(painter, iconOf(info.kind), colors.mutedText, corner, size);
        paintWords(painter, {.name = info.id, .cap = cap, .second = secondLine(info)}, text);
        return;
    }
    paintSign(painter, look.icon, colors.*look.color, corner, size);
    const int small = size * 3 / 4;
    paintSign(painter, iconOf(info.kind), colors.mutedText,
              {text.right() - small, text.top() + (text.height() / 2 - small) / 2}, small);
    paintWords(painter,
               {.name = info.id,
                .cap = cap,
                .second = state.words.isEmpty() ? secondLine(info) : state.words,
                .besideName = small + metrics::tight()},
               text);
}

// A list is many of one kind, which is seen at once.
void FlowGraphPainter::paintStack(QPainter *painter, const QRectF &box)
{
    painter->setPen(QPen(Theme::colors().strongBorder, 1.2));
    painter->setBrush(Theme::colors().raised);
    for (const int behind : {2, 1}) {
        const double out = metrics::units(behind * ofStack);
        painter->drawRoundedRect(box.translated(out, out), metrics::radius(), metrics::radius());
    }
}

void FlowGraphPainter::paintSign(QPainter *painter, const QString &icon, const QColor &color, QPointF corner,
                                 int size) const
{
    const QPixmap sign = iconPixmap(icon, color, size, painter->device()->devicePixelRatioF() * m_zoom);
    painter->drawPixmap(QRectF(corner, QSizeF(size, size)), sign, QRectF(sign.rect()));
}

void FlowGraphPainter::paintWords(QPainter *painter, const BoxWords &words, const QRectF &text)
{
    const ThemeColors &colors = Theme::colors();
    const QFont usual = painter->font();
    const int width = static_cast<int>(text.width());
    const QRectF upper(text.topLeft(), QSizeF(text.width(), text.height() / 2));
    const QRectF lower = upper.translated(0, text.height() / 2);
    painter->setPen(colors.mutedText);
    painter->drawText(upper.adjusted(0, 0, -words.besideName, 0), Qt::AlignRight | Qt::AlignVCenter,
                      words.cap);
    painter->drawText(lower, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(words.second, Qt::ElideRight, width));
    const int beside =
        words.besideName +
        (words.cap.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(words.cap) + metrics::tight());
    QFont bold = usual;
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(colors.text);
    painter->drawText(upper, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(words.name, Qt::ElideMiddle, width - beside));
    painter->setFont(usual);
}

QRectF FlowGraphPainter::frameOf(int container) const
{
    const api::FlowStepInfo &holder = m_graph.steps[static_cast<size_t>(container)];
    std::vector<int> members;
    for (int step = 0; step < std::ssize(m_graph.steps); ++step) {
        const api::FlowStepInfo &info = m_graph.steps[static_cast<size_t>(step)];
        if (info.loop == holder.id || (holder.kind == "group"_L1 && holder.needs.contains(info.id)))
            members.push_back(step);
    }
    const QRectF inner = frameAround(members);
    members.push_back(container);
    const QRectF whole = frameAround(members);
    return whole.isNull() ? inner : whole;
}

QRectF FlowGraphPainter::frameAround(const std::vector<int> &members) const
{
    QRectF frame;
    for (const int step : members)
        frame |= boxOf(step);
    for (int step = 0; step < std::ssize(m_graph.steps); ++step) {
        if (!std::ranges::contains(members, step) && boxOf(step).intersects(frame))
            return {};
    }
    const double margin = metrics::units(between) / 3.0;
    return frame.isNull() ? frame : frame.adjusted(-margin, -margin, margin, margin);
}

void FlowGraphPainter::paintFrame(QPainter *painter, const QRectF &frame) const
{
    const ThemeColors &colors = Theme::colors();
    painter->setPen(QPen(colors.border, 1));
    painter->setBrush(colors.window);
    painter->drawRoundedRect(frame, 2 * metrics::radius(), 2 * metrics::radius());
}

} // namespace muster
