// When queued tasks are expected to begin, and how many the machine lets begin: rules alone.
#include "core/tasks/admission_rules.h"
#include "core/tasks/forecast.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestForecast : public QObject {
    Q_OBJECT
private slots:
    void slotFrees_data();
    void slotFrees();
    void poolFrees_data();
    void poolFrees();
    void queueIsPlayedThrough();
    void needsEveryPool();
    void nobodyKnows();
    void admission_data();
    void admission();
};

namespace {

constexpr qint64 now = 1'000'000;
using Moment = std::optional<qint64>;

} // namespace

void TestForecast::slotFrees_data()
{
    QTest::addColumn<HeldSlot>("slot");
    QTest::addColumn<Moment>("frees");
    QTest::newRow("nothing known") << HeldSlot{.claimedMs = now - 5} << Moment();
    QTest::newRow("deadline") << HeldSlot{.claimedMs = now - 5, .deadlineMs = now + 900} << Moment(now + 900);
    QTest::newRow("usually sooner") << HeldSlot{.claimedMs = now - 5,
                                                .deadlineMs = now + 900,
                                                .usualWorkMs = 105}
                                    << Moment(now + 100);
    QTest::newRow("longer than usual already")
        << HeldSlot{.claimedMs = now - 500, .deadlineMs = now + 900, .usualWorkMs = 105} << Moment(now + 900);
    QTest::newRow("its owner is late")
        << HeldSlot{.claimedMs = now - 5, .deadlineMs = now + 900, .lateLeaseEndsMs = now + 10}
        << Moment(now + 10);
    QTest::newRow("its lease is over")
        << HeldSlot{.claimedMs = now - 5, .lateLeaseEndsMs = now - 1} << Moment();
}

void TestForecast::slotFrees()
{
    QFETCH(HeldSlot, slot);
    QTEST(freesAt(slot, now), "frees");
}

void TestForecast::poolFrees_data()
{
    QTest::addColumn<ForecastPool>("pool");
    QTest::addColumn<Moment>("frees");
    QTest::newRow("empty") << ForecastPool{.cap = 2, .frees = {}} << Moment(now);
    QTest::newRow("one free") << ForecastPool{.cap = 2, .frees = {now + 50}} << Moment(now);
    QTest::newRow("full") << ForecastPool{.cap = 2, .frees = {now + 50, now + 20}} << Moment(now + 20);
    QTest::newRow("over the cap: the first that ends gives nothing back")
        << ForecastPool{.cap = 2, .frees = {now + 50, now + 20, now + 90}} << Moment(now + 50);
    QTest::newRow("unknown last") << ForecastPool{.cap = 2, .frees = {std::nullopt, now + 20}}
                                  << Moment(now + 20);
    QTest::newRow("unknown") << ForecastPool{.cap = 1, .frees = {std::nullopt}} << Moment();
    QTest::newRow("cap of none") << ForecastPool{.cap = 0, .frees = {}} << Moment();
}

void TestForecast::poolFrees()
{
    QFETCH(ForecastPool, pool);
    QTEST(freesAt(pool, now), "frees");
}

// Two slots, one free at once, the other in 100; each task takes 30.
void TestForecast::queueIsPlayedThrough()
{
    const std::vector<ForecastPool> pools{{.name = u"two"_s, .cap = 2, .frees = {now + 100}}};
    const ForecastTask task{.pools = {u"two"_s}, .workMs = 30};
    ForecastTask later = task;
    later.notBeforeMs = now + 500;
    const auto starts = expectedStarts(pools, {task, task, later, task, {.pools = {u"chat"_s}}}, now);
    // Of a task that is not due until later the slot is taken as from then: no other is put before it.
    QCOMPARE(starts, (std::vector<Moment>{now, now + 30, now + 500, now + 100, now}));
}

void TestForecast::needsEveryPool()
{
    const std::vector<ForecastPool> pools{{.name = u"flow"_s, .cap = 2, .frees = {}},
                                          {.name = u"opus"_s, .cap = 1, .frees = {now + 40}}};
    const ForecastTask both{.pools = {u"flow"_s, u"opus"_s}, .workMs = 10};
    QCOMPARE(expectedStarts(pools, {both, both}, now), (std::vector<Moment>{now + 40, now + 50}));
}

void TestForecast::nobodyKnows()
{
    const std::vector<ForecastPool> pools{{.name = u"one"_s, .cap = 1, .frees = {now + 10}}};
    const ForecastTask task{.pools = {u"one"_s}}; // of no usual length
    QCOMPARE(expectedStarts(pools, {task, task}, now), (std::vector<Moment>{now + 10, std::nullopt}));
}

void TestForecast::admission_data()
{
    constexpr qint64 gib = 1LL << 30;
    QTest::addColumn<MachineLook>("look");
    QTest::addColumn<int>("unseen");
    QTest::addColumn<int>("most");
    QTest::addColumn<std::optional<HeldBack>>("heldBack");
    const auto row = [](const char *name, const MachineLook &look, int unseen, int most,
                        std::optional<HeldBack> heldBack) {
        QTest::newRow(name) << look << unseen << most << heldBack;
    };
    const MachineLook fine{.freeMemoryBytes = 100 * gib, .freeDiskBytes = 100 * gib, .load = 0.5};
    MachineLook look = fine;
    row("plenty", look, 0, 16, {});
    row("nothing known", {}, 0, 16, {});
    look.freeMemoryBytes = gib + gib / 2;
    row("one fits", look, 0, 1, {});
    row("one fits, and one began just now", look, 1, 0, HeldBack::Memory);
    look.freeMemoryBytes = gib + gib / 2 - 1;
    row("none fits", look, 0, 0, HeldBack::Memory);
    look = fine;
    look.freeDiskBytes = 2 * gib - 1;
    row("disk", look, 0, 0, HeldBack::Disk);
    look = fine;
    look.load = 4;
    row("load", look, 0, 0, HeldBack::Load);
    look.load = 3.9;
    row("load below", look, 0, 16, {});
}

void TestForecast::admission()
{
    QFETCH(MachineLook, look);
    QFETCH(int, unseen);
    const Room room = roomFor(look, {.load = 4}, 1LL << 29, unseen);
    QTEST(room.most, "most");
    QTEST(room.heldBack, "heldBack");
    const Room none = roomFor(look, {.memoryBytes = 0, .diskBytes = 0, .load = 0}, 1LL << 29, unseen);
    QVERIFY(!none.heldBack); // no limit counts
}

QTEST_APPLESS_MAIN(TestForecast)
#include "tst_forecast.moc"
