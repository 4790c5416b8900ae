// The run as a graph in the Workflow page: its steps with how they stand, chosen together with the list, by
// keyboard too; loops and groups with their steps; remembered; and of what the run ran, not of the file.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/workflow/item_list.h"
#include "ui/docks/workflow/rerun_menu.h"
#include "ui/docks/workflow/run_view_bar.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/shell/window_settings.h"
#include "ui/widgets/flow_graph_painter.h"
#include "ui/widgets/flow_graph_view.h"

#include <QAbstractItemModelTester>
#include <QContextMenuEvent>
#include <QPainterPath>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace muster;
using namespace Qt::StringLiterals;

class TestRunGraph : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void cleanup();
    void showsHowTheStepsStand();
    void choosesWithTheList();
    void isReachedByKeyboard();
    void itemsAreReachedFromTheGraph();
    void enteredItemsStay();
    void contextMenuRunsAgain();
    void edgesTouchNoOtherBox();
    void isRemembered();
    void nestsLoopsAndGroups();
    void groupsStandWhereTheirStepsBegin();
    void noGroupIsChosenUnasked();
    void drawsWhatCannotBeReadAnyMore();
    void fitsWhateverTheSize();
    void drawsAnotherRun();

private:
    void open(WindowSettings *settings = nullptr);
    void showGraph();
    void tell();
    [[nodiscard]] QTreeView &tree() const { return *m_page->findChild<QTreeView *>(); }
    [[nodiscard]] FlowGraphView &graph() const { return *m_page->findChild<FlowGraphView *>(); }
    [[nodiscard]] RunViewBar &bar() const { return *m_page->findChild<RunViewBar *>(); }
    [[nodiscard]] QString chosenInList() const
    {
        const api::StepInfo *step = m_page->model().stepAt(tree().currentIndex());
        return step ? step->stepId : QString();
    }

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<WorkflowPage> m_page;
};

namespace {

constexpr RunId run{5};

api::StepInfo step(const QString &id, const QString &kind, StepStatus status, int item = -1)
{
    static qint64 next = 1;
    return {.id = StepRunId{next++},
            .run = run,
            .stepId = id,
            .index = item,
            .label = item < 0 ? QString() : u"src/part_%1"_s.arg(item),
            .kind = kind,
            .status = status,
            .attempt = 1,
            .startedAt = 1'700'000'000'000};
}

// plan > each (a foreach) > mend (a loop of work > check) > [look, read] (a group) > sides
api::RunDetail detail()
{
    api::RunDetail all;
    all.run = {.id = run,
               .number = 5,
               .flow = u"mixed"_s,
               .projectId = ProjectId{1},
               .project = u"/p"_s,
               .status = RunStatus::Running,
               .startedAt = 1'700'000'000'000,
               .stepsTotal = 8};
    all.definition = u"name: mixed\n"_s;
    all.steps = {step(u"plan"_s, u"agent"_s, StepStatus::Completed),
                 step(u"each"_s, u"agent"_s, StepStatus::Running),
                 step(u"mend"_s, u"loop"_s, StepStatus::Pending),
                 step(u"work"_s, u"agent"_s, StepStatus::Pending),
                 step(u"check"_s, u"shell"_s, StepStatus::Pending),
                 step(u"look"_s, u"agent"_s, StepStatus::Pending),
                 step(u"read"_s, u"agent"_s, StepStatus::Failed),
                 step(u"sides"_s, u"group"_s, StepStatus::Pending)};
    for (int i = 0; i < 5; ++i)
        all.steps.push_back(step(u"each"_s, u"agent"_s,
                                 i < 2   ? StepStatus::Completed
                                 : i < 4 ? StepStatus::Running
                                         : StepStatus::Ready,
                                 i));
    return all;
}

api::FlowCheckInfo flow()
{
    api::FlowCheckInfo info{.name = u"mixed"_s};
    const auto add = [&](const QString &id, const QString &kind, const QStringList &needs) {
        info.steps.push_back({.id = id, .kind = kind, .needs = needs});
        return &info.steps.back();
    };
    add(u"plan"_s, u"agent"_s, {});
    add(u"each"_s, u"agent"_s, {u"plan"_s})->foreach = true;
    add(u"mend"_s, u"loop"_s, {u"each"_s});
    add(u"work"_s, u"agent"_s, {})->loop = u"mend"_s;
    add(u"check"_s, u"shell"_s, {u"work"_s})->loop = u"mend"_s;
    add(u"look"_s, u"agent"_s, {u"mend"_s});
    add(u"read"_s, u"agent"_s, {u"mend"_s});
    add(u"sides"_s, u"group"_s, {u"look"_s, u"read"_s});
    return info;
}

} // namespace

void TestRunGraph::init()
{
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_node->details.insert(run, detail());
    m_node->flowCheck = flow();
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestRunGraph::cleanup()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node.reset();
}

void TestRunGraph::open(WindowSettings *settings)
{
    m_context->setRun(run);
    m_page = std::make_unique<WorkflowPage>(m_feed.get(), m_context.get(), &m_theme, settings);
    m_page->resize(1200, 900);
    m_page->show();
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_VERIFY(!graph().graph().steps.empty());
}

void TestRunGraph::showGraph()
{
    bar().choose(RunViewBar::Graph);
    QVERIFY(graph().isVisible());
    QVERIFY(!tree().isVisible());
}

void TestRunGraph::tell()
{
    QSignalSpy told(&m_page->model(), &RunModel::detailChanged);
    m_node->touch(u"step.finished"_s, {.run = run});
    QVERIFY(told.wait());
}

void TestRunGraph::showsHowTheStepsStand()
{
    open();
    showGraph();
    QCOMPARE(graph().statuses().size(), 8); // items are within their step
    QCOMPARE(graph().statuses().value(u"plan"_s), StepStatus::Completed);
    QCOMPARE(graph().statuses().value(u"read"_s), StepStatus::Failed);
    QTest::mouseClick(graph().viewport(), Qt::LeftButton, {}, graph().rectOf(u"each"_s).center());
    QCOMPARE(graph().accessibleDescription(),
             u"each: agent for each item, needs plan; 2 of 5 done, 2 at work"_s);
    testing::takePictures(*m_page, m_theme, u"run-graph"_s);
    m_node->details[run].steps[8 + 2].status = StepStatus::Completed;
    tell();
    QCOMPARE(graph().accessibleDescription(),
             u"each: agent for each item, needs plan; 3 of 5 done, 1 at work"_s);
}

void TestRunGraph::choosesWithTheList()
{
    open();
    showGraph();
    QCOMPARE(graph().chosen(), u"read"_s); // what failed is looked at first
    QTest::mouseClick(graph().viewport(), Qt::LeftButton, {}, graph().rectOf(u"plan"_s).center());
    QCOMPARE(chosenInList(), u"plan"_s);
    tell();
    QCOMPARE(chosenInList(), u"plan"_s); // it stays with what the person chose
    bar().choose(RunViewBar::List);
    QVERIFY(tree().isVisible());
    tree().setCurrentIndex(m_page->model().indexOf(u"each"_s, 3));
    bar().choose(RunViewBar::Graph);
    QCOMPARE(graph().chosen(), u"each"_s);
    QTest::mouseClick(graph().viewport(), Qt::LeftButton, {}, graph().rectOf(u"each"_s).center());
    QCOMPARE(m_page->model().stepAt(tree().currentIndex())->index, 3);
}

void TestRunGraph::isReachedByKeyboard()
{
    open();
    m_page->toggleGraph();
    QCOMPARE(QApplication::focusWidget(), &graph());
    QCOMPARE(m_page->focusTarget(), &graph());
    graph().choose(u"plan"_s);
    QTest::keyClick(&graph(), Qt::Key_Down);
    QCOMPARE(chosenInList(), u"each"_s);
    m_page->toggleGraph();
    QCOMPARE(QApplication::focusWidget(), &tree());
    const auto buttons = bar().findChildren<QToolButton *>();
    QCOMPARE(buttons.size(), 5);
    for (const QToolButton *button : buttons) {
        QVERIFY(!button->accessibleName().isEmpty());
        QVERIFY((button->focusPolicy() & Qt::TabFocus) != 0);
        QCOMPARE(button->isVisible(), !button->text().isEmpty()); // what is only for the graph
    }
}

void TestRunGraph::itemsAreReachedFromTheGraph()
{
    m_node->details[run].steps[8 + 1].output = u"What was found."_s;
    open();
    showGraph();
    auto &items = *m_page->findChild<ItemList *>();
    graph().setFocus();
    QTest::mouseClick(graph().viewport(), Qt::LeftButton, {}, graph().rectOf(u"plan"_s).center());
    QVERIFY(!items.isVisible());
    QTest::keyClick(&graph(), Qt::Key_Return);
    QVERIFY(QApplication::focusWidget()->isVisible()); // what it wrote
    QVERIFY(QApplication::focusWidget() != &graph());
    graph().setFocus();
    QTest::keyClick(&graph(), Qt::Key_Down);
    QVERIFY(items.isVisible());
    QCOMPARE(items.model()->rowCount(items.rootIndex()), 5);
    testing::takePictures(*m_page, m_theme, u"run-graph-items"_s);
    QTest::keyClick(&graph(), Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget(), &items);
    QTest::keyClick(&items, Qt::Key_Down);
    QTest::keyClick(&items, Qt::Key_Return);
    QCOMPARE(m_page->model().stepAt(tree().currentIndex())->index, 1);
    QVERIFY(!items.isVisible());
    QCOMPARE(graph().chosen(), u"each"_s);
    // Whatever is told of the run, it stays; and Enter on the box leads back.
    tell();
    QVERIFY(!items.isVisible());
    graph().setFocus();
    QTest::keyClick(&graph(), Qt::Key_Return);
    QCOMPARE(m_page->model().stepAt(tree().currentIndex())->index, -1);
    QCOMPARE(QApplication::focusWidget(), &items);
}

// Who goes in by Enter stays there, though the page chose the box by itself and the run goes on.
void TestRunGraph::enteredItemsStay()
{
    for (api::StepInfo &step : m_node->details[run].steps) {
        if (step.status == StepStatus::Failed)
            step.status = StepStatus::Completed;
        else if (step.index == 3)
            step.status = StepStatus::Failed;
    }
    open();
    showGraph();
    auto &items = *m_page->findChild<ItemList *>();
    QCOMPARE(graph().chosen(), u"each"_s);
    QVERIFY(m_page->model().stepAt(tree().currentIndex())->index >= 0);
    graph().setFocus();
    QTest::keyClick(&graph(), Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget(), &items);
    tell();
    QVERIFY(items.isVisible());
    QCOMPARE(QApplication::focusWidget(), &items);
}

void TestRunGraph::contextMenuRunsAgain()
{
    open();
    showGraph();
    auto &menu = *m_page->findChild<RerunMenu *>();
    const QPoint plan = graph().rectOf(u"plan"_s).center();
    QTest::mousePress(graph().viewport(), Qt::RightButton, {}, plan);
    QCOMPARE(chosenInList(), u"plan"_s);
    const auto ask = [&](QWidget *viewport, QPoint at) {
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, viewport->mapToGlobal(at));
        QCoreApplication::sendEvent(viewport, &event);
        auto *open = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        const bool isIn = open && open->actions().contains(menu.menuAction());
        if (open)
            open->close();
        return isIn;
    };
    QVERIFY(ask(graph().viewport(), plan));
    const QPoint beside = graph().viewport()->rect().bottomRight() - QPoint(2, 2);
    QVERIFY(!ask(graph().viewport(), beside));
    bar().choose(RunViewBar::List);
    QVERIFY(ask(tree().viewport(), plan));
    QVERIFY(!ask(tree().viewport(), tree().viewport()->rect().bottomRight() - QPoint(2, 2)));
}

// Graphs by chance: steps that need up to three of those before them.
void TestRunGraph::edgesTouchNoOtherBox()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 60; ++round) {
        api::FlowCheckInfo flow;
        for (int i = 0; i < 12; ++i) {
            QStringList needs;
            for (int need = random.bounded(4); need > 0 && i > 0; --need)
                needs += u"s%1"_s.arg(random.bounded(i));
            needs.removeDuplicates();
            flow.steps.push_back({.id = u"s%1"_s.arg(i), .kind = u"agent"_s, .needs = needs});
        }
        const FlowGraph graph = flowGraphOf(flow);
        const FlowGraphPainter drawing(graph, 1);
        for (size_t edge = 0; edge < graph.edges.size(); ++edge) {
            const QPainterPath path = drawing.pathOf(edge);
            for (int at = 0; at <= 100; ++at) {
                const QPointF point = path.pointAtPercent(at / 100.0);
                for (int step = 0; step < std::ssize(graph.steps); ++step)
                    QVERIFY2(!drawing.boxOf(step).adjusted(1, 1, -1, -1).contains(point),
                             qPrintable(u"round %1, edge %2, box %3"_s.arg(round).arg(edge).arg(step)));
            }
        }
    }
}

void TestRunGraph::isRemembered()
{
    WindowSettings settings{{}};
    open(&settings);
    QVERIFY(tree().isVisible());
    showGraph();
    m_page.reset();
    open(&settings);
    QVERIFY(graph().isVisible());
    QCOMPARE(bar().view(), RunViewBar::Graph);
    QTRY_COMPARE(graph().statuses().size(), 8);
}

void TestRunGraph::nestsLoopsAndGroups()
{
    open();
    RunModel &model = m_page->model();
    const QAbstractItemModelTester tester(&model);
    QTRY_COMPARE(model.rowCount(), 4);
    const QModelIndex mend = model.indexOf(u"mend"_s, -1);
    QCOMPARE(model.rowCount(mend), 2);
    QCOMPARE(model.index(1, 0, mend).data().toString(), u"check"_s);
    QCOMPARE(model.index(3, 0).data().toString(), u"sides"_s);
    const QModelIndex read = model.indexOf(u"read"_s, -1);
    QCOMPARE(model.stepAt(read.parent())->stepId, u"sides"_s);
    QCOMPARE(model.rowCount(read), 0);
    QVERIFY(tree().isExpanded(mend));
    QCOMPARE(chosenInList(), u"read"_s); // through the change of the rows
    QCOMPARE(model.mostInteresting(), read);
    // More items of a step that stands before them.
    m_node->details[run].steps.push_back(step(u"each"_s, u"agent"_s, StepStatus::Ready, 5));
    tell();
    QCOMPARE(model.rowCount(model.indexOf(u"each"_s, -1)), 6);
    QCOMPARE(model.index(0, 0, model.indexOf(u"mend"_s, -1)).data().toString(), u"work"_s);
}

void TestRunGraph::groupsStandWhereTheirStepsBegin()
{
    // As in the built-in review: the group is the last that the run tells of, and what it wrote is not read.
    api::RunDetail &all = m_node->details[run];
    all.steps = {step(u"look"_s, u"agent"_s, StepStatus::Completed),
                 step(u"read"_s, u"agent"_s, StepStatus::Completed),
                 step(u"write"_s, u"agent"_s, StepStatus::Completed),
                 step(u"sides"_s, u"group"_s, StepStatus::Completed),
                 step(u"write"_s, u"agent"_s, StepStatus::Completed, 0),
                 step(u"write"_s, u"agent"_s, StepStatus::Failed, 1)};
    open();
    RunModel &model = m_page->model();
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, 0).data().toString(), u"sides"_s);
    QCOMPARE(model.index(1, 0).data().toString(), u"write"_s);
    QCOMPARE(model.statusText(model.index(1, 0)), u"Completed, 1 of 2"_s);
    QVERIFY(model.mostInteresting() != model.index(0, 0));
    all.steps.resize(4);
    all.steps.push_back(step(u"gate"_s, u"shell"_s, StepStatus::Skipped)); // it did nothing that is looked at
    tell();
    QCOMPARE(model.mostInteresting(), model.index(1, 0));
}

// Nothing more is told of a run that has ended: what is in the group is known only after the first choice.
void TestRunGraph::noGroupIsChosenUnasked()
{
    api::RunDetail &all = m_node->details[run];
    all.run.status = RunStatus::Completed;
    all.steps = {step(u"look"_s, u"agent"_s, StepStatus::Completed),
                 step(u"read"_s, u"agent"_s, StepStatus::Completed),
                 step(u"write"_s, u"agent"_s, StepStatus::Completed),
                 step(u"sides"_s, u"group"_s, StepStatus::Completed)};
    open();
    QTRY_COMPARE(m_page->model().rowCount(), 2);
    QCOMPARE(chosenInList(), u"write"_s);
}

void TestRunGraph::drawsWhatCannotBeReadAnyMore()
{
    m_node->flowCheck = {.problems = {{.code = u"unknown_flow"_s}}};
    m_node->details[run].steps[1].needs = {u"plan"_s};
    open();
    QCOMPARE(graph().graph().steps.size(), 8U);
    QCOMPARE(graph().graph().edges.size(), 1U);
}

void TestRunGraph::fitsWhateverTheSize()
{
    open();
    showGraph();
    const QRect before = graph().rectOf(u"plan"_s);
    m_page->resize(1200, 500);
    QTRY_VERIFY(graph().rectOf(u"plan"_s).width() < before.width());
    graph().zoom(2);
    const QSize zoomed = graph().rectOf(u"plan"_s).size();
    m_page->resize(1200, 900);
    QCOMPARE(graph().rectOf(u"plan"_s).size(), zoomed); // the person's own choice stays
}

void TestRunGraph::drawsAnotherRun()
{
    constexpr RunId other{6};
    api::RunDetail small{.run = {.id = other, .flow = u"small"_s, .project = u"/p"_s}};
    small.definition = u"name: small\n"_s;
    small.steps = {step(u"only"_s, u"agent"_s, StepStatus::Completed)};
    m_node->details.insert(other, small);
    open();
    showGraph();
    m_node->flowCheck = {.name = u"small"_s, .steps = {{.id = u"only"_s, .kind = u"agent"_s}}};
    m_context->setRun(other);
    QTRY_COMPARE(graph().graph().steps.size(), 1U);
    QTRY_COMPARE(graph().statuses().size(), 1);
    QTRY_COMPARE(graph().chosen(), u"only"_s);
    m_node->flowCheck = flow();
    m_context->setRun(run);
    QTRY_COMPARE(graph().graph().steps.size(), 8U);
}

QTEST_MAIN(TestRunGraph)
#include "tst_run_graph.moc"
