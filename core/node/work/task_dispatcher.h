// TaskRunner over jobs: one TaskJob for each task that this process holds. Core thread.
#pragma once

#include "core/node/work/task_job.h"
#include "core/tasks/task_service.h"

#include <QHash>

namespace muster {

class TaskDispatcher final : public QObject, public TaskRunner {
    Q_OBJECT
public:
    explicit TaskDispatcher(WorkContext &context, QObject *parent = nullptr);

    void setService(TaskService *service) { m_service = service; }

    void start(const ClaimedTask &task) override;
    void stop(TaskId task, FailureReason reason, const QString &detail) override;
    void abandon(TaskId task) override;

    // Ends every session as at the end of the process; `done` when no process of ours is left. Tasks keep
    // their status: the next node goes on with them.
    void abandonAll(std::function<void()> done);

signals:
    void placed(const QString &key, muster::WorktreeId worktree);
    void began(const QString &key);
    void waits(const QString &key, bool waiting);
    // Of chat turns only.
    void said(const QString &key, const QString &messageKey, const QString &text);
    void thought(const QString &key, const QString &text);

private:
    [[nodiscard]] TaskJob *makeJob(const ClaimedTask &task);

    WorkContext &m_context;
    TaskService *m_service = nullptr;
    QHash<TaskId, TaskJob *> m_jobs;
    std::function<void()> m_whenEmpty;
};

} // namespace muster
