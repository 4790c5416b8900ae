// Time and processor time of what a bench does, and what is made of several rounds.
#pragma once

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <ctime>
#include <functional>
#include <vector>

namespace muster::bench {

struct Measured {
    double perSecond = 0;
    double p99Ms = 0;
    double cpuSeconds = 0;
};

class Stopwatch {
public:
    Stopwatch() { m_wall.start(); }
    [[nodiscard]] double seconds() const { return static_cast<double>(m_wall.nsecsElapsed()) / 1e9; }
    [[nodiscard]] double cpu() const { return static_cast<double>(std::clock() - m_cpu) / CLOCKS_PER_SEC; }

private:
    QElapsedTimer m_wall;
    std::clock_t m_cpu = std::clock();
};

[[nodiscard]] inline double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

[[nodiscard]] inline double p99(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    return values.at(values.size() * 99 / 100);
}

[[nodiscard]] inline double percentile(std::vector<double> values, double percent)
{
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    return values[static_cast<size_t>(static_cast<double>(values.size() - 1) * percent / 100)];
}

// With an event loop that wakes for everything that comes: QTest's own way sleeps between its looks.
[[nodiscard]] inline bool waitUntil(const std::function<bool()> &condition, int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    while (!condition() && !deadline.hasExpired()) {
        QEventLoop loop;
        QTimer::singleShot(50, &loop, &QEventLoop::quit);
        loop.exec();
    }
    return condition();
}

[[nodiscard]] inline double medianOf(const std::vector<Measured> &all, double Measured::*what)
{
    std::vector<double> values;
    for (const Measured &m : all)
        values.push_back(m.*what);
    return median(values);
}

} // namespace muster::bench
