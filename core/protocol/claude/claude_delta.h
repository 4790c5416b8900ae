// The hot path of stream-JSON: most lines are a piece of text. Reads such a line in one pass of simdjson,
// envelope and all; whatever else a line is goes the general way. One thread.
#pragma once

#include <QByteArrayView>
#include <QString>

#include <memory>

namespace muster {

struct ClaudeDelta {
    bool thinking = false;
    QString text;
};

class ClaudeDeltaReader {
public:
    ClaudeDeltaReader();
    ~ClaudeDeltaReader();
    ClaudeDeltaReader(const ClaudeDeltaReader &) = delete;
    ClaudeDeltaReader &operator=(const ClaudeDeltaReader &) = delete;

    // False: not plainly a piece of the agent's own text, or its members stand in another order than agents
    // write them, or it is a sub-agent's. LineFramer::padding bytes after `line` must be readable.
    [[nodiscard]] bool read(QByteArrayView line, ClaudeDelta &delta);

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

} // namespace muster
