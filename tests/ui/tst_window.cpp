// The whole window with a node of its own on a core thread and real agents: the demo flow by keyboard alone,
// from the start page over the approval in the inbox to success; what comes back at the next start.
#include "app/composition.h"
#include "app/window/window_session.h"
#include "core/base/paths.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/support/offscreen.h"
#include "ui/docks/inbox/inbox_page.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/shell/main_window.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 60'000;

template <typename Page> Page *pageOf(app::WindowSession &session, const QString &id)
{
    return qobject_cast<Page *>(session.window().docks().page(id));
}

} // namespace

class TestWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void demoRunsByKeyboard();
    void theProjectComesBackAtOnce();
    void aRunThatFailsSaysWhy();
    void cleanupTestCase();

private:
    [[nodiscard]] app::SessionOptions options() const
    {
        return {.settingsFile = m_home.filePath(u"window.ini"_s), .theme = u"light"_s, .ownNode = true};
    }

    QTemporaryDir m_home;
    std::unique_ptr<app::CoreThread> m_core;
    QString m_project;
};

void TestWindow::initTestCase()
{
    muster::testing::ignoreOffscreenWarning();
    QVERIFY(m_home.isValid());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"MUSTER_HOME"_s, m_home.path());
    const auto paths = Paths::resolve(environment);
    QVERIFY(paths);
    auto core =
        app::CoreThread::start({.paths = *paths, .binFolder = QStringLiteral(MUSTER_BIN_DIR)}, u"test"_s);
    QVERIFY(core);
    m_core = std::move(*core);
}

void TestWindow::demoRunsByKeyboard()
{
    app::WindowSession session(&m_core->api(), options());
    session.open();
    MainWindow &window = session.window();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QVERIFY(window.centralWidget()->isVisible());

    QVERIFY(window.focusWidget()); // the demo is what Enter does on a first start
    QTest::keyClick(window.focusWidget(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(session.context().isOpen(), patienceMs);
    m_project = session.context().project().path;
    QTRY_VERIFY_WITH_TIMEOUT(session.context().run().isValid(), patienceMs);
    QVERIFY(!window.centralWidget()->isVisible());

    auto *workflow = pageOf<WorkflowPage>(session, u"workflow"_s);
    QVERIFY(workflow);
    QTRY_COMPARE_WITH_TIMEOUT(workflow->model().rowCount(), 4, patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(workflow->model().run().waitingForYou, 1, patienceMs);

    window.actions().action(u"view.dock.inbox"_s)->trigger();
    auto *inbox = pageOf<InboxPage>(session, u"inbox"_s);
    QVERIFY(inbox);
    QTRY_COMPARE_WITH_TIMEOUT(inbox->openItems().rowCount(), 1, patienceMs);
    QTRY_COMPARE(QApplication::focusWidget(), inbox->focusTarget());
    QTest::keyClick(inbox->focusTarget(), Qt::Key_Y); // too early to have been read
    QTRY_VERIFY_WITH_TIMEOUT(
        (QTest::keyClick(inbox->focusTarget(), Qt::Key_Y), inbox->openItems().rowCount() == 0), patienceMs);

    QTRY_COMPARE_WITH_TIMEOUT(workflow->model().run().status, RunStatus::Completed, patienceMs);
    for (int row = 0; row < workflow->model().rowCount(); ++row)
        QCOMPARE(workflow->model().index(row, 0).data(RunModel::StatusRole).toInt(),
                 static_cast<int>(StepStatus::Completed));
    QVERIFY(workflow->model().rowCount(workflow->model().indexOf(u"read"_s, -1)) > 0);
    QTRY_VERIFY_WITH_TIMEOUT(!workflow->model().detail().worktrees.empty(), patienceMs);
    QCOMPARE(workflow->model().detail().worktrees.front().filesChanged, 1);
    window.close();
}

void TestWindow::theProjectComesBackAtOnce()
{
    app::WindowSession session(&m_core->api(), options());
    // Before the node was asked anything.
    QCOMPARE(session.context().project().path, m_project);
    session.open();
    QVERIFY(!session.window().centralWidget()->isVisible());
    QVERIFY(session.window().docks().dock(u"workflow"_s)->isVisible());
    QVERIFY(QTest::qWaitForWindowActive(&session.window()));
    QVERIFY(session.window().docks().dock(u"navigator"_s)->isAncestorOf(QApplication::focusWidget()));
    // The newest run is shown again.
    QTRY_VERIFY_WITH_TIMEOUT(session.context().run().isValid(), patienceMs);
    auto *workflow = pageOf<WorkflowPage>(session, u"workflow"_s);
    QTRY_COMPARE_WITH_TIMEOUT(workflow->model().run().flow, u"survey"_s, patienceMs);
    const QSignalSpy finished(&session, &app::WindowSession::finished);
    session.window().actions().action(u"app.quit"_s)->trigger(); // nothing works: nothing is asked
    QTRY_COMPARE(finished.count(), 1);
}

void TestWindow::aRunThatFailsSaysWhy()
{
    QDir(m_project).mkdir(u"flows"_s);
    QFile flow(m_project + u"/flows/broken.flow.yaml"_s);
    QVERIFY(flow.open(QIODevice::WriteOnly));
    flow.write("muster: 1\nname: broken\nsteps:\n  - {id: test, run: \"echo one failure; exit 3\"}\n");
    flow.close();
    app::WindowSession session(&m_core->api(), options());
    session.open();
    const QSignalSpy failed(&session.context(), &ProjectContext::failed);
    const auto start = [&] {
        std::optional<Result<api::CommandDone>> answer;
        m_core->api().submit(api::StartRun{.project = m_project, .flow = u"broken"_s}, &session,
                             [&](Result<api::CommandDone> done) { answer = std::move(done); });
        return QTest::qWaitFor([&] { return answer.has_value(); }, patienceMs) ? *answer
                                                                               : fail(ErrorCode::Timeout);
    };
    const auto untrusted = start();
    QVERIFY(!untrusted);
    QCOMPARE(untrusted.error().code, ErrorCode::NotTrusted);
    session.window().actions().action(u"project.trust"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(session.context().project().trusted, patienceMs);
    const auto started = start();
    QVERIFY(started);
    session.context().setRun(started->refs.run);
    auto *workflow = pageOf<WorkflowPage>(session, u"workflow"_s);
    QTRY_COMPARE_WITH_TIMEOUT(workflow->model().run().status, RunStatus::Failed, patienceMs);
    const QModelIndex worst = workflow->model().mostInteresting();
    QCOMPARE(worst.data().toString(), u"test"_s);
    QVERIFY(workflow->model().statusText(worst).contains(u"exit code 3"_s));
    QVERIFY(workflow->model().stepAt(worst)->output.contains(u"one failure"_s));
    QCOMPARE(failed.count(), 0);
    session.window().close();
}

void TestWindow::cleanupTestCase()
{
    const QSignalSpy stopped(m_core.get(), &app::CoreThread::stopped);
    m_core->stop();
    QTRY_COMPARE_WITH_TIMEOUT(stopped.count(), 1, patienceMs);
    m_core.reset();
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
