#include "core/store/permission_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, project_id, profile, tool_kind, pattern, effect, scope, created_by, created_at, used_count, "
           "used_at"_s;
}

template <typename Row> auto fields(Row &r)
{
    return std::tie(r.id, r.project, r.profile, r.toolKind, r.pattern, r.effect, r.scope, r.createdBy,
                    r.createdMs, r.usedCount, r.usedMs);
}

} // namespace

Result<PermissionRuleId> PermissionRepository::add(const PermissionRuleRow &rule)
{
    static const QString sql = sql::insertInto(u"permission_rules", columns());
    PermissionRuleRow row = rule;
    row.id = {};
    Statement statement = m_db.prepare(sql);
    return statement.bindTuple(fields(row)).run().transform([&](qint64) {
        return PermissionRuleId{statement.insertedId()};
    });
}

Status PermissionRepository::change(const PermissionRuleRow &rule)
{
    static const QString sql =
        u"UPDATE permission_rules SET project_id = ?, profile = ?, tool_kind = ?, pattern = ?, effect = ?, "
        "scope = ?, used_count = ?, used_at = ? WHERE id = ?"_s;
    return sql::changedOne(m_db.run(sql, rule.project, rule.profile, rule.toolKind, rule.pattern, rule.effect,
                                    rule.scope, rule.usedCount, rule.usedMs, rule.id),
                           ErrorCode::NotFound, u"permission_rules", rule.id.value);
}

Status PermissionRepository::remove(PermissionRuleId id)
{
    return sql::changedOne(m_db.run(u"DELETE FROM permission_rules WHERE id = ?"_s, id), ErrorCode::NotFound,
                           u"permission_rules", id.value);
}

Status PermissionRepository::countUse(PermissionRuleId id, qint64 nowMs)
{
    return sql::changedOne(
        m_db.run(u"UPDATE permission_rules SET used_count = used_count + 1, used_at = ? WHERE id = ?"_s,
                 nowMs, id),
        ErrorCode::NotFound, u"permission_rules", id.value);
}

Result<std::vector<PermissionRuleRow>> PermissionRepository::forProject(ProjectId project)
{
    static const QString sql =
        u"SELECT "_s + columns() +
        u" FROM permission_rules WHERE project_id IS NULL OR project_id = ? ORDER BY id"_s;
    return m_db.rows<PermissionRuleRow>(fields<PermissionRuleRow>, sql, project);
}

Result<std::vector<PermissionRuleRow>> PermissionRepository::all()
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM permission_rules ORDER BY id"_s;
    return m_db.rows<PermissionRuleRow>(fields<PermissionRuleRow>, sql);
}

Result<PermissionRuleRow> PermissionRepository::find(PermissionRuleId id)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM permission_rules WHERE id = ?"_s;
    const auto rows = m_db.rows<PermissionRuleRow>(fields<PermissionRuleRow>, sql, id);
    if (!rows)
        return std::unexpected(rows.error());
    if (rows->empty())
        return fail(ErrorCode::NotFound, id.toString(), u"permission_rules"_s);
    return rows->front();
}

Status AuditRepository::add(const AuditRow &record)
{
    return m_db
        .run(u"INSERT INTO audit(at, who, what, scope, refs, data) VALUES (?, ?, ?, ?, ?, ?)"_s, record.atMs,
             record.who, record.what, record.scope, toJson(record.refs), record.data)
        .transform([](qint64) {});
}

Result<std::vector<AuditRow>> AuditRepository::list(qint64 beforeId, int limit)
{
    Statement statement = m_db.prepare(u"SELECT id, at, who, what, scope, refs, data FROM audit "
                                       "WHERE ? = 0 OR id < ? ORDER BY id DESC LIMIT ?"_s);
    statement.bind(beforeId, beforeId, limit);
    std::vector<AuditRow> records;
    while (true) {
        const auto more = statement.next();
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return records;
        AuditRow &r = records.emplace_back();
        QJsonObject refs;
        statement.read(r.id, r.atMs, r.who, r.what, r.scope, refs, r.data);
        r.refs = eventRefsFromJson(refs);
    }
}

} // namespace muster
