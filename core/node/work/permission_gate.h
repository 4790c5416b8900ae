// PermissionGate: the rules that hold for one task: what its flow step and profile say, what the person has
// answered for this task, and the rules of the project and of its profile. The broker
// (core/agent/permission_broker.h) decides; here is only what it decides by. An unattended run is never
// asked, so that becomes a denial. Core thread.
#pragma once

#include "core/agent/permission_broker.h"
#include "core/flow/agent_profile.h"
#include "core/node/work/task_data.h"
#include "core/store/permission_repository.h"

namespace muster {

struct PermissionVerdict {
    using Kind = PermissionDecision::Kind;
    Kind kind = Kind::Ask;
    PermissionRisk risk = PermissionRisk::None; // why it is asked
    QString detail;
    QString by;            // rule:<id>, flow, task, unattended
    PermissionRuleId rule; // the one that decided, where it was the store's
    QString message;       // for the agent, with a denial
};

class PermissionGate {
public:
    explicit PermissionGate(const TaskData &data);

    void setPlace(const QString &folder, const AgentProfile &profile);
    [[nodiscard]] PermissionVerdict decide(const PermissionRequested &request,
                                           const std::vector<PermissionRuleRow> &rules) const;
    // An answer "for this task" covers the same act again, no other.
    void remember(const PermissionRequested &request, bool allowed);
    // A lasting rule for this exact act. NotFound: what is asked does not say what it does.
    [[nodiscard]] static Result<PermissionRuleRow>
    ruleFor(const PermissionRequested &request, ProjectId project, bool allowed, const QString &by);

private:
    void addFlowRules(const FlowPermissions &permissions);

    QString m_folder;
    QString m_profile; // empty: none
    bool m_unattended = false;
    std::vector<PermissionRule> m_own; // of the flow and of the task
};

[[nodiscard]] QJsonObject toJsonObjectOf(const PermissionRequested &request);

} // namespace muster
