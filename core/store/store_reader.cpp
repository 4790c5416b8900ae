#include "core/store/store_reader.h"

#include <future>

namespace muster {

using namespace Qt::StringLiterals;

StoreReader::StoreReader(ConnectionOptions options, int threads)
    : m_options(std::move(options))
    , m_threadCount(threads)
{
}

StoreReader::~StoreReader() { stop(); }

Status StoreReader::start()
{
    m_stopping = false;
    Status status;
    for (int i = 0; i < m_threadCount; ++i) {
        std::promise<Status> opened;
        auto thread = std::unique_ptr<QThread>(QThread::create([this, &opened] { open(opened); }));
        thread->setObjectName(u"store reader"_s);
        thread->start();
        m_threads.push_back(std::move(thread));
        if (Status one = opened.get_future().get(); !one)
            status = one;
    }
    if (!status)
        stop();
    return status;
}

void StoreReader::stop()
{
    std::deque<Pending> dropped;
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
        dropped.swap(m_queue);
    }
    m_wake.notify_all();
    for (const auto &thread : m_threads)
        thread->wait();
    m_threads.clear();
    for (Pending &pending : dropped)
        refuse(pending, ErrorCode::Cancelled);
}

void StoreReader::enqueue(Pending pending)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_stopping) {
            m_queue.push_back(std::move(pending));
            m_wake.notify_one();
            return;
        }
    }
    refuse(pending, ErrorCode::Unavailable);
}

void StoreReader::open(std::promise<Status> &opened)
{
    auto connection = Connection::open(m_options);
    if (!connection) {
        opened.set_value(std::unexpected(connection.error()));
        return;
    }
    opened.set_value({});
    work(**connection);
}

void StoreReader::work(Connection &db)
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return !m_queue.empty() || m_stopping; });
        if (m_stopping)
            return;
        Pending pending = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        if (!pending.current || pending.current())
            answer(db, pending);
        lock.lock();
    }
}

void StoreReader::answer(Connection &db, Pending &pending)
{
    Status begun;
    if (pending.snapshot)
        begun = db.run(u"BEGIN"_s).transform([](qint64) {});
    auto deliver = pending.work(&db, begun);
    if (pending.snapshot)
        db.rollback();
    reply(pending, std::move(deliver));
}

void StoreReader::refuse(Pending &pending, ErrorCode code)
{
    reply(pending, pending.work(nullptr, fail(code, u"the store is closed"_s)));
}

void StoreReader::reply(Pending &pending, std::move_only_function<void()> deliver)
{
    if (pending.current) {
        // Overtaken while it ran, or while the answer was on its way.
        deliver = [current = pending.current, inner = std::move(deliver)]() mutable {
            if (current())
                inner();
        };
    }
    std::vector<Reply> replies;
    replies.push_back({std::move(pending.context), pending.hasContext, std::move(deliver)});
    pending.queue->push(std::move(replies));
}

} // namespace muster
