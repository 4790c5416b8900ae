#include "core/node/work/shell_job.h"

#include "core/flow/json_schema.h"
#include "core/node/flows/run_environment.h"
#include "core/node/work/output_files.h"
#include "core/process/environment_filter.h"
#include "core/process/guard_layout.h"
#include "core/process/process_tree.h"

#include <QProcessEnvironment>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 keptOutputBytes = 1024 * 1024;

TaskOutcome outcomeOf(const GuardResult &result)
{
    switch (result.end) {
    case GuardEnd::Exited:
        if (result.code == 0)
            return {.status = TaskStatus::Completed, .exitCode = 0};
        return {.status = TaskStatus::Failed,
                .reason = FailureReason::GateFailed,
                .detail = u"exit code %1"_s.arg(result.code),
                .exitCode = result.code};
    case GuardEnd::Signalled:
        return {.status = TaskStatus::Failed,
                .reason = FailureReason::GateFailed,
                .detail = u"signal %1"_s.arg(result.signal),
                .signal = result.signal};
    case GuardEnd::TimedOut:
        return {.status = TaskStatus::TimedOut, .reason = FailureReason::DeadlineExceeded};
    case GuardEnd::Stopped:
        return {.status = TaskStatus::Cancelled, .reason = FailureReason::Aborted};
    case GuardEnd::LaunchFailed:
        return {.status = TaskStatus::Failed,
                .reason = FailureReason::LaunchFailed,
                .detail = result.code == guard::exitNoSpace ? u"the disk is full"_s : QString()};
    }
    return {.status = TaskStatus::Failed, .reason = FailureReason::Unknown};
}

// What the step asked for, of a command that went well by itself.
struct Given {
    QString fault; // what it lacks
    QStringList files;
};

Given givenBy(const QString &text, const TaskData &data, const QString &folder)
{
    const OutputFiles files = findOutputFiles(folder, data.outputFiles);
    Given given{.fault = outputFilesFault(files), .files = files.found};
    if (data.output == "json"_L1) {
        if (const QString fault = outputFault(text, data.schema); !fault.isEmpty())
            given.fault = fault;
    }
    return given;
}

} // namespace

ShellJob::ShellJob(ClaimedTask task, WorkContext &context, QObject *parent)
    : TaskJob(std::move(task), context, parent)
{
    connect(&m_context.guards, &GuardClient::outputBytes, this, &ShellJob::onOutput);
    connect(&m_context.guards, &GuardClient::finished, this,
            [this](const QString &key, const GuardResult &result) {
        if (key == m_task.request.key && !m_done)
            (void)complete(result);
    });
    connect(&m_context.guards, &GuardClient::lost, this, [this](const QString &key) {
        if (key == m_task.request.key)
            fail(FailureReason::Crashed, u"the command's end is not known"_s, true);
    });
}

void ShellJob::start()
{
    (void)begin(); // goes on by itself and ends with ended()
}

Async<bool> ShellJob::begin()
{
    const auto project = co_await m_context.projects.open(m_data.project);
    if (!project) {
        fail(FailureReason::LaunchFailed, project.error().detail);
        co_return false;
    }
    m_trust = project->gitTrust();
    QString folder = project->info.root;
    const auto worktree = co_await findWorktree(*project);
    if (!worktree) {
        fail(FailureReason::LaunchFailed, worktree.error().detail);
        co_return false;
    }
    m_worktree = *worktree;
    if (m_worktree)
        folder = m_worktree->path;
    co_await skipWhatIsStored();
    if (m_stopReason)
        fail(*m_stopReason, m_stopDetail);
    else
        launch(folder);
    co_return true;
}

// Of a command that an earlier node began the output is read again from its beginning.
Async<bool> ShellJob::skipWhatIsStored()
{
    if (std::holds_alternative<GuardUnknown>(m_context.guards.find(m_task.request.key)))
        co_return true;
    const auto units = co_await resultOf(m_context.ledger.readAsync([task = m_task.id](Connection &db) {
        return StreamRepository(db).units({.task = task, .channel = StreamChannel::Tool});
    }));
    m_skip = units.value_or(0);
    m_context.streams.resume(m_task.id, StreamChannel::Tool, m_skip);
    co_return true;
}

void ShellJob::launch(const QString &folder)
{
    m_folder = folder;
    const QString &key = m_task.request.key;
    const GuardState state = m_context.guards.find(key);
    if (std::holds_alternative<GuardLost>(state)) {
        fail(FailureReason::Crashed, u"the command's end is not known"_s, true);
        return;
    }
    if (const QStringList missing = missingVariables(m_data.env);
        std::holds_alternative<GuardUnknown>(state) && !missing.isEmpty()) {
        fail(FailureReason::LaunchFailed, u"env "_s + missing.join(u' '));
        return;
    }
    // Also one that has ended meanwhile is followed: for the output that nobody has read.
    const Status begun =
        !std::holds_alternative<GuardUnknown>(state)
            ? m_context.guards.watch(key)
            : m_context.guards.start(
                  {.key = key,
                   .cwd = folder,
                   .command = {u"/bin/sh"_s, u"-c"_s, m_task.request.prompt},
                   .env = filterEnvironment(QProcessEnvironment::systemEnvironment().toStringList(),
                                            m_data.env)});
    if (!begun)
        fail(FailureReason::LaunchFailed, begun.error().detail);
    else
        emit began();
}

void ShellJob::onOutput(const QString &key, const QByteArray &bytes)
{
    if (key != m_task.request.key)
        return;
    m_signs.gotOn(now());
    const QString text = m_decoder.decode(bytes);
    show(m_mask.add(text));
}

void ShellJob::show(const QString &text)
{
    const qint64 known = std::min<qint64>(m_skip, text.size());
    m_skip -= known;
    m_context.streams.add({.task = m_task.id, .refs = m_task.request.refs}, StreamChannel::Tool,
                          m_task.request.key, text.sliced(known));
}

void ShellJob::stop(FailureReason reason, const QString &detail)
{
    m_stopReason = reason;
    m_stopDetail = detail;
    (void)m_context.guards.stop(m_task.request.key); // not begun yet: begin() looks at the reason
}

void ShellJob::abandon()
{
    // The guard goes on: whoever has the lease now finds it under its key.
    m_done = true;
    emit gone();
}

Async<bool> ShellJob::complete(GuardResult result)
{
    m_done = true;
    show(m_mask.finish());
    TaskOutcome outcome = outcomeOf(result);
    if (m_stopReason) {
        outcome.status = statusFor(*m_stopReason);
        outcome.reason = m_stopReason;
        outcome.detail = m_stopDetail;
    }
    if (!result.survivors.isEmpty()) {
        outcome.status = TaskStatus::Failed;
        outcome.reason = FailureReason::Unkillable;
        outcome.detail = namesOf(result.survivors);
    }
    TaskOutput output;
    if (const auto text = m_context.guards.output(m_task.request.key, keptOutputBytes))
        output.text = Redactor::global().redactKnown(QString::fromUtf8(*text));
    if (outcome.status == TaskStatus::Completed) {
        const auto given = co_await resultOf(
            onPool([text = output.text, data = m_data, folder = m_folder]() -> Result<Given> {
            return givenBy(text, data, folder);
        }));
        if (given)
            output.files = given->files;
        if (!given || !given->fault.isEmpty()) {
            outcome.status = TaskStatus::Failed;
            outcome.reason = FailureReason::RuntimeError;
            outcome.detail = given ? given->fault : given.error().detail;
        }
    }
    if (m_worktree) {
        const auto commit = co_await m_context.changes.commitAttempt(*m_worktree, m_data.title, m_trust);
        if (commit) {
            output.files += commit->files;
            output.files.removeDuplicates();
            output.commit = commit->commit;
            output.branch = m_worktree->branch;
        } else if (outcome.status == TaskStatus::Completed) {
            // What it changed would be missing from the branch, and nobody would know.
            outcome.status = TaskStatus::Failed;
            outcome.reason = FailureReason::RuntimeError;
            outcome.detail = commit.error().detail;
        }
    }
    outcome.output = toJsonObject(output);
    m_context.streams.finish(m_task.id, [self = QPointer(this), outcome] {
        if (!self)
            return;
        emit self->ended(outcome);
        emit self->gone();
    });
    co_return true;
}

void ShellJob::fail(FailureReason reason, const QString &detail, bool lost)
{
    if (std::exchange(m_done, true))
        return;
    emit ended({.status = statusFor(reason),
                .reason = reason,
                .detail = detail,
                .output = toJsonObject(TaskOutput{.lost = lost})});
    emit gone();
}

} // namespace muster
