// LaneGutter: left of the event list, a line for each step, conversation, session and run from its first to
// its last event in sight, with a mark at each event. The lane of the current event is set off. GUI thread.
#pragma once

#include <QWidget>

namespace muster {

class EventList;
class TimelineModel;
struct LaneSpan;

class LaneGutter final : public QWidget {
    Q_OBJECT

public:
    LaneGutter(TimelineModel *model, EventList *list, QWidget *parent = nullptr);

    // After rows changed.
    void refresh();
    // What the lane at this place is; empty: none is there.
    [[nodiscard]] QString nameAt(const QPoint &place) const;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    struct Rows {
        int first = 0;
        int last = -1;
    };
    [[nodiscard]] Rows visibleRows() const;
    [[nodiscard]] QRect rowRect(int row) const;
    [[nodiscard]] int centerOf(int lane) const;
    [[nodiscard]] int rowAt(int y) const;
    void paintSpan(QPainter &painter, const LaneSpan &span, Rows rows, bool current) const;
    void paintMark(QPainter &painter, int row, const LaneSpan &span, bool current) const;

    TimelineModel *m_model;
    EventList *m_list;
};

} // namespace muster
