// Why there is no session, told apart because each has its own advice (core/viewmodel/describe_runtime.h),
// and how a program's own words on stderr tell more than that it ended. Value types, any thread.
#pragma once

#include "core/base/enum_names.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace muster {

enum class LaunchProblem : std::uint8_t {
    None,
    NotInstalled,
    NotExecutable,
    WrongVersion,
    NotConfigured, // something that it needs to know is set nowhere
    WorkingDir,
    SystemRefused,
    CrashedBeforeFirstMessage,
    HandshakeTimeout,
    AuthRequired,
    BadKey,
    ModelUnavailable,
    Network,
    HandshakeRefused, // the agent answered the handshake with an error
    ProtocolError,
    RateLimited, // known to be, so that it is not begun
};

template <> struct EnumNames<LaunchProblem> {
    static constexpr std::array table{
        std::pair{LaunchProblem::None, "none"},
        std::pair{LaunchProblem::NotInstalled, "not_installed"},
        std::pair{LaunchProblem::NotExecutable, "not_executable"},
        std::pair{LaunchProblem::WrongVersion, "wrong_version"},
        std::pair{LaunchProblem::NotConfigured, "not_configured"},
        std::pair{LaunchProblem::WorkingDir, "working_dir"},
        std::pair{LaunchProblem::SystemRefused, "system_refused"},
        std::pair{LaunchProblem::CrashedBeforeFirstMessage, "crashed_before_first_message"},
        std::pair{LaunchProblem::HandshakeTimeout, "handshake_timeout"},
        std::pair{LaunchProblem::AuthRequired, "auth_required"},
        std::pair{LaunchProblem::BadKey, "bad_key"},
        std::pair{LaunchProblem::ModelUnavailable, "model_unavailable"},
        std::pair{LaunchProblem::Network, "network"},
        std::pair{LaunchProblem::HandshakeRefused, "handshake_refused"},
        std::pair{LaunchProblem::ProtocolError, "protocol_error"},
        std::pair{LaunchProblem::RateLimited, "rate_limited"},
    };
};

// Words in what a program says before it ends, and what they mean.
struct LaunchFailurePattern {
    QString pattern; // regular expression; from the catalog, never from an agent
    LaunchProblem problem = LaunchProblem::CrashedBeforeFirstMessage;
};

// The problem of the first pattern that fits `said`; else of the words that every runtime of Node.js and
// every resolver uses; else `otherwise`.
[[nodiscard]] LaunchProblem launchProblemOf(const std::vector<LaunchFailurePattern> &patterns,
                                            const QString &said, LaunchProblem otherwise);

} // namespace muster
