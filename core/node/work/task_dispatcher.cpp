#include "core/node/work/task_dispatcher.h"

#include "core/node/work/agent_job.h"
#include "core/node/work/shell_job.h"

namespace muster {

TaskDispatcher::TaskDispatcher(WorkContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{
}

void TaskDispatcher::start(const ClaimedTask &task)
{
    TaskJob *job = nullptr;
    if (task.request.kind == TaskKind::Shell)
        job = new ShellJob(task, m_context, this);
    else
        job = new AgentJob(task, m_context, this);
    m_jobs.insert(task.id, job);
    const QString key = task.request.key;
    const TaskId id = task.id;
    connect(job, &TaskJob::began, this, [this, key] { emit began(key); });
    connect(job, &TaskJob::waiting, this, [this, id, key](bool forPerson) {
        m_service->waitsForPerson(id, forPerson);
        emit waits(key, forPerson);
    });
    connect(job, &TaskJob::ended, this,
            [this, id](const TaskOutcome &outcome) { m_service->finished(id, outcome); });
    connect(job, &TaskJob::gone, this, [this, id, job] {
        if (m_jobs.value(id) == job)
            m_jobs.remove(id);
        job->deleteLater();
        if (m_jobs.isEmpty() && m_whenEmpty)
            std::exchange(m_whenEmpty, {})();
    });
    job->start();
}

void TaskDispatcher::stop(TaskId task, FailureReason reason, const QString &detail)
{
    if (TaskJob *job = m_jobs.value(task))
        job->stop(reason, detail);
}

void TaskDispatcher::abandon(TaskId task)
{
    if (TaskJob *job = m_jobs.value(task))
        job->abandon();
}

void TaskDispatcher::abandonAll(std::function<void()> done)
{
    if (m_jobs.isEmpty()) {
        done();
        return;
    }
    m_whenEmpty = std::move(done);
    const auto jobs = m_jobs.values();
    for (TaskJob *job : jobs)
        job->abandon();
}

} // namespace muster
