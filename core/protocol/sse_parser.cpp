#include "core/protocol/sse_parser.h"

#include <QString>

#include <algorithm>

namespace muster {

namespace {

// A buffer that once held something huge is given back as soon as it is empty.
constexpr qsizetype keptCapacity = qsizetype{64} * 1024;

void clear(QByteArray &buffer)
{
    if (buffer.capacity() > keptCapacity)
        buffer = QByteArray();
    else
        buffer.resize(0);
}

QByteArray repaired(QByteArrayView bytes)
{
    return bytes.isValidUtf8() ? bytes.toByteArray() : QString::fromUtf8(bytes).toUtf8();
}

std::optional<qint64> digits(QByteArrayView value)
{
    const auto isDigit = [](char c) {
        return c >= '0' && c <= '9';
    };
    bool fits = false;
    const qint64 number = value.toLongLong(&fits);
    return fits && std::ranges::all_of(value, isDigit) ? std::optional(number) : std::nullopt;
}

} // namespace

SseParser::SseParser(qsizetype maxLine, qsizetype maxEvent)
    : m_maxLine(maxLine)
    , m_maxEvent(maxEvent)
{
}

void SseParser::feed(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        if (std::exchange(m_afterCr, false) && bytes.front() == '\n') {
            bytes = bytes.sliced(1);
            continue;
        }
        const auto *const end = std::ranges::find_if(bytes, [](char c) { return c == '\n' || c == '\r'; });
        const qsizetype size = end - bytes.begin();
        addToLine(bytes.first(size));
        if (size == bytes.size())
            return;
        m_afterCr = bytes[size] == '\r';
        endLine();
        bytes = bytes.sliced(size + 1);
    }
}

std::optional<SseEvent> SseParser::next()
{
    if (m_events.empty())
        return std::nullopt;
    SseEvent event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

void SseParser::addToLine(QByteArrayView bytes)
{
    if (m_line.size() + bytes.size() > m_maxLine)
        m_lineTooLong = true;
    if (!m_lineTooLong) {
        m_line += bytes;
        return;
    }
    // The rest only counts, as part of the data that it most likely is.
    m_dataSize += m_line.size() + bytes.size();
    clear(m_line);
}

void SseParser::endLine()
{
    QByteArrayView line(m_line);
    if (std::exchange(m_first, false) && line.startsWith("\xEF\xBB\xBF"))
        line = line.sliced(3);
    if (std::exchange(m_lineTooLong, false)) {
        m_tooLong = true;
        clear(m_data);
    } else if (line.isEmpty()) {
        dispatch();
    } else if (line.front() != ':') {
        const qsizetype colon = line.indexOf(':');
        QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
        if (value.startsWith(' '))
            value = value.sliced(1);
        takeField(colon < 0 ? line : line.first(colon), value);
    }
    clear(m_line);
}

void SseParser::takeField(QByteArrayView name, QByteArrayView value)
{
    if (name == "data")
        addData(value);
    else if (name == "event")
        m_type = repaired(value);
    else if (name == "id" && !value.contains('\0'))
        m_lastId = repaired(value);
    else if (name == "retry")
        m_retryMs = digits(value).or_else([this] { return m_retryMs; });
}

void SseParser::addData(QByteArrayView value)
{
    m_dataSize += value.size() + 1;
    m_tooLong = m_tooLong || m_dataSize - 1 > m_maxEvent;
    if (m_tooLong) {
        clear(m_data);
        return;
    }
    m_data += value;
    m_data += '\n';
}

void SseParser::dispatch()
{
    if (m_tooLong)
        m_events.push_back({.kind = SseEvent::Kind::TooLong, .type = m_type, .size = m_dataSize});
    else if (!m_data.isEmpty())
        m_events.push_back({.kind = SseEvent::Kind::Event,
                            .type = m_type,
                            .data = repaired(QByteArrayView(m_data).chopped(1)),
                            .lastId = m_lastId,
                            .size = m_dataSize - 1});
    m_type.clear();
    clear(m_data);
    m_dataSize = 0;
    m_tooLong = false;
}

} // namespace muster
