// Runs a pure function on the global thread pool; take the result with .then(context, …), which is dropped
// when the context is gone. Private to core/process.
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>
#include <type_traits>
#include <utility>

namespace muster {

template <typename Job> [[nodiscard]] auto onWorker(Job job) -> QFuture<std::invoke_result_t<Job>>
{
    using T = std::invoke_result_t<Job>;
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    QFuture<T> future = promise->future();
    QThreadPool::globalInstance()->start([promise, work = std::move(job)] {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace muster
