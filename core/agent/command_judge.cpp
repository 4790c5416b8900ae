#include "core/agent/command_judge.h"

#include "core/agent/risky_words.h"

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;
using Kind = PermissionDecision::Kind;

namespace {

constexpr qsizetype mostFolders = 16;

bool isNull(const QString &path)
{
    return path == u"/dev/null" || path == u"/dev/stdout" || path == u"/dev/stderr";
}

// What takes a whole folder with all that is in it.
bool takesFolders(const QString &program)
{
    return program == u"rm" || program == u"mv" || program == u"chmod" || program == u"chown" ||
           program == u"ln" || program == u"chattr" || program == u"shred";
}

} // namespace

CommandJudge::CommandJudge(const QString &commandLine, const std::vector<PermissionRule> &rules,
                           const WorkspaceBounds &bounds)
    : m_text(commandLine)
    , m_plan(planOf(commandLine))
    , m_rules(rules)
    , m_bounds(bounds)
    , m_folders{bounds.root()}
{
}

PermissionDecision CommandJudge::decide()
{
    if (const auto decision = denied())
        return *decision;
    if (const auto decision = decidedAsWhole())
        return *decision;
    if (!m_plan.doubt.isEmpty())
        return askFor(PermissionRisk::NotUnderstood, m_plan.doubt);
    collectFolders();
    for (const PlannedCommand &planned : m_plan.commands) {
        if (const auto why = objection(planned))
            return *why;
    }
    return m_grantedBy.isEmpty() ? Decision() : Decision{.kind = Kind::Allow, .by = m_grantedBy};
}

std::optional<PermissionDecision> CommandJudge::denied() const
{
    std::optional<Decision> unclear;
    for (const PermissionRule &rule : m_rules) {
        if (rule.effect != PermissionEffect::Deny)
            continue;
        const bool same = rule.kind == ToolKind::Execute && !m_text.isEmpty() && rule.pattern == m_text;
        const PatternMatch match = concernsPlan(rule, m_plan);
        if (same || match == PatternMatch::Yes || redirectionDenied(rule))
            return Decision{.kind = Kind::Deny, .by = rule.by};
        if (match == PatternMatch::Unclear)
            unclear = askFor(PermissionRisk::NotUnderstood, rule.pattern);
    }
    return unclear;
}

bool CommandJudge::redirectionDenied(const PermissionRule &rule) const
{
    const RedirectionKind kind = rule.kind == ToolKind::Read ? RedirectionKind::Read : RedirectionKind::Write;
    if (rule.kind != ToolKind::Read && rule.kind != ToolKind::Edit)
        return false;
    return std::ranges::any_of(m_plan.commands, [&](const PlannedCommand &planned) {
        return std::ranges::any_of(planned.command.redirections, [&](const Redirection &redirection) {
            const QString &path = redirection.target.text;
            return redirection.kind == kind &&
                   (rule.pattern == path || matchesPath(rule.pattern, path) != PatternMatch::No ||
                    matchesPath(rule.pattern, m_bounds.find(path).relative) != PatternMatch::No);
        });
    });
}

// Somebody saw exactly this line.
std::optional<PermissionDecision> CommandJudge::decidedAsWhole() const
{
    for (const RuleScope scope : ruleScopes) {
        for (const PermissionRule &rule : m_rules) {
            if (rule.scope != scope || rule.effect != PermissionEffect::Allow ||
                !isWholeCommand(rule, m_text))
                continue;
            if (asksAtMost(scope))
                return Decision();
            return Decision{.kind = Kind::Allow, .by = rule.by};
        }
    }
    return std::nullopt;
}

bool CommandJudge::asksAtMost(RuleScope scope) const
{
    return std::ranges::any_of(m_rules, [&](const PermissionRule &rule) {
        return rule.effect == PermissionEffect::Ask && rule.scope <= scope &&
               concernsPlan(rule, m_plan) != PatternMatch::No;
    });
}

// Loops and the background change the order, so every command may run in any of them.
void CommandJudge::collectFolders()
{
    for (int pass = 0; pass < 2; ++pass) {
        for (const PlannedCommand &planned : m_plan.commands) {
            if (planned.program() != u"cd" || planned.command.words.size() != 2)
                continue;
            const QStringList from = m_folders;
            for (const QString &folder : from) {
                const FoundPath found = m_bounds.find(planned.command.words[1].text, folder);
                if (!found.absolute.isEmpty() && !m_folders.contains(found.absolute))
                    m_folders += found.absolute;
            }
            m_leads = true;
            if (m_folders.size() > mostFolders) {
                m_plan.doubt = u"too_many_folders"_s;
                return;
            }
        }
    }
}

std::optional<PermissionDecision> CommandJudge::objection(const PlannedCommand &planned)
{
    if (!m_plan.doubt.isEmpty())
        return askFor(PermissionRisk::NotUnderstood, m_plan.doubt);
    if (planned.role == CommandRole::Guess)
        return std::nullopt; // what hides it is looked at
    if (planned.role == CommandRole::Carries || planned.command.words.empty())
        return objectionToSurroundings(planned, false);
    const ShellWord &program = planned.command.words.front();
    if (!program.literal)
        return askFor(PermissionRisk::NotUnderstood, program.text);
    if (changesShell(planned.command))
        return askFor(PermissionRisk::ChangesShell, program.text);
    Grant grant;
    if (const auto why = grantOf(planned, grant))
        return why;
    if (const auto why = objectionToSurroundings(planned, grant.withCarrier))
        return why;
    if (grant.rule && m_grantedBy.isEmpty())
        m_grantedBy = grant.rule->by;
    if (m_leads && program.text.contains(u'/') && !program.text.startsWith(u'/'))
        return askFor(PermissionRisk::NotUnderstood, program.text);
    return objectionToWords(planned, m_leads ? 1 : std::max<qsizetype>(1, grant.said));
}

std::optional<PermissionDecision> CommandJudge::grantOf(const PlannedCommand &planned, Grant &grant) const
{
    bool tooLittle = false;
    for (const RuleScope scope : ruleScopes) {
        const bool asks = std::ranges::any_of(m_rules, [&](const PermissionRule &rule) {
            return rule.scope == scope && rule.effect == PermissionEffect::Ask &&
                   rule.kind == ToolKind::Execute &&
                   (concernsCommand(rule, planned.command) != PatternMatch::No ||
                    concernsPlan(rule, m_plan) == PatternMatch::Unclear);
        });
        if (asks)
            return Decision();
        grant = grantIn(scope, planned, tooLittle);
        if (grant.rule)
            return std::nullopt;
    }
    if (isHarmless(planned.command))
        return std::nullopt;
    if (!tooLittle)
        return Decision();
    const qsizetype risky = lastRiskyWord(planned.command);
    const auto &words = planned.command.words;
    const bool word = risky >= 0 && risky < static_cast<qsizetype>(words.size());
    return askFor(PermissionRisk::RunsOthers, words[word ? size_t(risky) : 0].text);
}

CommandJudge::Grant CommandJudge::grantIn(RuleScope scope, const PlannedCommand &planned,
                                          bool &tooLittle) const
{
    const qsizetype risky = lastRiskyWord(planned.command);
    const auto size = static_cast<qsizetype>(planned.command.words.size());
    for (const PermissionRule &rule : m_rules) {
        if (rule.scope != scope || rule.effect != PermissionEffect::Allow)
            continue;
        if (const auto said = saidWords(rule, planned.command)) {
            const bool enough = planned.role == CommandRole::Hides ? *said == size : *said > risky;
            if (enough && risky < neverCovered)
                return {.rule = &rule, .said = *said};
            tooLittle = true;
        }
        if (planned.carriedBy < 0)
            continue;
        // "env X=1 ctest *" says the carrier and what it carries.
        const PlannedCommand &carrier = m_plan.commands[size_t(planned.carriedBy)];
        const auto said = saidWords(rule, carrier.command);
        const qsizetype inner = said ? *said - carrier.carriesFrom : 0;
        if (inner > std::max<qsizetype>(risky, 0) && inner <= size && planned.role == CommandRole::Does)
            return {.rule = &rule, .said = inner, .withCarrier = true};
    }
    return {};
}

std::optional<PermissionDecision> CommandJudge::objectionToSurroundings(const PlannedCommand &planned,
                                                                        bool said) const
{
    for (const Redirection &redirection : planned.command.redirections) {
        if (const auto why = objectionToRedirection(redirection))
            return why;
    }
    for (const ShellWord &assignment : planned.command.assignments) {
        if (!said && !isHarmlessAssignment(assignment))
            return askFor(PermissionRisk::ChangesShell, assignment.text);
    }
    return std::nullopt;
}

std::optional<PermissionDecision> CommandJudge::objectionToWords(const PlannedCommand &planned,
                                                                 qsizetype from) const
{
    const bool prints = onlyPrints(planned.command);
    for (qsizetype i = from; i < static_cast<qsizetype>(planned.command.words.size()); ++i) {
        const ShellWord &word = planned.command.words[size_t(i)];
        if (!word.literal && (!prints || word.names))
            return askFor(PermissionRisk::NotUnderstood, word.text);
        if (prints)
            continue;
        const QStringList paths = WorkspaceBounds::pathsIn(word.text);
        for (const QString &path : paths) {
            if (const auto why = objectionToPath(path, planned.program()))
                return why;
        }
    }
    return std::nullopt;
}

std::optional<PermissionDecision> CommandJudge::objectionToPath(const QString &path,
                                                                const QString &program) const
{
    if (isNull(path))
        return std::nullopt;
    for (const QString &folder : m_folders) {
        const FoundPath found = m_bounds.find(path, folder);
        if (const auto why = objectionToPlace(found, path))
            return why;
        if (found.relative.isEmpty() && takesFolders(program))
            return askFor(PermissionRisk::Protected, path);
    }
    return std::nullopt;
}

std::optional<PermissionDecision> CommandJudge::objectionToRedirection(const Redirection &redirection) const
{
    const QString &path = redirection.target.text;
    if (redirection.kind == RedirectionKind::Duplicate || redirection.kind == RedirectionKind::Inline)
        return std::nullopt;
    if (!redirection.target.literal)
        return askFor(PermissionRisk::NotUnderstood, path);
    if (isNull(path))
        return std::nullopt;
    if (const auto why = objectionToPath(path, {}))
        return why;
    if (redirection.kind == RedirectionKind::Read)
        return std::nullopt;
    const bool mayWrite = std::ranges::all_of(m_folders, [&](const QString &folder) {
        const QString relative = m_bounds.find(path, folder).relative;
        return std::ranges::any_of(m_rules, [&](const PermissionRule &rule) {
            return rule.effect == PermissionEffect::Allow && rule.kind == ToolKind::Edit &&
                   matchesPath(rule.pattern, relative) == PatternMatch::Yes;
        });
    });
    return mayWrite ? std::nullopt : std::optional(askFor(PermissionRisk::Writes, path));
}

} // namespace muster
