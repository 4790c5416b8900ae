#include "ui/shell/palette_delegate.h"

#include "ui/shell/palette_model.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QIcon>
#include <QPainter>
#include <QPainterPath>

namespace muster {
namespace {

void drawName(QPainter *painter, const QRect &rect, const QModelIndex &index, const QFont &font)
{
    const QString text = index.data(Qt::DisplayRole).toString();
    const auto positions = index.data(PaletteModel::PositionsRole).value<QList<int>>();
    QFont strong = font;
    strong.setBold(true);
    int x = rect.left();
    for (int i = 0; i < text.size(); ++i) {
        painter->setFont(positions.contains(i) ? strong : font);
        const QString letter = text.mid(i, 1);
        painter->drawText(QRect(x, rect.top(), rect.right() - x, rect.height()), Qt::AlignVCenter, letter);
        x += painter->fontMetrics().horizontalAdvance(letter);
    }
    painter->setFont(font);
}

} // namespace

void PaletteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const ThemeColors &colors = Theme::colors();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state & QStyle::State_Selected) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.selection);
        painter->drawRoundedRect(option.rect, metrics::radius(), metrics::radius());
    }
    const bool enabled = index.flags().testFlag(Qt::ItemIsEnabled);
    QRect rect = option.rect.adjusted(metrics::normal(), 0, -metrics::normal(), 0);
    const int icon = metrics::iconSize();
    index.data(Qt::DecorationRole)
        .value<QIcon>()
        .paint(painter, QRect(rect.left(), rect.center().y() - icon / 2, icon, icon), Qt::AlignCenter,
               enabled ? QIcon::Normal : QIcon::Disabled);
    rect.setLeft(rect.left() + icon + metrics::normal());

    const QString shortcut = index.data(PaletteModel::ShortcutRole).toString();
    painter->setPen(enabled ? colors.mutedText : colors.disabledText);
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, shortcut);
    rect.setRight(rect.right() - option.fontMetrics.horizontalAdvance(shortcut) - metrics::normal());
    painter->setPen(enabled ? colors.text : colors.disabledText);
    drawName(painter, rect, index, option.font);
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {metrics::units(40), metrics::rowHeight()};
}

} // namespace muster
