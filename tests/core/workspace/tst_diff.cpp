// Diffs: parsed from git's own output, read from a real worktree, bounded whatever is in the files.
#include "core/workspace/diff_parser.h"
#include "core/workspace/diff_reader.h"
#include "tests/core/workspace/git_fixture.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

struct Ground {
    Repo repo;
    std::shared_ptr<QProcessGitRunner> runner = std::make_shared<QProcessGitRunner>();
    Worktree tree;

    Ground()
    {
        const Worktrees worktrees(runner, repo.worktreeFolder());
        const auto made = await(worktrees.create(
            {.project = repo.project(), .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
        if (!made)
            qFatal("create: %s", qPrintable(made.error().detail));
        tree = *made;
    }
    void write(const QString &name, const QByteArray &content) const
    {
        writeFile(tree.path + u'/' + name, content);
    }
    Result<DiffSet> diff(bool hunks = true, DiffLimits limits = {}) const
    {
        return await(DiffReader(runner, limits).worktree(tree, hunks, GitTrust::Untrusted));
    }
};

const FileDiff *fileOf(const DiffSet &set, const QString &path)
{
    const auto it = std::ranges::find(set.files, path, &FileDiff::path);
    return it == set.files.end() ? nullptr : &*it;
}

std::vector<FileDiff> parsed(const QByteArray &patch, const DiffLimits &limits = {})
{
    std::vector<FileDiff> files(1);
    files[0].path = u"f"_s;
    fillHunks(files, patch, limits);
    return files;
}

const QByteArray kHead = "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n";

} // namespace

class TestDiff : public QObject {
    Q_OBJECT
private slots:
    void modifiedFileWithNumbers();
    void everyKindOfChange();
    void committedAndNotAreOneDiff();
    void oddNamesKeepTheirHunks();
    void oneFileAlone();
    void longLinesAndFilesAreCut();
    void manyBytesAreCut();
    void largeUntrackedIsListedOnly();
    void readingLeavesTheWorktreeAlone();
    void betweenCommits();
    void recordedTakesWhatIsStillThere();
    void contentThatLooksLikeAHeader();
    void malformedLists_data();
    void malformedLists();
    void hostilePatches_data();
    void hostilePatches();
    void roundTrip();
};

void TestDiff::modifiedFileWithNumbers()
{
    Ground g;
    g.write(u"src/a.txt"_s, "one\n2\nthree\nfour");
    const auto set = g.diff();
    QVERIFY2(set, qPrintable(set ? QString() : set.error().detail));
    QCOMPARE(set->files.size(), 1U);
    const FileDiff &file = set->files.front();
    QCOMPARE(file.status, FileStatus::Modified);
    QCOMPARE(file.added, 2);
    QCOMPARE(file.removed, 1);
    QVERIFY(!file.binary && !file.truncated);
    QCOMPARE(file.hunks.size(), 1U);
    QCOMPARE(file.hunks[0].header, u"@@ -1,3 +1,4 @@"_s);
    const std::vector<DiffLine> expected{
        {.kind = DiffLineKind::Context, .oldNo = 1, .newNo = 1, .text = u"one"_s},
        {.kind = DiffLineKind::Removed, .oldNo = 2, .newNo = 0, .text = u"two"_s},
        {.kind = DiffLineKind::Added, .oldNo = 0, .newNo = 2, .text = u"2"_s},
        {.kind = DiffLineKind::Context, .oldNo = 3, .newNo = 3, .text = u"three"_s},
        {.kind = DiffLineKind::Added, .oldNo = 0, .newNo = 4, .text = u"four"_s},
        {.kind = DiffLineKind::NoNewline, .oldNo = 0, .newNo = 0, .text = {}},
    };
    QVERIFY(file.hunks[0].lines == expected);
}

void TestDiff::everyKindOfChange()
{
    Ground g;
    g.write(u"new.txt"_s, "n\n");
    g.write(u"empty"_s, "");
    g.write(u"binary"_s, QByteArray("a\0b\xff\xfe", 5));
    g.write(u"latin1"_s, "caf\xe9\n");
    QVERIFY(QFile::remove(g.tree.path + u"/README.md"));
    QVERIFY(QFile::link(u"/etc/passwd"_s, g.tree.path + u"/README.md"));
    QVERIFY(QFile::rename(g.tree.path + u"/src/a.txt", g.tree.path + u"/src/b.txt"));
    const auto set = g.diff();
    QVERIFY2(set, qPrintable(set ? QString() : set.error().detail));
    QCOMPARE(set->files.size(), 6U);
    const FileDiff *link = fileOf(*set, u"README.md"_s);
    QVERIFY(link);
    QCOMPARE(link->status, FileStatus::TypeChanged);
    QCOMPARE(link->hunks.size(), 2U); // out and in again
    QCOMPARE(link->hunks[1].lines[0].text, u"/etc/passwd"_s);
    const FileDiff *binary = fileOf(*set, u"binary"_s);
    QVERIFY(binary && binary->binary && binary->hunks.empty());
    const FileDiff *empty = fileOf(*set, u"empty"_s);
    QVERIFY(empty && empty->status == FileStatus::Added && empty->hunks.empty() && !empty->truncated);
    const FileDiff *latin = fileOf(*set, u"latin1"_s);
    QVERIFY(latin);
    QCOMPARE(latin->hunks[0].lines[0].text, u"caf\ufffd"_s);
    const FileDiff *renamed = fileOf(*set, u"src/b.txt"_s);
    QVERIFY(renamed);
    QCOMPARE(renamed->status, FileStatus::Renamed);
    QCOMPARE(renamed->oldPath, u"src/a.txt"_s);
    const FileDiff *added = fileOf(*set, u"new.txt"_s);
    QVERIFY(added);
    QCOMPARE(added->hunks[0].lines[0].text, u"n"_s);
}

void TestDiff::committedAndNotAreOneDiff()
{
    Ground g;
    const Worktrees worktrees(g.runner, g.repo.worktreeFolder());
    g.write(u"first"_s, "1\n");
    QVERIFY(await(worktrees.commitAll(g.tree, {.message = u"1"_s, .author = {}}, GitTrust::Untrusted)));
    g.write(u"second"_s, "2\n");
    const auto set = g.diff(false);
    QVERIFY(set);
    QCOMPARE(set->files.size(), 2U);
    QVERIFY(set->files[0].hunks.empty());
    QCOMPARE(set->base, g.tree.baseCommit);
}

void TestDiff::oddNamesKeepTheirHunks()
{
    Ground g;
    const QStringList names{u"-p"_s,  u"a b"_s,     u"new\nline"_s, u"diff --git a b"_s,
                            u"añ✓"_s, u"\"q\"\t"_s, u":x"_s};
    for (const QString &name : names)
        g.write(name, name.toUtf8() + '\n');
    const auto set = g.diff();
    QVERIFY(set);
    QCOMPARE(set->files.size(), std::size_t(names.size()));
    for (const QString &name : names) {
        const FileDiff *file = fileOf(*set, name);
        QVERIFY2(file, qPrintable(name));
        QCOMPARE(file->hunks[0].lines[0].text, name.section(u'\n', 0, 0));
        const auto alone = await(DiffReader(g.runner).file(g.tree, name, GitTrust::Untrusted));
        QVERIFY2(alone, qPrintable(name));
        QVERIFY(*alone == *file);
    }
}

void TestDiff::oneFileAlone()
{
    Ground g;
    g.write(u"x"_s, "x\n");
    QVERIFY(QFile::rename(g.tree.path + u"/src/a.txt", g.tree.path + u"/moved.txt"));
    const DiffReader reader(g.runner);
    const auto moved = await(reader.file(g.tree, u"moved.txt"_s, GitTrust::Untrusted));
    QVERIFY(moved);
    QCOMPARE(moved->oldPath, u"src/a.txt"_s);
    const auto none = await(reader.file(g.tree, u"README.md"_s, GitTrust::Untrusted));
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::NotFound);
}

void TestDiff::longLinesAndFilesAreCut()
{
    Ground g;
    g.write(u"line"_s, QByteArray(100'000, 'x') + "\nshort\n");
    g.write(u"lines"_s, QByteArray("y\n").repeated(50'000));
    const auto set = g.diff(true, {.fileBytes = 10'000, .lineBytes = 100});
    QVERIFY(set);
    QVERIFY(set->files[0].truncated && set->files[1].truncated);
    QCOMPARE(set->files[0].hunks[0].lines[0].text.size(), 100);
    QVERIFY(set->files[1].hunks[0].lines.size() < 5'001U);
    QCOMPARE(set->files[1].added, 50'000);
}

void TestDiff::manyBytesAreCut()
{
    Ground g;
    for (int i = 0; i < 20; ++i)
        g.write(u"f%1"_s.arg(i, 2, 10, QChar(u'0')), QByteArray("z\n").repeated(1'000));
    const auto set = g.diff(true, {.patchBytes = 5'000});
    QVERIFY2(set, qPrintable(set ? QString() : set.error().detail));
    QCOMPARE(set->files.size(), 20U);
    QVERIFY(!set->files[0].truncated);
    QVERIFY(set->files[2].truncated); // the one in which it was cut
    QVERIFY(set->files[19].truncated && set->files[19].hunks.empty());
    const auto few = g.diff(false, {.files = 3});
    QVERIFY(few && few->truncated);
    QCOMPARE(few->files.size(), 3U);
}

void TestDiff::largeUntrackedIsListedOnly()
{
    Ground g;
    g.write(u"huge"_s, QByteArray(5'000, 'h'));
    const auto set = g.diff(true, {.untrackedBytes = 1'000});
    QVERIFY(set);
    QCOMPARE(set->files.size(), 1U);
    QVERIFY(set->files[0].truncated && set->files[0].hunks.empty());
}

void TestDiff::readingLeavesTheWorktreeAlone()
{
    Ground g;
    g.write(u"new"_s, "n\n");
    const QByteArray index = readFile(g.tree.gitDir + u"/index");
    const QString before = Repo::gitIn(g.tree.path, {u"status"_s, u"--porcelain"_s});
    const QByteArray refreshed = readFile(g.tree.gitDir + u"/index");
    QVERIFY(g.diff());
    QVERIFY(readFile(g.tree.gitDir + u"/index") == refreshed);
    QCOMPARE(Repo::gitIn(g.tree.path, {u"status"_s, u"--porcelain"_s}), before);
    QVERIFY(!index.isEmpty());
}

void TestDiff::betweenCommits()
{
    Ground g;
    const QString from = g.repo.head();
    writeFile(g.repo.path(u"x"_s), "x\n");
    const QString to = g.repo.commit(u"x"_s);
    const DiffReader reader(g.runner);
    const auto set = await(reader.between(placeOf(g.repo.project()), from, to, true));
    QVERIFY(set);
    QCOMPARE(set->files.size(), 1U);
    const auto refused = await(reader.between(placeOf(g.repo.project()), u"--output=/tmp/x"_s, to, true));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
}

void TestDiff::recordedTakesWhatIsStillThere()
{
    Ground g;
    const QString base = g.repo.head();
    writeFile(g.repo.path(u"x"_s), "x\n");
    const QString first = g.repo.commit(u"x"_s);
    writeFile(g.repo.path(u"y"_s), "y\n");
    const QString second = g.repo.commit(u"y"_s);
    Repo::gitIn(g.repo.project().root, {u"update-ref"_s, u"refs/muster/salvage/one/dropped"_s, second});
    const GitPlace place = placeOf(g.repo.project());
    const DiffReader reader(g.runner);
    const QString gone(40, u'1');
    const auto kept = await(reader.recorded(place,
                                            {{.from = base, .to = gone},
                                             {.from = base, .to = u"refs/muster/salvage/nothing/here"_s},
                                             {.from = base, .to = u"refs/muster/salvage/one/dropped"_s}},
                                            {}));
    QVERIFY(kept);
    QCOMPARE(kept->base, base);
    QCOMPARE(kept->head, second);
    QCOMPARE(kept->files.size(), 2U);
    QVERIFY(kept->files.front().hunks.empty());
    // Without a beginning: what this one commit did.
    const auto one = await(reader.recorded(place, {{.from = {}, .to = second}}, u"y"_s));
    QVERIFY(one);
    QCOMPARE(one->base, first);
    QCOMPARE(one->files.size(), 1U);
    QCOMPARE(one->files.front().hunks.size(), 1U);
    for (const auto &[to, path] : {std::pair{gone, QString()}, std::pair{second, u"nothing"_s}}) {
        const auto missing = await(reader.recorded(place, {{.from = base, .to = to}}, path));
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }
    QCOMPARE(await(reader.recorded(place, {}, {})).error().code, ErrorCode::NotFound);
    QCOMPARE(await(reader.recorded(place, {{.from = base, .to = u"--output=/tmp/x"_s}}, {})).error().code,
             ErrorCode::InvalidArgument);
}

void TestDiff::contentThatLooksLikeAHeader()
{
    Ground g;
    g.write(u"a"_s, "diff --git a/x b/x\n@@ -1 +1 @@\nBinary files differ\n");
    g.write(u"b"_s, "b\n");
    const auto set = g.diff();
    QVERIFY(set);
    QCOMPARE(set->files.size(), 2U);
    QVERIFY(!set->files[0].binary);
    QCOMPARE(set->files[0].hunks.size(), 1U);
    QCOMPARE(set->files[0].hunks[0].lines.size(), 3U);
    QCOMPARE(set->files[1].hunks[0].lines[0].text, u"b"_s);
}

void TestDiff::malformedLists_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::newRow("no status") << QByteArray(":100644 100644 a b \0f\0", 22);
    QTest::newRow("unknown status") << QByteArray(":100644 100644 a b Q\0f\0", 23);
    QTest::newRow("no name") << QByteArray(":100644 100644 a b M");
    QTest::newRow("text") << QByteArray("fatal: what");
}

void TestDiff::malformedLists()
{
    QFETCH(QByteArray, output);
    const auto files = parseFileList(output);
    QVERIFY(!files);
    QCOMPARE(files.error().code, ErrorCode::Protocol);
}

void TestDiff::hostilePatches_data()
{
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<int>("hunks");
    QTest::addColumn<int>("lines");
    QTest::newRow("empty") << QByteArray() << 0 << 0;
    QTest::newRow("only a header") << kHead << 0 << 0;
    QTest::newRow("no numbers") << QByteArray(kHead + "@@ @@\n+x\n") << 1 << 1;
    QTest::newRow("huge numbers") << QByteArray(kHead + "@@ -99999999999999999999,1 +1 @@\n-x\n") << 1 << 1;
    QTest::newRow("cut in a line") << QByteArray(kHead + "@@ -1 +1 @@\n-x") << 1 << 1;
    QTest::newRow("NUL bytes") << QByteArray(kHead + "@@ -1 +1 @@\n-" + QByteArray(3, '\0') + "\n+y\n") << 1
                               << 2;
    QTest::newRow("carriage returns") << QByteArray(kHead + "@@ -1 +1 @@\n-x\r\n+y\r\n") << 1 << 2;
    QTest::newRow("empty lines") << QByteArray(kHead + "@@ -1 +1 @@\n\n\n+y\n") << 1 << 1;
    QTest::newRow("noise first") << QByteArray("warning: x\n" + kHead + "@@ -1 +1 @@\n+y\n") << 1 << 1;
}

void TestDiff::hostilePatches()
{
    QFETCH(QByteArray, patch);
    const std::vector<FileDiff> files = parsed(patch);
    QTEST(int(files[0].hunks.size()), "hunks");
    QTEST(files[0].hunks.empty() ? 0 : int(files[0].hunks[0].lines.size()), "lines");
}

void TestDiff::roundTrip()
{
    Ground g;
    g.write(u"src/a.txt"_s, "one\n2\n");
    const auto set = g.diff();
    QVERIFY(set);
    const auto back = fromJsonObject<DiffSet>(toJsonObject(*set));
    QVERIFY(back);
    QVERIFY(back->files == set->files);
}

QTEST_GUILESS_MAIN(TestDiff)
#include "tst_diff.moc"
