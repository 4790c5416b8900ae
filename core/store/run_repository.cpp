#include "core/store/run_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, project_id, number, flow, definition_id, inputs, status, reason, detail, unattended, yes, "
           "runtime, cancel_requested_at, pause_asked, rerun_of, parent_run, parent_key, created_by, "
           "created_at, started_at, ended_at, "
           "lease_owner, lease_epoch, lease_expires_at, "
           "rerun_mode, rerun_step, base_commit, begins_at, budget_micro_usd, max_turns, deadline_ms, "
           "worked_ms"_s;
}

auto fields(RunRow &r)
{
    return std::tie(r.id, r.project, r.number, r.flow, r.definition, r.inputs, r.status, r.reason, r.detail,
                    r.unattended, r.yes, r.runtime, r.cancelRequestedMs, r.pauseAsked, r.rerunOf, r.parentRun,
                    r.parentKey, r.createdBy, r.createdMs, r.startedMs, r.endedMs, r.lease.owner,
                    r.lease.epoch, r.lease.expiresAtMs, r.rerunMode, r.rerunStep, r.baseCommit, r.beginsAt,
                    r.limits.budgetMicroUsd, r.limits.maxTurns, r.limits.deadlineMs, r.workedMs);
}

QString definitionColumns() { return u"id, hash, name, origin, path, text, created_at"_s; }

template <typename Row> auto definitionFields(Row &d)
{
    return std::tie(d.id, d.hash, d.name, d.origin, d.path, d.text, d.createdMs);
}

} // namespace

Result<FlowDefinitionId> RunRepository::saveDefinition(const FlowDefinitionRow &definition)
{
    static const QString sql =
        sql::insertInto(u"flow_definitions", definitionColumns()) + u" ON CONFLICT(hash) DO NOTHING"_s;
    FlowDefinitionRow row = definition;
    row.id = {};
    Statement statement = m_db.prepare(sql);
    if (const auto ran = statement.bindTuple(definitionFields(row)).run(); !ran)
        return std::unexpected(ran.error());
    const auto id =
        m_db.value<FlowDefinitionId>(u"SELECT id FROM flow_definitions WHERE hash = ?"_s, row.hash);
    return id.transform([](const auto &found) { return found.value_or(FlowDefinitionId{}); });
}

Result<FlowDefinitionRow> RunRepository::definition(FlowDefinitionId id)
{
    static const QString sql = u"SELECT "_s + definitionColumns() + u" FROM flow_definitions WHERE id = ?"_s;
    return sql::rowById<FlowDefinitionRow>(m_db, definitionFields<FlowDefinitionRow>, u"flow_definitions",
                                           sql, id.value);
}

Result<RunRow> RunRepository::create(RunRow run, bool parallel)
{
    // One statement, so that neither the number nor the "only one" can be raced.
    static const QString sql =
        u"INSERT INTO runs(project_id, number, flow, definition_id, inputs, status, unattended, yes, "
        u"runtime, "
        "rerun_of, parent_run, parent_key, rerun_mode, rerun_step, base_commit, begins_at, created_by, "
        "created_at, budget_micro_usd, max_turns, deadline_ms) "
        "SELECT ?, coalesce((SELECT max(number) FROM runs WHERE project_id = ?), 0) + 1, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
        "WHERE ? OR NOT EXISTS (SELECT 1 FROM runs WHERE project_id = ? AND flow = ? AND parent_run IS NULL "
        "AND ended_at IS NULL) "
        "RETURNING id"_s;
    Statement statement = m_db.prepare(sql);
    statement.bind(run.project, run.project, run.flow, run.definition, run.inputs, run.status, run.unattended,
                   run.yes, run.runtime, run.rerunOf, run.parentRun, run.parentKey, run.rerunMode,
                   run.rerunStep, run.baseCommit, run.beginsAt, run.createdBy, run.createdMs,
                   run.limits.budgetMicroUsd, run.limits.maxTurns, run.limits.deadlineMs, parallel,
                   run.project, run.flow);
    const auto row = statement.next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::Conflict, run.flow, u"flow"_s);
    statement.read(run.id);
    if (const auto end = statement.next(); !end)
        return std::unexpected(end.error());
    return find(run.id);
}

Result<RunRow> RunRepository::find(RunId id)
{
    static const QString sql = u"SELECT "_s + columns() + u" FROM runs WHERE id = ?"_s;
    return sql::rowById<RunRow>(m_db, fields, u"runs", sql, id.value);
}

Result<std::vector<RunRow>> RunRepository::list(const RunFilter &filter)
{
    QString sql = u"SELECT "_s + columns() + u" FROM runs WHERE 1"_s;
    QVariantList values;
    const auto add = [&](const QString &part, const QVariant &value) {
        sql += part;
        values += value;
    };
    if (filter.project.isValid())
        add(u" AND project_id = ?"_s, filter.project.value);
    if (!filter.flow.isEmpty())
        add(u" AND flow = ?"_s, filter.flow);
    if (filter.before.isValid())
        add(u" AND id < ?"_s, filter.before.value);
    if (filter.activeOnly)
        sql += u" AND ended_at IS NULL"_s;
    Statement statement = m_db.prepare(sql + u" ORDER BY id DESC LIMIT ?"_s);
    for (const QVariant &value : std::as_const(values))
        statement.bindRaw(value);
    statement.bind(filter.limit);
    return Connection::collect<RunRow>(statement, fields);
}

Status RunRepository::setWorked(RunId run, qint64 workedMs)
{
    return sql::changedOne(
        m_db.run(u"UPDATE runs SET worked_ms = max(worked_ms, ?) WHERE id = ?"_s, workedMs, run),
        ErrorCode::NotFound, u"runs", run.value);
}

Result<std::vector<TaskWork>> RunRepository::workWithin(RunId run)
{
    return m_db.rows<TaskWork>(
        [](TaskWork &t) { return std::tie(t.key, t.turns, t.costMicroUsd); },
        u"WITH RECURSIVE part(id) AS (SELECT ? UNION SELECT runs.id FROM runs JOIN part ON runs.parent_run = "
        "part.id) SELECT coalesce(t.key, ''), t.turns, t.cost_micro_usd FROM tasks t JOIN part ON t.run_id = part.id"_s,
        run);
}

Result<std::optional<RunId>> RunRepository::createdBy(const QString &origin)
{
    return m_db.value<RunId>(u"SELECT id FROM runs WHERE created_by = ? LIMIT 1"_s, origin);
}

Result<std::optional<RunRow>> RunRepository::childOf(const QString &attemptKey)
{
    const auto id =
        m_db.value<RunId>(u"SELECT id FROM runs WHERE parent_key = ? AND parent_key <> ''"_s, attemptKey);
    if (!id)
        return std::unexpected(id.error());
    if (!*id)
        return std::nullopt;
    return find(**id).transform([](const RunRow &row) { return std::optional(row); });
}

Status RunRepository::setFlows(RunId run, const std::vector<RunFlowRow> &flows)
{
    for (const RunFlowRow &flow : flows) {
        const auto set =
            m_db.run(u"INSERT INTO run_flows(run_id, name, definition_id) VALUES (?, ?, ?) "
                     "ON CONFLICT(run_id, name) DO UPDATE SET definition_id = excluded.definition_id"_s,
                     run, flow.name, flow.definition);
        if (!set)
            return std::unexpected(set.error());
    }
    return {};
}

Result<std::vector<RunFlowRow>> RunRepository::flows(RunId run)
{
    return m_db.rows<RunFlowRow>([](RunFlowRow &flow) {
        return std::tie(flow.name, flow.definition);
    }, u"SELECT name, definition_id FROM run_flows WHERE run_id = ? ORDER BY name"_s, run);
}

Result<std::optional<Lease>> RunRepository::claim(RunId id, const QString &owner, qint64 nowMs,
                                                  qint64 leaseMs)
{
    const qint64 expires = nowMs + leaseMs;
    Statement statement =
        m_db.prepare(u"UPDATE runs SET lease_owner = ?, lease_epoch = lease_epoch + 1, lease_expires_at = ? "
                     "WHERE id = ? AND ended_at IS NULL AND (lease_expires_at <= ? OR lease_owner = ?) "
                     "RETURNING lease_epoch"_s);
    const auto row = statement.bind(owner, expires, id, nowMs, owner).next();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    Lease lease{.owner = owner, .epoch = 0, .expiresAtMs = expires};
    statement.read(lease.epoch);
    return statement.next().transform([&](bool) { return std::optional(lease); });
}

Result<qint64> RunRepository::releaseLeasesOf(const QString &deadOwner)
{
    return m_db.run(u"UPDATE runs SET lease_expires_at = 0 WHERE lease_owner = ? AND ended_at IS NULL"_s,
                    deadOwner);
}

Status RunRepository::renew(RunId id, qint64 epoch, qint64 expiresAtMs)
{
    return fenced(m_db.run(u"UPDATE runs SET lease_expires_at = ? WHERE id = ? AND lease_epoch = ? AND "
                           "ended_at IS NULL"_s,
                           expiresAtMs, id, epoch),
                  id);
}

Result<qint64> RunRepository::renewAll(const QString &owner, qint64 expiresAtMs)
{
    return m_db.run(u"UPDATE runs SET lease_expires_at = ? WHERE lease_owner = ? AND ended_at IS NULL"_s,
                    expiresAtMs, owner);
}

Status RunRepository::setStatus(RunId id, qint64 epoch, const RunUpdate &update)
{
    // What a status does not set stays as it is.
    const auto started = update.status == RunStatus::Running ? std::optional(update.nowMs) : std::nullopt;
    const auto ended = isSettled(update.status) ? std::optional(update.nowMs) : std::nullopt;
    return fenced(
        m_db.run(u"UPDATE runs SET status = ?, reason = ?, detail = ?, started_at = coalesce(started_at, ?), "
                 "ended_at = ?, lease_expires_at = iif(?, 0, lease_expires_at) "
                 "WHERE id = ? AND lease_epoch = ? AND ended_at IS NULL"_s,
                 update.status, update.reason, update.detail, started, ended, ended.has_value(), id, epoch),
        id);
}

Result<std::vector<RunOwner>> RunRepository::owners()
{
    return m_db.rows<RunOwner>([](RunOwner &row) { return std::tie(row.run, row.owner, row.pauseAsked); },
                               u"SELECT id, lease_owner, pause_asked FROM runs WHERE ended_at IS NULL"_s);
}

Status RunRepository::requestCancel(RunId id, qint64 nowMs)
{
    return fenced(m_db.run(u"UPDATE runs SET cancel_requested_at = coalesce(cancel_requested_at, ?) "
                           "WHERE id = ? AND ended_at IS NULL"_s,
                           nowMs, id),
                  id);
}

Status RunRepository::setPauseAsked(RunId id, bool asked)
{
    return fenced(m_db.run(u"UPDATE runs SET pause_asked = ? WHERE id = ? AND ended_at IS NULL"_s, asked, id),
                  id);
}

// None changed: the run is gone, or the lease is lost, or the run has ended.
Status RunRepository::fenced(const Result<qint64> &changed, RunId id)
{
    if (changed && *changed == 0) {
        if (const auto run = find(id); !run)
            return std::unexpected(run.error());
    }
    return sql::changedOne(changed, ErrorCode::Conflict, u"runs", id.value);
}

} // namespace muster
