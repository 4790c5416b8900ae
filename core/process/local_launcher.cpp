#include "core/process/local_launcher.h"

#include "core/process/local_process.h"
#include "core/process/program_lookup.h"
#include "core/process/tree_supervisor.h"

#include <unistd.h>

namespace muster {

using namespace Qt::StringLiterals;

LocalLauncher::LocalLauncher(TreeSupervisor *supervisor, QString guardProgram)
    : m_supervisor(supervisor)
    , m_guardProgram(std::move(guardProgram))
    , m_cgroups(CgroupHome::probe())
{
}

LocalLauncher::~LocalLauncher()
{
    if (m_cgroups)
        m_cgroups->remove();
}

void LocalLauncher::setCgroupsAllowed(bool allowed)
{
    if (!allowed && m_cgroups)
        m_cgroups->remove();
    m_cgroups = allowed ? CgroupHome::probe() : std::nullopt;
}

Containment LocalLauncher::bestContainment() const
{
    if (m_cgroups)
        return Containment::Cgroup;
    return m_guardProgram.isEmpty() ? Containment::Ancestry : Containment::Lifeline;
}

LaunchedProcess *LocalLauncher::launch(const LaunchSpec &spec, QObject *parent)
{
    auto *process = new LocalProcess(m_supervisor, parent);
    if (!spec.lifeline || m_guardProgram.isEmpty()) {
        process->start(spec, m_cgroups, false);
        return process;
    }
    // Looked up here, or a missing program would be the lifeline's failure and not the launch's.
    const auto program = findProgram(spec.program, spec.env, spec.workingDir);
    if (!program) {
        process->pipes()->refuse(program.error());
        return process;
    }
    LaunchSpec wrapped = spec;
    wrapped.program = m_guardProgram;
    wrapped.args = QStringList{u"--lifeline"_s, QString::number(getpid()), u"--"_s, *program} + spec.args;
    process->start(wrapped, m_cgroups, true);
    return process;
}

} // namespace muster
