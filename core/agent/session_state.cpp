#include "core/agent/session_state.h"

namespace muster {

namespace {

using S = SessionState;
using I = SessionInput;

struct Transition {
    S from;
    I input;
    S to;
};

constexpr Transition transitions[] = {
    {S::Idle, I::Start, S::Starting},
    {S::Idle, I::StopAsked, S::Ended},

    {S::Starting, I::Opened, S::Ready},
    {S::Starting, I::OpenFailed, S::Stopping},
    {S::Starting, I::LaunchFailed, S::Ended},
    {S::Starting, I::StopAsked, S::Stopping},
    {S::Starting, I::ProcessExited, S::Stopping},

    {S::Ready, I::PromptSent, S::Prompting},
    {S::Ready, I::StopAsked, S::Stopping},
    {S::Ready, I::ProcessExited, S::Stopping},

    {S::Prompting, I::TurnFinished, S::Ready},
    {S::Prompting, I::CancelAsked, S::Cancelling},
    {S::Prompting, I::StopAsked, S::Stopping},
    {S::Prompting, I::ProcessExited, S::Stopping},

    {S::Cancelling, I::TurnFinished, S::Ready},
    {S::Cancelling, I::CancelTimedOut, S::Stopping},
    {S::Cancelling, I::StopAsked, S::Stopping},
    {S::Cancelling, I::ProcessExited, S::Stopping},

    {S::Stopping, I::TreeGone, S::Ended},
    {S::Stopping, I::LaunchFailed, S::Ended},
};

} // namespace

std::optional<SessionState> nextState(SessionState state, SessionInput input)
{
    for (const Transition &transition : transitions) {
        if (transition.from == state && transition.input == input)
            return transition.to;
    }
    return std::nullopt;
}

} // namespace muster
