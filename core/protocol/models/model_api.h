// ModelApi: one wire format of model providers: a question to an HTTP request, and the stream that answers it
// to events. Encoders and decoders are pure and own no policy: no network, no clock, no retries. Five of them
// share this interface; what differs between providers of one format is data of the runtime catalog.
#pragma once

#include "core/protocol/models/answer_builder.h"
#include "core/protocol/models/model_event.h"

#include <QByteArray>
#include <QJsonObject>

#include <memory>
#include <utility>
#include <vector>

namespace muster {

enum class ModelApiKind : std::uint8_t { Anthropic, Responses, Chat, Gemini, Ollama };

template <> struct EnumNames<ModelApiKind> {
    static constexpr std::array table{
        std::pair{ModelApiKind::Anthropic, "anthropic"}, std::pair{ModelApiKind::Responses, "responses"},
        std::pair{ModelApiKind::Chat, "chat"}, std::pair{ModelApiKind::Gemini, "gemini"},
        std::pair{ModelApiKind::Ollama, "ollama"}};
};

enum class ModelFraming : std::uint8_t { Events, Lines }; // server-sent events, or JSON objects one a line

struct ModelRequest {
    QString path;                                           // after the base address, with its query
    std::vector<std::pair<QByteArray, QByteArray>> headers; // without the key
    QJsonObject body;
};

// What a provider streams, one event at a time. Of one answer; one thread.
class ModelDecoder {
public:
    ModelDecoder() = default;
    ModelDecoder(const ModelDecoder &) = delete;
    ModelDecoder &operator=(const ModelDecoder &) = delete;
    virtual ~ModelDecoder() = default;

    virtual void take(const QJsonObject &event) = 0;
    // No more will come, by a mark of the provider or by the connection's end.
    virtual void streamEnded();

    [[nodiscard]] AnswerBuilder &answer() { return m_answer; }

private:
    AnswerBuilder m_answer;
};

class ModelApi {
public:
    ModelApi() = default;
    ModelApi(const ModelApi &) = delete;
    ModelApi &operator=(const ModelApi &) = delete;
    virtual ~ModelApi() = default;

    [[nodiscard]] virtual ModelRequest encode(const ModelQuestion &question) const = 0;
    // How the key is shown to the provider.
    [[nodiscard]] virtual std::pair<QByteArray, QByteArray> keyHeader(const QByteArray &key) const;
    [[nodiscard]] virtual ModelFraming framing() const { return ModelFraming::Events; }
    [[nodiscard]] virtual std::unique_ptr<ModelDecoder> decoder() const = 0;

    // Where the server lists its models, and their ids in its answer; empty: a model must be named.
    [[nodiscard]] virtual QString listPath() const { return {}; }
    [[nodiscard]] virtual QStringList modelsIn(const QJsonObject &answer) const;
};

[[nodiscard]] std::unique_ptr<ModelApi> makeModelApi(ModelApiKind kind);

} // namespace muster
