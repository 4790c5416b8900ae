// The hot path of the Agent Client Protocol: nine in ten messages are a piece of text. Reads such a line in
// one pass of simdjson, envelope and all; whatever else a line is goes the general way. One thread.
#pragma once

#include <QByteArrayView>
#include <QString>

#include <memory>

namespace muster {

struct AcpChunk {
    enum class Kind : std::uint8_t { Text, Thinking };

    Kind kind = Kind::Text;
    QString sessionId;
    QString messageId; // empty if the agent gives none
    QString text;
};

class AcpChunkReader {
public:
    AcpChunkReader();
    ~AcpChunkReader();
    AcpChunkReader(const AcpChunkReader &) = delete;
    AcpChunkReader &operator=(const AcpChunkReader &) = delete;

    // False: not plainly a chunk of text, or its members stand in another order than agents write them.
    // LineFramer::padding bytes after `line` must be readable.
    [[nodiscard]] bool read(QByteArrayView line, AcpChunk &chunk);

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

} // namespace muster
