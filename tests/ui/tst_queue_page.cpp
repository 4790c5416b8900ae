// The Queue dock against a whole node with sessions of the demo agent: what runs and waits, run now with and
// without a slot, stopping, caps; by keyboard too.
#include "core/viewmodel/project_context.h"
#include "tests/core/node/task_bed.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "ui/dialogs/at_capacity_dialog.h"
#include "ui/docks/queue/pool_panel.h"
#include "ui/docks/queue/queue_page.h"
#include "ui/docks/queue/task_panel.h"

#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace muster;
using namespace muster::testing;

class TestQueuePage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void init();
    void cleanup();
    void emptyAtFirst();
    void tellsWhatRunsAndWaits();
    void atCapacityItAsks();
    void runAnywayIsConfirmedAndNoted();
    void stopAndCancelByKeyboard();
    void capsAreChanged();
    void aPartAlone();
    void enterLeadsToTheRun();

private:
    [[nodiscard]] ListView *tasks() const
    {
        return namedIn<ListView>(m_page.get(), u"Running and waiting"_s);
    }
    [[nodiscard]] int rows() const { return tasks()->model()->rowCount(); }
    [[nodiscard]] TaskId taskAt(int row) const
    {
        return TaskId{tasks()->model()->index(row, 0).data(QueueModel::IdRole).toLongLong()};
    }
    void choose(int row) const { tasks()->setCurrentIndex(tasks()->model()->index(row, 0)); }
    [[nodiscard]] AtCapacityDialog *asking() const { return m_page->findChild<AtCapacityDialog *>(); }
    [[nodiscard]] QPushButton *button(const QString &text) const { return buttonIn(m_page.get(), text); }
    [[nodiscard]] QToolButton *view(const QString &text) const
    {
        const auto all = m_page->findChildren<QToolButton *>();
        const auto found =
            std::ranges::find_if(all, [&](const QToolButton *each) { return each->text().startsWith(text); });
        return found == all.end() ? nullptr : *found;
    }
    // One that runs until it is stopped, and one that waits for its slot.
    void startTwo()
    {
        m_runs = m_bed->start(u"@@stall say hello"_s, {.title = u"Long one"_s, .maxSteps = 40});
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, patienceMs);
        m_waits = m_bed->start(u"@@stall say hello"_s, {.title = u"Next one"_s});
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_bed->task(m_runs).status, TaskStatus::Running, patienceMs);
    }

    Theme m_theme;
    std::unique_ptr<TaskBed> m_bed;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<QueuePage> m_page;
    TaskId m_runs;
    TaskId m_waits;
};

void TestQueuePage::init()
{
    m_bed = std::make_unique<TaskBed>();
    m_feed = std::make_unique<NodeFeed>(&m_bed->node.api());
    m_context = std::make_unique<ProjectContext>(&m_bed->node.api());
    m_context->open(m_bed->path({}));
    QTRY_VERIFY(m_context->isOpen());
    m_page = std::make_unique<QueuePage>(m_feed.get(), m_context.get(), nullptr, &m_theme);
    m_page->resize(1000, 360);
    m_page->setVisible(true);
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
}

void TestQueuePage::cleanup()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_bed.reset();
}

void TestQueuePage::emptyAtFirst()
{
    const auto says = [this] {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [](const QLabel *label) {
            return label->isVisible() && label->text() == u"Nothing runs or waits"_s;
        });
    };
    QTRY_VERIFY(says());
    QVERIFY(!tasks()->isVisible());
    QVERIFY(m_page->focusTarget()->isVisible());
    view(u"Pools"_s)->click();
    QTRY_VERIFY(namedIn<ListView>(m_page.get(), u"Pools"_s)->isVisible());
}

void TestQueuePage::tellsWhatRunsAndWaits()
{
    startTwo();
    QCOMPARE(taskAt(0), m_runs);
    QCOMPARE(taskAt(1), m_waits);
    QTRY_COMPARE(view(u"Running"_s)->text(), u"Running (1)"_s);
    QCOMPARE(view(u"Waiting"_s)->text(), u"Waiting (1)"_s);
    const auto said = [this](int row) {
        return tasks()->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
    };
    QTRY_VERIFY2(said(0).startsWith(u"Long one, Running, "_s) && said(0).contains(u"of 40 step"_s),
                 qPrintable(said(0)));
    QVERIFY2(said(1).startsWith(u"Next one, Queued, "_s) &&
                 said(1).contains(u"waits for a slot of “scheduled”"_s),
             qPrintable(said(1)));
    choose(1);
    QVERIFY(button(u"Run now"_s)->isVisible());
    QCOMPARE(namelessControls(m_page.get()).join(u' '), QString());
    // It begins when the other one has ended, and stays the chosen one.
    QVERIFY(m_bed->node.submit(api::CancelTask{.task = m_runs}));
    QTRY_VERIFY_WITH_TIMEOUT(rows() == 1 && taskAt(0) == m_waits &&
                                 !tasks()->model()->index(0, 0).data(QueueModel::WaitsRole).toBool(),
                             patienceMs);
    QCOMPARE(tasks()->currentIndex().row(), 0);
    QTRY_VERIFY(!button(u"Run now"_s)->isVisible());
}

void TestQueuePage::atCapacityItAsks()
{
    startTwo();
    choose(1);
    tasks()->setFocus();
    QTest::keyClick(tasks(), Qt::Key_R);
    QTRY_VERIFY_WITH_TIMEOUT(asking(), patienceMs);
    QVERIFY(asking()->windowTitle().contains(u"Next one"_s));
    QVERIFY2(
        shownIn(asking(), u"heading"_s).startsWith(u"At capacity: a slot of “scheduled” frees in about"_s),
        qPrintable(shownIn(asking(), u"heading"_s)));
    takePictures(*asking(), m_theme, u"queue-at-capacity"_s);
    QTest::keyClick(asking(), Qt::Key_Return); // to leave it in the queue is what Enter does
    QTRY_VERIFY(!asking());
    QCOMPARE(m_bed->task(m_waits).status, TaskStatus::Queued);
    QVERIFY(!m_bed->audited(u"manual_force_bypass"_s));
}

void TestQueuePage::runAnywayIsConfirmedAndNoted()
{
    startTwo();
    choose(1);
    button(u"Run now"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(asking(), patienceMs);
    buttonIn(asking(), u"Run anyway…"_s)->click();
    QVERIFY(!m_bed->audited(u"manual_force_bypass"_s));
    buttonIn(asking(), u"Run over the cap"_s)->click();
    QVERIFY(m_bed->becomes(m_waits, TaskStatus::Running));
    QCOMPARE(m_bed->audited(u"manual_force_bypass"_s)->refs.task, m_waits);
    QTRY_COMPARE_WITH_TIMEOUT(view(u"Running"_s)->text(), u"Running (2)"_s, patienceMs);
}

void TestQueuePage::stopAndCancelByKeyboard()
{
    startTwo();
    tasks()->setFocus();
    choose(1);
    QTest::keyClick(tasks(), Qt::Key_Delete);
    QVERIFY(m_bed->becomes(m_waits, TaskStatus::Cancelled));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, patienceMs);
    QTRY_COMPARE(tasks()->currentIndex().row(), 0);
    button(u"Stop"_s)->click();
    QVERIFY(m_bed->becomes(m_runs, TaskStatus::Cancelled));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, patienceMs);
    QVERIFY(m_page->focusTarget()->isVisible());
}

void TestQueuePage::capsAreChanged()
{
    startTwo();
    view(u"Pools"_s)->click();
    auto *pools = namedIn<ListView>(m_page.get(), u"Pools"_s);
    const auto select = [&](const QString &name) {
        for (int row = 0; row < pools->model()->rowCount(); ++row) {
            if (pools->model()->index(row, 0).data().toString() == name)
                pools->setCurrentIndex(pools->model()->index(row, 0));
        }
    };
    QTRY_VERIFY(pools->model()->rowCount() >= 4);
    select(u"chat"_s);
    auto *number = namedIn<QSpinBox>(m_page.get(), u"Tasks at once"_s);
    QVERIFY(!number->isVisible()); // a chat waits for no slot
    select(u"scheduled"_s);
    QTRY_VERIFY(number->isVisible());
    QCOMPARE(number->value(), 1);
    QVERIFY(!button(u"Set"_s)->isEnabled());
    takePictures(*m_page, m_theme, u"queue-pools"_s);
    number->setValue(2);
    button(u"Set"_s)->click();
    QVERIFY(m_bed->becomes(m_waits, TaskStatus::Running));
    QCOMPARE(m_bed->pool(u"scheduled"_s).cap, std::optional<int>(2));
    QTRY_VERIFY_WITH_TIMEOUT(!button(u"Set"_s)->isEnabled(), patienceMs);
    number->setValue(number->minimum());
    QCOMPARE(number->text(), u"no cap"_s);
    button(u"Set"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_bed->pool(u"scheduled"_s).cap, patienceMs);
}

void TestQueuePage::aPartAlone()
{
    startTwo();
    m_page->show(QueuePage::View::Running);
    QCOMPARE(rows(), 1);
    QCOMPARE(taskAt(0), m_runs);
    QVERIFY(view(u"Running"_s)->isChecked());
    view(u"Waiting"_s)->click();
    QCOMPARE(rows(), 1);
    QCOMPARE(taskAt(0), m_waits);
    view(u"All"_s)->click();
    QCOMPARE(rows(), 2);
}

void TestQueuePage::enterLeadsToTheRun()
{
    m_bed->put(u"flows/own.flow.yaml"_s,
               "muster: 1\nname: own\nsteps:\n  - { id: a, prompt: \"@@stall x\" }\n");
    const RunId run = m_bed->AgentBed::start();
    QVERIFY(run.isValid());
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, patienceMs);
    const QSignalSpy docks(m_context.get(), &ProjectContext::dockWanted);
    choose(0);
    QVERIFY(button(u"Show the run"_s)->isVisible());
    tasks()->setFocus();
    QTest::keyClick(tasks(), Qt::Key_Return);
    QCOMPARE(docks.size(), 1);
    QCOMPARE(m_context->run(), run);
    QVERIFY(m_bed->node.submit(api::CancelRun{.run = run}));
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, patienceMs);
}

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"
