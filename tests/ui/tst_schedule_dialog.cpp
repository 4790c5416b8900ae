// The form of a schedule: by keyboard with a real node, with how a when is read while it is typed and what is
// wrong with it at its place; whom it meets; what somebody else changed meanwhile.
#include "core/viewmodel/describe_firing.h"
#include "tests/core/node/node_harness.h"
#include "tests/support/memory_node.h"
#include "tests/ui/schedules_bed.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/marked_line.h"
#include "ui/widgets/notice_banner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestScheduleDialog : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void init();
    void cleanup();
    void madeByKeyboard();
    void whatIsWrongIsUnderlined_data();
    void whatIsWrongIsUnderlined();
    void timesAreOfThePersonsZone();
    void aFlowWithItsInputs();
    void allOfItIsKept();
    void whatIsNoNumberIsNotSaved();
    void whatTheNodeRefusesStaysOnShow();
    void changedMeanwhile();
    void closedOnlyAfterAWord();
    void whomItMeets();
    void whatOthersTook();
    void beforeItIsInTheList();

private:
    void open() { m_bed = std::make_unique<SchedulesBed>(m_node->api(), m_folder->path()); }
    void openValues() { m_bed = std::make_unique<SchedulesBed>(*m_values, u"/p"_s); }
    ScheduleDialog *newDialog() const
    {
        m_bed->page().newSchedule();
        return m_bed->dialog<ScheduleDialog>();
    }
    [[nodiscard]] static MarkedLine *when(const QDialog *dialog)
    {
        return namedIn<MarkedLine>(dialog, u"When"_s);
    }
    [[nodiscard]] static QString reading(const QDialog *dialog)
    {
        const auto facts = when(dialog)->parentWidget()->findChildren<FactLine *>();
        return facts.front()->isHidden() ? QString() : facts.front()->text();
    }
    [[nodiscard]] static NoticeBanner *banner(const QDialog *dialog, const QString &containing)
    {
        const auto all = dialog->findChildren<NoticeBanner *>();
        const auto found = std::ranges::find_if(
            all, [&](NoticeBanner *one) { return one->isVisible() && one->text().contains(containing); });
        return found == all.end() ? nullptr : *found;
    }
    static void write(const QDialog *dialog, const QString &field, const QString &text)
    {
        if (auto *line = namedIn<QLineEdit>(dialog, field))
            line->setText(text);
        else
            namedIn<QPlainTextEdit>(dialog, field)->setPlainText(text);
    }
    [[nodiscard]] std::vector<api::ScheduleInfo> saved()
    {
        return m_node->query(api::ListSchedules{}).value_or(api::ScheduleList{}).schedules;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<NodeHarness> m_node;
    std::unique_ptr<MemoryNode> m_values;
    std::unique_ptr<SchedulesBed> m_bed;
};

void TestScheduleDialog::init()
{
    QLocale::setDefault(QLocale::c());
    m_folder = std::make_unique<QTemporaryDir>();
    m_node = std::make_unique<NodeHarness>(false);
    m_values = std::make_unique<MemoryNode>();
    m_values->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_values->answer.refs.project = ProjectId{1};
}

void TestScheduleDialog::cleanup()
{
    m_bed.reset();
    m_node.reset();
    m_values.reset();
}

void TestScheduleDialog::madeByKeyboard()
{
    open();
    ScheduleDialog *dialog = newDialog();
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    QCOMPARE(namelessControls(dialog), QStringList());
    QTest::keyClicks(dialog->focusWidget(), u"nightly"_s); // the name has the focus
    namedIn<QPlainTextEdit>(dialog, u"Prompt"_s)->setFocus();
    QTest::keyClicks(dialog->focusWidget(), u"say hello"_s);
    when(dialog)->setFocus();
    QTest::keyClicks(when(dialog), u"weekdays at 9"_s);
    namedIn<QComboBox>(dialog, u"Time zone"_s)->setCurrentText(u"Europe/Berlin"_s);
    QTRY_COMPARE(reading(dialog), u"Every weekday at 09:00, Europe/Berlin"_s);
    QCOMPARE(when(dialog)->markedAt(), -1);
    QTest::keyClick(when(dialog), Qt::Key_Return); // Enter saves, wherever the focus is
    QTRY_VERIFY_WITH_TIMEOUT(!m_bed->dialog<ScheduleDialog>(), patienceMs);
    const auto all = saved();
    QCOMPARE(all.size(), size_t{1});
    const api::ScheduleSpec expected{.name = u"nightly"_s,
                                     .prompt = u"say hello"_s,
                                     .when = u"weekdays at 9"_s,
                                     .zone = u"Europe/Berlin"_s,
                                     .anchorAt = all.front().spec.anchorAt};
    QVERIFY(all.front().spec == expected);
    QCOMPARE(all.front().state, ScheduleState::Active);
    QTRY_COMPARE(m_bed->schedule().spec.name, u"nightly"_s); // and is shown
}

void TestScheduleDialog::whatIsWrongIsUnderlined_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("at");
    QTest::addColumn<QString>("said");
    QTest::newRow("a word") << u"every monday att 9"_s << 13 << u"'att' is not understood here."_s;
    QTest::newRow("after blanks") << u"  weekdays at 25"_s << 14 << u"'25' is not a time of day."_s;
    QTest::newRow("a field") << u"61 9 * * *"_s << 0 << u"'61' is not a value for this field."_s;
}

void TestScheduleDialog::whatIsWrongIsUnderlined()
{
    QFETCH(QString, typed);
    QFETCH(int, at);
    QFETCH(QString, said);
    open();
    ScheduleDialog *dialog = newDialog();
    when(dialog)->setText(typed);
    QTRY_VERIFY(reading(dialog).contains(said));
    QCOMPARE(when(dialog)->markedAt(), at);
    const auto marks = when(dialog)->extraSelections();
    QCOMPARE(marks.size(), 1);
    QCOMPARE(marks.front().cursor.selectionStart(), at);
    QVERIFY(shownIn(when(dialog)->parentWidget(), u"muted"_s).contains(u"first day of the month at noon"_s));
    when(dialog)->setText(u"daily at 9"_s);
    QTRY_VERIFY(reading(dialog).startsWith(u"Every day at 09:00"_s));
    QVERIFY(when(dialog)->extraSelections().isEmpty());
}

void TestScheduleDialog::timesAreOfThePersonsZone()
{
    open();
    ScheduleDialog *dialog = newDialog();
    when(dialog)->setText(u"daily at 9"_s);
    auto *zone = namedIn<QComboBox>(dialog, u"Time zone"_s);
    zone->setCurrentText(u"Asia/Tokyo"_s);
    auto *times = namedIn<QLabel>(dialog, u"Next times"_s);
    QTRY_COMPARE(times->text().count(u'\n'), 5);
    QVERIFY(times->text().startsWith(
        u"In your zone, %1:"_s.arg(QString::fromLatin1(QTimeZone::systemTimeZoneId()))));
    zone->setCurrentText(u"Mars/Olympus"_s);
    QTRY_VERIFY(reading(dialog).contains(u"“Mars/Olympus” is not a time zone"_s));
    QVERIFY(times->isHidden());
}

void TestScheduleDialog::aFlowWithItsInputs()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"flows"_s));
    QFile file(m_folder->filePath(u"flows/own.flow.yaml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("muster: 1\nname: own\ninputs: { word: { type: string } }\nsteps:\n"
               "  - { id: a, run: \"echo ${{ inputs.word }}\" }\n");
    file.close();
    QVERIFY(m_node->submit(api::TrustProject{.path = m_folder->path()}));
    open();
    ScheduleDialog *dialog = newDialog();
    write(dialog, u"Name"_s, u"words"_s);
    when(dialog)->setText(u"daily at 9"_s);
    QTest::mouseClick(namedIn<QRadioButton>(dialog, u"Starts a flow"_s), Qt::LeftButton);
    auto *flow = namedIn<QComboBox>(dialog, u"Flow"_s);
    QTRY_VERIFY_WITH_TIMEOUT(flow->findData(u"own"_s) >= 0, patienceMs);
    flow->setCurrentIndex(flow->findData(u"own"_s));
    QVERIFY(!buttonIn(dialog, u"Save"_s)->isEnabled());
    QVERIFY(shownIn(dialog, u"error"_s).contains(u"word"_s));
    QVERIFY(!namedIn<QComboBox>(dialog, u"Pool"_s)->isVisible()); // the flow says that itself
    QVERIFY(namedIn<QLineEdit>(dialog, u"Deadline"_s)->text().isEmpty());
    write(dialog, u"word"_s, u"hello"_s);
    QTest::mouseClick(buttonIn(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_bed->dialog<ScheduleDialog>(), patienceMs);
    const api::ScheduleSpec spec = saved().front().spec;
    QCOMPARE(spec.flow, u"own"_s);
    QVERIFY(spec.prompt.isEmpty());
    QCOMPARE(spec.deadlineMs, 0);
    QCOMPARE(spec.inputs, (QJsonObject{{u"word"_s, u"hello"_s}}));
    // Changed again: what was given is there.
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().spec.flow, u"own"_s, patienceMs);
    m_bed->page().edit();
    dialog = m_bed->dialog<ScheduleDialog>();
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(namedIn<QLineEdit>(dialog, u"word"_s), patienceMs);
    QCOMPARE(namedIn<QLineEdit>(dialog, u"word"_s)->text(), u"hello"_s);
}

void TestScheduleDialog::allOfItIsKept()
{
    api::ScheduleSpec spec{.name = u"all"_s,
                           .prompt = u"Look\nwell"_s,
                           .runtime = u"demo"_s,
                           .model = u"small"_s,
                           .mayWrite = {u"docs/**"_s, u"NOTES.md"_s},
                           .mayRun = {u"make test"_s},
                           .when = u"every 15m"_s,
                           .zone = u"UTC"_s,
                           .anchorAt = 1'700'000'000'000,
                           .priority = -5,
                           .maxTurns = 80,
                           .deadlineMs = 5'400'000,
                           .budgetMicroUsd = 1'230'000,
                           .dayBudgetMicroUsd = 5'000'001,
                           .unattended = true,
                           .missed = MissedRule::All,
                           .overlap = OverlapRule::Skip,
                           .notify = ResultNotice::Change,
                           .archive = true};
    QVERIFY(m_node->submit(api::SaveSchedule{.project = m_folder->path(), .spec = spec, .paused = true}));
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().spec.name, u"all"_s, patienceMs);
    m_bed->page().edit();
    auto *dialog = m_bed->dialog<ScheduleDialog>();
    QCOMPARE(namedIn<QLineEdit>(dialog, u"Deadline"_s)->text(), u"1h30m"_s);
    write(dialog, u"Name"_s, u"other"_s);
    QTest::mouseClick(buttonIn(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_bed->dialog<ScheduleDialog>(), patienceMs);
    spec.name = u"other"_s;
    QVERIFY(saved().front().spec == spec);
    QCOMPARE(saved().front().state, ScheduleState::Paused);
}

void TestScheduleDialog::whatIsNoNumberIsNotSaved()
{
    open();
    ScheduleDialog *dialog = newDialog();
    auto *save = buttonIn(dialog, u"Save"_s);
    QVERIFY(save->isEnabled());
    for (const auto &[field, wrong, right] :
         {std::tuple{u"Most agent steps"_s, u"many"_s, u"80"_s},
          std::tuple{u"Budget of a firing in USD"_s, u"-1"_s, u"1.5"_s},
          std::tuple{u"Deadline"_s, u"soon"_s, u"20m"_s}, std::tuple{u"Priority"_s, u"1.5"_s, u"-5"_s}}) {
        write(dialog, field, wrong);
        QVERIFY2(!save->isEnabled(), qPrintable(field));
        QVERIFY(!shownIn(dialog, u"error"_s).isEmpty());
        write(dialog, field, right);
        QVERIFY2(save->isEnabled(), qPrintable(field));
    }
    QCOMPARE(shownIn(dialog, u"error"_s), QString());
}

void TestScheduleDialog::whatTheNodeRefusesStaysOnShow()
{
    open();
    ScheduleDialog *dialog = newDialog();
    write(dialog, u"Name"_s, u"nightly"_s);
    QTest::mouseClick(buttonIn(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(shownIn(dialog, u"error"_s),
                              u"Say what the schedule starts: a prompt, or a flow."_s, patienceMs);
    QCOMPARE(dialog->focusWidget(), namedIn<QPlainTextEdit>(dialog, u"Prompt"_s));
    QVERIFY(saved().empty());
    QCOMPARE(namedIn<QLineEdit>(dialog, u"Name"_s)->text(), u"nightly"_s);
}

void TestScheduleDialog::changedMeanwhile()
{
    api::ScheduleSpec spec{
        .name = u"nightly"_s, .prompt = u"Look"_s, .when = u"daily at 3"_s, .maxTurns = 10};
    const auto made = m_node->submit(api::SaveSchedule{.project = m_folder->path(), .spec = spec});
    const ScheduleId id{made->text.toLongLong()};
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().id, id, patienceMs);
    m_bed->page().edit();
    auto *dialog = m_bed->dialog<ScheduleDialog>();
    write(dialog, u"Prompt"_s, u"Look better"_s);
    write(dialog, u"Most agent steps"_s, u"20"_s);
    spec = saved().front().spec;
    spec.when = u"daily at 4"_s;
    spec.maxTurns = 30;
    QVERIFY(m_node->submit(api::SaveSchedule{.schedule = id, .spec = spec}));
    QTest::mouseClick(buttonIn(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(banner(dialog, u"Somebody else has changed this schedule"_s), patienceMs);
    const QString told = banner(dialog, u"Somebody else"_s)->text();
    QVERIFY2(told.contains(u"Taken over from there: When."_s), qPrintable(told));
    QVERIFY2(told.contains(u"yours stands: Most agent steps."_s), qPrintable(told));
    QCOMPARE(namedIn<QPlainTextEdit>(dialog, u"Prompt"_s)->toPlainText(), u"Look better"_s);
    QCOMPARE(when(dialog)->text(), u"daily at 4"_s);
    QTest::mouseClick(buttonIn(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_bed->dialog<ScheduleDialog>(), patienceMs);
    QCOMPARE(saved().front().spec.prompt, u"Look better"_s);
    QCOMPARE(saved().front().spec.when, u"daily at 4"_s);
    QCOMPARE(saved().front().spec.maxTurns, 20);
}

void TestScheduleDialog::closedOnlyAfterAWord()
{
    openValues();
    ScheduleDialog *dialog = newDialog();
    dialog->reject(); // nothing was written
    QVERIFY(!m_bed->dialog<ScheduleDialog>());
    dialog = newDialog();
    write(dialog, u"Name"_s, u"nightly"_s);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(m_bed->dialog<ScheduleDialog>());
    QVERIFY(banner(dialog, u"not saved"_s));
    QTest::mouseClick(buttonIn(dialog, u"Keep writing"_s), Qt::LeftButton);
    QVERIFY(!banner(dialog, u"not saved"_s));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTest::mouseClick(buttonIn(dialog, u"Close without saving"_s), Qt::LeftButton);
    QVERIFY(!m_bed->dialog<ScheduleDialog>());
    QVERIFY(!m_values->lastCommand<api::SaveSchedule>());
}

void TestScheduleDialog::whomItMeets()
{
    openValues();
    m_values->preview = {.kind = u"cron"_s,
                         .cron = u"0 9 * * *"_s,
                         .zone = u"UTC"_s,
                         .next = {1'800'000'000'000},
                         .collision = api::CollisionInfo{.names = {u"tests"_s, u"docs"_s},
                                                         .firstAt = 1'800'000'000'000,
                                                         .steps = 3100,
                                                         .shiftMinutes = 10,
                                                         .shiftedWhen = u"10 9 * * *"_s}};
    ScheduleDialog *dialog = newDialog();
    write(dialog, u"Name"_s, u"nightly"_s);
    when(dialog)->setText(u"daily at 9"_s);
    QTRY_VERIFY(banner(dialog, describe(*m_values->preview.collision)));
    QVERIFY(banner(dialog, u"tests, docs"_s)->text().contains(u"3100"_s));
    QVERIFY(buttonIn(dialog, u"Save"_s)->isEnabled()); // it never blocks
    const auto asked = m_values->previewed.size();
    QTest::mouseClick(buttonIn(dialog, u"Shift by 10 min"_s), Qt::LeftButton);
    QCOMPARE(when(dialog)->text(), u"10 9 * * *"_s);
    QTRY_VERIFY(m_values->previewed.size() > asked);
    QTest::mouseClick(buttonIn(dialog, u"Save anyway"_s), Qt::LeftButton);
    QTRY_VERIFY(m_values->lastCommand<api::SaveSchedule>());
    QCOMPARE(m_values->lastCommand<api::SaveSchedule>()->spec.when, u"10 9 * * *"_s);
}

void TestScheduleDialog::whatOthersTook()
{
    openValues();
    m_values->preview = {.problem = api::WhenProblemInfo{.mistake = u"empty"_s},
                         .calibration = api::CalibrationInfo{.firings = 4, .steps = 41}};
    ScheduleDialog *dialog = newDialog();
    write(dialog, u"Prompt"_s, u"Run the tests"_s);
    const auto says = [&] {
        const auto labels = dialog->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&](const QLabel *label) {
            return label->isVisible() && label->text() == describe(*m_values->preview.calibration);
        });
    };
    QTRY_VERIFY(says());
    QCOMPARE(reading(dialog), QString()); // that nothing was typed yet is no mistake
}

void TestScheduleDialog::beforeItIsInTheList()
{
    const ScheduleId id{7};
    m_values->scheduleDetails[id] = {.schedule = {.id = id, .spec = {.name = u"just made"_s}}};
    openValues();
    m_bed->context().setSchedule(id);
    QTRY_COMPARE(m_bed->schedule().id, id);
    QCOMPARE(m_bed->list()->model()->rowCount(), 0);
    m_bed->page().edit();
    QVERIFY(m_bed->dialog<ScheduleDialog>());
    QCOMPARE(namedIn<QLineEdit>(m_bed->dialog<ScheduleDialog>(), u"Name"_s)->text(), u"just made"_s);
}

QTEST_MAIN(TestScheduleDialog)
#include "tst_schedule_dialog.moc"
