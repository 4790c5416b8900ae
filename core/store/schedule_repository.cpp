#include "core/store/schedule_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"id, project_id, name, spec, time, zone, anchor_at, file, revision, state, pause_reason, "
           "typical_steps, next_at, due_at, put_back, accounted_at, turn_limit_streak, failure_streak, "
           "limit_changed_at, started_at, created_by, created_at, changed_at"_s;
}

template <typename Row> auto fields(Row &r)
{
    return std::tie(r.id, r.project, r.name, r.spec, r.when, r.zone, r.anchorMs, r.file, r.revision, r.state,
                    r.pauseReason, r.typicalSteps, r.nextMs, r.dueMs, r.putBack, r.accountedMs,
                    r.turnLimitStreak, r.failureStreak, r.limitChangedMs, r.startedMs, r.createdBy,
                    r.createdMs, r.changedMs);
}

QString select(const QString &rest) { return u"SELECT "_s + columns() + u" FROM schedules "_s + rest; }

} // namespace

Result<ScheduleId> ScheduleRepository::insert(const ScheduleRow &schedule)
{
    ScheduleRow row = schedule;
    row.id = {};
    Statement statement = m_db.prepare(sql::insertInto(u"schedules", columns()));
    return statement.bindTuple(fields(row)).run().transform([&](qint64) {
        return ScheduleId{statement.insertedId()};
    });
}

Result<ScheduleRow> ScheduleRepository::find(ScheduleId id)
{
    return sql::rowById<ScheduleRow>(m_db, fields<ScheduleRow>, u"schedules", select(u"WHERE id = ?"_s),
                                     id.value);
}

Result<std::vector<ScheduleRow>> ScheduleRepository::list(ProjectId project)
{
    return m_db.rows<ScheduleRow>(fields<ScheduleRow>,
                                  select(u"WHERE ? IS NULL OR project_id = ? ORDER BY project_id, name"_s),
                                  project, project);
}

Result<bool> ScheduleRepository::any()
{
    return m_db.value<bool>(u"SELECT EXISTS (SELECT 1 FROM schedules)"_s).transform([](const auto &found) {
        return found.value_or(false);
    });
}

Status ScheduleRepository::remove(ScheduleId id)
{
    return sql::changedOne(m_db.run(u"DELETE FROM schedules WHERE id = ?"_s, id), ErrorCode::NotFound,
                           u"schedules", id.value);
}

Status ScheduleRepository::update(const ScheduleRow &schedule)
{
    ScheduleRow row = schedule;
    ++row.revision;
    Statement statement = m_db.prepare(u"UPDATE schedules SET "_s + sql::assignments(columns()) +
                                       u" WHERE id = ? AND revision = ?"_s);
    return sql::changedOne(statement.bindTuple(fields(row)).bind(schedule.id, schedule.revision).run(),
                           ErrorCode::Conflict, u"schedules", schedule.id.value);
}

Status ScheduleRepository::setPaused(ScheduleId id, ScheduleState state, PauseReason reason, int typicalSteps)
{
    return sql::changedOne(
        m_db.run(u"UPDATE schedules SET state = ?, pause_reason = ?, typical_steps = ?, next_at = NULL, "
                 "due_at = NULL, put_back = 0 WHERE id = ?"_s,
                 state, reason, typicalSteps, id),
        ErrorCode::NotFound, u"schedules", id.value);
}

Status ScheduleRepository::setStreaks(ScheduleId id, int turnLimit, int failure)
{
    return sql::changedOne(
        m_db.run(u"UPDATE schedules SET turn_limit_streak = ?, failure_streak = ? WHERE id = ?"_s, turnLimit,
                 failure, id),
        ErrorCode::NotFound, u"schedules", id.value);
}

Status ScheduleRepository::setStarted(ScheduleId id, qint64 startedMs)
{
    return sql::changedOne(m_db.run(u"UPDATE schedules SET started_at = ? WHERE id = ?"_s, startedMs, id),
                           ErrorCode::NotFound, u"schedules", id.value);
}

Result<std::vector<ScheduleRow>> ScheduleRepository::due(qint64 nowMs, qint64 jumpMs)
{
    return m_db.rows<ScheduleRow>(
        fields<ScheduleRow>,
        select(
            u"WHERE (state = 'active' AND (due_at <= ? OR accounted_at > ?)) OR "
            "(state IN ('active', 'expired') AND (due_at IS NULL OR put_back = 0 OR due_at <= ?) AND "
            "EXISTS (SELECT 1 FROM occurrences o WHERE o.schedule_id = schedules.id AND "
            "o.outcome = 'delayed' AND o.firing_id IS NULL) AND NOT EXISTS (SELECT 1 FROM firings f WHERE "
            "f.schedule_id = schedules.id AND f.completed_at IS NULL)) ORDER BY coalesce(due_at, 0), id"_s),
        nowMs, nowMs + jumpMs, nowMs);
}

Result<std::optional<qint64>> ScheduleRepository::nextDue()
{
    return m_db
        .value<std::optional<qint64>>(
            u"SELECT min(due_at) FROM schedules WHERE state = 'active' AND due_at IS NOT NULL"_s)
        .transform([](const auto &found) { return found.value_or(std::nullopt); });
}

Result<bool> ScheduleRepository::anyActive()
{
    return m_db.value<bool>(u"SELECT EXISTS (SELECT 1 FROM schedules WHERE state = 'active')"_s)
        .transform([](const auto &found) { return found.value_or(false); });
}

Status ScheduleRepository::move(const ScheduleRow &before, const ScheduleRow &after)
{
    return sql::changedOne(
        m_db.run(u"UPDATE schedules SET state = ?, next_at = ?, due_at = ?, put_back = ?, accounted_at = ? "
                 "WHERE id = ? AND revision = ? AND state = ? AND next_at IS ? AND due_at IS ? AND "
                 "accounted_at = ?"_s,
                 after.state, after.nextMs, after.dueMs, after.putBack, after.accountedMs, before.id,
                 before.revision, before.state, before.nextMs, before.dueMs, before.accountedMs),
        ErrorCode::Conflict, u"schedules", before.id.value);
}

Result<bool> ScheduleRepository::claimPass(const QString &owner, qint64 nowMs, qint64 leaseMs)
{
    return m_db
        .run(u"UPDATE scheduler SET lease_owner = ?, lease_expires_at = ?, passed_at = ? WHERE "
             "lease_owner = ? OR lease_expires_at <= ? OR lease_expires_at > ?"_s,
             owner, nowMs + leaseMs, nowMs, owner, nowMs, nowMs + 2 * leaseMs)
        .transform([](qint64 changed) { return changed > 0; });
}

Result<QString> ScheduleRepository::passOwner()
{
    return m_db.value<QString>(u"SELECT lease_owner FROM scheduler"_s).transform([](const auto &found) {
        return found.value_or(QString());
    });
}

Status ScheduleRepository::releasePass(const QString &deadOwner)
{
    return m_db.run(u"UPDATE scheduler SET lease_expires_at = 0 WHERE lease_owner = ?"_s, deadOwner)
        .transform([](qint64) {});
}

Result<qint64> ScheduleRepository::passedAt()
{
    return m_db.value<qint64>(u"SELECT passed_at FROM scheduler"_s).transform([](const auto &found) {
        return found.value_or(0);
    });
}

} // namespace muster
