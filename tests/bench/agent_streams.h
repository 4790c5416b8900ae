// Streams of agents for benchmarks: so many events of 377 bytes each, as recorded ones are on average, whose
// texts are numbered so that the last can be looked for.
#pragma once

#include <QByteArray>
#include <QString>

namespace muster::bench {

inline constexpr qsizetype eventBytes = 377;

enum class StreamKind : std::uint8_t {
    Acp,       // the Agent Client Protocol, its members in the order in which most agents write them
    AcpSorted, // the same, sorted as some JSON libraries do
    AcpTools,  // every tenth event is a tool's start or end
    Claude,    // stream-JSON of Claude Code, partial messages
};

inline QByteArray textOf(int number, qsizetype size)
{
    static const QByteArray words =
        QByteArray("the reader looks at each part of it and says what it does ").repeated(8);
    QByteArray text = " n" + QByteArray::number(number) + ' ' + words;
    text.truncate(size);
    if (number % 4 == 0)
        text.replace(size - 2, 2, "\\n");
    return text;
}

// `frame` has one '@', where the text stands.
inline QByteArray framed(const QByteArray &frame, int number)
{
    QByteArray line = frame;
    const qsizetype room = eventBytes - (frame.size() - 1) - 1;
    return line.replace('@', textOf(number, room)) + '\n';
}

inline QByteArray acpEvent(int number, bool sorted)
{
    static const QByteArray usual =
        R"({"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"2a6d3c1e-session","update":{)"
        R"("sessionUpdate":"agent_message_chunk","messageId":"msg_01J9Z8","content":{"type":"text","text":"@"}}}})";
    static const QByteArray other =
        R"({"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"2a6d3c1e-session","update":{)"
        R"("content":{"text":"@","type":"text"},"messageId":"msg_01J9Z8","sessionUpdate":"agent_message_chunk"}}})";
    return framed(sorted ? other : usual, number);
}

inline QByteArray acpToolEvent(int number)
{
    const QByteArray id = QByteArray::number(number / 20);
    const bool starts = number % 20 == 0;
    return framed(
        R"({"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"2a6d3c1e-session","update":{)"
        R"("sessionUpdate":")" +
            QByteArray(starts ? R"(tool_call","kind":"read","status":"in_progress)"
                              : R"(tool_call_update","status":"completed)") +
            R"(","toolCallId":"call_)" + id + R"(","title":"@"}}})",
        number);
}

inline QByteArray claudeEvent(int number)
{
    static const QByteArray frame =
        R"({"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
        R"("text":"@"}},"session_id":"2a6d3c1e-5f0b-4d5e-9d6e-0a1b2c3d4e5f","parent_tool_use_id":null,)"
        R"("uuid":"7b1f0e9d-8c7a-4b6c-8d5e-4f3a2b1c0d9e"})";
    return framed(frame, number);
}

inline QByteArray agentStream(StreamKind kind, int events)
{
    QByteArray stream;
    stream.reserve(eventBytes * events);
    for (int i = 1; i <= events; ++i) {
        switch (kind) {
        case StreamKind::Acp:
        case StreamKind::AcpSorted:
            stream += acpEvent(i, kind == StreamKind::AcpSorted);
            break;
        case StreamKind::AcpTools:
            stream += i % 10 == 0 ? acpToolEvent(i) : acpEvent(i, false);
            break;
        case StreamKind::Claude:
            stream += claudeEvent(i);
            break;
        }
    }
    return stream;
}

} // namespace muster::bench
