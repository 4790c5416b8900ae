// StepDelegate: paints a step's row: its status sign and name, what it does, how long, and a lane that shows
// when it ran within the run. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace muster {

// What the lanes are drawn against: the whole run. UTC milliseconds.
struct LaneSpan {
    qint64 startMs = 0;
    qint64 endMs = 0;
};

class StepDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setSpan(LaneSpan span) { m_span = span; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintStep(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintLane(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;

    LaneSpan m_span;
};

} // namespace muster
