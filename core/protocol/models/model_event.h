// What comes out of a model's stream, the same for all wire formats. Every stream ends with exactly one
// ModelStopped or ModelFailure. Value types, any thread.
#pragma once

#include "core/base/enum_names.h"
#include "core/protocol/models/model_conversation.h"

#include <QString>

#include <optional>
#include <variant>
#include <vector>

namespace muster {

struct ModelText {
    QString text;
};

struct ModelThinking {
    QString text;
};

struct ModelToolBegun {
    QString callId;
    QString tool;
};

// A piece of a call's input, which is JSON text.
struct ModelToolInput {
    QString callId;
    QString delta;
};

struct ModelToolReady {
    ModelPart call;
};

// Tokens of this one answer so far; later ones replace earlier ones. `input` holds the cached ones.
struct ModelUsage {
    qint64 input = 0;
    qint64 output = 0; // thoughts included
    qint64 cached = 0; // of the input, read from a cache

    friend bool operator==(const ModelUsage &, const ModelUsage &) = default;
};

enum class ModelStop : std::uint8_t { Done, ToolUse, OutputLimit, Refused };

template <> struct EnumNames<ModelStop> {
    static constexpr std::array table{
        std::pair{ModelStop::Done, "done"}, std::pair{ModelStop::ToolUse, "tool_use"},
        std::pair{ModelStop::OutputLimit, "output_limit"}, std::pair{ModelStop::Refused, "refused"}};
};

struct ModelStopped {
    ModelStop reason = ModelStop::Done;
    QString detail; // the provider's word
};

enum class ModelProblem : std::uint8_t {
    SignIn,           // no key, a bad key, or one that may not do this
    ModelUnavailable, // no such model, or not for this key
    RateLimited,
    Overloaded, // the provider's, not ours
    Billing,
    BadRequest, // also a conversation that is too long
    Server,
    Network, // not reached
    Dropped, // the stream ended before the answer did
    Protocol,
};

template <> struct EnumNames<ModelProblem> {
    static constexpr std::array table{
        std::pair{ModelProblem::SignIn, "sign_in"},
        std::pair{ModelProblem::ModelUnavailable, "model_unavailable"},
        std::pair{ModelProblem::RateLimited, "rate_limited"},
        std::pair{ModelProblem::Overloaded, "overloaded"},
        std::pair{ModelProblem::Billing, "billing"},
        std::pair{ModelProblem::BadRequest, "bad_request"},
        std::pair{ModelProblem::Server, "server"},
        std::pair{ModelProblem::Network, "network"},
        std::pair{ModelProblem::Dropped, "dropped"},
        std::pair{ModelProblem::Protocol, "protocol"},
    };
};

struct ModelFailure {
    ModelProblem problem = ModelProblem::Server;
    QString message;
    std::optional<qint64> resetAtMs = std::nullopt; // since the epoch: not before then
};

using ModelEvent = std::variant<ModelText, ModelThinking, ModelToolBegun, ModelToolInput, ModelToolReady,
                                ModelUsage, ModelStopped, ModelFailure>;
using ModelEvents = std::vector<ModelEvent>;

} // namespace muster
