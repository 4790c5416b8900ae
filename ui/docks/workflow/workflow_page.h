// WorkflowPage: the Workflow status dock: the chosen run as it goes, step by step, with what each step
// writes, what it waits for and why it failed. Answers can be given here. GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "ui/shell/dock_page.h"

class QModelIndex;
class QStackedWidget;
class QTreeView;

namespace muster {

class EmptyState;
class InboxModel;
class NodeFeed;
class ProjectContext;
class RerunMenu;
class RunHeader;
class RunModel;
class ShareSplitter;
class StepDelegate;
class StepPanel;
class Theme;

class WorkflowPage final : public DockPage {
    Q_OBJECT

public:
    WorkflowPage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    [[nodiscard]] RunModel &model() { return *m_model; }

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

signals:
    void startWanted();
    void cancelWanted();
    void rerunWanted(const muster::api::RerunRun &ask);
    void pauseWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeTree();
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
    QTreeView *m_tree;
    StepPanel *m_step;
    ShareSplitter *m_split;
    QStackedWidget *m_pages;
    QWidget *m_shown;
    EmptyState *m_empty;
    bool m_chosenByPerson = false;
    bool m_active = false;
};

} // namespace muster
