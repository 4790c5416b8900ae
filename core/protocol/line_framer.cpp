#include "core/protocol/line_framer.h"

#include <QString>

#include <simdjson.h>

#include <cstring>

namespace muster {

namespace {

// A buffer that once held a huge line is given back as soon as it is empty.
constexpr qsizetype keptCapacity = qsizetype{1024} * 1024;

static_assert(LineFramer::padding >= static_cast<qsizetype>(simdjson::SIMDJSON_PADDING));

} // namespace

LineFramer::LineFramer(qsizetype maxLine)
    : m_maxLine(maxLine)
{
}

void LineFramer::feed(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    makeRoom(bytes.size());
    std::memcpy(m_buffer.data() + m_end, bytes.data(), static_cast<size_t>(bytes.size()));
    m_end += bytes.size();
}

// Moves the unfinished line to the front. A line moves at most once: only when lines before it were taken.
void LineFramer::makeRoom(qsizetype bytes)
{
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.constData() + m_begin, static_cast<size_t>(m_end - m_begin));
        m_scanned -= m_begin;
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_end == 0 && m_buffer.size() > keptCapacity && bytes + padding < keptCapacity)
        m_buffer = QByteArray();
    const qsizetype wanted = m_end + bytes + padding;
    if (m_buffer.size() >= wanted)
        return;
    // Grown in place where the allocator can: a second huge buffer beside the first would double the peak.
    m_buffer.resize(std::max(wanted, std::min(m_buffer.size() * 2, m_maxLine + padding)));
}

std::optional<Frame> LineFramer::next()
{
    const char *data = m_buffer.constData();
    const void *found = m_scanned < m_end
                            ? std::memchr(data + m_scanned, '\n', static_cast<size_t>(m_end - m_scanned))
                            : nullptr;
    if (!found) {
        m_scanned = m_end;
        dropUnfinished();
        return std::nullopt;
    }
    const qsizetype end = static_cast<const char *>(found) - data;
    return take(end, end + 1);
}

std::optional<Frame> LineFramer::finish()
{
    if (m_giving || (m_begin == m_end && m_dropped == 0))
        return std::nullopt;
    return take(m_end, m_end);
}

void LineFramer::dropUnfinished()
{
    if (m_dropped == 0 && m_end - m_begin <= m_maxLine)
        return;
    m_dropped += m_end - m_begin;
    m_begin = m_scanned = m_end = 0;
    m_buffer = QByteArray();
}

Frame LineFramer::take(qsizetype end, qsizetype nextBegin)
{
    QByteArrayView line(m_buffer.constData() + m_begin, end - m_begin);
    Frame frame{.size = m_dropped + line.size()};
    m_begin = m_scanned = nextBegin;
    m_dropped = 0;
    if (frame.size > m_maxLine) {
        frame.kind = Frame::Kind::TooLong;
        return frame;
    }
    if (line.endsWith('\r'))
        line.chop(1);
    frame.line = line;
    if (!simdjson::validate_utf8(line.data(), static_cast<size_t>(line.size()))) {
        frame.invalidUtf8 = true;
        m_repaired = QString::fromUtf8(line).toUtf8();
        const qsizetype size = m_repaired.size();
        m_repaired.append(padding, '\0');
        frame.line = QByteArrayView(m_repaired).first(size);
    }
    return frame;
}

} // namespace muster
