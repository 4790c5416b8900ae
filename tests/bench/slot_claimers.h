// Who goes for the queue in bench_slots: through the repository, and by the plain conditional UPDATE that it
// is measured against, which takes the first of the index. Each has a connection of its own and works until
// nothing is queued.
#pragma once

#include "core/store/task_repository.h"
#include "tests/bench/raw_database.h"

#include <QThread>

namespace muster::bench {

inline constexpr int slotCap = 3;

// Asked after each claim in vain, and so often that counting them would be most of the work.
inline constexpr const char *anyQueued = "SELECT EXISTS (SELECT 1 FROM tasks WHERE status = 'queued')";

class OurClaimer {
public:
    OurClaimer(const QString &file, const QString &owner)
        : m_db(Connection::open({.file = file, .durability = Durability::Normal, .busyTimeoutMs = 30'000})
                   .value())
        , m_owner(owner)
    {
    }

    // 1: one was claimed and ended; 0: there was none, or no slot; -1: an error was shown.
    int next(qint64 *held)
    {
        TaskRepository tasks(*m_db);
        const auto claimed = tasks.claimNext({.owner = m_owner, .nowMs = 1});
        if (!claimed)
            return -1;
        if (!*claimed)
            return 0;
        if (held)
            *held = std::max(*held, count(QStringLiteral("slot_claimed_at IS NOT NULL")));
        const Status ended =
            tasks.finish((*claimed)->id, (*claimed)->lease.epoch, 2, {.status = TaskStatus::Completed});
        return ended ? 1 : -1;
    }
    bool isOver() { return m_db->value<qint64>(QString::fromLatin1(anyQueued)).value().value_or(-1) == 0; }

private:
    qint64 count(const QString &what)
    {
        return m_db->value<qint64>(QStringLiteral("SELECT count(*) FROM tasks WHERE ") + what)
            .value()
            .value_or(-1);
    }

    std::unique_ptr<Connection> m_db;
    QString m_owner;
};

class RawClaimer {
public:
    RawClaimer(const QString &file, const QString &)
        : m_db(file, false)
        , m_claim(
              (m_db.run("PRAGMA busy_timeout = 30000; CREATE INDEX IF NOT EXISTS raw_holding ON tasks(id) "
                        "WHERE slot_claimed_at IS NOT NULL"),
               m_db.prepare(
                   "UPDATE tasks SET status = 'running', slot_claimed_at = 1, lease_epoch = lease_epoch + "
                   "1 WHERE id = (SELECT id FROM tasks WHERE status = 'queued' AND pool = 'scheduled' "
                   "ORDER BY source = 'chat' DESC, answered DESC, priority DESC, queued_at, id LIMIT 1) AND "
                   "status = 'queued' AND (SELECT count(*) FROM tasks WHERE "
                   "slot_claimed_at IS NOT NULL) < 3 RETURNING id")))
        , m_finish(m_db.prepare(
              "UPDATE tasks SET status = 'completed', slot_claimed_at = NULL, ended_at = 2 WHERE id = ?"))
        , m_queued(m_db.prepare(anyQueued))
    {
    }

    int next(qint64 *)
    {
        const qint64 id = row(m_claim);
        if (id <= 0)
            return 0;
        sqlite3_bind_int64(m_finish, 1, id);
        m_db.step(m_finish);
        return 1;
    }
    bool isOver() { return row(m_queued) == 0; }

private:
    static qint64 row(sqlite3_stmt *statement)
    {
        qint64 value = -1;
        int code = sqlite3_step(statement);
        for (; code == SQLITE_ROW; code = sqlite3_step(statement))
            value = sqlite3_column_int64(statement, 0);
        if (code != SQLITE_DONE)
            qFatal("%s", sqlite3_errstr(code));
        sqlite3_reset(statement);
        return value;
    }

    RawDatabase m_db;
    sqlite3_stmt *m_claim;
    sqlite3_stmt *m_finish;
    sqlite3_stmt *m_queued;
};

// Gives how many errors were shown.
template <typename Claimer> int claimAll(Claimer &claimer, qint64 *held = nullptr)
{
    while (true) {
        const int got = claimer.next(held);
        if (got < 0)
            return 1;
        if (got > 0)
            continue;
        if (claimer.isOver())
            return 0;
        QThread::yieldCurrentThread();
    }
}

} // namespace muster::bench
