#include "app/guard/tree_end.h"

#include "core/process/proc_table.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>

namespace muster::guard {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds afterKill{2000};

void reapAll()
{
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

// Living ones; signals each of them once a round.
int signalAll(int signal)
{
    reapAll();
    const ProcessTable table = ProcessTable::read();
    const std::array roots{getpid()};
    int living = 0;
    for (const pid_t pid : table.descendantsOf(roots)) {
        const ProcEntry *entry = table.find(pid);
        if (!entry || entry->isDead())
            continue;
        ++living;
        if (signal != 0)
            signalExactly(pid, entry->startTicks, signal);
    }
    return living;
}

void shortWait()
{
    const timespec wait{.tv_sec = 0, .tv_nsec = 5'000'000};
    nanosleep(&wait, nullptr);
}

} // namespace

int endDescendants(std::chrono::milliseconds grace)
{
    if (signalAll(SIGTERM) == 0)
        return 0;
    const auto politeUntil = Clock::now() + grace;
    while (Clock::now() < politeUntil) {
        if (signalAll(0) == 0)
            return 0;
        shortWait();
    }
    const auto until = Clock::now() + afterKill;
    int left = signalAll(SIGKILL);
    while (left > 0 && Clock::now() < until) {
        shortWait();
        left = signalAll(SIGKILL); // again: a fork may have been under way
    }
    return left;
}

} // namespace muster::guard
