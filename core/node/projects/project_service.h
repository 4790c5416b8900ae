// ProjectService: folders that agents work in: found, recorded, trusted. Trust is bound to what the project's
// own files say and lapses when they change. Core thread; reading folders happens on workers.
#pragma once

#include "core/base/async.h"
#include "core/base/paths.h"
#include "core/node/events/ledger.h"
#include "core/store/project_repository.h"
#include "core/workspace/git_place.h"
#include "core/workspace/git_runner.h"
#include "core/workspace/project.h"

namespace muster {

struct OpenedProject {
    ProjectRow row;
    ProjectInfo info;
    bool trusted = false;

    [[nodiscard]] GitTrust gitTrust() const { return trusted ? GitTrust::Trusted : GitTrust::Untrusted; }
};

class ProjectService : public AsyncOwner {
public:
    ProjectService(Ledger &ledger, std::shared_ptr<GitRunner> git, const Paths &paths);

    // A folder inside a work tree opens the whole of it. Errors: detectProject().
    [[nodiscard]] Async<OpenedProject> open(QString path);
    // The bundled example, made on first use.
    [[nodiscard]] Async<OpenedProject> openDemo();
    [[nodiscard]] Async<OpenedProject> setTrust(QString path, bool trusted, QString by);
    // Whether a run can have a worktree there, before it costs anything (core/workspace/worktrees.h).
    [[nodiscard]] Async<bool> checkWorktrees(OpenedProject project);

private:
    [[nodiscard]] Async<QString> trustHashOf(ProjectInfo info);

    Ledger &m_ledger;
    std::shared_ptr<GitRunner> m_git;
    QString m_demoFolder;
};

} // namespace muster
