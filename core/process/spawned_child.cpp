#include "core/process/spawned_child.h"

#include "core/process/program_lookup.h"

#include <QFileInfo>
#include <QProcessEnvironment>

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct ChildSetup {
    ChildDescriptors descriptors;
    int joinCgroupFd = -1;
    bool diesWithParent = true;
    pid_t parent = 0;
};

void closeOthersOnExec()
{
#ifdef SYS_close_range
    constexpr unsigned int closeOnExec = 1U << 2; // CLOSE_RANGE_CLOEXEC, Linux 5.11
    syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, closeOnExec);
#endif
}

// Runs in the child between vfork and exec, on our memory: system calls only, nothing is written.
void setUpChild(const ChildSetup &setup)
{
    if (setup.joinCgroupFd >= 0 && write(setup.joinCgroupFd, "0", 1) < 0) {
        // Whether it is in the group is looked up afterwards, never assumed.
    }
    setsid();
#ifdef Q_OS_LINUX
    if (setup.diesWithParent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        // The parent may have died before the request.
        if (getppid() != setup.parent)
            _exit(127);
    }
#endif
    dup2(setup.descriptors.in, STDIN_FILENO);
    dup2(setup.descriptors.out, STDOUT_FILENO);
    dup2(setup.descriptors.err, STDERR_FILENO);
    // Not QProcess's CloseFileDescriptors: it closes the pipe by which a failed exec is reported.
    closeOthersOnExec();
    if (setup.descriptors.terminal)
        ioctl(STDIN_FILENO, TIOCSCTTY, 0);
}

QProcessEnvironment environmentFor(const LaunchSpec &spec)
{
    QProcessEnvironment environment;
    for (const QString &line : spec.env) {
        const qsizetype equals = line.indexOf(u'=', 1);
        if (equals > 0)
            environment.insert(line.first(equals), line.sliced(equals + 1));
    }
    if (!spec.marker.isEmpty())
        environment.insert(QString::fromLatin1(runMarkerVariable), spec.marker);
    if (!spec.tmpDir.isEmpty())
        environment.insert(u"TMPDIR"_s, spec.tmpDir);
    return environment;
}

// Writing to a child that has closed its stdin must be an error, not our end.
void ignoreBrokenPipes()
{
    static const bool done = std::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
    Q_UNUSED(done)
}

void finishAlone(QProcess *process)
{
    // QProcess's destructor would wait for the end.
    process->disconnect();
    ChildRegistry::instance().keep(process);
    const qint64 pid = process->processId();
    QObject::connect(process, &QProcess::finished, process, [process, pid] {
        ChildRegistry::instance().remove(pid);
        process->deleteLater();
    });
}

} // namespace

SpawnedChild::SpawnedChild(QObject *parent)
    : QObject(parent)
{
}

SpawnedChild::~SpawnedChild()
{
    if (!isRunning())
        return;
    const auto pid = static_cast<pid_t>(m_pid);
    // Not reaped yet, so both numbers are still its own.
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);
    finishAlone(m_process.release());
}

bool SpawnedChild::isRunning() const
{
    return m_process && m_pid > 0 && m_process->state() != QProcess::NotRunning;
}

void SpawnedChild::failLater(const Error &error)
{
    QMetaObject::invokeMethod(this, [this, error] { emit failed(error); }, Qt::QueuedConnection);
}

void SpawnedChild::start(const LaunchSpec &spec, const ChildDescriptors &descriptors,
                         const SpawnOptions &options)
{
    if (!spec.workingDir.isEmpty() && !QFileInfo(spec.workingDir).isDir())
        return failLater({.code = ErrorCode::LaunchFailed,
                          .detail = spec.workingDir,
                          .where = QString::fromLatin1(launch_fault::workingDir)});
    const auto program = findProgram(spec.program, spec.env, spec.workingDir);
    if (!program)
        return failLater(program.error());

    ignoreBrokenPipes();
    m_process = std::make_unique<QProcess>();
    m_process->setProgram(*program);
    m_process->setArguments(spec.args);
    m_process->setWorkingDirectory(spec.workingDir.isEmpty() ? u"/"_s : spec.workingDir);
    m_process->setProcessEnvironment(environmentFor(spec));
    // Nothing for QProcess to read or write: its pipes would be unbounded.
    m_process->setProcessChannelMode(QProcess::ForwardedChannels);
    m_process->setInputChannelMode(QProcess::ForwardedInputChannel);
    m_process->setUnixProcessParameters(QProcess::UnixProcessFlag::ResetSignalHandlers |
                                        QProcess::UnixProcessFlag::UseVFork);
    const ChildSetup setup{.descriptors = descriptors,
                           .joinCgroupFd = options.joinCgroupFd,
                           .diesWithParent = options.diesWithParent,
                           .parent = getpid()};
    m_process->setChildProcessModifier([setup] { setUpChild(setup); });
    // Queued: depending on the way of forking QProcess tells these from within start().
    connect(m_process.get(), &QProcess::started, this, &SpawnedChild::started, Qt::QueuedConnection);
    connect(m_process.get(), &QProcess::errorOccurred, this, &SpawnedChild::onError);
    connect(m_process.get(), &QProcess::finished, this, &SpawnedChild::onFinished);
    m_pid = ChildRegistry::instance().addSpawned(options.kind, spec.marker, [this] {
        m_process->start(QIODevice::ReadOnly | QIODevice::Unbuffered);
        return m_process->processId();
    });
}

void SpawnedChild::onError(QProcess::ProcessError error)
{
    if (error != QProcess::FailedToStart)
        return;
    if (m_pid > 0)
        ChildRegistry::instance().remove(m_pid);
    m_pid = 0;
    failLater({.code = ErrorCode::LaunchFailed,
               .detail = m_process->errorString(),
               .where = QString::fromLatin1(launch_fault::exec)});
}

void SpawnedChild::onFinished(int code, QProcess::ExitStatus status)
{
    ChildRegistry::instance().remove(m_pid);
    const bool crashed = status == QProcess::CrashExit;
    const ExitInfo info{.code = crashed ? 0 : code, .signal = crashed ? code : 0, .crashed = crashed};
    // After started(), which is queued.
    QMetaObject::invokeMethod(this, [this, info] { emit ended(info); }, Qt::QueuedConnection);
}

} // namespace muster
