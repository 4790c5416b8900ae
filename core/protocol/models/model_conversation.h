// A conversation with a model as the five wire formats share it: what was said, which tools were called, what
// came of it. A part that a provider wants back unchanged (signed thoughts, sealed reasoning) keeps its own
// JSON in `raw`. Value types with JSON, any thread. Never rename a published key: conversations are files.
#pragma once

#include "core/base/json_codec.h"

#include <vector>

namespace muster {

enum class ModelPartKind : std::uint8_t { Text, Thinking, ToolCall, ToolResult };

template <> struct EnumNames<ModelPartKind> {
    static constexpr std::array table{
        std::pair{ModelPartKind::Text, "text"}, std::pair{ModelPartKind::Thinking, "thinking"},
        std::pair{ModelPartKind::ToolCall, "tool_call"}, std::pair{ModelPartKind::ToolResult, "tool_result"}};
};

struct ModelPart {
    ModelPartKind kind = ModelPartKind::Text;
    QString text;        // of text, thinking, a result; of a call that could not be read: what it was
    QString callId;      // of a call and its result
    QString tool;        // name, of a call and its result
    QJsonObject input;   // of a call
    bool failed = false; // of a result; of a call: its input is no JSON object
    QJsonObject raw;

    friend bool operator==(const ModelPart &, const ModelPart &) = default;
};

enum class ModelRole : std::uint8_t { Person, Model }; // results of tools are on the person's side

template <> struct EnumNames<ModelRole> {
    static constexpr std::array table{std::pair{ModelRole::Person, "person"},
                                      std::pair{ModelRole::Model, "model"}};
};

struct ModelMessage {
    ModelRole role = ModelRole::Person;
    std::vector<ModelPart> parts;

    friend bool operator==(const ModelMessage &, const ModelMessage &) = default;
};

struct ModelTool {
    QString name;
    QString description;
    QJsonObject schema; // JSON Schema of an object
};

// One question to a model: all that its answer depends on.
struct ModelQuestion {
    QString model;
    QString instructions;
    std::vector<ModelTool> tools;
    std::vector<ModelMessage> messages;
    int maxOutputTokens = 32'000; // told where the wire format asks for it
    bool sealedReasoning = true;  // ask for reasoning that can be given back, where the provider has that
};

template <> struct Fields<ModelPart> {
    using T = ModelPart;
    static constexpr auto list =
        std::tuple{field("kind", &T::kind), field("text", &T::text),   field("call", &T::callId),
                   field("tool", &T::tool), field("input", &T::input), field("failed", &T::failed),
                   field("raw", &T::raw)};
};

template <> struct Fields<ModelMessage> {
    using T = ModelMessage;
    static constexpr auto list = std::tuple{field("role", &T::role), field("parts", &T::parts)};
};

} // namespace muster
