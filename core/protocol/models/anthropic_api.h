// Anthropic Messages, streamed. Source: platform.claude.com/docs, "Messages" and "Streaming messages".
#pragma once

#include "core/protocol/models/model_api.h"

namespace muster {

class AnthropicApi final : public ModelApi {
public:
    [[nodiscard]] ModelRequest encode(const ModelQuestion &question) const override;
    [[nodiscard]] std::pair<QByteArray, QByteArray> keyHeader(const QByteArray &key) const override;
    [[nodiscard]] std::unique_ptr<ModelDecoder> decoder() const override;
};

} // namespace muster
