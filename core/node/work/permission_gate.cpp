#include "core/node/work/permission_gate.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;
using Kind = PermissionVerdict::Kind;

namespace {

// What an act is known by; empty: it cannot be told from others.
QString actPattern(const PermissionRequested &request)
{
    if (request.kind == ToolKind::Execute)
        return request.command.trimmed().isEmpty() ? QString() : request.command;
    return request.paths.size() == 1 ? request.paths.first() : QString();
}

QString ruleName(PermissionRuleId id) { return u"rule:"_s + id.toString(); }

PermissionRule ruleOf(const PermissionRuleRow &row)
{
    return {.effect = row.effect == RuleEffect::Allow ? PermissionEffect::Allow : PermissionEffect::Deny,
            .scope = !row.profile.isEmpty()  ? RuleScope::Profile
                     : row.project.isValid() ? RuleScope::Project
                                             : RuleScope::Everywhere,
            .kind = row.toolKind,
            .pattern = row.pattern,
            .exact = row.scope != saidRule,
            .by = ruleName(row.id)};
}

QString messageOf(const PermissionDecision &decision)
{
    if (decision.kind != Kind::Deny)
        return {};
    if (decision.by == u"unattended")
        return u"nobody is here to ask, and this run may not do it"_s;
    return decision.by == u"task" ? u"denied for this task before"_s : u"a rule of this project forbids it"_s;
}

} // namespace

QJsonObject toJsonObjectOf(const PermissionRequested &request) { return toJson(SessionEvent(request)); }

PermissionGate::PermissionGate(const TaskData &data)
    : m_unattended(data.unattended)
{
    addFlowRules({.write = data.mayWrite, .run = data.mayRun});
}

void PermissionGate::setPlace(const QString &folder, const AgentProfile &profile)
{
    m_folder = folder;
    m_profile = profile.name;
    addFlowRules(profile.permissions);
}

void PermissionGate::addFlowRules(const FlowPermissions &permissions)
{
    const auto add = [this](ToolKind kind, const QString &pattern) {
        m_own.push_back({.effect = PermissionEffect::Allow,
                         .scope = RuleScope::Flow,
                         .kind = kind,
                         .pattern = pattern,
                         .by = u"flow"_s});
    };
    for (const QString &pattern : permissions.write)
        add(ToolKind::Edit, pattern);
    for (const QString &pattern : permissions.run)
        add(ToolKind::Execute, pattern);
}

PermissionVerdict PermissionGate::decide(const PermissionRequested &request,
                                         const std::vector<PermissionRuleRow> &rules) const
{
    std::vector<PermissionRule> all = m_own;
    for (const PermissionRuleRow &row : rules) {
        const bool ours = row.profile.isEmpty() || row.profile == m_profile;
        if (ours && row.toolKind != ToolKind::StartFlow) // of AgentStarts
            all.push_back(ruleOf(row));
    }
    const PermissionDecision decision =
        decidePermission(request, all, {.workspace = m_folder, .unattended = m_unattended});
    const auto used = std::ranges::find_if(
        rules, [&decision](const PermissionRuleRow &row) { return ruleName(row.id) == decision.by; });
    return {.kind = decision.kind,
            .risk = decision.risk,
            .detail = decision.detail,
            .by = decision.by,
            .rule = used == rules.end() ? PermissionRuleId() : used->id,
            .message = messageOf(decision)};
}

void PermissionGate::remember(const PermissionRequested &request, bool allowed)
{
    const QString pattern = actPattern(request);
    if (pattern.isEmpty())
        return;
    m_own.push_back({.effect = allowed ? PermissionEffect::Allow : PermissionEffect::Deny,
                     .scope = RuleScope::Task,
                     .kind = request.kind,
                     .pattern = pattern,
                     .exact = true,
                     .by = u"task"_s});
}

Result<PermissionRuleRow> PermissionGate::ruleFor(const PermissionRequested &request, ProjectId project,
                                                  bool allowed, const QString &by)
{
    const QString pattern = actPattern(request);
    if (pattern.isEmpty())
        return fail(ErrorCode::NotFound, u"no act to tell from others"_s, request.title);
    return PermissionRuleRow{.project = project,
                             .toolKind = request.kind,
                             .pattern = pattern,
                             .effect = allowed ? RuleEffect::Allow : RuleEffect::Deny,
                             .scope = u"always"_s,
                             .createdBy = by};
}

} // namespace muster
