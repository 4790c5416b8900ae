#include "core/store/firing_repository.h"

#include "core/store/row_helpers.h"
#include "core/store/sql_text.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString firingColumns()
{
    return u"id, schedule_id, nominal_at, cause, task_id, run_id, status, reason, detail, fired_at, "
           "claimed_at, completed_at, steps, step_limit, loop_lag_ms, peak_memory, chat_streams, "
           "schedules_running, cost_micro_usd, result"_s;
}

template <typename Row> auto firingFields(Row &r)
{
    return std::tie(r.id, r.schedule, r.nominalMs, r.cause, r.task, r.run, r.status, r.reason, r.detail,
                    r.firedMs, r.claimedMs, r.completedMs, r.steps, r.stepLimit, r.loopLagMs, r.peakMemory,
                    r.chatStreams, r.schedulesRunning, r.costMicroUsd, r.result);
}

QString occurrenceColumns()
{
    return u"schedule_id, nominal_at, last_at, count, outcome, reason, at, firing_id"_s;
}

template <typename Row> auto occurrenceFields(Row &r)
{
    return std::tie(r.schedule, r.nominalMs, r.lastMs, r.count, r.outcome, r.reason, r.atMs, r.firing);
}

QString firings(const QString &rest) { return u"SELECT "_s + firingColumns() + u" FROM firings "_s + rest; }

QString occurrencesWhere(const QString &rest)
{
    return u"SELECT "_s + occurrenceColumns() + u" FROM occurrences WHERE schedule_id = ? AND "_s + rest;
}

constexpr auto waits = "outcome = 'delayed' AND firing_id IS NULL"_L1;

} // namespace

Status FiringRepository::record(const OccurrenceRow &occurrence)
{
    Statement statement = m_db.prepare(sql::insertInto(u"occurrences", occurrenceColumns()));
    return statement.bindTuple(occurrenceFields(occurrence)).run().transform([](qint64) {});
}

Result<std::vector<qint64>> FiringRepository::recorded(ScheduleId schedule, qint64 fromMs, qint64 toMs)
{
    return m_db.rows<qint64>([](qint64 &at) { return std::tie(at); },
                             u"SELECT nominal_at FROM occurrences WHERE schedule_id = ? AND nominal_at >= ? "
                             "AND nominal_at <= ? ORDER BY nominal_at"_s,
                             schedule, fromMs, toMs);
}

Result<std::vector<OccurrenceRow>> FiringRepository::waiting(ScheduleId schedule)
{
    return m_db.rows<OccurrenceRow>(occurrenceFields<OccurrenceRow>,
                                    occurrencesWhere(waits + u" ORDER BY nominal_at"_s), schedule);
}

Status FiringRepository::fireWaiting(const OccurrenceRow &occurrence, FiringId firing)
{
    return sql::changedOne(m_db.run(u"UPDATE occurrences SET firing_id = ? WHERE schedule_id = ? AND "
                                    "nominal_at = ? AND "_s +
                                        waits,
                                    firing, occurrence.schedule, occurrence.nominalMs),
                           ErrorCode::Conflict, u"occurrences", occurrence.nominalMs);
}

Status FiringRepository::skipWaiting(ScheduleId schedule, OccurrenceReason reason, qint64 nowMs)
{
    return m_db
        .run(u"UPDATE occurrences SET outcome = 'skipped', reason = ?, at = ? WHERE schedule_id = ? AND "_s +
                 waits,
             reason, nowMs, schedule)
        .transform([](qint64) {});
}

Result<std::optional<qint64>> FiringRepository::reopen(ScheduleId schedule, qint64 nowMs)
{
    const auto first = m_db.value<std::optional<qint64>>(
        u"SELECT min(nominal_at) FROM occurrences WHERE schedule_id = ? AND last_at > ? AND "
        "firing_id IS NULL"_s,
        schedule, nowMs);
    if (!first)
        return std::unexpected(first.error());
    return m_db
        .run(u"DELETE FROM occurrences WHERE schedule_id = ? AND last_at > ? AND firing_id IS NULL"_s,
             schedule, nowMs)
        .transform([&](qint64) { return first->value_or(std::nullopt); });
}

Result<std::vector<OccurrenceRow>> FiringRepository::occurrences(ScheduleId schedule, qint64 beforeMs,
                                                                 int limit)
{
    return m_db.rows<OccurrenceRow>(
        occurrenceFields<OccurrenceRow>,
        occurrencesWhere(u"(? = 0 OR nominal_at < ?) ORDER BY nominal_at DESC LIMIT ?"_s), schedule, beforeMs,
        beforeMs, limit);
}

Result<FiringId> FiringRepository::insert(const FiringRow &firing)
{
    FiringRow row = firing;
    row.id = {};
    Statement statement = m_db.prepare(sql::insertInto(u"firings", firingColumns()));
    return statement.bindTuple(firingFields(row)).run().transform([&](qint64) {
        return FiringId{statement.insertedId()};
    });
}

Result<FiringRow> FiringRepository::find(FiringId id)
{
    return sql::rowById<FiringRow>(m_db, firingFields<FiringRow>, u"firings", firings(u"WHERE id = ?"_s),
                                   id.value);
}

Result<std::vector<FiringRow>> FiringRepository::open()
{
    return m_db.rows<FiringRow>(firingFields<FiringRow>,
                                firings(u"WHERE completed_at IS NULL ORDER BY id"_s));
}

Result<std::vector<FiringRow>> FiringRepository::openOf(ScheduleId schedule)
{
    return m_db.rows<FiringRow>(firingFields<FiringRow>,
                                firings(u"WHERE completed_at IS NULL AND schedule_id = ? ORDER BY id"_s),
                                schedule);
}

Result<std::vector<FiringRow>> FiringRepository::list(ScheduleId schedule, qint64 beforeMs, int limit)
{
    return m_db.rows<FiringRow>(firingFields<FiringRow>,
                                firings(u"WHERE (? IS NULL OR schedule_id = ?) AND (? = 0 OR "
                                        "fired_at < ?) ORDER BY fired_at DESC, id DESC LIMIT ?"_s),
                                schedule, schedule, beforeMs, beforeMs, limit);
}

Result<qint64> FiringRepository::spentSince(ScheduleId schedule, qint64 sinceMs)
{
    return m_db
        .value<qint64>(
            u"SELECT coalesce(sum(coalesce(f.cost_micro_usd, t.cost_micro_usd, (WITH RECURSIVE part(id) AS "
            "(SELECT f.run_id UNION SELECT runs.id FROM runs JOIN part ON runs.parent_run = part.id) SELECT "
            "sum(w.cost_micro_usd) FROM tasks w JOIN part ON w.run_id = part.id))), 0) FROM firings f LEFT "
            "JOIN tasks t ON t.id = f.task_id WHERE f.schedule_id = ? AND f.fired_at >= ?"_s,
            schedule, sinceMs)
        .transform([](const auto &found) { return found.value_or(0); });
}

Result<bool> FiringRepository::anyOpen()
{
    return m_db.value<bool>(u"SELECT EXISTS (SELECT 1 FROM firings WHERE completed_at IS NULL)"_s)
        .transform([](const auto &found) { return found.value_or(false); });
}

Result<int> FiringRepository::runningCount()
{
    return m_db.value<int>(u"SELECT count(*) FROM firings WHERE status = 'running'"_s)
        .transform([](const auto &found) { return found.value_or(0); });
}

Result<FiringAverages> FiringRepository::averages(ScheduleId schedule)
{
    return m_db
        .rows<FiringAverages>(
            [](FiringAverages &a) { return std::tie(a.firings, a.waitMs, a.runMs, a.steps, a.costMicroUsd); },
            u"SELECT count(*), avg(claimed_at - fired_at), avg(completed_at - claimed_at), avg(steps), "
            "avg(cost_micro_usd) FROM firings WHERE schedule_id = ? AND claimed_at IS NOT NULL AND "
            "completed_at IS NOT NULL"_s,
            schedule)
        .transform([](const std::vector<FiringAverages> &found) { return found.front(); });
}

Result<std::vector<FiringSteps>> FiringRepository::stepsTaken(int limit)
{
    return m_db.rows<FiringSteps>(
        [](FiringSteps &row) { return std::tie(row.starts, row.steps); },
        u"SELECT iif(json_extract(s.spec, '$.flow') <> '', json_extract(s.spec, '$.flow'), "
        "json_extract(s.spec, '$.prompt')), f.steps FROM firings f JOIN schedules s ON s.id = f.schedule_id "
        "WHERE f.status = 'completed' AND f.steps > 0 ORDER BY f.id DESC LIMIT ?"_s,
        limit);
}

Status FiringRepository::setTask(FiringId id, TaskId task)
{
    return sql::changedOne(m_db.run(u"UPDATE firings SET task_id = ? WHERE id = ?"_s, task, id),
                           ErrorCode::NotFound, u"firings", id.value);
}

Status FiringRepository::begun(FiringId id, RunId run)
{
    return sql::changedOne(
        m_db.run(u"UPDATE firings SET run_id = ?, status = 'queued' WHERE id = ? AND status = 'starting'"_s,
                 run, id),
        ErrorCode::Conflict, u"firings", id.value);
}

Result<bool> FiringRepository::claimed(const FiringRow &firing)
{
    return m_db
        .run(u"UPDATE firings SET status = 'running', claimed_at = ?, chat_streams = ?, "
             "schedules_running = ? WHERE id = ? AND claimed_at IS NULL AND completed_at IS NULL"_s,
             firing.claimedMs, firing.chatStreams, firing.schedulesRunning, firing.id)
        .transform([](qint64 changed) { return changed > 0; });
}

Result<bool> FiringRepository::close(const FiringRow &firing)
{
    return m_db
        .run(u"UPDATE firings SET status = ?, reason = ?, detail = ?, claimed_at = ?, completed_at = ?, "
             "steps = ?, cost_micro_usd = ?, result = ?, loop_lag_ms = ?, peak_memory = ? WHERE id = ? AND "
             "completed_at IS NULL"_s,
             firing.status, firing.reason, firing.detail, firing.claimedMs, firing.completedMs, firing.steps,
             firing.costMicroUsd, firing.result, firing.loopLagMs, firing.peakMemory, firing.id)
        .transform([](qint64 changed) { return changed > 0; });
}

Result<QString> FiringRepository::resultBefore(const FiringRow &firing)
{
    return m_db
        .value<QString>(
            u"SELECT result FROM firings WHERE schedule_id = ? AND id <> ? AND completed_at IS NOT "
            "NULL AND result <> '' ORDER BY completed_at DESC, id DESC LIMIT 1"_s,
            firing.schedule, firing.id)
        .transform([](const auto &found) { return found.value_or(QString()); });
}

} // namespace muster
