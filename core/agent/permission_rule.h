// PermissionRule: what an agent may do, may not do, or must ask for, and whether a rule concerns an act.
// Allowing is matched strictly, denying and asking generously. Source: spec "agents" and "flows",
// Permissions. Pure, any thread.
#pragma once

#include "core/agent/command_plan.h"
#include "core/agent/workspace_bounds.h"
#include "core/events/session_event.h"

namespace muster {

enum class PermissionEffect : std::uint8_t { Allow, Ask, Deny };

// The most specific first.
enum class RuleScope : std::uint8_t {
    Task,       // an answer "for this task"
    Profile,    // of the project's profile
    Project,    // of the project
    Everywhere, // of all projects
    Flow,       // what a flow, step or profile file says; narrower than the rules of the project
};

struct PermissionRule {
    PermissionEffect effect = PermissionEffect::Deny;
    RuleScope scope = RuleScope::Project;
    ToolKind kind = ToolKind::Other;
    // Execute: words of a command; a last word "*" stands for any arguments, a "*" within a later word for
    // any text. Else a path relative to the workspace with "*", "**", "?" and "[…]".
    QString pattern;
    bool exact = false; // the pattern is the act itself, to the letter
    QString by;         // for the audit: rule:<id>, task, flow
};

enum class PatternMatch : std::uint8_t {
    No,
    Yes,
    Unclear, // the pattern gave up, or is none
};

// The whole line is what the rule says, to the letter.
[[nodiscard]] bool isWholeCommand(const PermissionRule &rule, const QString &commandLine);
// There are commands that a rule that allows could cover: its text is one plain command, or to the letter.
[[nodiscard]] bool canAllow(const PermissionRule &rule);
// How many words of the command the rule says one by one; none: it does not match.
[[nodiscard]] std::optional<qsizetype> saidWords(const PermissionRule &rule, const SimpleCommand &command);
[[nodiscard]] PatternMatch concernsPlan(const PermissionRule &rule, const CommandPlan &plan);
[[nodiscard]] PatternMatch concernsCommand(const PermissionRule &rule, const SimpleCommand &command);

[[nodiscard]] PatternMatch matchesPath(const QString &pattern, const QString &relative);
[[nodiscard]] bool hasWildcard(const QString &pattern);

} // namespace muster
