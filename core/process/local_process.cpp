#include "core/process/local_process.h"

#include "core/process/tree_supervisor.h"
#include "core/process/worker_job.h"

#include <QDir>
#include <QFile>

namespace muster {

namespace {

Status makePrivateFolder(const QString &path)
{
    constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (path.isEmpty() || (QDir().mkpath(path) && QFile::setPermissions(path, ownerOnly)))
        return {};
    return fail(ErrorCode::LaunchFailed, path, QString::fromLatin1(launch_fault::resources));
}

Status writePrivateFiles(const LaunchSpec &spec)
{
    for (const auto &[name, content] : spec.files) {
        QFile file(spec.tmpDir + u'/' + name);
        // Never one that was there: what it is, and who may read it, would be somebody else's choice.
        const bool written =
            !spec.tmpDir.isEmpty() &&
            file.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner) &&
            file.write(content) == content.size() && file.flush();
        if (!written)
            return fail(ErrorCode::LaunchFailed, file.fileName(),
                        QString::fromLatin1(launch_fault::resources));
    }
    return {};
}

} // namespace

LocalProcess::LocalProcess(TreeSupervisor *supervisor, QObject *parent)
    : LaunchedProcess(parent)
    , m_supervisor(supervisor)
    , m_pipes(new PipeProcess(this))
{
    connect(m_pipes, &PipeProcess::failedToStart, this, [this] {
        delete m_tree;
        m_tree = nullptr;
    });
    connect(m_pipes, &PipeProcess::ended, this, &LocalProcess::rootEnded);
    // Queued: all others are told of the exit before anybody is told that nothing is left, also those who
    // have connected later than this.
    connect(m_pipes, &PipeProcess::exited, this, [this] {
        m_exited = true;
        emitGoneWhenDone();
    }, Qt::QueuedConnection);
}

LocalProcess::~LocalProcess()
{
    // The tree first: it kills by what it knows, while the root still holds its number.
    delete m_tree;
    m_tree = nullptr;
}

void LocalProcess::start(const LaunchSpec &spec, const std::optional<CgroupHome> &cgroups, bool lifeline)
{
    if (const Status made = makePrivateFolder(spec.tmpDir); !made)
        return m_pipes->refuse(made.error());
    m_tmpDir = spec.tmpDir;
    if (const Status written = writePrivateFiles(spec); !written) {
        QDir(m_tmpDir).removeRecursively();
        return m_pipes->refuse(written.error());
    }
    auto cgroup = cgroups && !spec.marker.isEmpty() ? cgroups->make(spec.marker) : nullptr;
    const FileDescriptor join(cgroup ? cgroup->openJoin() : -1);
    m_pipes->start(spec, {.kind = spec.marker.isEmpty() ? ChildKind::Tool : ChildKind::Agent,
                          .joinCgroupFd = join.get(),
                          // A lifeline watches the node itself and needs time to tidy up.
                          .diesWithParent = !lifeline});
    if (m_pipes->pid() > 0)
        ownTree(spec, std::move(cgroup), lifeline);
}

void LocalProcess::ownTree(const LaunchSpec &spec, std::shared_ptr<Cgroup> cgroup, bool lifeline)
{
    // Where QProcess cannot use vfork() (sanitizers, SELinux) the child may not have come to joining yet. Or
    // it has joined and ended already: then nothing tells, and nothing is contained.
    const qint64 root = m_pipes->pid();
    if (cgroup && !cgroup->contains(root) && !(cgroup->add(root) && cgroup->contains(root)))
        cgroup.reset();
    const auto identity = readProcEntry(static_cast<pid_t>(m_pipes->pid()));
    m_tree = new ProcessTree({.process = {.bootId = bootId(),
                                          .pid = m_pipes->pid(),
                                          .startTicks = identity ? identity->startTicks : 0},
                              .marker = spec.marker,
                              .cgroup = std::move(cgroup),
                              .lifeline = lifeline},
                             this);
    connect(m_tree, &ProcessTree::gone, this, &LocalProcess::treeGone);
    if (m_supervisor)
        m_supervisor->add(m_tree);
}

Containment LocalProcess::containment() const
{
    return m_tree ? m_tree->containment() : Containment::Ancestry;
}

qint64 LocalProcess::memoryBytes() const { return m_tree ? m_tree->memoryBytes() : 0; }

void LocalProcess::setMemoryMark(qint64 bytes)
{
    if (m_tree)
        m_tree->setMemoryMark(bytes);
}

void LocalProcess::stop(const KillLadder &ladder)
{
    if (m_tree)
        m_tree->stop(ladder);
}

void LocalProcess::rootEnded()
{
    if (m_tree)
        m_tree->rootEnded();
}

void LocalProcess::treeGone(const StopReport &report)
{
    m_report = report;
    if (m_tmpDir.isEmpty() || !report.survivors.isEmpty())
        return emitGoneWhenDone();
    onWorker([folder = m_tmpDir] { return QDir(folder).removeRecursively(); }).then(this, [this](bool) {
        m_tmpDir.clear();
        emitGoneWhenDone();
    });
}

void LocalProcess::emitGoneWhenDone()
{
    const bool folderPending = m_report && m_report->survivors.isEmpty() && !m_tmpDir.isEmpty();
    if (!m_report || folderPending)
        return;
    // A survivor may be the root itself, which then never exits.
    if (!m_exited && m_report->survivors.isEmpty())
        return;
    const StopReport report = *m_report;
    m_report.reset();
    emit gone(report);
}

} // namespace muster
