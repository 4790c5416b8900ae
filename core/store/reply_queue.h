// ReplyQueue: how the store's threads answer. One per posting thread; replies are handed over in batches
// by one queued event, in the order in which they were made, and only to contexts that still live (checked
// in the context's own thread, so that a context may die at any moment). push(): any thread; expect(): the
// thread whose queue it is.
#pragma once

#include <QMutex>
#include <QObject>
#include <QPointer>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace muster {

struct Reply {
    QPointer<QObject> context;
    bool hasContext = false; // false: deliver whatever became of the caller
    std::move_only_function<void()> deliver;
};

class ReplyQueue final : public QObject {
public:
    // The calling thread's own.
    [[nodiscard]] static std::shared_ptr<ReplyQueue> ofThisThread();

    void push(std::vector<Reply> replies);

    // The answer that comes next is likely to be there sooner than a thread falls asleep and is woken: before
    // its event loop may block, it stays awake for a little, and does nothing else meanwhile. Answers that
    // are not that fast, as on a disk that is slow, are waited for less and less often.
    void expect();

private:
    bool event(QEvent *event) override;
    void stayAwake();

    QMutex m_mutex;
    std::vector<Reply> m_waiting;
    std::atomic<bool> m_answered = false; // something is in m_waiting
    bool m_expecting = false;             // from here on of its own thread only
    bool m_follows = false;               // its event loop
    int m_late = 0;                       // answers in a row that were not fast
    int m_skipped = 0;                    // of those that were not waited for since
};

} // namespace muster
