// Worktrees on real repositories: made, committed, set aside, dropped, and found again after a crash.
#include "core/workspace/worktree_layout.h"
#include "tests/core/workspace/git_fixture.h"

#include <fstream>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

struct Ground {
    Repo repo;
    std::shared_ptr<QProcessGitRunner> runner = std::make_shared<QProcessGitRunner>();
    Worktrees worktrees{runner, repo.worktreeFolder()};

    Result<Worktree> create(const QString &run, const QString &step = {}) const
    {
        return await(worktrees.create({.project = repo.project(), .run = run, .step = step, .base = {}},
                                      GitTrust::Untrusted));
    }
    Result<CommitResult> commit(const Worktree &tree, const QString &message = u"step"_s) const
    {
        return await(worktrees.commitAll(tree, {.message = message, .author = {}}, GitTrust::Untrusted));
    }
    Result<DropResult> drop(const Worktree &tree, const QString &into = {}) const
    {
        return await(worktrees.drop(tree, u"7"_s, into, GitTrust::Untrusted));
    }
    Result<SalvageResult> salvage(const Worktree &tree, const QString &to) const
    {
        return await(worktrees.salvage(tree, {.run = u"7"_s, .step = u"write"_s, .attempt = 2, .resetTo = to},
                                       GitTrust::Untrusted));
    }
};

} // namespace

class TestWorktrees : public QObject {
    Q_OBJECT
private slots:
    void createMakesBranchAndFolder();
    void createAgainFindsIt();
    void createAfterAKilledCreate();
    void createRefuses();
    void branchesOfOneRunDoNotCollide();
    void commitTakesEverythingButIgnored();
    void commitOfNothingChangesNothing();
    void commitMadeButNotNotedIsFound();
    void commitKeepsOddNames();
    void commitBringsBackAMovedHead();
    void commitKeepsCommitsFromADetachedHead();
    void commitEndsAnInterruptedMerge();
    void commitAfterAKilledCommit();
    void commitLeavesNestedRepositories();
    void statusTellsDirtyAndAhead();
    void salvageSetsAsideAndResets();
    void salvageOfNothing();
    void salvageTwiceKeepsBoth();
    void dropKeepsWhatIsNotMerged();
    void dropOfMergedWorkKeepsNothing();
    void dropTwiceIsHarmless();
    void dropNeverFollowsLinks();
    void dropGetsThroughReadOnlyFolders();
    void swappedGitFileIsNotFollowed();
};

void TestWorktrees::createMakesBranchAndFolder()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
    QCOMPARE(tree->branch, u"muster/12"_s);
    QCOMPARE(tree->path, g.repo.worktreeFolder() + u"/project-12");
    QCOMPARE(tree->baseCommit, g.repo.head());
    QCOMPARE(tree->gitDir, g.repo.path(u".git/worktrees/project-12"_s));
    QCOMPARE(readFile(tree->path + u"/src/a.txt"), "one\ntwo\nthree\n");
    QCOMPARE(g.repo.git({u"branch"_s, u"--show-current"_s}), u"main"_s);
    QCOMPARE(fromJsonObject<Worktree>(toJsonObject(*tree)).value(), *tree);
}

void TestWorktrees::createAgainFindsIt()
{
    Ground g;
    const auto first = g.create(u"12"_s);
    QVERIFY(first);
    writeFile(first->path + u"/new.txt", "work");
    const auto committed = g.commit(*first);
    QVERIFY(committed);
    writeFile(g.repo.path(u"later.txt"_s), "main goes on");
    g.repo.commit(u"later"_s);
    writeFile(first->path + u"/.git", "gitdir: /nowhere\n");
    const auto again = g.create(u"12"_s);
    QVERIFY(again);
    QCOMPARE(*again, *first);
    QCOMPARE(readFile(first->path + u"/new.txt"), "work");
}

void TestWorktrees::createAfterAKilledCreate()
{
    Ground g;
    const auto first = g.create(u"12"_s);
    QVERIFY(first);
    // What a killed `git worktree add` leaves: half the files, no index, locked as initializing.
    QVERIFY(QFile::remove(first->gitDir + u"/index"));
    QVERIFY(QFile::remove(first->path + u"/README.md"));
    writeFile(first->gitDir + u"/locked", "initializing\n");
    const auto again = g.create(u"12"_s);
    QVERIFY2(again, qPrintable(again ? QString() : again.error().detail));
    QCOMPARE(again->branch, first->branch);
    QCOMPARE(readFile(again->path + u"/README.md"), "hello\n");
}

void TestWorktrees::createRefuses()
{
    Ground g;
    const auto code = [&](const ProjectInfo &project, const QString &base) {
        const auto made = await(g.worktrees.create(
            {.project = project, .run = u"1"_s, .step = {}, .base = base}, GitTrust::Untrusted));
        return made ? ErrorCode::Internal : made.error().code;
    };
    ProjectInfo noGit = g.repo.project();
    noGit.isGit = false;
    QCOMPARE(code(noGit, {}), ErrorCode::Unsupported);
    ProjectInfo empty = g.repo.project();
    empty.hasCommit = false;
    QCOMPARE(code(empty, {}), ErrorCode::NotFound);
    QCOMPARE(code(g.repo.project(), u"--upload-pack=x"_s), ErrorCode::InvalidArgument);
    QCOMPARE(code(g.repo.project(), QString(40, u'a')), ErrorCode::NotFound);
    const Worktrees inside(g.runner, g.repo.path(u"trees"_s));
    const auto made = await(inside.create(
        {.project = g.repo.project(), .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::InvalidArgument);
}

void TestWorktrees::branchesOfOneRunDoNotCollide()
{
    Ground g;
    const auto run = g.create(u"12"_s);
    const auto step = g.create(u"12"_s, u"read[3]"_s);
    const auto hostile = g.create(u"--evil; rm -rf ~/../x.lock"_s);
    QVERIFY(run && step && hostile);
    QCOMPARE(step->branch, u"muster/12--read-3-"_s);
    QVERIFY(!hostile->branch.contains(u"/-") && !hostile->branch.contains(u' '));
    QVERIFY(hostile->path.startsWith(g.repo.worktreeFolder() + u'/'));
    QVERIFY(step->gitDir != run->gitDir);
}

void TestWorktrees::commitTakesEverythingButIgnored()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/src/a.txt", "changed\n");
    writeFile(tree->path + u"/deep/er/new.txt", "new\n");
    writeFile(tree->path + u"/.gitignore", "*.o\n");
    writeFile(tree->path + u"/x.o", "object");
    QVERIFY(QFile::remove(tree->path + u"/README.md"));
    QVERIFY(QFile::link(u"/etc/passwd"_s, tree->path + u"/link"));
    const auto result = g.commit(*tree, u"Do it\n\nBecause"_s);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().detail));
    QVERIFY(result->changed);
    QCOMPARE(result->files,
             (QStringList{u".gitignore"_s, u"README.md"_s, u"deep/er/new.txt"_s, u"link"_s, u"src/a.txt"_s}));
    QCOMPARE(g.repo.git({u"rev-parse"_s, u"muster/12"_s}), result->commit);
    QCOMPARE(g.repo.git({u"log"_s, u"-1"_s, u"--format=%an <%ae>|%s|%b"_s, u"muster/12"_s}),
             u"Muster <muster@localhost>|Do it|Because"_s);
    QCOMPARE(Repo::gitIn(tree->path, {u"status"_s, u"--porcelain"_s}), QString());
    QCOMPARE(g.repo.git({u"cat-file"_s, u"-p"_s, u"muster/12:link"_s}), u"/etc/passwd"_s);
}

void TestWorktrees::commitOfNothingChangesNothing()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/src/a.txt", "one\ntwo\nthree\n"); // same content, new time
    const auto result = g.commit(*tree);
    QVERIFY(result);
    QVERIFY(!result->changed);
    QCOMPARE(result->commit, tree->baseCommit);
    QCOMPARE(result->files, QStringList());
}

// Whoever made it died before he could say so; asked again, it is told as it would have been.
void TestWorktrees::commitMadeButNotNotedIsFound()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/new.txt", "new\n");
    const auto made = g.commit(*tree);
    QVERIFY(made);
    const auto again = await(g.worktrees.commitAll(
        *tree, {.message = u"Do it"_s, .author = {}, .since = tree->baseCommit}, GitTrust::Untrusted));
    QVERIFY(again);
    QVERIFY(again->changed);
    QCOMPARE(again->commit, made->commit);
    QCOMPARE(again->files, QStringList{u"new.txt"_s});
    const auto unknown = await(g.worktrees.commitAll(
        *tree, {.message = u"Do it"_s, .author = {}, .since = QString(40, u'a')}, GitTrust::Untrusted));
    QVERIFY(unknown);
    QVERIFY(!unknown->changed);
}

void TestWorktrees::commitKeepsOddNames()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    const QStringList names{u"-rf"_s, u"a b"_s,      u"new\nline"_s, u"tab\t\"quote\""_s,
                            u"añ✓"_s, u":(glob)*"_s, u"--"_s};
    for (const QString &name : names)
        writeFile(tree->path + u'/' + name, "x");
    const QByteArray bytes = QFile::encodeName(tree->path) + "/l\xe9gal"; // a name that is not UTF-8
    QVERIFY(std::ofstream(bytes.constData()).is_open());
    const auto result = g.commit(*tree);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().detail));
    for (const QString &name : names)
        QVERIFY2(result->files.contains(name), qPrintable(name));
    QCOMPARE(result->files.size(), names.size() + 1);
    QCOMPARE(Repo::gitIn(tree->path, {u"status"_s, u"--porcelain"_s}), QString());
    QCOMPARE(remove(bytes.constData()), 0); // QTemporaryDir cannot
}

void TestWorktrees::commitBringsBackAMovedHead()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    Repo::gitIn(tree->path, {u"checkout"_s, u"-q"_s, u"-b"_s, u"elsewhere"_s});
    writeFile(tree->path + u"/own.txt", "by the agent");
    Repo::gitIn(tree->path, {u"add"_s, u"-A"_s});
    Repo::gitIn(tree->path, {u"commit"_s, u"-q"_s, u"-m"_s, u"own"_s});
    writeFile(tree->path + u"/more.txt", "uncommitted");
    const auto result = g.commit(*tree);
    QVERIFY(result && result->changed);
    QCOMPARE(result->files, (QStringList{u"more.txt"_s, u"own.txt"_s}));
    QCOMPARE(Repo::gitIn(tree->path, {u"branch"_s, u"--show-current"_s}), u"muster/12"_s);
    QCOMPARE(g.repo.git({u"rev-list"_s, u"--count"_s, u"main..muster/12"_s}), u"2"_s);
}

void TestWorktrees::commitKeepsCommitsFromADetachedHead()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/first.txt", "1");
    QVERIFY(g.commit(*tree));
    Repo::gitIn(tree->path, {u"checkout"_s, u"-q"_s, u"--detach"_s, tree->baseCommit});
    writeFile(tree->path + u"/second.txt", "2");
    Repo::gitIn(tree->path, {u"add"_s, u"-A"_s});
    Repo::gitIn(tree->path, {u"commit"_s, u"-q"_s, u"-m"_s, u"aside"_s});
    const QString aside = Repo::gitIn(tree->path, {u"rev-parse"_s, u"HEAD"_s});
    const auto result = g.commit(*tree);
    QVERIFY(result && result->changed);
    Repo::gitIn(tree->path, {u"merge-base"_s, u"--is-ancestor"_s, aside, u"muster/12"_s});
    QCOMPARE(Repo::gitIn(tree->path, {u"status"_s, u"--porcelain"_s}), QString());
}

void TestWorktrees::commitEndsAnInterruptedMerge()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/src/a.txt", "theirs\n");
    QVERIFY(g.commit(*tree));
    writeFile(g.repo.path(u"src/a.txt"_s), "ours\n");
    g.repo.commit(u"ours"_s);
    Repo::gitIn(tree->path, {u"merge"_s, u"main"_s}, true);
    QVERIFY(QFile::exists(tree->gitDir + u"/MERGE_HEAD"));
    writeFile(tree->gitDir + u"/index.lock", "");
    const auto result = g.commit(*tree);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().detail));
    QVERIFY(result->changed);
    QVERIFY(operationsUnderWay(tree->gitDir).isEmpty());
    QCOMPARE(Repo::gitIn(tree->path, {u"status"_s, u"--porcelain"_s}), QString());
}

// A git that was killed while it wrote the branch leaves the locks of the branch and of HEAD.
void TestWorktrees::commitAfterAKilledCommit()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    const auto leaveLocks = [&] {
        writeFile(tree->commonDir + u"/refs/heads/muster/12.lock", "");
        writeFile(tree->gitDir + u"/HEAD.lock", "");
    };
    writeFile(tree->path + u"/made.txt", "made\n");
    leaveLocks();
    const auto result = g.commit(*tree);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().detail));
    QCOMPARE(result->files, QStringList{u"made.txt"_s});
    QCOMPARE(Repo::gitIn(tree->path, {u"show"_s, u"muster/12:made.txt"_s}), u"made"_s);
    writeFile(tree->path + u"/more.txt", "more\n");
    leaveLocks();
    writeFile(tree->commonDir + u"/refs/muster/salvage/7/write-2.lock", "");
    const auto saved = g.salvage(*tree, tree->baseCommit);
    QVERIFY2(saved, qPrintable(saved ? QString() : saved.error().detail));
    QCOMPARE(saved->ref, u"refs/muster/salvage/7/write-2"_s);
    QCOMPARE(Repo::gitIn(tree->path, {u"rev-parse"_s, u"muster/12"_s}), tree->baseCommit);
}

void TestWorktrees::commitLeavesNestedRepositories()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    QDir().mkpath(tree->path + u"/vendor/dep");
    Repo::gitIn(tree->path + u"/vendor/dep", {u"init"_s, u"-q"_s});
    writeFile(tree->path + u"/vendor/dep/f", "x");
    writeFile(tree->path + u"/vendor/own", "y");
    const auto result = g.commit(*tree);
    QVERIFY(result);
    QCOMPARE(result->files, QStringList{u"vendor/own"_s});
    QCOMPARE(result->nested, QStringList{u"vendor/dep"_s});
}

void TestWorktrees::statusTellsDirtyAndAhead()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    auto status = await(g.worktrees.status(*tree, GitTrust::Untrusted));
    QVERIFY(status && status->clean());
    QCOMPARE(status->ahead, 0);
    writeFile(tree->path + u"/b.txt", "b");
    QVERIFY(g.commit(*tree));
    writeFile(tree->path + u"/c.txt", "c");
    status = await(g.worktrees.status(*tree, GitTrust::Untrusted));
    QVERIFY(status);
    QCOMPARE(status->ahead, 1);
    QCOMPARE(status->dirty, QStringList{u"c.txt"_s});
}

void TestWorktrees::salvageSetsAsideAndResets()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/kept.txt", "first attempt");
    const auto begin = g.commit(*tree);
    QVERIFY(begin);
    writeFile(tree->path + u"/src/a.txt", "half\n");
    writeFile(tree->path + u"/half.txt", "half");
    writeFile(tree->path + u"/own.txt", "own");
    Repo::gitIn(tree->path, {u"add"_s, u"own.txt"_s});
    Repo::gitIn(tree->path, {u"commit"_s, u"-q"_s, u"-m"_s, u"own commit"_s});
    const auto saved = g.salvage(*tree, begin->commit);
    QVERIFY2(saved, qPrintable(saved ? QString() : saved.error().detail));
    QVERIFY(saved->kept);
    QCOMPARE(saved->ref, u"refs/muster/salvage/7/write-2"_s);
    QCOMPARE(saved->files, (QStringList{u"half.txt"_s, u"own.txt"_s, u"src/a.txt"_s}));
    QCOMPARE(g.repo.git({u"show"_s, saved->ref + u":half.txt"}), u"half"_s);
    QCOMPARE(readFile(tree->path + u"/src/a.txt"), "one\ntwo\nthree\n");
    QCOMPARE(readFile(tree->path + u"/kept.txt"), "first attempt");
    QVERIFY(!QFile::exists(tree->path + u"/half.txt") && !QFile::exists(tree->path + u"/own.txt"));
    QCOMPARE(g.repo.git({u"rev-parse"_s, u"muster/12"_s}), begin->commit);
    QCOMPARE(Repo::gitIn(tree->path, {u"status"_s, u"--porcelain"_s}), QString());
}

void TestWorktrees::salvageOfNothing()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    const auto saved = g.salvage(*tree, tree->baseCommit);
    QVERIFY(saved);
    QVERIFY(!saved->kept);
    QCOMPARE(g.repo.git({u"for-each-ref"_s, u"refs/muster"_s}), QString());
    QVERIFY(!g.salvage(*tree, QString(40, u'b')));
}

void TestWorktrees::salvageTwiceKeepsBoth()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/x", "first");
    QVERIFY(g.salvage(*tree, tree->baseCommit));
    writeFile(tree->path + u"/x", "second");
    const auto second = g.salvage(*tree, tree->baseCommit);
    QVERIFY(second);
    QCOMPARE(second->ref, u"refs/muster/salvage/7/write-2-2"_s);
    QCOMPARE(g.repo.git({u"show"_s, u"refs/muster/salvage/7/write-2:x"_s}), u"first"_s);
    QCOMPARE(g.repo.git({u"show"_s, second->ref + u":x"}), u"second"_s);
}

void TestWorktrees::dropKeepsWhatIsNotMerged()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/committed", "c");
    QVERIFY(g.commit(*tree));
    writeFile(tree->path + u"/uncommitted", "u");
    const auto dropped = g.drop(*tree);
    QVERIFY2(dropped, qPrintable(dropped ? QString() : dropped.error().detail));
    QCOMPARE(dropped->keptRef, u"refs/muster/salvage/7/dropped"_s);
    QCOMPARE(g.repo.git({u"show"_s, dropped->keptRef + u":committed"}), u"c"_s);
    QCOMPARE(g.repo.git({u"show"_s, dropped->keptRef + u":uncommitted"}), u"u"_s);
    QVERIFY(!QFile::exists(tree->path) && !QFile::exists(tree->gitDir));
    QCOMPARE(g.repo.git({u"branch"_s, u"--list"_s, u"muster/*"_s}), QString());
    QVERIFY(g.create(u"12"_s));
}

void TestWorktrees::dropOfMergedWorkKeepsNothing()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/b", "b");
    QVERIFY(g.commit(*tree));
    g.repo.git({u"merge"_s, u"-q"_s, u"--squash"_s, u"muster/12"_s});
    g.repo.commit(u"squashed"_s);
    const auto dropped = g.drop(*tree);
    QVERIFY(dropped);
    QCOMPARE(dropped->keptRef, QString());
    QVERIFY(!QFile::exists(tree->path));
}

void TestWorktrees::dropTwiceIsHarmless()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    writeFile(tree->path + u"/b", "b");
    QVERIFY(g.drop(*tree));
    const auto again = g.drop(*tree);
    QVERIFY2(again, qPrintable(again ? QString() : again.error().detail));
    QCOMPARE(again->keptRef, QString());
}

void TestWorktrees::dropNeverFollowsLinks()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    const QString precious = g.repo.outside(u"precious"_s);
    writeFile(precious + u"/file", "mine");
    QVERIFY(QFile::link(precious, tree->path + u"/folder"));
    QVERIFY(g.drop(*tree));
    QCOMPARE(readFile(precious + u"/file"), "mine");

    const auto second = g.create(u"13"_s);
    QVERIFY(second);
    QVERIFY(removeFolder(second->path));
    QVERIFY(QFile::link(precious, second->path)); // the worktree itself replaced by a link
    QVERIFY(removeFolder(second->path));
    QVERIFY(!QFileInfo(second->path).isSymLink());
    QCOMPARE(readFile(precious + u"/file"), "mine");
}

void TestWorktrees::dropGetsThroughReadOnlyFolders()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    const QString cache = tree->path + u"/cache/mod";
    writeFile(cache + u"/f", "x");
    QVERIFY(QFile::setPermissions(cache, QFile::ReadOwner | QFile::ExeOwner));
    QVERIFY(g.drop(*tree));
    QVERIFY(!QFile::exists(tree->path));
}

void TestWorktrees::swappedGitFileIsNotFollowed()
{
    Ground g;
    const auto tree = g.create(u"12"_s);
    QVERIFY(tree);
    const QString mark = g.repo.outside(u"pwned"_s);
    // The agent puts a repository of its own in place, whose configuration runs a command.
    QVERIFY(QFile::remove(tree->path + u"/.git"));
    Repo::gitIn(tree->path, {u"init"_s, u"-q"_s});
    Repo::gitIn(tree->path, {u"config"_s, u"core.fsmonitor"_s, u"touch "_s + mark});
    Repo::gitIn(tree->path, {u"config"_s, u"filter.x.clean"_s, u"touch "_s + mark});
    writeFile(tree->path + u"/.gitattributes", "* filter=x\n");
    writeFile(tree->path + u"/new", "work");
    // And tells git that its configuration is to be found there too.
    writeFile(tree->gitDir + u"/commondir", QFile::encodeName(tree->path + u"/.git\n"));
    QVERIFY(await(g.worktrees.status(*tree, GitTrust::Untrusted)));
    const auto result = g.commit(*tree);
    QVERIFY2(result, qPrintable(result ? QString() : result.error().detail));
    QCOMPARE(result->files, (QStringList{u".gitattributes"_s, u"new"_s}));
    QVERIFY(g.drop(*tree));
    QVERIFY(!QFile::exists(mark));
}

QTEST_GUILESS_MAIN(TestWorktrees)
#include "tst_worktrees.moc"
