// A hostile repository against the commands we use: every setting that can start a program, set to one that
// leaves a mark, and not one mark after a whole life of a worktree. Source of the keys: facts 1i,
// git-config(1).
#include "core/workspace/diff_reader.h"
#include "core/workspace/git_drivers.h"
#include "tests/core/workspace/git_fixture.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestGitHardening : public QObject {
    Q_OBJECT
private slots:
    void nothingRuns_data();
    void nothingRuns();
    void plainGitWouldRun();
    void repositoriesInsideRunNothing();
    void trustedFiltersRunButNotTheWorktrees();
    void driversByName_data();
    void driversByName();
    void unspeakableDriverIsRefused();
    void environmentIsMadeFromNothing();
    void commonDirOfTheMainTreeIsRefused();
    void branchNames_data();
    void branchNames();
    void components_data();
    void components();
};

namespace {

struct Trap {
    const char *key;
    const char *value; // MARK: the program
};

// "MARK" runs a script that leaves a file and fails.
const Trap kTraps[] = {
    {"core.fsmonitor", "MARK"},
    {"core.hooksPath", "HOOKS"},
    {"core.pager", "MARK"},
    {"core.editor", "MARK"},
    {"core.sshCommand", "MARK"},
    {"core.askPass", "MARK"},
    {"core.gitProxy", "MARK"},
    {"core.alternateRefsCommand", "MARK"},
    {"credential.helper", "!MARK"},
    {"commit.gpgSign", "true"},
    {"log.showSignature", "true"},
    {"diff.external", "MARK"},
    {"diff.trap.textconv", "MARK"},
    {"diff.trap.command", "MARK"},
    {"filter.trap.clean", "MARK"},
    {"filter.trap.smudge", "MARK"},
    {"filter.trap.process", "MARK"},
    {"filter.with=equals.clean", "MARK"},
    {"filter.with.dot.clean", "MARK"},
    {"merge.trap.driver", "MARK %A"},
    {"merge.default", "trap"},
    {"pager.diff", "MARK"},
    {"alias.status", "!MARK"},
    {"include.path", "INCLUDED"},
    {"remote.origin.promisor", "true"},
};

// What every operation of ours does, once.
void wholeLife(const Repo &repo, const std::shared_ptr<GitRunner> &runner, GitTrust trust)
{
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto tree =
        await(worktrees.create({.project = repo.project(), .run = u"1"_s, .step = {}, .base = {}}, trust));
    QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
    writeFile(tree->path + u"/src/a.txt", "agent\ntwo\nthree\nfour\n");
    writeFile(tree->path + u"/new.txt", "new\n");
    QVERIFY(await(worktrees.status(*tree, trust)));
    const auto diff = await(DiffReader(runner).worktree(*tree, true, trust));
    QVERIFY2(diff, qPrintable(diff ? QString() : diff.error().detail));
    QVERIFY(await(DiffReader(runner).file(*tree, u"src/a.txt"_s, trust)));
    const auto committed = await(worktrees.commitAll(*tree, {.message = u"w"_s, .author = {}}, trust));
    QVERIFY2(committed, qPrintable(committed ? QString() : committed.error().detail));
    writeFile(tree->path + u"/half.txt", "half\n");
    QVERIFY(await(worktrees.salvage(
        *tree, {.run = u"1"_s, .step = u"s"_s, .attempt = 1, .resetTo = committed->commit}, trust)));
    const auto merged =
        await(worktrees.mergeInto(*tree, {.target = {}, .mode = {}, .message = u"m"_s, .author = {}}, trust));
    QVERIFY2(merged, qPrintable(merged ? QString() : merged.error().detail));
    const auto inside = await(worktrees.mergeInto(
        *tree, {.target = u"ahead"_s, .mode = {}, .message = u"m"_s, .author = {}}, trust));
    QVERIFY2(inside, qPrintable(inside ? QString() : inside.error().detail));
    if (merged->outcome == MergeOutcome::Merged)
        QVERIFY(await(worktrees.undoMerge(*tree, *merged, trust)));
    QVERIFY(await(worktrees.drop(*tree, u"1"_s, {}, trust)));
}

struct HostileRepo : Repo {
    QString mark = outside(u"mark"_s);
    QString script = outside(u"script.sh"_s);

    HostileRepo()
    {
        writeFile(script, "#!/bin/sh\necho \"$0 $@\" >> '" + mark.toUtf8() + "'\ncat\nexit 1\n");
        QFile::setPermissions(script, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        writeFile(path(u".gitattributes"_s), "src/* filter=trap diff=trap merge=trap\n"
                                             "new.txt filter=with=equals\nREADME.md filter=with.dot\n");
        commit(u"attributes"_s);
        // Both sides change the file, so that a merge has to look inside.
        git({u"checkout"_s, u"-q"_s, u"-b"_s, u"ahead"_s});
        writeFile(path(u"src/a.txt"_s), "one\ntwo\nthree\nahead\n");
        commit(u"ahead"_s);
        git({u"checkout"_s, u"-q"_s, u"main"_s});
    }
    void set(const QString &key, const QString &value)
    {
        QString text = value;
        text.replace(u"MARK"_s, script).replace(u"HOOKS"_s, outside(u"hooks"_s));
        text.replace(u"INCLUDED"_s, outside(u"included"_s));
        git({u"config"_s, u"--add"_s, key, text});
    }
    void setTraps(const QString &only)
    {
        for (const QString &hook : {u"post-checkout"_s, u"pre-commit"_s, u"reference-transaction"_s,
                                    u"post-index-change"_s, u"pre-auto-gc"_s, u"fsmonitor-watchman"_s})
            for (const QString &folder : {outside(u"hooks"_s), path(u".git/hooks"_s)}) {
                writeFile(folder + u'/' + hook, readFile(script));
                QFile::setPermissions(folder + u'/' + hook, QFile::ReadOwner | QFile::ExeOwner);
            }
        writeFile(outside(u"included"_s), "[filter \"trap\"]\n clean = " + script.toUtf8() +
                                              "\n[core]\n fsmonitor = " + script.toUtf8() + '\n');
        for (const Trap &trap : kTraps) {
            if (const QString key = QString::fromLatin1(trap.key); only.isEmpty() || key == only)
                set(key, QString::fromLatin1(trap.value));
        }
        if (only == u"merge.default" || only.isEmpty())
            set(u"merge.trap.driver"_s, u"MARK %A"_s);
        if (only == u"remote.origin.promisor" || only.isEmpty()) {
            set(u"remote.origin.url"_s, u"ext::MARK"_s);
            set(u"remote.origin.uploadpack"_s, u"MARK"_s);
            set(u"protocol.ext.allow"_s, u"always"_s);
        }
    }
};

} // namespace

void TestGitHardening::nothingRuns_data()
{
    QTest::addColumn<QString>("key");
    for (const Trap &trap : kTraps)
        QTest::newRow(trap.key) << QString::fromLatin1(trap.key);
    QTest::newRow("all at once") << QString();
}

void TestGitHardening::nothingRuns()
{
    QFETCH(QString, key);
    HostileRepo repo;
    writeFile(repo.path(u"src/a.txt"_s), "one\ntwo\nthree\nand more\n"); // uncommitted, in the main tree
    repo.setTraps(key);
    QFile::remove(repo.mark);
    wholeLife(repo, std::make_shared<QProcessGitRunner>(), GitTrust::Untrusted);
    QVERIFY2(!QFile::exists(repo.mark), readFile(repo.mark).constData());
}

void TestGitHardening::plainGitWouldRun()
{
    HostileRepo repo; // the traps are real: without our arguments they spring
    repo.setTraps(u"filter.trap.clean"_s);
    writeFile(repo.path(u"src/a.txt"_s), "other\n");
    Repo::gitIn(repo.root(), {u"add"_s, u"-A"_s}, true);
    QVERIFY(QFile::exists(repo.mark));
}

void TestGitHardening::repositoriesInsideRunNothing()
{
    HostileRepo repo;
    // A submodule as git knows it, and a repository that an agent makes in its place, with traps of its own.
    repo.git({u"update-index"_s, u"--add"_s, u"--cacheinfo"_s, u"160000"_s, repo.head(), u"sub"_s});
    repo.git({u"commit"_s, u"-q"_s, u"-m"_s, u"submodule"_s});
    const auto runner = std::make_shared<QProcessGitRunner>();
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto tree = await(worktrees.create(
        {.project = repo.project(), .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Trusted));
    QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
    const QString sub = tree->path + u"/sub";
    Repo::gitIn(tree->path, {u"clone"_s, u"-q"_s, repo.root(), sub});
    for (const char *key : {"core.fsmonitor", "filter.trap.clean", "filter.trap.process"})
        Repo::gitIn(sub, {u"config"_s, QString::fromLatin1(key), repo.script});
    writeFile(sub + u"/src/a.txt", "dirty\n");
    writeFile(tree->path + u"/new.txt", "new\n");
    QFile::remove(repo.mark);
    QVERIFY(await(worktrees.status(*tree, GitTrust::Trusted)));
    QVERIFY(await(DiffReader(runner).worktree(*tree, true, GitTrust::Trusted)));
    const auto done = await(worktrees.commitAll(*tree, {.message = u"w"_s, .author = {}}, GitTrust::Trusted));
    QVERIFY2(done, qPrintable(done ? QString() : done.error().detail));
    QVERIFY(await(worktrees.drop(*tree, u"1"_s, {}, GitTrust::Trusted)));
    QVERIFY2(!QFile::exists(repo.mark), readFile(repo.mark).constData());
}

void TestGitHardening::trustedFiltersRunButNotTheWorktrees()
{
    HostileRepo repo;
    const QString good = repo.outside(u"good"_s);
    repo.git({u"config"_s, u"filter.trap.clean"_s, u"touch '%1'; cat"_s.arg(good)});
    const auto runner = std::make_shared<QProcessGitRunner>();
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto tree = await(worktrees.create(
        {.project = repo.project(), .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Trusted));
    QVERIFY(tree);
    // An agent adds to the configuration of its own worktree.
    repo.git({u"config"_s, u"extensions.worktreeConfig"_s, u"true"_s});
    writeFile(tree->gitDir + u"/config.worktree",
              "[filter \"trap\"]\n clean = " + repo.script.toUtf8() + "\n[filter \"own\"]\n clean = " +
                  repo.script.toUtf8() + "\n[core]\n fsmonitor = " + repo.script.toUtf8() + '\n');
    writeFile(tree->path + u"/.gitattributes", "src/* filter=trap\n* filter=own\n");
    writeFile(tree->path + u"/src/a.txt", "changed\n");
    writeFile(tree->path + u"/other", "changed\n");
    QFile::remove(repo.mark);
    QFile::remove(good);
    const auto done = await(worktrees.commitAll(*tree, {.message = u"w"_s, .author = {}}, GitTrust::Trusted));
    QVERIFY2(done, qPrintable(done ? QString() : done.error().detail));
    QVERIFY2(!QFile::exists(repo.mark), readFile(repo.mark).constData());
}

void TestGitHardening::driversByName_data()
{
    QTest::addColumn<QByteArray>("listing");
    QTest::addColumn<GitTrust>("trust");
    QTest::addColumn<QStringList>("overrides");
    const auto entry = [](const char *scope, const QByteArray &setting) -> QByteArray {
        return QByteArray(scope) + '\0' + setting + '\0';
    };
    const QStringList off{u"filter.a.clean="_s, u"filter.a.process="_s, u"filter.a.required=false"_s,
                          u"filter.a.smudge="_s};
    QTest::newRow("none") << entry("local", "user.name\nx") << GitTrust::Untrusted << QStringList();
    QTest::newRow("filter") << entry("local", "filter.a.clean\nevil") << GitTrust::Untrusted << off;
    QTest::newRow("value with newline")
        << entry("local", "filter.a.clean\nx\nfilter.b.clean=y") << GitTrust::Untrusted << off;
    QTest::newRow("driver") << entry("local", "merge.a.driver\nevil") << GitTrust::Untrusted
                            << QStringList{u"merge.a.driver=false"_s};
    QTest::newRow("merge.ff is none")
        << entry("local", "merge.ff\nonly") << GitTrust::Untrusted << QStringList();
    QTest::newRow("trusted local") << entry("local", "filter.a.clean\nlfs") << GitTrust::Trusted
                                   << QStringList();
    QTest::newRow("trusted, changed by the worktree")
        << QByteArray(entry("local", "filter.a.clean\nlfs") + entry("worktree", "filter.a.clean\nevil"))
        << GitTrust::Trusted
        << QStringList{u"filter.a.clean=lfs"_s, u"filter.a.process="_s, u"filter.a.required=false"_s,
                       u"filter.a.smudge="_s};
    QTest::newRow("our own") << entry("command", "filter.a.clean\nx") << GitTrust::Untrusted << QStringList();
}

void TestGitHardening::driversByName()
{
    QFETCH(QByteArray, listing);
    QFETCH(GitTrust, trust);
    const auto drivers = driversFromConfig(listing, trust);
    QVERIFY(drivers);
    QStringList overrides;
    for (const auto &[key, value] : drivers->overrides)
        overrides << QString(key + u'=' + value);
    QTEST(overrides, "overrides");
    QCOMPARE(drivers->personalConfig, trust == GitTrust::Trusted);
}

void TestGitHardening::unspeakableDriverIsRefused()
{
    const QByteArray listing = QByteArray("local") + '\0' + "filter.\xff.clean\nevil" + '\0';
    const auto drivers = driversFromConfig(listing, GitTrust::Untrusted);
    QVERIFY(!drivers);
    QCOMPARE(drivers.error().code, ErrorCode::InvalidArgument);
}

void TestGitHardening::environmentIsMadeFromNothing()
{
    GitCommand command;
    command.gitDir = u"/r/.git"_s;
    const QStringList environment = gitEnvironment(
        command, {u"PATH=.:/usr/bin:bin"_s, u"HOME=/h"_s, u"GIT_DIR=/evil"_s, u"GIT_EXTERNAL_DIFF=x"_s,
                  u"LD_PRELOAD=x"_s, u"XDG_CONFIG_HOME=/x"_s, u"API_KEY=secret"_s});
    QVERIFY(environment.contains(u"PATH=/usr/bin"_s));
    QVERIFY(environment.contains(u"HOME=/h"_s));
    QVERIFY(environment.contains(u"GIT_COMMON_DIR=/r/.git"_s));
    QVERIFY(environment.contains(u"GIT_CONFIG_GLOBAL=/dev/null"_s));
    for (const QString &entry : environment)
        QVERIFY2(!entry.contains(u"evil") && !entry.contains(u"secret") && !entry.startsWith(u"LD_") &&
                     !entry.startsWith(u"XDG") && !entry.startsWith(u"GIT_EXTERNAL"),
                 qPrintable(entry));
    command.personalConfig = true;
    QVERIFY(!gitEnvironment(command, {}).contains(u"GIT_CONFIG_GLOBAL=/dev/null"_s));
}

void TestGitHardening::commonDirOfTheMainTreeIsRefused()
{
    HostileRepo repo;
    writeFile(repo.path(u".git/commondir"_s), "/tmp\n");
    const Worktrees worktrees(std::make_shared<QProcessGitRunner>(), repo.worktreeFolder());
    const auto tree = await(worktrees.create(
        {.project = repo.project(), .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
    QVERIFY(!tree);
    QCOMPARE(tree.error().code, ErrorCode::Corrupt);
}

void TestGitHardening::branchNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("full"); // empty: refused
    QTest::newRow("plain") << u"main"_s << u"refs/heads/main"_s;
    QTest::newRow("slash") << u"a/b"_s << u"refs/heads/a/b"_s;
    QTest::newRow("full") << u"refs/heads/x"_s << u"refs/heads/x"_s;
    QTest::newRow("unicode") << u"añb"_s << u"refs/heads/añb"_s;
    int number = 0;
    for (const QString &bad :
         {u""_s,      u"-x"_s,          u"a/-x"_s,       u"HEAD"_s,         u"a..b"_s, u".a"_s,
          u"a/.b"_s,  u"a.lock"_s,      u"a.lock/b"_s,   u"a b"_s,          u"a~b"_s,  u"a^b"_s,
          u"a:b"_s,   u"a?b"_s,         u"a*b"_s,        u"a[b"_s,          u"a\\b"_s, u"a\nb"_s,
          u"a\x7f"_s, u"a/"_s,          u"/a"_s,         u"a//b"_s,         u"a."_s,   u"@"_s,
          u"a@{b"_s,  u"refs/tags/x"_s, u"refs/heads"_s, QString(300, u'a')})
        QTest::addRow("bad %lld", qlonglong(number++)) << bad << QString();
}

void TestGitHardening::branchNames()
{
    QFETCH(QString, name);
    const auto full = fullBranchRef(name);
    QTEST(full.value_or(QString()), "full");
}

void TestGitHardening::components_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("clean");
    QTest::newRow("number") << u"12"_s << u"12"_s;
    QTest::newRow("index") << u"read[3]"_s << u"read-3-"_s;
    QTest::newRow("traversal") << u"../../etc"_s << u"etc"_s;
    QTest::newRow("dots") << u"a..b..."_s << u"a.-b.-"_s;
    QTest::newRow("option") << u"--force"_s << u"force"_s;
    QTest::newRow("lock") << u"a.lock"_s << u"a.loc"_s;
    QTest::newRow("empty") << QString() << u"x"_s;
    QTest::newRow("other letters") << u"añ✓"_s << u"a--"_s;
}

void TestGitHardening::components()
{
    QFETCH(QString, text);
    QTEST(refComponent(text), "clean");
    QVERIFY(isSafeRefName(u"refs/heads/" + refComponent(text)));
}

QTEST_GUILESS_MAIN(TestGitHardening)
#include "tst_git_hardening.moc"
