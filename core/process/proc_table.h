// /proc as a table: one read of every process's stat line, and what follows from it. Plain C++ without Qt,
// because muster-guard is built from it too. Any thread. Linux; elsewhere the table is empty.
// Source: proc(5): stat, environ, children.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace muster {

struct ProcEntry {
    pid_t pid = 0;
    pid_t parent = 0;
    pid_t group = 0;
    pid_t session = 0;
    std::uint64_t startTicks = 0;
    std::int64_t residentPages = 0;
    char state = '?';

    [[nodiscard]] std::int64_t residentBytes() const;

    [[nodiscard]] bool isDead() const { return state == 'Z' || state == 'X'; }
};

struct ProcessTable {
    std::unordered_map<pid_t, ProcEntry> entries;

    [[nodiscard]] static ProcessTable read(); // about 10 µs per process
    [[nodiscard]] const ProcEntry *find(pid_t pid) const;
    // Everybody below `roots` by ancestry, without the roots. Zombies too.
    [[nodiscard]] std::unordered_set<pid_t> descendantsOf(std::span<const pid_t> roots) const;
    [[nodiscard]] std::vector<pid_t> childrenOf(pid_t parent) const;
};

// What a process has in memory, what it shares with others divided among them; 0 if unreadable. Costs the
// kernel a walk through its pages.
[[nodiscard]] std::int64_t proportionalBytes(pid_t pid);

[[nodiscard]] std::optional<ProcEntry> parseStat(std::string_view line);
[[nodiscard]] std::optional<ProcEntry> readProcEntry(pid_t pid);
// Direct children of this process's main thread, which is the one that the kernel gives orphans to; far
// cheaper than a table.
[[nodiscard]] std::vector<pid_t> adoptedChildren();
// Whether the environment the process was started with holds exactly "NAME=value". False if unreadable.
[[nodiscard]] bool holdsVariable(pid_t pid, std::string_view nameAndValue);
// The values of `name` in that environment; nullopt: none, or unreadable.
[[nodiscard]] std::optional<std::string> environmentOf(pid_t pid, std::string_view name);
// Sends only if the process still started at `startTicks`; by pidfd where there is one.
bool signalExactly(pid_t pid, std::uint64_t startTicks, int signal);
// -1: no pidfd on this system, or no such process.
[[nodiscard]] int openPidfd(pid_t pid);

} // namespace muster
