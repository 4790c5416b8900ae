// What runs below a shell of a terminal: its foreground program, its background jobs and all that they have
// started. One look at /proc, which is memory: no disk is waited for. Any thread. Linux; elsewhere nothing is
// found.
#pragma once

#include <QList>
#include <QStringList>

#include <sys/types.h>

#include <cstdint>

namespace muster {

// A shell that leads its session. Its number is not given to another while one of the session lives.
struct ShellRoot {
    pid_t pid = 0;
    std::uint64_t startTicks = 0;
};

struct ShellMember {
    pid_t pid = 0;
    pid_t group = 0;
    std::uint64_t startTicks = 0;
};

// No start time if there is no such process.
[[nodiscard]] ShellRoot shellRoot(qint64 pid);
// All living members without the shell itself, also after the shell has ended.
[[nodiscard]] QList<ShellMember> membersOf(const ShellRoot &shell);
// One command line for each job, without control characters.
[[nodiscard]] QStringList jobsOf(const ShellRoot &shell);

} // namespace muster
