#include "ui/docks/chat/tool_button.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// Words and signs from the trailing end towards the title; what is left of the line is the title's.
class TrailingWriter {
public:
    TrailingWriter(QPainter &painter, const QRect &line, Qt::LayoutDirection direction)
        : m_painter(painter)
        , m_line(line)
        , m_direction(direction)
    {
    }

    void text(const QString &words, const QColor &color)
    {
        if (words.isEmpty())
            return;
        const int width = m_painter.fontMetrics().horizontalAdvance(words);
        m_painter.setPen(color);
        m_painter.drawText(take(width), Qt::AlignCenter, words);
    }
    void icon(const QString &name, const QColor &color, bool mirrored = false)
    {
        const int size = metrics::iconSize();
        const QRect place = take(size);
        const QTransform before = m_painter.transform();
        if (mirrored) {
            m_painter.translate(2 * place.left() + size, 0);
            m_painter.scale(-1, 1);
        }
        m_painter.drawPixmap(place.left(), place.center().y() - size / 2 + 1,
                             iconPixmap(name, color, size, m_painter.device()->devicePixelRatioF()));
        m_painter.setTransform(before);
    }
    [[nodiscard]] QRect rest() const { return m_line; }

private:
    QRect take(int width)
    {
        QRect place = m_line;
        if (m_direction == Qt::RightToLeft) {
            place.setWidth(width);
            m_line.setLeft(place.right() + metrics::normal());
        } else {
            place.setLeft(m_line.right() - width + 1);
            m_line.setRight(place.left() - metrics::normal());
        }
        return place;
    }

    QPainter &m_painter;
    QRect m_line;
    Qt::LayoutDirection m_direction;
};

} // namespace

ToolButton::ToolButton(QWidget *parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ToolButton::setLook(const ToolLook &look)
{
    m_look = look;
    QStringList words{look.title};
    for (const QString &more : {look.added, look.removed, look.state}) {
        if (!more.isEmpty())
            words += more;
    }
    setAccessibleName(words.join(u", "_s));
    update();
}

QSize ToolButton::sizeHint() const { return {metrics::units(60), metrics::rowHeight()}; }

QSize ToolButton::minimumSizeHint() const { return {metrics::units(24), metrics::rowHeight()}; }

void ToolButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors &colors = Theme::colors();
    painter.setPen(colors.border);
    painter.setBrush(underMouse() || isDown() ? colors.hover : colors.sunken);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::radius(),
                            metrics::radius());

    const QRect inner = rect().adjusted(metrics::normal(), 0, -metrics::normal(), 0);
    const auto opposite = layoutDirection() == Qt::LeftToRight ? Qt::RightToLeft : Qt::LeftToRight;
    TrailingWriter leading(painter, inner, opposite);
    leading.icon(isChecked() ? u"chevron-down"_s : u"chevron-right"_s, colors.mutedText,
                 !isChecked() && layoutDirection() == Qt::RightToLeft);
    leading.icon(m_look.icon, colors.mutedText);
    TrailingWriter trailing(painter, leading.rest(), layoutDirection());
    trailing.icon(m_look.sign.icon, colors.*m_look.sign.color);
    trailing.text(m_look.state, colors.mutedText);
    trailing.text(m_look.removed, colors.failed);
    trailing.text(m_look.added, colors.completed);
    painter.setPen(colors.text);
    const QRect room = trailing.rest();
    // The words of a title stand in the order of its own script, at the side of the window's.
    painter.setLayoutDirection(m_look.title.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    painter.drawText(room,
                     QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignAbsolute |
                         Qt::AlignVCenter,
                     fontMetrics().elidedText(m_look.title, Qt::ElideMiddle, room.width()));
    if (hasFocus())
        drawFocusRing(&painter, rect());
}

void ToolButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void ToolButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace muster
