// The end of an agent's turn: only after its processes are gone, or kept warm for the next, is its outcome
// told.
#include "core/node/work/agent_job.h"
#include "core/node/work/output_files.h"
#include "core/node/work/step_effort.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

void AgentJob::onSessionEnded(const SessionEnded &ended)
{
    if (m_judging)
        m_endedMeanwhile = ended;
    else if (mayForget(ended))
        (void)forget(ended); // goes on by itself
    else if (mayFallBack(ended))
        (void)fallBack(ended); // goes on by itself
    else
        settle(ended);
}

void AgentJob::settle(const SessionEnded &ended)
{
    m_sessionEnd = ended;
    m_silence.stop();
    endWatch();
    for (auto it = m_asked.cbegin(); it != m_asked.cend(); ++it)
        m_context.inbox.withdraw(it.key(), u"agent"_s);
    m_asked.clear();
    m_toPass.clear();
    (void)complete(); // goes on by itself and ends with ended()
}

std::optional<FailureReason> AgentJob::endReason() const
{
    if (m_sessionEnd->reason == FailureReason::Unkillable)
        return FailureReason::Unkillable;
    if (m_stopReason)
        return m_stopReason;
    if (!m_finished)
        return m_sessionEnd->reason.value_or(FailureReason::Crashed);
    if (m_finished->outcome != TurnOutcome::Completed)
        return m_finished->reason.value_or(FailureReason::RuntimeError);
    return m_outputFault.isEmpty() ? std::nullopt : std::optional(FailureReason::RuntimeError);
}

QString AgentJob::endDetail(FailureReason reason) const
{
    if (reason == FailureReason::Unkillable)
        return m_sessionEnd->detail;
    if (m_stopReason)
        return m_stopDetail;
    if (m_finished && m_finished->outcome == TurnOutcome::Completed)
        return m_outputFault;
    return m_finished && !m_finished->detail.isEmpty() ? m_finished->detail : m_sessionEnd->detail;
}

Async<bool> AgentJob::complete()
{
    const std::optional<FailureReason> reason = endReason();
    m_outcome.reason = reason;
    m_outcome.status = reason ? statusFor(*reason) : TaskStatus::Completed;
    if (reason)
        m_outcome.detail = endDetail(*reason);
    if (m_row.id.isValid())
        m_kept ? recordKept() : recordEnd();
    m_outcome.putOffUntilMs = restAfterLimit();
    m_outcome.usage = used();
    (void)co_await checkFiles();
    const auto output = co_await keepChanges();
    (void)co_await judgeEffort();
    if (output) {
        m_outcome.output = toJsonObject(*output);
    } else if (!m_outcome.reason) {
        m_outcome.status = TaskStatus::Failed;
        m_outcome.reason = FailureReason::RuntimeError;
        m_outcome.detail = output.error().detail;
    }
    m_context.streams.finish(m_task.id, [self = QPointer(this)] {
        if (!self)
            return;
        if (!self->m_abandoned)
            emit self->ended(self->m_outcome);
        emit self->gone();
    });
    co_return true;
}

Async<bool> AgentJob::checkFiles()
{
    if (m_outcome.reason || m_data.outputFiles.isEmpty())
        co_return true;
    const auto files = co_await resultOf(
        onPool([folder = m_place.folder, patterns = m_data.outputFiles]() -> Result<OutputFiles> {
        return findOutputFiles(folder, patterns);
    }));
    m_outputFiles = files ? files->found : QStringList();
    const QString fault = files ? outputFilesFault(*files) : files.error().detail;
    if (fault.isEmpty())
        co_return true;
    m_outcome.status = TaskStatus::Failed;
    m_outcome.reason = FailureReason::RuntimeError;
    m_outcome.detail = fault;
    co_return false;
}

Async<TaskOutput> AgentJob::keepChanges()
{
    TaskOutput output{.text = m_answer.text(), .files = m_outputFiles, .fault = m_outputFault};
    if (!m_place.worktree || m_abandoned)
        co_return output;
    const GitTrust trust = m_place.project.gitTrust();
    if (m_outcome.status != TaskStatus::Completed) {
        const auto salvaged = co_await m_context.changes.salvageAttempt(*m_place.worktree, m_data.runTag,
                                                                        m_data.step, m_data.attempt, trust);
        if (!salvaged)
            co_return std::unexpected(salvaged.error());
        m_changedLines = salvaged->changedLines;
        co_return output;
    }
    const auto commit = co_await m_context.changes.commitAttempt(*m_place.worktree, m_data.title, trust);
    if (!commit)
        co_return std::unexpected(commit.error());
    output.files = commit->files + m_outputFiles;
    output.files.removeDuplicates();
    output.commit = commit->commit;
    output.branch = m_place.worktree->branch;
    co_return output;
}

// An agent that gets nowhere on a step is not begun again, however many retries are left.
Async<bool> AgentJob::judgeEffort()
{
    const StepRunId step = m_task.request.refs.step;
    if (!step.isValid() || !m_session || !m_outcome.reason || m_stopReason || m_abandoned ||
        m_outcome.putOffUntilMs || !isOwnEnd(*m_outcome.reason))
        co_return false;
    const auto efforts = co_await resultOf(
        m_context.ledger.commitAsync([step, reads = m_reads, lines = m_changedLines](
                                         Connection &db, EventBatch &log) -> Result<std::vector<EffortRow>> {
        EffortRepository repository(db);
        const auto fresh = repository.addReads(step, reads);
        if (!fresh)
            return std::unexpected(fresh.error());
        if (Status added =
                repository.add(step, {.newReads = *fresh, .changedLines = lines, .atMs = log.nowMs()});
            !added)
            return std::unexpected(added.error());
        return repository.of(step);
    }));
    const QString stuck = efforts ? stuckDetail(*efforts) : QString();
    if (stuck.isEmpty())
        co_return false;
    m_outcome.blocked = true;
    m_outcome.reason = FailureReason::RuntimeError;
    m_outcome.detail = stuck;
    co_return true;
}

std::optional<qint64> AgentJob::restAfterLimit()
{
    if (m_outcome.reason != FailureReason::RateLimited || m_stopReason || m_abandoned)
        return std::nullopt;
    const qint64 now = m_context.ledger.clock().nowMs();
    if (!m_context.accounts.has(account()))
        return now; // it was removed meanwhile: whatever is left is chosen from
    const auto until = m_context.limits.restAfter(account(), m_task.putOffs);
    if (!until)
        return std::nullopt;
    // Where another account or runtime may be taken it is not waited for: the task resolves anew at once.
    const QStringList fallback = namesIn(m_context.fallback());
    const bool other = std::ranges::any_of(fallback, [this](const QString &id) {
        return id != m_runtime->id && m_context.runtimes.find(id) && m_context.accounts.restsUntil(id) == 0;
    });
    const qint64 rests = m_context.accounts.restsUntil(m_runtime->id);
    return other || rests == 0 ? now : rests;
}

// With its runtime in the store, so that a person is told whose limit it waits for.
Async<bool> AgentJob::restBeforeSession(qint64 untilMs)
{
    (void)co_await resultOf(
        m_context.ledger.commitAsync([id = m_task.id, taken = m_resolution,
                                      why = resolutionReason()](Connection &db, EventBatch &) -> Status {
        return TaskRepository(db).setResolved(id, taken.runtime, taken.model, why);
    }));
    if (m_stopReason) {
        finishBeforeSession(*m_stopReason, m_stopDetail);
        co_return false;
    }
    if (!m_abandoned)
        emit ended({.status = TaskStatus::Failed,
                    .reason = FailureReason::RateLimited,
                    .detail = m_runtime->id,
                    .putOffUntilMs = untilMs,
                    .usage = m_task.spent});
    emit gone();
    co_return true;
}

void AgentJob::recordKept()
{
    m_context.ledger.commit(this, [id = m_row.id](Connection &db, EventBatch &log) -> Status {
        return SessionRepository(db).setState(id, SessionRowState::Idle, log.nowMs());
    });
}

void AgentJob::recordEnd()
{
    m_context.ledger.commit(this,
                            [id = m_row.id, end = *m_sessionEnd](Connection &db, EventBatch &log) -> Status {
        return SessionRepository(db).end(id, end.reason, end.detail, log.nowMs());
    });
}

void AgentJob::finishBeforeSession(FailureReason reason, const QString &detail)
{
    if (!m_abandoned)
        emit ended({.status = statusFor(reason),
                    .reason = reason,
                    .detail = detail,
                    .output = toJsonObject(TaskOutput{})});
    emit gone();
}

} // namespace muster
