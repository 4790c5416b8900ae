// What a window shows and where: shares of the docks, answers in sight, the step that matters, run numbers.
#include "core/viewmodel/run_model.h"
#include "tests/support/offscreen.h"
#include "tests/ui/reading.h"
#include "tests/ui/window_bed.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/status_strip.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/row_delegate.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QTreeView>

using namespace muster;
using namespace Qt::StringLiterals;
using muster::testing::Bed;
using muster::testing::buttonWith;

class TestWindowLook : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { muster::testing::ignoreOffscreenWarning(); }
    void aSmallWindowSpoilsNoShares();
    void answersAreNeverCut();
    void enterInTheInboxAnswersNothing();
    void whatFailedIsShownFirst();
    void numbersOfRunsStayReadable();
    void anUnknownFolderIsSaidOnThePage();
    void theViewMenuTellsWhatIsShown();
    void aLayoutTakesTheKeysToWhatItIsFor_data();
    void aLayoutTakesTheKeysToWhatItIsFor();
    void thePaletteSaysThatNothingFits();
    void theStripSaysNothingStale();
};

void TestWindowLook::aSmallWindowSpoilsNoShares()
{
    Bed bed;
    bed.fill();
    MainWindow &window = bed.window();
    window.resize(1200, 800);
    const auto navigator = [&] {
        return window.docks().dock(u"navigator"_s)->width();
    };
    QTRY_VERIFY(std::abs(navigator() - 288) < 20);
    const int inbox = window.docks().dock(u"inbox"_s)->height();
    window.docks().open(u"chat"_s); // another tab in front is no new layout
    window.resize(700, 450);
    QTRY_VERIFY(window.width() < 1000 && navigator() < 288);
    window.resize(1200, 800);
    QTRY_VERIFY(std::abs(navigator() - 288) < 20);
    QTRY_VERIFY(std::abs(window.docks().dock(u"inbox"_s)->height() - inbox) < 4);
}

void TestWindowLook::answersAreNeverCut()
{
    Bed bed;
    bed.fill();
    bed.node.inbox[0].kind = InboxKind::Approval;
    bed.node.inbox[0].body = QString(u"A line of text\n"_s).repeated(80);
    bed.window().resize(900, 600);
    bed.window().docks().open(u"inbox"_s);
    DockPage *page = bed.window().docks().page(u"inbox"_s);
    auto *panel = page->findChild<AnswerPanel *>();
    QTRY_VERIFY(panel->isVisible());
    QTRY_COMPARE(bed.window().width(), 900);
    for (const QString &text : {u"Yes"_s, u"No"_s, u"Later"_s}) {
        QAbstractButton *button = buttonWith(panel, text);
        QVERIFY(button);
        const auto whole = [&] {
            return button->visibleRegion().boundingRect() == button->rect() &&
                   button->width() >= button->sizeHint().width();
        };
        QTRY_VERIFY(whole());
    }
    auto *scroll = panel->findChild<QScrollArea *>();
    QTRY_VERIFY(scroll->verticalScrollBar()->isVisible());
    QVERIFY(scroll->viewport()->height() >= 3 * panel->fontMetrics().lineSpacing());
}

void TestWindowLook::enterInTheInboxAnswersNothing()
{
    Bed bed;
    bed.fill();
    bed.window().docks().open(u"inbox"_s);
    DockPage *page = bed.window().docks().page(u"inbox"_s);
    auto *panel = page->findChild<AnswerPanel *>();
    QTRY_VERIFY(panel->isVisible());
    QVERIFY(QTest::qWaitForWindowActive(&bed.window()));
    QTRY_COMPARE(QApplication::focusWidget(), page->focusTarget());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QVERIFY(panel->isAncestorOf(QApplication::focusWidget()));
    QVERIFY(!qobject_cast<QAbstractButton *>(QApplication::focusWidget()));
    muster::testing::waitUntilRead();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QVERIFY(!bed.node.lastCommand<api::AnswerInbox>());
}

void TestWindowLook::whatFailedIsShownFirst()
{
    Bed bed;
    bed.fill();
    bed.node.details[RunId{5}].steps.push_back(
        {.id = StepRunId{2}, .run = RunId{5}, .stepId = u"test"_s, .status = StepStatus::Running});
    bed.window().docks().open(u"workflow"_s);
    auto *tree = bed.window().docks().page(u"workflow"_s)->findChild<QTreeView *>();
    tree->setFocus(); // which makes a row the current one
    QTRY_COMPARE(tree->model()->rowCount(), 2);
    QTRY_COMPARE(tree->currentIndex().row(), 1);
    tree->setCurrentIndex(tree->model()->index(0, 0)); // as by the focus
    bed.node.details[RunId{5}].steps[1].status = StepStatus::Failed;
    bed.node.touch(u"step.finished"_s, {.run = RunId{5}});
    QTRY_COMPARE(tree->currentIndex().row(), 1);
    QTest::keyClick(tree, Qt::Key_Up);
    bed.node.details[RunId{5}].steps[0].output = u"More."_s;
    bed.node.touch(u"step.finished"_s, {.run = RunId{5}});
    QTRY_COMPARE(qobject_cast<RunModel *>(tree->model())->detail().steps[0].output, u"More."_s);
    QCOMPARE(tree->currentIndex().row(), 0); // chosen by the person
}

void TestWindowLook::numbersOfRunsStayReadable()
{
    const QFontMetrics metrics((QFont()));
    const QString text = u"survey-of-everything #123 · ok · SURVEY.md"_s;
    QCOMPARE(elidedBeforeNumber(metrics, text, 10'000), text);
    const int width = metrics.horizontalAdvance(u"survey #123"_s);
    const QString narrow = elidedBeforeNumber(metrics, text, width);
    QVERIFY2(narrow.endsWith(u"… #123"_s), qPrintable(narrow));
    QVERIFY(metrics.horizontalAdvance(narrow) <= width);
}

void TestWindowLook::anUnknownFolderIsSaidOnThePage()
{
    MemoryNode node;
    node.refuseWith = Error{.code = ErrorCode::NotFound, .detail = u"/nowhere"_s, .where = {}};
    app::WindowSession session(&node, {.project = u"/nowhere"_s});
    session.open();
    const auto says = [&] {
        const auto labels = session.window().centralWidget()->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"/nowhere"_s);
        });
    };
    QTRY_VERIFY(says());
}

void TestWindowLook::theViewMenuTellsWhatIsShown()
{
    Bed bed;
    const QAction *inbox = bed.window().actions().action(u"view.dock.inbox"_s);
    QVERIFY(inbox->isCheckable());
    QTRY_VERIFY(inbox->isChecked());
    bed.window().docks().setVisible(u"inbox"_s, false);
    QVERIFY(!inbox->isChecked());
    bed.window().actions().action(u"view.dock.inbox"_s)->trigger();
    QVERIFY(inbox->isChecked());
    bed.window().actions().action(u"view.dock.inbox"_s)->trigger(); // comes to the front, and stays
    QVERIFY(inbox->isChecked());
}

void TestWindowLook::aLayoutTakesTheKeysToWhatItIsFor_data()
{
    QTest::addColumn<QString>("dock");
    QTest::newRow("chat") << u"chat"_s;
    QTest::newRow("flow") << u"workflow"_s;
    QTest::newRow("review") << u"changes"_s;
    QTest::newRow("debug") << u"timeline"_s;
}

void TestWindowLook::aLayoutTakesTheKeysToWhatItIsFor()
{
    QFETCH(QString, dock);
    Bed bed;
    bed.fill();
    bed.window().show();
    QVERIFY(QTest::qWaitForWindowActive(&bed.window()));
    bed.window().docks().open(u"navigator"_s);
    bed.window()
        .actions()
        .action(u"view.layout."_s + QString::fromLatin1(QTest::currentDataTag()))
        ->trigger();
    QTRY_VERIFY(bed.window().docks().dock(dock)->isAncestorOf(QApplication::focusWidget()));
}

void TestWindowLook::thePaletteSaysThatNothingFits()
{
    const Bed bed;
    bed.window().actions().action(u"app.palette"_s)->trigger();
    auto *palette = bed.window().findChild<CommandPalette *>();
    QTRY_VERIFY(palette->isVisible());
    const auto *list = palette->findChild<QListView *>();
    const auto *none = palette->findChild<QLabel *>();
    QVERIFY(list->isVisible() && !none->isVisible());
    QTest::keyClicks(palette->findChild<QLineEdit *>(), u"zzzz"_s);
    QVERIFY(none->isVisible() && !list->isVisible());
    QVERIFY(!none->text().isEmpty());
    palette->findChild<QLineEdit *>()->clear();
    QVERIFY(list->isVisible() && !none->isVisible());
}

void TestWindowLook::theStripSaysNothingStale()
{
    Bed bed;
    bed.node.status.waitingForYou = 2;
    bed.node.sendStatus();
    const auto *strip = bed.window().findChild<StatusStrip *>();
    const auto says = [&](const QString &text) {
        const auto buttons = strip->findChildren<QToolButton *>();
        return std::ranges::any_of(buttons,
                                   [&](const QToolButton *b) { return b->isVisible() && b->text() == text; });
    };
    QTRY_VERIFY(says(u"2 waiting for you"_s) && says(u"Answer"_s));
    bed.node.setLink(api::LinkState::Lost);
    QTRY_VERIFY(!says(u"2 waiting for you"_s) && !says(u"Answer"_s));
    bed.node.status.waitingForYou = 0;
    bed.node.setLink(api::LinkState::Connected);
    bed.node.sendStatus();
    QTRY_VERIFY(says(u"Quiet"_s) && !says(u"Answer"_s));
}

QTEST_MAIN(TestWindowLook)
#include "tst_window_look.moc"
