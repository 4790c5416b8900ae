#include "core/store/project_repository.h"
#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, project_id, run_id, step_run_id, project_root, path, git_dir, common_dir, branch, target, "
           u"result, "
           "base_commit, head_commit, state, created_at, ended_at"_s;
}

template <typename Row> auto fields(Row &w)
{
    return std::tie(w.id, w.project, w.run, w.step, w.projectRoot, w.path, w.gitDir, w.commonDir, w.branch,
                    w.target, w.result, w.baseCommit, w.headCommit, w.state, w.createdMs, w.endedMs);
}

} // namespace

Result<WorktreeId> WorktreeRepository::insert(const WorktreeRow &worktree)
{
    static const QString sql = sql::insertInto(u"worktrees", columns());
    WorktreeRow row = worktree;
    row.id = {};
    Statement statement = m_db.prepare(sql);
    return statement.bindTuple(fields(row)).run().transform([&](qint64) {
        return WorktreeId{statement.insertedId()};
    });
}

Status WorktreeRepository::setResult(WorktreeId id, const QString &result)
{
    return sql::changedOne(m_db.run(u"UPDATE worktrees SET result = ? WHERE id = ?"_s, result, id),
                           ErrorCode::NotFound, u"worktrees", id.value);
}

Status WorktreeRepository::setHead(WorktreeId id, const QString &commit)
{
    return sql::changedOne(m_db.run(u"UPDATE worktrees SET head_commit = ? WHERE id = ?"_s, commit, id),
                           ErrorCode::NotFound, u"worktrees", id.value);
}

Status WorktreeRepository::end(WorktreeId id, WorktreeState state, qint64 nowMs)
{
    return sql::changedOne(
        m_db.run(u"UPDATE worktrees SET state = ?, ended_at = ? WHERE id = ? AND state = 'active'"_s, state,
                 nowMs, id),
        ErrorCode::Conflict, u"worktrees", id.value);
}

Result<WorktreeRow> WorktreeRepository::find(WorktreeId id)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM worktrees WHERE id = ?"_s;
    return sql::rowById<WorktreeRow>(m_db, fields<WorktreeRow>, u"worktrees", sql, id.value);
}

Result<std::vector<WorktreeRow>> WorktreeRepository::ofRun(RunId run)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM worktrees WHERE run_id = ? ORDER BY id"_s;
    return m_db.rows<WorktreeRow>(fields<WorktreeRow>, sql, run);
}

Result<std::vector<WorktreeRow>> WorktreeRepository::active(ProjectId project)
{
    static const QString sql =
        u"SELECT "_s + columns() +
        u" FROM worktrees WHERE state = 'active' AND (? IS NULL OR project_id = ?) ORDER BY id"_s;
    return m_db.rows<WorktreeRow>(fields<WorktreeRow>, sql, project, project);
}

Result<std::vector<WorktreeRow>> WorktreeRepository::list(ProjectId project)
{
    static const QString sql =
        u"SELECT "_s + columns() +
        u" FROM worktrees WHERE (? IS NULL OR project_id = ?) ORDER BY id DESC LIMIT 500"_s;
    return m_db.rows<WorktreeRow>(fields<WorktreeRow>, sql, project, project);
}

Status WorktreeRepository::addSalvage(const SalvageRow &salvage)
{
    return m_db
        .run(u"INSERT INTO salvage_refs(worktree_id, step_run_id, attempt, ref, commit_id, created_at) "
             "VALUES (?, ?, ?, ?, ?, ?)"_s,
             salvage.worktree, salvage.step, salvage.attempt, salvage.ref, salvage.commit, salvage.createdMs)
        .transform([](qint64) {});
}

Result<std::vector<SalvageRow>> WorktreeRepository::salvage(WorktreeId worktree)
{
    return m_db.rows<SalvageRow>(
        [](SalvageRow &s) {
        return std::tie(s.id, s.worktree, s.step, s.attempt, s.ref, s.commit, s.createdMs);
    },
        u"SELECT id, worktree_id, step_run_id, attempt, ref, commit_id, created_at FROM salvage_refs "
        "WHERE worktree_id = ? ORDER BY id"_s,
        worktree);
}

} // namespace muster
