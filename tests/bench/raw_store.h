// The reference of bench_store: the same rows written by plain SQLite calls, statements prepared once.
#pragma once

#include "tests/bench/raw_database.h"

namespace muster::bench {

class RawStore {
public:
    RawStore(const QString &file, bool full)
        : m_db(file, full)
        , m_begin(m_db.prepare("BEGIN IMMEDIATE"))
        , m_commit(m_db.prepare("COMMIT"))
        , m_step(m_db.prepare("UPDATE step_runs SET status = 'running', started_at = 5 WHERE id = ?"))
        , m_event(m_db.prepare("INSERT INTO events(at, kind, run_id, step_id, source, data) "
                               "VALUES (5, 'step.status', ?, ?, 'node', '{\"status\":\"running\"}')"))
        , m_claim(m_db.prepare(
              "UPDATE tasks SET status = 'running', slot_claimed_at = 1, lease_epoch = lease_epoch + 1 "
              "WHERE id = ? AND status = 'queued' AND "
              "(SELECT count(*) FROM tasks WHERE slot_claimed_at IS NOT NULL) < 2"))
        , m_finish(m_db.prepare(
              "UPDATE tasks SET status = 'completed', slot_claimed_at = NULL, ended_at = 2 WHERE id = ?"))
    {
    }

    void begin() { m_db.step(m_begin); }
    void commit() { m_db.step(m_commit); }
    void transition(qint64 run, qint64 stepRun)
    {
        sqlite3_bind_int64(m_step, 1, stepRun);
        m_db.step(m_step);
        event(run, stepRun);
    }
    void event(qint64 run, qint64 stepRun)
    {
        sqlite3_bind_int64(m_event, 1, run);
        sqlite3_bind_int64(m_event, 2, stepRun);
        m_db.step(m_event);
    }
    void claimAndFinish(qint64 task)
    {
        sqlite3_bind_int64(m_claim, 1, task);
        m_db.step(m_claim);
        sqlite3_bind_int64(m_finish, 1, task);
        m_db.step(m_finish);
    }

private:
    RawDatabase m_db;
    sqlite3_stmt *m_begin;
    sqlite3_stmt *m_commit;
    sqlite3_stmt *m_step;
    sqlite3_stmt *m_event;
    sqlite3_stmt *m_claim;
    sqlite3_stmt *m_finish;
};

} // namespace muster::bench
