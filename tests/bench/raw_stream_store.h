// The reference of bench_agents: what agents said, written by plain SQLite calls as the same rows: text
// merged into chunks, everything else as events, 256 rows a commit, statements prepared once.
#pragma once

#include "tests/bench/raw_database.h"

#include <string>
#include <string_view>

namespace muster::bench {

class RawStreamStore {
public:
    static constexpr qsizetype chunkBytes = 256 * 1024; // as StreamRecorder merges a flood
    static constexpr int rowsPerCommit = 256;

    explicit RawStreamStore(const QString &file)
        : m_db(file, true)
        , m_chunk(m_db.prepare("INSERT INTO stream_chunks(task_id, channel, message_key, offset, at, text) "
                               "VALUES (1, 'text', 'msg_01J9Z8', ?, 5, ?)"))
        , m_event(m_db.prepare("INSERT INTO events(at, kind, task_id, session_id, source, data) "
                               "VALUES (5, 'session.tool_started', 1, 1, 'agent:1', ?)"))
    {
        m_db.run("BEGIN IMMEDIATE");
    }

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
        m_db.run("COMMIT");
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
        m_db.run("COMMIT");
        m_db.run("BEGIN IMMEDIATE");
        m_rows = 0;
    }
    void step(sqlite3_stmt *statement)
    {
        m_db.step(statement);
        if (++m_rows >= rowsPerCommit)
            commit();
    }

    RawDatabase m_db;
    sqlite3_stmt *m_chunk;
    sqlite3_stmt *m_event;
    std::string m_text;
    qint64 m_offset = 0;
    int m_rows = 0;
};

} // namespace muster::bench
