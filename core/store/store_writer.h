// StoreWriter: the one writer of this process. A thread of its own with the only write connection; jobs are
// queued and committed in groups: at once when the queue is empty, at 256 jobs or 20 ms while work keeps
// coming. Each job is a savepoint, so one that fails undoes only itself; its reply is delivered after the
// group's commit, in the thread that posted it. A commit that fails fails every job of its group (DiskFull,
// Io), nothing is half written, and the writer goes on; while it cannot write it is paused and tries again
// each second. post(), write() and drain(): any thread with an event loop; start() and stop(): composition.
#pragma once

#include "core/store/connection.h"
#include "core/store/writer_group.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace muster {

struct WriterState {
    bool paused = false;                    // the last group could not be committed
    ErrorCode reason = ErrorCode::Internal; // only while paused: DiskFull, Io, Corrupt, Timeout
    QString detail;

    friend bool operator==(const WriterState &, const WriterState &) = default;
};

class StoreWriter final : public QObject {
    Q_OBJECT
public:
    using Job = std::move_only_function<Status(Connection &)>;
    using Done = std::move_only_function<void(Status)>;

    struct Limits {
        size_t jobsPerGroup = 256;
        int groupMs = 20;
        int idleCheckpointMs = 1000; // idle for this long: move the log into the store
        int retryMs = 1000;          // paused: try again after this long
        int expectUs = 100;          // after a group: stay awake for what its answers lead to
    };

    explicit StoreWriter(ConnectionOptions options)
        : StoreWriter(std::move(options), Limits())
    {
    }
    StoreWriter(ConnectionOptions options, Limits limits);
    ~StoreWriter() override; // stops
    Q_DISABLE_COPY_MOVE(StoreWriter)

    // Blocks until the connection is open.
    [[nodiscard]] Status start();
    // Blocks until all that was posted is committed and the connection is closed. Later posts fail
    // Unavailable.
    void stop();

    // `job` runs on the writer's thread and may run nothing but SQL on the connection it is given: no begin,
    // commit or rollback. `done` is called in this thread unless `context` (of this thread) has died;
    // without a context it is called as long as this thread lives.
    void post(Job job, QObject *context, Done done);
    void post(Job job) { post(std::move(job), nullptr, {}); }

    // The same with a value: fn(Connection &) -> Result<T>, done(Result<T>).
    template <typename Fn, typename DoneFn> void write(QObject *context, Fn fn, DoneFn done)
    {
        using R = std::invoke_result_t<Fn &, Connection &>;
        auto kept = std::make_shared<std::optional<R>>();
        auto job = [kept, fn = std::move(fn)](Connection &db) mutable -> Status {
            kept->emplace(fn(db));
            return *kept && **kept ? Status() : Status(std::unexpected((*kept)->error()));
        };
        post(std::move(job), context, [kept, done = std::move(done)](Status status) mutable {
            if (status)
                done(std::move(**kept));
            else
                done(R(std::unexpected(std::move(status.error()))));
        });
    }

    // `done` after all that was posted before has been committed or has failed.
    void drain(QObject *context, std::move_only_function<void()> done);

    // Nothing is queued: what comes next waits for nobody.
    [[nodiscard]] bool isIdle() const;
    // `changed`: whether another process has committed since the last look (first look: false).
    void lookForForeignCommits(QObject *context, std::move_only_function<void(bool changed)> done);

    [[nodiscard]] WriterState state() const;
    [[nodiscard]] qint64 committedGroups() const; // for benches and diagnostics

signals:
    void stateChanged(const muster::WriterState &state);

private:
    struct Pending {
        Job job;
        JobReply reply;
        bool outsideTransaction = false;
    };

    [[nodiscard]] static Pending pend(Job job, QObject *context, Done done);
    void enqueue(Pending pending);
    [[nodiscard]] std::optional<Pending> take(bool outside);
    void work(Connection &db);
    void expectMore();
    void runNext(Connection &db);
    [[nodiscard]] Status beginPatiently(Connection &db);
    void refuse(const Error &error);
    void idle(Connection &db);
    void setState(const WriterState &state);
    [[nodiscard]] bool stopping() const;

    const ConnectionOptions m_options;
    const Limits m_limits;
    std::unique_ptr<QThread> m_thread;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Pending> m_queue;
    std::atomic<size_t> m_queued = 0; // its size, to look at without the lock
    bool m_stopping = true;
    WriterState m_state;
    std::atomic<qint64> m_groups = 0;
    qint64 m_seenDataVersion = 0; // writer thread only
};

} // namespace muster
