#include "ui/widgets/row_delegate.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStringBuilder>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace muster {

QString elidedBeforeNumber(const QFontMetrics &metrics, const QString &text, int width)
{
    if (metrics.horizontalAdvance(text) <= width)
        return text;
    static const QRegularExpression number(QStringLiteral(" #\\d+"));
    const QRegularExpressionMatch match = number.match(text);
    if (!match.hasMatch() || metrics.horizontalAdvance(text.first(match.capturedEnd())) <= width)
        return metrics.elidedText(text, Qt::ElideRight, width);
    const QString kept = match.captured();
    const int rest = width - metrics.horizontalAdvance(kept);
    return metrics.elidedText(text.first(match.capturedStart()), Qt::ElideRight, rest) + kept;
}

RowDelegate::RowDelegate(LookOf lookOf, bool twoLines, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_lookOf(std::move(lookOf))
    , m_twoLines(twoLines)
{
}

// As those of the window: a line, and what stands under it.
void RowDelegate::paintHeading(QPainter *painter, const QStyleOptionViewItem &option,
                               const QString &heading) const
{
    const ThemeColors &colors = Theme::colors();
    const QRect rect(option.rect.topLeft(), QSize(option.rect.width(), metrics::rowHeight()));
    painter->save();
    if (rect.top() > 0)
        painter->fillRect(QRect(rect.topLeft(), QSize(rect.width(), 1)), colors.border);
    QFont font = option.font;
    font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(colors.text);
    const QRect inner = rect.adjusted(metrics::normal(), 0, -metrics::normal(), 0);
    painter->drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetrics(font).elidedText(heading, Qt::ElideRight, inner.width()));
    painter->restore();
}

void RowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &whole, const QModelIndex &index) const
{
    const RowLook look = m_lookOf(index);
    const ThemeColors &colors = Theme::colors();
    QStyleOptionViewItem option = whole;
    if (const QString heading = m_headingOf ? m_headingOf(index) : QString(); !heading.isEmpty()) {
        paintHeading(painter, whole, heading);
        option.rect.setTop(option.rect.top() + metrics::rowHeight());
    }
    QStyleOptionViewItem panel = option;
    panel.text.clear();
    panel.icon = {};
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &panel, painter, option.widget);

    const int gap = metrics::normal();
    const int size = metrics::iconSize();
    const QRect inner = option.rect.adjusted(gap, 0, -gap, 0);
    const int line = option.fontMetrics.height();
    const int textHeight = m_twoLines ? 2 * line + metrics::tight() / 2 : line;
    const int top = inner.top() + (inner.height() - textHeight) / 2;
    const qreal ratio = option.widget ? option.widget->devicePixelRatioF() : 1.0;
    painter->drawPixmap(inner.left(), top + (line - size) / 2,
                        iconPixmap(look.sign.icon, colors.*look.sign.color, size, ratio));

    painter->save();
    const int left = inner.left() + size + gap;
    QRect first(left, top, inner.right() - left, line);
    const QFontMetrics normal(option.font);
    if (!look.trailing.isEmpty()) {
        painter->setFont(option.font);
        painter->setPen(colors.mutedText);
        painter->drawText(first, Qt::AlignRight | Qt::AlignVCenter, look.trailing);
        first.setRight(first.right() - normal.horizontalAdvance(look.trailing) - gap);
    }
    QFont font = option.font;
    if (look.strong)
        font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(look.quiet ? colors.mutedText : colors.text);
    painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                      elidedBeforeNumber(QFontMetrics(font), look.title, first.width()));
    if (m_twoLines) {
        const QRect second(left, top + line + metrics::tight() / 2, inner.right() - left, line);
        painter->setFont(option.font);
        painter->setPen(colors.mutedText);
        painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                          elidedBeforeNumber(normal, look.subtitle, second.width()));
    }
    painter->restore();
    if (option.state & QStyle::State_HasFocus)
        drawFocusRing(painter, option.rect);
}

bool RowDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                            const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid() || index.data(Qt::ToolTipRole).isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const RowLook look = m_lookOf(index);
    QStringList lines{look.title, m_twoLines ? look.subtitle : QString()};
    lines.removeAll(QString());
    // As rich text, so that long lines are broken.
    QToolTip::showText(event->globalPos(),
                       u"<p>" % lines.join(u'\n').toHtmlEscaped().replace(u"\n"_s, u"<br>"_s) % u"</p>",
                       view->viewport(), view->visualRect(index));
    return true;
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int line = option.fontMetrics.height();
    const int height =
        m_twoLines ? 2 * line + metrics::tight() / 2 + metrics::units(3) : metrics::rowHeight();
    const bool isHeaded = m_headingOf && !m_headingOf(index).isEmpty();
    return {metrics::units(20), isHeaded ? height + metrics::rowHeight() : height};
}

} // namespace muster
