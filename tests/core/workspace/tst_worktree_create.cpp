// On which branch a worktree is made, and where none can be.
#include "tests/core/workspace/git_fixture.h"

#include <unistd.h>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

// Another process is half through making a tree until git has died of it once, or was killed there.
class HalfMadeTree : public QProcessGitRunner {
public:
    HalfMadeTree(const QString &repository, bool killed)
        : m_folder(repository + u"/.git/worktrees/other"_s)
        , m_killed(killed)
    {
        QDir().mkpath(m_folder);
        writeFile(m_folder + u"/gitdir", "/elsewhere/other/.git\n");
        writeFile(m_folder + u"/HEAD", "ref: refs/heads/other\n");
        QFile file(m_folder + u"/commondir");
        QVERIFY(file.open(QIODevice::WriteOnly));
        if (killed)
            QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-60),
                                     QFileDevice::FileModificationTime));
    }
    QFuture<Result<GitOutput>> run(GitCommand command) override
    {
        if (command.args.first() == u"worktree"_s) {
            asked += command.args.join(u' ');
            if (asked.size() == 2 && !m_killed)
                writeFile(m_folder + u"/commondir", "../..\n");
        }
        return QProcessGitRunner::run(std::move(command));
    }
    [[nodiscard]] bool isThere() const { return QFile::exists(m_folder); }
    QStringList asked;

private:
    QString m_folder;
    bool m_killed;
};

} // namespace

class TestWorktreeCreate : public QObject {
    Q_OBJECT
private slots:
    void createLeavesOthersBranches_data();
    void createLeavesOthersBranches();
    void stepsStandBesideTheirRun();
    void waitsForATreeThatIsBeingMade_data();
    void waitsForATreeThatIsBeingMade();
    void createLeavesOthersFolders_data();
    void createLeavesOthersFolders();
    void checks_data();
    void checks();
    void checksWritableFolders();
};

void TestWorktreeCreate::createLeavesOthersBranches_data()
{
    QTest::addColumn<QStringList>("made"); // branches that are there before, "+": with a commit of its own
    QTest::addColumn<bool>("checkedOut");  // the first of them, in another worktree
    QTest::addColumn<QString>("branch");
    QTest::newRow("none") << QStringList{} << false << u"muster/12"_s;
    QTest::newRow("left by a killed create") << QStringList{u"muster/12"_s} << false << u"muster/12"_s;
    QTest::newRow("the person's") << QStringList{u"muster/12+"_s} << false << u"muster/12-2"_s;
    QTest::newRow("of another home") << QStringList{u"muster/12"_s} << true << u"muster/12-2"_s;
    QTest::newRow("two") << QStringList{u"muster/12+"_s, u"muster/12-2+"_s} << false << u"muster/12-3"_s;
}

void TestWorktreeCreate::createLeavesOthersBranches()
{
    QFETCH(QStringList, made);
    QFETCH(bool, checkedOut);
    QFETCH(QString, branch);
    Repo repo;
    const auto runner = std::make_shared<QProcessGitRunner>();
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto create = [&] {
        return await(worktrees.create({.project = repo.project(), .run = u"12"_s, .step = {}, .base = {}},
                                      GitTrust::Untrusted));
    };
    QStringList before;
    for (QString name : std::as_const(made)) {
        const bool own = name.endsWith(u'+');
        name.remove(u'+');
        repo.git({u"checkout"_s, u"-q"_s, u"-b"_s, name});
        if (own) {
            writeFile(repo.path(u"mine.txt"_s), "mine");
            repo.commit(u"mine"_s);
        }
        repo.git({u"checkout"_s, u"-q"_s, u"main"_s});
        if (checkedOut)
            repo.git({u"worktree"_s, u"add"_s, u"-q"_s, repo.path(u"../elsewhere-12"_s), name});
        if (own || checkedOut)
            before += repo.git({u"rev-parse"_s, name});
    }
    const auto tree = create();
    QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
    QCOMPARE(tree->branch, branch);
    QCOMPARE(tree->baseCommit, repo.head());
    writeFile(tree->path + u"/new.txt", "work");
    QVERIFY(await(worktrees.commitAll(*tree, {.message = u"step"_s, .author = {}}, GitTrust::Untrusted)));
    QCOMPARE(repo.git({u"log"_s, u"--format=%s"_s, u"main.."_s + branch}), u"step"_s);
    const auto again = create();
    QVERIFY(again);
    QCOMPARE(*again, *tree);
    QStringList after;
    for (QString name : std::as_const(made)) {
        if (name.remove(u'+') != branch)
            after += repo.git({u"rev-parse"_s, name});
    }
    QCOMPARE(after, before);
}

// All at once, as several processes would: git's own locks are all there is between them.
void TestWorktreeCreate::stepsStandBesideTheirRun()
{
    Repo repo;
    const Worktrees worktrees(std::make_shared<QProcessGitRunner>(), repo.worktreeFolder());
    const QStringList steps{{}, u"a"_s, u"b"_s, u"s.0"_s, u"s.1"_s, u"s.2"_s};
    std::vector<QFuture<Result<Worktree>>> making;
    for (const QString &step : steps)
        making.push_back(worktrees.create(
            {.project = repo.project(), .run = u"12"_s, .step = step, .base = {}}, GitTrust::Untrusted));
    QStringList branches;
    for (const auto &one : making) {
        const auto tree = await(one);
        QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
        branches += tree->branch;
        QVERIFY(QFile::exists(tree->path + u"/.git"));
    }
    QCOMPARE(branches, (QStringList{u"muster/12"_s, u"muster/12--a"_s, u"muster/12--b"_s, u"muster/12--s.0"_s,
                                    u"muster/12--s.1"_s, u"muster/12--s.2"_s}));
}

void TestWorktreeCreate::waitsForATreeThatIsBeingMade_data()
{
    QTest::addColumn<bool>("killed");
    QTest::newRow("goes on") << false;
    QTest::newRow("was killed") << true;
}

void TestWorktreeCreate::waitsForATreeThatIsBeingMade()
{
    QFETCH(bool, killed);
    Repo repo;
    const auto runner = std::make_shared<HalfMadeTree>(repo.root(), killed);
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto tree = await(worktrees.create(
        {.project = repo.project(), .run = u"12"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
    QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
    QCOMPARE(runner->asked.at(0), runner->asked.at(1)); // died, and was run again
    QCOMPARE(runner->isThere(), !killed); // git dies of it for ever, and nobody has worked there
    QCOMPARE(tree->branch, u"muster/12"_s);
}

void TestWorktreeCreate::createLeavesOthersFolders_data()
{
    QTest::addColumn<bool>("known"); // git has a tree there, which the store knows as another run's
    QTest::newRow("a folder of another repository") << false;
    QTest::newRow("another run's") << true;
}

void TestWorktreeCreate::createLeavesOthersFolders()
{
    QFETCH(bool, known);
    Repo repo;
    const Worktrees worktrees(std::make_shared<QProcessGitRunner>(), repo.worktreeFolder());
    CreateWorktree wish{.project = repo.project(), .run = u"12"_s, .step = {}, .base = {}};
    const auto first = await(worktrees.create(wish, GitTrust::Untrusted));
    QVERIFY(first);
    if (known) {
        wish.takenPaths = {first->path};
    } else {
        repo.git({u"worktree"_s, u"remove"_s, first->path});
        writeFile(first->path + u"/theirs.txt", "theirs");
    }
    const auto second = await(worktrees.create(wish, GitTrust::Untrusted));
    QVERIFY2(second, qPrintable(second ? QString() : second.error().detail));
    QCOMPARE(second->path, QString(first->path + u"~2"_s));
    QCOMPARE(second->branch, known ? u"muster/12-2"_s : u"muster/12"_s);
    QVERIFY(known || QFile::exists(first->path + u"/theirs.txt"));
}

void TestWorktreeCreate::checks_data()
{
    QTest::addColumn<QString>("script"); // in a repository with a commit
    QTest::addColumn<QString>("why");    // empty: a worktree can be made
    QTest::newRow("all is well") << u"true"_s << QString();
    QTest::newRow("detached") << u"git checkout -q --detach"_s << QString();
    QTest::newRow("packed") << u"git pack-refs --all && git gc -q"_s << QString();
    QTest::newRow("a run's branch") << u"git branch muster/survey-1"_s << QString();
    QTest::newRow("without git") << u"rm -rf .git"_s << u"not_git"_s;
    QTest::newRow("no commit") << u"rm -rf .git && git init -q"_s << u"no_commit"_s;
    QTest::newRow("orphan branch") << u"git checkout -q --orphan other"_s << u"no_commit"_s;
    QTest::newRow("HEAD is nonsense") << u"echo nonsense > .git/HEAD"_s << u"broken_head"_s;
    QTest::newRow("HEAD of no object") << u"printf %040d 1 > .git/HEAD"_s << u"broken_head"_s;
    QTest::newRow("objects are gone") << u"rm -rf .git/objects/??"_s << u"broken_head"_s;
    QTest::newRow("branch muster") << u"git branch muster"_s << u"branch_in_way"_s;
}

void TestWorktreeCreate::checks()
{
    QFETCH(QString, script);
    QFETCH(QString, why);
    Repo repo;
    QProcess shell;
    shell.setWorkingDirectory(repo.root());
    shell.start(u"sh"_s, {u"-c"_s, script});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.exitCode(), 0);
    const auto project = detectProject(repo.root());
    QVERIFY(project);
    const auto can =
        await(checkWorktrees(std::make_shared<QProcessGitRunner>(), *project, GitTrust::Untrusted));
    QVERIFY2(can.has_value() == why.isEmpty(), can ? "" : qPrintable(can.error().detail));
    if (!can) {
        QCOMPARE(can.error().where, why);
        QCOMPARE(can.error().detail, project->root);
    }
}

void TestWorktreeCreate::checksWritableFolders()
{
    if (::geteuid() == 0)
        QSKIP("everything is writable for root; tests/app/tst_survey_cases asks as another user");
    Repo repo;
    const QString folder = repo.path(u".git/refs/heads"_s);
    QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::ExeOwner));
    const auto can =
        await(checkWorktrees(std::make_shared<QProcessGitRunner>(), repo.project(), GitTrust::Untrusted));
    QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(!can);
    QCOMPARE(can.error().where, u"git_read_only"_s);
    QCOMPARE(can.error().detail, folder);
}

QTEST_GUILESS_MAIN(TestWorktreeCreate)
#include "tst_worktree_create.moc"
