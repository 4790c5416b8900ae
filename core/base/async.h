// Async<T>: a sequence of asynchronous steps written as one function (a C++20 coroutine) that gives a
// QFuture<Result<T>>. It begins at once on the caller's thread and goes on in that thread's event loop.
//
// Parameters of a coroutine are taken by value, so that nothing it uses can die before it. A future that
// ends without a result gives Error{Cancelled}; if the thread's event loop ends first, the rest never runs.
#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <coroutine>
#include <memory>
#include <utility>

namespace muster {

template <typename T> class Async {
public:
    struct promise_type {
        QPromise<Result<T>> promise;

        promise_type() { promise.start(); }
        Async get_return_object() { return Async(promise.future()); }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_value(Result<T> value)
        {
            promise.addResult(std::move(value));
            promise.finish();
        }
        void unhandled_exception() { return_value(fail(ErrorCode::Internal, QStringLiteral("exception"))); }
    };

    [[nodiscard]] QFuture<Result<T>> future() const { return m_future; }
    // NOLINTNEXTLINE(google-explicit-constructor): a function returns one where a QFuture is declared
    operator QFuture<Result<T>>() const { return m_future; }

private:
    explicit Async(QFuture<Result<T>> future)
        : m_future(std::move(future))
    {
    }

    QFuture<Result<T>> m_future;
};

template <typename T> class FutureAwaiter {
public:
    explicit FutureAwaiter(QFuture<Result<T>> future)
        : m_future(std::move(future))
    {
    }

    [[nodiscard]] bool await_ready() const { return m_future.isFinished(); }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        m_watcher = std::make_unique<QFutureWatcher<Result<T>>>();
        QObject::connect(m_watcher.get(), &QFutureWatcherBase::finished, m_watcher.get(),
                         [waiting] { waiting.resume(); });
        m_watcher->setFuture(m_future);
    }
    Result<T> await_resume()
    {
        if (m_watcher)
            m_watcher.release()->deleteLater(); // its signal is what brought us here
        if (m_future.resultCount() == 0)
            return fail(ErrorCode::Cancelled);
        return m_future.result();
    }

private:
    QFuture<Result<T>> m_future;
    std::unique_ptr<QFutureWatcher<Result<T>>> m_watcher;
};

template <typename T> FutureAwaiter<T> operator co_await(const Async<T> &async)
{
    return FutureAwaiter<T>(async.future());
}

// What is not an Async yet.
template <typename T> FutureAwaiter<T> resultOf(QFuture<Result<T>> future)
{
    return FutureAwaiter<T>(std::move(future));
}

// Calls `done(Result<T>)` from the event loop of `context`'s thread, unless `context` has gone by then.
template <typename T, typename Done>
void onResult(const QFuture<Result<T>> &future, QObject *context, Done done)
{
    auto *watcher = new QFutureWatcher<Result<T>>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, done = std::move(done)]() mutable {
        watcher->deleteLater();
        const QFuture<Result<T>> ended = watcher->future();
        done(ended.resultCount() == 0 ? Result<T>(fail(ErrorCode::Cancelled)) : ended.result());
    });
    watcher->setFuture(future);
}

// Runs `work` (which gives a Result<T>) on the shared pool: for what would block, such as removing a folder.
template <typename Work> auto onPool(Work work)
{
    using R = decltype(work());
    auto promise = std::make_shared<QPromise<R>>();
    promise->start();
    auto future = promise->future();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace muster
