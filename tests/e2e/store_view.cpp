#include "tests/e2e/store_view.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QUuid>

namespace muster::e2e {

using namespace Qt::StringLiterals;

StoreView::StoreView(const QString &file)
    : m_name(QUuid::createUuid().toString())
    , m_db(QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name))
{
    m_db.setDatabaseName(file);
    m_db.setConnectOptions(u"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=20000"_s);
    m_db.open();
}

StoreView::~StoreView()
{
    m_db.close();
    m_db = {};
    QSqlDatabase::removeDatabase(m_name);
}

QStringList StoreView::rows(const QString &sql) const
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return {query.lastError().text() + u": "_s + sql};
    QStringList rows;
    while (query.next()) {
        QStringList columns;
        for (int i = 0; i < query.record().count(); ++i)
            columns += query.isNull(i) ? u"-"_s : query.value(i).toString();
        rows += columns.join(u'|');
    }
    return rows;
}

qint64 StoreView::number(const QString &sql) const
{
    const QStringList found = rows(sql);
    bool ok = false;
    const qint64 value = found.value(0).toLongLong(&ok);
    return ok ? value : -1;
}

QStringList StoreView::outcome(qint64 run) const
{
    const QString where = u" WHERE run_id = %1 "_s.arg(run);
    return rows(u"SELECT 'run', status, reason, detail FROM runs WHERE id = %1"_s.arg(run)) +
           rows(u"SELECT step_id, item_index, status, attempt, reason, detail, label, exit_code, output_text "
                "FROM step_runs %1 ORDER BY step_id, item_index"_s.arg(where)) +
           rows(u"SELECT 'task', substr(key, instr(key, '/')), status, failure_reason, exit_code "
                "FROM tasks %1 ORDER BY 2"_s.arg(where)) +
           rows(u"SELECT 'inbox', kind, status, title, answer FROM inbox %1 ORDER BY 2, 4"_s.arg(where));
}

QStringList StoreView::problems() const
{
    QStringList found;
    const auto mustBeEmpty = [&](const QString &what, const QString &sql) {
        const QStringList all = rows(sql);
        for (const QString &row : all)
            found += what + u": "_s + row;
    };
    if (const QStringList check = rows(u"PRAGMA integrity_check"_s); check != QStringList{u"ok"_s})
        found += check;
    mustBeEmpty(u"foreign key"_s, u"PRAGMA foreign_key_check"_s);
    mustBeEmpty(u"gap in the event log"_s,
                u"SELECT min(seq), max(seq), count(*) FROM events "
                "HAVING count(*) > 0 AND (min(seq) <> 1 OR max(seq) <> count(*))"_s);
    // Steps of a loop settle once a round.
    mustBeEmpty(
        u"settled more than once"_s,
        u"SELECT e.run_id, json_extract(e.data, '$.step') AS step, json_extract(e.data, '$.item') AS "
        "item, (SELECT count(*) FROM events r WHERE r.run_id = e.run_id AND r.kind = 'step.round' AND "
        "r.seq < e.seq) AS round, count(*) "
        "FROM events e WHERE e.kind = 'step.settled' GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"_s);
    for (const QString &kind : {u"step.queued"_s, u"step.finished"_s, u"task.queued"_s, u"task.finished"_s})
        mustBeEmpty(kind + u" more than once"_s,
                    u"SELECT run_id, json_extract(data, '$.key') AS key, count(*) FROM events "
                    "WHERE kind = '%1' GROUP BY 1, 2 HAVING count(*) > 1"_s.arg(kind));
    mustBeEmpty(
        u"run finished more than once"_s,
        u"SELECT run_id, count(*) FROM events WHERE kind = 'run.finished' GROUP BY 1 HAVING count(*) > 1"_s);
    mustBeEmpty(
        u"taken up after its end"_s,
        u"SELECT e.task_id, e.kind, e.seq FROM events e JOIN events f ON f.task_id = e.task_id AND "
        "f.kind = 'task.finished' AND f.seq < e.seq WHERE e.kind IN ('task.claimed', 'task.taken_over', "
        "'session.started', 'session.turn_started', 'session.tool_started')"_s);
    mustBeEmpty(u"a completed turn was repeated"_s,
                u"SELECT task_id, count(*) FROM events WHERE kind = 'session.turn_finished' AND "
                "json_extract(data, '$.outcome') = 'completed' GROUP BY 1 HAVING count(*) > 1"_s);
    mustBeEmpty(
        u"completed without its end in the log"_s,
        u"SELECT s.run_id, s.step_id, s.item_index, s.status FROM step_runs s WHERE s.status IN "
        "('completed', 'failed') AND NOT EXISTS (SELECT 1 FROM events e WHERE e.run_id = s.run_id AND "
        "e.kind = 'step.settled' AND json_extract(e.data, '$.step') = s.step_id AND "
        "json_extract(e.data, '$.item') = s.item_index)"_s);
    return found;
}

QStringList StoreView::loose() const
{
    QStringList found;
    for (const auto &[what, sql] :
         {std::pair{u"run"_s, u"SELECT id, status FROM runs WHERE ended_at IS NULL"_s},
          std::pair{u"step"_s, u"SELECT run_id, step_id, item_index, status FROM step_runs WHERE status IN "
                               "('pending', 'ready', 'running', 'waiting')"_s},
          std::pair{u"task"_s, u"SELECT id, key, status FROM tasks WHERE ended_at IS NULL OR "
                               "slot_claimed_at IS NOT NULL OR lease_owner <> ''"_s},
          std::pair{u"session"_s, u"SELECT id, task_id, state FROM sessions WHERE ended_at IS NULL"_s},
          std::pair{u"intent"_s, u"SELECT id, key, state FROM intents WHERE state <> 'done'"_s},
          std::pair{u"inbox"_s, u"SELECT id, key, title FROM inbox WHERE status = 'open'"_s}}) {
        const QStringList all = rows(sql);
        for (const QString &row : all)
            found += u"left open: %1 %2"_s.arg(what, row);
    }
    return found;
}

QStringList StoreView::markers() const { return rows(u"SELECT marker FROM sessions WHERE marker <> ''"_s); }

} // namespace muster::e2e
