// Row 8 of the bars: child processes with pipes, four at a time, started and reaped. Beside it a plain
// posix_spawn loop with the same pipes. Interleaved rounds, medians.
#include "core/process/pipe_process.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTest>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int parallel = 4;
constexpr int perRound = 1500;
constexpr int rounds = 7;

struct RawChild {
    pid_t pid = 0;
    int out = -1;
    int in = -1;
    int err = -1;
};

RawChild spawnRaw()
{
    int in[2];
    int out[2];
    int err[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
        return {};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    char program[] = "/bin/true";
    char *arguments[] = {program, nullptr};
    char *environment[] = {nullptr};
    RawChild child{.out = out[0], .in = in[1], .err = err[0]};
    posix_spawn(&child.pid, program, &actions, nullptr, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    for (const int fd : {in[0], out[1], err[1]})
        close(fd);
    return child;
}

void reapRaw(const RawChild &child)
{
    char buffer[64];
    while (read(child.out, buffer, sizeof buffer) > 0) {
    }
    waitpid(child.pid, nullptr, 0);
    for (const int fd : {child.in, child.out, child.err})
        close(fd);
}

double rawPerSecond()
{
    QElapsedTimer timer;
    timer.start();
    std::vector<RawChild> running;
    int started = 0;
    int done = 0;
    while (done < perRound) {
        while (started < perRound && running.size() < parallel) {
            running.push_back(spawnRaw());
            ++started;
        }
        std::vector<pollfd> waiting;
        for (const RawChild &child : running)
            waiting.push_back({.fd = child.out, .events = POLLIN, .revents = 0});
        poll(waiting.data(), waiting.size(), -1);
        for (std::size_t i = waiting.size(); i-- > 0;) {
            if (waiting[i].revents == 0)
                continue;
            reapRaw(running[i]);
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
            ++done;
        }
    }
    return perRound * 1e9 / static_cast<double>(timer.nsecsElapsed());
}

double oursPerSecond()
{
    QElapsedTimer timer;
    timer.start();
    QEventLoop loop;
    int started = 0;
    int done = 0;
    const LaunchSpec spec{.program = u"/bin/true"_s};
    std::function<void()> startOne = [&] {
        if (started >= perRound)
            return;
        ++started;
        auto *process = new PipeProcess;
        QObject::connect(process, &PipeProcess::exited, &loop, [&, process] {
            process->deleteLater();
            if (++done == perRound)
                loop.quit();
            startOne();
        });
        process->start(spec);
    };
    for (int i = 0; i < parallel; ++i)
        startOne();
    loop.exec();
    return perRound * 1e9 / static_cast<double>(timer.nsecsElapsed());
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

class BenchProcess : public QObject {
    Q_OBJECT
private slots:
    void startAndReap();
};

void BenchProcess::startAndReap()
{
    std::vector<double> raw;
    std::vector<double> ours;
    std::vector<double> ratios;
    for (int i = 0; i < rounds; ++i) {
        raw.push_back(rawPerSecond());
        ours.push_back(oursPerSecond());
        ratios.push_back(ours.back() / raw.back());
    }
    const auto [low, high] = std::ranges::minmax(ratios);
    qInfo("row 8: posix_spawn %.0f/s, PipeProcess %.0f/s, ratio %.2f (%.2f to %.2f), bar 0.60", median(raw),
          median(ours), median(ratios), low, high);
    QVERIFY(median(ratios) > 0);
}

QTEST_GUILESS_MAIN(BenchProcess)
#include "bench_process.moc"
