// Ollama's own /api/chat: a JSON object a line. Calls come whole and without ids.
// Source: docs.ollama.com/api, "Generate a chat message".
#pragma once

#include "core/protocol/models/model_api.h"

namespace muster {

class OllamaApi final : public ModelApi {
public:
    [[nodiscard]] ModelRequest encode(const ModelQuestion &question) const override;
    [[nodiscard]] ModelFraming framing() const override { return ModelFraming::Lines; }
    [[nodiscard]] std::unique_ptr<ModelDecoder> decoder() const override;
    [[nodiscard]] QString listPath() const override { return QStringLiteral("/api/tags"); }
    [[nodiscard]] QStringList modelsIn(const QJsonObject &answer) const override;
};

} // namespace muster
