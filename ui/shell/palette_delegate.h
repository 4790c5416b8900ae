// PaletteDelegate: a row of the command palette: icon, name with the matched letters set off, shortcut. GUI
// thread.
#pragma once

#include <QStyledItemDelegate>

namespace muster {

class PaletteDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace muster
