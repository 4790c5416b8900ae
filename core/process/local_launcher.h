// Programs on this machine. Core thread only: the death signal follows the thread that starts a child.
#pragma once

#include "core/process/cgroup.h"
#include "core/process/launcher.h"

#include <QString>

#include <optional>

namespace muster {

class TreeSupervisor;

class LocalLauncher final : public Launcher {
public:
    // `guardProgram`: path of muster-guard, for LaunchSpec::lifeline; empty: never used.
    explicit LocalLauncher(TreeSupervisor *supervisor, QString guardProgram = {});

    ~LocalLauncher() override;
    Q_DISABLE_COPY_MOVE(LocalLauncher)

    [[nodiscard]] LaunchedProcess *launch(const LaunchSpec &spec, QObject *parent) override;
    // Off for tests of the other ways; on where CgroupHome::probe() finds a place.
    void setCgroupsAllowed(bool allowed);
    [[nodiscard]] Containment bestContainment() const;

private:
    TreeSupervisor *m_supervisor;
    QString m_guardProgram;
    std::optional<CgroupHome> m_cgroups;
};

} // namespace muster
