#include "core/protocol/models/model_stream.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxLine = SseParser::defaultMaxLine;

} // namespace

ModelStream::ModelStream(const ModelApi &api)
    : m_framing(api.framing())
    , m_decoder(api.decoder())
    , m_lines(maxLine)
{
}

ModelEvents ModelStream::feed(QByteArrayView bytes)
{
    if (isEnded())
        return {};
    if (m_framing == ModelFraming::Lines) {
        m_lines.feed(bytes, [this](const Frame &frame) {
            takeFrame(frame);
            return !isEnded();
        });
        return m_decoder->answer().take();
    }
    m_events.feed(bytes);
    while (auto event = m_events.next()) {
        if (event->kind == SseEvent::Kind::TooLong)
            tooLong();
        else
            take(event->data);
    }
    return m_decoder->answer().take();
}

ModelEvents ModelStream::finish()
{
    if (m_framing == ModelFraming::Lines && !isEnded()) {
        if (const auto rest = m_lines.finish())
            takeFrame(*rest);
    }
    m_decoder->streamEnded();
    return m_decoder->answer().take();
}

void ModelStream::takeFrame(const Frame &frame)
{
    if (frame.kind == Frame::Kind::TooLong)
        tooLong();
    else if (!frame.line.trimmed().isEmpty())
        take(frame.line);
}

void ModelStream::take(QByteArrayView data)
{
    if (isEnded())
        return;
    if (data.trimmed() == "[DONE]") // how OpenAI and those like it say that nothing more comes
        return m_decoder->streamEnded();
    const QJsonDocument document = QJsonDocument::fromJson(data.toByteArray());
    if (document.isObject())
        m_decoder->take(document.object());
    else
        ++m_unreadable;
}

void ModelStream::tooLong()
{
    m_decoder->answer().fail(
        {.problem = ModelProblem::Protocol, .message = u"an event of the stream is too long"_s});
}

} // namespace muster
