#include "core/node/adapters/git_job.h"

#include "core/workspace/git_command.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kErrorBytes = 64 * 1024;
constexpr int kSignalBase = 128; // as a shell reports a death by signal

QString workingDirOf(const GitCommand &command)
{
    if (!command.cwd.isEmpty())
        return command.cwd;
    return command.workTree.isEmpty() ? command.gitDir : command.workTree;
}

} // namespace

GitJob::GitJob(GitCommand command, QObject *parent)
    : QObject(parent)
    , m_command(std::move(command))
{
    m_promise.start();
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this,
            [this] { finish(fail(ErrorCode::Timeout, {}, u"git "_s + m_command.args.value(0))); });
}

GitJob::~GitJob()
{
    if (!m_done) {
        m_promise.addResult(fail(ErrorCode::Cancelled));
        m_promise.finish();
    }
}

void GitJob::start(const QString &program, const QStringList &environment)
{
    LaunchSpec spec;
    spec.program = program;
    spec.args = gitArguments(m_command);
    spec.workingDir = workingDirOf(m_command);
    spec.env = gitEnvironment(m_command, environment);
    spec.stdinMode = m_command.input.isEmpty() ? StdinMode::Null : StdinMode::Pipe;
    spec.stdinQueueBytes = std::max<qint64>(spec.stdinQueueBytes, m_command.input.size());
    m_process = new PipeProcess(this);
    connect(m_process, &PipeProcess::started, this, [this] {
        if (m_command.input.isEmpty())
            return;
        if (Status written = m_process->write(std::exchange(m_command.input, {})); !written)
            return finish(std::unexpected(written.error()));
        m_process->closeStdin();
    });
    connect(m_process, &PipeProcess::failedToStart, this, [this](const Error &error) {
        const bool missing = error.where == QLatin1StringView(launch_fault::notFound);
        finish(fail(missing ? ErrorCode::Unavailable : error.code, error.detail, error.where));
    });
    connect(m_process, &PipeProcess::stdoutBytes, this, &GitJob::takeOutput);
    connect(m_process, &PipeProcess::stderrBytes, this, [this](const QByteArray &bytes) {
        m_output.err += bytes.first(std::min(bytes.size(), kErrorBytes - m_output.err.size()));
    });
    connect(m_process, &PipeProcess::exited, this, [this](const ExitInfo &info) {
        m_output.exitCode = info.signal != 0 ? kSignalBase + info.signal : info.code;
        finish(m_output);
    });
    m_deadline.start(m_command.timeoutMs);
    m_process->start(spec);
}

void GitJob::takeOutput(const QByteArray &bytes)
{
    m_output.out += bytes;
    if (m_output.out.size() <= m_command.outputCap)
        return;
    m_output.out.truncate(m_command.outputCap);
    m_output.truncated = true;
    finish(m_output); // the rest would be thrown away
}

void GitJob::finish(Result<GitOutput> result)
{
    if (m_done)
        return;
    m_done = true;
    m_deadline.stop();
    m_promise.addResult(std::move(result));
    m_promise.finish();
    emit finished();
}

} // namespace muster
