// Row 8 of the bars: child processes with pipes, four at a time, started and reaped. Beside it a plain
// posix_spawn loop with the same pipes. Interleaved rounds, medians. "whole layer": through LocalLauncher,
// with marker, tree and verified death.
#include "core/process/child_registry.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"

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
constexpr int perRound = 600;
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

// `startOne` starts a child and calls what it is given when that has gone.
double perSecond(const std::function<void(const std::function<void()> &)> &startOne)
{
    QElapsedTimer timer;
    timer.start();
    QEventLoop loop;
    int started = 0;
    int done = 0;
    std::function<void()> next = [&] {
        if (started++ >= perRound)
            return;
        startOne([&] {
            if (++done == perRound)
                loop.quit();
            next();
        });
    };
    for (int i = 0; i < parallel; ++i)
        next();
    loop.exec();
    return perRound * 1e9 / static_cast<double>(timer.nsecsElapsed());
}

void startPlain(const std::function<void()> &whenGone)
{
    auto *process = new PipeProcess;
    QObject::connect(process, &PipeProcess::exited, process, [process, whenGone] {
        process->deleteLater();
        whenGone();
    });
    process->start({.program = u"/bin/true"_s});
}

void startTree(LocalLauncher &launcher, bool lifeline, const std::function<void()> &whenGone)
{
    LaunchSpec spec{.program = u"/bin/true"_s, .marker = newMarker()};
    spec.lifeline = lifeline;
    LaunchedProcess *process = launcher.launch(spec, nullptr);
    QObject::connect(process, &LaunchedProcess::gone, process, [process, whenGone] {
        process->deleteLater();
        whenGone();
    });
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
    QVERIFY(becomeSubreaper());
    TreeSupervisor supervisor;
    LocalLauncher withCgroups(&supervisor, QStringLiteral(MUSTER_BIN_DIR "/muster-guard"));
    LocalLauncher plain(&supervisor, QStringLiteral(MUSTER_BIN_DIR "/muster-guard"));
    plain.setCgroupsAllowed(false);
    const std::vector<std::pair<const char *, std::function<double()>>> ways{
        {"PipeProcess",
         [] {
        return perSecond(startPlain);
    }},
        {"whole layer",
         [&] {
        return perSecond([&](const auto &whenGone) { startTree(plain, false, whenGone); });
    }},
        {"whole layer, cgroup",
         [&] {
        return perSecond([&](const auto &whenGone) { startTree(withCgroups, false, whenGone); });
    }},
        {"whole layer, lifeline",
         [&] {
        return perSecond([&](const auto &whenGone) { startTree(plain, true, whenGone); });
    }},
    };
    std::vector<double> raw;
    std::vector<std::vector<double>> rates(ways.size());
    std::vector<std::vector<double>> ratios(ways.size());
    for (int i = 0; i < rounds; ++i) {
        raw.push_back(rawPerSecond());
        for (std::size_t way = 0; way < ways.size(); ++way) {
            rates[way].push_back(ways[way].second());
            ratios[way].push_back(rates[way].back() / raw.back());
        }
    }
    qInfo("row 8: posix_spawn %.0f/s", median(raw));
    for (std::size_t way = 0; way < ways.size(); ++way) {
        const auto [low, high] = std::ranges::minmax(ratios[way]);
        qInfo("row 8: %s %.0f/s, ratio %.2f (%.2f to %.2f), bar 0.60", ways[way].first, median(rates[way]),
              median(ratios[way]), low, high);
        QVERIFY(median(ratios[way]) > 0);
    }
}

QTEST_GUILESS_MAIN(BenchProcess)
#include "bench_process.moc"
