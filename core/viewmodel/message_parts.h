// MessagePart: an answer as a person reads it, in the order in which it came about: a paragraph of text, or
// the tool calls between two paragraphs. Pure, any thread.
#pragma once

#include "core/node/api/values.h"

namespace muster {

// Text, or tools: never both.
struct MessagePart {
    QString text;
    std::vector<api::ToolCall> tools;
};

// `tools` in the order in which they began. Offsets beyond the text stand at its end: the text of a running
// answer may be behind.
[[nodiscard]] std::vector<MessagePart> partsOf(const QString &text, const std::vector<api::ToolCall> &tools);

} // namespace muster
