// The bundled example is written out with a history that is the same everywhere. And: the coroutine helper.
#include "core/base/async.h"
#include "core/workspace/demo_project.h"
#include "tests/core/workspace/git_fixture.h"

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

void writeSource(const QString &folder)
{
    writeFile(folder + u"/README.md", "# Demo\n");
    writeFile(folder + u"/dot-gitignore", "build/\n");
    writeFile(folder + u"/app/main.py", "print()\n");
    writeFile(folder + u"/build.sh", "#!/bin/sh\n");
    writeFile(folder + u"/tests/test_main.py", "\n");
    writeFile(folder + u"/web/index.html", "\n");
    writeFile(folder + u"/zeta/deep/x.txt", "\n");
}

Async<int> plusOne(QFuture<Result<int>> future)
{
    const auto value = co_await resultOf(future);
    if (!value)
        co_return std::unexpected(value.error());
    co_return *value + 1;
}

Async<int> twice(QFuture<Result<int>> future)
{
    const auto first = co_await plusOne(future);
    if (!first)
        co_return std::unexpected(first.error());
    co_return *first * 2;
}

} // namespace

class TestDemoProject : public QObject {
    Q_OBJECT
private slots:
    void historyIsAlwaysTheSame();
    void manyAtOnceGetTheSame();
    void refusesAFullFolder();
    void refusesAnEmptySource();
    void asyncWaitsAndPassesOn();
    void asyncOfABrokenPromise();
    void asyncOnThePool();
};

void TestDemoProject::historyIsAlwaysTheSame()
{
    QTemporaryDir base;
    writeSource(base.filePath(u"source"_s));
    const auto runner = std::make_shared<QProcessGitRunner>();
    QString heads[2];
    for (int i = 0; i < 2; ++i) {
        const QString target = base.filePath(u"demo%1"_s.arg(i));
        const auto made = await(createDemoProject(runner, target, base.filePath(u"source"_s)));
        QVERIFY2(made, qPrintable(made ? QString() : made.error().detail));
        heads[i] = Repo::gitIn(*made, {u"rev-parse"_s, u"HEAD"_s});
        QCOMPARE(Repo::gitIn(*made, {u"status"_s, u"--porcelain"_s}), QString());
        QCOMPARE(Repo::gitIn(*made, {u"log"_s, u"--reverse"_s, u"--format=%s"_s}),
                 u"Begin the project\nAdd app\nAdd tests\nAdd web\nAdd zeta"_s);
        QCOMPARE(readFile(*made + u"/.gitignore"), "build/\n");
        QVERIFY(QFileInfo(*made + u"/build.sh").isExecutable());
        const auto project = detectProject(*made);
        QVERIFY(project && project->hasCommit);
        QCOMPARE(project->headBranch, u"main"_s);
    }
    QCOMPARE(heads[0], heads[1]);
}

// Two command lines that try the demo at the same moment.
void TestDemoProject::manyAtOnceGetTheSame()
{
    QTemporaryDir base;
    writeSource(base.filePath(u"source"_s));
    const auto runner = std::make_shared<QProcessGitRunner>();
    const QString target = base.filePath(u"demo"_s);
    QList<QFuture<Result<QString>>> asked;
    for (int i = 0; i < 4; ++i)
        asked.append(createDemoProject(runner, target, base.filePath(u"source"_s)));
    for (const auto &one : std::as_const(asked)) {
        const auto made = await(one);
        QVERIFY2(made, qPrintable(made ? QString() : made.error().detail));
        QCOMPARE(*made, QFileInfo(target).canonicalFilePath());
    }
    QCOMPARE(Repo::gitIn(target, {u"status"_s, u"--porcelain"_s}), QString());
    QCOMPARE(QDir(base.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             (QStringList{u"demo"_s, u"source"_s}));
}

void TestDemoProject::refusesAFullFolder()
{
    QTemporaryDir base;
    writeSource(base.filePath(u"source"_s));
    writeFile(base.filePath(u"full/.hidden"_s), "mine");
    const auto made = await(createDemoProject(std::make_shared<QProcessGitRunner>(), base.filePath(u"full"_s),
                                              base.filePath(u"source"_s)));
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::AlreadyExists);
}

void TestDemoProject::refusesAnEmptySource()
{
    QTemporaryDir base;
    const auto made = await(createDemoProject(std::make_shared<QProcessGitRunner>(), base.filePath(u"x"_s),
                                              base.filePath(u"none"_s)));
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::NotFound);
}

void TestDemoProject::asyncWaitsAndPassesOn()
{
    QPromise<Result<int>> promise;
    promise.start();
    const QFuture<Result<int>> waiting = twice(promise.future());
    QVERIFY(!waiting.isFinished());
    promise.addResult(Result<int>(20));
    promise.finish();
    QCOMPARE(await(waiting).value(), 42);

    QPromise<Result<int>> failing;
    failing.start();
    const QFuture<Result<int>> failed = twice(failing.future());
    failing.addResult(fail(ErrorCode::DiskFull));
    failing.finish();
    QCOMPARE(await(failed).error().code, ErrorCode::DiskFull);
}

void TestDemoProject::asyncOfABrokenPromise()
{
    QFuture<Result<int>> waiting;
    {
        QPromise<Result<int>> promise;
        promise.start();
        waiting = twice(promise.future());
    }
    QCOMPARE(await(waiting).error().code, ErrorCode::Cancelled);
}

void TestDemoProject::asyncOnThePool()
{
    const auto thread = onPool([] { return Result<QThread *>(QThread::currentThread()); });
    const auto other = await(thread);
    QVERIFY(other);
    QVERIFY(*other != QThread::currentThread());
}

QTEST_GUILESS_MAIN(TestDemoProject)
#include "tst_demo_project.moc"
