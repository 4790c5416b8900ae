// LineFramer: bytes in any split to lines, as every agent protocol over stdio frames its messages. Pure.
//
// A line ends at '\n' only (U+2028 and a lone '\r' are text); one trailing '\r' is removed. NUL is text. A
// line of more than `maxLine` bytes is not kept: one TooLong frame with its full size comes when it ends, and
// framing goes on at the next line. Invalid UTF-8 is replaced by U+FFFD and the frame says so.
//
//   framer.feed(chunk);
//   while (auto frame = framer.next()) …     // always drain: that is what bounds the memory
//   framer.feed(chunk, [](const Frame &frame) { …; return isOpen; });       // both in one
//
// Memory: at most maxLine + one chunk. Time: linear in the bytes; no byte is searched twice. One thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace muster {

struct Frame {
    enum class Kind : std::uint8_t { Line, TooLong };

    Kind kind = Kind::Line;
    // The line without its end; `LineFramer::padding` more bytes after it may be read (simdjson does).
    // Valid until the next call of feed(), next() or finish(). Empty for TooLong.
    QByteArrayView line = {};
    qint64 size = 0; // bytes on the wire, without the '\n'
    bool invalidUtf8 = false;
};

class LineFramer {
public:
    static constexpr qsizetype defaultMaxLine = 64LL * 1024 * 1024;
    static constexpr qsizetype padding = 64;

    explicit LineFramer(qsizetype maxLine = defaultMaxLine);

    void feed(QByteArrayView bytes);
    [[nodiscard]] std::optional<Frame> next();
    // Feeds, and gives every frame to `take` until that answers false.
    template <typename Take> void feed(QByteArrayView bytes, Take take)
    {
        m_giving = true;
        feed(bytes);
        for (auto frame = next(); frame && take(*frame);)
            frame = next();
        m_giving = false;
    }
    // The stream has ended: what came after the last '\n', if anything. Call after next() gave nothing; from
    // within a `take` it gives nothing.
    [[nodiscard]] std::optional<Frame> finish();
    // Bytes held for a line that has not ended yet.
    [[nodiscard]] qsizetype pendingBytes() const { return m_end - m_begin; }

private:
    void makeRoom(qsizetype bytes);
    [[nodiscard]] Frame take(qsizetype end, qsizetype nextBegin);
    void dropUnfinished();

    qsizetype m_maxLine;
    QByteArray m_buffer;     // m_begin ≤ m_scanned ≤ m_end ≤ size - padding
    qsizetype m_begin = 0;   // of the current line
    qsizetype m_scanned = 0; // no '\n' in [m_begin, m_scanned)
    qsizetype m_end = 0;
    qint64 m_dropped = 0; // bytes of the current line already thrown away; 0 if it is kept
    QByteArray m_repaired;
    bool m_giving = false;
};

} // namespace muster
