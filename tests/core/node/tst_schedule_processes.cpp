// Two cores on one store: each schedule is fired once, whoever is first; and of two one passes, by a lease
// that a dead core does not keep.
#include "core/node/schedules/schedule_pass.h"
#include "core/node/schedules/schedule_writing.h"
#include "core/process/process_identity.h"
#include "core/store/firing_repository.h"
#include "core/store/project_repository.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"
#include "tests/support/temp_store.h"

#include <QProcess>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 start = 1'806'000'000'000;
constexpr int schedules = 300;

Status makeSchedules(Connection &db)
{
    EventBatch log(start);
    return db.inTransaction([&]() -> Status {
        const auto project = ProjectRepository(db).open(u"/p"_s, u"p"_s, start);
        for (int number = 0; number < schedules; ++number) {
            const api::ScheduleSpec spec{
                .name = u"s%1"_s.arg(number), .prompt = u"do"_s, .when = u"every 1h"_s, .zone = u"UTC"_s};
            if (const auto made = writeSchedule(db, log, {.project = project->id, .spec = spec}, u"person"_s);
                !made)
                return std::unexpected(made.error());
        }
        return {};
    });
}

} // namespace

class TestScheduleProcesses : public QObject {
    Q_OBJECT
private slots:
    void twoCoresFireOnce();
    void onePassesByALease();
    void aRefusedMoveLeavesNothing();
};

void TestScheduleProcesses::twoCoresFireOnce()
{
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(db);
    VERIFY_RESULT(makeSchedules(*db));
    std::array<QProcess, 2> cores;
    for (QProcess &core : cores) {
        core.start(u"" SCHEDULE_PROBE ""_s, {temp.options.file, QString::number(start + 3'600'000)});
        QTRY_VERIFY_WITH_TIMEOUT(core.canReadLine(), 60'000);
        core.readLine();
    }
    for (QProcess &core : cores)
        core.write("go\n");
    qint64 fired = 0;
    for (QProcess &core : cores) {
        QTRY_COMPARE_WITH_TIMEOUT(core.state(), QProcess::NotRunning, 120'000);
        QVERIFY2(core.exitCode() == 0, core.readAllStandardError().constData());
        fired += core.readAllStandardOutput().trimmed().toLongLong();
    }
    QCOMPARE(fired, schedules);
    for (const char *sql : {"SELECT count(*) FROM firings", "SELECT count(*) FROM tasks",
                            "SELECT count(*) FROM occurrences WHERE outcome = 'fired'"})
        QCOMPARE(db->value<qint64>(QString::fromLatin1(sql)).value().value(), schedules);
}

void TestScheduleProcesses::onePassesByALease()
{
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(db);
    VERIFY_RESULT(makeSchedules(*db));
    const QString me = ownerText();
    const auto isMine = [&](const QString &owner, qint64 nowMs) {
        EventBatch log(nowMs);
        return db->inTransaction([&] { return beginPass(*db, log, owner); }).value().isMine;
    };
    QVERIFY(isMine(me, start));
    QVERIFY(!isMine(u"elsewhere"_s, start + 30'000));
    QVERIFY(isMine(me, start + 50'000));
    QVERIFY(!isMine(u"elsewhere"_s, start + 100'000));
    QVERIFY(isMine(u"elsewhere"_s, start + 111'000)); // it has not passed for a whole lease
    QVERIFY(!isMine(me, start + 112'000));
    // A lease from a clock that was far ahead holds nobody up.
    QVERIFY(isMine(me, start - 10 * 3'600'000));
    QCOMPARE(ScheduleRepository(*db).passedAt().value(), start - 10 * 3'600'000);
}

void TestScheduleProcesses::aRefusedMoveLeavesNothing()
{
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(db);
    VERIFY_RESULT(makeSchedules(*db));
    ScheduleRepository repository(*db);
    const ScheduleRow before = repository.list({})->front();
    ScheduleRow moved = before;
    moved.nextMs = moved.dueMs = *before.nextMs + 3'600'000;
    moved.accountedMs = *before.nextMs;
    QVERIFY(repository.move(before, moved));
    const Status again = repository.move(before, moved);
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Conflict);
    FiringRepository firings(*db);
    const OccurrenceRow time{.schedule = before.id, .nominalMs = start, .lastMs = start, .atMs = start};
    QVERIFY(firings.record(time));
    QCOMPARE(firings.record(time).error().code, ErrorCode::AlreadyExists);
}

QTEST_GUILESS_MAIN(TestScheduleProcesses)
#include "tst_schedule_processes.moc"
