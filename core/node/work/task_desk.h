// TaskDesk: what a person does with tasks and pools: start, run now, cancel, try again, weigh, and the pools'
// caps. Also tells them when the time of a task's work is nearly over. Core thread. Source: spec "tasks and
// schedules", Pools and slots; errors are those of api/commands.h.
#pragma once

#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/events/ledger.h"
#include "core/node/projects/project_service.h"
#include "core/node/work/inbox_desk.h"
#include "core/tasks/task_service.h"

#include <QObject>
#include <QSet>

namespace muster {

class TaskDesk final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    TaskDesk(Ledger &ledger, ProjectService &projects, TaskService &tasks, InboxDesk &inbox, QString owner,
             QObject *parent = nullptr);

    [[nodiscard]] Async<api::CommandDone> start(api::StartTask command, QString by);
    [[nodiscard]] Async<api::CommandDone> runNow(api::RunTaskNow command, QString by);
    [[nodiscard]] Async<api::CommandDone> cancel(api::CancelTask command, QString by);
    [[nodiscard]] Async<api::CommandDone> retry(api::RetryTask command, QString by);
    [[nodiscard]] Async<api::CommandDone> setPriority(api::SetPriority command, QString by);
    [[nodiscard]] Async<api::CommandDone> setPool(api::SetPool command, QString by);

signals:
    void capSet(const QString &pool, int cap);

private:
    void warnOfDeadline(TaskId task, qint64 limitMs);
    void withdrawWarning(TaskId task);

    Ledger &m_ledger;
    ProjectService &m_projects;
    TaskService &m_tasks;
    InboxDesk &m_inbox;
    QString m_owner;
    QSet<TaskId> m_warned;
};

} // namespace muster
