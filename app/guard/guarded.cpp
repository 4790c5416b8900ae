#include "app/guard/guarded.h"

#include "app/guard/output_keeper.h"
#include "app/guard/tree_end.h"
#include "core/process/guard_layout.h"
#include "core/process/proc_table.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>

namespace muster::guard {

namespace {

using Millis = std::chrono::milliseconds;

std::int64_t nowMs()
{
    return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Whole or not at all: written beside, synced, renamed.
bool writeFile(const std::string &folder, const char *name, const std::string &text)
{
    const std::string path = folder + '/' + name;
    const std::string beside = path + ".new";
    const int fd = open(beside.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    const bool written =
        write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
    close(fd);
    return written && std::rename(beside.c_str(), path.c_str()) == 0;
}

struct End {
    const char *how = "exited";
    int code = 0;
    int signal = 0;
    int survivors = 0;
};

class Guarded {
public:
    Guarded(const GuardOptions &options, std::string folder)
        : m_options(options)
        , m_folder(std::move(folder))
        , m_output(m_folder, options.outputCap)
    {
    }

    bool begin();
    void run();

private:
    [[noreturn]] void becomeCommand(int out, int execError);
    void loop(int out, int signalFd);
    void readOutput(int out);
    bool collect();
    void stop(const char *how);
    void finish();

    const GuardOptions &m_options;
    std::string m_folder;
    OutputKeeper m_output;
    pid_t m_command = -1;
    std::int64_t m_startedMs = 0;
    End m_end;
    bool m_ended = false;
};

bool Guarded::begin()
{
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    const auto self = readProcEntry(getpid());
    m_startedMs = nowMs();
    return m_output.open() && self &&
           writeFile(m_folder, pidFile,
                     std::to_string(getpid()) + ' ' + std::to_string(self->startTicks) + ' ' + boot + '\n');
}

void Guarded::becomeCommand(int out, int execError)
{
    setsid(); // its own group, which a terminal's or an agent's signals do not reach
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGHUP, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, 0);
    dup2(out, 1);
    dup2(out, 2);
    if (chdir(m_options.cwd.c_str()) == 0)
        execvp(m_options.command[0], m_options.command);
    const int error = errno;
    [[maybe_unused]] const auto told = write(execError, &error, sizeof(error));
    _exit(127);
}

void Guarded::run()
{
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT})
        sigaddset(&wanted, signal);
    sigprocmask(SIG_BLOCK, &wanted, nullptr);
    const int signalFd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    std::array<int, 2> out{};
    std::array<int, 2> execError{};
    if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(execError.data(), O_CLOEXEC) != 0)
        return;
    m_command = fork();
    if (m_command == 0)
        becomeCommand(out[1], execError[1]);
    close(out[1]);
    close(execError[1]);
    int failure = 0;
    if (m_command < 0 || read(execError[0], &failure, sizeof(failure)) == sizeof(failure)) {
        const std::string text =
            "cannot start: " + std::string(strerror(failure != 0 ? failure : errno)) + '\n';
        m_output.write(text.data(), static_cast<std::int64_t>(text.size()));
        m_end.how = "launch_failed";
        m_end.code = 127;
        m_ended = true;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    loop(out[0], signalFd);
    finish();
}

void Guarded::loop(int out, int signalFd)
{
    using Clock = std::chrono::steady_clock;
    const bool limited = m_options.timeoutMs > 0;
    const auto deadline = Clock::now() + Millis(m_options.timeoutMs);
    std::array<pollfd, 2> watched{pollfd{.fd = signalFd, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = out, .events = POLLIN, .revents = 0}};
    while (!m_ended) {
        int wait = -1;
        if (limited)
            wait =
                static_cast<int>(std::max<std::int64_t>(
                                     0, std::chrono::duration_cast<Millis>(deadline - Clock::now()).count()) +
                                 1);
        poll(watched.data(), watched.size(), wait);
        readOutput(out);
        if ((watched[1].revents & (POLLHUP | POLLERR)) != 0)
            watched[1].fd = -1;
        signalfd_siginfo info{};
        bool asked = false;
        while (read(signalFd, &info, sizeof(info)) == sizeof(info))
            asked = asked || info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
        if (collect())
            break;
        if (asked)
            stop("stopped");
        else if (limited && Clock::now() >= deadline)
            stop("timed_out");
    }
    // What the command left behind goes with it: a step is over when it is over.
    m_end.survivors = endDescendants(Millis(m_options.graceMs));
    readOutput(out);
}

void Guarded::readOutput(int out)
{
    std::array<char, 65536> buffer{};
    ssize_t size = 0;
    while ((size = read(out, buffer.data(), buffer.size())) > 0)
        m_output.write(buffer.data(), size);
}

bool Guarded::collect()
{
    int status = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != m_command)
            continue;
        m_ended = true;
        if (WIFSIGNALED(status)) {
            m_end.how = "signalled";
            m_end.signal = WTERMSIG(status);
        } else {
            m_end.code = WEXITSTATUS(status);
        }
    }
    return m_ended;
}

void Guarded::stop(const char *how)
{
    m_end.survivors = endDescendants(Millis(m_options.graceMs));
    m_end.how = how;
    m_ended = true;
}

void Guarded::finish()
{
    m_output.finish();
    std::string json = "{\"end\":\"";
    json += m_end.how;
    json += "\",\"code\":" + std::to_string(m_end.code) + ",\"signal\":" + std::to_string(m_end.signal);
    json += ",\"started\":" + std::to_string(m_startedMs) + ",\"ended\":" + std::to_string(nowMs());
    json += ",\"output_bytes\":" + std::to_string(m_output.total()) +
            ",\"cut_bytes\":" + std::to_string(m_output.cut());
    json += ",\"survivors\":" + std::to_string(m_end.survivors) + "}\n";
    writeFile(m_folder, resultFile, json);
}

// The lock is held by the guard for its whole life and never by the process that was called.
int lockKey(const std::string &folder)
{
    const int lock = open((folder + '/' + lockFile).c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
        return -1;
    const bool begun = access((folder + '/' + resultFile).c_str(), F_OK) == 0 ||
                       access((folder + '/' + pidFile).c_str(), F_OK) == 0;
    return begun ? -1 : lock;
}

[[noreturn]] void beGuard(const GuardOptions &options, const std::string &folder, int report)
{
    setsid();
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, 0); // outlives the node on purpose
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int code = exitBusy;
    if (lockKey(folder) >= 0) {
        Guarded guarded(options, folder);
        code = guarded.begin() ? exitOk : exitIo;
        [[maybe_unused]] const auto told = write(report, &code, sizeof(code));
        close(report);
        const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        for (int fd = 0; fd <= 2; ++fd)
            dup2(null, fd);
        if (code == exitOk)
            guarded.run();
        _exit(code);
    }
    [[maybe_unused]] const auto told = write(report, &code, sizeof(code));
    _exit(code);
}

} // namespace

int startGuarded(const GuardOptions &options)
{
    const std::string folder = options.folder + '/' + keyFolder(options.key);
    mkdir(options.folder.c_str(), 0700);
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return exitIo;
    if (access((folder + '/' + keyFile).c_str(), F_OK) != 0 && !writeFile(folder, keyFile, options.key))
        return exitIo;
    std::array<int, 2> report{};
    if (pipe2(report.data(), O_CLOEXEC) != 0)
        return exitIo;
    const pid_t child = fork();
    if (child == 0)
        beGuard(options, folder, report[1]);
    close(report[1]);
    int code = exitIo;
    if (child < 0 || read(report[0], &code, sizeof(code)) != sizeof(code))
        return exitIo;
    return code;
}

} // namespace muster::guard
