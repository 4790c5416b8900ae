// The permission broker: may an agent do what it asks to do? Pure but for looking at symbolic links, any
// thread; the same question, rules and disk give the same decision. Who asks a person, remembers answers and
// writes the audit is the node.
//
// Order: a rule that denies, of whatever scope, wins. Then the most specific scope with a rule decides, and
// in it asking wins over allowing. An act that no rule allows is asked. A command line is taken apart; every
// command in it must be allowed by itself, and what is not understood for certain is asked. A rule with a
// wildcard never covers: paths outside the workspace, files with secrets, what decides what runs later, words
// that make a program run or write something else. A rule that is the act itself, to the letter, covers it
// all: somebody saw it and said yes. Nothing is granted by default. Source: spec "agents", Permissions, and
// "safety"; docs/adr/0011.
#pragma once

#include "core/agent/permission_rule.h"
#include "core/events/permission_risk.h"

#include <vector>

namespace muster {

struct PermissionDecision {
    enum class Kind : std::uint8_t { Allow, Deny, Ask };
    Kind kind = Kind::Ask;
    PermissionRisk risk = PermissionRisk::None; // why it is asked; None: there is no rule for it
    QString detail;
    QString by; // of the rule that decided; "unattended"
};

struct PermissionContext {
    QString workspace;       // absolute
    bool unattended = false; // nobody can be asked: what would be asked is denied
};

[[nodiscard]] PermissionDecision decidePermission(const PermissionRequested &request,
                                                  const std::vector<PermissionRule> &rules,
                                                  const PermissionContext &context);

} // namespace muster
