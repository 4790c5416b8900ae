#include "app/demo_agent/serve/outlet.h"

#include <unistd.h>

#include <cerrno>

namespace muster::demo {

Outlet::Outlet(int descriptor)
    : m_descriptor(descriptor)
    , m_thread([this] { run(); })
{
}

Outlet::~Outlet()
{
    {
        const std::scoped_lock lock(m_lock);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void Outlet::push(QByteArray bytes)
{
    const std::scoped_lock lock(m_lock);
    if (m_broken)
        return;
    m_queued += bytes.size();
    m_queue.push_back(std::move(bytes));
    m_changed.notify_all();
}

void Outlet::pushPatiently(QByteArray bytes)
{
    {
        std::unique_lock lock(m_lock);
        m_changed.wait(lock, [&] { return m_broken || m_queued < maxQueuedBytes; });
    }
    push(std::move(bytes));
}

void Outlet::drain(int timeoutMs)
{
    std::unique_lock lock(m_lock);
    m_changed.wait_for(lock, std::chrono::milliseconds(timeoutMs), [&] { return m_broken || m_queued == 0; });
}

bool Outlet::broken() const
{
    const std::scoped_lock lock(m_lock);
    return m_broken;
}

void Outlet::run()
{
    std::unique_lock lock(m_lock);
    while (true) {
        m_changed.wait(lock, [&] { return m_ending || !m_queue.empty(); });
        if (m_queue.empty() || m_broken)
            return;
        const QByteArray bytes = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        const bool written = writeAll(bytes);
        lock.lock();
        m_queued -= bytes.size();
        m_broken = m_broken || !written;
        m_changed.notify_all();
    }
}

bool Outlet::writeAll(const QByteArray &bytes) const
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote =
            ::write(m_descriptor, bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        done += wrote;
    }
    return true;
}

} // namespace muster::demo
