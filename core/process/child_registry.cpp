#include "core/process/child_registry.h"

#include "core/process/launch_markers.h"
#include "core/process/proc_table.h"

#include <QFile>
#include <QFileInfo>
#include <QMutexLocker>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace muster {

namespace {

// A guard stands in the background on purpose and re-parented to us; its command is below it, never here.
bool isGuard(pid_t pid)
{
    const QString program = QFile::symLinkTarget(QStringLiteral("/proc/%1/exe").arg(pid));
    return QFileInfo(program).fileName().section(u' ', 0, 0) ==
               u"muster-guard" && // " (deleted)" after an update
           environmentOf(pid, guardMarkerVariable);
}

} // namespace

ChildRegistry &ChildRegistry::instance()
{
    // Never destroyed: children may end while the program does.
    static ChildRegistry &registry = *new ChildRegistry;
    return registry;
}

qint64 ChildRegistry::addSpawned(ChildKind kind, const QString &marker, const std::function<qint64()> &spawn)
{
    const QMutexLocker lock(&m_mutex);
    const qint64 pid = spawn();
    if (pid > 0)
        m_children.insert(pid, {.pid = pid, .kind = kind, .marker = marker});
    return pid;
}

void ChildRegistry::remove(qint64 pid)
{
    const QMutexLocker lock(&m_mutex);
    m_children.remove(pid);
}

std::optional<KnownChild> ChildRegistry::find(qint64 pid) const
{
    const QMutexLocker lock(&m_mutex);
    const auto found = m_children.constFind(pid);
    return found == m_children.cend() ? std::nullopt : std::optional(*found);
}

QList<qint64> ChildRegistry::collectOrphans()
{
    const QMutexLocker lock(&m_mutex);
    const pid_t ownSession = getsid(0);
    QList<qint64> orphans;
    for (const pid_t child : adoptedChildren()) {
        if (m_children.contains(child))
            continue;
        const auto entry = readProcEntry(child);
        // Our own session: somebody's plain QProcess, whose exit is for its owner to collect.
        if (!entry || entry->session == ownSession)
            continue;
        if (entry->isDead())
            waitpid(child, nullptr, WNOHANG);
        else if (!isGuard(child))
            orphans.append(child);
    }
    return orphans;
}

bool ChildRegistry::adoptsOrphans()
{
#ifdef Q_OS_LINUX
    int adopts = 0;
    return prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0) == 0 && adopts != 0;
#else
    return false;
#endif
}

void ChildRegistry::forget(QObject *gone)
{
    const QMutexLocker lock(&m_mutex);
    m_waiting.remove(gone);
}

void ChildRegistry::keep(QObject *waiting)
{
    const QMutexLocker lock(&m_mutex);
    m_waiting.insert(waiting);
    QObject::connect(waiting, &QObject::destroyed, waiting, [this](QObject *gone) { forget(gone); });
}

Status becomeSubreaper()
{
#ifdef Q_OS_LINUX
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
        return {};
    return fail(ErrorCode::Unsupported, QString::fromLocal8Bit(strerror(errno)));
#else
    return fail(ErrorCode::Unsupported);
#endif
}

} // namespace muster
