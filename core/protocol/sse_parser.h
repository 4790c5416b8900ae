// SseParser: bytes in any split to server-sent events. Pure, one thread.
// Source: html.spec.whatwg.org, "Server-sent events", parsing and interpreting an event stream.
//
// A line ends at LF, CR or CRLF; one byte order mark at the start is dropped; lines that begin with ':' are
// comments; what is left open when the stream ends is no event. A line of more than `maxLine` bytes, or an
// event whose data is more than `maxEvent`, is not kept: a TooLong event comes in its place where it ends.
// Invalid UTF-8 is replaced by U+FFFD.
//
//   parser.feed(chunk);
//   while (auto event = parser.next()) …     // always drain: that is what bounds the memory
//
// Memory: at most maxLine + maxEvent + one chunk. Time: linear in the bytes.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <deque>
#include <optional>

namespace muster {

struct SseEvent {
    enum class Kind : std::uint8_t { Event, TooLong };

    Kind kind = Kind::Event;
    QByteArray type = {}; // as the stream names it; empty: "message"
    QByteArray data = {};
    QByteArray lastId = {};
    qint64 size = 0; // bytes of data on the wire
};

class SseParser {
public:
    static constexpr qsizetype defaultMaxLine = 16LL * 1024 * 1024;
    static constexpr qsizetype defaultMaxEvent = 16LL * 1024 * 1024;

    explicit SseParser(qsizetype maxLine = defaultMaxLine, qsizetype maxEvent = defaultMaxEvent);

    void feed(QByteArrayView bytes);
    [[nodiscard]] std::optional<SseEvent> next();

    // The last "retry" of the stream, in milliseconds.
    [[nodiscard]] std::optional<qint64> retryMs() const { return m_retryMs; }
    // Bytes held for an event that has not ended yet.
    [[nodiscard]] qsizetype pendingBytes() const { return m_line.size() + m_data.size(); }

private:
    void addToLine(QByteArrayView bytes);
    void endLine();
    void takeField(QByteArrayView name, QByteArrayView value);
    void addData(QByteArrayView value);
    void dispatch();

    qsizetype m_maxLine;
    qsizetype m_maxEvent;
    QByteArray m_line;
    bool m_lineTooLong = false;
    bool m_afterCr = false; // an LF that comes next belongs to the line that has ended
    bool m_first = true;    // the first line may begin with a byte order mark
    QByteArray m_type;
    QByteArray m_data; // each line with its LF
    qint64 m_dataSize = 0;
    bool m_tooLong = false;
    QByteArray m_lastId;
    std::optional<qint64> m_retryMs;
    std::deque<SseEvent> m_events;
};

} // namespace muster
