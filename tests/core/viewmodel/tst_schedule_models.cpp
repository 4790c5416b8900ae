// The models of schedules: the list with what is unusual, one schedule with its firings as they are fetched,
// how a when is read while it is typed, what run now does at capacity, and changes that meet.
#include "core/viewmodel/describe_firing.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/firing_tables.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/schedule_desk.h"
#include "core/viewmodel/schedule_list_model.h"
#include "core/viewmodel/schedule_model.h"
#include "core/viewmodel/when_preview.h"
#include "tests/support/memory_node.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestScheduleModels : public QObject {
    Q_OBJECT
private slots:
    void init();
    void listTellsHowTheyStand_data();
    void listTellsHowTheyStand();
    void listFollowsTheNode();
    void listOfAnotherProject();
    void problemsOfFiles();
    void onlyWhatIsToldIsAskedFor();
    void wordsOfATimeChange_data();
    void wordsOfATimeChange();
    void nothingTicksWithoutATime();
    void olderFiringsAreFetched();
    void tablesSayWhatBecame();
    void aRemovedScheduleIsGone();
    void typingAsksOnce();
    void anOldAnswerIsDropped();
    void runNowAtCapacity();
    void forcedIsOverTheCap();
    void whatIsRefusedIsTold();
    void changesThatMeet();
    void aFlowAndAPromptDoNotMeet();
    void untilWhen_data();
    void untilWhen();
    void momentsInWords();

private:
    [[nodiscard]] static api::FiringInfo firing(int number)
    {
        return {.id = FiringId{number},
                .task = TaskId{number},
                .status = FiringStatus::Completed,
                .firedAt = number * 1000,
                .claimedAt = number * 1000 + 400,
                .completedAt = number * 1000 + 65'400,
                .waitMs = 400,
                .runMs = 65'000,
                .steps = number,
                .stepLimit = 800};
    }

    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
};

void TestScheduleModels::init()
{
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestScheduleModels::listTellsHowTheyStand_data()
{
    QTest::addColumn<api::ScheduleInfo>("schedule");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, api::ScheduleInfo info, const QString &expected) {
        info.id = ScheduleId{7};
        info.spec.name = u"nightly"_s;
        QTest::newRow(name) << info << expected;
    };
    const qint64 soon = QDateTime::currentMSecsSinceEpoch() + 12 * 60'000 + 30'000;
    const QString next = describeMoment(soon, QDateTime::currentMSecsSinceEpoch());
    row("active", {.nextAt = soon}, u"nightly, next %1, in 12 min"_s.arg(next));
    row("put back", {.nextAt = soon - 600'000, .dueAt = soon},
        u"nightly, next %1, in 12 min"_s.arg(
            describeMoment(soon - 600'000, QDateTime::currentMSecsSinceEpoch())));
    row("running", {.nextAt = soon, .running = 2}, u"nightly, 2 running · next %1, in 12 min"_s.arg(next));
    row("paused", {.state = ScheduleState::Paused}, u"nightly, Paused"_s);
    row("paused, and something goes on", {.state = ScheduleState::Paused, .running = 1},
        u"nightly, Paused · 1 running"_s);
    row("last goes on", {.state = ScheduleState::Paused, .lastStatus = FiringStatus::Running, .running = 1},
        u"nightly, Paused · 1 running"_s);
    row("last waits", {.state = ScheduleState::Paused, .lastStatus = FiringStatus::Queued, .queued = 1},
        u"nightly, Paused, +1 queued"_s);
    row("paused by rule", {.state = ScheduleState::PausedByRule, .pauseReason = PauseReason::FailureStreak},
        u"nightly, Paused: failed 3 times in a row"_s);
    row("expired", {.state = ScheduleState::Expired}, u"nightly, Over: none of its times is to come"_s);
    row("badges", {.state = ScheduleState::Paused, .queued = 2, .nearStepCap = true},
        u"nightly, Paused, +2 queued, Near step cap"_s);
    row("last", {.state = ScheduleState::Paused, .lastStatus = FiringStatus::Completed},
        u"nightly, Paused, last: Completed"_s);
    row("last failed",
        {.state = ScheduleState::Paused,
         .lastStatus = FiringStatus::Failed,
         .lastReason = FailureReason::AuthRequired},
        u"nightly, Paused, last: %1"_s.arg(describe(FailureReason::AuthRequired)));
}

void TestScheduleModels::listTellsHowTheyStand()
{
    QFETCH(api::ScheduleInfo, schedule);
    QFETCH(QString, expected);
    m_node->schedules.schedules = {schedule};
    ScheduleListModel model(m_feed.get(), m_context.get());
    const QAbstractItemModelTester tester(&model);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(), expected);
    QCOMPARE(model.index(0).data(ScheduleListModel::RunningRole).toInt(), schedule.running + schedule.queued);
}

void TestScheduleModels::listFollowsTheNode()
{
    ScheduleListModel model(m_feed.get(), m_context.get());
    const QAbstractItemModelTester tester(&model);
    model.setActive(true);
    QTRY_VERIFY(model.isLoaded());
    QCOMPARE(model.rowCount(), 0);
    m_node->schedules.schedules = {{.id = ScheduleId{3}}, {.id = ScheduleId{4}}};
    m_node->touch(u"schedule.saved"_s);
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.indexOf(ScheduleId{4}).row(), 1);
    m_node->schedules.schedules.erase(m_node->schedules.schedules.begin());
    m_node->touch(u"schedule.removed"_s);
    QTRY_COMPARE(model.rowCount(), 1);
    QVERIFY(!model.indexOf(ScheduleId{3}).isValid());
}

void TestScheduleModels::listOfAnotherProject()
{
    m_node->schedules.schedules = {{.id = ScheduleId{3}}};
    ScheduleListModel model(m_feed.get(), m_context.get());
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    m_context->setSchedule(ScheduleId{3});
    m_context->close();
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!model.isLoaded());
    QVERIFY(!m_context->schedule().isValid());
}

void TestScheduleModels::problemsOfFiles()
{
    api::ScheduleFileProblem problem{.project = u"/p"_s, .path = u"schedules/a.schedule.yaml"_s};
    problem.problem = {.code = u"zone"_s, .line = 4, .column = 7, .found = u"Mars"_s};
    m_node->schedules.problems = {problem};
    ScheduleListModel model(m_feed.get(), m_context.get());
    const QAbstractItemModelTester tester(model.problems());
    model.setActive(true);
    QTRY_COMPARE(model.problems()->rowCount(), 1);
    QCOMPARE(model.problems()->index(0).data(Qt::AccessibleTextRole).toString(),
             u"schedules/a.schedule.yaml:4:7: “Mars” is not a time zone. Write one like Europe/Berlin or "
             "UTC."_s);
}

// While something runs and a time comes nearer too.
void TestScheduleModels::onlyWhatIsToldIsAskedFor()
{
    const qint64 soon = QDateTime::currentMSecsSinceEpoch() + 40'000;
    m_node->schedules.schedules = {{.id = ScheduleId{3}, .nextAt = soon, .queued = 1}};
    m_node->scheduleDetails.insert(ScheduleId{3},
                                   {.schedule = m_node->schedules.schedules.front(), .next = {soon}});
    ScheduleListModel model(m_feed.get(), m_context.get());
    ScheduleModel one(m_feed.get());
    one.follow(ScheduleId{3});
    model.setActive(true);
    one.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    QTRY_COMPARE(one.detail().next.size(), 1U);
    const int before = m_node->queryCount;
    QSignalSpy ticked(&model, &ScheduleListModel::ticked);
    QSignalSpy alsoTicked(&one, &ScheduleModel::ticked);
    QTRY_VERIFY(ticked.count() >= 2 && alsoTicked.count() >= 2);
    QCOMPARE(m_node->queryCount, before);
    m_node->schedules.schedules.front().queued = 0;
    m_node->schedules.schedules.front().running = 1;
    m_node->touch(u"schedule.started"_s);
    QTRY_COMPARE(model.rowAt(0)->running, 1);
    one.setActive(false);
    // Asleep it asks for nothing.
    model.setActive(false);
    const int asked = m_node->queryCount;
    m_node->touch(u"schedule.fired"_s);
    QSignalSpy flushed(m_feed.get(), &NodeFeed::changed);
    QVERIFY(flushed.wait());
    QCOMPARE(m_node->queryCount, asked);
}

void TestScheduleModels::olderFiringsAreFetched()
{
    api::ScheduleDetail detail{.schedule = {.id = ScheduleId{3}}};
    for (int i = 450; i > 0; --i) {
        detail.firings.push_back(firing(i));
        detail.occurrences.push_back({.nominalAt = i * 1000, .lastAt = i * 1000});
    }
    m_node->scheduleDetails.insert(ScheduleId{3}, detail);
    ScheduleModel model(m_feed.get());
    model.setActive(true);
    model.follow(ScheduleId{3});
    QTRY_COMPARE(model.firings()->rowCount(), 200);
    QCOMPARE(model.firings()->rowAt(0)->id, FiringId{450});
    QVERIFY(model.firings()->canFetchMore({}));
    model.firings()->fetchMore({});
    QVERIFY(!model.firings()->canFetchMore({})); // it is under way
    QTRY_COMPARE(model.firings()->rowCount(), 400);
    model.occurrences()->fetchMore({});
    QTRY_COMPARE(model.occurrences()->rowCount(), 450);
    QVERIFY(!model.occurrences()->canFetchMore({}) && !model.firings()->canFetchMore({}));
    QCOMPARE(model.firings()->indexOf(FiringId{1}).row(), 449);
    const QAbstractItemModelTester firings(model.firings());
    const QAbstractItemModelTester times(model.occurrences());
    m_node->scheduleDetails[ScheduleId{3}].firings.insert(
        m_node->scheduleDetails[ScheduleId{3}].firings.begin(), firing(451));
    m_node->touch(u"schedule.fired"_s);
    QTRY_COMPARE(model.firings()->rowAt(0)->id, FiringId{451});
}

void TestScheduleModels::tablesSayWhatBecame()
{
    FiringTable firings;
    api::FiringInfo done = firing(412);
    done.costMicroUsd = 120'000;
    api::FiringInfo failed = firing(2);
    failed.run = RunId{5};
    failed.runNumber = 3;
    failed.stepLimit = 0;
    failed.cause = FiringCause::Person;
    failed.status = FiringStatus::Failed;
    failed.reason = FailureReason::AuthRequired;
    api::FiringInfo waits = firing(3);
    waits.status = FiringStatus::Queued;
    waits.claimedAt = waits.completedAt = 0;
    firings.setFirings({done, failed, waits});
    const auto row = [&](int at) {
        QStringList texts;
        for (int column = FiringTable::ResultColumn; column < FiringTable::ColumnCount; ++column)
            texts += firings.index(at, column).data().toString();
        return texts;
    };
    QCOMPARE(row(0), (QStringList{u"Completed"_s, u"by the clock"_s, u"0.4 s"_s, u"1 min 5 s"_s,
                                  u"412 of 800"_s, u"$0.12"_s, u"Task 412"_s}));
    QCOMPARE(row(1), (QStringList{describe(FailureReason::AuthRequired), u"run now"_s, u"0.4 s"_s,
                                  u"1 min 5 s"_s, u"2"_s, u"unknown"_s, u"Run #3"_s}));
    QCOMPARE(row(2), (QStringList{u"Queued"_s, u"by the clock"_s, {}, {}, {}, {}, u"Task 3"_s}));

    OccurrenceTable times;
    times.setOccurrences({{.nominalAt = 5000,
                           .lastAt = 9000,
                           .count = 4,
                           .outcome = OccurrenceOutcome::Missed,
                           .reason = OccurrenceReason::NotRunning}});
    QVERIFY(times.index(0, OccurrenceTable::TimeColumn).data().toString().contains(u"4 time"_s));
    QCOMPARE(times.index(0, OccurrenceTable::OutcomeColumn).data().toString(), u"Missed"_s);
    QCOMPARE(times.index(0, OccurrenceTable::ReasonColumn).data().toString(),
             u"the machine slept, Muster was closed, or all schedules were paused"_s);
}

void TestScheduleModels::aRemovedScheduleIsGone()
{
    m_node->scheduleDetails.insert(ScheduleId{3}, {.schedule = {.id = ScheduleId{3}}});
    ScheduleModel model(m_feed.get());
    model.setActive(true);
    model.follow(ScheduleId{3});
    QTRY_COMPARE(model.detail().schedule.id, ScheduleId{3});
    QSignalSpy gone(&model, &ScheduleModel::gone);
    m_node->scheduleDetails.clear();
    m_node->touch(u"schedule.removed"_s);
    QTRY_COMPARE(gone.count(), 1);
}

void TestScheduleModels::typingAsksOnce()
{
    WhenPreview preview(m_node.get());
    m_node->preview = {.kind = u"cron"_s, .cron = u"0 9 * * 1-5"_s, .zone = u"Europe/Berlin"_s};
    QSignalSpy changed(&preview, &WhenPreview::changed);
    for (const QString &typed : {u"week"_s, u"weekdays"_s, u"weekdays at 9"_s})
        preview.ask({.spec = {.when = typed}});
    QVERIFY(preview.isAsking());
    QVERIFY(changed.wait());
    QCOMPARE(m_node->previewed.size(), 1);
    QCOMPARE(m_node->previewed.front().spec.when, u"weekdays at 9"_s);
    QCOMPARE(preview.reading(), u"Every weekday at 09:00, Europe/Berlin"_s);
    QVERIFY(!preview.isAsking());
}

void TestScheduleModels::anOldAnswerIsDropped()
{
    WhenPreview preview(m_node.get());
    QSignalSpy changed(&preview, &WhenPreview::changed);
    m_node->onPreview = [&] {
        if (m_node->previewed.size() == 1) // before the first is answered
            preview.ask({.spec = {.when = u"hourly"_s}});
    };
    preview.ask({.spec = {.when = u"daily"_s}});
    QVERIFY(changed.wait());
    QCOMPARE(m_node->previewed.size(), 2);
    QCOMPARE(changed.count(), 1);
}

void TestScheduleModels::runNowAtCapacity()
{
    ScheduleDesk desk(m_node.get());
    QSignalSpy full(&desk, &ScheduleDesk::atCapacity);
    QSignalSpy failed(&desk, &ScheduleDesk::failed);
    QSignalSpy begun(&desk, &ScheduleDesk::begun);
    m_node->refuseWith =
        Error{.code = ErrorCode::Conflict, .detail = u"at_capacity"_s, .where = u"scheduled 0"_s};
    desk.runNow(ScheduleId{3});
    QTRY_COMPARE(full.count(), 1);
    QCOMPARE(full.front().at(0).value<ScheduleId>(), ScheduleId{3});
    QCOMPARE(m_node->lastCommand<api::RunScheduleNow>()->atCapacity, AtCapacity::Ask);
    m_node->refuseWith.reset();
    desk.queueNow(ScheduleId{3});
    QTRY_COMPARE(begun.count(), 1);
    QCOMPARE(m_node->lastCommand<api::RunScheduleNow>()->atCapacity, AtCapacity::Queue);
    QCOMPARE(failed.count(), 0);
}

void TestScheduleModels::forcedIsOverTheCap()
{
    ScheduleDesk desk(m_node.get());
    QSignalSpy begun(&desk, &ScheduleDesk::begun);
    desk.forceNow(ScheduleId{3});
    QTRY_COMPARE(begun.count(), 1);
    QCOMPARE(m_node->lastCommand<api::RunScheduleNow>()->atCapacity, AtCapacity::Force);
}

void TestScheduleModels::whatIsRefusedIsTold()
{
    ScheduleDesk desk(m_node.get());
    QSignalSpy failed(&desk, &ScheduleDesk::failed);
    m_node->refuseWith = Error{.code = ErrorCode::Conflict, .detail = u"expired"_s, .where = u"schedule"_s};
    desk.resume(ScheduleId{3});
    desk.pause(ScheduleId{3});
    desk.remove(ScheduleId{3});
    desk.runNow(ScheduleId{3});
    QTRY_COMPARE(failed.count(), 4);
    QCOMPARE(describe(failed.front().front().value<Error>()),
             u"None of its times is to come. Say another when."_s);
}

void TestScheduleModels::changesThatMeet()
{
    const api::ScheduleSpec base{.name = u"a"_s, .prompt = u"x"_s, .when = u"daily"_s, .maxTurns = 10};
    api::ScheduleSpec mine = base;
    mine.prompt = u"y"_s;
    mine.maxTurns = 20;
    api::ScheduleSpec theirs = base;
    theirs.when = u"hourly"_s;
    theirs.maxTurns = 30;
    const ScheduleMerge merge = mergeSchedules(base, mine, theirs);
    QCOMPARE(merge.spec.prompt, u"y"_s);
    QCOMPARE(merge.spec.when, u"hourly"_s);
    QCOMPARE(merge.spec.maxTurns, 20);
    QCOMPARE(merge.taken, QStringList{u"when"_s});
    QCOMPARE(merge.both, QStringList{u"max_turns"_s});
    // The same change on both sides is none to speak of.
    const ScheduleMerge same = mergeSchedules(base, theirs, theirs);
    QVERIFY(same.taken.isEmpty() && same.both.isEmpty());
}

void TestScheduleModels::aFlowAndAPromptDoNotMeet()
{
    const api::ScheduleSpec base{.name = u"a"_s, .prompt = u"x"_s, .when = u"daily"_s};
    api::ScheduleSpec mine = base;
    mine.prompt = u"y"_s;
    api::ScheduleSpec theirs = base;
    theirs.prompt.clear();
    theirs.flow = u"survey"_s;
    const ScheduleMerge merge = mergeSchedules(base, mine, theirs);
    QCOMPARE(merge.spec.prompt, u"y"_s);
    QVERIFY(merge.spec.flow.isEmpty());
    QVERIFY(merge.taken.isEmpty());
    QVERIFY(merge.both.contains(u"flow"_s) && merge.both.contains(u"prompt"_s));
}

void TestScheduleModels::untilWhen_data()
{
    QTest::addColumn<qint64>("left");
    QTest::addColumn<QString>("expected");
    QTest::newRow("past") << -5000LL << u"now"_s;
    QTest::newRow("soon") << 4000LL << u"in a few seconds"_s;
    QTest::newRow("seconds") << 40'900LL << u"in 40 s"_s;
    QTest::newRow("minutes") << 12 * 60'000LL + 59'000 << u"in 12 min"_s;
    QTest::newRow("hours") << 3 * 3'600'000LL + 61'000 << u"in 3 h 1 min"_s;
    QTest::newRow("days") << 50 * 3'600'000LL << u"in 2 d 2 h"_s;
}

void TestScheduleModels::untilWhen()
{
    QFETCH(qint64, left);
    QTEST(describeUntil(1'700'000'000'000 + left, 1'700'000'000'000), "expected");
}

void TestScheduleModels::wordsOfATimeChange_data()
{
    QTest::addColumn<qint64>("left");
    for (const qint64 left : {1000LL, 9'999LL, 10'000LL, 40'900LL, 59'999LL, 60'000LL, 60'001LL, 779'000LL,
                              3'600'000LL, 10'861'000LL, 180'000'000LL})
        QTest::addRow("%lld", left) << left;
}

// It holds until then, and no longer.
void TestScheduleModels::wordsOfATimeChange()
{
    QFETCH(qint64, left);
    constexpr qint64 now = 1'700'000'000'000;
    const auto holds = untilHoldsFor(now + left, now);
    QVERIFY(holds && *holds > 0 && *holds <= 60'000);
    QCOMPARE(describeUntil(now + left, now + *holds - 1), describeUntil(now + left, now));
    QVERIFY(describeUntil(now + left, now + *holds) != describeUntil(now + left, now));
}

void TestScheduleModels::nothingTicksWithoutATime()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QVERIFY(!untilHoldsFor(now + 999, now));
    QVERIFY(!untilHoldsFor(0, now));
    UntilClock clock(nullptr);
    clock.setActive(true);
    QSignalSpy changed(&clock, &UntilClock::changed);
    clock.setMoments({now - 1000, 0});
    QVERIFY(!changed.wait(1500));
    clock.setMoments({now + 1'000'000'000, QDateTime::currentMSecsSinceEpoch() + 12'000});
    QVERIFY(changed.wait());
}

void TestScheduleModels::momentsInWords()
{
    const QTimeZone berlin("Europe/Berlin");
    const qint64 at = QDateTime(QDate(2026, 11, 23), QTime(9, 0), berlin).toMSecsSinceEpoch();
    QLocale::setDefault(QLocale::c());
    QCOMPARE(describeMoment(at, at, berlin), u"Mon 23 Nov, 09:00"_s);
    QCOMPARE(describeMoment(at + 5000, at, berlin), u"Mon 23 Nov, 09:00:05"_s);
    QCOMPARE(describeMoment(at, 0, berlin), u"Mon 23 Nov 2026, 09:00"_s);
    QCOMPARE(describeReading(u"weekdays at 9"_s, u"Europe/Berlin"_s), u"Every weekday at 09:00"_s);
    QCOMPARE(describeReading(u"weekdays att 9"_s, u"Europe/Berlin"_s), QString());
    QCOMPARE(describeReading(u"weekdays at 9"_s, u"Mars/Olympus"_s), QString());
}

QTEST_MAIN(TestScheduleModels)
#include "tst_schedule_models.moc"
