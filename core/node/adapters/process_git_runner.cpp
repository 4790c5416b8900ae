#include "core/node/adapters/process_git_runner.h"

#include "core/node/adapters/git_job.h"

namespace muster {

namespace {
constexpr int kMaxRunning = 8;
}

ProcessGitRunner::ProcessGitRunner(QStringList environment, QString program, QObject *parent)
    : QObject(parent)
    , m_environment(std::move(environment))
    , m_program(std::move(program))
{
}

ProcessGitRunner::~ProcessGitRunner() { m_waiting.clear(); }

QFuture<Result<GitOutput>> ProcessGitRunner::run(GitCommand command)
{
    auto *job = new GitJob(std::move(command), this);
    connect(job, &GitJob::finished, this, [this, job] {
        job->deleteLater(); // kills what still runs of it
        --m_running;
        startNext();
    });
    m_waiting.push_back(job);
    const auto future = job->future();
    startNext();
    return future;
}

void ProcessGitRunner::startNext()
{
    while (m_running < kMaxRunning && !m_waiting.empty()) {
        GitJob *job = m_waiting.front();
        m_waiting.pop_front();
        ++m_running;
        job->start(m_program, m_environment);
    }
}

} // namespace muster
