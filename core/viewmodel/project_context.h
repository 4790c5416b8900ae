// ProjectContext: what a window is looking at: its project, and the run, conversation, worktree and schedule
// chosen in it. The docks follow it and set it; none of them knows another. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>

namespace muster {

class ProjectContext final : public QObject {
    Q_OBJECT

public:
    explicit ProjectContext(api::NodeApi *node, QObject *parent = nullptr);

    void open(const QString &path);
    void openDemo();
    // Shows a project as it was known last, before the node has said anything, and asks the node for it.
    void restore(const api::ProjectInfo &known);
    void close();
    void setTrusted(bool trusted);

    [[nodiscard]] bool isOpen() const { return m_project.id.isValid(); }
    [[nodiscard]] const api::ProjectInfo &project() const { return m_project; }

    [[nodiscard]] RunId run() const { return m_run; }
    [[nodiscard]] ConversationId conversation() const { return m_conversation; }
    [[nodiscard]] WorktreeId worktree() const { return m_worktree; }
    [[nodiscard]] ScheduleId schedule() const { return m_schedule; }
    void setRun(RunId run);
    void setConversation(ConversationId conversation);
    void setWorktree(WorktreeId worktree);
    void setSchedule(ScheduleId schedule);

signals:
    void projectChanged(); // also when it was closed
    void runChanged();
    void conversationChanged();
    void worktreeChanged();
    void scheduleChanged();
    void failed(const muster::Error &error);
    // A dock asks for another to come to the front: "workflow", "chat", …
    void dockWanted(const QString &id);

private:
    void submitOpen(const api::OpenProject &command);
    void load(ProjectId id, const QString &path);

    api::NodeApi *m_node;
    api::ProjectInfo m_project;
    RunId m_run;
    ConversationId m_conversation;
    WorktreeId m_worktree;
    ScheduleId m_schedule;
};

} // namespace muster
