#include "core/store/reply_queue.h"

#include <QCoreApplication>
#include <QEvent>
#include <QMutexLocker>
#include <QThread>

namespace muster {

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
    lock.unlock(); // first: whom it wakes would only wait for the lock
    if (wake)
        QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

bool ReplyQueue::event(QEvent *event)
{
    if (event->type() != QEvent::User)
        return QObject::event(event);
    std::vector<Reply> replies;
    {
        const QMutexLocker lock(&m_mutex);
        replies.swap(m_waiting);
    }
    for (Reply &reply : replies) {
        if (!reply.hasContext || reply.context)
            reply.deliver();
    }
    return true;
}

} // namespace muster
