// ReplyQueue: how the store's threads answer. One per posting thread; replies are handed over in batches
// by one queued event, in the order in which they were made, and only to contexts that still live (checked
// in the context's own thread, so that a context may die at any moment). push(): any thread.
#pragma once

#include <QMutex>
#include <QObject>
#include <QPointer>

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

private:
    bool event(QEvent *event) override;

    QMutex m_mutex;
    std::vector<Reply> m_waiting;
};

} // namespace muster
