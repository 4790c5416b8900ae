// The Changes dock as a person uses it: worktrees, files, the difference, merging and dropping.
#include "core/viewmodel/changes_model.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/worktrees_model.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/code/code_colors.h"
#include "ui/docks/changes/changes_page.h"
#include "ui/docks/changes/diff_view.h"

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

using namespace muster;
using namespace Qt::StringLiterals;

class TestChangesPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void showsTheFirstWorktreeAndItsDiff();
    void keysMoveThroughFilesAndHunks();
    void longDiffOpensAtOnce();
    void theDiffKeepsItsPlace();
    void mergeSaysWhereAndHow();
    void conflictsAreNamed();
    void dropNamesWhatIsLost();
    void theShellOpensInTheWorktree();
    void whatEndedIsReadOnly_data();
    void whatEndedIsReadOnly();
    void emptyStatesSayWhy();
    void theKeysGoToTheListWhenChangesCome();
    void codeIsReadable_data();
    void codeIsReadable();
    void everyControlHasAName();

private:
    void open(const QSize &size = {1100, 700});
    [[nodiscard]] DiffView *diff() const { return m_page->findChild<DiffView *>(); }
    [[nodiscard]] QPushButton *button(const QString &text) const;
    [[nodiscard]] bool shows(const QString &text) const;
    [[nodiscard]] QDialog *dialog() const;
    static void press(QDialog *dialog, QDialogButtonBox::ButtonRole role);

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<ChangesPage> m_page;
};

namespace {

api::FileChange pythonFile()
{
    api::FileChange file{.path = u"larder/recipes.py"_s, .status = u"modified"_s, .added = 4, .removed = 2};
    file.hunks = {
        {.header = u"@@ -10,4 +10,6 @@ def match(pantry)"_s,
         .lines = {{u"context"_s, 10, 10, u"def match(pantry, limit=3):"_s},
                   {u"removed"_s, 11, 0, u"    return [r for r in all_recipes() if fits(r)]"_s},
                   {u"added"_s, 0, 11, u"    \"\"\"Recipes that can be cooked from the pantry.\"\"\""_s},
                   {u"added"_s, 0, 12, u"    found = [r for r in all_recipes() if fits(r, pantry)]"_s},
                   {u"added"_s, 0, 13, u"    return sorted(found, key=missing)[:limit]  # best first"_s},
                   {u"context"_s, 12, 14, u""_s}}},
        {.header = u"@@ -40,3 +42,3 @@"_s,
         .lines = {{u"context"_s, 40, 42, u"def missing(recipe):"_s},
                   {u"removed"_s, 41, 0, u"    return 0"_s},
                   {u"added"_s, 0, 43, u"    return len(recipe.items) - 12"_s}}}};
    return file;
}

api::FileChange longFile(int lines)
{
    api::FileChange file{.path = u"data/long.json"_s, .status = u"added"_s, .added = lines};
    file.hunks = {{.header = u"@@ -0,0 +1,%1 @@"_s.arg(lines)}};
    for (int i = 1; i <= lines; ++i)
        file.hunks.front().lines.push_back(
            {u"added"_s, 0, i, u"  {\"name\": \"item %1\", \"amount\": %1},"_s.arg(i)});
    return file;
}

} // namespace

void TestChangesPage::init()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer = {.refs = {.project = ProjectId{1}}, .text = u"/p"_s};
    m_node->runs = {{.id = RunId{5}, .number = 2, .flow = u"survey"_s, .project = u"/p"_s},
                    {.id = RunId{6}, .number = 3, .flow = u"tidy-up"_s, .project = u"/p"_s}};
    m_node->worktrees = {{.id = WorktreeId{1},
                          .run = RunId{5},
                          .path = u"/w/survey-2"_s,
                          .branch = u"muster/survey-2"_s,
                          .target = u"main"_s,
                          .state = u"ahead"_s,
                          .filesChanged = 1,
                          .added = 40,
                          .commitsAhead = 1},
                         {.id = WorktreeId{2},
                          .run = RunId{6},
                          .path = u"/w/tidy-up-3"_s,
                          .branch = u"muster/tidy-up-3"_s,
                          .target = u"main"_s,
                          .state = u"dirty"_s,
                          .filesChanged = 4,
                          .added = 48,
                          .removed = 9,
                          .uncommitted = 1,
                          .commitsAhead = 2}};
    m_node->changes.insert(
        WorktreeId{2},
        {pythonFile(),
         {.path = u"larder/shopping_list_with_a_long_name.py"_s,
          .status = u"added"_s,
          .added = 44,
          .hunks = {{.header = u"@@ -0,0 +1 @@"_s, .lines = {{u"added"_s, 0, 1, u"import os"_s}}}}},
         {.path = u"web/old.js"_s, .status = u"deleted"_s, .removed = 7},
         {.path = u"docs/picture.png"_s, .status = u"modified"_s, .binary = true}});
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    QSignalSpy opened(m_context.get(), &ProjectContext::projectChanged);
    m_context->open(u"/p"_s);
    QTRY_COMPARE(opened.count(), 1);
    m_node->answer = {};
}

void TestChangesPage::open(const QSize &size)
{
    m_page = std::make_unique<ChangesPage>(m_feed.get(), m_context.get(), &m_theme);
    m_page->resize(size);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activate();
}

QPushButton *TestChangesPage::button(const QString &text) const
{
    const auto buttons = m_page->findChildren<QPushButton *>();
    const auto found = std::ranges::find(buttons, text, [](const QPushButton *b) { return b->text(); });
    return found == buttons.end() ? nullptr : *found;
}

bool TestChangesPage::shows(const QString &text) const
{
    const auto labels = m_page->findChildren<QLabel *>();
    return std::ranges::any_of(labels,
                               [&](const QLabel *l) { return l->isVisible() && l->text().contains(text); });
}

QDialog *TestChangesPage::dialog() const { return m_page->findChild<QDialog *>(); }

void TestChangesPage::press(QDialog *dialog, QDialogButtonBox::ButtonRole role)
{
    auto *box = dialog->findChild<QDialogButtonBox *>();
    const auto buttons = box->buttons();
    for (QAbstractButton *one : buttons) {
        if (box->buttonRole(one) == role)
            one->click();
    }
}

void TestChangesPage::showsTheFirstWorktreeAndItsDiff()
{
    open();
    QTRY_COMPARE(diff()->path(), u"larder/recipes.py"_s);
    QVERIFY(diff()->toPlainText().contains(u"\n-    return 0\n+    return len(recipe.items) - 12"_s));
    QVERIFY(shows(u"muster/tidy-up-3 → main"_s));
    QVERIFY(shows(u"1 file(s) not committed"_s));
    QCOMPARE(m_context->worktree(), WorktreeId{2});
    QTRY_VERIFY(!diff()->document()->firstBlock().next().layout()->formats().isEmpty());
    testing::takePictures(*m_page, m_theme, u"changes-full"_s);
    m_page->resize(480, 800);
    testing::takePictures(*m_page, m_theme, u"changes-narrow"_s);
    m_context->setRun(RunId{5});
    QTRY_VERIFY(shows(u"muster/survey-2 → main"_s));
    QTRY_VERIFY(shows(u"Nothing is changed"_s));
}

void TestChangesPage::keysMoveThroughFilesAndHunks()
{
    open({1100, 200});
    QTRY_COMPARE(diff()->path(), u"larder/recipes.py"_s);
    QTest::keyClick(diff(), Qt::Key_N);
    QCOMPARE(diff()->textCursor().blockNumber(), diff()->rows().hunks.at(1));
    QTest::keyClick(diff(), Qt::Key_P);
    QCOMPARE(diff()->textCursor().blockNumber(), 0);
    const auto lists = m_page->findChildren<QListView *>();
    const auto files =
        std::ranges::find(lists, m_page->changes(), [](const QListView *l) { return l->model(); });
    QVERIFY(files != lists.end());
    QTest::keyClick(*files, Qt::Key_Down);
    QTRY_COMPARE(diff()->path(), u"larder/shopping_list_with_a_long_name.py"_s);
    QTest::keyClick(*files, Qt::Key_End);
    QTRY_VERIFY(shows(u"A binary file"_s));
}

void TestChangesPage::longDiffOpensAtOnce()
{
    constexpr int lines = 20'000;
    DiffView view;
    view.resize(800, 600);
    view.show();
    const api::FileChange file = longFile(lines);
    QElapsedTimer clock;
    clock.start();
    view.setFile(file);
    view.viewport()->grab();
    const qint64 opened = clock.elapsed();
    QCOMPARE(view.document()->blockCount(), lines + 1);
    clock.restart();
    qint64 worst = 0;
    for (int i = 0; i < 200; ++i) {
        const qint64 before = clock.nsecsElapsed();
        view.verticalScrollBar()->setValue(i * lines / 200);
        view.viewport()->grab();
        worst = std::max(worst, clock.nsecsElapsed() - before);
    }
    qInfo("20 000 lines open in %lld ms, the slowest of 200 jumps %.1f ms", opened,
          static_cast<double>(worst) / 1e6);
    // What is at the end gets its colours too, after the lines before it.
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    QTRY_VERIFY_WITH_TIMEOUT(view.document()->lastBlock().layout()->formats().size() > 1, 30'000);
}

void TestChangesPage::theDiffKeepsItsPlace()
{
    DiffView view;
    view.resize(400, 200);
    view.show();
    api::FileChange file = longFile(500);
    view.setFile(file);
    view.verticalScrollBar()->setValue(300);
    file.hunks.front().lines.push_back({u"added"_s, 0, 501, u"one more"_s});
    view.setFile(file);
    QCOMPARE(view.verticalScrollBar()->value(), 300);
}

void TestChangesPage::mergeSaysWhereAndHow()
{
    open();
    QTRY_VERIFY(shows(u"muster/tidy-up-3 → main"_s));
    button(u"&Merge…"_s)->click();
    QVERIFY(dialog());
    const auto choices = dialog()->findChildren<QRadioButton *>();
    QCOMPARE(choices.size(), 2);
    QVERIFY(choices.front()->isChecked());
    testing::takePictures(*dialog(), m_theme, u"changes-merge"_s);
    press(dialog(), QDialogButtonBox::AcceptRole);
    QTRY_VERIFY(m_node->lastCommand<api::MergeWorktree>());
    QCOMPARE(m_node->lastCommand<api::MergeWorktree>()->worktree, WorktreeId{2});
    QVERIFY(m_node->lastCommand<api::MergeWorktree>()->squash);
    QTRY_VERIFY(shows(u"muster/tidy-up-3 is merged into main."_s));
    m_node->worktrees.clear(); // it was the last one: the page says so where the list was
    m_node->touch(u"worktree.merged"_s);
    QTRY_VERIFY(shows(u"muster/tidy-up-3 is merged into main. No other run has changes that wait."_s));
}

void TestChangesPage::conflictsAreNamed()
{
    open();
    QTRY_VERIFY(shows(u"muster/tidy-up-3 → main"_s));
    m_node->refuseWith =
        Error{.code = ErrorCode::Conflict, .detail = u"conflict"_s, .where = u"a.txt\nb/c.txt"_s};
    button(u"&Merge…"_s)->click();
    press(dialog(), QDialogButtonBox::AcceptRole);
    QTRY_VERIFY(shows(u"both sides changed the same lines of 2 file(s)"_s));
    QVERIFY(shows(u"b/c.txt"_s));
    QVERIFY(button(u"&Merge…"_s)->isEnabled());
    testing::takePictures(*m_page, m_theme, u"changes-conflict"_s);
}

void TestChangesPage::dropNamesWhatIsLost()
{
    m_node->worktrees[1].nested = {u"vendor/lib"_s};
    open();
    QTRY_VERIFY(shows(u"muster/tidy-up-3 → main"_s));
    button(u"&Drop…"_s)->click();
    QVERIFY(dialog());
    const auto labels = dialog()->findChildren<QLabel *>();
    const auto says = [&](const QString &text) {
        return std::ranges::any_of(labels, [&](const QLabel *l) { return l->text().contains(text); });
    };
    QVERIFY(says(u"1 file(s) that are not committed"_s));
    QVERIFY(says(u"2 commit(s)"_s));
    QVERIFY(says(u"vendor/lib"_s));
    testing::takePictures(*dialog(), m_theme, u"changes-drop"_s);
    press(dialog(), QDialogButtonBox::AcceptRole); // not before it is agreed to
    QVERIFY(m_node->submitted.size() == 1);
    dialog()->findChild<QCheckBox *>()->click();
    press(dialog(), QDialogButtonBox::AcceptRole);
    QTRY_VERIFY(m_node->lastCommand<api::DropWorktree>());
    QVERIFY(m_node->lastCommand<api::DropWorktree>()->losingNested);
}

void TestChangesPage::theShellOpensInTheWorktree()
{
    open();
    QTRY_VERIFY(shows(u"muster/tidy-up-3 → main"_s));
    QSignalSpy wanted(m_page.get(), &ChangesPage::terminalWanted);
    const auto buttons = m_page->findChildren<QToolButton *>();
    const auto shell = std::ranges::find(buttons, u"Open a shell in the worktree"_s,
                                         [](const QToolButton *b) { return b->toolTip(); });
    QVERIFY(shell != buttons.end());
    (*shell)->click();
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.front().front().toString(), u"/w/tidy-up-3"_s);
}

void TestChangesPage::whatEndedIsReadOnly_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("fact");
    QTest::addColumn<QString>("why");
    QTest::newRow("merged") << u"merged"_s << QString(40, u'a') << u"as commit aaaaaaaaaaaa"_s
                            << u"It is merged already"_s;
    QTest::newRow("dropped") << u"dropped"_s << u"refs/muster/salvage/tidy-up-3/dropped"_s
                             << u"kept as refs/muster/salvage/tidy-up-3/dropped"_s << u"It was dropped"_s;
}

void TestChangesPage::whatEndedIsReadOnly()
{
    QFETCH(QString, state);
    QFETCH(QString, result);
    QFETCH(QString, fact);
    QFETCH(QString, why);
    m_node->worktrees.erase(m_node->worktrees.begin());
    api::WorktreeInfo &tree = m_node->worktrees.front();
    tree.state = state;
    tree.result = result;
    tree.endedAt = QDateTime::currentMSecsSinceEpoch() - 3'600'000;
    tree.filesChanged = tree.added = tree.removed = tree.uncommitted = tree.commitsAhead = 0;
    open();
    QTRY_COMPARE(diff()->path(), u"larder/recipes.py"_s);
    QVERIFY(shows(fact));
    for (const QString &name : {u"&Merge…"_s, u"&Drop…"_s}) {
        QVERIFY(!button(name)->isEnabled());
        QCOMPARE(button(name)->toolTip(), why);
        QCOMPARE(button(name)->accessibleDescription(), why);
    }
    testing::takePictures(*m_page, m_theme, u"changes-"_s + state);
}

void TestChangesPage::emptyStatesSayWhy()
{
    m_node->worktrees.clear();
    open();
    QTRY_VERIFY(shows(u"No run has changes that wait"_s));
    testing::takePictures(*m_page, m_theme, u"changes-empty"_s);
    m_context->close();
    QTRY_VERIFY(shows(u"No project is open"_s));
}

void TestChangesPage::theKeysGoToTheListWhenChangesCome()
{
    const auto worktrees = std::exchange(m_node->worktrees, {});
    open();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    QTRY_VERIFY(shows(u"No run has changes that wait"_s));
    button(u"Show &ended ones"_s)->setFocus();
    m_node->worktrees = worktrees;
    m_node->touch(u"worktree.created"_s);
    QTRY_COMPARE(QApplication::focusWidget(), m_page->focusTarget());
    QCOMPARE(QApplication::focusWidget()->accessibleName(), u"Worktrees"_s);
}

void TestChangesPage::codeIsReadable_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestChangesPage::codeIsReadable()
{
    QFETCH(bool, dark);
    const ThemeColors &colors = dark ? darkColors() : lightColors();
    for (int role = 0; role <= static_cast<int>(CodeRole::Problem); ++role) {
        for (const QColor &background :
             {colors.surface, colors.addedBackground, colors.removedBackground, colors.sunken})
            QVERIFY2(contrastRatio(codeColor(static_cast<CodeRole>(role), colors), background) >= 4.5,
                     qPrintable(QString::number(role)));
    }
}

void TestChangesPage::everyControlHasAName()
{
    open();
    QTRY_VERIFY(shows(u"muster/tidy-up-3 → main"_s));
    const auto widgets = m_page->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || qobject_cast<QLabel *>(widget))
            continue;
        const auto *accessible = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(),
                 widget->metaObject()->className());
    }
}

QTEST_MAIN(TestChangesPage)
#include "tst_changes_page.moc"
