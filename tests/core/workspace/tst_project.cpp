// What a folder is: root, git directories, stacks; and what trust is bound to.
#include "core/workspace/git_status.h"
#include "core/workspace/trust_hash.h"
#include "tests/core/workspace/git_fixture.h"

#include <sys/stat.h>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestProject : public QObject {
    Q_OBJECT
private slots:
    void gitRepository();
    void folderInsideARepository();
    void linkedWorktreeIsAProject();
    void folderWithoutGit();
    void emptyRepositoryHasNoCommit();
    void packedAndDetachedHeads();
    void refused_data();
    void refused();
    void folders();
    void stacks_data();
    void stacks();
    void dominantStackFirst();
    void hashChangesWithWhatCanAct_data();
    void hashChangesWithWhatCanAct();
    void hashNeverFollowsOrHangs();
    void statusParses_data();
    void statusParses();
};

void TestProject::gitRepository()
{
    Repo repo;
    const auto info = detectProject(repo.root());
    QVERIFY(info);
    QCOMPARE(info->root, repo.root());
    QCOMPARE(info->name, u"project"_s);
    QVERIFY(info->isGit && info->hasCommit && !info->foreignOwner);
    QCOMPARE(info->gitDir, repo.path(u".git"_s));
    QCOMPARE(info->commonDir, info->gitDir);
    QCOMPARE(info->headBranch, u"main"_s);
}

void TestProject::folderInsideARepository()
{
    Repo repo;
    const auto info = detectProject(repo.path(u"src"_s));
    QVERIFY(info);
    QCOMPARE(info->root, repo.root());
}

void TestProject::linkedWorktreeIsAProject()
{
    Repo repo;
    const QString linked = repo.outside(u"linked"_s);
    repo.git({u"worktree"_s, u"add"_s, u"-q"_s, u"-b"_s, u"side"_s, linked});
    const auto info = detectProject(linked);
    QVERIFY2(info, qPrintable(info ? QString() : info.error().detail));
    QCOMPARE(info->gitDir, repo.path(u".git/worktrees/linked"_s));
    QCOMPARE(info->commonDir, repo.path(u".git"_s));
    QCOMPARE(info->headBranch, u"side"_s);
    QVERIFY(info->hasCommit);
    // A worktree of it merges into the branch that is checked out there, not in the main tree.
    const auto runner = std::make_shared<QProcessGitRunner>();
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto tree = await(
        worktrees.create({.project = *info, .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
    QVERIFY(tree);
    writeFile(tree->path + u"/new", "n");
    QVERIFY(await(worktrees.commitAll(*tree, {.message = u"n"_s, .author = {}}, GitTrust::Untrusted)));
    const auto merged = await(worktrees.mergeInto(
        *tree, {.target = {}, .mode = {}, .message = u"m"_s, .author = {}}, GitTrust::Untrusted));
    QVERIFY(merged);
    QCOMPARE(merged->target, u"refs/heads/side"_s);
    QCOMPARE(readFile(linked + u"/new"), "n");
    QVERIFY(!QFile::exists(repo.path(u"new"_s)));
}

void TestProject::folderWithoutGit()
{
    QTemporaryDir folder;
    const auto info = detectProject(folder.path());
    QVERIFY(info);
    QVERIFY(!info->isGit && info->gitDir.isEmpty() && !info->hasCommit);
}

void TestProject::emptyRepositoryHasNoCommit()
{
    QTemporaryDir folder;
    Repo::gitIn(folder.path(), {u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
    const auto info = detectProject(folder.path());
    QVERIFY(info && info->isGit && !info->hasCommit);
    QCOMPARE(info->headBranch, u"main"_s);
}

void TestProject::packedAndDetachedHeads()
{
    Repo repo;
    repo.git({u"pack-refs"_s, u"--all"_s});
    QVERIFY(detectProject(repo.root())->hasCommit);
    repo.git({u"checkout"_s, u"-q"_s, u"--detach"_s});
    const auto info = detectProject(repo.root());
    QVERIFY(info->hasCommit);
    QCOMPARE(info->headBranch, QString());
}

void TestProject::refused_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("why");
    QTest::newRow("missing") << u"nowhere"_s << ErrorCode::NotFound << u"no_folder"_s;
    QTest::newRow("a file") << u"README.md"_s << ErrorCode::NotFound << u"not_a_folder"_s;
    QTest::newRow("a git directory") << u".git"_s << ErrorCode::Unsupported << u"git_folder"_s;
    QTest::newRow("inside a git directory") << u".git/refs"_s << ErrorCode::Unsupported << u"git_folder"_s;
    QTest::newRow("bare") << u"bare"_s << ErrorCode::Unsupported << u"git_folder"_s;
    QTest::newRow("broken .git file") << u"broken"_s << ErrorCode::Unsupported << u"broken_git_file"_s;
}

void TestProject::refused()
{
    QFETCH(QString, path);
    Repo repo;
    repo.git({u"init"_s, u"-q"_s, u"--bare"_s, u"bare"_s});
    writeFile(repo.path(u"broken/.git"_s), "gitdir: /nowhere\n");
    const auto info = detectProject(repo.path(path));
    QVERIFY(!info);
    QTEST(info.error().code, "code");
    QTEST(info.error().where, "why");
}

void TestProject::folders()
{
    Repo repo;
    QVERIFY(requireFolder(repo.root()));
    QVERIFY(requireFolder(repo.path(u".git"_s)));
    QCOMPARE(requireFolder(repo.path(u"README.md"_s)).error().where, u"not_a_folder"_s);
    const Status missing = requireFolder(repo.path(u"nowhere"_s));
    QCOMPARE(missing.error().where, u"no_folder"_s);
    QCOMPARE(missing.error().detail, repo.path(u"nowhere"_s));
}

void TestProject::stacks_data()
{
    QTest::addColumn<QString>("marker");
    QTest::addColumn<QString>("id");
    QTest::newRow("rust") << u"Cargo.toml"_s << u"rust"_s;
    QTest::newRow("node") << u"package.json"_s << u"node"_s;
    QTest::newRow("typescript") << u"tsconfig.json"_s << u"node"_s;
    QTest::newRow("go") << u"go.mod"_s << u"go"_s;
    QTest::newRow("python") << u"pyproject.toml"_s << u"python"_s;
    QTest::newRow("python, old") << u"setup.py"_s << u"python"_s;
    QTest::newRow("ruby") << u"Gemfile"_s << u"ruby"_s;
    QTest::newRow("maven") << u"pom.xml"_s << u"maven"_s;
    QTest::newRow("gradle") << u"build.gradle.kts"_s << u"gradle"_s;
    QTest::newRow("cmake") << u"CMakeLists.txt"_s << u"cmake"_s;
    QTest::newRow("dotnet") << u"App.sln"_s << u"dotnet"_s;
    QTest::newRow("none") << u"notes.txt"_s << QString();
}

void TestProject::stacks()
{
    QFETCH(QString, marker);
    QFETCH(QString, id);
    QTemporaryDir folder;
    writeFile(folder.filePath(marker), "");
    const auto info = detectProject(folder.path());
    QVERIFY(info);
    QCOMPARE(info->stacks.empty() ? QString() : info->stacks.front().id, id);
    if (!id.isEmpty()) {
        QCOMPARE(info->stacks.front().marker, marker);
        QVERIFY(!info->stacks.front().gateCommands.isEmpty());
    }
}

void TestProject::dominantStackFirst()
{
    QTemporaryDir folder;
    writeFile(folder.filePath(u"Cargo.toml"_s), "");
    writeFile(folder.filePath(u"package.json"_s), "");
    writeFile(folder.filePath(u"src/main.rs"_s), "");
    for (int i = 0; i < 3; ++i)
        writeFile(folder.filePath(u"web/%1.ts"_s.arg(i)), "");
    for (int i = 0; i < 9; ++i)
        writeFile(folder.filePath(u"target/%1.rs"_s.arg(i)), ""); // made by tools: does not count
    const auto info = detectProject(folder.path());
    QVERIFY(info);
    QCOMPARE(info->stacks.size(), 2U);
    QCOMPARE(info->stacks[0].id, u"node"_s);
    QCOMPARE(info->stacks[0].sources, 3);
    QCOMPARE(info->stacks[1].sources, 1);
}

void TestProject::hashChangesWithWhatCanAct_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("counts");
    QTest::newRow("flow") << u"flows/a.flow.yaml"_s << true;
    QTest::newRow("flow at the top") << u"a.flow.yaml"_s << true;
    QTest::newRow("profile") << u"agents/x.agent.md"_s << true;
    QTest::newRow("skill script") << u"skills/x/run.sh"_s << true;
    QTest::newRow("settings") << u".muster/settings.yaml"_s << true;
    QTest::newRow("hidden below") << u".muster/a/.b/c"_s << true;
    QTest::newRow("source") << u"src/main.c"_s << false;
    QTest::newRow("notes beside flows") << u"flows/README.md"_s << false;
    QTest::newRow("flow elsewhere") << u"src/deep/a.flow.yaml"_s << false;
}

void TestProject::hashChangesWithWhatCanAct()
{
    QFETCH(QString, file);
    QFETCH(bool, counts);
    QTemporaryDir folder;
    writeFile(folder.filePath(u"flows/base.flow.yaml"_s), "x");
    const QString before = trustHash(folder.path()).value();
    QCOMPARE(trustHash(folder.path()).value(), before);
    writeFile(folder.filePath(file), "1");
    const QString added = trustHash(folder.path()).value();
    QCOMPARE(added != before, counts);
    writeFile(folder.filePath(file), "2");
    QCOMPARE(trustHash(folder.path()).value() != added, counts);
    QCOMPARE(trustedFiles(folder.path())->contains(file), counts);
    QVERIFY(trustHash(folder.path(), {"filter.a.clean=x"}).value() != trustHash(folder.path()).value());
}

void TestProject::hashNeverFollowsOrHangs()
{
    QTemporaryDir folder;
    QTemporaryDir outside;
    writeFile(outside.filePath(u"secret.flow.yaml"_s), "1");
    QVERIFY(QDir(folder.path()).mkpath(u".muster"_s));
    QVERIFY(QFile::link(outside.path(), folder.filePath(u"flows"_s)));
    QVERIFY(QFile::link(folder.path(), folder.filePath(u".muster/loop"_s)));
    QCOMPARE(::mkfifo(QFile::encodeName(folder.filePath(u".muster/pipe"_s)).constData(), 0600), 0);
    const auto before = trustHash(folder.path());
    QVERIFY2(before, qPrintable(before ? QString() : before.error().detail));
    writeFile(outside.filePath(u"secret.flow.yaml"_s), "2");
    QCOMPARE(trustHash(folder.path()).value(), *before);
    QVERIFY(QFile::remove(folder.filePath(u"flows"_s)));
    QVERIFY(QFile::link(u"/elsewhere"_s, folder.filePath(u"flows"_s)));
    QVERIFY(trustHash(folder.path()).value() != *before);
    QCOMPARE(trustHash(folder.filePath(u"missing"_s)).error().code, ErrorCode::NotFound);
}

void TestProject::statusParses_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArrayList>("paths"); // of which '?' or 'u' first where so
    QTest::addColumn<bool>("ok");
    const QByteArray z(1, '\0');
    QTest::newRow("empty") << QByteArray() << QByteArrayList() << true;
    QTest::newRow("modified") << QByteArray("1 .M N... 100644 100644 100644 a a a b c" + z)
                              << QByteArrayList{"a b c"} << true;
    QTest::newRow("untracked") << QByteArray("? x y" + z) << QByteArrayList{"?x y"} << true;
    QTest::newRow("unmerged") << QByteArray("u UU N... 1 1 1 1 a b c f" + z) << QByteArrayList{"uf"} << true;
    QTest::newRow("rename") << QByteArray("2 R. N... 1 1 1 a b R100 new" + z + "old" + z)
                            << QByteArrayList{"new", "old"} << true;
    QTest::newRow("nested repository") << QByteArray("? sub/" + z) << QByteArrayList() << true;
    QTest::newRow("header and ignored")
        << QByteArray("# branch.oid x" + z + "! x" + z) << QByteArrayList() << true;
    QTest::newRow("unknown") << QByteArray("9 x" + z) << QByteArrayList() << false;
    QTest::newRow("short") << QByteArray("1 .M" + z) << QByteArrayList() << false;
}

void TestProject::statusParses()
{
    QFETCH(QByteArray, output);
    QFETCH(bool, ok);
    const auto status = parseStatus(output);
    QCOMPARE(status.has_value(), ok);
    QByteArrayList paths;
    for (const StatusEntry &entry : ok ? status->entries : std::vector<StatusEntry>()) {
        const QByteArray mark = entry.untracked ? "?" : entry.unmerged ? "u" : "";
        paths << mark + entry.path;
    }
    QTEST(paths, "paths");
}

QTEST_GUILESS_MAIN(TestProject)
#include "tst_project.moc"
