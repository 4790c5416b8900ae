#include "app/agent_io/stdio.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace muster {

Stdio::Stdio(int input, int output, QObject *parent)
    : QObject(parent)
    , m_input(input)
    , m_output(output)
    , m_notifier(input, QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &Stdio::read);
}

void Stdio::read()
{
    QByteArray chunk(65'536, Qt::Uninitialized);
    const ssize_t got = ::read(m_input, chunk.data(), static_cast<size_t>(chunk.size()));
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got > 0) {
        chunk.truncate(got);
        emit received(chunk);
        return;
    }
    m_notifier.setEnabled(false);
    if (!std::exchange(m_ended, true))
        emit ended();
}

void Stdio::write(const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size() && !m_ended) {
        const ssize_t wrote =
            ::write(m_output, bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
        if (wrote >= 0) {
            done += wrote;
        } else if (errno == EAGAIN) {
            pollfd room{.fd = m_output, .events = POLLOUT, .revents = 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            m_ended = true;
            QMetaObject::invokeMethod(this, &Stdio::ended, Qt::QueuedConnection);
        }
    }
}

} // namespace muster
