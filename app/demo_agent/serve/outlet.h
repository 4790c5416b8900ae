// Standard output as a queue with a thread of its own, so that a client that does not read holds up the
// turn that floods it, never the thread that listens. Any thread.
#pragma once

#include <QByteArray>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace muster::demo {

class Outlet {
public:
    explicit Outlet(int descriptor);
    Outlet(const Outlet &) = delete;
    Outlet &operator=(const Outlet &) = delete;
    ~Outlet();

    void push(QByteArray bytes);          // never waits
    void pushPatiently(QByteArray bytes); // waits while maxQueuedBytes are unread
    void drain(int timeoutMs);            // until all of it is written, at most so long
    [[nodiscard]] bool broken() const;    // nobody reads any more

    static constexpr qsizetype maxQueuedBytes = 8LL * 1024 * 1024;

private:
    void run();
    [[nodiscard]] bool writeAll(const QByteArray &bytes) const;

    int m_descriptor;
    mutable std::mutex m_lock;
    std::condition_variable m_changed;
    std::deque<QByteArray> m_queue;
    qsizetype m_queued = 0; // bytes, with those being written
    bool m_broken = false;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace muster::demo
