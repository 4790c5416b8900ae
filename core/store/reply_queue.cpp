#include "core/store/reply_queue.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEvent>
#include <QMutexLocker>
#include <QThread>

#include <algorithm>
#include <chrono>
#include <thread>

namespace muster {

namespace {
constexpr auto fast =
    std::chrono::microseconds(600); // a commit that ends in the disk's cache takes half of it
constexpr int mostLate = 8;         // then one of 2^8 is waited for
} // namespace

std::shared_ptr<ReplyQueue> ReplyQueue::ofThisThread()
{
    static thread_local const auto queue = std::make_shared<ReplyQueue>();
    return queue;
}

void ReplyQueue::push(std::vector<Reply> replies)
{
    QMutexLocker lock(&m_mutex);
    const bool wake = m_waiting.empty();
    std::ranges::move(replies, std::back_inserter(m_waiting));
    m_answered.store(true, std::memory_order_relaxed);
    lock.unlock(); // first: whom it wakes would only wait for the lock
    if (wake)
        QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

void ReplyQueue::expect()
{
    m_expecting = true;
    auto *dispatcher = QAbstractEventDispatcher::instance(thread());
    if (!m_follows && dispatcher)
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &ReplyQueue::stayAwake);
    m_follows = dispatcher;
}

void ReplyQueue::stayAwake()
{
    if (!std::exchange(m_expecting, false))
        return;
    if (m_late > 0 && ++m_skipped < 1 << std::min(m_late, mostLate))
        return;
    m_skipped = 0;
    const auto end = std::chrono::steady_clock::now() + fast;
    while (!m_answered.load(std::memory_order_relaxed) && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    m_late = m_answered.load(std::memory_order_relaxed) ? 0 : m_late + 1;
}

bool ReplyQueue::event(QEvent *event)
{
    if (event->type() != QEvent::User)
        return QObject::event(event);
    std::vector<Reply> replies;
    {
        const QMutexLocker lock(&m_mutex);
        replies.swap(m_waiting);
        m_answered.store(false, std::memory_order_relaxed);
    }
    for (Reply &reply : replies) {
        if (!reply.hasContext || reply.context)
            reply.deliver();
    }
    return true;
}

} // namespace muster
