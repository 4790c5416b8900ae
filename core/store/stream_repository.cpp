#include "core/store/stream_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString columns() { return u"id, session_id, task_id, channel, message_key, offset, replaces, at, text"_s; }

auto fields(StreamChunk &c)
{
    return std::tie(c.id, c.session, c.task, c.channel, c.messageKey, c.offset, c.replaces, c.atMs, c.text);
}

Statement select(Connection &db, const StreamQuery &query, bool newestFirst)
{
    const bool bySession = query.session.isValid();
    QString sql = u"SELECT "_s + columns() + u" FROM stream_chunks WHERE "_s +
                  (bySession ? u"session_id = ?"_s : u"session_id IS NULL AND task_id = ?"_s);
    QVariantList values{bySession ? query.session.value : query.task.value};
    if (query.afterId > 0) {
        sql += u" AND id > ?"_s;
        values += query.afterId;
    }
    if (query.channel) {
        sql += u" AND channel = ?"_s;
        values += enumName(*query.channel);
    }
    if (query.messageKey) {
        sql += u" AND message_key = ?"_s;
        values += *query.messageKey;
    }
    sql += newestFirst ? u" ORDER BY id DESC"_s : u" ORDER BY id LIMIT ?"_s;
    Statement statement = db.prepare(sql);
    for (const QVariant &value : std::as_const(values))
        statement.bindRaw(value);
    if (!newestFirst)
        statement.bind(query.limit);
    return statement;
}

// But not within a surrogate pair.
void cutFront(StreamChunk &chunk, qint64 units)
{
    QStringView kept = QStringView(chunk.text).sliced(std::min<qint64>(units, chunk.text.size()));
    if (!kept.isEmpty() && kept.front().isLowSurrogate())
        kept = kept.sliced(1);
    chunk.offset += chunk.text.size() - kept.size();
    chunk.text = kept.toString();
}

} // namespace

Result<qint64> StreamRepository::append(const StreamChunk &chunk)
{
    return m_db.insert(
        u"INSERT INTO stream_chunks(session_id, task_id, channel, message_key, offset, replaces, at, "
        "text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
        chunk.session, chunk.task, chunk.channel, chunk.messageKey, chunk.offset, chunk.replaces, chunk.atMs,
        chunk.text);
}

Status StreamRepository::append(std::span<StreamChunk> chunks)
{
    for (StreamChunk &chunk : chunks) {
        const auto id = append(chunk);
        if (!id)
            return std::unexpected(id.error());
        chunk.id = *id;
    }
    return {};
}

Result<std::vector<StreamChunk>> StreamRepository::read(const StreamQuery &query)
{
    Statement statement = select(m_db, query, false);
    return Connection::collect<StreamChunk>(statement, fields);
}

Result<std::vector<StreamChunk>> StreamRepository::tail(const StreamQuery &query, qint64 maxUnits)
{
    Statement statement = select(m_db, query, true);
    std::vector<StreamChunk> chunks;
    qint64 units = 0;
    while (units < maxUnits) {
        const auto more = statement.next();
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            break;
        statement.readTuple(fields(chunks.emplace_back()));
        units += chunks.back().text.size();
    }
    if (units > maxUnits && !chunks.empty())
        cutFront(chunks.back(), units - maxUnits);
    std::ranges::reverse(chunks);
    return chunks;
}

Result<qint64> StreamRepository::units(const StreamQuery &query)
{
    return tail(query, 1).transform([](const std::vector<StreamChunk> &last) {
        return last.empty() ? qint64{0} : last.back().offset + last.back().text.size();
    });
}

} // namespace muster
