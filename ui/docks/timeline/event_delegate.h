// EventDelegate: a row of the timeline: the kind with its sign, the rest as text. GUI thread.
#pragma once

#include "core/viewmodel/describe_event.h"

#include <QColor>
#include <QStyledItemDelegate>

namespace muster {

[[nodiscard]] QColor toneColor(EventTone tone);

class EventDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace muster
