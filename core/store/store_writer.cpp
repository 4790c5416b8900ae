#include "core/store/store_writer.h"

#include "core/base/log.h"

#include <chrono>
#include <future>
#include <thread>

namespace muster {

using namespace Qt::StringLiterals;

StoreWriter::StoreWriter(ConnectionOptions options, Limits limits)
    : m_options(std::move(options))
    , m_limits(limits)
{
}

StoreWriter::~StoreWriter() { stop(); }

Status StoreWriter::start()
{
    m_stopping = false;
    std::promise<Status> opened;
    m_thread.reset(QThread::create([this, &opened] {
        auto connection = Connection::open(m_options);
        if (!connection) {
            opened.set_value(std::unexpected(connection.error()));
            return;
        }
        m_seenDataVersion = (*connection)->dataVersion().value_or(0);
        opened.set_value({});
        work(**connection);
    }));
    m_thread->setObjectName(u"store writer"_s);
    m_thread->start();
    Status status = opened.get_future().get();
    if (!status)
        stop();
    return status;
}

void StoreWriter::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    if (m_thread)
        m_thread->wait();
    m_thread.reset();
}

StoreWriter::Pending StoreWriter::pend(Job job, QObject *context, Done done)
{
    Q_ASSERT(!context || context->thread() == QThread::currentThread());
    auto queue = done ? ReplyQueue::ofThisThread() : nullptr;
    return Pending{.job = std::move(job),
                   .reply = {.queue = std::move(queue),
                             .context = context,
                             .hasContext = context != nullptr,
                             .done = std::move(done)}};
}

void StoreWriter::post(Job job, QObject *context, Done done)
{
    enqueue(pend(std::move(job), context, std::move(done)));
}

void StoreWriter::drain(QObject *context, std::move_only_function<void()> done)
{
    Pending pending = pend([](Connection &) { return Status(); }, context,
                           [done = std::move(done)](const Status &) mutable { done(); });
    pending.outsideTransaction = true;
    enqueue(std::move(pending));
}

void StoreWriter::lookForForeignCommits(QObject *context, std::move_only_function<void(bool changed)> done)
{
    auto changed = std::make_shared<bool>(false);
    auto look = [this, changed](Connection &db) -> Status {
        const auto version = db.dataVersion();
        if (!version)
            return std::unexpected(version.error());
        *changed = std::exchange(m_seenDataVersion, *version) != *version;
        return {};
    };
    Pending pending = pend(std::move(look), context,
                           [changed, done = std::move(done)](const Status &) mutable { done(*changed); });
    pending.outsideTransaction = true;
    enqueue(std::move(pending));
}

void StoreWriter::enqueue(Pending pending)
{
    {
        std::unique_lock lock(m_mutex);
        if (!m_stopping) {
            m_queue.push_back(std::move(pending));
            m_queued.store(m_queue.size(), std::memory_order_relaxed);
            const bool wake = m_queue.size() == 1; // else the writer has been woken for the one before
            lock.unlock();                         // first: whom it wakes would only wait for the lock
            if (wake)
                m_wake.notify_one();
            return;
        }
    }
    WriterGroup::answer(std::move(pending.reply), fail(ErrorCode::Unavailable, u"the store is closed"_s));
}

std::optional<StoreWriter::Pending> StoreWriter::take(bool outside)
{
    const std::scoped_lock lock(m_mutex);
    if (m_queue.empty() || m_queue.front().outsideTransaction != outside)
        return std::nullopt;
    Pending pending = std::move(m_queue.front());
    m_queue.pop_front();
    m_queued.store(m_queue.size(), std::memory_order_relaxed);
    return pending;
}

void StoreWriter::work(Connection &db)
{
    const auto something = [this] {
        return !m_queue.empty() || m_stopping;
    };
    bool settled = true; // there is nothing to do but to wait for work
    std::unique_lock lock(m_mutex);
    while (true) {
        const std::chrono::milliseconds pause(m_state.paused ? m_limits.retryMs : m_limits.idleCheckpointMs);
        if (settled)
            m_wake.wait(lock, something);
        else
            m_wake.wait_for(lock, pause, something);
        const bool queued = !m_queue.empty();
        if (!queued && m_stopping)
            return;
        lock.unlock();
        if (queued) {
            runNext(db);
            expectMore();
        } else {
            idle(db);
        }
        lock.lock();
        settled = !queued && !m_state.paused;
    }
}

// What was answered often leads to the next job at once; to fall asleep and be woken takes longer than that.
void StoreWriter::expectMore()
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(m_limits.expectUs);
    while (m_queued.load(std::memory_order_relaxed) == 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
}

// One job that wants no transaction, or one group.
void StoreWriter::runNext(Connection &db)
{
    if (auto outside = take(true)) {
        Status status = outside->job(db);
        WriterGroup::answer(std::move(outside->reply), std::move(status));
        return;
    }
    if (const Status begun = beginPatiently(db); !begun) {
        refuse(begun.error());
        return;
    }
    WriterGroup group(db);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(m_limits.groupMs);
    while (group.size() < m_limits.jobsPerGroup && std::chrono::steady_clock::now() < end) {
        auto pending = take(false);
        if (!pending || !group.run(std::move(pending->job), std::move(pending->reply)))
            break;
    }
    const std::optional<Error> trouble = group.finish();
    m_groups.fetch_add(1, std::memory_order_relaxed);
    setState(trouble ? WriterState{.paused = true, .reason = trouble->code, .detail = trouble->detail}
                     : WriterState());
}

// Another process may hold the write lock for long (a large migration, or it was stopped): nobody is told
// "locked", the work waits.
Status StoreWriter::beginPatiently(Connection &db)
{
    while (true) {
        Status begun = db.begin();
        if (begun || begun.error().code != ErrorCode::Timeout || stopping())
            return begun;
        setState({.paused = true, .reason = ErrorCode::Timeout, .detail = begun.error().detail});
    }
}

// What is queued now fails; what comes later tries again.
void StoreWriter::refuse(const Error &error)
{
    setState({.paused = true, .reason = error.code, .detail = error.detail});
    for (size_t i = 0; i < m_limits.jobsPerGroup; ++i) {
        auto pending = take(false);
        if (!pending)
            return;
        WriterGroup::answer(std::move(pending->reply), std::unexpected(error));
    }
}

void StoreWriter::idle(Connection &db)
{
    if (!state().paused) {
        // Passive, since it must not wait for a reader that still looks at an old snapshot.
        [[maybe_unused]] const Status moved = db.exec(u"PRAGMA wal_checkpoint(PASSIVE)"_s);
        return;
    }
    // A write that changes nothing finds out whether writing works again.
    const auto version = db.value<qint64>(u"PRAGMA user_version"_s);
    if (!version)
        return;
    const QString same = u"PRAGMA user_version = "_s + QString::number(version->value_or(0));
    if (db.inTransaction([&] { return db.exec(same); }))
        setState({});
}

void StoreWriter::setState(const WriterState &state)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_state == state)
            return;
        m_state = state;
    }
    if (state.paused)
        qCWarning(logStore) << "store cannot be written:" << state.detail;
    emit stateChanged(state);
}

bool StoreWriter::stopping() const
{
    const std::scoped_lock lock(m_mutex);
    return m_stopping;
}

bool StoreWriter::isIdle() const
{
    const std::scoped_lock lock(m_mutex);
    return m_queue.empty();
}

WriterState StoreWriter::state() const
{
    const std::scoped_lock lock(m_mutex);
    return m_state;
}

qint64 StoreWriter::committedGroups() const { return m_groups.load(std::memory_order_relaxed); }

} // namespace muster
