// CommandJudge: the broker's decision about a command line (permission_broker.h). Reads links of the disk.
#pragma once

#include "core/agent/permission_broker.h"

namespace muster {

class CommandJudge {
public:
    CommandJudge(const QString &commandLine, const std::vector<PermissionRule> &rules,
                 const WorkspaceBounds &bounds);

    [[nodiscard]] PermissionDecision decide();

private:
    using Decision = PermissionDecision;

    struct Grant {
        const PermissionRule *rule = nullptr;
        qsizetype said = 0;       // words that the rule says one by one
        bool withCarrier = false; // it says what carries the command too
    };

    [[nodiscard]] std::optional<Decision> denied() const;
    [[nodiscard]] std::optional<Decision> decidedAsWhole() const;
    [[nodiscard]] bool asksAtMost(RuleScope scope) const;
    [[nodiscard]] bool redirectionDenied(const PermissionRule &rule) const;
    void collectFolders();

    // Nothing: it may be done.
    [[nodiscard]] std::optional<Decision> objection(const PlannedCommand &planned);
    [[nodiscard]] std::optional<Decision> objectionToSurroundings(const PlannedCommand &planned,
                                                                  bool said) const;
    [[nodiscard]] std::optional<Decision> objectionToWords(const PlannedCommand &planned,
                                                           qsizetype from) const;
    [[nodiscard]] std::optional<Decision> objectionToPath(const QString &path, const QString &program) const;
    [[nodiscard]] std::optional<Decision> objectionToRedirection(const Redirection &redirection) const;
    [[nodiscard]] std::optional<Decision> grantOf(const PlannedCommand &planned, Grant &grant) const;
    [[nodiscard]] Grant grantIn(RuleScope scope, const PlannedCommand &planned, bool &tooLittle) const;

    QString m_text;
    CommandPlan m_plan;
    const std::vector<PermissionRule> &m_rules;
    const WorkspaceBounds &m_bounds;
    QStringList m_folders; // where the commands may be when they run
    bool m_leads = false;  // a folder other than the workspace is among them
    QString m_grantedBy;
};

// Where the path leads, as a decision; nothing: inside.
[[nodiscard]] std::optional<PermissionDecision> objectionToPlace(const FoundPath &found, const QString &path);
[[nodiscard]] PermissionDecision askFor(PermissionRisk risk, const QString &detail);

inline constexpr std::array ruleScopes{RuleScope::Task, RuleScope::Profile, RuleScope::Project,
                                       RuleScope::Everywhere, RuleScope::Flow};

} // namespace muster
