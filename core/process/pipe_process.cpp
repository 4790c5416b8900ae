#include "core/process/pipe_process.h"

#include "core/process/byte_pipes.h"

#include <QPointer>

#include <fcntl.h>

namespace muster {

namespace {

// The child's ends; closed here as soon as it runs.
struct ChildEnds {
    FileDescriptor in;
    FileDescriptor out;
    FileDescriptor err;
};

} // namespace

PipeProcess::PipeProcess(QObject *parent)
    : QObject(parent)
    , m_child(new SpawnedChild(this))
{
    connect(m_child, &SpawnedChild::started, this, &PipeProcess::childStarted);
    connect(m_child, &SpawnedChild::failed, this, &PipeProcess::fail);
    connect(m_child, &SpawnedChild::ended, this, &PipeProcess::childEnded);
}

PipeProcess::~PipeProcess() = default;

void PipeProcess::start(const LaunchSpec &spec, const SpawnOptions &options)
{
    auto out = makePipe();
    auto err = makePipe();
    auto in = spec.stdinMode == StdinMode::Pipe ? makePipe() : Result<PipeEnds>(PipeEnds{});
    if (!out || !err || !in)
        return m_child->failLater(!out ? out.error() : !err ? err.error() : in.error());
    ChildEnds ends{.in = std::move(in->read), .out = std::move(out->write), .err = std::move(err->write)};
    if (spec.stdinMode == StdinMode::Null) {
        auto null = openFile("/dev/null", O_RDONLY);
        if (!null)
            return m_child->failLater(null.error());
        ends.in = std::move(*null);
    } else {
        m_stdin = new InputPipe(std::move(in->write), spec.stdinQueueBytes, this);
        connect(m_stdin, &InputPipe::drained, this, &PipeProcess::stdinDrained);
        connect(m_stdin, &InputPipe::closed, this, &PipeProcess::stdinClosed);
    }
    m_stdout = new OutputPipe(std::move(out->read), this);
    m_stderr = new OutputPipe(std::move(err->read), this);
    connect(m_stdout, &OutputPipe::bytes, this, &PipeProcess::stdoutBytes);
    connect(m_stderr, &OutputPipe::bytes, this, &PipeProcess::stderrBytes);
    connect(m_stdout, &OutputPipe::closed, this, &PipeProcess::stdoutClosed);
    setReadPaused(m_readPaused);
    m_child->start(spec, {.in = ends.in.get(), .out = ends.out.get(), .err = ends.err.get()}, options);
}

void PipeProcess::refuse(const Error &error) { m_child->failLater(error); }

qint64 PipeProcess::pid() const { return m_child->pid(); }

bool PipeProcess::isRunning() const { return m_child->isRunning(); }

Status PipeProcess::write(const QByteArray &bytes)
{
    if (!m_stdin)
        return muster::fail(ErrorCode::Unavailable, QStringLiteral("no stdin"));
    return m_stdin->write(bytes);
}

qint64 PipeProcess::bytesToWrite() const { return m_stdin ? m_stdin->pending() : 0; }

void PipeProcess::closeStdin()
{
    if (m_stdin)
        m_stdin->closeWhenWritten();
}

void PipeProcess::setReadPaused(bool paused)
{
    m_readPaused = paused;
    if (!m_stdout)
        return;
    m_stdout->setPaused(paused || !m_started);
    m_stderr->setPaused(paused || !m_started);
    if (m_exit && !paused)
        QMetaObject::invokeMethod(this, &PipeProcess::emitExitWhenDrained, Qt::QueuedConnection);
}

void PipeProcess::fail(const Error &error)
{
    if (m_stdin)
        m_stdin->close();
    if (m_stdout) {
        m_stdout->close();
        m_stderr->close();
    }
    emit failedToStart(error);
}

void PipeProcess::childStarted()
{
    m_started = true;
    const QPointer<PipeProcess> self(this);
    emit started();
    if (self)
        setReadPaused(m_readPaused);
}

void PipeProcess::childEnded(const ExitInfo &info)
{
    const QPointer<PipeProcess> self(this);
    m_exit = info;
    if (m_stdin)
        m_stdin->close();
    emit ended(info);
    if (self)
        emitExitWhenDrained();
}

void PipeProcess::emitExitWhenDrained()
{
    const QPointer<PipeProcess> self(this);
    if (!m_exit || m_readPaused)
        return;
    for (OutputPipe *pipe : {m_stdout, m_stderr}) {
        if (!pipe->drain() || !self)
            return;
    }
    m_stdout->close();
    m_stderr->close();
    const ExitInfo info = *m_exit;
    m_exit.reset();
    emit exited(info);
}

} // namespace muster
