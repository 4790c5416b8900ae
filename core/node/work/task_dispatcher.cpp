#include "core/node/work/task_dispatcher.h"

#include "core/node/work/agent_job.h"
#include "core/node/work/shell_job.h"

namespace muster {

using namespace Qt::StringLiterals;

TaskDispatcher::TaskDispatcher(WorkContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{
}

TaskJob *TaskDispatcher::makeJob(const ClaimedTask &task)
{
    if (task.request.kind == TaskKind::Shell)
        return new ShellJob(task, m_context, this);
    auto *job = new AgentJob(task, m_context, this);
    if (task.request.source == TaskSource::Chat) {
        const QString key = task.request.key;
        connect(job, &AgentJob::said, this, [this, key](const QString &messageKey, const QString &text) {
            emit said(key, messageKey, text);
        });
        connect(job, &AgentJob::thought, this, [this, key](const QString &text) { emit thought(key, text); });
    }
    return job;
}

void TaskDispatcher::start(const ClaimedTask &task)
{
    if (task.recovered && task.request.source == TaskSource::Chat) {
        // Its answer's row was settled as interrupted; going on is the person's to ask.
        m_service->finished(task.id, {.status = TaskStatus::Failed,
                                      .reason = FailureReason::Crashed,
                                      .detail = u"node_died"_s,
                                      .output = toJsonObject(TaskOutput{})});
        return;
    }
    TaskJob *job = makeJob(task);
    m_jobs.insert(task.id, job);
    const QString key = task.request.key;
    const TaskId id = task.id;
    connect(job, &TaskJob::placed, this, [this, key](WorktreeId worktree) { emit placed(key, worktree); });
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
