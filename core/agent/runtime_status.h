// RuntimeStatus: what was found out about one runtime on this machine. Value types, any thread.
#pragma once

#include "core/agent/launch_problem.h"

#include <QString>

namespace muster {

enum class SignInState : std::uint8_t { NotNeeded, SignedIn, NotSignedIn, Unknown };

template <> struct EnumNames<SignInState> {
    static constexpr std::array table{
        std::pair{SignInState::NotNeeded, "not_needed"},
        std::pair{SignInState::SignedIn, "signed_in"},
        std::pair{SignInState::NotSignedIn, "not_signed_in"},
        std::pair{SignInState::Unknown, "unknown"},
    };
};

// How the question for the version went.
enum class VersionState : std::uint8_t {
    NotAsked,   // nothing to ask, or nothing known to ask it with
    Known,      //
    Unreadable, // it said something else, or ended with an error
    NoAnswer,   // not within the time limit
    Failed,     // could not be started
};

template <> struct EnumNames<VersionState> {
    static constexpr std::array table{
        std::pair{VersionState::NotAsked, "not_asked"},    std::pair{VersionState::Known, "known"},
        std::pair{VersionState::Unreadable, "unreadable"}, std::pair{VersionState::NoAnswer, "no_answer"},
        std::pair{VersionState::Failed, "failed"},
    };
};

struct RuntimeStatus {
    QString id;
    LaunchProblem problem = LaunchProblem::None; // the first that would be met
    QString path;                                // of the program; empty: none
    VersionState versionState = VersionState::NotAsked;
    QString version;
    SignInState signIn = SignInState::Unknown;
    QString signedInBy;     // name of the variable, path of the file; never what is in it
    bool keyIsKept = false; // that variable is one that is kept
    QString needs;          // name of the variable that is not set, if the problem is NotConfigured
    qint64 checkedMs = 0;
};

} // namespace muster
