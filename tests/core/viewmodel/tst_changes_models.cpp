// The worktrees of a project, the files of one, and what merging or dropping says.
#include "core/viewmodel/changes_model.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_changes.h"
#include "core/viewmodel/worktrees_model.h"
#include "tests/support/memory_node.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestChangesModels : public QObject {
    Q_OBJECT
private slots:
    void init();
    void worktreesComeNewestFirstWithTheirRun();
    void unchangedOnesAreFolded();
    void anUpdateKeepsTheRows();
    void filesOfTheChosenWorktree();
    void theOpenFileIsReadAgainWhenItChanges();
    void problems_data();
    void problems();
    void otherProblems();
    void losses();

private:
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
};

void TestChangesModels::init()
{
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer = {.refs = {.project = ProjectId{1}}, .text = u"/p"_s};
    m_node->runs = {{.id = RunId{5}, .number = 2, .flow = u"survey"_s, .project = u"/p"_s}};
    m_node->worktrees = {
        {.id = WorktreeId{1},
         .run = RunId{5},
         .path = u"/w/1"_s,
         .branch = u"muster/a"_s,
         .state = u"dirty"_s},
        {.id = WorktreeId{2}, .path = u"/w/2"_s, .branch = u"muster/b"_s, .state = u"ahead"_s}};
    m_node->changes.insert(
        WorktreeId{2}, {{.path = u"a.txt"_s,
                         .status = u"modified"_s,
                         .added = 2,
                         .removed = 1,
                         .hunks = {{.header = u"@@ -1 +1,2 @@"_s, .lines = {{u"removed"_s, 1, 0, u"x"_s}}}}},
                        {.path = u"b.txt"_s, .status = u"added"_s, .added = 1}});
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    QSignalSpy opened(m_context.get(), &ProjectContext::projectChanged);
    m_context->open(u"/p"_s);
    QTRY_COMPARE(opened.count(), 1);
}

void TestChangesModels::worktreesComeNewestFirstWithTheirRun()
{
    WorktreesModel model(m_feed.get(), m_context.get());
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.at(0).id, WorktreeId{2});
    QCOMPARE(model.index(0).data().toString(), u"muster/b"_s);
    QTRY_COMPARE(model.index(1).data().toString(), u"survey #2"_s);
    QCOMPARE(model.index(0).data(WorktreesModel::StateRole).toString(), u"ahead"_s);
}

void TestChangesModels::unchangedOnesAreFolded()
{
    m_node->worktrees[0].state = u"clean"_s;
    WorktreesModel model(m_feed.get(), m_context.get());
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.at(0).id, WorktreeId{2});
    QCOMPARE(model.unchanged().size(), size_t{1});
    QCOMPARE(model.unchanged().front().id, WorktreeId{1});
    model.setShowEnded(true);
    QTRY_COMPARE(model.rowCount(), 2);
}

void TestChangesModels::anUpdateKeepsTheRows()
{
    WorktreesModel model(m_feed.get(), m_context.get());
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 2);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    m_node->worktrees[0].filesChanged = 7;
    changed.clear();
    m_node->touch(u"worktree.committed"_s);
    QTRY_COMPARE(model.at(1).filesChanged, 7);
    QVERIFY(!changed.isEmpty());
    QVERIFY(reset.isEmpty());
    m_node->worktrees.pop_back();
    m_node->touch(u"worktree.dropped"_s);
    QTRY_COMPARE(model.rowCount(), 1);
}

void TestChangesModels::filesOfTheChosenWorktree()
{
    ChangesModel model(m_feed.get());
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    model.setWorktree(WorktreeId{2});
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0).data(ChangesModel::AddedRole).toInt(), 2);
    QCOMPARE(statusLetter(model.at(1).status), u'A');
    model.setWorktree(WorktreeId{1});
    QCOMPARE(model.rowCount(), 0);
    QTRY_VERIFY(model.isLoaded());
    QCOMPARE(model.rowCount(), 0);
}

void TestChangesModels::theOpenFileIsReadAgainWhenItChanges()
{
    ChangesModel model(m_feed.get());
    model.setActive(true);
    model.setWorktree(WorktreeId{2});
    QSignalSpy file(&model, &ChangesModel::fileLoaded);
    model.openFile(u"a.txt"_s);
    QTRY_COMPARE(file.count(), 1);
    QCOMPARE(file.front().front().value<api::FileChange>().hunks.size(), 1);
    QTRY_VERIFY(model.isLoaded());
    file.clear();
    m_node->touch(u"session.file_changed"_s);
    QTRY_VERIFY(!file.isEmpty());
}

void TestChangesModels::problems_data()
{
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("begins");
    QTest::addColumn<qsizetype>("files");
    QTest::newRow("conflict") << u"conflict"_s << u"Not merged: both sides"_s << qsizetype{2};
    QTest::newRow("dirty") << u"main_tree_dirty"_s << u"Not merged: the project has"_s << qsizetype{2};
    QTest::newRow("moved") << u"target_moved"_s << u"Not merged: the target"_s << qsizetype{0};
    QTest::newRow("nested") << u"nested_repositories"_s << u"There are"_s << qsizetype{2};
    QTest::newRow("under way") << u"under_way"_s << u"It is being"_s << qsizetype{0};
    QTest::newRow("not its turn") << u"merge_turn"_s << u"Not merged: a run is"_s << qsizetype{0};
    QTest::newRow("ended") << u"merged"_s << u"It has ended already: Merged"_s << qsizetype{0};
}

void TestChangesModels::problems()
{
    QFETCH(QString, detail);
    QFETCH(QString, begins);
    QFETCH(qsizetype, files);
    const Error error{.code = ErrorCode::Conflict, .detail = detail, .where = u"a\nb"_s};
    const std::optional<EndingProblem> problem = describeEndingProblem(error);
    QVERIFY(problem);
    QVERIFY2(problem->text.startsWith(begins), qPrintable(problem->text));
    QCOMPARE(problem->files.size(), files);
    const QString told = describe(error); // the command line's way
    QVERIFY2(told.startsWith(problem->text) && told.contains(problem->advice), qPrintable(told));
}

// They are told as any other error.
void TestChangesModels::otherProblems()
{
    const Error conflict{.code = ErrorCode::Conflict, .detail = u"something_else"_s};
    const Error other{.code = ErrorCode::NotFound, .detail = u"conflict"_s};
    for (const Error &error : {conflict, other}) {
        QVERIFY(!describeEndingProblem(error));
        QVERIFY(!describe(error).isEmpty());
    }
}

void TestChangesModels::losses()
{
    QVERIFY(lossesOfDropping({}).isEmpty());
    const QStringList all = lossesOfDropping({.uncommitted = 1, .commitsAhead = 2, .nested = {u"lib/x"_s}});
    QCOMPARE(all.size(), 3);
    QVERIFY(all.last().contains(u"lib/x"_s));
}

QTEST_MAIN(TestChangesModels)
#include "tst_changes_models.moc"
