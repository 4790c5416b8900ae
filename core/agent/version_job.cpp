#include "core/agent/version_job.h"

#include "core/agent/runtime_lookup.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostPrinted = 16 * 1024;
constexpr std::chrono::milliseconds politeness{500};

} // namespace

VersionJob::VersionJob(RuntimeRecord runtime, QString program, QObject *parent)
    : QObject(parent)
    , m_runtime(std::move(runtime))
    , m_program(std::move(program))
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        answer(VersionState::NoAnswer);
        end();
    });
}

void VersionJob::start(Launcher &launcher, const QStringList &environment, const QString &tmpDir,
                       std::chrono::milliseconds limit)
{
    const LaunchSpec spec{.program = m_program,
                          .args = m_runtime.versionArgs,
                          .env = environment + m_runtime.env,
                          .marker = newMarker(),
                          .tmpDir = tmpDir,
                          .stdinMode = StdinMode::Null};
    m_process = launcher.launch(spec, this);
    PipeProcess *pipes = m_process->pipes();
    connect(pipes, &PipeProcess::failedToStart, this, [this] {
        answer(VersionState::Failed);
        emit over();
        deleteLater();
    });
    // Some print it on the other stream.
    connect(pipes, &PipeProcess::stdoutBytes, this, &VersionJob::take);
    connect(pipes, &PipeProcess::stderrBytes, this, &VersionJob::take);
    connect(pipes, &PipeProcess::exited, this, [this](const ExitInfo &info) {
        const bool well = info.code == 0 && info.signal == 0;
        const QString version = well ? versionIn(m_runtime, QString::fromUtf8(m_printed)) : QString();
        answer(version.isEmpty() ? VersionState::Unreadable : VersionState::Known, version);
    });
    connect(m_process, &LaunchedProcess::gone, this, [this] {
        emit over();
        deleteLater();
    });
    m_deadline.start(limit);
}

void VersionJob::take(const QByteArray &bytes)
{
    m_printed += bytes.first(std::min(bytes.size(), mostPrinted - m_printed.size()));
    if (m_printed.size() < mostPrinted)
        return;
    answer(VersionState::Unreadable);
    end();
}

void VersionJob::answer(VersionState state, const QString &version)
{
    if (std::exchange(m_answered, true))
        return;
    m_deadline.stop();
    emit answered(state, version);
}

void VersionJob::end()
{
    if (!std::exchange(m_stopping, true))
        m_process->stop({.termGrace = politeness});
}

} // namespace muster
