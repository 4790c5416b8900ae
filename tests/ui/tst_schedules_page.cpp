// The Schedules dock with a real node and the demo agent: what fires by itself is seen with its firings and
// plots; pause, run now at capacity, remove; what files say and what is wrong with them.
#include "core/viewmodel/firing_tables.h"
#include "tests/core/node/node_harness.h"
#include "tests/ui/schedules_bed.h"
#include "ui/dialogs/at_capacity_dialog.h"
#include "ui/docks/schedules/task_text_dialog.h"
#include "ui/widgets/history_plot.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QToolButton>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestSchedulesPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void init();
    void cleanup();
    void emptySaysWhatAScheduleIs();
    void whatFiresIsSeen();
    void aRunIsOpened();
    void pausedAndResumed();
    void allPausedIsSaid();
    void runNowAtCapacityQueues();
    void runAnywayIsAskedTwice();
    void runningOnly();
    void removedAfterAYes();
    void aFileSaysIt();
    void aWrongFileIsTold();
    void whatIsRefusedIsTold();

private:
    ScheduleId add(const QString &name, const QString &prompt, const QString &when = u"@yearly"_s,
                   bool paused = false)
    {
        const auto made =
            m_node->submit(api::SaveSchedule{.project = m_folder->path(),
                                             .spec = {.name = name, .prompt = prompt, .when = when},
                                             .paused = paused});
        return ScheduleId{made ? made->text.toLongLong() : 0};
    }
    void open() { m_bed = std::make_unique<SchedulesBed>(m_node->api(), m_folder->path()); }
    [[nodiscard]] bool write(const QString &path, const QByteArray &text) const
    {
        QFile file(m_folder->filePath(path));
        return QDir().mkpath(QFileInfo(file.fileName()).path()) && file.open(QIODevice::WriteOnly) &&
               file.write(text) == text.size();
    }
    // Two agents that never end hold both slots of the pool.
    void fillThePool()
    {
        const ScheduleId busy = add(u"busy"_s, u"@@stall:600 say hello"_s);
        for (int i = 0; i < 2; ++i)
            QVERIFY(m_node->submit(api::RunScheduleNow{.schedule = busy}));
        QVERIFY(waitFor([&] {
            const auto now = m_node->query(api::ShowSchedule{.schedule = busy});
            return now && now->schedule.running == 2;
        }));
    }
    [[nodiscard]] bool wasForced()
    {
        const auto events = m_node->query(api::ListEvents{.filter = {.kinds = {u"task.forced"_s}}});
        return events && !events->empty();
    }
    [[nodiscard]] int waiting(ScheduleId id)
    {
        const auto now = m_node->query(api::ShowSchedule{.schedule = id});
        return now ? now->schedule.queued : -1;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<NodeHarness> m_node;
    std::unique_ptr<SchedulesBed> m_bed;
};

void TestSchedulesPage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_node = std::make_unique<NodeHarness>(false);
}

void TestSchedulesPage::cleanup()
{
    m_bed.reset();
    m_node.reset();
}

void TestSchedulesPage::emptySaysWhatAScheduleIs()
{
    open();
    QTRY_VERIFY(m_bed->button(u"New schedule…"_s) && m_bed->button(u"New schedule…"_s)->isVisible());
    QVERIFY(shownIn(&m_bed->page(), u"muted"_s).startsWith(u"A schedule starts a prompt or a flow"_s));
    QTest::mouseClick(m_bed->button(u"New schedule…"_s), Qt::LeftButton);
    QVERIFY(m_bed->dialog<ScheduleDialog>());
    // What is made by others comes by itself.
    add(u"nightly"_s, u"Look"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_bed->list()->isVisible(), patienceMs);
    QTRY_COMPARE(m_bed->schedule().spec.name, u"nightly"_s); // the first is chosen
    QCOMPARE(namelessControls(&m_bed->page()), QStringList());
}

void TestSchedulesPage::whatFiresIsSeen()
{
    open();
    const ScheduleId id = add(u"often"_s, u"say hello"_s, u"every 1s"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_bed->schedule().averages.firings >= 2, patienceMs);
    QVERIFY(m_node->submit(api::PauseSchedule{.schedule = id}));
    QTRY_VERIFY_WITH_TIMEOUT(m_bed->schedule().state == ScheduleState::Paused &&
                                 m_bed->schedule().running + m_bed->schedule().queued == 0,
                             patienceMs);
    QAbstractItemModel *firings = m_bed->firings()->model();
    QVERIFY(firings->rowCount() >= 2);
    const int last = firings->rowCount() - 1;
    QCOMPARE(firings->index(last, FiringTable::ResultColumn).data().toString(), u"Completed"_s);
    auto *wait = namedIn<HistoryPlot>(&m_bed->page(), u"Wait"_s);
    auto *steps = namedIn<HistoryPlot>(&m_bed->page(), u"Agent steps"_s);
    QVERIFY(wait->points().size() >= 2);
    // What is marked in one plot is so in the others and in the table.
    QTest::keyClick(wait, Qt::Key_Home);
    QCOMPARE(m_bed->firings()->currentIndex().row(), last);
    QCOMPARE(steps->current(), 0);
    QVERIFY(m_bed->button(u"What it wrote…"_s)->isVisible());
    QTest::keyClick(wait, Qt::Key_Return);
    auto *text = m_bed->dialog<TaskTextDialog>();
    QVERIFY(text);
    QTRY_VERIFY(!text->findChild<QPlainTextEdit *>()->toPlainText().isEmpty());
    // Each nominal time has a row.
    auto *times = namedIn<QTreeView>(&m_bed->page(), u"Times and what became of them"_s);
    QVERIFY(times->model()->rowCount() >= 2);
    QCOMPARE(m_bed->errors, QStringList());
}

void TestSchedulesPage::aRunIsOpened()
{
    QVERIFY(write(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\ndefaults: { isolation: none }\nsteps:\n"
                                            "  - { id: a, run: echo hello }\n"));
    QVERIFY(m_node->submit(api::TrustProject{.path = m_folder->path()}));
    const auto made = m_node->submit(api::SaveSchedule{
        .project = m_folder->path(), .spec = {.name = u"flow"_s, .flow = u"own"_s, .when = u"@yearly"_s}});
    QVERIFY(made);
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().spec.flow, u"own"_s, patienceMs);
    QSignalSpy docks(&m_bed->context(), &ProjectContext::dockWanted);
    QTest::mouseClick(m_bed->button(u"Run now"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_bed->schedule().lastStatus == FiringStatus::Completed, patienceMs);
    m_bed->firings()->setFocus();
    m_bed->firings()->setCurrentIndex(m_bed->firings()->model()->index(0, 0));
    QCOMPARE(m_bed->firings()->model()->index(0, FiringTable::CauseColumn).data().toString(), u"run now"_s);
    QTest::keyClick(m_bed->firings(), Qt::Key_Return);
    QCOMPARE(docks.count(), 1);
    QCOMPARE(docks.front().front().toString(), u"workflow"_s);
    QVERIFY(m_bed->context().run().isValid());
}

void TestSchedulesPage::pausedAndResumed()
{
    add(u"nightly"_s, u"Look"_s);
    open();
    QTRY_VERIFY_WITH_TIMEOUT(m_bed->schedule().id.isValid(), patienceMs);
    QVERIFY(m_bed->listed().front().startsWith(u"nightly, next "_s));
    QTest::mouseClick(m_bed->button(u"Pause"_s), Qt::LeftButton);
    QTRY_COMPARE(m_bed->schedule().state, ScheduleState::Paused);
    QTRY_COMPARE(m_bed->listed(), QStringList{u"nightly, Paused"_s});
    QVERIFY(m_bed->button(u"Resume"_s)->isVisible());
    m_bed->list()->setFocus();
    QTest::keyClick(m_bed->list(), Qt::Key_P);
    QTRY_COMPARE(m_bed->schedule().state, ScheduleState::Active);
}

void TestSchedulesPage::allPausedIsSaid()
{
    add(u"nightly"_s, u"Look"_s);
    open();
    auto *banner = m_bed->page().findChild<NoticeBanner *>();
    QVERIFY(!banner->isVisible());
    m_bed->pause().pauseUntil(QDateTime::currentMSecsSinceEpoch() + 3'600'000);
    QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), patienceMs);
    QVERIFY(banner->text().startsWith(u"All schedules are paused until "_s));
    QTest::mouseClick(m_bed->button(u"Let them go on"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!banner->isVisible(), patienceMs);
    // It ends by itself, too.
    m_bed->pause().pauseUntil(QDateTime::currentMSecsSinceEpoch() + 1500);
    QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!banner->isVisible(), patienceMs);
}

void TestSchedulesPage::runNowAtCapacityQueues()
{
    fillThePool();
    const ScheduleId id = add(u"nightly"_s, u"@@stall:600 say hello"_s);
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->listed().size(), 2, patienceMs);
    m_bed->context().setSchedule(id);
    QTRY_COMPARE(m_bed->schedule().id, id);
    QTest::mouseClick(m_bed->button(u"Run now"_s), Qt::LeftButton);
    QTRY_VERIFY(m_bed->dialog<AtCapacityDialog>());
    auto *dialog = m_bed->dialog<AtCapacityDialog>();
    QVERIFY2(shownIn(dialog, u"heading"_s).startsWith(u"At capacity: "_s),
             qPrintable(shownIn(dialog, u"heading"_s)));
    QCOMPARE(waiting(id), 0);                // nothing has begun
    QTest::keyClick(dialog, Qt::Key_Return); // to queue it is what Enter does
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().queued, 1, patienceMs);
    QTRY_VERIFY(m_bed->listed().back().contains(u", +1 queued"_s));
    QVERIFY(!wasForced());
}

void TestSchedulesPage::runAnywayIsAskedTwice()
{
    fillThePool();
    const ScheduleId id = add(u"nightly"_s, u"@@stall:600 say hello"_s);
    open();
    m_bed->context().setSchedule(id);
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().id, id, patienceMs);
    QTest::mouseClick(m_bed->button(u"Run now"_s), Qt::LeftButton);
    QTRY_VERIFY(m_bed->dialog<AtCapacityDialog>());
    auto *dialog = m_bed->dialog<AtCapacityDialog>();
    QTest::mouseClick(buttonIn(dialog, u"Run anyway…"_s), Qt::LeftButton);
    QVERIFY(buttonIn(dialog, u"Run over the cap"_s)->isVisible());
    QTest::mouseClick(buttonIn(dialog, u"Back"_s), Qt::LeftButton);
    QVERIFY(buttonIn(dialog, u"Queue it"_s)->isVisible());
    QTest::mouseClick(buttonIn(dialog, u"Run anyway…"_s), Qt::LeftButton);
    QTest::mouseClick(buttonIn(dialog, u"Run over the cap"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().running, 1, patienceMs); // the third of two slots
    QVERIFY(wasForced());
    QCOMPARE(m_bed->errors, QStringList());
}

void TestSchedulesPage::runningOnly()
{
    fillThePool();
    add(u"nightly"_s, u"Look"_s);
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->listed().size(), 2, patienceMs);
    m_bed->page().setRunningOnly(true);
    QTRY_COMPARE(m_bed->listed().size(), 1);
    QVERIFY(m_bed->listed().front().startsWith(u"busy, 2 running"_s));
    m_bed->page().setRunningOnly(false);
    QCOMPARE(m_bed->listed().size(), 2);
}

void TestSchedulesPage::removedAfterAYes()
{
    const ScheduleId id = add(u"nightly"_s, u"Look"_s);
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().id, id, patienceMs);
    m_bed->list()->setFocus();
    QTest::keyClick(m_bed->list(), Qt::Key_Delete);
    auto *box = m_bed->dialog<QMessageBox>();
    QVERIFY(box);
    QTest::keyClick(box, Qt::Key_Return); // Enter alone removes nothing
    QTRY_VERIFY(!m_bed->dialog<QMessageBox>());
    QVERIFY(m_node->query(api::ShowSchedule{.schedule = id}));
    QTest::mouseClick(m_bed->button(u"Remove…"_s), Qt::LeftButton);
    QTest::mouseClick(buttonIn(m_bed->dialog<QMessageBox>(), u"Remove"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_bed->context().schedule().isValid(), patienceMs);
    QTRY_VERIFY(m_bed->button(u"New schedule…"_s)->isVisible());
}

void TestSchedulesPage::aFileSaysIt()
{
    QVERIFY(write(u"schedules/nightly.schedule.yaml"_s,
                  "muster: 1\nname: nightly\nwhen: daily at 3\nprompt: Look\n"));
    open();
    QVERIFY(m_node->submit(api::TrustProject{.path = m_folder->path()}));
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().file, u"schedules/nightly.schedule.yaml"_s, patienceMs);
    QVERIFY(!m_bed->button(u"Remove…"_s)->isEnabled());
    QTest::mouseClick(m_bed->button(u"Look at it…"_s), Qt::LeftButton);
    auto *dialog = m_bed->dialog<ScheduleDialog>();
    QVERIFY(dialog);
    const auto banners = dialog->findChildren<NoticeBanner *>();
    QVERIFY(std::ranges::any_of(banners, [](const NoticeBanner *banner) {
        return banner->isVisible() && banner->text().contains(u"schedules/nightly.schedule.yaml"_s);
    }));
    QVERIFY(!buttonIn(dialog, u"Save"_s)->isVisible());
    const auto texts = dialog->findChildren<QPlainTextEdit *>();
    QVERIFY(std::ranges::all_of(texts, &QPlainTextEdit::isReadOnly));
    dialog->reject();
    // Pausing stays the person's.
    QTest::mouseClick(m_bed->button(u"Pause"_s), Qt::LeftButton);
    QTRY_COMPARE(m_bed->schedule().state, ScheduleState::Paused);
}

void TestSchedulesPage::aWrongFileIsTold()
{
    QVERIFY(write(u"schedules/nightly.schedule.yaml"_s,
                  "muster: 1\nname: nightly\nwhen: daily att 3\nprompt: Look\n"));
    open();
    QVERIFY(m_node->submit(api::TrustProject{.path = m_folder->path()}));
    auto *problems = namedIn<ListView>(&m_bed->page(), u"Files that are wrong"_s);
    QTRY_VERIFY_WITH_TIMEOUT(problems->isVisible() && problems->model()->index(0, 0).data().toString() ==
                                                          u"schedules/nightly.schedule.yaml:3:13"_s,
                             patienceMs);
    const QString told = problems->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(told.contains(u"'att' is not understood here."_s), qPrintable(told));
}

void TestSchedulesPage::whatIsRefusedIsTold()
{
    add(u"over"_s, u"Look"_s, u"2020-01-01 09:00"_s);
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bed->schedule().state, ScheduleState::Expired, patienceMs);
    QVERIFY(!m_bed->button(u"Pause"_s) || !m_bed->button(u"Pause"_s)->isVisible());
    m_bed->page().togglePause(); // by the menu
    QTRY_COMPARE(m_bed->errors, QStringList{u"None of its times is to come. Say another when."_s});
}

QTEST_MAIN(TestSchedulesPage)
#include "tst_schedules_page.moc"
