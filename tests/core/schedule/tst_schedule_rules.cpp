// Streaks that pause a schedule, collisions with others, what its like took, and the scheduler that stands
// still.
#include "core/schedule/collisions.h"
#include "core/schedule/pass_check.h"
#include "core/schedule/result_rule.h"
#include "core/schedule/streaks.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;
constexpr qint64 hourMs = 60 * minuteMs;
constexpr qint64 midnight = 1'800'000'000'000 / (24 * hourMs) * (24 * hourMs);

PlannedSchedule planned(const QString &name, const QString &when, int steps)
{
    return {.name = name,
            .when = *readWhen(when, QTimeZone::UTC),
            .zone = QTimeZone::UTC,
            .anchorMs = midnight,
            .steps = steps};
}

} // namespace

class TestScheduleRules : public QObject {
    Q_OBJECT
private slots:
    void turnLimitStreak();
    void failureStreak();
    void streaksAreApart();
    void stoppedSaysNothing();
    void grace();
    void typical();
    void collision();
    void noCollision_data();
    void noCollision();
    void shift_data();
    void shift();
    void shiftIsTheSmallest();
    void calibration();
    void standsStill();
    void results_data();
    void results();
};

void TestScheduleRules::turnLimitStreak()
{
    Streaks streaks;
    for (int times = 1; times <= 5; ++times) {
        const StreakVerdict verdict =
            judgeEnd(streaks, FiringStatus::Failed, FailureReason::TurnLimitExceeded, false);
        QCOMPARE(verdict.streaks.turnLimit, times);
        QCOMPARE(verdict.notice, times == 2);
        QCOMPARE(verdict.pause, times == 5 ? PauseReason::TurnLimitStreak : PauseReason::None);
        streaks = verdict.streaks;
    }
    QCOMPARE(judgeEnd(streaks, FiringStatus::Completed, std::nullopt, false).streaks, Streaks());
    QCOMPARE(judgeEnd(streaks, FiringStatus::Failed, FailureReason::TurnLimitExceeded, true).streaks,
             streaks);
}

void TestScheduleRules::failureStreak()
{
    Streaks streaks;
    const std::array reasons{FailureReason::Crashed, FailureReason::DeadlineExceeded,
                             FailureReason::AuthRequired};
    for (int times = 1; times <= 3; ++times) {
        const StreakVerdict verdict =
            judgeEnd(streaks, FiringStatus::Failed, reasons.at(static_cast<size_t>(times) - 1), true);
        QCOMPARE(verdict.streaks.failure, times);
        QCOMPARE(verdict.pause, times == 3 ? PauseReason::FailureStreak : PauseReason::None);
        QVERIFY(!verdict.notice);
        streaks = verdict.streaks;
    }
}

void TestScheduleRules::streaksAreApart()
{
    const Streaks before{.turnLimit = 4, .failure = 2};
    QCOMPARE(judgeEnd(before, FiringStatus::Failed, FailureReason::TurnLimitExceeded, false).streaks,
             (Streaks{.turnLimit = 5, .failure = 2}));
    QCOMPARE(judgeEnd(before, FiringStatus::TimedOut, FailureReason::Stalled, false).streaks,
             (Streaks{.turnLimit = 4, .failure = 3}));
    QCOMPARE(judgeEnd(before, FiringStatus::Completed, std::nullopt, false).streaks, Streaks());
}

void TestScheduleRules::stoppedSaysNothing()
{
    const Streaks before{.turnLimit = 1, .failure = 2};
    const StreakVerdict verdict = judgeEnd(before, FiringStatus::Cancelled, FailureReason::Aborted, false);
    QCOMPARE(verdict.streaks, before);
    QCOMPARE(verdict.pause, PauseReason::None);
}

void TestScheduleRules::grace()
{
    FiringClock clock(*parseCron(u"0 * * * *"_s), QTimeZone::UTC, 0);
    const qint64 changed = midnight + 10 * minuteMs;
    QVERIFY(!isInGrace(clock, std::nullopt, midnight + hourMs));
    QVERIFY(!isInGrace(clock, changed, midnight));
    QVERIFY(isInGrace(clock, changed, midnight + hourMs));
    QVERIFY(isInGrace(clock, changed, midnight + 2 * hourMs));
    QVERIFY(!isInGrace(clock, changed, midnight + 3 * hourMs));
}

void TestScheduleRules::typical()
{
    QCOMPARE(typicalSteps({}), 0);
    QCOMPARE(typicalSteps({900, 10, 20}), 20);
}

void TestScheduleRules::collision()
{
    const std::vector<PlannedSchedule> others{planned(u"tests"_s, u"0 9 * * *"_s, 1500),
                                              planned(u"docs"_s, u"3 9 * * *"_s, 1000),
                                              planned(u"far"_s, u"0 12 * * *"_s, 9000)};
    const auto found = findCollision(planned(u"new"_s, u"4 9 * * *"_s, 600), others, midnight);
    QVERIFY(found);
    QCOMPARE(found->names, (QStringList{u"tests"_s, u"docs"_s}));
    QCOMPARE(found->firstMs, midnight + 9 * hourMs);
    QCOMPARE(found->steps, 3100);
    QVERIFY(found->shift);
    QCOMPARE(found->shift->minutes, 1);
    QCOMPARE(found->shift->when, u"5 9 * * *"_s);
}

void TestScheduleRules::noCollision_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<int>("steps");
    QTest::newRow("too few steps") << u"0 9 * * *"_s << 1500;
    QTest::newRow("another window") << u"5 9 * * *"_s << 9000;
    QTest::newRow("another day") << u"2031-01-01 09:00"_s << 9000;
}

void TestScheduleRules::noCollision()
{
    QFETCH(QString, when);
    QFETCH(int, steps);
    const std::vector<PlannedSchedule> others{planned(u"tests"_s, u"0 9 * * *"_s, 1500)};
    QVERIFY(!findCollision(planned(u"new"_s, when, steps), others, midnight));
}

void TestScheduleRules::shift_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<QString>("later"); // empty: cannot be said
    QTest::newRow("minute") << u"0 9 * * 1-5"_s << 7 << u"7 9 * * 1-5"_s;
    QTest::newRow("into the next hour") << u"55 9 * * *"_s << 10 << u"5 10 * * *"_s;
    QTest::newRow("hours") << u"30 9,17 * * *"_s << 90 << u"0 11,19 * * *"_s;
    QTest::newRow("every hour") << u"*/20 * * * *"_s << 7 << u"7,27,47 * * * *"_s;
    QTest::newRow("around the hour") << u"50 * * * *"_s << 15 << u"5 * * * *"_s;
    QTest::newRow("seconds stay") << u"30 0 9 * * *"_s << 5 << u"30 5 9 * * *"_s;
    QTest::newRow("some of its minutes only") << u"0,55 9 * * *"_s << 10 << QString();
    QTest::newRow("into the next day") << u"0 23 * * *"_s << 60 << QString();
}

void TestScheduleRules::shift()
{
    QFETCH(QString, pattern);
    QFETCH(int, minutes);
    QFETCH(QString, later);
    QCOMPARE(shiftedPattern(*parseCron(pattern), minutes).value_or(QString()), later);
}

// Against every smaller one.
void TestScheduleRules::shiftIsTheSmallest()
{
    const std::vector<PlannedSchedule> others{planned(u"a"_s, u"*/30 * * * *"_s, 2000),
                                              planned(u"b"_s, u"5,10 9 * * *"_s, 2000)};
    const auto found = findCollision(planned(u"new"_s, u"0 9 * * *"_s, 1500), others, midnight);
    QVERIFY(found && found->shift);
    QCOMPARE(found->shift->minutes, 15);
    QVERIFY(!findCollision(planned(u"new"_s, found->shift->when, 1500), others, midnight));
    for (int minutes = 1; minutes < found->shift->minutes; ++minutes)
        QVERIFY(findCollision(planned(u"new"_s, u"%1 9 * * *"_s.arg(minutes), 1500), others, midnight));
    const auto interval = findCollision(planned(u"new"_s, u"every 1h"_s, 1500), others, midnight);
    QVERIFY(interval && interval->shift);
    QVERIFY(interval->shift->when.isEmpty());
    QCOMPARE(interval->shift->anchorMs, midnight + interval->shift->minutes * minuteMs);
}

void TestScheduleRules::calibration()
{
    const std::vector<PastFiring> past{{u"Check the build and fix what fails"_s, 100},
                                       {u"check the build; fix what fails!"_s, 200},
                                       {u"Check the build and fix all that fails"_s, 300},
                                       {u"Write release notes"_s, 9000}};
    const auto found = calibrate(u"Check the build and fix what fails"_s, past);
    QVERIFY(found);
    QCOMPARE(found->firings, 3);
    QCOMPARE(found->steps, 200);
    QVERIFY(!calibrate(u"Write release notes"_s, past));
    QVERIFY(!calibrate(QString(), past));
}

void TestScheduleRules::standsStill()
{
    PassCheck check;
    QVERIFY(!check.isOverdue(1000, true, 0));
    QVERIFY(!check.isOverdue(1000, true, 119'999));
    QVERIFY(check.isOverdue(1000, true, 120'000));
    QVERIFY(!check.isOverdue(1000, true, 150'000)); // told once
    QVERIFY(!check.isOverdue(2000, true, 160'000));
    QVERIFY(!check.isOverdue(2000, true, 270'000));
    QVERIFY(check.isOverdue(2000, true, 280'000));
    QVERIFY(!check.isOverdue(3000, false, 300'000));
    QVERIFY(!check.isOverdue(3000, false, 900'000)); // nothing is active
}

void TestScheduleRules::results_data()
{
    QTest::addColumn<FiringStatus>("status");
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("told"); // by which rules
    using enum FiringStatus;
    QTest::newRow("the first") << Completed << u"a"_s << QString() << u"always change"_s;
    QTest::newRow("the same again") << Completed << u"a"_s << u"a"_s << u"always"_s;
    QTest::newRow("another") << Completed << u"b"_s << u"a"_s << u"always change"_s;
    QTest::newRow("failed") << Failed << u"failed crashed"_s << u"a"_s << u"always change failure"_s;
    QTest::newRow("failed as before")
        << Failed << u"failed crashed"_s << u"failed crashed"_s << u"always failure"_s;
    QTest::newRow("failed otherwise")
        << TimedOut << u"failed stalled"_s << u"failed crashed"_s << u"always change failure"_s;
    QTest::newRow("went well again") << Completed << u"a"_s << u"failed crashed"_s << u"always change"_s;
    QTest::newRow("stopped by somebody") << Cancelled << QString() << u"a"_s << u"always"_s;
}

void TestScheduleRules::results()
{
    QFETCH(FiringStatus, status);
    QFETCH(QString, result);
    QFETCH(QString, before);
    QStringList told;
    for (const auto &[notice, name] : EnumNames<ResultNotice>::table) {
        if (isTold(notice, status, result, before))
            told += QString::fromLatin1(name);
    }
    QTEST(told.join(u' '), "told");
}

QTEST_APPLESS_MAIN(TestScheduleRules)
#include "tst_schedule_rules.moc"
