// The Terminals dock: shells in tabs, in the project and in worktrees, by mouse and by keys.
#include "app/terminal/pty_channel.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/terminal/terminal_view.h"
#include "ui/docks/terminal/terminals_page.h"

#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <qtermwidget.h>

using namespace muster;
using namespace Qt::StringLiterals;

class TestTerminalsPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void theFirstLookOpensAShellInTheProject();
    void anotherDockChoosesTheFolder();
    void worktreesAreInTheMenu();
    void keysOpenStepAndClose();
    void theLookFollowsTheTheme();
    void closingABusyShellCanBeThoughtBetterOf();
    void closingABusyShellEndsWhatRunsInIt();
    void anEndedShellSaysSo();

private:
    [[nodiscard]] QTabWidget *tabs() const { return m_page->findChild<QTabWidget *>(); }
    [[nodiscard]] QMessageBox *asked() const { return m_page->findChild<QMessageBox *>(); }
    [[nodiscard]] static bool sleeps(const TerminalView *view)
    {
        return view->programs() == QStringList(u"sleep 1000"_s);
    }
    TerminalView *openBusyShell();
    void press(const QKeySequence &keys);

    Theme m_theme;
    PtyTerminalHost m_host;
    QTemporaryDir m_dir;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<TerminalsPage> m_page;
};

void TestTerminalsPage::initTestCase()
{
    testing::hushOffscreen();
    QVERIFY(m_dir.isValid());
    QVERIFY(QDir(m_dir.path()).mkpath(u"larder"_s));
    QVERIFY(QDir(m_dir.path()).mkpath(u"survey-2"_s));
    qputenv("SHELL", "/bin/bash");
    qputenv("HOME", m_dir.path().toUtf8());
    qputenv("PS1", "\\W $ ");
    qputenv("HISTFILE", "/dev/null");
}

void TestTerminalsPage::init()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    const QString path = m_dir.filePath(u"larder"_s);
    m_node->projects = {{.id = ProjectId{1}, .path = path, .name = u"larder"_s}};
    m_node->answer = {.refs = {.project = ProjectId{1}}, .text = path};
    m_node->worktrees = {
        {.id = WorktreeId{1}, .path = m_dir.filePath(u"survey-2"_s), .branch = u"muster/survey-2"_s}};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    QSignalSpy opened(m_context.get(), &ProjectContext::projectChanged);
    m_context->open(path);
    QTRY_COMPARE(opened.count(), 1);
    m_page = std::make_unique<TerminalsPage>(m_host.factory(), m_feed.get(), m_context.get(), &m_theme);
    m_page->resize(800, 400);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void TestTerminalsPage::press(const QKeySequence &keys)
{
    const auto actions = m_page->actions();
    const auto found =
        std::ranges::find(actions, keys, [](const QAction *action) { return action->shortcut(); });
    QVERIFY(found != actions.end());
    (*found)->trigger();
}

void TestTerminalsPage::theFirstLookOpensAShellInTheProject()
{
    testing::takePictures(*m_page, m_theme, u"terminals-empty"_s);
    m_page->activate();
    QTRY_COMPARE(m_page->count(), 1);
    QCOMPARE(m_page->current()->folder(), m_dir.filePath(u"larder"_s));
    QTRY_VERIFY_WITH_TIMEOUT(m_page->current()->isRunning(), 20'000);
    QCOMPARE(m_page->focusTarget(), m_page->current());
    QTRY_VERIFY_WITH_TIMEOUT(m_page->current()->programs().isEmpty(), 20'000); // what its start-up runs
    qobject_cast<QToolButton *>(tabs()->tabBar()->tabButton(0, QTabBar::RightSide))->click();
    QCOMPARE(m_page->count(), 0);
    m_page->activate(); // who closed the last one wants none
    QCoreApplication::sendPostedEvents();
    QCOMPARE(m_page->count(), 0);
}

void TestTerminalsPage::anotherDockChoosesTheFolder()
{
    m_page->activate();
    m_page->openShell(m_dir.filePath(u"survey-2"_s));
    bool passed = false;
    QTimer::singleShot(0, this, [&] { passed = true; });
    QTRY_VERIFY(passed);
    QCOMPARE(m_page->count(), 1);
    QCOMPARE(tabs()->tabText(0), u"survey-2"_s);
}

void TestTerminalsPage::worktreesAreInTheMenu()
{
    const auto buttons = m_page->findChildren<QToolButton *>();
    const auto more = std::ranges::find_if(
        buttons, [](const QToolButton *b) { return b->menu() && !b->toolTip().isEmpty(); });
    QVERIFY(more != buttons.end());
    QMenu *menu = (*more)->menu();
    emit menu->aboutToShow();
    QTRY_COMPARE(menu->actions().last()->text(), u"muster/survey-2"_s);
    menu->actions().last()->trigger();
    QCOMPARE(m_page->count(), 1);
    QCOMPARE(m_page->current()->folder(), m_dir.filePath(u"survey-2"_s));
}

void TestTerminalsPage::keysOpenStepAndClose()
{
    press(QKeySequence(u"Ctrl+Shift+T"_s));
    press(QKeySequence(u"Ctrl+Shift+T"_s));
    QCOMPARE(m_page->count(), 2);
    QCOMPARE(tabs()->currentIndex(), 1);
    press(QKeySequence(u"Ctrl+PgDown"_s));
    QCOMPARE(tabs()->currentIndex(), 0);
    press(QKeySequence(u"Ctrl+PgUp"_s));
    QCOMPARE(tabs()->currentIndex(), 1);
    press(QKeySequence(u"Ctrl+Shift+W"_s));
    QCOMPARE(m_page->count(), 1);
}

void TestTerminalsPage::theLookFollowsTheTheme()
{
    TerminalView *view = m_page->openShell();
    QTRY_VERIFY_WITH_TIMEOUT(view->isRunning(), 20'000);
    auto *terminal = view->findChild<QTermWidget *>();
    const auto corner = [&] {
        return terminal->grab().toImage().pixelColor(terminal->width() / 2, terminal->height() - 12);
    };
    m_theme.setMode(ThemeMode::Dark);
    QTRY_COMPARE(corner(), darkColors().surface);
    m_theme.setMode(ThemeMode::Light);
    QTRY_COMPARE(corner(), lightColors().surface);
    const QString drawn = m_dir.filePath(u"drawn"_s);
    terminal->sendText(u"clear; printf '\\e[31mred \\e[32mgreen \\e[33myellow \\e[34mblue\\e[0m\\n'; "
                       "ls -la /usr/include | head -9; touch "_s %
                       drawn % u'\r');
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(drawn), 20'000);
    testing::takePictures(*m_page, m_theme, u"terminals-full"_s);
}

void TestTerminalsPage::anEndedShellSaysSo()
{
    TerminalView *view = m_page->openShell();
    QTRY_VERIFY_WITH_TIMEOUT(view->isRunning(), 20'000);
    QSignalSpy ended(view, &TerminalView::ended);
    view->findChild<QTermWidget *>()->sendText(u"exit 3\r"_s);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
    QCOMPARE(m_page->count(), 1);
}

// A shell with "sleep 1000" in it.
TerminalView *TestTerminalsPage::openBusyShell()
{
    TerminalView *view = m_page->openShell();
    (void)QTest::qWaitFor([&] { return view->isRunning(); }, 20'000);
    view->findChild<QTermWidget *>()->sendText(u"sleep 1000\r"_s);
    (void)QTest::qWaitFor([&] { return sleeps(view); }, 20'000);
    return view;
}

void TestTerminalsPage::closingABusyShellCanBeThoughtBetterOf()
{
    const TerminalView *view = openBusyShell();
    QVERIFY(sleeps(view));
    press(QKeySequence(u"Ctrl+Shift+W"_s));
    QVERIFY(asked());
    QCOMPARE(m_page->count(), 1);
    QCOMPARE(asked()->informativeText(), u"sleep 1000"_s);
    QVERIFY(asked()->defaultButton() == asked()->button(QMessageBox::Cancel));
    asked()->button(QMessageBox::Cancel)->click();
    QTRY_VERIFY(!asked());
    QCOMPARE(m_page->count(), 1);
    QVERIFY(sleeps(view));
}

void TestTerminalsPage::closingABusyShellEndsWhatRunsInIt()
{
    QVERIFY(sleeps(openBusyShell()));
    qobject_cast<QToolButton *>(tabs()->tabBar()->tabButton(0, QTabBar::RightSide))->click();
    QVERIFY(asked());
    const auto buttons = asked()->buttons();
    const auto end =
        std::ranges::find_if(buttons, [](QAbstractButton *b) { return b->text().contains(u"End them"_s); });
    QVERIFY(end != buttons.end());
    (*end)->click();
    QTRY_COMPARE(m_page->count(), 0);
}

QTEST_MAIN(TestTerminalsPage)
#include "tst_terminals_page.moc"
