#include "core/store/intent_repository.h"

#include "core/store/row_helpers.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString selectIntents(const QString &where)
{
    return u"SELECT id, key, run_id, kind, data, state = 'done', result, recorded_at, done_at FROM intents WHERE "_s +
           where + u" ORDER BY id"_s;
}

auto fields(IntentRow &i)
{
    return std::tie(i.id, i.key, i.run, i.kind, i.data, i.done, i.result, i.recordedMs, i.doneMs);
}

} // namespace

Result<bool> IntentRepository::record(const IntentRow &intent)
{
    return m_db
        .run(u"INSERT INTO intents(key, run_id, kind, data, state, recorded_at) "
             "VALUES (?, ?, ?, ?, 'recorded', ?) ON CONFLICT(key) DO NOTHING"_s,
             intent.key, intent.run, intent.kind, intent.data, intent.recordedMs)
        .transform([](qint64 changed) { return changed == 1; });
}

Status IntentRepository::complete(const QString &key, const QJsonObject &result, qint64 nowMs)
{
    const auto changed = m_db.run(u"UPDATE intents SET state = 'done', result = ?, done_at = ? "
                                  "WHERE key = ? AND state = 'recorded'"_s,
                                  result, nowMs, key);
    if (!changed)
        return std::unexpected(changed.error());
    if (*changed == 1)
        return {};
    const auto present = find(key);
    if (!present)
        return std::unexpected(present.error());
    return fail(*present ? ErrorCode::Conflict : ErrorCode::NotFound, key, u"intents"_s);
}

Result<std::optional<IntentRow>> IntentRepository::find(const QString &key)
{
    static const QString sql = selectIntents(u"key = ?"_s);
    return sql::maybeRow<IntentRow>(m_db, fields, sql, key);
}

Result<std::vector<IntentRow>> IntentRepository::ofRun(RunId run)
{
    static const QString sql = selectIntents(u"run_id = ?"_s);
    return m_db.rows<IntentRow>(fields, sql, run);
}

Result<std::vector<IntentRow>> IntentRepository::open()
{
    static const QString sql = selectIntents(u"state = 'recorded'"_s);
    return m_db.rows<IntentRow>(fields, sql);
}

} // namespace muster
