// SchedulesPage: the Schedules dock: the schedules of the project, what is wrong with files that say some,
// and the page of the chosen one. New, change, pause, run now and remove are here. GUI thread.
#pragma once

#include "core/base/error.h"
#include "core/node/api/schedule_values.h"
#include "ui/shell/dock_page.h"

class QLabel;
class QSortFilterProxyModel;
class QStackedWidget;
class QToolButton;

namespace muster {

class EmptyState;
class ListView;
class NodeFeed;
class NoticeBanner;
class ProjectContext;
class ScheduleDesk;
class ScheduleListModel;
class SchedulePause;
class ScheduleView;
class ShareSplitter;
class Theme;

class SchedulesPage final : public DockPage {
    Q_OBJECT

public:
    // `pause`: of all schedules; nullptr: nobody says so here.
    SchedulesPage(NodeFeed *feed, ProjectContext *context, const SchedulePause *pause, Theme *theme,
                  QWidget *parent = nullptr);

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

    // What a person does; of the chosen schedule.
    void newSchedule();
    void edit();
    void togglePause();
    void runNow();
    void remove();
    // Those that run or wait only, or all.
    void setRunningOnly(bool only);
    [[nodiscard]] ScheduleView &view() { return *m_view; }

signals:
    void resumeAllWanted(); // they are all paused

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeLists();
    [[nodiscard]] QWidget *makeBar();
    void addActions();
    void connectView();
    void sayWhenPaused(const SchedulePause *pause);
    void onLoaded();
    void onCurrent();
    void showChosen();
    void showPages();
    void askCapacity(ScheduleId schedule, const Error &full);
    [[nodiscard]] const api::ScheduleInfo *chosen() const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    ScheduleListModel *m_model;
    QSortFilterProxyModel *m_shown;
    ScheduleDesk *m_desk;
    QToolButton *m_all = nullptr;
    QToolButton *m_running = nullptr;
    ListView *m_list = nullptr;
    QLabel *m_noneRuns = nullptr;
    QLabel *m_problemsTitle = nullptr;
    ListView *m_problems = nullptr;
    ScheduleView *m_view;
    QStackedWidget *m_right;
    EmptyState *m_choose;
    ShareSplitter *m_split;
    NoticeBanner *m_paused;
    EmptyState *m_empty;
    QStackedWidget *m_pages;
};

} // namespace muster
