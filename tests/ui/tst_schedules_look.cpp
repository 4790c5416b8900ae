// How the Schedules dock and the form look: full and empty, wide and narrow, light and dark (MUSTER_SHOTS).
#include "core/schedule/firing.h"
#include "core/viewmodel/describe_firing.h"
#include "tests/support/memory_node.h"
#include "tests/ui/schedules_bed.h"
#include "ui/docks/schedules/schedule_header.h"
#include "ui/widgets/history_plot.h"
#include "ui/widgets/marked_line.h"

#include <QDateTime>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTranslator>

#include <cmath>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestSchedulesLook : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        hushOffscreen();
        QVERIFY(m_english.load(u":/muster/translations/muster_en.qm"_s)); // its plural forms
        QCoreApplication::installTranslator(&m_english);
    }
    void init();
    void full_data();
    void full();
    void pausedByARule();
    void normalShowsNoBadge();
    void empty();
    void form_data();
    void form();

private:
    void fill();
    [[nodiscard]] api::ScheduleDetail detail() const;
    // Of "weekdays at 3", so many before now and after it.
    [[nodiscard]] static std::vector<qint64> times(int before, int after);
    [[nodiscard]] static qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

    QTranslator m_english;
    std::unique_ptr<MemoryNode> m_node;
};

void TestSchedulesLook::init()
{
    QLocale::setDefault(QLocale(QLocale::English));
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"larder"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_node->runtimes = {{.id = u"claude"_s, .label = u"Claude Code"_s, .state = u"ready"_s}};
    m_node->profiles = {u"developer"_s, u"reviewer"_s};
    m_node->flows = {{.name = u"survey"_s, .description = u"Looks at all of it"_s, .origin = u"built-in"_s}};
}

std::vector<qint64> TestSchedulesLook::times(int before, int after)
{
    const QTimeZone berlin("Europe/Berlin");
    FiringClock clock(readWhen(u"weekdays at 3"_s, berlin).value(), berlin, 0);
    const qint64 month = 60LL * 24 * 3'600'000;
    std::vector<qint64> past = clock.next(now() - month, 60);
    const auto coming = std::ranges::upper_bound(past, now());
    return {coming - before, coming + after};
}

api::ScheduleDetail TestSchedulesLook::detail() const
{
    api::ScheduleDetail detail{.schedule = m_node->schedules.schedules.front(), .next = times(0, 5)};
    const std::vector<qint64> past = times(30, 0);
    for (int i = 0; i < 30; ++i) {
        const qint64 at = past[static_cast<size_t>(29 - i)];
        const double wave = std::sin(i * 0.9) + std::sin(i * 0.37);
        api::FiringInfo firing{.id = FiringId{100 - i},
                               .nominalAt = at,
                               .task = TaskId{200 - i},
                               .status = FiringStatus::Completed,
                               .firedAt = at,
                               .claimedAt = at + 400 + i * 40,
                               .completedAt = at + 300'000,
                               .waitMs = 400 + (i % 7 == 3 ? 41'000 : i * 40),
                               .runMs = 240'000 + std::llround(wave * 80'000),
                               .steps = 400 + static_cast<int>(wave * 130) + (30 - i) * 4,
                               .stepLimit = 800,
                               .loopLagMs = 3,
                               .peakMemoryBytes = 71'000'000,
                               .schedulesRunning = 1,
                               .costMicroUsd = 310'000 + std::llround(wave * 90'000)};
        api::OccurrenceInfo time{.nominalAt = at, .lastAt = at, .at = at, .firing = firing.id};
        if (i == 4) {
            firing.status = FiringStatus::TimedOut;
            firing.reason = FailureReason::DeadlineExceeded;
        } else if (i == 11) {
            firing.cause = FiringCause::CatchUp;
            time.outcome = OccurrenceOutcome::Delayed;
            time.reason = OccurrenceReason::NotRunning;
        } else if (i == 15) {
            firing.cause = FiringCause::Person;
        }
        detail.firings.push_back(firing);
        detail.occurrences.push_back(time);
    }
    return detail;
}

void TestSchedulesLook::fill()
{
    api::ScheduleInfo tests{
        .id = ScheduleId{1},
        .spec = {.name = u"nightly tests"_s,
                 .prompt = u"Run the tests and write what fails, and why, to NOTES.md."_s,
                 .profile = u"developer"_s,
                 .runtime = u"claude"_s,
                 .when = u"weekdays at 3"_s,
                 .zone = u"Europe/Berlin"_s,
                 .maxTurns = 800,
                 .budgetMicroUsd = 2'000'000,
                 .dayBudgetMicroUsd = 5'000'000},
        .cron = u"0 3 * * 1-5"_s,
        .nextAt = times(0, 1).front(),
        .lastStatus = FiringStatus::Completed,
        .averages = {.firings = 29, .waitMs = 2300, .runMs = 252'000, .steps = 510, .costMicroUsd = 320'000},
        .spentTodayMicroUsd = 310'000};
    api::ScheduleInfo inbox{
        .id = ScheduleId{2},
        .spec = {.name = u"sort new issues"_s, .flow = u"triage"_s, .when = u"every 15m"_s},
        .nextAt = now() + 40'000,
        .lastStatus = FiringStatus::Running,
        .running = 1,
        .queued = 2};
    api::ScheduleInfo docs{.id = ScheduleId{3},
                           .spec = {.name = u"docs"_s, .prompt = u"Look"_s, .when = u"every monday 14:30"_s},
                           .nextAt = now() + 3 * 24 * 3'600'000LL,
                           .lastStatus = FiringStatus::Completed,
                           .nearStepCap = true};
    api::ScheduleInfo broken{
        .id = ScheduleId{4},
        .spec = {.name = u"sync upstream"_s, .prompt = u"Look"_s, .when = u"@hourly"_s, .zone = u"UTC"_s},
        .state = ScheduleState::PausedByRule,
        .pauseReason = PauseReason::FailureStreak,
        .lastStatus = FiringStatus::Failed,
        .lastReason = FailureReason::AuthRequired};
    api::ScheduleInfo paused{.id = ScheduleId{5},
                             .spec = {.name = u"weekly report"_s, .prompt = u"Look"_s, .when = u"@weekly"_s},
                             .state = ScheduleState::Paused,
                             .lastStatus = FiringStatus::Completed};
    m_node->schedules.schedules = {tests, inbox, docs, broken, paused};
    api::ScheduleFileProblem problem{.project = u"/p"_s, .path = u"schedules/audit.schedule.yaml"_s};
    problem.problem = {.code = u"zone"_s, .line = 4, .column = 7, .found = u"Mars"_s};
    m_node->schedules.problems = {problem};
    m_node->scheduleDetails.insert(ScheduleId{1}, detail());
    for (const api::ScheduleInfo &each : {inbox, docs, broken, paused})
        m_node->scheduleDetails.insert(each.id, {.schedule = each});
}

void TestSchedulesLook::full_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("wide") << QSize(1180, 860);
    QTest::newRow("narrow") << QSize(460, 900);
}

void TestSchedulesLook::full()
{
    QFETCH(QSize, size);
    fill();
    SchedulesBed bed(*m_node, u"/p"_s, size);
    QTRY_COMPARE(bed.listed().size(), 5);
    QTRY_COMPARE(bed.firings()->model()->rowCount(), 30);
    QTRY_COMPARE(namedIn<HistoryPlot>(&bed.page(), u"Wait"_s)->points().size(), size_t{30});
    QVERIFY(bed.listed().at(1).contains(u"+2 queued"_s));
    QVERIFY(bed.listed().at(2).contains(u"Near step cap"_s));
    QTest::keyClick(namedIn<HistoryPlot>(&bed.page(), u"Agent steps"_s), Qt::Key_End);
    QVERIFY(bed.button(u"What it wrote…"_s)->isVisible());
    // Nothing is cut off by the width.
    QCOMPARE(bed.page().size(), size);
    const auto buttons = bed.page().view().header().findChildren<QPushButton *>();
    QCOMPARE(buttons.size(), 4);
    for (const QPushButton *button : buttons) {
        const QString text = button->text() + button->accessibleName();
        QVERIFY2(button->visibleRegion().boundingRect() == button->rect(), qPrintable(text));
    }
    takePictures(bed.page(), bed.theme(), u"schedules-%1"_s.arg(QLatin1StringView(QTest::currentDataTag())));
}

void TestSchedulesLook::pausedByARule()
{
    fill();
    SchedulesBed bed(*m_node, u"/p"_s);
    bed.context().setSchedule(ScheduleId{4});
    QTRY_COMPARE(bed.schedule().id, ScheduleId{4});
    const auto labels = bed.page().view().header().findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(
        labels, [](const QLabel *label) { return label->text() == u"Paused: failed 3 times in a row"_s; }));
    QVERIFY(bed.button(u"Resume"_s)->isVisible());
    takePictures(bed.page(), bed.theme(), u"schedules-paused"_s);
}

void TestSchedulesLook::normalShowsNoBadge()
{
    fill();
    m_node->schedules.schedules.resize(1);
    SchedulesBed bed(*m_node, u"/p"_s);
    QTRY_COMPARE(bed.listed().size(), 1);
    QVERIFY(!bed.listed().front().contains(u"queued"_s));
    QVERIFY(!bed.listed().front().contains(u"cap"_s));
}

void TestSchedulesLook::empty()
{
    SchedulesBed bed(*m_node, u"/p"_s, {700, 500});
    QTRY_VERIFY(bed.button(u"New schedule…"_s)->isVisible());
    takePictures(bed.page(), bed.theme(), u"schedules-empty"_s);
}

void TestSchedulesLook::form_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<api::SchedulePreview>("preview");
    QTest::addColumn<QSize>("size");
    const QSize wide(640, 900);
    std::vector<qint64> next = times(0, 5);
    for (qint64 &at : next)
        at += 6LL * 3'600'000; // at 9
    const api::CalibrationInfo alike{.firings = 12, .steps = 412};
    const api::SchedulePreview good{.kind = u"cron"_s,
                                    .cron = u"0 9 * * 1-5"_s,
                                    .zone = u"Europe/Berlin"_s,
                                    .next = next,
                                    .calibration = alike};
    api::SchedulePreview meets = good;
    meets.collision = api::CollisionInfo{.names = {u"nightly tests"_s, u"docs"_s},
                                         .firstAt = next.front(),
                                         .steps = 3412,
                                         .shiftMinutes = 10,
                                         .shiftedWhen = u"10 9 * * 1-5"_s};
    QTest::newRow("good") << u"weekdays at 9"_s << good << wide;
    QTest::newRow("whole") << u"weekdays at 9"_s << good << QSize(640, 1130);
    QTest::newRow("narrow") << u"weekdays at 9"_s << good << QSize(400, 700);
    QTest::newRow("problem") << u"weekdays att 9"_s
                             << api::SchedulePreview{.zone = u"Europe/Berlin"_s,
                                                     .problem =
                                                         api::WhenProblemInfo{.mistake = u"not_understood"_s,
                                                                              .position = 9,
                                                                              .found = u"att"_s,
                                                                              .expected = u"weekdays at 9"_s}}
                             << wide;
    QTest::newRow("collision") << u"weekdays at 9"_s << meets << wide;
}

void TestSchedulesLook::form()
{
    QFETCH(QString, when);
    QFETCH(api::SchedulePreview, preview);
    QFETCH(QSize, size);
    fill();
    m_node->preview = preview;
    m_node->schedules.schedules.front().spec.when = when;
    SchedulesBed bed(*m_node, u"/p"_s);
    QTRY_COMPARE(bed.listed().size(), 5);
    bed.page().edit();
    auto *dialog = bed.dialog<ScheduleDialog>();
    dialog->resize(size);
    QVERIFY(QTest::qWaitForWindowExposed(dialog));
    QTRY_VERIFY(!m_node->previewed.isEmpty());
    auto *line = namedIn<MarkedLine>(dialog, u"When"_s);
    auto *times = namedIn<QLabel>(dialog, u"Next times"_s);
    if (preview.problem)
        QTRY_COMPARE(line->markedAt(), 9);
    else
        QTRY_VERIFY(times->text().count(u'\n') >= 4);
    line->setFocus();
    takePictures(*dialog, bed.theme(), u"schedule-form-%1"_s.arg(QLatin1StringView(QTest::currentDataTag())));
    QCOMPARE(namelessControls(dialog).join(u' '), QString());
}

QTEST_MAIN(TestSchedulesLook)
#include "tst_schedules_look.moc"
