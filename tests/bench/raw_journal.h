// The reference of bench_runs: the rows that a run left in a store, written again by plain SQLite calls:
// the row of the step, the attempt and the event of each transition, statements prepared once.
#pragma once

#include "tests/bench/raw_database.h"

#include <QByteArray>

#include <vector>

namespace muster::bench {

// One event of a run with the row that it is about.
struct Written {
    QByteArray kind;
    QByteArray data;
    QByteArray status; // of the step's row after it; empty: the row stays as it is
    QByteArray stepId;
    qint64 step = 0; // 0: of the run
    int item = -1;
    bool isTransition = false; // an attempt started or finished
};

[[nodiscard]] inline std::vector<Written> writtenBy(const QString &file)
{
    RawDatabase db(file, false);
    sqlite3_stmt *rows = db.prepare(
        "SELECT e.kind, e.data, coalesce(e.step_id, 0), coalesce(s.step_id, ''), coalesce(s.item_index, -1) "
        "FROM events e LEFT JOIN step_runs s ON s.id = e.step_id ORDER BY e.seq");
    const auto text = [&](int column) {
        return QByteArray(reinterpret_cast<const char *>(sqlite3_column_text(rows, column)));
    };
    std::vector<Written> all;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        Written one{.kind = text(0),
                    .data = text(1),
                    .status = {},
                    .stepId = text(3),
                    .step = sqlite3_column_int64(rows, 2),
                    .item = sqlite3_column_int(rows, 4)};
        one.isTransition = one.kind == "step.started" || one.kind == "step.finished";
        if (one.kind == "step.started")
            one.status = "running";
        else if (one.kind == "step.finished")
            one.status = "completed";
        else if (one.kind == "step.queued" || one.kind == "step.expanded" || one.kind == "step.prepared")
            one.status = "ready";
        all.push_back(one);
    }
    return all;
}

class RawJournal {
public:
    // `run`: of a run that is in the file.
    RawJournal(const QString &file, bool full, qint64 run)
        : m_db(file, full)
        , m_run(run)
        , m_step(m_db.prepare(
              "INSERT INTO step_runs(id, run_id, step_id, item_index, status, attempt, started_at, ended_at) "
              "VALUES (?, ?, ?, ?, ?, 1, 5, 6) ON CONFLICT(id) DO UPDATE SET status = excluded.status, "
              "attempt = excluded.attempt, started_at = excluded.started_at, ended_at = excluded.ended_at"))
        , m_attempt(m_db.prepare(
              "REPLACE INTO attempts(step_run_id, attempt, outcome, output, started_at, ended_at) "
              "VALUES (?, 1, 'ok', '', 5, 6)"))
        , m_event(m_db.prepare("INSERT INTO events(at, kind, project_id, run_id, step_id, source, data) "
                               "VALUES (5, ?, 1, ?, nullif(?, 0), 'flow', ?)"))
    {
    }

    void begin() { m_db.run("BEGIN IMMEDIATE"); }
    void commit() { m_db.run("COMMIT"); }
    void write(const Written &one)
    {
        if (!one.status.isEmpty())
            writeStep(one);
        if (one.isTransition) {
            sqlite3_bind_int64(m_attempt, 1, one.step);
            m_db.step(m_attempt);
        }
        bind(m_event, 1, one.kind);
        sqlite3_bind_int64(m_event, 2, m_run);
        sqlite3_bind_int64(m_event, 3, one.step);
        bind(m_event, 4, one.data);
        m_db.step(m_event);
    }

private:
    static void bind(sqlite3_stmt *statement, int at, const QByteArray &text)
    {
        sqlite3_bind_text(statement, at, text.constData(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    void writeStep(const Written &one)
    {
        sqlite3_bind_int64(m_step, 1, one.step);
        sqlite3_bind_int64(m_step, 2, m_run);
        bind(m_step, 3, one.stepId);
        sqlite3_bind_int(m_step, 4, one.item);
        bind(m_step, 5, one.status);
        m_db.step(m_step);
    }

    RawDatabase m_db;
    qint64 m_run;
    sqlite3_stmt *m_step;
    sqlite3_stmt *m_attempt;
    sqlite3_stmt *m_event;
};

} // namespace muster::bench
