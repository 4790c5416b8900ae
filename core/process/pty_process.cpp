#include "core/process/pty_process.h"

#include "core/process/byte_pipes.h"

#include <QPointer>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace muster {

namespace {

constexpr qint64 writeCap = qint64{1024} * 1024;
constexpr int longestSide = 10000;
// A background job may hold the terminal after the shell has gone.
constexpr std::chrono::milliseconds lastOutputWithin{250};

winsize toWinsize(TerminalSize size)
{
    winsize result{};
    result.ws_row = static_cast<unsigned short>(std::clamp(size.rows, 1, longestSide));
    result.ws_col = static_cast<unsigned short>(std::clamp(size.columns, 1, longestSide));
    return result;
}

Error noTerminal()
{
    return {.code = ErrorCode::LaunchFailed,
            .detail = QStringLiteral("no pseudo-terminal"),
            .where = QString::fromLatin1(launch_fault::resources)};
}

} // namespace

PtyProcess::PtyProcess(QObject *parent)
    : QObject(parent)
    , m_child(new SpawnedChild(this))
    , m_lastOutput(this)
{
    m_lastOutput.setSingleShot(true);
    m_lastOutput.setInterval(lastOutputWithin);
    connect(&m_lastOutput, &QTimer::timeout, this, &PtyProcess::emitExit);
    connect(m_child, &SpawnedChild::started, this, &PtyProcess::started);
    connect(m_child, &SpawnedChild::failed, this, &PtyProcess::failedToStart);
    connect(m_child, &SpawnedChild::ended, this, &PtyProcess::childEnded);
}

PtyProcess::~PtyProcess() = default;

// Our side goes to m_master; returned is the child's.
Result<FileDescriptor> PtyProcess::openTerminal(TerminalSize size)
{
    auto master = openFile("/dev/ptmx", O_RDWR | O_NOCTTY);
    char name[128] = {};
    if (!master || grantpt(master->get()) != 0 || unlockpt(master->get()) != 0 ||
        ptsname_r(master->get(), name, sizeof name) != 0)
        return std::unexpected(noTerminal());
    auto slave = openFile(name, O_RDWR | O_NOCTTY);
    if (!slave)
        return std::unexpected(noTerminal());
    m_master = std::move(*master);
    resize(size);
    return slave;
}

void PtyProcess::start(const LaunchSpec &spec, TerminalSize size)
{
    const auto slave = openTerminal(size);
    if (!slave)
        return m_child->failLater(slave.error());
    FileDescriptor reading(fcntl(m_master.get(), F_DUPFD_CLOEXEC, 0));
    FileDescriptor writing(fcntl(m_master.get(), F_DUPFD_CLOEXEC, 0));
    if (!reading.isOpen() || !writing.isOpen())
        return m_child->failLater(noTerminal());
    m_reader = new OutputPipe(std::move(reading), this);
    m_writer = new InputPipe(std::move(writing), writeCap, this);
    connect(m_reader, &OutputPipe::bytes, this, &PtyProcess::bytes);
    connect(m_reader, &OutputPipe::closed, this, &PtyProcess::emitExit);
    setReadPaused(m_readPaused);
    m_child->start(spec, {.in = slave->get(), .out = slave->get(), .err = slave->get(), .terminal = true},
                   {.kind = ChildKind::Terminal});
}

qint64 PtyProcess::pid() const { return m_child->pid(); }

bool PtyProcess::isRunning() const { return m_child->isRunning(); }

Status PtyProcess::write(const QByteArray &bytes)
{
    if (!m_writer)
        return fail(ErrorCode::Unavailable, QStringLiteral("no terminal"));
    return m_writer->write(bytes);
}

void PtyProcess::resize(TerminalSize size)
{
    const winsize dimensions = toWinsize(size);
    if (m_master.isOpen())
        ioctl(m_master.get(), TIOCSWINSZ, &dimensions);
}

void PtyProcess::setReadPaused(bool paused)
{
    m_readPaused = paused;
    if (!m_reader)
        return;
    m_reader->setPaused(paused);
    if (m_exit && !paused)
        m_lastOutput.start();
}

void PtyProcess::hangUp()
{
    if (m_reader)
        m_reader->close();
    if (m_writer)
        m_writer->close();
    m_master.reset();
}

void PtyProcess::childEnded(const ExitInfo &info)
{
    m_exit = info;
    if (m_writer)
        m_writer->close();
    if (!m_reader || !m_reader->isOpen())
        emitExit();
    else
        m_lastOutput.start();
}

void PtyProcess::emitExit()
{
    // The terminal may close before its program ends, and the person may be holding the output.
    if (!m_exit || m_readPaused)
        return;
    m_lastOutput.stop();
    hangUp();
    const ExitInfo info = *m_exit;
    m_exit.reset();
    emit exited(info);
}

} // namespace muster
