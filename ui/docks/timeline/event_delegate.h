// EventDelegate: a row of the timeline: the kind with its sign, the rest as text. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace muster {

class EventDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace muster
