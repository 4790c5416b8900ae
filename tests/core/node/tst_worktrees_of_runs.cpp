// What runs have changed, as the node tells it: states, and what a merge or a drop must not lose in silence.
#include "tests/core/node/node_harness.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestWorktreesOfRuns : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void committedWorkIsNotUnchanged();
    void nestedRepositoriesAreNamedBeforeTheyGo();
    void whatEndedCanStillBeRead();

private:
    void survey();
    void verifySurveyIsShown(WorktreeId id, const QString &state);
    [[nodiscard]] WorktreeInfo tree();
    static void git(const QString &folder, const QStringList &args);

    std::unique_ptr<NodeHarness> m_node;
    QString m_project;
};

void TestWorktreesOfRuns::initTestCase()
{
    m_node = std::make_unique<NodeHarness>(false);
    const auto opened = m_node->submit(OpenProject{.demo = true});
    QVERIFY(opened);
    m_project = opened->text;
    survey();
}

void TestWorktreesOfRuns::survey()
{
    const auto run = m_node->submit(
        StartRun{.project = m_project, .flow = u"survey"_s, .unattended = true, .approve = true});
    QVERIFY(run);
    const auto detail = m_node->ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
}

WorktreeInfo TestWorktreesOfRuns::tree()
{
    const auto list = m_node->query(ListWorktrees{.project = m_project});
    return list && list->size() == 1 ? list->front() : WorktreeInfo();
}

void TestWorktreesOfRuns::git(const QString &folder, const QStringList &args)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(u"git"_s,
                  QStringList{u"-c"_s, u"user.name=t"_s, u"-c"_s, u"user.email=t@localhost"_s} + args);
    QVERIFY(process.waitForFinished(patienceMs));
    QCOMPARE(process.exitCode(), 0);
}

void TestWorktreesOfRuns::committedWorkIsNotUnchanged()
{
    QCOMPARE(tree().state, u"ahead"_s);
    QCOMPARE(tree().projectPath, m_project);
    QCOMPARE(tree().commitsAhead, 1);
    QFile file(tree().path + u"/more.txt"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("more\n");
    file.close();
    QCOMPARE(tree().state, u"dirty"_s);
    QCOMPARE(tree().uncommitted, 1);
    QVERIFY(file.remove());
    QCOMPARE(tree().state, u"ahead"_s);
}

void TestWorktreesOfRuns::nestedRepositoriesAreNamedBeforeTheyGo()
{
    const WorktreeInfo before = tree();
    const QString inside = before.path + u"/vendor/lib"_s;
    QVERIFY(QDir().mkpath(inside));
    git(inside, {u"init"_s, u"-q"_s});
    git(inside, {u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, u"precious"_s});
    QCOMPARE(tree().nested, QStringList{u"vendor/lib"_s});

    const std::vector<Command> commands{DropWorktree{.worktree = before.id},
                                        MergeWorktree{.worktree = before.id}};
    for (const Command &command : commands) {
        const auto refused = m_node->submit(command);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(refused.error().detail, u"nested_repositories"_s);
        QCOMPARE(refused.error().where, u"vendor/lib"_s);
        QVERIFY(QDir(inside + u"/.git"_s).exists());
    }
    const auto dropped = m_node->submit(DropWorktree{.worktree = before.id, .losingNested = true});
    QVERIFY(dropped);
    QVERIFY(dropped->text.startsWith(u"refs/muster/salvage/"_s));
    QVERIFY(!QDir(before.path).exists());
}

void TestWorktreesOfRuns::verifySurveyIsShown(WorktreeId id, const QString &state)
{
    const auto list = m_node->query(GetChanges{.worktree = id});
    QVERIFY(list);
    QCOMPARE(list->worktree.state, state);
    QCOMPARE(list->worktree.projectPath, m_project);
    QCOMPARE(list->worktree.filesChanged, 1);
    QCOMPARE(list->files.size(), 1U);
    QCOMPARE(list->files.front().path, u"SURVEY.md"_s);
    QVERIFY(list->files.front().hunks.empty());
    const auto file = m_node->query(GetChanges{.worktree = id, .path = u"SURVEY.md"_s});
    QVERIFY(file);
    QCOMPARE(file->files.size(), 1U);
    QVERIFY(!file->files.front().hunks.empty());
    QCOMPARE(m_node->query(GetChanges{.worktree = id, .path = u"nothing"_s}).error().code,
             ErrorCode::NotFound);
}

void TestWorktreesOfRuns::whatEndedCanStillBeRead()
{
    // The one of the test before was dropped.
    const auto all = m_node->query(ListWorktrees{.project = m_project, .activeOnly = false});
    QVERIFY(all);
    QCOMPARE(all->size(), 1U);
    verifySurveyIsShown(all->front().id, u"dropped"_s);

    survey();
    const WorktreeInfo before = tree();
    QVERIFY(m_node->submit(MergeWorktree{.worktree = before.id}));
    verifySurveyIsShown(before.id, u"merged"_s);
}

QTEST_GUILESS_MAIN(TestWorktreesOfRuns)
#include "tst_worktrees_of_runs.moc"
