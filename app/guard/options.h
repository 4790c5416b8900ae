// The command line of muster-guard.
//
//   muster-guard --dir D --key K --cwd C [--timeout-ms N] [--grace-ms N] [--output-cap N] -- PROGRAM ARGS…
//   muster-guard --lifeline PARENT-PID -- PROGRAM ARGS…
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace muster::guard {

struct Options {
    pid_t lifelineOf = 0; // else a guarded command
    std::string folder;
    std::string key;
    std::string workingDir;
    std::chrono::milliseconds timeout{0}; // 0: none
    std::chrono::milliseconds grace{2000};
    std::uint64_t outputCap = std::uint64_t{16} * 1024 * 1024;
    std::vector<std::string> command;
};

// nullopt: not a command line of ours.
[[nodiscard]] std::optional<Options> parseOptions(std::span<char *const> arguments);

} // namespace muster::guard
