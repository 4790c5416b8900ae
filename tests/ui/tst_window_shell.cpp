// The window against a node of plain values: what every window must hold (names for screen readers,
// shortcuts, size), trust, quitting while agents work, starting a flow, and what is said where no window can
// be shown.
#include "app/window_launch.h"
#include "tests/support/offscreen.h"
#include "tests/ui/window_bed.h"
#include "ui/dialogs/start_run_dialog.h"
#include "ui/docks/terminal/terminal_view.h"
#include "ui/docks/terminal/terminals_page.h"
#include "ui/shell/trust_banner.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QButtonGroup>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QLocalServer>
#include <QMessageBox>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <qtermwidget.h>

#include <unistd.h>

using namespace muster;
using muster::testing::Bed;
using muster::testing::buttonWith;
using namespace Qt::StringLiterals;

namespace {

// Of the terminal's own library, or inside a line edit of Qt, which speaks for it.
bool isForeign(const QWidget *widget)
{
    return qobject_cast<const QLineEdit *>(widget->parent()) || widget->parent()->inherits("SearchBar") ||
           widget->inherits("Konsole::TerminalDisplay");
}

QList<QWidget *> focusable(const QWidget *page)
{
    QList<QWidget *> found = page->findChildren<QWidget *>();
    found.removeIf([page](const QWidget *widget) {
        return widget->focusPolicy() == Qt::NoFocus || widget->focusProxy() || !widget->isVisibleTo(page) ||
               widget->inherits("QLabel");
    });
    return found;
}

QList<QWidget *> byTab(const QWidget *page)
{
    QList<QWidget *> found = focusable(page);
    found.removeIf([](const QWidget *widget) {
        return !(widget->focusPolicy() & Qt::TabFocus) || !widget->isEnabled();
    });
    return found;
}

// What of the page the key did not come to on its way around the window, and back.
QStringList missedByTab(const QWidget *page)
{
    QSet<const QWidget *> reached;
    for (int presses = 0; presses < 200 && QApplication::focusWidget(); ++presses) {
        QWidget *focus = QApplication::focusWidget();
        reached.insert(focus);
        if (const auto *button = qobject_cast<QAbstractButton *>(focus); button && button->group()) {
            // One of a group has the focus; arrow keys go to the others.
            const auto group = button->group()->buttons();
            for (const QAbstractButton *other : group)
                reached.insert(other);
        }
        QTest::keyClick(focus, Qt::Key_Tab);
    }
    QStringList missed;
    const auto wanted = byTab(page);
    for (const QWidget *widget : wanted) {
        if (!reached.contains(widget))
            missed +=
                QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->accessibleName();
    }
    return missed;
}

} // namespace

class TestWindowShell : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everythingHasAName();
    void tabReachesEverything_data();
    void tabReachesEverything();
    void shortcutsAreUnique();
    void fitsASmallScreen();
    void ownFlowsAskForTrust();
    void quittingAsksWhileAgentsWork_data();
    void quittingAsksWhileAgentsWork();
    void quitsWhenTheAgentsAreDone();
    void theQuestionGoesWithTheWork();
    void closingAsksWhileATerminalWorks();
    void closingLeavesTheBackgroundNodeAlone();
    void closingAsksWhenTheAgentsWouldEnd();
    void startDialogStartsAFlow();
    void startDialogKeepsWhatIsRefused();
    void aLostFolderLeadsToTheStartPage();
    void saysWhereNoWindowCanBe_data();
    void saysWhereNoWindowCanBe();
    void believesADisplayThatAnswers();
};

void TestWindowShell::initTestCase() { muster::testing::ignoreOffscreenWarning(); }

// Every widget that takes the focus, in every dock, with something in each.
void TestWindowShell::everythingHasAName()
{
    Bed bed;
    bed.fill();
    const QStringList ids = bed.window().docks().ids();
    for (const QString &id : ids) {
        bed.window().docks().open(id);
        DockPage *page = bed.window().docks().page(id);
        QVERIFY(page);
        QTRY_VERIFY(page->isVisible());
        QTRY_VERIFY(!focusable(page).isEmpty());
        QList<QWidget *> widgets = focusable(page);
        const auto buttons = page->findChildren<QAbstractButton *>(); // some only the mouse reaches
        widgets.append(QList<QWidget *>(buttons.cbegin(), buttons.cend()));
        for (QWidget *widget : widgets) {
            if (widget->isHidden() || widget->objectName().startsWith(u"qt_"_s) || isForeign(widget))
                continue;
            QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(),
                     qPrintable(u"%1 in %2 of %3"_s.arg(
                         QString::fromLatin1(widget->metaObject()->className()),
                         QString::fromLatin1(widget->parent()->metaObject()->className()), id)));
        }
    }
}

void TestWindowShell::tabReachesEverything_data()
{
    QTest::addColumn<QString>("dock");
    for (const char *dock :
         {"navigator", "workflow", "chat", "inbox", "queue", "changes", "timeline", "schedules"})
        QTest::newRow(dock) << QString::fromLatin1(dock);
}

void TestWindowShell::tabReachesEverything()
{
    QFETCH(QString, dock);
    Bed bed;
    bed.fill();
    QVERIFY(QTest::qWaitForWindowActive(&bed.window()));
    bed.window().docks().open(dock);
    DockPage *page = bed.window().docks().page(dock);
    QTRY_VERIFY(page->focusTarget() && page->isAncestorOf(QApplication::focusWidget()));
    QTRY_VERIFY(!byTab(page).isEmpty());
    // Once more while the dock is still being filled.
    QTRY_COMPARE(missedByTab(page), QStringList());
}

void TestWindowShell::shortcutsAreUnique()
{
    const Bed bed;
    QHash<QKeySequence, QString> seen;
    const QList<QAction *> all = bed.window().actions().all();
    for (const QAction *action : all) {
        QVERIFY2(!plainText(*action).isEmpty(), qPrintable(actionId(*action)));
        const QKeySequence keys = action->shortcut();
        if (keys.isEmpty())
            continue;
        QVERIFY2(!seen.contains(keys), qPrintable(actionId(*action) + u" and "_s + seen.value(keys)));
        seen.insert(keys, actionId(*action));
    }
    const QStringList ids = bed.window().docks().ids();
    for (const QString &id : ids)
        QVERIFY(!bed.window().actions().action(u"view.dock."_s + id)->shortcut().isEmpty());
}

void TestWindowShell::fitsASmallScreen()
{
    const Bed bed;
    for (const QString &layout : {u"flow"_s, u"chat"_s, u"review"_s, u"debug"_s}) {
        bed.window().actions().action(u"view.layout."_s + layout)->trigger();
        QCoreApplication::processEvents();
        const QSize least = bed.window().minimumSizeHint();
        QVERIFY2(least.height() <= 680, qPrintable(u"%1: %2"_s.arg(layout).arg(least.height())));
        QVERIFY2(least.width() <= 900, qPrintable(u"%1: %2"_s.arg(layout).arg(least.width())));
    }
}

void TestWindowShell::ownFlowsAskForTrust()
{
    Bed bed;
    auto *banner = bed.window().findChild<TrustBanner *>();
    QVERIFY(banner);
    QTRY_VERIFY(!banner->isVisible());
    bed.node.flows.push_back({.name = u"own"_s, .origin = u"project"_s, .usable = false, .trusted = false});
    bed.node.touch(u"project.changed"_s);
    QTRY_VERIFY(banner->isVisible());
    buttonWith(banner, u"Trust"_s)->click();
    QTRY_VERIFY(bed.node.lastCommand<api::TrustProject>());
    QCOMPARE(bed.node.lastCommand<api::TrustProject>()->path, u"/p"_s);
    buttonWith(banner, u"Not now"_s)->click();
    QVERIFY(!banner->isVisible());
}

void TestWindowShell::quittingAsksWhileAgentsWork_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<bool>("ends");
    QTest::addColumn<bool>("stopsNode");
    QTest::newRow("keep") << u"Keep"_s << true << false;
    QTest::newRow("stop") << u"Stop"_s << true << true;
    QTest::newRow("cancel") << u"Cancel"_s << false << false;
}

void TestWindowShell::quittingAsksWhileAgentsWork()
{
    QFETCH(const QString, button);
    QFETCH(const bool, ends);
    QFETCH(const bool, stopsNode);
    Bed bed;
    bed.work(2);
    const QSignalSpy finished(bed.session.get(), &app::WindowSession::finished);
    QCoreApplication::processEvents();
    bed.window().actions().action(u"app.quit"_s)->trigger();
    auto *box = bed.dialog<QMessageBox>();
    QVERIFY(box);
    QCOMPARE(finished.count(), 0);
    buttonWith(box, button)->click();
    QTRY_COMPARE(finished.count(), ends ? 1 : 0);
    QCOMPARE(bed.node.lastCommand<api::StopNode>() != nullptr, stopsNode);
    QCOMPARE(bed.window().isVisible(), !ends);
}

void TestWindowShell::quitsWhenTheAgentsAreDone()
{
    Bed bed;
    bed.work(1);
    QCoreApplication::processEvents();
    const QSignalSpy finished(bed.session.get(), &app::WindowSession::finished);
    bed.window().actions().action(u"app.quit"_s)->trigger();
    auto *box = bed.dialog<QMessageBox>();
    QVERIFY(box);
    buttonWith(box, u"Quit when"_s)->click();
    QCoreApplication::processEvents();
    QCOMPARE(finished.count(), 0);
    bed.work(0);
    QTRY_COMPARE(finished.count(), 1);
}

void TestWindowShell::theQuestionGoesWithTheWork()
{
    Bed bed;
    bed.work(2);
    QCoreApplication::processEvents();
    const QSignalSpy finished(bed.session.get(), &app::WindowSession::finished);
    bed.window().actions().action(u"app.quit"_s)->trigger();
    const QPointer box(bed.dialog<QMessageBox>());
    QVERIFY(box);
    QCOMPARE(box->text(), u"Steps and agents at work: 2"_s);
    bed.work(1);
    QCoreApplication::processEvents();
    QVERIFY(box);
    QCOMPARE(finished.count(), 0);
    bed.work(0);
    QTRY_COMPARE(finished.count(), 1);
    QTRY_VERIFY(!box);
}

void TestWindowShell::closingAsksWhileATerminalWorks()
{
    const QTemporaryDir dir;
    qputenv("SHELL", "/bin/bash");
    qputenv("HOME", dir.path().toUtf8());
    Bed bed;
    bed.window().docks().open(u"terminals"_s);
    auto *shells = qobject_cast<TerminalsPage *>(bed.window().docks().page(u"terminals"_s));
    QVERIFY(shells);
    TerminalView *view = shells->openShell(dir.path());
    QTRY_VERIFY_WITH_TIMEOUT(view->isRunning(), 20'000);
    view->findChild<QTermWidget *>()->sendText(u"sleep 611 &\r"_s);
    QTRY_VERIFY_WITH_TIMEOUT(view->programs().contains(u"sleep 611"_s), 20'000);
    const QSignalSpy finished(bed.session.get(), &app::WindowSession::finished);
    bed.window().close();
    QVERIFY(bed.window().isVisible());
    auto *box = bed.dialog<QMessageBox>();
    QVERIFY(box);
    QVERIFY(box->informativeText().contains(u"sleep 611"_s));
    buttonWith(box, u"Cancel"_s)->click();
    QCOMPARE(finished.count(), 0);
    QTRY_VERIFY(!bed.window().findChild<QMessageBox *>());
    bed.window().close();
    box = bed.dialog<QMessageBox>();
    QVERIFY(box);
    buttonWith(box, u"End"_s)->click();
    QTRY_COMPARE(finished.count(), 1);
    bed.session.reset();
    QCOMPARE(QProcess::execute(u"pgrep"_s, {u"-u"_s, QString::number(getuid()), u"-xf"_s, u"sleep 611"_s}),
             1);
}

void TestWindowShell::closingLeavesTheBackgroundNodeAlone()
{
    Bed bed;
    bed.work(2);
    QCoreApplication::processEvents();
    const QSignalSpy finished(bed.session.get(), &app::WindowSession::finished);
    bed.window().close();
    QCOMPARE(finished.count(), 1);
    QVERIFY(!bed.node.lastCommand<api::StopNode>());
}

void TestWindowShell::closingAsksWhenTheAgentsWouldEnd()
{
    Bed bed(true);
    bed.work(1);
    QCoreApplication::processEvents();
    bed.window().close();
    QVERIFY(bed.window().isVisible());
    auto *box = bed.dialog<QMessageBox>();
    QVERIFY(box);
    QVERIFY(!buttonWith(box, u"Keep"_s)); // there is nobody to keep them
}

void TestWindowShell::startDialogStartsAFlow()
{
    Bed bed;
    bed.node.flows[0].inputs = {{.name = u"focus"_s, .type = u"string"_s, .required = true}};
    bed.window().startRun(u"survey"_s);
    const QPointer dialog(bed.dialog<StartRunDialog>());
    QVERIFY(dialog);
    QAbstractButton *start = buttonWith(dialog, u"Start"_s);
    QTRY_VERIFY(dialog->findChild<QLineEdit *>());
    QVERIFY(!start->isEnabled()); // something that is required is missing
    dialog->findChild<QLineEdit *>()->setText(u"tests"_s);
    QTRY_VERIFY(start->isEnabled());
    bed.node.answer = {.refs = {.run = RunId{5}}};
    start->click();
    QTRY_COMPARE(bed.session->context().run(), RunId{5});
    QCOMPARE(bed.node.lastCommand<api::StartRun>()->inputs.value(u"focus"_s).toString(), u"tests"_s);
    QTRY_VERIFY(!dialog); // it is gone
}

void TestWindowShell::startDialogKeepsWhatIsRefused()
{
    Bed bed;
    bed.window().startRun(u"survey"_s);
    auto *dialog = bed.dialog<StartRunDialog>();
    QVERIFY(dialog);
    QAbstractButton *start = buttonWith(dialog, u"Start"_s);
    QTRY_VERIFY(start->isEnabled());
    bed.node.refuseWith = Error{.code = ErrorCode::NotTrusted, .detail = {}, .where = {}};
    start->click();
    const auto says = [&] {
        const auto labels = dialog->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"not trusted"_s);
        });
    };
    QTRY_VERIFY(says());
    QVERIFY(dialog->isVisible());
    QVERIFY(start->isEnabled());
}

void TestWindowShell::aLostFolderLeadsToTheStartPage()
{
    const QTemporaryDir dir;
    const QString settings = dir.filePath(u"window.ini"_s);
    MemoryNode node;
    node.projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    node.answer = {.refs = {.project = ProjectId{1}}, .text = u"/p"_s};
    {
        app::WindowSession first(&node, {.settingsFile = settings, .project = u"/p"_s});
        QTRY_VERIFY(first.context().isOpen());
        first.window().close();
    }
    node.refuseWith = Error{.code = ErrorCode::NotFound, .detail = u"/p"_s, .where = {}};
    app::WindowSession second(&node, {.settingsFile = settings});
    second.open();
    QVERIFY(second.context().isOpen()); // as it was known
    QTRY_VERIFY(!second.context().isOpen());
    QVERIFY(second.window().centralWidget()->isVisible());
}

void TestWindowShell::saysWhereNoWindowCanBe_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("problem");
    QTest::newRow("nothing") << QString() << QString() << true;
    QTest::newRow("nobody there") << u"DISPLAY"_s << u":6543"_s << true;
    QTest::newRow("nonsense") << u"DISPLAY"_s << u"x"_s << true;
    QTest::newRow("no compositor") << u"WAYLAND_DISPLAY"_s << u"wayland-none"_s << true;
    QTest::newRow("elsewhere") << u"DISPLAY"_s << u"localhost:10.0"_s << false;
    QTest::newRow("offscreen") << u"QT_QPA_PLATFORM"_s << u"offscreen"_s << false;
}

void TestWindowShell::saysWhereNoWindowCanBe()
{
    QFETCH(const QString, name);
    QFETCH(const QString, value);
    QFETCH(const bool, problem);
    QProcessEnvironment environment;
    if (!name.isEmpty())
        environment.insert(name, value);
    QCOMPARE(!app::displayProblem(environment).isEmpty(), problem);
}

void TestWindowShell::believesADisplayThatAnswers()
{
    const QTemporaryDir dir;
    QLocalServer server;
    QVERIFY(server.listen(dir.filePath(u"wayland-7"_s)));
    QProcessEnvironment environment;
    environment.insert(u"XDG_RUNTIME_DIR"_s, dir.path());
    environment.insert(u"WAYLAND_DISPLAY"_s, u"wayland-7"_s);
    QVERIFY(app::displayProblem(environment).isEmpty());
}

QTEST_MAIN(TestWindowShell)
#include "tst_window_shell.moc"
