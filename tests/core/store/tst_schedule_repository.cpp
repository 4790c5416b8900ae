// Schedules, times and firings in the store: one row for each time, one close for each firing, who passes,
// what waits, what a clock that is set back takes back, and how long they are kept.
#include "core/store/firing_repository.h"
#include "core/store/project_repository.h"
#include "core/store/retention.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"
#include "tests/support/temp_store.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestScheduleRepository : public QObject {
    Q_OBJECT
private slots:
    void init();
    void isKeptAsItIsSaid();
    void changesByItsRevision();
    void isMovedOnce();
    void whatIsDue();
    void waitingOnesFireInOrder();
    void setBackTakesBackWhatDidNotFire();
    void aFiringIsClosedOnce();
    void spentSinceCountsWhatRuns();
    void isKeptForSoLong();

private:
    [[nodiscard]] ScheduleRow make(const QString &name, std::optional<qint64> nextMs)
    {
        ScheduleRow row{.project = m_project,
                        .name = name,
                        .spec = {{u"name"_s, name}},
                        .when = u"hourly"_s,
                        .zone = u"UTC"_s,
                        .nextMs = nextMs,
                        .dueMs = nextMs,
                        .accountedMs = 1,
                        .createdBy = u"person"_s};
        row.id = ScheduleRepository(*m_db).insert(row).value();
        return row;
    }
    [[nodiscard]] FiringId fire(ScheduleId schedule, qint64 firedMs)
    {
        return FiringRepository(*m_db).insert({.schedule = schedule, .firedMs = firedMs}).value();
    }

    std::unique_ptr<TempStore> m_temp;
    std::unique_ptr<Connection> m_db;
    ProjectId m_project;
};

void TestScheduleRepository::init()
{
    m_db.reset();
    m_temp = std::make_unique<TempStore>();
    m_db = m_temp->connection();
    QVERIFY(m_db);
    m_project = ProjectRepository(*m_db).open(u"/p"_s, u"p"_s, 1)->id;
}

void TestScheduleRepository::isKeptAsItIsSaid()
{
    ScheduleRepository schedules(*m_db);
    const ScheduleRow row = make(u"a"_s, 100);
    const auto found = schedules.find(row.id);
    QCOMPARE(found->name, u"a"_s);
    QCOMPARE(found->nextMs, 100);
    QCOMPARE(found->state, ScheduleState::Active);
    QCOMPARE(found->startedMs, std::nullopt);
    ScheduleRow twin = row;
    QCOMPARE(schedules.insert(twin).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(schedules.list(m_project)->size(), size_t{1});
    QCOMPARE(schedules.list(ProjectId{99})->size(), size_t{0});
    QVERIFY(schedules.remove(row.id));
    QCOMPARE(schedules.remove(row.id).error().code, ErrorCode::NotFound);
}

void TestScheduleRepository::changesByItsRevision()
{
    ScheduleRepository schedules(*m_db);
    ScheduleRow row = make(u"a"_s, 100);
    row.name = u"b"_s;
    QVERIFY(schedules.update(row));
    QCOMPARE(schedules.find(row.id)->revision, 2);
    QCOMPARE(schedules.update(row).error().code, ErrorCode::Conflict);
}

void TestScheduleRepository::isMovedOnce()
{
    ScheduleRepository schedules(*m_db);
    const ScheduleRow before = make(u"a"_s, 100);
    ScheduleRow after = before;
    after.nextMs = after.dueMs = 200;
    after.accountedMs = 100;
    QVERIFY(schedules.move(before, after));
    QCOMPARE(schedules.move(before, after).error().code, ErrorCode::Conflict);
    ScheduleRow over = after;
    over.nextMs = over.dueMs = std::nullopt;
    over.state = ScheduleState::Expired;
    QVERIFY(schedules.move(after, over));
    QVERIFY(!schedules.anyActive().value());
}

void TestScheduleRepository::whatIsDue()
{
    ScheduleRepository schedules(*m_db);
    const ScheduleRow early = make(u"early"_s, 100);
    const ScheduleRow late = make(u"late"_s, 5000);
    const ScheduleRow paused = make(u"paused"_s, 100);
    QVERIFY(schedules.setPaused(paused.id, ScheduleState::PausedByRule, PauseReason::FailureStreak, 7));
    const auto due = [&](qint64 nowMs) {
        QStringList names;
        const auto rows = schedules.due(nowMs, 10'000);
        for (const ScheduleRow &row : rows.value())
            names += row.name;
        return names;
    };
    QCOMPARE(due(99), QStringList{});
    QCOMPARE(due(100), QStringList{u"early"_s});
    QCOMPARE(due(5000), (QStringList{u"early"_s, u"late"_s}));
    QCOMPARE(schedules.nextDue().value(), 100);
    // Of which a time waits while nothing goes on; and whose records are ahead of the clock.
    FiringRepository firings(*m_db);
    QVERIFY(firings.record({.schedule = late.id,
                            .nominalMs = 50,
                            .lastMs = 50,
                            .outcome = OccurrenceOutcome::Delayed,
                            .atMs = 50}));
    QCOMPARE(due(99), QStringList{u"late"_s});
    const FiringId firing = fire(late.id, 40);
    QCOMPARE(due(99), QStringList{});
    QVERIFY(firings.close({.id = firing, .schedule = late.id, .completedMs = 60}).value());
    QCOMPARE(due(99), QStringList{u"late"_s});
    QCOMPARE(due(-20'000), (QStringList{u"early"_s, u"late"_s}));
}

void TestScheduleRepository::waitingOnesFireInOrder()
{
    FiringRepository firings(*m_db);
    const ScheduleRow row = make(u"a"_s, 100);
    for (const qint64 at : {30, 10, 20})
        QVERIFY(firings.record({.schedule = row.id,
                                .nominalMs = at,
                                .lastMs = at,
                                .outcome = OccurrenceOutcome::Delayed,
                                .reason = OccurrenceReason::Overlap,
                                .atMs = at}));
    const auto waiting = firings.waiting(row.id);
    QCOMPARE(waiting->front().nominalMs, 10);
    const FiringId firing = fire(row.id, 50);
    QVERIFY(firings.fireWaiting(waiting->front(), firing));
    QCOMPARE(firings.fireWaiting(waiting->front(), firing).error().code, ErrorCode::Conflict);
    QVERIFY(firings.skipWaiting(row.id, OccurrenceReason::Paused, 60));
    QVERIFY(firings.waiting(row.id)->empty());
    const auto all = firings.occurrences(row.id, 0, 10);
    QCOMPARE(all->front().nominalMs, 30);
    QCOMPARE(all->front().outcome, OccurrenceOutcome::Skipped);
    QCOMPARE(all->back().firing, firing);
    QCOMPARE(firings.occurrences(row.id, 30, 10)->size(), size_t{2});
    QCOMPARE(firings.recorded(row.id, 15, 30).value(), (std::vector<qint64>{20, 30}));
}

void TestScheduleRepository::setBackTakesBackWhatDidNotFire()
{
    FiringRepository firings(*m_db);
    const ScheduleRow row = make(u"a"_s, 100);
    const FiringId firing = fire(row.id, 30);
    const auto record = [&](qint64 at, qint64 last, FiringId fired) {
        return firings.record(
            {.schedule = row.id,
             .nominalMs = at,
             .lastMs = last,
             .outcome = fired.isValid() ? OccurrenceOutcome::Fired : OccurrenceOutcome::Missed,
             .atMs = at,
             .firing = fired});
    };
    QVERIFY(record(10, 10, {}));
    QVERIFY(record(15, 25, {})); // reaches over the moment
    QVERIFY(record(30, 30, firing));
    QVERIFY(record(40, 40, {}));
    QCOMPARE(firings.reopen(row.id, 20).value(), 15);
    QCOMPARE(firings.recorded(row.id, 0, 100).value(), (std::vector<qint64>{10, 30}));
    QCOMPARE(firings.reopen(row.id, 20).value(), std::nullopt);
}

void TestScheduleRepository::aFiringIsClosedOnce()
{
    FiringRepository firings(*m_db);
    const ScheduleRow row = make(u"a"_s, 100);
    FiringRow firing{.id = fire(row.id, 10), .schedule = row.id, .claimedMs = 12, .chatStreams = 2};
    QVERIFY(firings.claimed(firing).value());
    QVERIFY(!firings.claimed(firing).value());
    QCOMPARE(firings.find(firing.id)->status, FiringStatus::Running);
    QCOMPARE(firings.openOf(row.id)->size(), size_t{1});
    firing.status = FiringStatus::Failed;
    firing.reason = FailureReason::Crashed;
    firing.completedMs = 20;
    firing.loopLagMs = 7;
    QVERIFY(firings.close(firing).value());
    QVERIFY(!firings.close(firing).value());
    const auto found = firings.find(firing.id);
    QCOMPARE(found->reason, FailureReason::Crashed);
    QCOMPARE(found->chatStreams, 2);
    QCOMPARE(found->loopLagMs, 7);
    QVERIFY(firings.open()->empty());
}

void TestScheduleRepository::spentSinceCountsWhatRuns()
{
    FiringRepository firings(*m_db);
    TaskRepository tasks(*m_db);
    const ScheduleRow row = make(u"a"_s, 100);
    const FiringId over = fire(row.id, 10);
    QVERIFY(firings.close({.id = over, .schedule = row.id, .completedMs = 20, .costMicroUsd = 300}).value());
    const FiringId runs = fire(row.id, 30);
    const auto task = tasks.insert({.createdBy = u"schedule:1"_s}, {}, {u"scheduled"_s});
    QVERIFY(firings.setTask(runs, task->id));
    const auto lease = tasks.claim(task->id, {.owner = u"w"_s, .nowMs = 1});
    QVERIFY(tasks.setUsage(task->id, lease.value()->epoch, 1, {.costMicroUsd = 50}));
    QCOMPARE(firings.spentSince(row.id, 0).value(), 350);
    QCOMPARE(firings.spentSince(row.id, 25).value(), 50);
    QCOMPARE(firings.spentSince(row.id, 31).value(), 0);
}

void TestScheduleRepository::isKeptForSoLong()
{
    constexpr qint64 day = 24LL * 3600 * 1000;
    FiringRepository firings(*m_db);
    const ScheduleRow row = make(u"a"_s, 100);
    const auto at = [&](qint64 firedMs, bool ends) {
        const FiringId id = fire(row.id, firedMs);
        QVERIFY(!ends || firings.close({.id = id, .schedule = row.id, .completedMs = firedMs}).value());
        QVERIFY(firings.record(
            {.schedule = row.id, .nominalMs = firedMs, .lastMs = firedMs, .atMs = firedMs, .firing = id}));
    };
    at(day, true);
    at(2 * day, false); // goes on still
    at(40 * day, true);
    at(100 * day, true);
    QVERIFY(!pruneBatch(*m_db, {}, 100 * day).value());
    QStringList days;
    const auto kept = firings.list(row.id, 0, 10);
    for (const FiringRow &firing : *kept)
        days += QString::number(firing.firedMs / day);
    QCOMPARE(days, (QStringList{u"100"_s, u"2"_s}));
    QCOMPARE(firings.recorded(row.id, 0, 200 * day).value(), (std::vector<qint64>{40 * day, 100 * day}));
    // The last of a schedule stays, however old it is.
    QVERIFY(pruneBatch(*m_db, {}, 1000 * day));
    QCOMPARE(firings.list(row.id, 0, 1)->front().firedMs, 100 * day);
}

QTEST_GUILESS_MAIN(TestScheduleRepository)
#include "tst_schedule_repository.moc"
