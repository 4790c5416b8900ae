// PermissionGate: what an agent of this task may do without asking: what its flow step and profile say, what
// the person has answered for this task, and the rules of the project. Deny beats allow; what cannot be
// decided for certain is asked; an unattended run is never asked, so that becomes a denial. No default grants
// anything. Core thread.
#pragma once

#include "core/events/session_event.h"
#include "core/flow/flow_definition.h"
#include "core/node/work/task_data.h"
#include "core/store/permission_repository.h"

namespace muster {

struct PermissionVerdict {
    enum class Kind : std::uint8_t { Allow, Deny, Ask };
    Kind kind = Kind::Ask;
    QString by;      // rule:<id>, flow, task, unattended
    QString message; // for the agent, with a denial
};

class PermissionGate {
public:
    explicit PermissionGate(const TaskData &data);

    void setPlace(const QString &folder, const FlowPermissions &profile);
    [[nodiscard]] PermissionVerdict decide(const PermissionRequested &request,
                                           const std::vector<PermissionRuleRow> &rules) const;
    // An answer "for this task" covers the same act again, no other.
    void remember(const PermissionRequested &request, bool allowed);
    // A lasting rule for this exact act.
    [[nodiscard]] static PermissionRuleRow ruleFor(const PermissionRequested &request, ProjectId project,
                                                   bool allowed, const QString &by);

private:
    struct Act {
        ToolKind kind = ToolKind::Other;
        QString pattern;
        bool allowed = false;
    };

    [[nodiscard]] std::optional<PermissionVerdict>
    fromRules(const PermissionRequested &request, const std::vector<PermissionRuleRow> &rules) const;
    [[nodiscard]] bool allowedByFlow(const PermissionRequested &request) const;
    [[nodiscard]] std::optional<QStringList> insidePaths(const PermissionRequested &request) const;

    QString m_folder;
    QStringList m_write;
    QStringList m_run;
    bool m_unattended = false;
    std::vector<Act> m_remembered;
};

[[nodiscard]] QJsonObject toJsonObjectOf(const PermissionRequested &request);

} // namespace muster
