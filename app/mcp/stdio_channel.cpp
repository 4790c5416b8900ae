#include "app/mcp/stdio_channel.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace muster::app {

StdioChannel::StdioChannel(QObject *parent)
    : QObject(parent)
    , m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    std::signal(SIGPIPE, SIG_IGN);
    connect(&m_input, &QSocketNotifier::activated, this, &StdioChannel::onInput);
}

void StdioChannel::write(const QByteArray &line)
{
    QByteArrayView left = line;
    while (!left.isEmpty() && !m_broken) {
        const ssize_t written = ::write(STDOUT_FILENO, left.data(), static_cast<size_t>(left.size()));
        if (written >= 0) {
            left = left.sliced(written);
        } else if (errno != EINTR) {
            m_broken = true;
            close();
        }
    }
}

void StdioChannel::onInput()
{
    std::array<char, 65'536> buffer{};
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0)
        emit received(QByteArray(buffer.data(), static_cast<qsizetype>(count)));
    else if (count == 0 || (errno != EINTR && errno != EAGAIN))
        close();
}

void StdioChannel::close()
{
    if (std::exchange(m_closed, true))
        return;
    m_input.setEnabled(false);
    emit closed();
}

} // namespace muster::app
