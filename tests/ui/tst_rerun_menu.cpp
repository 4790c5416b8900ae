// Running again in the window: the menu says what is possible and why not, asks for what was chosen, and the
// run that follows says what it kept.
#include "core/node/api/wire.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/workflow/rerun_menu.h"
#include "ui/docks/workflow/run_header.h"
#include "ui/docks/workflow/workflow_page.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace muster;
using namespace Qt::StringLiterals;

class TestRerunMenu : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void cleanup();
    void saysWhatIsPossible_data();
    void saysWhatIsPossible();
    void asksForWhatWasChosen_data();
    void asksForWhatWasChosen();
    void anErrorIsSaid();
    void theRunSaysWhatItKept_data();
    void theRunSaysWhatItKept();

private:
    void openRun(const api::RunDetail &detail, const QSize &size);
    [[nodiscard]] RerunMenu *openMenu(const QString &step);
    [[nodiscard]] static api::StepInfo step(const QString &id, StepStatus status, int keptFrom = 0);
    [[nodiscard]] static api::RunDetail failedRun();
    [[nodiscard]] static api::RunDetail secondRun();
    [[nodiscard]] static std::vector<api::RerunChoice> choices();

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<WorkflowPage> m_page;
};

void TestRerunMenu::init()
{
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestRerunMenu::cleanup()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node.reset();
}

api::StepInfo TestRerunMenu::step(const QString &id, StepStatus status, int keptFrom)
{
    api::StepInfo info;
    info.id = StepRunId{id.front().unicode()}; // each begins with another letter
    info.run = RunId{5};
    info.stepId = id;
    info.kind = u"shell"_s;
    info.status = status;
    info.attempt = 1;
    info.output = u"What it printed.\n"_s;
    if (keptFrom > 0) {
        info.keptFrom = RunId{4};
        info.keptFromNumber = keptFrom;
    } else {
        info.startedAt = 1'700'000'010'000;
        info.endedAt = 1'700'000'050'000;
    }
    info.reason = hasFailed(status) ? std::optional(FailureReason::GateFailed) : std::nullopt;
    return info;
}

api::RunDetail TestRerunMenu::failedRun()
{
    api::RunDetail detail;
    detail.run = {.id = RunId{5},
                  .number = 3,
                  .flow = u"release"_s,
                  .projectId = ProjectId{1},
                  .status = RunStatus::Failed,
                  .reason = FailureReason::GateFailed,
                  .startedAt = 1'700'000'000'000,
                  .endedAt = 1'700'000'060'000,
                  .stepsTotal = 4,
                  .stepsSettled = 4};
    detail.steps = {step(u"build"_s, StepStatus::Completed), step(u"check"_s, StepStatus::Failed),
                    step(u"deliver"_s, StepStatus::Cancelled), step(u"tell"_s, StepStatus::Skipped)};
    return detail;
}

api::RunDetail TestRerunMenu::secondRun()
{
    api::RunDetail detail = failedRun();
    detail.run.number = 4;
    detail.run.status = RunStatus::Completed;
    detail.run.reason.reset();
    detail.run.rerunOf = RunId{4};
    detail.run.rerunOfNumber = 3;
    detail.run.rerunMode = RerunMode::Failed;
    detail.run.stepsKept = 3;
    detail.steps = {step(u"build"_s, StepStatus::Completed, 1), step(u"read"_s, StepStatus::Completed, 3),
                    step(u"skip-me"_s, StepStatus::Skipped, 3), step(u"check"_s, StepStatus::Completed),
                    step(u"deliver"_s, StepStatus::Completed)};
    return detail;
}

std::vector<api::RerunChoice> TestRerunMenu::choices()
{
    const auto refused = [](RerunMode mode, RerunRefusal why, const QString &detail) {
        return api::RerunChoice{.mode = mode,
                                .error = api::errorToJson(
                                    {.code = ErrorCode::Conflict, .detail = detail, .where = enumName(why)})};
    };
    const std::vector<api::RedoneStep> redone{
        {.step = u"check"_s, .why = RedoReason::Failed},
        {.step = u"deliver"_s, .why = RedoReason::Needs, .because = u"check"_s}};
    return {{.mode = RerunMode::Whole, .redone = redone},
            {.mode = RerunMode::From, .kept = {u"build"_s}, .redone = redone},
            {.mode = RerunMode::Failed, .kept = {u"build"_s, u"tell"_s}, .redone = redone},
            refused(RerunMode::Skip, RerunRefusal::DidNotFail, u"build"_s),
            refused(RerunMode::Edited, RerunRefusal::NothingToRedo, {})};
}

void TestRerunMenu::openRun(const api::RunDetail &detail, const QSize &size)
{
    m_node->details.insert(RunId{5}, detail);
    m_page = std::make_unique<WorkflowPage>(m_feed.get(), m_context.get(), &m_theme);
    m_context->setRun(RunId{5});
    m_page->resize(size);
    m_page->show();
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_VERIFY(m_page->findChild<RunHeader *>()->isVisible());
}

RerunMenu *TestRerunMenu::openMenu(const QString &step)
{
    auto *tree = m_page->findChild<QTreeView *>();
    auto *menu = m_page->findChild<RerunMenu *>();
    tree->setCurrentIndex(m_page->model().indexOf(step, -1));
    menu->popup(m_page->mapToGlobal(QPoint(20, 20)));
    return menu;
}

void TestRerunMenu::saysWhatIsPossible_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<QList<bool>>("possible");
    QTest::newRow("of a step") << u"build"_s << QList<bool>{true, true, true, false, false};
    QTest::newRow("without one") << QString() << QList<bool>{true, false, true, false, false};
}

void TestRerunMenu::saysWhatIsPossible()
{
    QFETCH(QString, step);
    QFETCH(QList<bool>, possible);
    m_node->rerunChoices = choices();
    openRun(failedRun(), {900, 560});
    const auto buttons = m_page->findChildren<QPushButton *>();
    const auto button =
        std::ranges::find_if(buttons, [](QPushButton *one) { return one->menu() != nullptr; });
    QVERIFY(button != buttons.end());
    QVERIFY((*button)->isVisible());
    QCOMPARE((*button)->menu(), m_page->findChild<RerunMenu *>());
    RerunMenu *menu = openMenu(step);
    if (step.isEmpty())
        menu->setTarget(RunId{5}, {});
    const QList<QAction *> actions = menu->actions();
    QCOMPARE(actions.size(), 5);
    QVERIFY(!actions.front()->isEnabled()); // before the node has answered
    QTRY_VERIFY(actions.front()->isEnabled());
    for (qsizetype i = 0; i < actions.size(); ++i) {
        QCOMPARE(actions.at(i)->isEnabled(), possible.at(i));
        QVERIFY(!actions.at(i)->toolTip().isEmpty());
    }
    QVERIFY(menu->toolTipsVisible());
    QCOMPARE(actions.at(1)->text(), step.isEmpty() ? u"&From the selected step"_s : u"&From build"_s);
    QVERIFY2(actions.at(2)->toolTip().contains(u"deliver: needs check"_s),
             qPrintable(actions.at(2)->toolTip()));
    QVERIFY2(actions.at(4)->toolTip().contains(u"nothing to do anew"_s),
             qPrintable(actions.at(4)->toolTip()));
    testing::takePictures(*menu, m_theme, u"rerun-menu"_s);
    menu->close();
}

void TestRerunMenu::asksForWhatWasChosen_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<RerunMode>("mode");
    QTest::addColumn<QString>("step");
    QTest::newRow("whole") << 0 << RerunMode::Whole << QString();
    QTest::newRow("from") << 1 << RerunMode::From << u"build"_s;
    QTest::newRow("failed") << 2 << RerunMode::Failed << QString();
}

void TestRerunMenu::asksForWhatWasChosen()
{
    QFETCH(int, row);
    QFETCH(RerunMode, mode);
    QFETCH(QString, step);
    m_node->rerunChoices = choices();
    openRun(failedRun(), {900, 560});
    const QSignalSpy wanted(m_page.get(), &WorkflowPage::rerunWanted);
    RerunMenu *menu = openMenu(u"build"_s);
    QAction *action = menu->actions().at(row);
    QTRY_VERIFY(action->isEnabled());
    menu->setActiveAction(action);
    QTest::keyClick(menu, Qt::Key_Return);
    QCOMPARE(wanted.count(), 1);
    const auto ask = wanted.front().front().value<api::RerunRun>();
    QCOMPARE(ask.run, RunId{5});
    QCOMPARE(ask.mode, mode);
    QCOMPARE(ask.step, step);
}

void TestRerunMenu::anErrorIsSaid()
{
    m_node->rerunChoices.clear();
    openRun(failedRun(), {900, 560});
    RerunMenu menu(m_node.get());
    menu.setTarget(RunId{99}, u"build"_s);
    m_node->setLink(api::LinkState::Lost);
    menu.popup({});
    QTRY_VERIFY(!menu.actions().front()->isEnabled());
    QVERIFY(!menu.actions().front()->toolTip().isEmpty());
    menu.close();
}

void TestRerunMenu::theRunSaysWhatItKept_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("wide") << QSize(1100, 620);
    QTest::newRow("narrow") << QSize(460, 760);
}

void TestRerunMenu::theRunSaysWhatItKept()
{
    QFETCH(QSize, size);
    openRun(secondRun(), size);
    const auto *header = m_page->findChild<RunHeader *>();
    QStringList said;
    for (const QLabel *label : header->findChildren<QLabel *>())
        said += label->text();
    QVERIFY2(!said.filter(u"Again from #3 (only what failed), 3 step"_s).isEmpty(),
             qPrintable(said.join(u'\n')));
    auto *earlier = header->findChild<QToolButton *>();
    QVERIFY(earlier->isVisible());
    QCOMPARE(earlier->text(), u"Show #3"_s);
    RunModel &model = m_page->model();
    QCOMPARE(model.statusText(model.indexOf(u"build"_s, -1)), u"Completed (kept from #1)"_s);
    QCOMPARE(model.statusText(model.indexOf(u"skip-me"_s, -1)), u"Skipped (kept from #3)"_s);
    QCOMPARE(model.statusText(model.indexOf(u"check"_s, -1)), u"Completed"_s);
    QVERIFY(model.indexOf(u"build"_s, -1).data(RunModel::KeptRole).toBool());
    m_page->findChild<QTreeView *>()->setCurrentIndex(model.indexOf(u"build"_s, -1));
    testing::takePictures(*m_page, m_theme, u"rerun-page-"_s + QString::number(size.width()));
    QTest::mouseClick(earlier, Qt::LeftButton);
    QCOMPARE(m_context->run(), RunId{4});
}

QTEST_MAIN(TestRerunMenu)
#include "tst_rerun_menu.moc"
