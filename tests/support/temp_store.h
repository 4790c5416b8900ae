// A store in a folder of its own that goes with the test, and short ways to look into it.
#pragma once

#include "core/store/store.h"
#include "tests/support/manual_clock.h"

#include <QTemporaryDir>
#include <QTest>

namespace muster {

class TempStore {
public:
    TempStore()
    {
        options.file = dir.filePath(QStringLiteral("store.db"));
        options.backupDir = dir.filePath(QStringLiteral("backups"));
        options.durability = Durability::Normal;
    }

    // Opens it (again); null when it is refused, see `error`.
    Store *open()
    {
        store.reset();
        auto opened = Store::open(options, clock);
        if (opened)
            store = std::move(*opened);
        else
            error = opened.error();
        return store.get();
    }

    // A migrated store and a connection of this thread to it, without the store's own threads.
    std::unique_ptr<Connection> connection()
    {
        if (!QFile::exists(options.file)) {
            open();
            store.reset();
        }
        auto db = Connection::open({.file = options.file, .durability = options.durability});
        return db ? std::move(*db) : nullptr;
    }

    QTemporaryDir dir;
    ManualClock clock;
    StoreOptions options;
    Error error;
    std::unique_ptr<Store> store;
};

// Waits for a reply of the store: `auto result = waitFor<T>([&](auto done) { store.…(this, fn, done); })`.
template <typename T, typename Start> std::optional<Result<T>> waitFor(Start start)
{
    auto result = std::make_shared<std::optional<Result<T>>>();
    start([result](Result<T> value) { result->emplace(std::move(value)); });
    (void)QTest::qWaitFor([&] { return result->has_value(); }, 30'000);
    return std::move(*result);
}

template <typename T, typename Fn> std::optional<Result<T>> writeAndWait(Store &store, Fn fn)
{
    return waitFor<T>([&](auto done) { store.writer().write(nullptr, std::move(fn), std::move(done)); });
}

// In a test function: fails it with the error's text unless the Result is one.
#define VERIFY_RESULT(result)      \
    QVERIFY2((result).has_value(), \
             (result) ? "" : qPrintable((result).error().detail + (result).error().where))

} // namespace muster
