// Starting the one program that a guard or a lifeline stands for, and ending everything below this process.
// This process is a subreaper, so whatever its child leaves behind stays below it. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::guard {

struct ChildSpec {
    std::vector<std::string> command;
    std::string workingDir; // empty: as it is
    int outputFd = -1;      // for stdout and stderr, with no stdin; -1: all three as they are
    bool ownSession = false;
    bool diesWithUs = false;
};

struct StartedChild {
    pid_t pid = 0;
    int error = 0; // errno of what failed; then pid is 0
};

void becomeSubreaper();
// Blocked here, to be read as they come; a child gets them back as they were at birth.
[[nodiscard]] int openSignals(std::initializer_list<int> signals, std::initializer_list<int> alsoBlocked);
[[nodiscard]] std::vector<int> takeSignals(int fd);
[[nodiscard]] StartedChild startChild(const ChildSpec &spec);

// Reaps all that ended below; the status of `pid` if it was among them.
[[nodiscard]] std::optional<int> reapAll(pid_t pid);

// TERM, grace, KILL to all that live below this process. `wait` is called between looks, for at most that
// long: it must reap and may take output. Returns those that could not be ended.
std::vector<pid_t> endAllBelow(std::chrono::milliseconds grace,
                               const std::function<void(std::chrono::milliseconds)> &wait);

} // namespace muster::guard
