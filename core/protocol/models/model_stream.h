// ModelStream: the bytes of one HTTP answer, in any split, to events. What is no JSON object is passed over
// and counted. Always ends with one ModelStopped or ModelFailure once finish() was called; after that nothing
// more comes. Memory is bounded by the limits of SseParser, LineFramer and AnswerBuilder. Pure, one thread.
#pragma once

#include "core/protocol/line_framer.h"
#include "core/protocol/models/model_api.h"
#include "core/protocol/sse_parser.h"

namespace muster {

class ModelStream {
public:
    explicit ModelStream(const ModelApi &api);

    [[nodiscard]] ModelEvents feed(QByteArrayView bytes);
    // The connection has ended.
    [[nodiscard]] ModelEvents finish();

    [[nodiscard]] bool isEnded() const { return m_decoder->answer().isEnded(); }
    [[nodiscard]] const ModelMessage &message() const { return m_decoder->answer().message(); }
    [[nodiscard]] qint64 unreadable() const { return m_unreadable; }

private:
    void take(QByteArrayView data);
    void takeFrame(const Frame &frame);
    void tooLong();

    ModelFraming m_framing;
    std::unique_ptr<ModelDecoder> m_decoder;
    SseParser m_events;
    LineFramer m_lines;
    qint64 m_unreadable = 0;
};

} // namespace muster
