#include "core/protocol/models/model_api.h"

#include "core/protocol/models/anthropic_api.h"
#include "core/protocol/models/gemini_api.h"
#include "core/protocol/models/ollama_api.h"
#include "core/protocol/models/openai_chat_api.h"
#include "core/protocol/models/openai_responses_api.h"

namespace muster {

using namespace Qt::StringLiterals;

void ModelDecoder::streamEnded()
{
    answer().fail({.problem = ModelProblem::Dropped, .message = u"the stream ended before the answer"_s});
}

std::pair<QByteArray, QByteArray> ModelApi::keyHeader(const QByteArray &key) const
{
    return {"authorization", "Bearer " + key};
}

QStringList ModelApi::modelsIn(const QJsonObject &) const { return {}; }

std::unique_ptr<ModelApi> makeModelApi(ModelApiKind kind)
{
    switch (kind) {
    case ModelApiKind::Anthropic:
        return std::make_unique<AnthropicApi>();
    case ModelApiKind::Responses:
        return std::make_unique<OpenAiResponsesApi>();
    case ModelApiKind::Chat:
        return std::make_unique<OpenAiChatApi>();
    case ModelApiKind::Gemini:
        return std::make_unique<GeminiApi>();
    case ModelApiKind::Ollama:
        return std::make_unique<OllamaApi>();
    }
    Q_UNREACHABLE_RETURN(nullptr);
}

} // namespace muster
