#include "core/store/retention.h"

#include "core/store/search_index.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The oldest rows by id, as far as one of them is old: also what a clock that was wrong dated to the future.
struct Range {
    qint64 first = 0;
    qint64 last = 0; // 0: none
};

Result<Range> oldest(Connection &db, const QString &table, const QString &id, qint64 before, int rows)
{
    Statement statement = db.prepare(u"SELECT min(i), max(iif(at < ?, i, 0)) FROM (SELECT "_s + id +
                                     u" AS i, at FROM "_s + table + u" ORDER BY "_s + id + u" LIMIT ?)"_s);
    const auto row = statement.bind(before, rows).next();
    if (!row)
        return std::unexpected(row.error());
    Range range;
    statement.read(range.first, range.last);
    return range;
}

Result<bool> deleteRange(Connection &db, const QString &table, const QString &id, const Range &range,
                         int rows)
{
    return db.run(u"DELETE FROM "_s + table + u" WHERE "_s + id + u" <= ?"_s, range.last)
        .transform([rows](qint64 deleted) { return deleted >= rows; });
}

Result<bool> pruneEvents(Connection &db, qint64 before, int rows)
{
    const auto range = oldest(db, u"events"_s, u"seq"_s, before, rows);
    if (!range)
        return std::unexpected(range.error());
    if (range->last == 0)
        return false;
    if (const Status forgotten = SearchIndex(db).forgetEvents(range->first, range->last); !forgotten)
        return std::unexpected(forgotten.error());
    return deleteRange(db, u"events"_s, u"seq"_s, *range, rows);
}

Result<bool> pruneStreams(Connection &db, qint64 before, int rows)
{
    const auto range = oldest(db, u"stream_chunks"_s, u"id"_s, before, rows);
    if (!range)
        return std::unexpected(range.error());
    if (range->last == 0)
        return false;
    if (const Status forgotten = SearchIndex(db).forgetStreams(range->first, range->last); !forgotten)
        return std::unexpected(forgotten.error());
    return deleteRange(db, u"stream_chunks"_s, u"id"_s, *range, rows);
}

// Not those that have not ended, and not the last of a schedule.
Result<bool> pruneFirings(Connection &db, qint64 before, int rows)
{
    return db
        .run(
            u"DELETE FROM firings WHERE id IN (SELECT id FROM firings f WHERE fired_at < ? AND completed_at "
            "IS NOT NULL AND EXISTS (SELECT 1 FROM firings later WHERE later.schedule_id = f.schedule_id AND "
            "later.id > f.id) LIMIT ?)"_s,
            before, rows)
        .transform([rows](qint64 deleted) { return deleted >= rows; });
}

// What is up to `accounted_at` is never accounted for again, also without its record.
Result<bool> pruneOccurrences(Connection &db, qint64 before, int rows)
{
    return db
        .run(u"DELETE FROM occurrences WHERE (schedule_id, nominal_at) IN (SELECT schedule_id, nominal_at "
             "FROM occurrences WHERE at < ? AND NOT (outcome = 'delayed' AND firing_id IS NULL) LIMIT ?)"_s,
             before, rows)
        .transform([rows](qint64 deleted) { return deleted >= rows; });
}

} // namespace

Result<bool> pruneBatch(Connection &db, const Retention &retention, qint64 nowMs)
{
    const auto streams = pruneStreams(db, nowMs - retention.streamMs, retention.batch);
    if (!streams)
        return streams;
    const auto events = pruneEvents(db, nowMs - retention.eventMs, retention.batch);
    if (!events)
        return events;
    const auto firings = pruneFirings(db, nowMs - retention.firingMs, retention.batch);
    if (!firings)
        return firings;
    const auto occurrences = pruneOccurrences(db, nowMs - retention.eventMs, retention.batch);
    if (!occurrences)
        return occurrences;
    return *streams || *events || *firings || *occurrences;
}

} // namespace muster
