// TimelinePage: the Debug timeline dock: every event of a run or of everything, filtered, live, with all of
// one event beside it. GUI thread.
#pragma once

#include "ui/shell/dock_page.h"

class QSplitter;
class QStackedLayout;

namespace muster {

struct Event;
class EmptyState;
class EventDetails;
class NodeFeed;
class ProjectContext;
class Theme;
class TimelineFilter;
class TimelineModel;
class TimelineView;

class TimelinePage final : public DockPage {
    Q_OBJECT

public:
    TimelinePage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

    [[nodiscard]] TimelineModel *model() const { return m_model; }
    // Brings an event to the middle, whatever the filter hides.
    void showEvent(qint64 seq);
    using QWidget::showEvent;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void applyFilter();
    void followContext();
    void showCurrent();
    void showState();
    void goToCause();
    void jumpTo(const Event &event);
    void copyCurrent();
    [[nodiscard]] const Event *current() const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    TimelineModel *m_model;
    TimelineFilter *m_filter;
    TimelineView *m_view;
    EventDetails *m_details;
    QSplitter *m_splitter;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
    bool m_narrow = false;
};

} // namespace muster
