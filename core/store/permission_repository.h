// Permission rules of projects and profiles, and the audit of everything that was allowed or forced. The
// choice between rules is the broker's, not the store's. Thread of the connection; writes on the writer.
#pragma once

#include "core/base/strong_id.h"
#include "core/events/event.h"
#include "core/store/connection.h"

namespace muster {

enum class RuleEffect : std::uint8_t { Allow, Deny };

template <> struct EnumNames<RuleEffect> {
    static constexpr std::array table{std::pair{RuleEffect::Allow, "allow"},
                                      std::pair{RuleEffect::Deny, "deny"}};
};

// The scope of a rule that a person wrote, with wildcards; any other is an act to the letter.
inline constexpr QLatin1StringView saidRule("said");

struct PermissionRuleRow {
    PermissionRuleId id;
    ProjectId project; // none: every project
    QString profile;   // empty: every profile
    ToolKind toolKind = ToolKind::Other;
    QString pattern;
    RuleEffect effect = RuleEffect::Deny;
    QString scope;
    QString createdBy;
    qint64 createdMs = 0;
    qint64 usedCount = 0;
    std::optional<qint64> usedMs;
};

class PermissionRepository {
public:
    explicit PermissionRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<PermissionRuleId> add(const PermissionRuleRow &rule);
    // Whom and what it is about, what it says and how often it was used. NotFound.
    [[nodiscard]] Status change(const PermissionRuleRow &rule);
    [[nodiscard]] Status remove(PermissionRuleId id); // NotFound
    [[nodiscard]] Status countUse(PermissionRuleId id, qint64 nowMs);
    // Those of the project and those of every project.
    [[nodiscard]] Result<std::vector<PermissionRuleRow>> forProject(ProjectId project);
    [[nodiscard]] Result<std::vector<PermissionRuleRow>> all();
    [[nodiscard]] Result<PermissionRuleRow> find(PermissionRuleId id); // NotFound

private:
    Connection &m_db;
};

struct AuditRow {
    qint64 id = 0;
    qint64 atMs = 0;
    QString who;
    QString what; // permission.allowed, permission.denied, project.trusted, manual_force_bypass, …
    QString scope;
    EventRefs refs;
    QJsonObject data;
};

class AuditRepository {
public:
    explicit AuditRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Status add(const AuditRow &record);
    // Newest first; `beforeId` 0: from the newest.
    [[nodiscard]] Result<std::vector<AuditRow>> list(qint64 beforeId, int limit);

private:
    Connection &m_db;
};

} // namespace muster
