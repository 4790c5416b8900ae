// The built-in flows as a person sees them in the window: each is run with the demo agent by a real node and
// shown whole, as a list and as a graph; so are the editor and the dialog that starts one. With
// MUSTER_SHOTS=DIR it leaves pictures of all of them: light and dark, narrow and wide; QT_SCALE_FACTOR=2
// gives those of a dense screen.
#include "app/translations.h"
#include "app/window/window_session.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/e2e/node_client.h"
#include "tests/ui/page_pictures.h"
#include "ui/dialogs/preflight_panel.h"
#include "ui/dialogs/start_run_dialog.h"
#include "ui/docks/editor/flow_editor_page.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/flow_graph_view.h"

#include <QLabel>
#include <QTreeView>

using namespace muster;
using namespace muster::e2e;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

const QStringList builtIn{u"survey"_s, u"review"_s, u"fix"_s, u"research"_s, u"implement"_s, u"triage"_s};
constexpr std::array sizes{QSize(900, 700), QSize(1280, 800), QSize(1920, 1080)};

} // namespace

class TestFlowPictures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void runs_data();
    void runs();
    void editor_data() { runs_data(); }
    void editor();
    void start_data() { runs_data(); }
    void start();
    void nothingYet();
    void cleanupTestCase();

private:
    [[nodiscard]] app::WindowSession &open();
    void take(const QString &name) const;
    void resizeTo(QSize size) const;

    MusterHome m_home;
    std::unique_ptr<NodeClient> m_client;
    std::unique_ptr<app::WindowSession> m_session;
    QString m_project;
    QHash<QString, RunId> m_runs;
};

void TestFlowPictures::initTestCase()
{
    hushOffscreen();
    app::loadTranslations();
    m_home.startNode();
    QVERIFY(m_home.waitUntilReady());
    for (const QString &flow : builtIn) {
        QStringList arguments{u"run"_s, flow, u"--demo"_s, u"--yes"_s};
        if (flow == "implement"_L1)
            arguments += {u"--input"_s, u"check=make test"_s};
        const Finished run = m_home.muster(arguments);
        QVERIFY2(run.exitCode == 0, run.tail().constData());
    }
    m_client = std::make_unique<NodeClient>(m_home);
    const auto runs = m_client->query(api::ListRuns{});
    QVERIFY(runs);
    for (const api::RunInfo &run : *runs) {
        m_runs.insert(run.flow, run.id);
        m_project = run.project;
    }
    // One that waits for its person.
    const auto waits = m_client->submit(api::StartRun{.project = m_project, .flow = u"survey"_s});
    QVERIFY(waits);
    m_runs[u"survey"_s] = waits->refs.run;
    const auto isAsking = [&] {
        const auto detail = m_client->query(api::GetRun{.run = waits->refs.run});
        return detail && detail->run.waitingForYou > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isAsking(), patienceMs);
}

app::WindowSession &TestFlowPictures::open()
{
    m_session.reset();
    m_session = std::make_unique<app::WindowSession>(
        &m_client->api(), app::SessionOptions{.theme = u"light"_s, .project = m_project});
    m_session->open();
    (void)QTest::qWaitFor([this] { return m_session->context().isOpen(); }, patienceMs);
    return *m_session;
}

void TestFlowPictures::resizeTo(QSize size) const
{
    MainWindow &window = m_session->window();
    window.resize(size);
    // The docks take their shares of the new size.
    const QWidget *navigator = window.docks().page(u"navigator"_s);
    QTRY_VERIFY(window.size() == size && navigator->width() < window.width() * 2 / 5);
}

void TestFlowPictures::take(const QString &name) const
{
    Theme theme;
    MainWindow &window = m_session->window();
    for (const QSize size : sizes) {
        resizeTo(size);
        takePictures(window, theme, name + u'-' + QString::number(size.width()));
    }
}

void TestFlowPictures::runs_data()
{
    QTest::addColumn<QString>("flow");
    for (const QString &flow : builtIn)
        QTest::newRow(qPrintable(flow)) << flow;
}

void TestFlowPictures::runs()
{
    QFETCH(QString, flow);
    MainWindow &window = open().window();
    m_session->context().setRun(m_runs.value(flow));
    window.docks().open(u"workflow"_s);
    auto *page = qobject_cast<WorkflowPage *>(window.docks().page(u"workflow"_s));
    QVERIFY(page);
    auto *graph = page->findChild<FlowGraphView *>();
    QTRY_VERIFY_WITH_TIMEOUT(!graph->graph().steps.empty(), patienceMs);
    QCOMPARE(isSettled(page->model().run().status), flow != "survey"_L1);
    QStringList rows;
    for (const api::StepInfo &step : page->model().detail().steps) {
        QVERIFY2(page->model().indexOf(step.stepId, step.index).isValid(), qPrintable(step.stepId));
        if (step.index < 0)
            rows += step.stepId;
    }
    take(flow + u"-list"_s);
    page->toggleGraph();
    QTRY_VERIFY(graph->isVisible());
    QList<QRect> boxes;
    for (const QString &step : std::as_const(rows)) {
        const QRect box = graph->rectOf(step);
        QVERIFY2(!box.isEmpty(), qPrintable(step));
        QVERIFY2(!std::ranges::any_of(boxes, [&](const QRect &other) { return box.intersects(other); }),
                 qPrintable(step));
        boxes += box;
    }
    QCOMPARE(std::ssize(graph->graph().steps), rows.size());
    take(flow + u"-graph"_s);
    resizeTo({1360, 1010});
    Theme theme;
    takePictures(*page, theme, flow + u"-page"_s);
}

void TestFlowPictures::editor()
{
    QFETCH(QString, flow);
    MainWindow &window = open().window();
    window.docks().open(u"editor"_s);
    auto *editor = qobject_cast<FlowEditorPage *>(window.docks().page(u"editor"_s));
    QVERIFY(editor);
    editor->edit(flow);
    auto *graph = editor->findChild<FlowGraphView *>();
    QTRY_VERIFY_WITH_TIMEOUT(!graph->graph().steps.empty(), patienceMs);
    take(flow + u"-editor"_s);
    resizeTo({1360, 1010});
    Theme theme;
    takePictures(*editor, theme, flow + u"-editor-page"_s);
}

void TestFlowPictures::start()
{
    QFETCH(QString, flow);
    MainWindow &window = open().window();
    window.resize(sizes[1]);
    window.startRun(flow);
    QTRY_VERIFY(window.findChild<StartRunDialog *>());
    auto *dialog = window.findChild<StartRunDialog *>();
    auto *panel = dialog->findChild<PreflightPanel *>();
    QTRY_VERIFY_WITH_TIMEOUT(panel->isVisible(), patienceMs);
    Theme theme;
    takePictures(*dialog, theme, flow + u"-start"_s);
    dialog->resize(dialog->minimumSize());
    takePictures(*dialog, theme, flow + u"-start-narrow"_s);
}

void TestFlowPictures::nothingYet()
{
    MainWindow &window = open().window();
    window.docks().open(u"workflow"_s);
    auto *page = qobject_cast<WorkflowPage *>(window.docks().page(u"workflow"_s));
    QVERIFY(page);
    m_session->context().setRun({});
    QTRY_VERIFY(!page->findChild<QTreeView *>()->isVisible());
    const auto isLoading = [&window] {
        const auto labels = window.findChildren<QLabel *>();
        return std::ranges::any_of(
            labels, [](const QLabel *label) { return label->isVisible() && label->text().endsWith(u'…'); });
    };
    QTRY_VERIFY(!isLoading());
    take(u"empty"_s);
}

void TestFlowPictures::cleanupTestCase()
{
    m_session.reset();
    m_client.reset();
    QVERIFY(m_home.stopNode());
}

QTEST_MAIN(TestFlowPictures)
#include "tst_flow_pictures.moc"
