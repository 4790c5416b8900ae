// What a node's store is measured against: a database of the same schema through plain SQLite calls. Any
// error ends the program.
#pragma once

#include <QFile>
#include <QString>

#include <sqlite3.h>

namespace muster::bench {

class RawDatabase {
public:
    RawDatabase(const QString &file, bool full)
    {
        sqlite3_open(QFile::encodeName(file).constData(), &m_db);
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA foreign_keys = ON");
        run(full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    }
    ~RawDatabase()
    {
        // What was prepared ends with it.
        while (sqlite3_stmt *statement = sqlite3_next_stmt(m_db, nullptr))
            sqlite3_finalize(statement);
        sqlite3_close(m_db);
    }
    RawDatabase(const RawDatabase &) = delete;
    RawDatabase &operator=(const RawDatabase &) = delete;

    void run(const char *sql)
    {
        if (sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(m_db));
    }
    [[nodiscard]] sqlite3_stmt *prepare(const char *sql)
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

private:
    sqlite3 *m_db = nullptr;
};

} // namespace muster::bench
