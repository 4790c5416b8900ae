#include "core/store/event_repository.h"

#include "core/store/search_index.h"
#include "core/store/sql_text.h"

#include <QStringBuilder>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns()
{
    return u"seq, at, kind, project_id, run_id, step_id, task_id, session_id, conversation_id, inbox_id, "
           "source, data"_s;
}

auto fields(Event &e)
{
    return std::tie(e.seq, e.atMs, e.kind, e.refs.project, e.refs.run, e.refs.step, e.refs.task,
                    e.refs.session, e.refs.conversation, e.refs.inbox, e.source, e.data);
}

// A WHERE clause and what is bound to it, in step.
struct Condition {
    QString from = u" FROM events"_s;
    QString seq = u"seq"_s;
    QStringList parts;
    QVariantList values;

    void add(const QString &part, const QVariant &value)
    {
        parts += part;
        values += value;
    }
    template <typename Id> void addRef(const QString &column, Id id)
    {
        if (id.isValid())
            add(column % u" = ?", QVariant::fromValue(id.value));
    }
};

void addKinds(Condition &condition, const QStringList &kinds)
{
    QStringList any;
    for (const QString &kind : kinds) {
        if (kind.endsWith(u'.')) {
            // Between "run." and "run/": every text with that beginning, and no pattern to escape.
            any += u"(kind >= ? AND kind < ?)"_s;
            condition.values += kind;
            condition.values += QString(kind.chopped(1) % u'/');
        } else {
            any += u"kind = ?"_s;
            condition.values += kind;
        }
    }
    if (!any.isEmpty())
        condition.parts += QString(u'(' % any.join(u" OR ") % u')');
}

Condition conditionOf(const EventFilter &filter)
{
    Condition condition;
    // The order is that of selectivity: SQLite takes one partial index, the planner without statistics the
    // first.
    condition.addRef(u"session_id"_s, filter.refs.session);
    condition.addRef(u"task_id"_s, filter.refs.task);
    condition.addRef(u"run_id"_s, filter.refs.run);
    condition.addRef(u"conversation_id"_s, filter.refs.conversation);
    condition.addRef(u"step_id"_s, filter.refs.step);
    condition.addRef(u"inbox_id"_s, filter.refs.inbox);
    condition.addRef(u"project_id"_s, filter.refs.project);
    addKinds(condition, filter.kinds);
    if (filter.fromMs > 0)
        condition.add(u"at >= ?"_s, filter.fromMs);
    if (filter.toMs > 0)
        condition.add(u"at < ?"_s, filter.toMs);
    // The index drives then: it gives rows in order of sequence number, so that a page costs a page.
    const QString match = SearchIndex::matchExpression(filter.text);
    if (!match.isEmpty()) {
        condition.from = u" FROM event_search CROSS JOIN events ON seq = event_search.rowid"_s;
        condition.seq = u"event_search.rowid"_s;
        condition.add(u"event_search MATCH ?"_s, match);
    }
    return condition;
}

QString whereClause(const Condition &condition)
{
    return condition.parts.isEmpty() ? QString() : QString(u" WHERE " % condition.parts.join(u" AND "));
}

} // namespace

Result<qint64> EventRepository::append(const Event &event)
{
    static const QString sql = sql::insertInto(u"events", columns().sliced(5));
    const EventRefs &r = event.refs;
    return m_db.insert(sql, event.atMs, event.kind, r.project, r.run, r.step, r.task, r.session,
                       r.conversation, r.inbox, event.source, event.data);
}

Status EventRepository::append(std::span<Event> events)
{
    for (Event &event : events) {
        const auto seq = append(event);
        if (!seq)
            return std::unexpected(seq.error());
        event.seq = *seq;
    }
    return {};
}

Result<std::vector<Event>> EventRepository::slice(const EventFilter &filter, const EventSlice &slice)
{
    const bool newer = slice.direction == SliceDirection::Newer;
    Condition condition = conditionOf(filter);
    if (slice.seq > 0)
        condition.add(condition.seq % (newer ? u" > ?"_s : u" < ?"_s), slice.seq);
    const QString sql = u"SELECT " % columns() % condition.from % whereClause(condition) % u" ORDER BY " %
                        condition.seq % (newer ? u" ASC"_s : u" DESC"_s) % u" LIMIT ?";
    Statement statement = m_db.prepare(sql);
    for (const QVariant &value : std::as_const(condition.values))
        statement.bindRaw(value);
    statement.bind(std::clamp(slice.limit, 1, 10'000));
    auto events = Connection::collect<Event>(statement, fields);
    if (events && !newer)
        std::ranges::reverse(*events);
    return events;
}

Result<qint64> EventRepository::lastSeq()
{
    return m_db.value<qint64>(u"SELECT max(seq) FROM events"_s).transform([](const auto &seq) {
        return seq.value_or(0);
    });
}

Result<qint64> EventRepository::count(const EventFilter &filter, qint64 limit)
{
    const Condition condition = conditionOf(filter);
    const QString sql =
        u"SELECT count(*) FROM (SELECT 1" % condition.from % whereClause(condition) % u" LIMIT ?)";
    Statement statement = m_db.prepare(sql);
    for (const QVariant &value : std::as_const(condition.values))
        statement.bindRaw(value);
    const auto row = statement.bind(limit).next();
    if (!row)
        return std::unexpected(row.error());
    qint64 out = 0;
    statement.read(out);
    return out;
}

} // namespace muster
