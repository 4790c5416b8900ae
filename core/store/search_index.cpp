#include "core/store/search_index.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Part {
    QString name;  // in search_progress
    QString index; // the FTS table
    QString table; // where ids come from
    QString id;
    QString source;   // where the text comes from
    QString size;     // of a row's text in bytes, told without reading it
    QString complete; // only rows that will not change any more
};

constexpr qint64 bytesAtOnce = 512 * 1024;

Part eventPart()
{
    return {.name = u"event"_s,
            .index = u"event_search"_s,
            .table = u"events"_s,
            .id = u"seq"_s,
            .source = u"event_texts"_s,
            .size = u"octet_length(data)"_s,
            .complete = {}};
}

Part streamPart()
{
    return {.name = u"stream"_s,
            .index = u"stream_search"_s,
            .table = u"stream_chunks"_s,
            .id = u"id"_s,
            .source = u"stream_chunks"_s,
            .size = u"octet_length(text)"_s,
            .complete = {}};
}

Part messagePart()
{
    // In order of id, so one that is still being written holds back those after it until it is settled.
    return {.name = u"message"_s,
            .index = u"message_search"_s,
            .table = u"messages"_s,
            .id = u"id"_s,
            .source = u"messages"_s,
            .size = u"octet_length(text)"_s,
            .complete = u" AND id < coalesce((SELECT min(id) FROM messages WHERE status IN "
                        "('queued', 'pending', 'streaming')), 9223372036854775807)"_s};
}

Part partOf(SearchScope scope)
{
    switch (scope) {
    case SearchScope::Events:
        return eventPart();
    case SearchScope::Streams:
        return streamPart();
    case SearchScope::Messages:
        break;
    }
    return messagePart();
}

Result<qint64> progress(Connection &db, const Part &part)
{
    return db.value<qint64>(u"SELECT last_id FROM search_progress WHERE name = ?"_s, part.name)
        .transform([](const auto &id) { return id.value_or(0); });
}

struct SizedRow {
    qint64 id = 0;
    qint64 bytes = 0;
};

struct Batch {
    qint64 last = 0; // 0: there is nothing
    bool more = false;
};

// The next rows of a part in their order.
Result<Batch> nextBatch(Connection &db, const Part &part, qint64 after, int rows)
{
    const auto found = db.rows<SizedRow>(
        [](SizedRow &r) { return std::tie(r.id, r.bytes); },
        u"SELECT "_s + part.id + u", coalesce("_s + part.size + u", 0) FROM "_s + part.table + u" WHERE "_s +
            part.id + u" > ?"_s + part.complete + u" ORDER BY "_s + part.id + u" LIMIT ?"_s,
        after, rows);
    if (!found)
        return std::unexpected(found.error());
    Batch batch{.more = std::ssize(*found) >= rows};
    qint64 bytes = 0;
    for (const SizedRow &row : *found) {
        if (bytes >= bytesAtOnce) {
            batch.more = true;
            break;
        }
        bytes += row.bytes;
        batch.last = row.id;
    }
    return batch;
}

Result<bool> feedPart(Connection &db, const Part &part, int rows)
{
    const auto from = progress(db, part);
    if (!from)
        return std::unexpected(from.error());
    const auto next = nextBatch(db, part, *from, rows);
    if (!next)
        return std::unexpected(next.error());
    if (next->last == 0)
        return false;
    const auto fed = db.run(u"INSERT INTO "_s + part.index + u"(rowid, text) SELECT "_s + part.id +
                                u", text FROM "_s + part.source + u" WHERE "_s + part.id + u" > ? AND "_s +
                                part.id + u" <= ? AND text IS NOT NULL"_s,
                            *from, next->last);
    if (!fed)
        return std::unexpected(fed.error());
    return db.run(u"UPDATE search_progress SET last_id = ? WHERE name = ?"_s, next->last, part.name)
        .transform([&](qint64) { return next->more; });
}

// The index is told the text that it was given, since it keeps none.
Status forget(Connection &db, const Part &part, qint64 first, qint64 last)
{
    const auto fed = progress(db, part);
    if (!fed)
        return std::unexpected(fed.error());
    return db
        .run(u"INSERT INTO "_s + part.index + u"("_s + part.index + u", rowid, text) SELECT 'delete', "_s +
                 part.id + u", text FROM "_s + part.source + u" WHERE "_s + part.id + u" >= ? AND "_s +
                 part.id + u" <= ? AND text IS NOT NULL"_s,
             first, std::min(last, *fed))
        .transform([](qint64) {});
}

bool hasWord(const QString &text)
{
    return std::ranges::any_of(text, [](QChar c) { return c.isLetterOrNumber() || c.isSurrogate(); });
}

} // namespace

Result<bool> SearchIndex::feed(int rows)
{
    bool more = false;
    for (const Part &part : {eventPart(), streamPart(), messagePart()}) {
        const auto fed = feedPart(m_db, part, rows);
        if (!fed)
            return fed;
        more = more || *fed;
    }
    return more;
}

Result<std::vector<SearchHit>> SearchIndex::search(SearchScope scope, const QString &words, qint64 beforeId,
                                                   int limit)
{
    const QString match = matchExpression(words);
    if (match.isEmpty())
        return std::vector<SearchHit>();
    const QString index = partOf(scope).index;
    const qint64 before = beforeId > 0 ? beforeId : std::numeric_limits<qint64>::max();
    return m_db.rows<SearchHit>([](SearchHit &h) { return std::tie(h.id, h.snippet); },
                                u"SELECT rowid, snippet("_s + index +
                                    u", 0, char(2), char(3), '…', 16) FROM "_s + index + u" WHERE "_s +
                                    index + u" MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"_s,
                                match, before, limit);
}

Status SearchIndex::forgetEvents(qint64 firstSeq, qint64 lastSeq)
{
    return forget(m_db, eventPart(), firstSeq, lastSeq);
}

Status SearchIndex::forgetStreams(qint64 firstId, qint64 lastId)
{
    return forget(m_db, streamPart(), firstId, lastId);
}

QString SearchIndex::matchExpression(const QString &words)
{
    QStringList terms;
    const QStringList pieces =
        words.split(u'"'); // every second one was in quotation marks: words in that order
    for (qsizetype i = 0; i < pieces.size(); ++i) {
        const bool phrase = i % 2 == 1 && i + 1 < pieces.size();
        const QStringList parts =
            phrase ? QStringList{pieces.at(i)} : pieces.at(i).simplified().split(u' ', Qt::SkipEmptyParts);
        for (const QString &part : parts) {
            if (hasWord(part))
                terms += u'"' + part + u'"';
        }
    }
    // Still being typed: the last word may be a beginning, unless the text ends in a quotation mark.
    if (!terms.isEmpty() && !words.trimmed().endsWith(u'"'))
        terms.last() += u'*';
    return terms.join(u' ').remove(QChar::Null);
}

} // namespace muster
