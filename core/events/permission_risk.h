// What a person must know before they say yes to an agent: why it is asked, and where it would happen. Any
// thread.
#pragma once

#include "core/base/enum_names.h"

#include <cstdint>

namespace muster {

enum class PermissionRisk : std::uint8_t {
    None,
    NotUnderstood,    // detail: what
    OutsideWorkspace, // detail: the path
    Sensitive,        // detail: the path
    Protected,        // detail: the path
    RunsOthers,       // detail: the word that gives the program that power
    ChangesShell,     // detail: the word
    Writes,           // detail: the path, of a redirection
};

template <> struct EnumNames<PermissionRisk> {
    static constexpr std::array table{
        std::pair{PermissionRisk::None, "none"},
        std::pair{PermissionRisk::NotUnderstood, "not_understood"},
        std::pair{PermissionRisk::OutsideWorkspace, "outside_workspace"},
        std::pair{PermissionRisk::Sensitive, "sensitive"},
        std::pair{PermissionRisk::Protected, "protected"},
        std::pair{PermissionRisk::RunsOthers, "runs_others"},
        std::pair{PermissionRisk::ChangesShell, "changes_shell"},
        std::pair{PermissionRisk::Writes, "writes"},
    };
};

enum class WorkPlace : std::uint8_t {
    None,     // it would change nothing
    Project,  // the project's own folder: nothing stands between the agent and the person's files
    Worktree, // a worktree of its own, to be merged or dropped
};

template <> struct EnumNames<WorkPlace> {
    static constexpr std::array table{
        std::pair{WorkPlace::None, "none"},
        std::pair{WorkPlace::Project, "project"},
        std::pair{WorkPlace::Worktree, "worktree"},
    };
};

} // namespace muster
