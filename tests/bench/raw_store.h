// The reference of bench_store: the same rows written by plain SQLite calls, statements prepared once.
#pragma once

#include <QFile>
#include <QString>

#include <sqlite3.h>

namespace muster::bench {

class RawStore {
public:
    RawStore(const QString &file, bool full)
    {
        sqlite3_open(QFile::encodeName(file).constData(), &m_db);
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA foreign_keys = ON");
        run(full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        prepareAll();
    }
    ~RawStore()
    {
        for (sqlite3_stmt *statement : {m_begin, m_commit, m_step, m_event, m_claim, m_finish})
            sqlite3_finalize(statement);
        sqlite3_close(m_db);
    }
    RawStore(const RawStore &) = delete;
    RawStore &operator=(const RawStore &) = delete;

    void begin() { step(m_begin); }
    void commit() { step(m_commit); }
    void transition(qint64 run, qint64 stepRun)
    {
        sqlite3_bind_int64(m_step, 1, stepRun);
        step(m_step);
        event(run, stepRun);
    }
    void event(qint64 run, qint64 stepRun)
    {
        sqlite3_bind_int64(m_event, 1, run);
        sqlite3_bind_int64(m_event, 2, stepRun);
        step(m_event);
    }
    void claimAndFinish(qint64 task)
    {
        sqlite3_bind_int64(m_claim, 1, task);
        step(m_claim);
        sqlite3_bind_int64(m_finish, 1, task);
        step(m_finish);
    }

private:
    void prepareAll()
    {
        m_begin = prepare("BEGIN IMMEDIATE");
        m_commit = prepare("COMMIT");
        m_step = prepare("UPDATE step_runs SET status = 'running', started_at = 5 WHERE id = ?");
        m_event = prepare("INSERT INTO events(at, kind, run_id, step_id, source, data) "
                          "VALUES (5, 'step.status', ?, ?, 'node', '{\"status\":\"running\"}')");
        m_claim =
            prepare("UPDATE tasks SET status = 'running', slot_claimed_at = 1, lease_epoch = lease_epoch + 1 "
                    "WHERE id = ? AND status = 'queued' AND "
                    "(SELECT count(*) FROM tasks WHERE slot_claimed_at IS NOT NULL) < 2");
        m_finish = prepare(
            "UPDATE tasks SET status = 'completed', slot_claimed_at = NULL, ended_at = 2 WHERE id = ?");
    }
    void run(const char *sql) { sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr); }
    sqlite3_stmt *prepare(const char *sql)
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_db, sql, -1, &statement, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(m_db));
        return statement;
    }
    void step(sqlite3_stmt *statement)
    {
        if (sqlite3_step(statement) != SQLITE_DONE)
            qFatal("%s", sqlite3_errmsg(m_db));
        sqlite3_reset(statement);
    }

    sqlite3 *m_db = nullptr;
    sqlite3_stmt *m_begin = nullptr;
    sqlite3_stmt *m_commit = nullptr;
    sqlite3_stmt *m_step = nullptr;
    sqlite3_stmt *m_event = nullptr;
    sqlite3_stmt *m_claim = nullptr;
    sqlite3_stmt *m_finish = nullptr;
};

} // namespace muster::bench
