// A run that starts others, and one that is part of another: each leads to the other, in the page of the run
// and in the navigator.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/navigator/navigator_page.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/widgets/list_view.h"

#include <QPushButton>
#include <QTest>
#include <QTreeView>

using namespace muster;
using namespace Qt::StringLiterals;

class TestRunParts : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void cleanup();
    void leadToEachOther();
    void standBelowInTheNavigator();

private:
    [[nodiscard]] static api::RunInfo run(qint64 id, const QString &flow);
    [[nodiscard]] static api::StepInfo step(qint64 id, const QString &name, const QString &kind);
    [[nodiscard]] QPushButton *button(const QString &text) const;
    void show(DockPage *page, const QSize &size);

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<DockPage> m_page;
};

api::RunInfo TestRunParts::run(qint64 id, const QString &flow)
{
    return {.id = RunId{id},
            .number = static_cast<int>(id),
            .flow = flow,
            .projectId = ProjectId{1},
            .project = u"/p"_s,
            .status = RunStatus::Running,
            .startedAt = 1'700'000'000'000,
            .stepsTotal = 2};
}

api::StepInfo TestRunParts::step(qint64 id, const QString &name, const QString &kind)
{
    api::StepInfo info;
    info.id = StepRunId{id};
    info.stepId = name;
    info.kind = kind;
    info.status = StepStatus::Running;
    info.attempt = 1;
    info.startedAt = 1'700'000'000'000;
    return info;
}

void TestRunParts::init()
{
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer.refs.project = ProjectId{1};
    api::RunDetail whole{.run = run(5, u"survey"_s)};
    whole.steps = {step(1, u"explore"_s, u"flow"_s), step(2, u"join"_s, u"merge"_s)};
    whole.steps[0].child = RunId{6};
    whole.steps[0].childNumber = 6;
    whole.steps[0].childFlow = u"explore"_s;
    whole.steps[1].status = StepStatus::Pending;
    api::RunDetail part{.run = run(6, u"explore"_s)};
    part.run.parent = RunId{5};
    part.run.parentNumber = 5;
    part.run.parentFlow = u"survey"_s;
    part.run.parentStep = u"explore"_s;
    part.steps = {step(3, u"look"_s, u"agent"_s)};
    m_node->details.insert(RunId{5}, whole);
    m_node->details.insert(RunId{6}, part);
    m_node->runs = {part.run, whole.run};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestRunParts::cleanup()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node.reset();
}

QPushButton *TestRunParts::button(const QString &text) const
{
    const auto all = m_page->findChildren<QPushButton *>();
    const auto found = std::ranges::find_if(
        all, [&](const QPushButton *one) { return one->isVisible() && one->text() == text; });
    return found == all.end() ? nullptr : *found;
}

void TestRunParts::show(DockPage *page, const QSize &size)
{
    m_page.reset(page);
    page->resize(size);
    page->show();
    page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(page));
}

void TestRunParts::leadToEachOther()
{
    m_context->setRun(RunId{5});
    show(new WorkflowPage(m_feed.get(), m_context.get(), &m_theme), {900, 600});
    auto *tree = m_page->findChild<QTreeView *>();
    QTRY_VERIFY(tree->model()->rowCount() == 2);
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QTRY_VERIFY(button(u"Show explore #6"_s));
    QCOMPARE(tree->model()->index(0, RunModel::StatusColumn).data().toString(), u"Runs explore #6"_s);
    QVERIFY(!button(u"Part of survey #5 · step explore"_s));
    testing::takePictures(*m_page, m_theme, u"run-whole"_s);
    button(u"Show explore #6"_s)->click();
    QCOMPARE(m_context->run(), RunId{6});
    QTRY_VERIFY(button(u"Part of survey #5 · step explore"_s));
    QVERIFY(!button(u"Show explore #6"_s));
    testing::takePictures(*m_page, m_theme, u"run-part"_s);
    m_page->resize(340, 600);
    testing::takePictures(*m_page, m_theme, u"run-part-narrow"_s);
    button(u"Part of survey #5 · step explore"_s)->click();
    QCOMPARE(m_context->run(), RunId{5});
}

void TestRunParts::standBelowInTheNavigator()
{
    show(new NavigatorPage(m_feed.get(), m_context.get(), &m_theme), {300, 700});
    const auto lists = m_page->findChildren<ListView *>();
    const auto runs = std::ranges::find(lists, u"Runs"_s, &QWidget::accessibleName);
    QVERIFY(runs != lists.end());
    QTRY_COMPARE((*runs)->model()->rowCount(), 2);
    QCOMPARE((*runs)->model()->index(0, 0).data().toString(), u"survey #5"_s);
    QCOMPARE((*runs)->model()->index(1, 0).data().toString(), u"explore #6"_s);
    testing::takePictures(*m_page, m_theme, u"navigator-parts"_s);
}

QTEST_MAIN(TestRunParts)
#include "tst_run_parts.moc"
