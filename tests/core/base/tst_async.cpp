// Sequences and what they are owned by: each goes on while its owner lives, and not a step further.
#include "core/base/async.h"

#include <QSemaphore>
#include <QTest>

#include <atomic>
#include <memory>

using namespace muster;

namespace {

using Step = std::shared_ptr<QPromise<Result<int>>>;

Step startedStep()
{
    auto step = std::make_shared<QPromise<Result<int>>>();
    step->start();
    return step;
}

void finish(const Step &step, int value)
{
    step->addResult(value);
    step->finish();
}

struct Seen {
    int begun = 0;
    int gone = 0; // locals of sequences that were destroyed
    int ended = 0;
};

class Local {
public:
    explicit Local(std::shared_ptr<Seen> seen)
        : m_seen(std::move(seen))
    {
        ++m_seen->begun;
    }
    ~Local() { ++m_seen->gone; }
    Q_DISABLE_COPY_MOVE(Local)

private:
    std::shared_ptr<Seen> m_seen;
};

class Owner : public AsyncOwner {
public:
    Async<int> sum(Step first, Step second, std::shared_ptr<Seen> seen)
    {
        const Local local(seen);
        const auto a = co_await resultOf(first->future());
        m_first = a.value_or(-1);
        const auto b = co_await resultOf(second->future());
        ++seen->ended;
        co_return m_first + b.value_or(-1);
    }
    // Ends its owner itself, as a job does that tells of its end, and would go on with it.
    Async<int> endOwner(std::unique_ptr<Owner> *self, std::shared_ptr<Seen> seen) const
    {
        const Local local(seen);
        self->reset();
        const auto done = co_await resultOf(QtFuture::makeReadyValueFuture(Result<int>(1)));
        ++seen->ended;
        co_return m_first + done.value_or(0);
    }

private:
    int m_first = 0;
};

Async<int> doubled(QFuture<Result<int>> inner)
{
    const auto value = co_await resultOf(inner);
    if (!value)
        co_return std::unexpected(value.error());
    co_return 2 * *value;
}

Async<int> lent(const Owner & /*owner*/, Step step, std::shared_ptr<Seen> seen)
{
    const Local local(seen);
    const auto value = co_await resultOf(step->future());
    ++seen->ended;
    co_return value;
}

void spin()
{
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

struct Plain {};
static_assert(holdsItsParameters<>);
static_assert(holdsItsParameters<Owner &, QString, int>);
static_assert(holdsItsParameters<const Owner &>);
static_assert(!holdsItsParameters<Plain &>);
static_assert(!holdsItsParameters<QString, const QString &>);
static_assert(!holdsItsParameters<Owner &, QString &&>);

} // namespace

class TestAsync : public QObject {
    Q_OBJECT
private slots:
    void goesOnInTheEventLoop();
    void endsWithItsOwner_data();
    void endsWithItsOwner();
    void endsWithWhatWasLentToIt();
    void doesNotGoOnWhenItEndsItsOwner();
    void whoeverWaitsIsToldCancelled();
    void othersOfTheOwnerEndToo();
    void holdsNothingWhenItHasEnded();
    void workHoldsNothingWhenItHasEnded();
};

void TestAsync::goesOnInTheEventLoop()
{
    const auto seen = std::make_shared<Seen>();
    const Step first = startedStep();
    const Step second = startedStep();
    Owner owner;
    const auto future = owner.sum(first, second, seen).future();
    finish(first, 2);
    QVERIFY(!future.isFinished());
    spin();
    finish(second, 3);
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().value(), 5);
    QCOMPARE(seen->gone, 1);
}

void TestAsync::endsWithItsOwner_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<bool>("looked");
    QTest::newRow("at its first step") << 0 << true;
    QTest::newRow("with its first step done and not looked at") << 1 << false;
    QTest::newRow("at its second step") << 1 << true;
    QTest::newRow("with all done and not looked at") << 2 << false;
}

void TestAsync::endsWithItsOwner()
{
    QFETCH(const int, steps);
    QFETCH(const bool, looked);
    const auto seen = std::make_shared<Seen>();
    const std::array all{startedStep(), startedStep()};
    auto owner = std::make_unique<Owner>();
    const auto future = owner->sum(all[0], all[1], seen).future();
    for (int i = 0; i < steps; ++i) {
        if (i > 0)
            spin();
        finish(all.at(static_cast<size_t>(i)), 1);
    }
    if (looked)
        spin();
    owner.reset();
    QCOMPARE(seen->gone, 1);
    QVERIFY(future.isFinished());
    QCOMPARE(future.resultCount(), 0);
    for (int i = steps; i < 2; ++i)
        finish(all.at(static_cast<size_t>(i)), 1);
    spin();
    QCOMPARE(seen->ended, 0);
}

void TestAsync::endsWithWhatWasLentToIt()
{
    const auto seen = std::make_shared<Seen>();
    const Step step = startedStep();
    auto owner = std::make_unique<Owner>();
    const auto future = lent(*owner, step, seen).future();
    owner.reset();
    QCOMPARE(seen->gone, 1);
    finish(step, 1);
    spin();
    QCOMPARE(seen->ended, 0);
}

void TestAsync::doesNotGoOnWhenItEndsItsOwner()
{
    const auto seen = std::make_shared<Seen>();
    auto owner = std::make_unique<Owner>();
    const auto future = owner->endOwner(&owner, seen).future();
    QVERIFY(!owner);
    QVERIFY(future.isFinished());
    QCOMPARE(future.resultCount(), 0);
    QCOMPARE(seen->gone, 1);
    spin();
    QCOMPARE(seen->ended, 0);
}

void TestAsync::whoeverWaitsIsToldCancelled()
{
    const auto seen = std::make_shared<Seen>();
    auto owner = std::make_unique<Owner>();
    const auto future = doubled(owner->sum(startedStep(), startedStep(), seen)).future();
    owner.reset();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(future.result().error().code, ErrorCode::Cancelled);
}

void TestAsync::othersOfTheOwnerEndToo()
{
    const auto seen = std::make_shared<Seen>();
    auto owner = std::make_unique<Owner>();
    const Step step = startedStep();
    std::vector<QFuture<Result<int>>> futures;
    for (int i = 0; i < 5; ++i)
        futures.push_back(i % 2 ? lent(*owner, step, seen).future() : owner->sum(step, step, seen).future());
    QCOMPARE(seen->begun, 5);
    owner.reset();
    QCOMPARE(seen->gone, 5);
    QVERIFY(std::ranges::all_of(futures, [](const auto &future) { return future.isFinished(); }));
}

// Whoever waits may use at once what the sequence held: here, count its locals as it ends.
void TestAsync::holdsNothingWhenItHasEnded()
{
    const auto seen = std::make_shared<Seen>();
    const Step step = startedStep();
    const Owner owner;
    int goneAtEnd = 0;
    const auto told =
        lent(owner, step, seen).future().then([&](const Result<int> &) { goneAtEnd = seen->gone; });
    finish(step, 1);
    QTRY_VERIFY(told.isFinished());
    QCOMPARE(goneAtEnd, 1);
}

void TestAsync::workHoldsNothingWhenItHasEnded()
{
    const auto seen = std::make_shared<Seen>();
    QSemaphore begin;
    std::atomic_int goneAtEnd = 0;
    const auto told = onPool([&begin, local = std::make_unique<Local>(seen)] {
        begin.acquire();
        return Result<int>(1);
    }).then([&](const Result<int> &) { goneAtEnd = seen->gone; });
    begin.release();
    QTRY_VERIFY(told.isFinished());
    QCOMPARE(goneAtEnd.load(), 1);
}

QTEST_GUILESS_MAIN(TestAsync)
#include "tst_async.moc"
