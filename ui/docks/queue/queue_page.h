// QueuePage: the Queue dock: what runs and what waits to, of all projects of the node, and the pools whose
// slots they need; the chosen one with what can be done about it beside it. R runs now, Del ends. GUI thread.
#pragma once

#include "core/viewmodel/queue_model.h"
#include "ui/shell/dock_page.h"

#include <QTimer>

class QButtonGroup;
class QStackedWidget;
class QToolButton;

namespace muster {

class EmptyState;
class ListView;
class NoticeBanner;
class PoolListModel;
class PoolPanel;
class ProjectContext;
class SchedulePause;
class ShareSplitter;
class TaskPanel;
class Theme;

class QueuePage final : public DockPage {
    Q_OBJECT

public:
    enum class View : std::uint8_t { All, Running, Waiting, Pools };

    // `pause` may be nullptr: then nothing is said of it.
    QueuePage(NodeFeed *feed, ProjectContext *context, const SchedulePause *pause, Theme *theme,
              QWidget *parent = nullptr);

    void show(View view);

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

signals:
    void resumeWanted(); // all schedules, which are paused

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeBar();
    [[nodiscard]] QWidget *makeLists();
    void connectModels();
    void addTaskActions();
    void onStatus();
    void onLoaded();
    void showCounts();
    void showCurrent();
    void showEmpty();
    void tick();
    void askCapacity(TaskId task, const Error &full);
    void showTask(RunId run, ConversationId conversation);
    [[nodiscard]] const QueueRow *currentTask() const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    const SchedulePause *m_pause;
    QueueModel *m_queue;
    PoolListModel *m_pools;
    View m_view = View::All;
    TaskId m_chosen; // stays the chosen one when it begins
    QButtonGroup *m_views = nullptr;
    NoticeBanner *m_held;
    NoticeBanner *m_paused;
    ListView *m_tasks;
    ListView *m_poolList;
    QStackedWidget *m_lists;
    QStackedWidget *m_right;
    QStackedWidget *m_body;
    ShareSplitter *m_split = nullptr;
    TaskPanel *m_panel;
    PoolPanel *m_pool;
    EmptyState *m_empty;
    QTimer m_ages; // what is told by the clock; stands still while there is nothing
};

} // namespace muster
