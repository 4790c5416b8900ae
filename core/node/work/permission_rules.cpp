#include "core/node/work/permission_rules.h"

#include "core/agent/permission_rule.h"
#include "core/store/project_repository.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestPattern = 4096;
constexpr qsizetype longestName = 64;

Status noteChange(Connection &db, EventBatch &log, const QString &what, const PermissionRuleRow &row,
                  const QString &by)
{
    const EventRefs refs{.project = row.project};
    const QJsonObject data{{u"rule"_s, row.id.value},
                           {u"effect"_s, enumName(row.effect)},
                           {u"kind"_s, enumName(row.toolKind)},
                           {u"profile"_s, row.profile},
                           {u"pattern"_s, row.pattern}};
    log.add(what, refs, by, data);
    return AuditRepository(db).add(
        {.atMs = log.nowMs(), .who = by, .what = what, .refs = refs, .data = data});
}

std::unexpected<Error> unfit(const QString &detail)
{
    return fail(ErrorCode::InvalidArgument, detail, u"permission_rule"_s);
}

Status checkPattern(const PermissionRuleRow &row)
{
    if (!canBeSaid(row.toolKind))
        return unfit(enumName(row.toolKind));
    const bool control = std::ranges::any_of(row.pattern, [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    });
    if (row.pattern.isEmpty() || row.pattern.size() > longestPattern || control)
        return unfit(row.pattern.left(longestName));
    const PermissionRule rule{.kind = row.toolKind, .pattern = row.pattern};
    if (row.toolKind == ToolKind::Execute && row.effect == RuleEffect::Allow && !canAllow(rule))
        return fail(ErrorCode::InvalidArgument, row.pattern, u"permission_command"_s);
    return {};
}

Result<ProjectId> projectAt(Connection &db, const QString &path)
{
    if (path.isEmpty())
        return ProjectId();
    const auto found = ProjectRepository(db).findByPath(path);
    if (!found)
        return std::unexpected(found.error());
    if (!*found)
        return fail(ErrorCode::NotFound, path, u"permission_project"_s);
    return (*found)->id;
}

bool says(const PermissionRuleRow &left, const PermissionRuleRow &right)
{
    return left.project == right.project && left.profile == right.profile &&
           left.toolKind == right.toolKind && left.pattern == right.pattern;
}

Status checkAlone(PermissionRepository &rules, const PermissionRuleRow &row)
{
    const auto all = rules.all();
    if (!all)
        return std::unexpected(all.error());
    const bool there = std::ranges::any_of(*all, [&](const PermissionRuleRow &other) {
        return other.id != row.id && other.effect == row.effect && says(other, row);
    });
    return there ? Status(fail(ErrorCode::AlreadyExists, row.pattern, u"permission_rule"_s)) : Status();
}

} // namespace

bool canBeSaid(ToolKind kind)
{
    return kind == ToolKind::Execute || kind == ToolKind::Edit || kind == ToolKind::Delete ||
           kind == ToolKind::Move || kind == ToolKind::Read;
}

Result<PermissionRuleId> setPermission(Connection &db, EventBatch &log, const api::SetPermission &command,
                                       const QString &by)
{
    PermissionRepository rules(db);
    PermissionRuleRow row{.createdBy = by, .createdMs = log.nowMs()};
    if (command.rule.isValid()) {
        const auto found = rules.find(command.rule);
        if (!found)
            return std::unexpected(found.error());
        row = *found;
    }
    const auto project = projectAt(db, command.project);
    if (!project)
        return std::unexpected(project.error());
    const bool sameAct = row.id.isValid() && row.toolKind == command.kind && row.pattern == command.pattern;
    row.project = *project;
    row.profile = command.profile.trimmed();
    row.toolKind = command.kind;
    row.effect = command.allowed ? RuleEffect::Allow : RuleEffect::Deny;
    if (!sameAct) {
        row.pattern = command.pattern.trimmed();
        row.scope = QString(saidRule);
        row.usedCount = 0;
        row.usedMs.reset();
    }
    if (row.profile.size() > longestName)
        return unfit(row.profile.left(longestName));
    if (row.scope == saidRule) {
        if (const Status fits = checkPattern(row); !fits)
            return std::unexpected(fits.error());
    }
    if (const Status alone = checkAlone(rules, row); !alone)
        return std::unexpected(alone.error());
    const auto written =
        row.id.isValid() ? rules.change(row).transform([&] { return row.id; }) : rules.add(row);
    if (!written)
        return written;
    row.id = *written;
    return noteChange(db, log, u"permission.kept"_s, row, by).transform([&] { return row.id; });
}

Status revokePermission(Connection &db, EventBatch &log, PermissionRuleId rule, const QString &by)
{
    PermissionRepository rules(db);
    const auto row = rules.find(rule);
    if (!row)
        return std::unexpected(row.error());
    if (Status noted = noteChange(db, log, u"permission.revoked"_s, *row, by); !noted)
        return noted;
    return rules.remove(rule);
}

} // namespace muster
