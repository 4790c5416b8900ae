#include "core/agent/permission_broker.h"

#include "core/agent/command_judge.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;
using Kind = PermissionDecision::Kind;

namespace {

bool kindApplies(const PermissionRule &rule, ToolKind kind)
{
    const bool writes = kind == ToolKind::Delete || kind == ToolKind::Move;
    return rule.kind == kind ||
           (rule.effect != PermissionEffect::Allow && rule.kind == ToolKind::Edit && writes);
}

class PathJudge {
public:
    PathJudge(const PermissionRequested &request, const std::vector<PermissionRule> &rules,
              const WorkspaceBounds &bounds)
        : m_request(request)
        , m_rules(rules)
    {
        for (const QString &path : request.paths)
            m_found.push_back(bounds.find(path));
    }

    [[nodiscard]] PermissionDecision decide() const
    {
        PatternMatch denied = PatternMatch::No;
        for (const PermissionRule &rule : m_rules) {
            if (rule.effect != PermissionEffect::Deny || !kindApplies(rule, m_request.kind))
                continue;
            const PatternMatch match = concerns(rule);
            if (match == PatternMatch::Yes)
                return {.kind = Kind::Deny, .by = rule.by};
            denied = std::max(denied, match);
        }
        if (denied == PatternMatch::Unclear)
            return askFor(PermissionRisk::NotUnderstood, {});
        for (const RuleScope scope : ruleScopes) {
            if (asks(scope))
                return {};
            if (const PermissionRule *rule = allows(scope))
                return {.kind = Kind::Allow, .by = rule->by};
        }
        return place();
    }

private:
    [[nodiscard]] PatternMatch concerns(const PermissionRule &rule) const
    {
        PatternMatch worst = PatternMatch::No;
        for (size_t i = 0; i < m_found.size(); ++i) {
            const QString path = m_request.paths[qsizetype(i)];
            if (rule.pattern == path || rule.pattern == m_found[i].absolute)
                return PatternMatch::Yes;
            for (const QString &name : {path, m_found[i].relative}) {
                const PatternMatch match = rule.exact ? PatternMatch::No : matchesPath(rule.pattern, name);
                if (match == PatternMatch::Yes)
                    return match;
                worst = std::max(worst, match);
            }
        }
        return worst;
    }

    [[nodiscard]] bool asks(RuleScope scope) const
    {
        return std::ranges::any_of(m_rules, [&](const PermissionRule &rule) {
            return rule.scope == scope && rule.effect == PermissionEffect::Ask &&
                   kindApplies(rule, m_request.kind) && concerns(rule) != PatternMatch::No;
        });
    }

    [[nodiscard]] bool covers(const PermissionRule &rule, size_t i) const
    {
        if (rule.exact)
            return m_request.paths.size() == 1 && m_request.paths.first() == rule.pattern;
        const FoundPath &found = m_found[i];
        const bool place = found.place == PathPlace::Inside ||
                           (found.place == PathPlace::Sensitive && !hasWildcard(rule.pattern));
        return place && !found.relative.isEmpty() &&
               matchesPath(rule.pattern, found.relative) == PatternMatch::Yes;
    }

    // A rule for each path; the one for the first is named.
    [[nodiscard]] const PermissionRule *allows(RuleScope scope) const
    {
        const PermissionRule *first = nullptr;
        for (size_t i = 0; i < m_found.size(); ++i) {
            const auto rule = std::ranges::find_if(m_rules, [&](const PermissionRule &r) {
                return r.scope == scope && r.effect == PermissionEffect::Allow && r.kind == m_request.kind &&
                       covers(r, i);
            });
            if (rule == m_rules.end())
                return nullptr;
            if (!first)
                first = &*rule;
        }
        return first;
    }

    [[nodiscard]] PermissionDecision place() const
    {
        for (size_t i = 0; i < m_found.size(); ++i) {
            if (const auto why = objectionToPlace(m_found[i], m_request.paths[qsizetype(i)]))
                return *why;
        }
        return {};
    }

    const PermissionRequested &m_request;
    const std::vector<PermissionRule> &m_rules;
    std::vector<FoundPath> m_found;
};

PermissionDecision judged(const PermissionRequested &request, const std::vector<PermissionRule> &rules,
                          const WorkspaceBounds &bounds)
{
    if (request.kind == ToolKind::Execute)
        return CommandJudge(request.command, rules, bounds).decide();
    PermissionDecision decision = PathJudge(request, rules, bounds).decide();
    // Two acts in one: only a denial is certain.
    if (!request.command.isEmpty() && decision.kind == Kind::Allow)
        return askFor(PermissionRisk::NotUnderstood, request.command);
    return decision;
}

} // namespace

PermissionDecision askFor(PermissionRisk risk, const QString &detail)
{
    return {.kind = Kind::Ask, .risk = risk, .detail = detail};
}

std::optional<PermissionDecision> objectionToPlace(const FoundPath &found, const QString &path)
{
    switch (found.place) {
    case PathPlace::Inside:
        return std::nullopt;
    case PathPlace::Outside:
        return askFor(PermissionRisk::OutsideWorkspace, path);
    case PathPlace::Sensitive:
        return askFor(PermissionRisk::Sensitive, path);
    case PathPlace::Protected:
        return askFor(PermissionRisk::Protected, path);
    case PathPlace::Unclear:
        break;
    }
    return askFor(PermissionRisk::NotUnderstood, path);
}

PermissionDecision decidePermission(const PermissionRequested &request,
                                    const std::vector<PermissionRule> &rules,
                                    const PermissionContext &context)
{
    PermissionDecision decision = judged(request, rules, WorkspaceBounds(context.workspace));
    if (decision.kind == Kind::Ask && context.unattended) {
        decision.kind = Kind::Deny;
        decision.by = u"unattended"_s;
    }
    return decision;
}

} // namespace muster
