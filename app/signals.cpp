#include "app/signals.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace muster::app {

namespace {

std::array<int, 2> pipeEnds{-1, -1};

void tell(int number)
{
    const auto byte = static_cast<char>(number);
    [[maybe_unused]] const auto written = write(pipeEnds[1], &byte, 1);
}

} // namespace

void onSignals(const std::vector<int> &signalNumbers, QObject *context, std::function<void(int)> handler)
{
    if (pipeEnds[0] < 0 && pipe2(pipeEnds.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    auto *notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, context);
    QObject::connect(notifier, &QSocketNotifier::activated, context, [handler = std::move(handler)] {
        char byte = 0;
        while (read(pipeEnds[0], &byte, 1) == 1)
            handler(byte);
    });
    for (const int number : signalNumbers)
        std::signal(number, tell);
}

void keepStandardStreams()
{
    // Each open() takes the lowest number that is free.
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) >= 0)
            continue;
        if (open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY) != stream)
            return;
    }
}

} // namespace muster::app
