#include "app/guard/lifeline.h"

#include "app/guard/tree_end.h"
#include "core/process/guard_layout.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace muster::guard {

namespace {

constexpr int deathSignal = SIGUSR1;
constexpr std::chrono::milliseconds grace{300};

// The pipes belong to the agent: while we hold them, nobody would see its end.
void letGoOfPipes()
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd <= 2; ++fd)
        dup2(null, fd);
}

[[noreturn]] void becomeAgent(pid_t lifeline, char **command)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != lifeline)
        _exit(exitIo);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        std::signal(signal, SIG_DFL);
    execv(command[0], command);
    _exit(errno == ENOENT ? 127 : 126);
}

[[noreturn]] void endLike(int status)
{
    if (WIFSIGNALED(status)) {
        std::signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

} // namespace

int runLifeline(pid_t node, char **command)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, deathSignal);
    sigprocmask(SIG_BLOCK, &wanted, nullptr);
    // The polite signals are for the agent; we go last.
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        std::signal(signal, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, deathSignal);
    if (getppid() != node)
        return exitIo; // the node died before the death signal was set

    const pid_t self = getpid();
    const pid_t agent = fork();
    if (agent == 0)
        becomeAgent(self, command);
    if (agent < 0)
        return exitIo;
    letGoOfPipes();
    while (true) {
        const int signal = sigwaitinfo(&wanted, nullptr);
        if (signal == deathSignal) {
            endDescendants(grace);
            return exitOk;
        }
        int status = 0;
        pid_t ended = 0;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == agent) {
                endDescendants(grace);
                endLike(status);
            }
        }
    }
}

} // namespace muster::guard
