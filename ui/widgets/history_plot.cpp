#include "ui/widgets/history_plot.h"

#include "core/viewmodel/describe_schedule.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QDateTime>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr size_t mostMarks = 80; // more would run into each other
constexpr int heightUnits = 30;
constexpr int leastHeightUnits = 26;
constexpr int leastWidthUnits = 48;

QString momentOf(qint64 ms) { return describeMoment(ms, QDateTime::currentMSecsSinceEpoch()); }

// 1, 2 or 5 times a power of ten.
double roundUp(double value)
{
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (value <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

// The unit that such a time is told in.
double unitOf(double ms)
{
    constexpr std::array units{86'400'000.0, 3'600'000.0, 60'000.0, 1000.0};
    const auto *const found = std::ranges::find_if(units, [&](double unit) { return ms > unit; });
    return found == units.end() ? units.back() : *found;
}

} // namespace

double plotTop(double most, PlotUnit unit)
{
    if (most <= 0)
        return unit == PlotUnit::Milliseconds ? 1000 : 1;
    if (unit == PlotUnit::Number)
        return roundUp(most);
    const double of = unitOf(most);
    return roundUp(most / of) * of;
}

HistoryPlot::HistoryPlot(const QString &title, PlotUnit unit, Words words, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_unit(unit)
    , m_words(std::move(words))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describeAll();
}

QSize HistoryPlot::sizeHint() const { return {metrics::units(70), metrics::units(heightUnits)}; }

QSize HistoryPlot::minimumSizeHint() const
{
    return {metrics::units(leastWidthUnits), metrics::units(leastHeightUnits)};
}

void HistoryPlot::setPoints(std::vector<PlotPoint> points)
{
    const qint64 id = m_current >= 0 ? m_points[static_cast<size_t>(m_current)].id : 0;
    m_points = std::move(points);
    m_hover = -1;
    m_current = -1;
    describeAll();
    setCurrent(id);
}

void HistoryPlot::setLimit(double limit)
{
    m_limit = limit;
    describeAll();
}

void HistoryPlot::setCurrent(qint64 id)
{
    const auto found = std::ranges::find(m_points, id, &PlotPoint::id);
    m_current = found == m_points.end() ? -1 : static_cast<int>(found - m_points.begin());
    update();
}

QString HistoryPlot::wordsOf(int point) const
{
    if (point < 0 || point >= static_cast<int>(m_points.size()))
        return {};
    const PlotPoint &at = m_points[static_cast<size_t>(point)];
    const QString words = tr("%1, %2", "value, moment").arg(m_words(at.value), momentOf(at.atMs));
    return at.failed ? tr("%1, failed").arg(words) : words;
}

// Of all of them; once there is a mark, of that one.
void HistoryPlot::describeAll()
{
    double most = m_limit;
    for (const PlotPoint &point : m_points)
        most = std::max(most, point.value);
    m_top = plotTop(most, m_unit);
    update();
    if (m_points.empty()) {
        setAccessibleDescription(tr("Nothing yet"));
        return;
    }
    const auto [least, highest] = std::ranges::minmax_element(m_points, {}, &PlotPoint::value);
    QString text = tr("%n value(s), from %1 to %2, the newest %3", nullptr, static_cast<int>(m_points.size()))
                       .arg(m_words(least->value), m_words(highest->value),
                            wordsOf(static_cast<int>(m_points.size()) - 1));
    if (m_limit > 0)
        text += u", "_s + tr("limit %1").arg(m_words(m_limit));
    setAccessibleDescription(text);
}

QRectF HistoryPlot::plotArea() const
{
    const QFontMetrics metrics = fontMetrics();
    const int label =
        std::max(metrics.horizontalAdvance(m_words(m_top)), metrics.horizontalAdvance(m_words(m_top / 2)));
    const int line = metrics.height();
    return QRectF(rect()).adjusted(label + metrics::normal(), line + metrics::normal(), -metrics::normal(),
                                   -line - metrics::tight());
}

QPointF HistoryPlot::placeOf(const PlotPoint &point, const QRectF &area) const
{
    const qint64 first = m_points.front().atMs;
    const qint64 span = m_points.back().atMs - first;
    const double share = span > 0 ? static_cast<double>(point.atMs - first) / static_cast<double>(span) : 0.5;
    return {area.left() + share * area.width(), area.bottom() - point.value / m_top * area.height()};
}

int HistoryPlot::nearest(const QPointF &place) const
{
    if (m_points.empty())
        return -1;
    const QRectF area = plotArea();
    const auto found = std::ranges::min_element(
        m_points, {}, [&](const PlotPoint &point) { return std::abs(placeOf(point, area).x() - place.x()); });
    return static_cast<int>(found - m_points.begin());
}

void HistoryPlot::mark(int point)
{
    if (point < 0 || point == m_current)
        return;
    m_current = point;
    const QString words = wordsOf(point);
    setAccessibleDescription(words);
    QAccessibleAnnouncementEvent told(this, words);
    QAccessible::updateAccessibility(&told);
    update();
    emit marked(m_points[static_cast<size_t>(point)].id);
}

void HistoryPlot::keyPressEvent(QKeyEvent *event)
{
    const int last = static_cast<int>(m_points.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        return mark(m_current < 0 ? last : std::max(0, m_current - 1));
    case Qt::Key_Right:
        return mark(m_current < 0 ? last : std::min(last, m_current + 1));
    case Qt::Key_Home:
        return mark(last < 0 ? -1 : 0);
    case Qt::Key_End:
        return mark(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            emit chosen(m_points[static_cast<size_t>(m_current)].id);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void HistoryPlot::mouseMoveEvent(QMouseEvent *event)
{
    m_hover = nearest(event->position());
    update();
}

void HistoryPlot::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        mark(nearest(event->position()));
}

void HistoryPlot::leaveEvent(QEvent *)
{
    m_hover = -1;
    update();
}

void HistoryPlot::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void HistoryPlot::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        update();
}

void HistoryPlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), Theme::colors().surface);
    const QRectF area = plotArea();
    paintHead(painter);
    paintAxes(painter, area);
    if (m_points.empty()) {
        painter.setPen(Theme::colors().mutedText);
        painter.drawText(area, Qt::AlignCenter, tr("Nothing yet"));
    } else {
        paintLimit(painter, area);
        paintPoints(painter, area);
    }
    if (hasFocus())
        drawFocusRing(&painter, rect());
}

// The title, and the value that is looked at or else the newest one.
void HistoryPlot::paintHead(QPainter &painter) const
{
    const ThemeColors &colors = Theme::colors();
    QRect line = rect().adjusted(metrics::normal(), metrics::tight() / 2, -metrics::normal(), 0);
    line.setHeight(fontMetrics().height());
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(colors.text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    const int title = QFontMetrics(strong).horizontalAdvance(m_title) + metrics::normal();
    painter.setFont(font());
    const int shown = m_hover >= 0     ? m_hover
                      : m_current >= 0 ? m_current
                                       : static_cast<int>(m_points.size()) - 1;
    const bool isLooked = m_hover >= 0 || m_current >= 0;
    painter.setPen(isLooked ? colors.text : colors.mutedText);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                     fontMetrics().elidedText(wordsOf(shown), Qt::ElideRight, line.width() - title));
}

void HistoryPlot::paintAxes(QPainter &painter, const QRectF &area) const
{
    const ThemeColors &colors = Theme::colors();
    const int line = fontMetrics().height();
    for (const double share : {0.0, 0.5, 1.0}) {
        const double y = std::round(area.bottom() - share * area.height()) + 0.5;
        painter.setPen(QPen(share > 0 ? colors.border : colors.strongBorder, 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(colors.mutedText);
        const QRectF label(0, y - line / 2.0, area.left() - metrics::tight(), line);
        const bool isWhole = m_unit == PlotUnit::Milliseconds || share != 0.5 || m_top > 1;
        if (isWhole || m_words(m_top / 2) != m_words(m_top))
            painter.drawText(label, Qt::AlignRight | Qt::AlignVCenter,
                             share > 0 ? m_words(m_top * share) : u"0"_s);
    }
    if (m_points.empty())
        return;
    const QRectF below(area.left(), area.bottom() + metrics::tight() / 2.0, area.width(), line);
    const QString first = momentOf(m_points.front().atMs);
    const QString last = momentOf(m_points.back().atMs);
    if (m_points.size() == 1) {
        painter.drawText(below, Qt::AlignHCenter | Qt::AlignTop, first);
        return;
    }
    const int both = fontMetrics().horizontalAdvance(first + last) + metrics::wide();
    if (both <= below.width())
        painter.drawText(below, Qt::AlignLeft | Qt::AlignTop, first);
    painter.drawText(below, Qt::AlignRight | Qt::AlignTop, last);
}

void HistoryPlot::paintLimit(QPainter &painter, const QRectF &area) const
{
    if (m_limit <= 0)
        return;
    const double y = std::round(area.bottom() - m_limit / m_top * area.height()) + 0.5;
    painter.setPen(QPen(Theme::colors().waiting, 1.5, Qt::DashLine));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    painter.setPen(Theme::colors().waiting);
    const int line = fontMetrics().height();
    const bool above = y - line > area.top();
    const QRectF label(area.left(), above ? y - line : y, area.width(), line);
    painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, tr("limit %1").arg(m_words(m_limit)));
}

void HistoryPlot::paintPoints(QPainter &painter, const QRectF &area) const
{
    const ThemeColors &colors = Theme::colors();
    const double size = metrics::unit() * 0.7;
    QPainterPath path;
    for (size_t i = 0; i < m_points.size(); ++i) {
        const QPointF at = placeOf(m_points[i], area);
        if (i == 0)
            path.moveTo(at);
        else
            path.lineTo(at);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.running, 1.5));
    painter.drawPath(path);
    for (const PlotPoint &point : m_points) {
        const QPointF at = placeOf(point, area);
        if (point.failed) { // a cross, not only another colour
            painter.setPen(QPen(colors.failed, 2));
            painter.drawLine(at + QPointF(-size, -size), at + QPointF(size, size));
            painter.drawLine(at + QPointF(-size, size), at + QPointF(size, -size));
        } else if (m_points.size() <= mostMarks) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.running);
            painter.drawEllipse(at, size, size);
        }
    }
    const int looked = m_hover >= 0 ? m_hover : m_current;
    if (looked < 0)
        return;
    const QPointF at = placeOf(m_points[static_cast<size_t>(looked)], area);
    painter.setPen(QPen(colors.strongBorder, 1));
    painter.drawLine(QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom()));
    painter.setPen(QPen(colors.focus, 2));
    painter.setBrush(colors.surface);
    painter.drawEllipse(at, size * 1.6, size * 1.6);
}

} // namespace muster
