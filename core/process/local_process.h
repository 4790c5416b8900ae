// A program launched on this machine: pipes, tree, cgroup and temporary folder together. Private to
// core/process; see launcher.h.
#pragma once

#include "core/process/cgroup.h"
#include "core/process/launcher.h"

#include <memory>
#include <optional>

namespace muster {

class TreeSupervisor;

class LocalProcess final : public LaunchedProcess {
    Q_OBJECT
public:
    LocalProcess(TreeSupervisor *supervisor, QObject *parent);
    ~LocalProcess() override;
    Q_DISABLE_COPY_MOVE(LocalProcess)

    void start(const LaunchSpec &spec, const std::optional<CgroupHome> &cgroups, bool lifeline);

    [[nodiscard]] PipeProcess *pipes() override { return m_pipes; }
    void stop(const KillLadder &ladder) override;
    [[nodiscard]] Containment containment() const override;
    [[nodiscard]] qint64 memoryBytes() const override;
    void setMemoryMark(qint64 bytes) override;

private:
    void ownTree(const LaunchSpec &spec, std::shared_ptr<Cgroup> cgroup, bool lifeline);
    void rootEnded();
    void treeGone(const StopReport &report);
    void emitGoneWhenDone();

    TreeSupervisor *m_supervisor;
    PipeProcess *m_pipes;
    ProcessTree *m_tree = nullptr;
    QString m_tmpDir;
    std::optional<StopReport> m_report;
    bool m_exited = false;
};

} // namespace muster
