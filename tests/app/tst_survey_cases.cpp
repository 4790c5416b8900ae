// The survey on repositories in every odd state: a true SURVEY.md, or a refusal that says what is so, what it
// means and what to do, before anything was begun. It never hangs, and the person's own files stay as they
// are.
#include "tests/app/survey_ground.h"

#include <unistd.h>

using namespace muster;
using namespace muster::e2e;
using namespace muster::test;
using namespace Qt::StringLiterals;

#ifdef MUSTER_EVERY_CASE
constexpr bool everyCase = true;
#else
constexpr bool everyCase = false;
#endif

class TestSurveyCases : public QObject {
    Q_OBJECT
private slots:
    void surveys_data();
    void surveys();
    void refuses_data();
    void refuses();
    void readOnlyGit();
    void ownedBySomebodyElse();
    void twoHomes();
};

void TestSurveyCases::surveys_data()
{
    QTest::addColumn<QString>("script"); // in a repository with three files and one commit
    QTest::addColumn<QStringList>("says");
    QTest::addColumn<QStringList>("saysNot");
    const auto row = [](const char *name, const QString &script, const QStringList &says,
                        const QStringList &saysNot = {}) {
        QTest::newRow(name) << script << says << saysNot;
    };
    // Each takes a second or two; the bounded run has those that nothing else covers (CMakeLists.txt).
    const auto slow = [&](const char *name, const QString &script, const QStringList &says,
                          const QStringList &saysNot = {}) {
        if (everyCase)
            row(name, script, says, saysNot);
    };
    const QString three = u"3 files with 9 lines"_s;
    row("plain, and git knows no name", u"true"_s, {three, u"1 commit by 1 author"_s, u"### `src`"_s});
    slow("only an empty commit", u"git rm -qr . && git commit -qm Remove && mkdir -p ."_s,
         {u"0 files"_s, u"no parts to describe"_s});
    slow(
        "shallow clone",
        u"echo >> README.md; git commit -qam two; cd ..; mv shop full; git clone -q --depth 1 file://$OUT/full shop"_s,
        {u"1 commit by 1 author"_s, u"a shallow clone: older commits are not in it"_s});
    row("submodule",
        u"cd ..; git clone -q shop lib; cd shop; git -c protocol.file.allow=always submodule add -q $OUT/lib lib; git commit -qm lib"_s,
        {u"1 repository inside it"_s}, {u"### `lib`"_s});
    slow("detached HEAD", u"git checkout -q --detach"_s, {three});
    row("HEAD is a merge",
        u"git checkout -qb b; git commit -q --allow-empty -m b; git checkout -q main; git merge -q --no-ff --no-edit b; git rev-parse --short=10 HEAD > $OUT/head"_s,
        {three, u"HEAD"_s});
    row("dirty tree",
        u"echo more >> README.md; echo new > new.c; git add new.c; echo x > un.c; rm tests/test_a.py"_s,
        {three, u"### `tests`"_s}, {u"new.c"_s, u"un.c"_s});
    row("odd names",
        u"printf x > $'new\nline.c'; printf x > 'quote\"s'\"'.c\"; printf x > ./-rf; printf x > $(printf "
        u"'l%.0s' $(seq 250)).c; "
        "mkdir -p -- $'nl\ndir' 'do$(touch pwned)`id`' '-dash'; for d in $'nl\ndir' 'do$(touch pwned)`id`' "
        "'-dash'; do "
        "printf 'int z;\n' > \"./$d/z.c\"; done; git add -A; git commit -qm odd"_s,
        {u"10 files"_s, u"### `nl\\ndir`\n"_s, u"### `` do$(touch pwned)`id` ``\n"_s, u"### `-dash`\n"_s});
    row("names that are no UTF-8",
        u"printf x > $'bad\\xff.c'; mkdir $'d\\xfe'; printf x > $'d\\xfe/a.c'; git add -A; git commit -qm odd"_s,
        {three, u"2 files whose names are no UTF-8"_s});
    slow(
        "links in circles",
        u"ln -s b a; ln -s a b; ln -s . self; ln -s .. src/up; ln -s / root; ln -s /etc/passwd passwd; git add -A; git commit -qm links"_s,
        {three, u"6 symbolic links"_s});
    slow(
        "very deep",
        u"p=$(printf 'd/%.0s' $(seq 200)); mkdir -p $p; echo 'int a;' > $p/a.c; git add -A; git commit -qm deep"_s,
        {u"4 files"_s});
    slow("SURVEY.md is there", u"echo 'My own words' > SURVEY.md; git add -A; git commit -qm own"_s,
         {u"# Survey of Shop"_s}, {u"My own words"_s});
    slow("SURVEY.md that git does not know", u"echo 'My own words' > SURVEY.md"_s, {u"# Survey of Shop"_s});
    row("branch of that name",
        u"git checkout -qb muster/survey-1; echo x > mine.c; git add -A; git commit -qm mine; git checkout -q main"_s,
        {three}, {u"mine.c"_s});
    slow("repository and worktree inside",
         u"git worktree add -q inner -b inner; git init -q other; echo x > other/x.c"_s, {three});
    slow("in a linked worktree", u"cd ..; mv shop main; cd main; git worktree add -q $OUT/shop -b other"_s,
         {three});
    slow(
        "hooks",
        u"for h in post-checkout pre-commit; do printf '#!/bin/sh\ntouch $OUT/pwned\nexit 1\n' > .git/hooks/$h; chmod +x .git/hooks/$h; done"_s,
        {three});
    slow("lock of an index, pipe", u"touch .git/index.lock; mkfifo pipe"_s, {three});
    slow("SHA-256",
         u"rm -rf .git; git init -q -b main --object-format=sha256; git add -A; git commit -qm a"_s, {three});
}

void TestSurveyCases::surveys()
{
    QFETCH(QString, script);
    QFETCH(QStringList, says);
    QFETCH(QStringList, saysNot);
    SurveyGround ground;
    QVERIFY(ground.makeShop());
    QVERIFY(ground.prepare(script));
    const auto state = [&]() -> QString {
        return MusterHome::git(ground.project(), {u"status"_s, u"--porcelain"_s, u"--branch"_s}) +
               MusterHome::git(ground.project(), {u"stash"_s, u"list"_s});
    };
    const QString before = state();
    const Finished end = ground.survey();
    QVERIFY2(end.exitCode == 0, end.tail().constData());
    const QString survey = QString::fromUtf8(ground.written());
    QVERIFY2(survey.startsWith(u"# Survey of "_s), survey.toUtf8().constData());
    for (QString text : says) {
        if (text == u"HEAD"_s)
            text = u"stood at commit `"_s + QString::fromUtf8(readFile(ground.root() + u"/head"_s)).trimmed();
        QVERIFY2(survey.contains(text), qPrintable(text + u"\n\n"_s + survey));
    }
    for (const QString &text : saysNot)
        QVERIFY2(!survey.contains(text), qPrintable(text + u"\n\n"_s + survey));
    QCOMPARE(state(), before);
    QVERIFY(!QFile::exists(ground.root() + u"/pwned"_s));
    QVERIFY(!QFile::exists(ground.project() + u"/pwned"_s));
}

void TestSurveyCases::refuses_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("where"); // core's word for it
    QTest::addColumn<QString>("todo");
    const auto row = [](const char *name, const QString &script, const QString &where, const QString &todo) {
        QTest::newRow(name) << script << where << todo;
    };
    row("no commits", u"rm -rf .git; git init -q"_s, u"no_commit"_s, u"git add -A && git commit"_s);
    row("empty repository", u"rm -rf ./* .git; git init -q"_s, u"no_commit"_s, u"git add -A && git commit"_s);
    row("no repository", u"rm -rf .git"_s, u"not_git"_s, u"git init && git add -A && git commit"_s);
    row("empty folder", u"rm -rf ./* .git"_s, u"not_git"_s, u"git init"_s);
    row("no folder", u"cd ..; rm -rf shop"_s, u"no_folder"_s, u"Check how it is written, or make it."_s);
    row("a file", u"cd ..; rm -rf shop; echo x > shop"_s, u"not_a_folder"_s,
        u"choose the one that it is in"_s);
    row("bare", u"cd ..; mv shop full; git clone -q --bare full shop"_s, u"git_folder"_s, u"git clone"_s);
    row("lost its repository", u"rm -rf .git; echo 'gitdir: /nowhere' > .git"_s, u"broken_git_file"_s,
        u"git worktree repair"_s);
    row("HEAD is nonsense", u"echo nonsense > .git/HEAD"_s, u"broken_head"_s, u"git fsck"_s);
    row("objects are gone", u"rm -rf .git/objects/??"_s, u"broken_head"_s, u"git fsck"_s);
    row("branch muster", u"git branch muster"_s, u"branch_in_way"_s, u"git branch -m muster"_s);
}

void TestSurveyCases::refuses()
{
    QFETCH(QString, script);
    QFETCH(QString, where);
    QFETCH(QString, todo);
    SurveyGround ground;
    QVERIFY(ground.makeShop());
    QVERIFY(ground.prepare(script));
    const Finished end = ground.survey();
    QCOMPARE(end.exitCode, 3);
    const QJsonObject error = end.object().value(u"error"_s).toObject();
    QCOMPARE(error.value(u"where"_s).toString(), where);
    const QString text = error.value(u"text"_s).toString();
    QVERIFY2(text.contains(todo), qPrintable(text));
    QVERIFY2(text.contains(ground.project()), qPrintable(text));
    QCOMPARE(QString::fromUtf8(end.err), u"muster: "_s + text + u'\n');
    QVERIFY(!QFile::exists(ground.root() + u"/home/worktrees"_s) ||
            QDir(ground.root() + u"/home/worktrees"_s).isEmpty());
}

void TestSurveyCases::readOnlyGit()
{
    SurveyGround ground;
    QVERIFY(ground.makeShop());
    QVERIFY(ground.prepare(u"chmod -R a-w .git"_s));
    QVERIFY(ground.giveToNobody());
    // A clone below root's own folder is built where nobody else may look.
    for (QDir above(QStringLiteral(MUSTER_BIN_DIR)); ::geteuid() == 0 && !above.isRoot(); above.cdUp()) {
        if (!(QFileInfo(above.absolutePath()).permissions() & QFileDevice::ExeOther))
            QSKIP("the programs cannot be run by another user here");
    }
    const Finished end = ground.survey();
    QVERIFY(ground.prepare(u"chmod -R u+w .git"_s));
    QCOMPARE(end.exitCode, 3);
    QCOMPARE(end.object().value(u"error"_s).toObject().value(u"where"_s).toString(), u"git_read_only"_s);
}

// git itself would refuse to work there (safe.directory); Muster runs nothing that such a repository names.
void TestSurveyCases::ownedBySomebodyElse()
{
    if (::geteuid() != 0)
        QSKIP("only root can give files away");
    SurveyGround ground;
    QVERIFY(ground.makeShop());
    QVERIFY(ground.prepare(u"git config core.fsmonitor \"touch $OUT/pwned\"; chown -R 12345:12345 ."_s));
    const Finished end = ground.survey();
    QVERIFY2(end.exitCode == 0, end.tail().constData());
    QVERIFY(ground.written().contains("3 files with 9 lines"));
    QVERIFY(!QFile::exists(ground.root() + u"/pwned"_s));
}

// Each has its run number 1; the second must not meet the first one's branch.
void TestSurveyCases::twoHomes()
{
    SurveyGround ground;
    QVERIFY(ground.makeShop());
    QCOMPARE(ground.survey().exitCode, 0);
    const QString first = MusterHome::git(ground.project(), {u"rev-parse"_s, u"muster/survey-1"_s});
    QVERIFY(!first.isEmpty());
    QVERIFY(ground.prepare(
        u"mv $OUT/home $OUT/home-before; git worktree repair $OUT/home-before/worktrees/* >/dev/null"_s));
    const Finished end = ground.survey();
    QVERIFY2(end.exitCode == 0, end.tail().constData());
    QCOMPARE(MusterHome::git(ground.project(), {u"rev-parse"_s, u"muster/survey-1"_s}), first);
    QVERIFY(!MusterHome::git(ground.project(), {u"rev-parse"_s, u"muster/survey-1-2"_s}).isEmpty());
}

QTEST_GUILESS_MAIN(TestSurveyCases)
#include "tst_survey_cases.moc"
