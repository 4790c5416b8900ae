#include "core/store/project_repository.h"

#include "core/store/row_helpers.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString select(const QString &rest)
{
    return u"SELECT id, path, name, created_at, opened_at, trusted_at, trusted_by, trust_hash FROM projects "_s +
           rest;
}

auto fields(ProjectRow &p)
{
    return std::tie(p.id, p.path, p.name, p.createdMs, p.openedMs, p.trustedMs, p.trustedBy, p.trustHash);
}

} // namespace

Result<ProjectRow> ProjectRepository::open(const QString &path, const QString &name, qint64 nowMs)
{
    const auto ran = m_db.run(u"INSERT INTO projects(path, name, created_at, opened_at) VALUES (?, ?, ?, ?) "
                              "ON CONFLICT(path) DO UPDATE SET opened_at = excluded.opened_at"_s,
                              path, name, nowMs, nowMs);
    if (!ran)
        return std::unexpected(ran.error());
    auto project = findByPath(path);
    if (!project)
        return std::unexpected(project.error());
    return std::move(**project);
}

Result<ProjectRow> ProjectRepository::find(ProjectId id)
{
    static const QString sql = select(u"WHERE id = ?"_s);
    return sql::rowById<ProjectRow>(m_db, fields, u"projects", sql, id.value);
}

Result<std::optional<ProjectRow>> ProjectRepository::findByPath(const QString &path)
{
    static const QString sql = select(u"WHERE path = ?"_s);
    return sql::maybeRow<ProjectRow>(m_db, fields, sql, path);
}

Result<std::vector<ProjectRow>> ProjectRepository::list()
{
    static const QString sql = select(u"ORDER BY opened_at DESC, id DESC"_s);
    return m_db.rows<ProjectRow>(fields, sql);
}

Status ProjectRepository::trust(ProjectId id, const QString &hash, const QString &by, qint64 nowMs)
{
    return sql::changedOne(
        m_db.run(u"UPDATE projects SET trusted_at = ?, trusted_by = ?, trust_hash = ? WHERE id = ?"_s, nowMs,
                 by, hash, id),
        ErrorCode::NotFound, u"projects", id.value);
}

Status ProjectRepository::distrust(ProjectId id)
{
    return sql::changedOne(
        m_db.run(u"UPDATE projects SET trusted_at = NULL, trusted_by = '', trust_hash = '' WHERE id = ?"_s,
                 id),
        ErrorCode::NotFound, u"projects", id.value);
}

} // namespace muster
