// All schedules paused for a while, by a clock set by hand: nothing fires until the moment, and afterwards
// each schedule's own rule says what becomes of what went by; over a whole node, the command and what is
// told.
#include "core/node/schedules/all_paused.h"
#include "core/node/schedules/schedule_pass.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/node/schedules/schedule_writing.h"
#include "core/store/firing_repository.h"
#include "core/store/schedule_repository.h"
#include "core/viewmodel/schedule_pause.h"
#include "tests/core/node/node_harness.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace muster::api;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;
constexpr qint64 hourMs = 60 * minuteMs;
constexpr qint64 nine = 1'800'000'000'000 / hourMs * hourMs; // some full hour
const QString owner = u"person:1"_s;

// A store with one schedule for each hour.
class HourlyStore {
public:
    template <typename Change> auto commit(Change change)
    {
        EventBatch log(m_now);
        return db->inTransaction([&] { return change(log); });
    }
    explicit HourlyStore(MissedRule missed)
        : db(m_store.connection())
    {
        const auto made = commit([&](EventBatch &log) {
            return ProjectRepository(*db)
                .open(u"/p"_s, u"p"_s, m_now)
                .and_then([&](const ProjectRow &project) {
                return writeSchedule(*db, log,
                                     {.project = project.id,
                                      .spec = {.name = u"hourly"_s,
                                               .prompt = u"do"_s,
                                               .when = u"0 * * * *"_s,
                                               .zone = u"UTC"_s,
                                               .missed = missed}},
                                     owner);
            });
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().detail));
        schedule = made->id;
    }

    void advanceTo(qint64 ms) { m_now = ms; }
    [[nodiscard]] Status pause(qint64 untilMs)
    {
        return commit([&](EventBatch &log) {
            return SettingsRepository(*db).set(kAllPausedKey, untilMs, log.nowMs());
        });
    }
    [[nodiscard]] qint64 pausedUntil() const { return allPausedUntil(*db, m_now).value_or(-1); }
    // How many schedules a pass looks at, and has looked at.
    size_t pass()
    {
        const auto begin = commit([&](EventBatch &log) { return beginPass(*db, log, owner); });
        for (const ScheduleId id : begin->due) {
            if (const auto step = commit([&](EventBatch &log) { return passSchedule(*db, log, id); }); !step)
                qFatal("%s", qPrintable(step.error().detail));
        }
        return begin->due.size();
    }
    [[nodiscard]] std::optional<qint64> nextPass() const { return endPass(*db, m_now)->nextMs; }
    // "missed/caught_up@0 delayed/not_running@1!": hours after nine; ! where it fired.
    [[nodiscard]] QString records() const
    {
        QStringList parts;
        const auto rows = FiringRepository(*db).occurrences(schedule, 0, 100);
        for (const OccurrenceRow &row : *rows)
            parts.prepend(u"%1/%2@%3%4"_s.arg(enumName(row.outcome), enumName(row.reason))
                              .arg((row.nominalMs - nine) / hourMs)
                              .arg(row.firing.isValid() ? u"!"_s : QString()));
        return parts.join(u' ');
    }

private:
    TempStore m_store;
    qint64 m_now = nine - minuteMs;

public:
    std::unique_ptr<Connection> db;
    ScheduleId schedule;
};

} // namespace

class TestSchedulesAllPaused : public QObject {
    Q_OBJECT
private slots:
    void nothingFiresUntilTheMoment_data();
    void nothingFiresUntilTheMoment();
    void resumedBeforeTheMoment();
    void aClockSetFarBackEndsIt();
    void overAWholeNode();
    void tomorrowBeginsAtMidnight();
};

void TestSchedulesAllPaused::nothingFiresUntilTheMoment_data()
{
    QTest::addColumn<MissedRule>("missed");
    QTest::addColumn<QString>("records");
    QTest::newRow("skip") << MissedRule::Skip << u"missed/not_running@0 missed/not_running@1"_s;
    QTest::newRow("once") << MissedRule::Once << u"missed/caught_up@0 delayed/not_running@1!"_s;
    QTest::newRow("all") << MissedRule::All << u"delayed/not_running@0! delayed/not_running@1"_s;
}

void TestSchedulesAllPaused::nothingFiresUntilTheMoment()
{
    QFETCH(const MissedRule, missed);
    QFETCH(const QString, records);
    HourlyStore store(missed);
    const qint64 until = nine + hourMs + 30 * minuteMs;
    QVERIFY(store.pause(until));
    QCOMPARE(store.pausedUntil(), until);
    for (const qint64 at : {nine, nine + hourMs, until - 1}) {
        store.advanceTo(at);
        QCOMPARE(store.pass(), 0U);
        QCOMPARE(store.nextPass(), until); // nobody looks before
        QCOMPARE(store.records(), QString());
    }
    store.advanceTo(until);
    QCOMPARE(store.pausedUntil(), 0);
    QCOMPARE(store.pass(), 1U);
    QCOMPARE(store.records(), records);
    QCOMPARE(store.nextPass(), nine + 2 * hourMs);
}

void TestSchedulesAllPaused::resumedBeforeTheMoment()
{
    HourlyStore store(MissedRule::Once);
    QVERIFY(store.pause(nine + 5 * hourMs));
    store.advanceTo(nine + 1000);
    QCOMPARE(store.pass(), 0U);
    QVERIFY(store.pause(0));
    QCOMPARE(store.pausedUntil(), 0);
    QCOMPARE(store.pass(), 1U); // not a minute late: it is not missed
    QCOMPARE(store.records(), u"fired/@0!"_s);
}

void TestSchedulesAllPaused::aClockSetFarBackEndsIt()
{
    HourlyStore store(MissedRule::Once);
    store.advanceTo(nine + 2 * 366 * 24 * hourMs);
    QVERIFY(store.pause(nine + 2 * 366 * 24 * hourMs + hourMs));
    QVERIFY(store.pausedUntil() > 0);
    store.advanceTo(nine);
    QCOMPARE(store.pausedUntil(), 0);
    QCOMPARE(store.pass(), 1U);
}

void TestSchedulesAllPaused::overAWholeNode()
{
    const QTemporaryDir project;
    ManualClock clock(nine - minuteMs);
    testing::NodeHarness node(false, {}, &clock);
    const auto made = node.submit(SaveSchedule{
        .project = project.path(),
        .spec = {.name = u"hourly"_s, .prompt = u"say hello"_s, .when = u"0 * * * *"_s, .zone = u"UTC"_s}});
    QVERIFY(made);
    const ScheduleId id{made->text.toLongLong()};
    const auto pausedUntil = [&] {
        return pausedUntilIn(*node.query(ListSettings{}));
    };
    const auto pause = [&](const QJsonValue &untilMs) {
        return node.submit(SetSetting{.key = kAllPausedKey, .value = untilMs});
    };
    const auto firings = [&] {
        return node.query(ShowSchedule{.schedule = id})->firings.size();
    };
    QVERIFY(pause(nine + 30 * minuteMs));
    QVERIFY(testing::waitFor([&] { return pausedUntil() == nine + 30 * minuteMs; }));
    clock.advance(11 * minuteMs);
    // A person may still run it, and the pass that this causes fires nothing else.
    QVERIFY(node.submit(RunScheduleNow{.schedule = id}));
    QVERIFY(testing::waitFor([&] {
        const auto detail = node.query(ShowSchedule{.schedule = id});
        return detail->firings.size() == 1 && detail->firings.front().completedAt > 0;
    }));
    QCOMPARE(node.query(ShowSchedule{.schedule = id})->occurrences.size(), 0U);
    // What was paused stays so with the next node.
    node.reopen();
    QVERIFY(testing::waitFor([&] { return pausedUntil() == nine + 30 * minuteMs; }));
    QVERIFY(pause(QJsonValue()));
    QVERIFY(testing::waitFor([&] { return pausedUntil() == 0 && firings() == 2; })); // made up for once
    for (const QJsonValue &wrong : {QJsonValue(-1), QJsonValue(1e18), QJsonValue(u"soon"_s)}) {
        const auto refused = pause(wrong);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    }
    QVERIFY(!node.submitAsAgent(SetSetting{.key = kAllPausedKey, .value = nine + hourMs}));
}

void TestSchedulesAllPaused::tomorrowBeginsAtMidnight()
{
    const QDateTime noon(QDate(2026, 11, 22), QTime(12, 0));
    const QDateTime tomorrow = QDateTime::fromMSecsSinceEpoch(startOfTomorrow(noon.toMSecsSinceEpoch()));
    QCOMPARE(tomorrow, QDate(2026, 11, 23).startOfDay());
    const qint64 until = noon.toMSecsSinceEpoch() + hourMs;
    const QString one = QLocale().toString(QTime(13, 0), QLocale::ShortFormat);
    QCOMPARE(describeAllPaused(until, noon.toMSecsSinceEpoch()),
             u"All schedules are paused until %1."_s.arg(one));
    QCOMPARE(describeAllPaused(until, until), QString());
    // Nor where schedules fire because the clock was set far back.
    QCOMPARE(describeAllPaused(until + 367 * 24 * hourMs, noon.toMSecsSinceEpoch()), QString());
}

QTEST_GUILESS_MAIN(TestSchedulesAllPaused)
#include "tst_schedules_all_paused.moc"
