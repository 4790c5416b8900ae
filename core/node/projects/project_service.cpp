#include "core/node/projects/project_service.h"

#include "core/store/permission_repository.h"
#include "core/workspace/demo_project.h"
#include "core/workspace/git_drivers.h"
#include "core/workspace/trust_hash.h"
#include "core/workspace/worktrees.h"

#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

ProjectService::ProjectService(Ledger &ledger, std::shared_ptr<GitRunner> git, const Paths &paths)
    : m_ledger(ledger)
    , m_git(std::move(git))
    , m_demoFolder(paths.home + u"/demo"_s)
{
}

Async<QString> ProjectService::trustHashOf(ProjectInfo info)
{
    QByteArrayList settings;
    if (info.isGit) {
        const auto drivers = co_await resultOf(readGitDrivers(m_git, placeOf(info), GitTrust::Untrusted));
        if (!drivers)
            co_return std::unexpected(drivers.error());
        settings = drivers->settings;
    }
    co_return co_await resultOf(onPool([root = info.root, settings] { return trustHash(root, settings); }));
}

Async<OpenedProject> ProjectService::open(QString path)
{
    const auto info = co_await resultOf(onPool([path] { return detectProject(path); }));
    if (!info)
        co_return std::unexpected(info.error());
    const auto row = co_await resultOf(
        m_ledger.commitAsync([info = *info](Connection &db, EventBatch &log) -> Result<ProjectRow> {
        ProjectRepository projects(db);
        const auto known = projects.findByPath(info.root);
        const auto opened = projects.open(info.root, info.name, log.nowMs());
        if (known && !*known && opened)
            log.add(u"project.added"_s, {.project = opened->id}, u"person"_s, {{u"path"_s, info.root}});
        return opened;
    }));
    if (!row)
        co_return std::unexpected(row.error());
    OpenedProject project{.row = *row, .info = *info};
    if (row->trustedMs) {
        const auto hash = co_await trustHashOf(*info);
        project.trusted = hash && *hash == row->trustHash;
    }
    co_return project;
}

Async<bool> ProjectService::checkWorktrees(OpenedProject project)
{
    const auto checked = co_await resultOf(muster::checkWorktrees(m_git, project.info, project.gitTrust()));
    if (!checked)
        co_return std::unexpected(checked.error());
    co_return true;
}

Async<OpenedProject> ProjectService::openDemo()
{
    const auto isThere = [this] {
        return QFileInfo::exists(m_demoFolder + u"/.git"_s);
    };
    if (!isThere()) {
        const auto made = co_await resultOf(createDemoProject(m_git, m_demoFolder));
        if (!made && !isThere()) // else somebody was first
            co_return std::unexpected(made.error());
    }
    co_return co_await open(m_demoFolder);
}

Async<OpenedProject> ProjectService::setTrust(QString path, bool trusted, QString by)
{
    auto project = co_await open(path);
    if (!project)
        co_return std::unexpected(project.error());
    const auto hash = co_await trustHashOf(project->info);
    if (!hash)
        co_return std::unexpected(hash.error());
    const Status written = co_await resultOf(
        m_ledger.commitAsync([id = project->row.id, hash = *hash, trusted, by,
                              path = project->info.root](Connection &db, EventBatch &log) -> Status {
        ProjectRepository projects(db);
        const QString what = trusted ? u"project.trusted"_s : u"project.distrusted"_s;
        log.add(what, {.project = id}, by, {{u"path"_s, path}});
        if (Status audited = AuditRepository(db).add(
                {.atMs = log.nowMs(), .who = by, .what = what, .refs = {.project = id}});
            !audited)
            return audited;
        return trusted ? projects.trust(id, hash, by, log.nowMs()) : projects.distrust(id);
    }));
    if (!written)
        co_return std::unexpected(written.error());
    project->trusted = trusted;
    co_return project;
}

} // namespace muster
