// The product's git runner on real processes: results, caps, time limits, and what happens at the end.
#include "core/node/adapters/process_git_runner.h"
#include "tests/core/workspace/git_fixture.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestProcessGitRunner : public QObject {
    Q_OBJECT
private slots:
    void outputAndExitCode();
    void largeInput();
    void cappedOutputEndsTheProcess();
    void timeLimit();
    void missingGit();
    void manyAtOnce();
    void endOfTheRunnerCancels();
    void wholeWorktree();

private:
    static GitCommand in(const Repo &repo, const QStringList &args)
    {
        GitCommand command;
        command.args = args;
        command.gitDir = repo.path(u".git"_s);
        command.workTree = repo.root();
        return command;
    }
    // Runs `script` in place of git.
    static QString program(const Repo &repo, const QByteArray &script)
    {
        const QString path = repo.outside(u"fake-git"_s);
        writeFile(path, "#!/bin/sh\n" + script);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path;
    }
    QStringList m_environment = QProcess::systemEnvironment();
};

void TestProcessGitRunner::outputAndExitCode()
{
    Repo repo;
    ProcessGitRunner runner(m_environment);
    const auto head = await(runner.run(in(repo, {u"rev-parse"_s, u"HEAD"_s})));
    QVERIFY(head);
    QCOMPARE(QString::fromLatin1(head->out.trimmed()), repo.head());
    QCOMPARE(head->exitCode, 0);
    const auto bad = await(runner.run(in(repo, {u"rev-parse"_s, u"--verify"_s, u"nowhere"_s})));
    QVERIFY(bad);
    QCOMPARE(bad->exitCode, 128);
    QVERIFY(bad->err.contains("fatal"));
}

void TestProcessGitRunner::largeInput()
{
    Repo repo;
    ProcessGitRunner runner(m_environment);
    GitCommand command = in(repo, {u"hash-object"_s, u"--stdin"_s});
    command.input = QByteArray(5'000'000, 'x');
    const auto hash = await(runner.run(command));
    QVERIFY(hash);
    QCOMPARE(hash->out.trimmed().size(), 40);
}

void TestProcessGitRunner::cappedOutputEndsTheProcess()
{
    Repo repo;
    ProcessGitRunner runner(m_environment, program(repo, "while :; do echo flood; done\n"));
    GitCommand command = in(repo, {u"log"_s});
    command.outputCap = 1000;
    const auto output = await(runner.run(command));
    QVERIFY(output);
    QVERIFY(output->truncated);
    QCOMPARE(output->out.size(), 1000);
}

void TestProcessGitRunner::timeLimit()
{
    Repo repo;
    ProcessGitRunner runner(m_environment, program(repo, "exec sleep 1000\n"));
    GitCommand command = in(repo, {u"log"_s});
    command.timeoutMs = 50;
    const auto output = await(runner.run(command));
    QVERIFY(!output);
    QCOMPARE(output.error().code, ErrorCode::Timeout);
}

void TestProcessGitRunner::missingGit()
{
    Repo repo;
    ProcessGitRunner runner(m_environment, u"no-such-git-program"_s);
    const auto output = await(runner.run(in(repo, {u"log"_s})));
    QVERIFY(!output);
    QCOMPARE(output.error().code, ErrorCode::Unavailable);
}

void TestProcessGitRunner::manyAtOnce()
{
    Repo repo;
    ProcessGitRunner runner(m_environment);
    QList<QFuture<Result<GitOutput>>> futures;
    for (int i = 0; i < 40; ++i)
        futures << runner.run(in(repo, {u"rev-parse"_s, u"HEAD"_s}));
    for (const auto &future : std::as_const(futures)) {
        const auto output = await(future);
        QVERIFY(output);
        QCOMPARE(output->exitCode, 0);
    }
}

void TestProcessGitRunner::endOfTheRunnerCancels()
{
    Repo repo;
    auto runner = std::make_unique<ProcessGitRunner>(m_environment, program(repo, "exec sleep 1000\n"));
    QList<QFuture<Result<GitOutput>>> futures;
    for (int i = 0; i < 10; ++i) // more than run at a time
        futures << runner->run(in(repo, {u"log"_s}));
    runner.reset();
    for (const auto &future : std::as_const(futures)) {
        QVERIFY(future.isFinished());
        QCOMPARE(future.result().error().code, ErrorCode::Cancelled);
    }
}

void TestProcessGitRunner::wholeWorktree()
{
    Repo repo;
    const auto runner = std::make_shared<ProcessGitRunner>(m_environment);
    const Worktrees worktrees(runner, repo.worktreeFolder());
    const auto tree = await(worktrees.create(
        {.project = repo.project(), .run = u"1"_s, .step = {}, .base = {}}, GitTrust::Untrusted));
    QVERIFY2(tree, qPrintable(tree ? QString() : tree.error().detail));
    writeFile(tree->path + u"/new", "n");
    QVERIFY(await(worktrees.commitAll(*tree, {.message = u"n"_s, .author = {}}, GitTrust::Untrusted)));
    const auto merged = await(worktrees.mergeInto(
        *tree, {.target = {}, .mode = {}, .message = u"m"_s, .author = {}}, GitTrust::Untrusted));
    QVERIFY(merged);
    QCOMPARE(merged->outcome, MergeOutcome::Merged);
    QVERIFY(await(worktrees.drop(*tree, u"1"_s, {}, GitTrust::Untrusted)));
}

QTEST_GUILESS_MAIN(TestProcessGitRunner)
#include "tst_process_git_runner.moc"
