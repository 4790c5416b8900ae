// Merging: what moves, what stays, and that the target is never left half moved.
#include "tests/core/workspace/git_fixture.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

struct Ground {
    Repo repo;
    std::shared_ptr<QProcessGitRunner> runner = std::make_shared<QProcessGitRunner>();
    Worktrees worktrees{runner, repo.worktreeFolder()};
    Worktree tree;

    Ground()
    {
        const auto made = await(worktrees.create(
            {.project = repo.project(), .run = u"12"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
        if (!made)
            qFatal("create: %s", qPrintable(made.error().detail));
        tree = *made;
    }
    void work(const QString &name, const QByteArray &content)
    {
        writeFile(tree.path + u'/' + name, content);
        if (!await(worktrees.commitAll(tree, {.message = u"work"_s, .author = {}}, GitTrust::Untrusted)))
            qFatal("commit");
    }
    Result<MergeReport> merge(const QString &target = {}, MergeMode mode = MergeMode::Squash) const
    {
        return await(
            worktrees.mergeInto(tree, {.target = target, .mode = mode, .message = u"Take it"_s, .author = {}},
                                GitTrust::Untrusted));
    }
    Result<MergeReport> undo(const MergeReport &report) const
    {
        return await(worktrees.undoMerge(tree, report, GitTrust::Untrusted));
    }
    QString status() const { return repo.git({u"status"_s, u"--porcelain"_s}); }
};

// Moves the target between the look and the ref's change, as a person's own commit would.
class RacingRunner : public QProcessGitRunner {
public:
    QFuture<Result<GitOutput>> run(GitCommand command) override
    {
        if (command.args.first() == before && race)
            std::exchange(race, nullptr)();
        return QProcessGitRunner::run(std::move(command));
    }
    QString before;
    std::function<void()> race;
};

} // namespace

class TestMerge : public QObject {
    Q_OBJECT
private slots:
    void squashIntoTheCheckedOutBranch();
    void mergeCommitHasTwoParents();
    void intoABranchThatIsNotCheckedOut();
    void otherDirtyFilesStayAsTheyAre();
    void dirtyFilesInTheWayRefuse_data();
    void dirtyFilesInTheWayRefuse();
    void touchedFilesAreNotInTheWay();
    void underWayOperationRefuses();
    void conflictChangesNothing();
    void nothingToMerge();
    void targetMovedBeforeTheRef();
    void targetMovedBeforeTheFiles();
    void mergeCutShortIsCompletedByTheNext_data();
    void mergeCutShortIsCompletedByTheNext();
    void undoBringsBackTheOld();
    void undoRefusesWhenGoneOn();
    void badTargets_data();
    void badTargets();
};

void TestMerge::squashIntoTheCheckedOutBranch()
{
    Ground g;
    const QString before = g.repo.head();
    g.work(u"new.txt"_s, "new\n");
    g.work(u"src/a.txt"_s, "one\n2\nthree\n");
    const auto report = g.merge();
    QVERIFY2(report, qPrintable(report ? QString() : report.error().detail));
    QCOMPARE(report->outcome, MergeOutcome::Merged);
    QCOMPARE(report->target, u"refs/heads/main"_s);
    QCOMPARE(report->oldCommit, before);
    QCOMPARE(report->treePath, g.repo.root());
    QCOMPARE(report->files, (QStringList{u"new.txt"_s, u"src/a.txt"_s}));
    QCOMPARE(g.repo.head(), report->commit);
    QCOMPARE(g.status(), QString());
    QCOMPARE(readFile(g.repo.path(u"src/a.txt"_s)), "one\n2\nthree\n");
    QCOMPARE(g.repo.git({u"log"_s, u"-1"_s, u"--format=%P|%s"_s}), before + u"|Take it");
    QCOMPARE(fromJsonObject<MergeReport>(toJsonObject(*report))->commit, report->commit);
}

void TestMerge::mergeCommitHasTwoParents()
{
    Ground g;
    g.work(u"new.txt"_s, "new\n");
    writeFile(g.repo.path(u"other.txt"_s), "other\n");
    const QString ours = g.repo.commit(u"other"_s);
    const auto report = g.merge({}, MergeMode::Merge);
    QVERIFY(report);
    QCOMPARE(report->outcome, MergeOutcome::Merged);
    QCOMPARE(g.repo.git({u"log"_s, u"-1"_s, u"--format=%P"_s}),
             ours + u' ' + g.repo.git({u"rev-parse"_s, u"muster/12"_s}));
    QCOMPARE(g.status(), QString());
}

void TestMerge::intoABranchThatIsNotCheckedOut()
{
    Ground g;
    g.repo.git({u"branch"_s, u"release/1.0"_s});
    g.work(u"new.txt"_s, "new\n");
    writeFile(g.repo.path(u"new.txt"_s), "untracked in main's tree");
    const auto report = g.merge(u"release/1.0"_s);
    QVERIFY(report);
    QCOMPARE(report->outcome, MergeOutcome::Merged);
    QCOMPARE(report->treePath, QString());
    QCOMPARE(g.repo.git({u"show"_s, u"release/1.0:new.txt"_s}), u"new"_s);
    QCOMPARE(readFile(g.repo.path(u"new.txt"_s)), "untracked in main's tree");
}

void TestMerge::otherDirtyFilesStayAsTheyAre()
{
    Ground g;
    g.work(u"src/a.txt"_s, "changed\n");
    writeFile(g.repo.path(u"README.md"_s), "my edit\n");
    writeFile(g.repo.path(u"mine.txt"_s), "untracked\n");
    writeFile(g.repo.path(u"staged.txt"_s), "staged\n");
    g.repo.git({u"add"_s, u"staged.txt"_s});
    const QString before = g.status();
    const auto report = g.merge();
    QVERIFY2(report, qPrintable(report ? QString() : report.error().detail));
    QCOMPARE(report->outcome, MergeOutcome::Merged);
    QCOMPARE(g.status(), before);
    QCOMPARE(readFile(g.repo.path(u"README.md"_s)), "my edit\n");
    QCOMPARE(readFile(g.repo.path(u"src/a.txt"_s)), "changed\n");
}

void TestMerge::dirtyFilesInTheWayRefuse_data()
{
    QTest::addColumn<QString>("made"); // by the agent
    QTest::addColumn<QString>("mine"); // by the person, in the main tree
    QTest::addColumn<QString>("ignored");
    QTest::addColumn<bool>("staged");
    QTest::newRow("edited") << u"src/a.txt"_s << u"src/a.txt"_s << QString() << false;
    QTest::newRow("staged") << u"src/a.txt"_s << u"src/a.txt"_s << QString() << true;
    QTest::newRow("untracked") << u"new.txt"_s << u"new.txt"_s << QString() << false;
    QTest::newRow("staged new") << u"new.txt"_s << u"new.txt"_s << QString() << true;
    QTest::newRow("ignored") << u".env"_s << u".env"_s << u".env"_s << false;
    QTest::newRow("ignored folder where a file is to be")
        << u"out"_s << u"out/secret"_s << u"out/"_s << false;
    QTest::newRow("ignored file where a folder is to be") << u"out/x"_s << u"out"_s << u"out"_s << false;
}

void TestMerge::dirtyFilesInTheWayRefuse()
{
    QFETCH(QString, made);
    QFETCH(QString, mine);
    QFETCH(QString, ignored);
    QFETCH(bool, staged);
    Ground g;
    g.work(made, "by the agent\n");
    writeFile(g.repo.path(u".git/info/exclude"_s), ignored.toUtf8());
    writeFile(g.repo.path(mine), "by me\n");
    if (staged)
        g.repo.git({u"add"_s, mine});
    const QString before = g.repo.head();
    const QString status = g.status();
    const auto report = g.merge();
    QVERIFY2(report, qPrintable(report ? QString() : report.error().detail));
    QCOMPARE(report->outcome, MergeOutcome::MainTreeDirty);
    QCOMPARE(report->files, QStringList{made});
    QCOMPARE(report->commit, QString());
    QCOMPARE(g.repo.head(), before);
    QCOMPARE(g.status(), status);
    QCOMPARE(readFile(g.repo.path(mine)), "by me\n");
}

void TestMerge::touchedFilesAreNotInTheWay()
{
    Ground g;
    g.work(u"src/a.txt"_s, "changed\n");
    writeFile(g.repo.path(u"src/a.txt"_s), "one\ntwo\nthree\n"); // as committed, written again
    const auto report = g.merge();
    QVERIFY(report);
    QCOMPARE(report->outcome, MergeOutcome::Merged);
    QCOMPARE(g.status(), QString());
}

void TestMerge::underWayOperationRefuses()
{
    Ground g;
    g.work(u"new.txt"_s, "x");
    writeFile(g.repo.path(u".git/MERGE_HEAD"_s), g.repo.head().toLatin1() + '\n');
    const auto report = g.merge();
    QVERIFY(report);
    QCOMPARE(report->outcome, MergeOutcome::MainTreeDirty);
    QCOMPARE(report->files, QStringList());
}

void TestMerge::conflictChangesNothing()
{
    Ground g;
    g.work(u"src/a.txt"_s, "theirs\n");
    g.work(u"fine.txt"_s, "fine\n");
    writeFile(g.repo.path(u"src/a.txt"_s), "ours\n");
    const QString before = g.repo.commit(u"ours"_s);
    const auto report = g.merge();
    QVERIFY2(report, qPrintable(report ? QString() : report.error().detail));
    QCOMPARE(report->outcome, MergeOutcome::Conflict);
    QCOMPARE(report->files, QStringList{u"src/a.txt"_s});
    QCOMPARE(g.repo.head(), before);
    QCOMPARE(g.status(), QString());
}

void TestMerge::nothingToMerge()
{
    Ground g;
    QCOMPARE(g.merge()->outcome, MergeOutcome::NoChanges);
    g.work(u"new.txt"_s, "x\n");
    QCOMPARE(g.merge()->outcome, MergeOutcome::Merged);
    QCOMPARE(g.merge()->outcome, MergeOutcome::NoChanges);
}

void TestMerge::targetMovedBeforeTheRef()
{
    Ground g;
    g.work(u"new.txt"_s, "x\n");
    g.work(u"src/a.txt"_s, "changed\n");
    const auto racing = std::make_shared<RacingRunner>();
    racing->before = u"update-ref"_s;
    const QString commit =
        g.repo.git({u"commit-tree"_s, u"-m"_s, u"race"_s, u"-p"_s, u"HEAD"_s, u"HEAD^{tree}"_s});
    racing->race = [&] {
        g.repo.git({u"update-ref"_s, u"refs/heads/main"_s, commit});
    };
    const Worktrees worktrees(racing, g.repo.worktreeFolder());
    const auto report = await(worktrees.mergeInto(
        g.tree, {.target = {}, .mode = {}, .message = u"m"_s, .author = {}}, GitTrust::Untrusted));
    QVERIFY2(report, qPrintable(report ? QString() : report.error().detail));
    QCOMPARE(report->outcome, MergeOutcome::TargetMoved);
    QCOMPARE(g.repo.head(), commit);
    QCOMPARE(g.status(), QString());
    QVERIFY(!QFile::exists(g.repo.path(u"new.txt"_s)));
    QCOMPARE(g.merge()->outcome, MergeOutcome::Merged);
}

void TestMerge::targetMovedBeforeTheFiles()
{
    Ground g;
    g.work(u"new.txt"_s, "x\n");
    const auto racing = std::make_shared<RacingRunner>();
    racing->before = u"commit-tree"_s;
    QString theirs;
    racing->race = [&] {
        writeFile(g.repo.path(u"own.txt"_s), "own\n");
        theirs = g.repo.commit(u"own"_s);
    };
    const Worktrees worktrees(racing, g.repo.worktreeFolder());
    const auto report = await(worktrees.mergeInto(
        g.tree, {.target = {}, .mode = {}, .message = u"m"_s, .author = {}}, GitTrust::Untrusted));
    QVERIFY(report);
    QCOMPARE(report->outcome, MergeOutcome::TargetMoved);
    QCOMPARE(g.repo.head(), theirs);
    QCOMPARE(g.status(), QString());
}

void TestMerge::mergeCutShortIsCompletedByTheNext_data()
{
    QTest::addColumn<bool>("indexWritten");
    QTest::newRow("after the files, before the ref") << true;
    QTest::newRow("among the files") << false;
}

void TestMerge::mergeCutShortIsCompletedByTheNext()
{
    QFETCH(bool, indexWritten);
    Ground g;
    g.work(u"new.txt"_s, "x\n");
    g.work(u"late.txt"_s, "y\n");
    g.work(u"src/a.txt"_s, "changed\n");
    if (indexWritten) {
        g.repo.git({u"read-tree"_s, u"-m"_s, u"-u"_s, u"main"_s, u"muster/12"_s});
    } else {
        writeFile(g.repo.path(u"new.txt"_s), "x\n");
        writeFile(g.repo.path(u"src/a.txt"_s), "changed\n");
    }
    QVERIFY(!g.status().isEmpty());
    const auto report = g.merge();
    QVERIFY2(report, qPrintable(report ? QString() : report.error().detail));
    QCOMPARE(report->outcome, MergeOutcome::Merged);
    QCOMPARE(g.status(), QString());
    QCOMPARE(readFile(g.repo.path(u"src/a.txt"_s)), "changed\n");
}

void TestMerge::undoBringsBackTheOld()
{
    Ground g;
    const QString before = g.repo.head();
    g.work(u"deep/new.txt"_s, "x\n");
    const auto report = g.merge();
    QVERIFY(report);
    writeFile(g.repo.path(u"README.md"_s), "dirty\n");
    const auto undone = g.undo(*report);
    QVERIFY(undone);
    QCOMPARE(undone->outcome, MergeOutcome::Merged);
    QCOMPARE(g.repo.head(), before);
    QVERIFY(!QFile::exists(g.repo.path(u"deep"_s)));
    QCOMPARE(readFile(g.repo.path(u"README.md"_s)), "dirty\n");
}

void TestMerge::undoRefusesWhenGoneOn()
{
    Ground g;
    g.work(u"new.txt"_s, "x\n");
    const auto report = g.merge();
    QVERIFY(report);
    writeFile(g.repo.path(u"later.txt"_s), "later\n");
    const QString later = g.repo.commit(u"later"_s);
    QCOMPARE(g.undo(*report)->outcome, MergeOutcome::TargetMoved);
    QCOMPARE(g.repo.head(), later);
}

void TestMerge::badTargets_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("unknown") << u"nowhere"_s << ErrorCode::NotFound;
    QTest::newRow("option") << u"--upload-pack=x"_s << ErrorCode::InvalidArgument;
    QTest::newRow("dash") << u"-evil"_s << ErrorCode::InvalidArgument;
    QTest::newRow("other namespace") << u"refs/tags/v1"_s << ErrorCode::InvalidArgument;
    QTest::newRow("expression") << u"main~1"_s << ErrorCode::InvalidArgument;
    QTest::newRow("itself") << u"muster/12"_s << ErrorCode::InvalidArgument;
}

void TestMerge::badTargets()
{
    QFETCH(QString, target);
    Ground g;
    g.work(u"new.txt"_s, "x");
    const auto report = g.merge(target);
    QVERIFY(!report);
    QTEST(report.error().code, "code");
}

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"
