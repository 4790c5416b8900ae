// TimelineView: the event log as a list with a scroll bar over the whole of it. The list holds the model's
// window; the bar counts sequence numbers, so that a million events scroll like a hundred. While the newest
// event is in sight, the list follows it. GUI thread.
#pragma once

#include <QTreeView>

class QScrollBar;

namespace muster {

class LaneGutter;
class TimelineModel;

// The list inside: keys that leave the window are asked of the model.
class EventList final : public QTreeView {
    Q_OBJECT

public:
    using QTreeView::QTreeView;

signals:
    void newestWanted();
    void oldestWanted();
    void copyWanted();
    void causeWanted();
    void laneStepWanted(int step); // to the next (+1) or previous (-1) event of the same lane

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
};

class TimelineView final : public QWidget {
    Q_OBJECT

public:
    explicit TimelineView(TimelineModel *model, QWidget *parent = nullptr);

    [[nodiscard]] EventList *list() const { return m_list; }
    [[nodiscard]] LaneGutter *gutter() const { return m_gutter; }
    [[nodiscard]] QScrollBar *scrollBar() const { return m_bar; }
    void goToNewest();
    // Brings the event to the middle and makes it the current one.
    void select(qint64 seq);
    [[nodiscard]] qint64 currentSeq() const;
    void setNarrow(bool narrow);

signals:
    void currentChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    void onInnerScroll();
    void onInnerRange();
    void onBar(int action);
    void onPositioned(int row);
    void keepPlace();
    void restorePlace();
    void syncBar();
    void sizeColumns();
    void stepInLane(int step);
    [[nodiscard]] bool atBottom() const;
    [[nodiscard]] int topRow() const;

    TimelineModel *m_model;
    EventList *m_list;
    LaneGutter *m_gutter;
    QScrollBar *m_bar;
    qint64 m_currentSeq = 0;
    qint64 m_selectWanted = 0; // to be made current when it is there
    qint64 m_topSeq = 0;       // what was at the top before the window changed
    int m_topOffset = 0;
    qint64 m_pinSeq = 0; // was asked for, and shall come to stand at this offset when more is there
    int m_pinOffset = 0;
    bool m_wasAtBottom = true;
    bool m_quiet = false; // scrolling by ourselves
};

} // namespace muster
