// Async<T>: a sequence of asynchronous steps written as one function (a C++20 coroutine) that gives a
// QFuture<Result<T>>. It begins at once on the caller's thread and goes on in that thread's event loop.
//
// Parameters of a coroutine are taken by value, so that nothing it uses can die before it; what it must have
// by reference (the object it is a member of, or its first parameter) is an AsyncOwner, and the sequence ends
// with it. The compiler refuses anything else. Its variables are gone when its future is finished. A future
// that ends without a result gives Error{Cancelled}; if the thread's event loop ends first, the rest never
// runs.
#pragma once

#include "core/base/async_owner.h"
#include "core/base/result.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <concepts>
#include <coroutine>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace muster {

template <typename T> class AsyncPromise;

template <typename T> class Async {
public:
    [[nodiscard]] QFuture<Result<T>> future() const { return m_future; }
    // NOLINTNEXTLINE(google-explicit-constructor): a function returns one where a QFuture is declared
    operator QFuture<Result<T>>() const { return m_future; }

private:
    friend class AsyncPromise<T>;
    explicit Async(QFuture<Result<T>> future)
        : m_future(std::move(future))
    {
    }

    QFuture<Result<T>> m_future;
};

// What is not an Async yet, to be waited for by one.
template <typename T> struct ResultOf {
    QFuture<Result<T>> future;
};

template <typename T> ResultOf<T> resultOf(QFuture<Result<T>> future) { return {std::move(future)}; }

template <typename T> class FutureAwaiter {
public:
    FutureAwaiter(AsyncFrame &frame, QFuture<Result<T>> future)
        : m_frame(frame)
        , m_future(std::move(future))
    {
    }

    [[nodiscard]] bool await_ready() const { return m_future.isFinished() && !m_frame.isOrphan(); }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        if (m_frame.isOrphan()) {
            waiting.destroy(); // and this with it
            return;
        }
        m_frame.wait(waiting);
        m_watcher = std::make_unique<QFutureWatcher<Result<T>>>();
        QObject::connect(m_watcher.get(), &QFutureWatcherBase::finished, m_watcher.get(),
                         [frame = &m_frame] { frame->goOn(); });
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
    AsyncFrame &m_frame;
    QFuture<Result<T>> m_future;
    std::unique_ptr<QFutureWatcher<Result<T>>> m_watcher;
};

template <typename T> class AsyncPromise : public AsyncFrame {
public:
    AsyncPromise() { m_promise.start(); }
    // Of a coroutine with parameters: the object it is a member of, or the first one.
    template <typename First, typename... Rest>
    explicit AsyncPromise(First &first, Rest &.../*rest*/)
        : AsyncFrame(ownerOf(first))
    {
        m_promise.start();
    }

    Async<T> get_return_object() { return Async<T>(m_promise.future()); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    // Not before: what the sequence held (a folder, a lock) is free when anybody hears that it has ended.
    std::suspend_never final_suspend() noexcept
    {
        m_promise.finish();
        return {};
    }
    void return_value(Result<T> value) { m_promise.addResult(std::move(value)); }
    void unhandled_exception() { return_value(fail(ErrorCode::Internal, QStringLiteral("exception"))); }

    template <typename U> FutureAwaiter<U> await_transform(const Async<U> &async)
    {
        return {*this, async.future()};
    }
    template <typename U> FutureAwaiter<U> await_transform(ResultOf<U> result)
    {
        return {*this, std::move(result.future)};
    }

private:
    template <typename First> static const AsyncOwner *ownerOf(const First &first)
    {
        if constexpr (std::derived_from<First, AsyncOwner>)
            return &first;
        else
            return nullptr;
    }

    QPromise<Result<T>> m_promise;
};

// Whether a coroutine with these parameters holds what it uses, or ends with it.
template <typename... Args> inline constexpr bool holdsItsParameters = true;
template <typename First, typename... Rest>
inline constexpr bool holdsItsParameters<First, Rest...> =
    (!std::is_reference_v<First> || std::derived_from<std::remove_cvref_t<First>, AsyncOwner>) &&
    !std::disjunction_v<std::is_reference<Rest>...>;

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
    QThreadPool::globalInstance()->start([promise, work = std::optional<Work>(std::move(work))]() mutable {
        promise->addResult((*work)());
        work.reset(); // what it held is free when anybody hears that it has ended
        promise->finish();
    });
    return future;
}

} // namespace muster

template <typename T, typename... Args> struct std::coroutine_traits<muster::Async<T>, Args...> {
    static_assert(
        muster::holdsItsParameters<Args...>,
        "a sequence takes its parameters by value, and is a member of an AsyncOwner or has one first");
    using promise_type = muster::AsyncPromise<T>;
};
