// The states of an agent session and every way from one to another, as a table: what is not in it does not
// happen. Pure, any thread.
#pragma once

#include "core/base/enum_names.h"

#include <cstdint>
#include <optional>

namespace muster {

enum class SessionState : std::uint8_t {
    Idle,       // not started
    Starting,   // process and handshake
    Ready,      // waits for a prompt
    Prompting,  // a turn runs
    Cancelling, // the agent was asked to end the turn
    Stopping,   // the process tree is being ended
    Ended,      // the tree is verified gone, or its survivors are named
};

enum class SessionInput : std::uint8_t {
    Start,
    Opened,
    OpenFailed,
    LaunchFailed, // there never was a process
    PromptSent,
    TurnFinished,
    CancelAsked,
    CancelTimedOut,
    StopAsked,
    ProcessExited,
    TreeGone,
};

template <> struct EnumNames<SessionState> {
    static constexpr std::array table{
        std::pair{SessionState::Idle, "idle"},
        std::pair{SessionState::Starting, "starting"},
        std::pair{SessionState::Ready, "ready"},
        std::pair{SessionState::Prompting, "prompting"},
        std::pair{SessionState::Cancelling, "cancelling"},
        std::pair{SessionState::Stopping, "stopping"},
        std::pair{SessionState::Ended, "ended"},
    };
};

template <> struct EnumNames<SessionInput> {
    static constexpr std::array table{
        std::pair{SessionInput::Start, "start"},
        std::pair{SessionInput::Opened, "opened"},
        std::pair{SessionInput::OpenFailed, "open_failed"},
        std::pair{SessionInput::LaunchFailed, "launch_failed"},
        std::pair{SessionInput::PromptSent, "prompt_sent"},
        std::pair{SessionInput::TurnFinished, "turn_finished"},
        std::pair{SessionInput::CancelAsked, "cancel_asked"},
        std::pair{SessionInput::CancelTimedOut, "cancel_timed_out"},
        std::pair{SessionInput::StopAsked, "stop_asked"},
        std::pair{SessionInput::ProcessExited, "process_exited"},
        std::pair{SessionInput::TreeGone, "tree_gone"},
    };
};

// nullopt: the input means nothing in this state and is ignored.
[[nodiscard]] std::optional<SessionState> nextState(SessionState state, SessionInput input);

[[nodiscard]] constexpr bool isInTurn(SessionState state)
{
    return state == SessionState::Prompting || state == SessionState::Cancelling;
}

[[nodiscard]] constexpr bool takesPrompts(SessionState state)
{
    return state == SessionState::Starting || state == SessionState::Ready ||
           state == SessionState::Prompting || state == SessionState::Cancelling;
}

} // namespace muster
