// TaskRunner over jobs: one TaskJob for each task that this process holds. A task that was lost and comes
// back while its processes are still being ended begins once they are gone. Core thread.
#pragma once

#include "core/node/work/task_job.h"
#include "core/tasks/task_service.h"

#include <QHash>

namespace muster {

class TaskDispatcher final : public QObject, public TaskRunner {
    Q_OBJECT
public:
    explicit TaskDispatcher(WorkContext &context, QObject *parent = nullptr);

    void setService(TaskService *service); // once

    void start(const ClaimedTask &task) override;
    void goOn(TaskId task) override;
    void stop(TaskId task, FailureReason reason, const QString &detail) override;
    void abandon(TaskId task) override;

    // Of the task with that key; see TaskJob::steer().
    void steer(const QString &key, const QString &text, const QStringList &attachments,
               const std::function<void(const Status &)> &done);

    // What runs right now.
    [[nodiscard]] std::vector<api::WorkInfo> work() const;

    // Ends every session as at the end of the process; `done` when no process of ours is left. Tasks keep
    // their status: the next node goes on with them.
    void abandonAll(std::function<void()> done);

signals:
    void placed(const QString &key, muster::WorktreeId worktree);
    void began(const QString &key);
    void waits(const QString &key, bool waiting);
    // In the queue again until a limit is over; none: it goes on.
    void rests(const QString &key, std::optional<qint64> untilMs);
    void spent(const QString &key, qint64 costMicroUsd); // in all so far
    void stepped(const QString &key, int agentSteps);    // likewise
    // Of chat turns only.
    void said(const QString &key, const QString &messageKey, const QString &text);
    void thought(const QString &key, const QString &text);

private:
    [[nodiscard]] TaskJob *makeJob(const ClaimedTask &task);
    void begin(const ClaimedTask &task);
    void endLeftBehind(const ClaimedTask &task);
    void forget(TaskId task, TaskJob *job);

    WorkContext &m_context;
    TaskService *m_service = nullptr;
    QHash<TaskId, TaskJob *> m_jobs;
    // Claimed anew while what was begun before is still being ended: never two for one task.
    QHash<TaskId, ClaimedTask> m_next;
    std::function<void()> m_whenEmpty;
};

} // namespace muster
