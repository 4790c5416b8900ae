// WorkflowPage: the Workflow status dock: the chosen run as it goes, step by step as a list or as a graph,
// with what each step writes, what it waits for and why it failed. Answers can be given here. GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "ui/shell/dock_page.h"

class QAbstractScrollArea;
class QMenu;
class QModelIndex;
class QRect;
class QStackedWidget;
class QTreeView;

namespace muster {

class EmptyState;
class FlowGraphView;
class InboxModel;
class NodeFeed;
class ProjectContext;
class RerunMenu;
class RunGraph;
class RunHeader;
class RunModel;
class RunViewBar;
class ShareSplitter;
class StepDelegate;
class StepPanel;
class Theme;
class WindowSettings;

class WorkflowPage final : public DockPage {
    Q_OBJECT

public:
    // `settings`: remembers whether list or graph is shown; nullptr: nothing does.
    WorkflowPage(NodeFeed *feed, ProjectContext *context, Theme *theme, WindowSettings *settings = nullptr,
                 QWidget *parent = nullptr);

    [[nodiscard]] RunModel &model() { return *m_model; }
    void toggleGraph(); // the list becomes the graph, and the other way round

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

signals:
    void startWanted();
    void cancelWanted();
    void pauseWanted();
    void rerunWanted(const muster::api::RerunRun &ask);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeTree();
    void makeGraph();
    void onGraph();
    void onView();
    void showStatuses();
    void chooseStep(const QString &step);
    void activateStep(const QString &step);
    void openMenu(const QAbstractScrollArea *view, const QRect &step);
    void split();
    void sizeColumns();
    void onDetail();
    void onTick();
    void showStep();
    void selectInteresting();
    void showChanges();
    void updateSpan();

    ProjectContext *m_context;
    RunModel *m_model;
    InboxModel *m_inbox;
    StepDelegate *m_delegate;
    RunHeader *m_header;
    RerunMenu *m_again;
    QMenu *m_menu; // of a step
    QTreeView *m_tree;
    RunGraph *m_outline;
    FlowGraphView *m_graph;
    RunViewBar *m_views;
    QStackedWidget *m_steps; // the list or the graph
    WindowSettings *m_settings;
    StepPanel *m_step;
    ShareSplitter *m_split;
    QStackedWidget *m_pages;
    QWidget *m_shown;
    EmptyState *m_empty;
    bool m_chosenByPerson = false;
    bool m_active = false;
};

} // namespace muster
