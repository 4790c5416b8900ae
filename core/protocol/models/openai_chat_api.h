// OpenAI Chat Completions, streamed, as many other servers speak it too: what they leave out or add is
// tolerated (no index or id of a call, no usage, no "[DONE]", thoughts beside the text).
// Source: platform.openai.com/docs, "Chat completions" and "Streaming".
#pragma once

#include "core/protocol/models/model_api.h"

namespace muster {

class OpenAiChatApi final : public ModelApi {
public:
    [[nodiscard]] ModelRequest encode(const ModelQuestion &question) const override;
    [[nodiscard]] std::unique_ptr<ModelDecoder> decoder() const override;
    [[nodiscard]] QString listPath() const override { return QStringLiteral("/models"); }
    [[nodiscard]] QStringList modelsIn(const QJsonObject &answer) const override;
};

// Tools as this format and Ollama's want them.
[[nodiscard]] QJsonArray functionTools(const std::vector<ModelTool> &tools);

} // namespace muster
