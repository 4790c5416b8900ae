#include "app/guard/child.h"

#include "core/process/proc_table.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>

namespace muster::guard {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr auto look = 20ms;
constexpr auto verifyWithin = 2s;

void resetSignals()
{
    for (int number = 1; number < SIGRTMAX; ++number)
        std::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool placeOutput(int fd)
{
    const int null = open("/dev/null", O_RDONLY);
    return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0 &&
           dup2(fd, STDERR_FILENO) >= 0;
}

// Returns only on failure.
void become(const ChildSpec &spec, pid_t parent)
{
    if (spec.ownSession)
        setsid();
    if (spec.diesWithUs) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != parent)
            _exit(127);
    }
    resetSignals();
    if (!spec.workingDir.empty() && chdir(spec.workingDir.c_str()) != 0)
        return;
    if (spec.outputFd >= 0 && !placeOutput(spec.outputFd))
        return;
    std::vector<char *> arguments;
    arguments.reserve(spec.command.size() + 1);
    for (const std::string &argument : spec.command)
        arguments.push_back(const_cast<char *>(argument.c_str())); // execvp does not write to them
    arguments.push_back(nullptr);
    execvp(arguments.front(), arguments.data());
}

// Exact: what is orphaned below us becomes our child, so without a child there is nobody below.
bool hasNobodyBelow()
{
    siginfo_t info{};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}

std::vector<ProcEntry> livingBelow()
{
    const ProcessTable table = ProcessTable::read();
    const pid_t self = getpid();
    std::vector<ProcEntry> living;
    for (const pid_t pid : table.descendantsOf(std::span(&self, 1))) {
        const ProcEntry *entry = table.find(pid);
        if (entry && !entry->isDead())
            living.push_back(*entry);
    }
    return living;
}

} // namespace

void becomeSubreaper() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int openSignals(std::initializer_list<int> signals, std::initializer_list<int> alsoBlocked)
{
    sigset_t read;
    sigemptyset(&read);
    for (const int number : signals)
        sigaddset(&read, number);
    sigset_t blocked = read;
    for (const int number : alsoBlocked)
        sigaddset(&blocked, number);
    sigprocmask(SIG_BLOCK, &blocked, nullptr);
    return signalfd(-1, &read, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::vector<int> takeSignals(int fd)
{
    std::vector<int> taken;
    signalfd_siginfo info{};
    while (read(fd, &info, sizeof info) == sizeof info)
        taken.push_back(static_cast<int>(info.ssi_signo));
    return taken;
}

StartedChild startChild(const ChildSpec &spec)
{
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0)
        return {.error = errno};
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
        become(spec, parent);
        const int error = errno;
        if (write(failure[1], &error, sizeof error) < 0)
            _exit(126);
        _exit(127);
    }
    StartedChild started{.pid = pid, .error = pid < 0 ? errno : 0};
    close(failure[1]);
    // Ends when the program was taken over, or with the reason why not.
    int error = 0;
    if (pid > 0 && read(failure[0], &error, sizeof error) == sizeof error) {
        waitpid(pid, nullptr, 0);
        started = {.pid = 0, .error = error};
    }
    close(failure[0]);
    return started;
}

std::optional<int> reapAll(pid_t pid)
{
    std::optional<int> found;
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (ended == pid)
            found = status;
    }
    return found;
}

std::vector<pid_t> endAllBelow(std::chrono::milliseconds grace,
                               const std::function<void(std::chrono::milliseconds)> &wait)
{
    const auto begin = SteadyClock::now();
    std::vector<pid_t> asked;
    wait(0ms);
    while (!hasNobodyBelow()) {
        const auto living = livingBelow();
        const auto spent = SteadyClock::now() - begin;
        if (spent > grace + verifyWithin) {
            std::vector<pid_t> survivors;
            std::ranges::transform(living, std::back_inserter(survivors), &ProcEntry::pid);
            return survivors;
        }
        for (const ProcEntry &entry : living) {
            const bool wasAsked = std::ranges::find(asked, entry.pid) != asked.end();
            if (spent >= grace) {
                signalExactly(entry.pid, entry.startTicks, SIGKILL);
            } else if (!wasAsked) {
                signalExactly(entry.pid, entry.startTicks, SIGTERM);
                asked.push_back(entry.pid);
            }
        }
        wait(look);
    }
    return {};
}

} // namespace muster::guard
