// Gemini streamGenerateContent, as server-sent events. The stream has no mark of its end but the reason in
// its last piece. A call's own piece goes back as it came, with its signature. Source: ai.google.dev/api,
// "Generating content", "Function calling", "Thought signatures".
#pragma once

#include "core/protocol/models/model_api.h"

namespace muster {

class GeminiApi final : public ModelApi {
public:
    [[nodiscard]] ModelRequest encode(const ModelQuestion &question) const override;
    [[nodiscard]] std::pair<QByteArray, QByteArray> keyHeader(const QByteArray &key) const override;
    [[nodiscard]] std::unique_ptr<ModelDecoder> decoder() const override;
};

} // namespace muster
