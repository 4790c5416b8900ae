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

} // namespace

Result<bool> pruneBatch(Connection &db, const Retention &retention, qint64 nowMs)
{
    const auto streams = pruneStreams(db, nowMs - retention.streamMs, retention.batch);
    if (!streams)
        return streams;
    const auto events = pruneEvents(db, nowMs - retention.eventMs, retention.batch);
    if (!events)
        return events;
    return *streams || *events;
}

} // namespace muster
