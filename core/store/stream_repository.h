// What streams said, in merged chunks that are never changed once written (the full text index depends on
// that). Offsets count UTF-16 units within one channel and message. Thread of the connection; append on the
// writer.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/strong_id.h"
#include "core/store/connection.h"

#include <span>

namespace muster {

enum class StreamChannel : std::uint8_t { Text, Thinking, Tool, Terminal };

template <> struct EnumNames<StreamChannel> {
    static constexpr std::array table{
        std::pair{StreamChannel::Text, "text"}, std::pair{StreamChannel::Thinking, "thinking"},
        std::pair{StreamChannel::Tool, "tool"}, std::pair{StreamChannel::Terminal, "terminal"}};
};

struct StreamChunk {
    qint64 id = 0;
    SessionId session; // or, for what has no session (a shell step), none and `task`
    TaskId task;
    StreamChannel channel = StreamChannel::Text;
    QString messageKey; // message or tool call; a runtime that retries repeats text under a new one
    qint64 offset = 0;
    bool replaces = false; // tool output that replaces what was said before
    qint64 atMs = 0;
    QString text;
};

struct StreamQuery {
    SessionId session;
    TaskId task;                          // used when there is no session
    std::optional<StreamChannel> channel; // none: all
    std::optional<QString> messageKey;    // none: all
    qint64 afterId = 0;                   // go on after this chunk
    int limit = 1000;
};

class StreamRepository {
public:
    explicit StreamRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<qint64> append(const StreamChunk &chunk);
    [[nodiscard]] Status append(std::span<StreamChunk> chunks);                    // sets `id` of each
    [[nodiscard]] Result<std::vector<StreamChunk>> read(const StreamQuery &query); // in the order written
    // The newest `maxUnits` of text at most, oldest first.
    [[nodiscard]] Result<std::vector<StreamChunk>> tail(const StreamQuery &query, qint64 maxUnits);
    // Where the next chunk begins.
    [[nodiscard]] Result<qint64> units(const StreamQuery &query);

private:
    Connection &m_db;
};

} // namespace muster
