#include "app/guard/guarded_command.h"

#include "app/guard/capped_output.h"
#include "app/guard/child.h"
#include "app/guard/record.h"
#include "core/process/guard_layout.h"
#include "core/process/launch_markers.h"
#include "core/process/proc_table.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace muster::guard {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr milliseconds forEver{-1};
constexpr milliseconds lookForSpaceEvery{250};
constexpr auto waitForSpace = 24h;
constexpr std::size_t spareBytes = 8192;

std::int64_t utcMs()
{
    return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string pidRecord()
{
    std::string boot = readWhole("/proc/sys/kernel/random/boot_id");
    std::erase(boot, '\n');
    const auto own = readProcEntry(getpid());
    return std::to_string(getpid()) + ' ' + std::to_string(own ? own->startTicks : 0) + ' ' + boot + '\n';
}

bool exists(const std::string &path) { return access(path.c_str(), F_OK) == 0; }

class GuardedCommand {
public:
    GuardedCommand(const Options &options, std::string folder, int signals)
        : m_options(options)
        , m_folder(std::move(folder))
        , m_output(m_folder, options.outputCap)
        , m_signals(signals)
    {
    }
    ~GuardedCommand()
    {
        for (const int fd : {m_signals, m_reading})
            close(fd);
    }
    GuardedCommand(const GuardedCommand &) = delete;
    GuardedCommand &operator=(const GuardedCommand &) = delete;

    int run();

private:
    bool start();
    void waitUntilItEnds();
    void wait(milliseconds most);
    void takeOutput(bool toTheEnd);
    [[nodiscard]] milliseconds untilTimeout() const;
    [[nodiscard]] std::string result() const;
    [[nodiscard]] bool keepResult() const;

    const Options &m_options;
    std::string m_folder;
    CappedOutput m_output;
    int m_signals;
    int m_reading = -1;
    pid_t m_child = 0;
    std::optional<int> m_status;
    const char *m_end = "exited";
    int m_code = 0;
    int m_signal = 0;
    std::vector<pid_t> m_survivors;
    bool m_stopRequested = false;
    std::int64_t m_startedMs = utcMs();
    SteadyClock::time_point m_begin = SteadyClock::now();
};

bool GuardedCommand::start()
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    m_reading = ends[0];
    fcntl(m_reading, F_SETFL, O_NONBLOCK);
    const StartedChild child = startChild({.command = m_options.command,
                                           .workingDir = m_options.workingDir,
                                           .outputFd = ends[1],
                                           .ownSession = true,
                                           // Without us nobody would know its end, and it could run twice.
                                           .diesWithUs = true});
    close(ends[1]);
    m_child = child.pid;
    m_code = child.error;
    return m_child > 0;
}

void GuardedCommand::takeOutput(bool toTheEnd)
{
    std::array<char, 65536> buffer{};
    // Not more in one go, so that a flood does not keep a stop or the time limit waiting. When all who could
    // write are gone the pipe ends by itself.
    for (int i = 0; i < 16 || toTheEnd; ++i) {
        const ssize_t got = read(m_reading, buffer.data(), buffer.size());
        if (got <= 0)
            return;
        m_output.append({buffer.data(), static_cast<std::size_t>(got)});
    }
}

void GuardedCommand::wait(milliseconds most)
{
    std::array fds{pollfd{.fd = m_signals, .events = POLLIN, .revents = 0},
                   pollfd{.fd = m_reading, .events = POLLIN, .revents = 0}};
    poll(fds.data(), fds.size(), static_cast<int>(most.count()));
    takeOutput(false);
    if ((fds[1].revents & POLLHUP) != 0 && (fds[1].revents & POLLIN) == 0) {
        // Closed by all who could write, while the command may live on: nothing more to poll for.
        close(m_reading);
        m_reading = -1;
    }
    for (const int number : takeSignals(m_signals))
        m_stopRequested = m_stopRequested || number != SIGCHLD;
    if (const auto status = reapAll(m_child))
        m_status = status;
}

milliseconds GuardedCommand::untilTimeout() const
{
    if (m_options.timeout == 0ms)
        return forEver;
    const auto left = std::chrono::ceil<milliseconds>(m_begin + m_options.timeout - SteadyClock::now());
    // poll() counts in an int.
    return std::clamp(left, milliseconds(0), milliseconds(1h));
}

void GuardedCommand::waitUntilItEnds()
{
    while (!m_status && !m_stopRequested) {
        const milliseconds left = untilTimeout();
        if (left == 0ms) {
            m_end = "timed_out";
            return;
        }
        wait(left);
    }
    if (!m_status)
        m_end = "stopped";
}

std::string GuardedCommand::result() const
{
    const auto number = [](const char *name, auto value) {
        return std::string(",\"") + name + "\":" + std::to_string(value);
    };
    std::string survivors;
    for (const pid_t pid : m_survivors)
        survivors += (survivors.empty() ? "" : ",") + std::to_string(pid);
    return std::string("{\"end\":\"") + m_end + '"' + number("code", m_code) + number("signal", m_signal) +
           number("started", m_startedMs) + number("ended", utcMs()) +
           number("output_bytes", m_output.written()) + number("cut_bytes", m_output.cut()) +
           ",\"survivors\":[" + survivors + "]}\n";
}

int GuardedCommand::run()
{
    if (!m_output.isOpen())
        return exitIo;
    if (start()) {
        waitUntilItEnds();
        m_survivors = endAllBelow(m_options.grace, [this](milliseconds most) { wait(most); });
        takeOutput(m_survivors.empty());
        const int status = m_status.value_or(0);
        m_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        m_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        if (m_signal != 0 && std::string_view(m_end) == "exited")
            m_end = "signalled";
    } else {
        m_end = "launch_failed";
        m_output.append("cannot start: " + std::string(strerror(m_code)) + '\n');
        m_code = 127;
    }
    m_output.finish();
    return keepResult() ? exitOk : exitIo;
}

// That the command ended, and how, is worth waiting for: without it nobody may say that it need not run
// again.
bool GuardedCommand::keepResult() const
{
    const std::string kept = result();
    unlink((m_folder + '/' + spareFile).c_str());
    const auto end = SteadyClock::now() + waitForSpace;
    while (!writeRecord(m_folder, resultFile, kept)) {
        if (!isNoSpace(errno) || SteadyClock::now() > end)
            return false;
        std::this_thread::sleep_for(lookForSpaceEvery);
    }
    return true;
}

// The lock is held as long as this process lives. Begun before means never again under this key: whether it
// acted may not be known.
bool takeKey(const std::string &folder)
{
    const int lock = open((folder + '/' + lockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0 && !exists(folder + '/' + pidFile) &&
           !exists(folder + '/' + resultFile);
}

int standUp(const Options &options, const std::string &folder)
{
    setsid();
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    becomeSubreaper();
    setenv(guardMarkerVariable, options.key.c_str(), 1);
    if (!takeKey(folder))
        return exitBusy;
    const bool recorded = writeRecord(folder, spareFile, std::string(spareBytes, ' ')) &&
                          writeRecord(folder, keyFile, options.key) &&
                          writeRecord(folder, pidFile, pidRecord());
    if (recorded)
        return exitOk;
    return isNoSpace(errno) ? exitNoSpace : exitIo;
}

void letGoOfCaller()
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        dup2(null, fd);
    close(null);
}

[[noreturn]] void beGuard(const Options &options, const std::string &folder, int report)
{
    // Before anybody can know our pid: a stop that comes early must not end us without a result.
    const int signals = openSignals({SIGCHLD, SIGTERM, SIGINT}, {});
    int code = standUp(options, folder);
    // If the caller has gone meanwhile, its successor finds the command by its key.
    const bool told = write(report, &code, sizeof code) == sizeof code;
    close(report);
    letGoOfCaller();
    if (code == exitOk)
        code = GuardedCommand(options, folder, signals).run();
    _exit(told ? code : exitIo);
}

} // namespace

int startGuarded(const Options &options)
{
    const std::string folder = options.folder + '/' + keyFolder(options.key);
    int report[2];
    if (!makeFolder(folder))
        return isNoSpace(errno) ? exitNoSpace : exitIo;
    if (pipe2(report, O_CLOEXEC) != 0)
        return exitIo;
    const pid_t guard = fork();
    if (guard == 0)
        beGuard(options, folder, report[1]);
    close(report[1]);
    int code = exitIo;
    if (guard < 0 || read(report[0], &code, sizeof code) != sizeof code)
        return exitIo;
    return code;
}

} // namespace muster::guard
