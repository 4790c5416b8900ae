// The reference of bench_agents: what agents said, written by plain SQLite calls as the same rows: text
// merged into chunks, everything else as events, 256 rows a commit, statements prepared once.
#pragma once

#include <QFile>
#include <QString>

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace muster::bench {

class RawStreamStore {
public:
    static constexpr qsizetype chunkBytes = 256 * 1024; // as StreamRecorder merges a flood
    static constexpr int rowsPerCommit = 256;

    explicit RawStreamStore(const QString &file)
    {
        sqlite3_open(QFile::encodeName(file).constData(), &m_db);
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA foreign_keys = ON");
        run("PRAGMA synchronous = FULL");
        // NOLINTBEGIN(cppcoreguidelines-prefer-member-initializer): after the pragmas
        m_chunk = prepare("INSERT INTO stream_chunks(task_id, channel, message_key, offset, at, text) "
                          "VALUES (1, 'text', 'msg_01J9Z8', ?, 5, ?)");
        m_event = prepare("INSERT INTO events(at, kind, task_id, session_id, source, data) "
                          "VALUES (5, 'session.tool_started', 1, 1, 'agent:1', ?)");
        // NOLINTEND(cppcoreguidelines-prefer-member-initializer)
        run("BEGIN IMMEDIATE");
    }
    ~RawStreamStore()
    {
        sqlite3_finalize(m_chunk);
        sqlite3_finalize(m_event);
        sqlite3_close(m_db);
    }
    RawStreamStore(const RawStreamStore &) = delete;
    RawStreamStore &operator=(const RawStreamStore &) = delete;

    void text(std::string_view text)
    {
        m_text += text;
        if (static_cast<qsizetype>(m_text.size()) >= chunkBytes)
            writeText();
    }
    void event(const std::string &json)
    {
        sqlite3_bind_text(m_event, 1, json.data(), static_cast<int>(json.size()), SQLITE_STATIC);
        step(m_event);
    }
    void finish()
    {
        if (!m_text.empty())
            writeText();
        run("COMMIT");
    }

private:
    void writeText()
    {
        sqlite3_bind_int64(m_chunk, 1, m_offset);
        sqlite3_bind_text(m_chunk, 2, m_text.data(), static_cast<int>(m_text.size()), SQLITE_STATIC);
        m_offset += static_cast<qint64>(m_text.size());
        step(m_chunk);
        m_text.clear();
        commit(); // a flood's chunk is a commit of its own with us too
    }
    void commit()
    {
        run("COMMIT");
        run("BEGIN IMMEDIATE");
        m_rows = 0;
    }
    void run(const char *sql)
    {
        if (sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(m_db));
    }
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
        if (++m_rows >= rowsPerCommit)
            commit();
    }

    sqlite3 *m_db = nullptr;
    sqlite3_stmt *m_chunk = nullptr;
    sqlite3_stmt *m_event = nullptr;
    std::string m_text;
    qint64 m_offset = 0;
    int m_rows = 0;
};

} // namespace muster::bench
