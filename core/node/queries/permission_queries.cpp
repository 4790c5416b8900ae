// The lasting rules, each with the name and the path of its project.
#include "core/node/queries/queries.h"
#include "core/store/permission_repository.h"

namespace muster::queries {

namespace {

api::PermissionInfo infoOf(const PermissionRuleRow &row, const ProjectRow *project)
{
    return {.id = row.id,
            .project = row.project,
            .projectPath = project ? project->path : QString(),
            .projectName = project ? project->name : QString(),
            .profile = row.profile,
            .kind = row.toolKind,
            .pattern = row.pattern,
            .allowed = row.effect == RuleEffect::Allow,
            .exact = row.scope != saidRule,
            .createdBy = row.createdBy,
            .createdAt = row.createdMs,
            .usedCount = row.usedCount,
            .usedAt = row.usedMs.value_or(0)};
}

} // namespace

Result<std::vector<api::PermissionInfo>> permissions(Connection &db, const api::ListPermissions &query)
{
    const auto projects = ProjectRepository(db).list();
    if (!projects)
        return std::unexpected(projects.error());
    ProjectId only;
    if (!query.project.isEmpty()) {
        const auto found = std::ranges::find(*projects, query.project, &ProjectRow::path);
        if (found == projects->end())
            return std::vector<api::PermissionInfo>(); // never opened, so nothing was ever answered in it
        only = found->id;
    }
    PermissionRepository repository(db);
    const auto rows = only.isValid() ? repository.forProject(only) : repository.all();
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<api::PermissionInfo> out;
    for (const PermissionRuleRow &row : *rows) {
        const auto project = std::ranges::find(*projects, row.project, &ProjectRow::id);
        out.push_back(infoOf(row, project == projects->end() ? nullptr : &*project));
    }
    return out;
}

} // namespace muster::queries
