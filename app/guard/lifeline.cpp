#include "app/guard/lifeline.h"

#include "app/guard/child.h"
#include "core/process/guard_layout.h"
#include "core/process/launch_markers.h"
#include "core/process/proc_table.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace muster::guard {

using namespace std::chrono_literals;

namespace {

constexpr auto leftoverGrace = 1s;
constexpr int exitCannotStart = 126;

// Or the other ends of the agent's pipes would never see them close.
void letGoOfPipes()
{
    const int null = open("/dev/null", O_RDWR);
    if (null < 0)
        return;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        dup2(null, fd);
    close(null);
}

// What the agent was given (its keys) is nobody's to read here. The markers stay, by which we are found.
void forgetEnvironment()
{
    for (char **each = environ; *each; ++each) {
        const std::string_view line(*each);
        const size_t equals = line.find('=');
        const std::string_view name = line.substr(0, equals);
        if (equals != std::string_view::npos && name != runMarkerVariable && name != guardMarkerVariable)
            explicit_bzero(*each + equals + 1, line.size() - equals - 1);
    }
}

void waitFor(int signals, int parent, std::chrono::milliseconds most)
{
    // poll() leaves out what is negative.
    std::array fds{pollfd{.fd = signals, .events = POLLIN, .revents = 0},
                   pollfd{.fd = parent, .events = POLLIN, .revents = 0}};
    poll(fds.data(), fds.size(), static_cast<int>(most.count()));
}

bool hasEnded(int pidfd)
{
    pollfd fd{.fd = pidfd, .events = POLLIN, .revents = 0};
    return pidfd >= 0 && poll(&fd, 1, 0) > 0;
}

[[noreturn]] void endLike(int status)
{
    if (WIFSIGNALED(status)) {
        const rlimit noCore{.rlim_cur = 0, .rlim_max = 0};
        setrlimit(RLIMIT_CORE, &noCore);
        std::signal(WTERMSIG(status), SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        // What was blocked must not come first.
        for (const int pending : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) {
            if (pending != WTERMSIG(status))
                std::signal(pending, SIG_IGN);
        }
        sigprocmask(SIG_SETMASK, &none, nullptr);
        raise(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

} // namespace

int runLifeline(const Options &options)
{
    becomeSubreaper();
    // Polite signals are for the agent, which stands in our group and gets them as well.
    const int signals = openSignals({SIGCHLD, SIGUSR1}, {SIGTERM, SIGINT, SIGHUP, SIGQUIT});
    // A pidfd follows the process; the death signal, where there is none, only the thread that started us.
    const int parent = openPidfd(options.lifelineOf);
    if (parent < 0)
        prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0);
    if (getppid() != options.lifelineOf)
        return exitUsage;
    const StartedChild child = startChild({.command = options.command, .workingDir = {}, .diesWithUs = true});
    if (child.pid == 0) {
        fprintf(stderr, "muster-guard: %s: %s\n", options.command.front().c_str(), strerror(child.error));
        return exitCannotStart;
    }
    forgetEnvironment();
    letGoOfPipes();
    std::optional<int> status;
    const auto reap = [&] {
        if (const auto ended = reapAll(child.pid))
            status = ended;
    };
    for (bool parentEnded = false; !status && !parentEnded;) {
        waitFor(signals, parent, std::chrono::milliseconds(-1));
        const auto taken = takeSignals(signals);
        reap();
        parentEnded = hasEnded(parent) || std::ranges::find(taken, SIGUSR1) != taken.end();
    }
    endAllBelow(leftoverGrace, [&](std::chrono::milliseconds most) {
        if (most > 0ms)
            waitFor(signals, -1, most);
        (void)takeSignals(signals);
        reap();
    });
    if (status)
        endLike(*status);
    return exitOk;
}

} // namespace muster::guard
