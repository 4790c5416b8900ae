// What merge steps leave behind: the run's branch where they brought it, worktrees that are no longer needed,
// and the trees of trials that were cut short.
#include "core/node/projects/changes_service.h"
#include "core/store/task_repository.h"
#include "core/workspace/joining.h"

#include <QDir>

namespace muster {

using namespace Qt::StringLiterals;

Async<bool> ChangesService::noteMoved(WorktreeRow row, QString commit, QStringList files)
{
    const Status noted = co_await resultOf(
        m_ledger.commitAsync([row, commit, files](Connection &db, EventBatch &log) -> Status {
        const auto now = WorktreeRepository(db).find(row.id);
        if (!now)
            return std::unexpected(now.error());
        if (now->headCommit == commit)
            return {};
        log.add(u"worktree.committed"_s, {.project = row.project, .run = row.run, .step = row.step},
                u"node"_s, {{u"commit"_s, commit}, {u"files"_s, QJsonArray::fromStringList(files)}});
        return WorktreeRepository(db).setHead(row.id, commit);
    }));
    if (!noted)
        co_return std::unexpected(noted.error());
    co_return true;
}

Async<bool> ChangesService::endMerged(WorktreeRow row, QString target, QString commit)
{
    const auto opened = co_await beginEnding(row.id, false);
    if (!opened)
        co_return false;
    const auto dropped = co_await resultOf(
        m_worktrees.drop(worktreeOf(row), row.branch.section(u'/', 1), target, opened->project.gitTrust()));
    if (dropped)
        (void)co_await endWorktree(*opened, WorktreeState::Merged, u"flow"_s, commit);
    m_ending.remove(row.id);
    co_return dropped.has_value();
}

namespace {

struct Leftover {
    QString path;
    QString project;
};

Result<std::vector<Leftover>> leftoversIn(Connection &db, const QString &folder)
{
    std::vector<Leftover> leftovers;
    const QDir dir(folder);
    const QStringList names = dir.entryList({u"trial-*"_s}, QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        const auto task = TaskRepository(db).find(TaskId{name.section(u'-', 1).toLongLong()});
        if (!task || !isSettled(task->status))
            continue; // whoever goes on with it begins with removing it
        const auto project = ProjectRepository(db).find(task->project);
        if (project)
            leftovers.push_back({.path = dir.filePath(name), .project = project->path});
    }
    return leftovers;
}

} // namespace

Async<bool> ChangesService::sweepTrials()
{
    const auto leftovers = co_await resultOf(
        m_ledger.readAsync([folder = m_worktreeDir](Connection &db) { return leftoversIn(db, folder); }));
    if (!leftovers)
        co_return std::unexpected(leftovers.error());
    for (const Leftover &leftover : *leftovers) {
        const auto project = co_await m_projects.open(leftover.project);
        if (project)
            (void)co_await resultOf(removeTrial(project->info.commonDir, leftover.path));
    }
    co_return true;
}

} // namespace muster
