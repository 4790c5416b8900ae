// NavigatorPage: the Navigator dock: what the swarm does on top, then the project's conversations, the flows
// that can be started, the schedules and the runs with their state. Choosing a conversation, a schedule or a
// run shows it; Enter on a flow starts it, and its context menu edits it. GUI thread.
#pragma once

#include "ui/shell/dock_page.h"

#include <QTimer>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace muster {

class ConversationListModel;
class FlowListModel;
class ListView;
class LoadCard;
class NodeFeed;
class ProjectContext;
class RunListModel;
class ScheduleListModel;
class Theme;

class NavigatorPage final : public DockPage {
    Q_OBJECT

public:
    NavigatorPage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

signals:
    void startWanted(const QString &flow);
    void editWanted(const QString &flow); // its path, or its name where it is built in
    void newFlowWanted();
    void chatWanted();
    void queueWanted(); // what runs
    void newScheduleWanted();

private:
    void addSection(QVBoxLayout *column, const QString &title, QWidget *list, QLabel *empty,
                    QPushButton *button);
    void addConversations(QVBoxLayout *column);
    void addFlows(QVBoxLayout *column);
    void addSchedules(QVBoxLayout *column);
    void addRuns(QVBoxLayout *column);
    void onStatus();
    void onConversations();
    void onFlows();
    void onSchedules();
    void onRuns();
    void showChosenRun();

    NodeFeed *m_feed;
    ProjectContext *m_context;
    ConversationListModel *m_conversations;
    FlowListModel *m_flows;
    RunListModel *m_runs;
    ScheduleListModel *m_schedules;
    ListView *m_conversationList = nullptr;
    ListView *m_flowList = nullptr;
    ListView *m_scheduleList = nullptr;
    ListView *m_runList = nullptr;
    QLabel *m_conversationsEmpty = nullptr;
    QLabel *m_flowsEmpty = nullptr;
    QLabel *m_schedulesEmpty = nullptr;
    QLabel *m_runsEmpty = nullptr;
    LoadCard *m_load;
    QTimer m_ages;
    bool m_painted = false;
};

} // namespace muster
