#include "core/process/byte_pipes.h"

#include <QPointer>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace muster {

namespace {

constexpr qint64 chunkBytes = qint64{64} * 1024;
constexpr int chunksPerTurn = 4; // then others on this event loop get theirs
constexpr qsizetype compactAbove = qsizetype{1024} * 1024;

ssize_t readRetrying(int fd, char *buffer, std::size_t most)
{
    ssize_t got = 0;
    do
        got = ::read(fd, buffer, most);
    while (got < 0 && errno == EINTR);
    return got;
}

ssize_t writeRetrying(int fd, const char *data, std::size_t size)
{
    ssize_t written = 0;
    do
        written = ::write(fd, data, size);
    while (written < 0 && errno == EINTR);
    return written;
}

} // namespace

OutputPipe::OutputPipe(FileDescriptor fd, QObject *parent)
    : QObject(parent)
    , m_fd(std::move(fd))
    , m_notifier(m_fd.get(), QSocketNotifier::Read)
{
    setNonBlocking(m_fd.get());
    connect(&m_notifier, &QSocketNotifier::activated, this, &OutputPipe::readSome);
}

void OutputPipe::setPaused(bool paused)
{
    m_paused = paused;
    m_notifier.setEnabled(!paused && isOpen());
}

void OutputPipe::close()
{
    m_notifier.setEnabled(false);
    m_fd.reset();
}

// True if there may be more. May delete this, through a slot.
bool OutputPipe::readChunk(qint64 most, qint64 &got)
{
    static thread_local char buffer[chunkBytes];
    const ssize_t count =
        readRetrying(m_fd.get(), buffer, static_cast<std::size_t>(std::min(most, chunkBytes)));
    got = count;
    if (count > 0) {
        emit bytes(QByteArray(buffer, count));
        return true;
    }
    if (count < 0 && errno == EAGAIN)
        return false;
    // EOF; on a pseudo-terminal EIO says the same.
    close();
    emit closed();
    return false;
}

void OutputPipe::readSome()
{
    const QPointer<OutputPipe> self(this);
    for (int i = 0; i < chunksPerTurn; ++i) {
        qint64 got = 0;
        if (!readChunk(chunkBytes, got) || got < chunkBytes || !self || m_paused || !isOpen())
            return;
    }
}

bool OutputPipe::drain()
{
    const QPointer<OutputPipe> self(this);
    int available = 0;
    if (!isOpen() || ioctl(m_fd.get(), FIONREAD, &available) != 0)
        return true;
    for (qint64 left = available; left > 0;) {
        if (m_paused)
            return false;
        qint64 got = 0;
        if (!readChunk(left, got) || !self || !isOpen())
            return true;
        left -= got;
    }
    return true;
}

InputPipe::InputPipe(FileDescriptor fd, qint64 cap, QObject *parent)
    : QObject(parent)
    , m_fd(std::move(fd))
    , m_cap(cap)
    , m_notifier(m_fd.get(), QSocketNotifier::Write)
{
    setNonBlocking(m_fd.get());
    m_notifier.setEnabled(false);
    connect(&m_notifier, &QSocketNotifier::activated, this, &InputPipe::flush);
}

Status InputPipe::write(const QByteArray &bytes)
{
    if (!m_fd.isOpen() || m_closing)
        return fail(ErrorCode::Unavailable, QStringLiteral("stdin is closed"));
    if (pending() + bytes.size() > m_cap)
        return fail(ErrorCode::TooLarge, QString::number(pending() + bytes.size()));
    qsizetype done = 0;
    if (pending() == 0) {
        const ssize_t written =
            writeRetrying(m_fd.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()));
        done = std::max<qsizetype>(written, 0);
    }
    if (done < bytes.size()) {
        // What could not be written, also for a broken pipe, is told from the event loop.
        m_queue.append(QByteArrayView(bytes).sliced(done));
        m_notifier.setEnabled(true);
    }
    return {};
}

void InputPipe::compact()
{
    if (pending() == 0) {
        m_queue.clear();
        m_offset = 0;
    } else if (m_offset > compactAbove) {
        m_queue.remove(0, m_offset);
        m_offset = 0;
    }
}

void InputPipe::flush()
{
    const QPointer<InputPipe> self(this);
    if (pending() > 0) {
        const ssize_t written =
            writeRetrying(m_fd.get(), m_queue.constData() + m_offset, static_cast<std::size_t>(pending()));
        if (written < 0 && errno == EAGAIN)
            return;
        if (written < 0) {
            close();
            emit closed();
            return;
        }
        m_offset += written;
        compact();
    }
    if (pending() > 0)
        return;
    m_notifier.setEnabled(false);
    emit drained();
    if (self && m_closing && m_fd.isOpen() && pending() == 0) {
        close();
        emit closed();
    }
}

void InputPipe::closeWhenWritten()
{
    if (!m_fd.isOpen() || m_closing)
        return;
    m_closing = true;
    if (pending() == 0) {
        close();
        QMetaObject::invokeMethod(this, &InputPipe::closed, Qt::QueuedConnection);
    }
}

void InputPipe::close()
{
    m_notifier.setEnabled(false);
    m_fd.reset();
    m_queue.clear();
    m_offset = 0;
}

} // namespace muster
