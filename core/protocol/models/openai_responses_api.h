// OpenAI Responses, streamed, nothing kept by the provider: reasoning comes sealed and goes back as it came.
// Source: platform.openai.com/docs, "Responses" and "Streaming events".
#pragma once

#include "core/protocol/models/model_api.h"

namespace muster {

class OpenAiResponsesApi final : public ModelApi {
public:
    [[nodiscard]] ModelRequest encode(const ModelQuestion &question) const override;
    [[nodiscard]] std::unique_ptr<ModelDecoder> decoder() const override;
};

} // namespace muster
