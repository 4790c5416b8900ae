// One guarded command: begun once under its key, outlives the node, leaves pid, output and result in files
// (see core/process/guard_layout.h). Plain C++ without Qt.
#pragma once

#include <cstdint>
#include <string>

namespace muster::guard {

struct GuardOptions {
    std::string folder; // of all keys
    std::string key;
    std::string cwd;
    std::int64_t timeoutMs = 0; // 0: none
    std::int64_t graceMs = 2000;
    std::int64_t outputCap = std::int64_t{16} * 1024 * 1024;
    char **command = nullptr;
};

// Returns in the process that was called once the guard stands on its own (or could not): exitOk, exitBusy,
// exitIo.
int startGuarded(const GuardOptions &options);

} // namespace muster::guard
