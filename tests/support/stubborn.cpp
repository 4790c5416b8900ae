// A program that is hard to end: leaves children that ignore SIGTERM and SIGHUP, in groups or sessions of
// their own, double-forked, without our marker, or holding stdout. Prints "pid N" for each and then "ready".
//
//   stubborn [tag=TEXT] [polite|stubborn] [child] [group] [session] [daemon] [bare] [baredaemon] [holder]
//            [forker] [exit|stay|flood]
//
// A tag stands on the command line of all that descend from it, which are found by it whatever they drop.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

void ignoreSignals()
{
    for (const int number : {SIGTERM, SIGHUP, SIGINT})
        signal(number, SIG_IGN);
}

void detachOutput()
{
    const int null = open("/dev/null", O_RDWR);
    if (null < 0)
        _exit(1);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        dup2(null, fd);
}

[[noreturn]] void stayForEver()
{
    while (true)
        pause();
}

// The pid of the one that stays comes back through a pipe, since a daemon's is not its parent's to know.
template <typename Child> pid_t launch(bool twice, Child child)
{
    int ends[2];
    if (pipe(ends) != 0)
        exit(1);
    fflush(stdout); // or a child could print again what stands in the buffer
    const pid_t first = fork();
    if (first == 0) {
        if (twice) {
            setsid();
            if (fork() != 0)
                _exit(0);
        }
        const pid_t own = getpid();
        if (write(ends[1], &own, sizeof own) != sizeof own)
            _exit(1);
        close(ends[0]);
        close(ends[1]);
        child();
        stayForEver();
    }
    close(ends[1]);
    pid_t pid = 0;
    if (read(ends[0], &pid, sizeof pid) != sizeof pid)
        exit(1);
    close(ends[0]);
    if (twice)
        waitpid(first, nullptr, 0);
    return pid;
}

char *tag = nullptr;

// Becomes this program again without any environment, as `env -i setsid` does.
void becomeBare(const char *self)
{
    setsid();
    detachOutput();
    char name[] = "stubborn";
    char how[] = "stubborn";
    char *arguments[] = {name, how, tag, nullptr};
    char *environment[] = {nullptr};
    execve(self, arguments, environment);
}

void report(pid_t pid) { printf("pid %d\n", static_cast<int>(pid)); }

void launchNamed(std::string_view name, const char *self)
{
    if (name == "child") {
        report(launch(false, [] {
            ignoreSignals();
            detachOutput();
        }));
    } else if (name == "group") {
        report(launch(false, [] {
            setpgid(0, 0);
            ignoreSignals();
            detachOutput();
        }));
    } else if (name == "session") {
        report(launch(false, [] {
            setsid();
            ignoreSignals();
            detachOutput();
        }));
    } else if (name == "daemon") {
        report(launch(true, [] {
            ignoreSignals();
            detachOutput();
        }));
    } else if (name == "bare") {
        report(launch(false, [self] { becomeBare(self); }));
    } else if (name == "baredaemon") {
        report(launch(true, [self] { becomeBare(self); }));
    } else if (name == "holder") {
        report(launch(false, [] {
            setsid();
            ignoreSignals();
        }));
    } else if (name == "forker") {
        // Always on the way to somewhere else: forks and lets its parent end, without pause.
        report(launch(true, [] {
            ignoreSignals();
            detachOutput();
            while (true) {
                if (fork() != 0)
                    _exit(0);
                usleep(2000);
            }
        }));
    }
}

[[noreturn]] void flood()
{
    const std::vector<char> block(65536, 'x');
    while (write(STDOUT_FILENO, block.data(), block.size()) > 0) {
    }
    _exit(0);
}

} // namespace

int main(int count, char **arguments)
{
    bool exits = false;
    bool floods = false;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (name.starts_with("tag="))
            tag = arguments[i];
        if (name == "stubborn")
            ignoreSignals();
        exits = exits || name == "exit";
        floods = floods || name == "flood";
        launchNamed(name, "/proc/self/exe");
    }
    printf("ready\n");
    fflush(stdout);
    if (exits)
        return 7;
    if (floods)
        flood();
    stayForEver();
}
