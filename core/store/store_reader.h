// StoreReader: two threads, each with a read-only connection. A read sees one snapshot for its whole length
// and must be short (a long one keeps the log from shrinking). Replies as with StoreWriter. read() and
// run(): any thread with an event loop; start() and stop(): composition.
#pragma once

#include "core/store/connection.h"
#include "core/store/reply_queue.h"

#include <QThread>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <vector>

namespace muster {

// Newest wins: of the reads given the same one, an older that was overtaken is dropped without a reply.
class NewestRead {
public:
    NewestRead()
        : m_latest(std::make_shared<std::atomic<quint64>>(0))
    {
    }
    // True as long as no later ticket was drawn.
    [[nodiscard]] std::function<bool()> draw() const
    {
        return [latest = m_latest, mine = ++*m_latest] {
            return latest->load() == mine;
        };
    }

private:
    std::shared_ptr<std::atomic<quint64>> m_latest;
};

class StoreReader final {
public:
    explicit StoreReader(ConnectionOptions options, int threads = 2);
    ~StoreReader(); // stops
    StoreReader(const StoreReader &) = delete;
    StoreReader &operator=(const StoreReader &) = delete;

    [[nodiscard]] Status start(); // blocks until the connections are open
    void stop();                  // blocks until running reads end; waiting ones are answered Cancelled

    // fn(Connection &) -> Result<T>, done(Result<T>).
    template <typename Fn, typename DoneFn> void read(QObject *context, Fn fn, DoneFn done)
    {
        enqueue(pack(context, std::move(fn), std::move(done)));
    }
    template <typename Fn, typename DoneFn>
    void read(const NewestRead &newest, QObject *context, Fn fn, DoneFn done)
    {
        Pending pending = pack(context, std::move(fn), std::move(done));
        pending.current = newest.draw();
        enqueue(std::move(pending));
    }
    // Without a snapshot around it, for work that opens its own connection (backup, check).
    template <typename Fn, typename DoneFn> void run(QObject *context, Fn fn, DoneFn done)
    {
        auto wrapped = [fn = std::move(fn)](Connection &) mutable {
            return fn();
        };
        Pending pending = pack(context, std::move(wrapped), std::move(done));
        pending.snapshot = false;
        enqueue(std::move(pending));
    }

private:
    struct Pending {
        // Gives the delivery to make in the caller's thread.
        std::move_only_function<std::move_only_function<void()>(Connection *, Status begun)> work;
        std::function<bool()> current; // empty: always
        std::shared_ptr<ReplyQueue> queue;
        QPointer<QObject> context;
        bool hasContext = false;
        bool snapshot = true;
    };

    template <typename Fn, typename DoneFn> Pending pack(QObject *context, Fn fn, DoneFn done)
    {
        using R = std::invoke_result_t<Fn &, Connection &>;
        Pending pending;
        pending.queue = ReplyQueue::ofThisThread();
        pending.context = context;
        pending.hasContext = context != nullptr;
        pending.work = [fn = std::move(fn), done = std::move(done)](Connection *db, Status begun) mutable {
            R result = begun ? fn(*db) : R(std::unexpected(std::move(begun.error())));
            return std::move_only_function<void()>(
                [result = std::move(result), done = std::move(done)]() mutable { done(std::move(result)); });
        };
        return pending;
    }
    void enqueue(Pending pending);
    void open(std::promise<Status> &opened);
    void work(Connection &db);
    static void answer(Connection &db, Pending &pending);
    static void refuse(Pending &pending, ErrorCode code);
    static void reply(Pending &pending, std::move_only_function<void()> deliver);

    const ConnectionOptions m_options;
    const int m_threadCount;
    std::vector<std::unique_ptr<QThread>> m_threads;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Pending> m_queue;
    bool m_stopping = true;
};

} // namespace muster
