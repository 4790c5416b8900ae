#include "core/node/work/permission_gate.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;
using Kind = PermissionVerdict::Kind;

namespace {

// True only for certain: a pattern that gave up is no match.
bool matchesPath(const QString &pattern, const QString &path)
{
    const QRegularExpression glob = QRegularExpression::fromWildcard(pattern, Qt::CaseSensitive);
    const QRegularExpressionMatch match = glob.match(path);
    return glob.isValid() && match.isValid() && match.hasMatch();
}

// One plain command: anything that could hold a second one, or that a shell would expand, is in doubt.
bool isPlainCommand(const QString &command)
{
    static const QString doubtful = u";|&$`<>(){}\n\r\\\"'!*?[]~#"_s;
    return std::ranges::none_of(command, [](QChar c) { return doubtful.contains(c) || !c.isPrint(); });
}

// "ctest *" allows ctest with any plain arguments; without a star the command must be the same to the letter.
bool matchesCommand(const QString &pattern, const QString &command)
{
    if (pattern == command)
        return true;
    if (!pattern.endsWith(u" *") || !isPlainCommand(command))
        return false;
    const QString head = pattern.chopped(2);
    return command == head || command.startsWith(head + u' ');
}

bool sameAct(const PermissionRequested &request, ToolKind kind, const QString &pattern)
{
    if (request.kind != kind)
        return false;
    return kind == ToolKind::Execute ? request.command == pattern : request.paths == QStringList{pattern};
}

QString actPattern(const PermissionRequested &request)
{
    return request.kind == ToolKind::Execute ? request.command : request.paths.value(0);
}

} // namespace

QJsonObject toJsonObjectOf(const PermissionRequested &request) { return toJson(SessionEvent(request)); }

PermissionGate::PermissionGate(const TaskData &data)
    : m_write(data.mayWrite)
    , m_run(data.mayRun)
    , m_unattended(data.unattended)
{
}

void PermissionGate::setPlace(const QString &folder, const FlowPermissions &profile)
{
    m_folder = QFileInfo(folder).canonicalFilePath();
    m_write += profile.write;
    m_run += profile.run;
}

// Relative to the workspace; nothing if any of them is outside, or cannot be resolved.
std::optional<QStringList> PermissionGate::insidePaths(const PermissionRequested &request) const
{
    QStringList inside;
    for (const QString &path : request.paths) {
        const QFileInfo info(QDir(m_folder), path);
        // A file that is not there yet: its folder decides, links resolved.
        const QString folder = QFileInfo(info.absolutePath()).canonicalFilePath();
        const QString real =
            info.exists() || info.isSymLink() ? info.canonicalFilePath() : folder + u'/' + info.fileName();
        if (folder.isEmpty() || !real.startsWith(m_folder + u'/'))
            return std::nullopt;
        inside += real.sliced(m_folder.size() + 1);
    }
    return inside.isEmpty() ? std::nullopt : std::optional(inside);
}

bool PermissionGate::allowedByFlow(const PermissionRequested &request) const
{
    if (request.kind == ToolKind::Execute) {
        return !request.command.isEmpty() && std::ranges::any_of(m_run, [&](const QString &pattern) {
            return matchesCommand(pattern, request.command);
        });
    }
    if (request.kind != ToolKind::Edit)
        return false;
    const auto paths = insidePaths(request);
    return paths && std::ranges::all_of(*paths, [&](const QString &path) {
        return !path.startsWith(u".git/") && path != u".git" &&
               std::ranges::any_of(m_write,
                                   [&](const QString &pattern) { return matchesPath(pattern, path); });
    });
}

std::optional<PermissionVerdict> PermissionGate::fromRules(const PermissionRequested &request,
                                                           const std::vector<PermissionRuleRow> &rules) const
{
    std::optional<PermissionVerdict> allowed;
    for (const PermissionRuleRow &rule : rules) {
        if (!sameAct(request, rule.toolKind, rule.pattern))
            continue;
        const QString by = u"rule:"_s + rule.id.toString();
        if (rule.effect == RuleEffect::Deny)
            return PermissionVerdict{
                .kind = Kind::Deny, .by = by, .message = u"a rule of this project forbids it"_s};
        allowed = PermissionVerdict{.kind = Kind::Allow, .by = by};
    }
    return allowed;
}

PermissionVerdict PermissionGate::decide(const PermissionRequested &request,
                                         const std::vector<PermissionRuleRow> &rules) const
{
    const auto ruled = fromRules(request, rules);
    if (ruled && ruled->kind == Kind::Deny)
        return *ruled;
    for (const Act &act : m_remembered) {
        if (sameAct(request, act.kind, act.pattern))
            return {.kind = act.allowed ? Kind::Allow : Kind::Deny, .by = u"task"_s};
    }
    if (ruled)
        return *ruled;
    if (allowedByFlow(request))
        return {.kind = Kind::Allow, .by = u"flow"_s};
    if (m_unattended)
        return {.kind = Kind::Deny,
                .by = u"unattended"_s,
                .message = u"nobody is here to ask, and this run may not do it"_s};
    return {};
}

void PermissionGate::remember(const PermissionRequested &request, bool allowed)
{
    const QString pattern = actPattern(request);
    if (!pattern.isEmpty() && (request.kind == ToolKind::Execute || request.paths.size() == 1))
        m_remembered.push_back({.kind = request.kind, .pattern = pattern, .allowed = allowed});
}

PermissionRuleRow PermissionGate::ruleFor(const PermissionRequested &request, ProjectId project, bool allowed,
                                          const QString &by)
{
    return {.project = project,
            .toolKind = request.kind,
            .pattern = actPattern(request),
            .effect = allowed ? RuleEffect::Allow : RuleEffect::Deny,
            .scope = u"always"_s,
            .createdBy = by};
}

} // namespace muster
