#include "core/node/work/task_dispatcher.h"

#include "core/node/work/agent_job.h"
#include "core/node/work/merge_job.h"
#include "core/node/work/shell_job.h"
#include "core/process/startup_sweep.h"
#include "core/store/session_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

TaskDispatcher::TaskDispatcher(WorkContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{
}

void TaskDispatcher::setService(TaskService *service)
{
    m_service = service;
    connect(service, &TaskService::putOff, this,
            [this](TaskId, const QString &key, qint64 untilMs) { emit rests(key, untilMs); });
}

TaskJob *TaskDispatcher::makeJob(const ClaimedTask &task)
{
    if (task.request.kind == TaskKind::Shell)
        return new ShellJob(task, m_context, this);
    if (task.request.kind == TaskKind::Merge)
        return new MergeJob(task, m_context, this);
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
    if (task.ownerMayLive && task.request.kind == TaskKind::Agent)
        endLeftBehind(task);
    else if (m_jobs.contains(task.id))
        m_next.insert(task.id, task);
    else
        begin(task);
}

// Its owner may only be standing still, and its agent at work in the same folder: what can be found of it
// here is ended, and the task with it.
void TaskDispatcher::endLeftBehind(const ClaimedTask &task)
{
    m_context.ledger.read(this, [session = task.session](Connection &db) -> Result<SessionRow> {
        return session.isValid() ? SessionRepository(db).find(session) : Result<SessionRow>(SessionRow{});
    }, [this, id = task.id](const Result<SessionRow> &session) {
        const auto end = [this, id](const StopReport &report) {
            QStringList pids;
            for (const qint64 pid : report.survivors)
                pids += QString::number(pid);
            const FailureReason reason =
                pids.isEmpty() ? FailureReason::LeaseExpired : FailureReason::Unkillable;
            m_service->finished(id, {.status = statusFor(reason),
                                     .reason = reason,
                                     .detail = pids.join(u' '),
                                     .output = toJsonObject(TaskOutput{})});
        };
        if (!session || session->marker.isEmpty()) {
            end({});
            return;
        }
        auto *sweep = new StartupSweep({session->marker}, this);
        connect(sweep, &StartupSweep::finished, this,
                [sweep, end](const QList<qint64> &, const StopReport &report) {
            sweep->deleteLater();
            end(report);
        });
        sweep->start();
    });
}

void TaskDispatcher::goOn(TaskId task)
{
    if (TaskJob *job = m_jobs.value(task)) {
        job->goOn();
        emit waits(job->task().request.key, false);
    }
}

void TaskDispatcher::begin(const ClaimedTask &task)
{
    TaskJob *job = makeJob(task);
    m_jobs.insert(task.id, job);
    const QString key = task.request.key;
    const TaskId id = task.id;
    connect(job, &TaskJob::placed, this, [this, key](WorktreeId worktree) { emit placed(key, worktree); });
    connect(job, &TaskJob::began, this, [this, id, key] {
        m_service->began(id);
        emit began(key);
    });
    connect(job, &TaskJob::standsStill, this,
            [this, id](qint64 forMs) { m_service->standsStill(id, forMs); });
    connect(job, &TaskJob::waiting, this, [this, id, key](bool forPerson) {
        m_service->waitsForPerson(id, forPerson);
        if (forPerson)
            emit waits(key, true);
    });
    connect(job, &TaskJob::spent, this, [this, key](qint64 cost) { emit spent(key, cost); });
    connect(job, &TaskJob::stepped, this, [this, key](int steps) { emit stepped(key, steps); });
    connect(job, &TaskJob::ended, this,
            [this, id](const TaskOutcome &outcome) { m_service->finished(id, outcome); });
    if (task.putOffs > 0)
        connect(job, &TaskJob::began, this, [this, key] { emit rests(key, std::nullopt); });
    connect(job, &TaskJob::gone, this, [this, id, job] { forget(id, job); });
    job->start();
}

void TaskDispatcher::forget(TaskId task, TaskJob *job)
{
    m_jobs.remove(task);
    job->deleteLater();
    if (m_next.contains(task))
        begin(m_next.take(task));
    if (m_jobs.isEmpty() && m_whenEmpty)
        std::exchange(m_whenEmpty, {})();
}

void TaskDispatcher::stop(TaskId task, FailureReason reason, const QString &detail)
{
    if (m_next.remove(task))
        m_service->finished(task, {.status = statusFor(reason),
                                   .reason = reason,
                                   .detail = detail,
                                   .output = toJsonObject(TaskOutput{})});
    else if (TaskJob *job = m_jobs.value(task))
        job->stop(reason, detail);
}

void TaskDispatcher::abandon(TaskId task)
{
    m_next.remove(task);
    if (TaskJob *job = m_jobs.value(task))
        job->abandon();
}

std::vector<api::WorkInfo> TaskDispatcher::work() const
{
    std::vector<api::WorkInfo> all;
    all.reserve(static_cast<size_t>(m_jobs.size()));
    for (const TaskJob *job : m_jobs)
        all.push_back(job->look());
    std::ranges::sort(all, {}, &api::WorkInfo::task);
    return all;
}

void TaskDispatcher::steer(const QString &key, const QString &text, const QStringList &attachments,
                           const std::function<void(const Status &)> &done)
{
    const auto job =
        std::ranges::find_if(m_jobs, [&](TaskJob *one) { return one->task().request.key == key; });
    if (job == m_jobs.end())
        done(fail(ErrorCode::Unavailable, u"it does not work"_s));
    else
        (*job)->steer(text, attachments, done);
}

void TaskDispatcher::abandonAll(std::function<void()> done)
{
    m_next.clear();
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
