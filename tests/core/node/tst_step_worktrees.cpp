// Worktrees of steps and foreach items: each has its own, each keeps its work, none sees another's.
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "tests/core/node/node_harness.h"

#include <QSet>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestStepWorktrees : public QObject {
    Q_OBJECT
private slots:
    void keepTheirWork_data();
    void keepTheirWork();
    void aQuestionSaysWhereItWouldBeDone_data();
    void aQuestionSaysWhereItWouldBeDone();
    void branchIsTheRealOne();
    void eachStepNamesItsOwn();
    void endOneByOne();
    void projectsOfOneName();
    void areFoundAgainByTheNextNode();
    void whatCannotBeCommittedFailsTheStep();

private:
    static QString git(const QString &folder, const QStringList &args);
    static QString projectIn(const QString &folder, const QByteArray &flow);
    static std::optional<RunDetail> settled(NodeHarness &node, const QString &project);
    static QStringList workOf(const QString &project, const RunDetail &detail);
    static void verifyApart(const RunDetail &detail);
};

QString TestStepWorktrees::git(const QString &folder, const QStringList &args)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(u"git"_s,
                  QStringList{u"-c"_s, u"user.name=t"_s, u"-c"_s, u"user.email=t@localhost"_s} + args);
    if (!process.waitForFinished(patienceMs) || process.exitCode() != 0)
        return u"failed: "_s + QString::fromUtf8(process.readAllStandardError());
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

// A repository with one commit and, beside it, flows/own.flow.yaml.
QString TestStepWorktrees::projectIn(const QString &folder, const QByteArray &flow)
{
    QDir().mkpath(folder + u"/flows"_s);
    QFile file(folder + u"/flows/own.flow.yaml"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write("muster: 1\nname: own\n" + flow) < flow.size())
        return {};
    git(folder, {u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
    git(folder, {u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, u"begin"_s});
    return folder;
}

std::optional<RunDetail> TestStepWorktrees::settled(NodeHarness &node, const QString &project)
{
    const auto run =
        node.submit(StartRun{.project = project, .flow = u"own"_s, .unattended = true, .trust = true});
    if (!run)
        return std::nullopt;
    // The detail asks git about each worktree, which is too much to be asked all the time.
    (void)waitFor([&] {
        const auto runs = node.query(ListRuns{.project = project});
        return runs && !runs->empty() && isSettled(runs->front().status);
    });
    return node.ended(run->refs.run);
}

// "BRANCH: FILE=CONTENT FILE=CONTENT" of what each worktree's branch holds, lines of a file joined by ','.
QStringList TestStepWorktrees::workOf(const QString &project, const RunDetail &detail)
{
    QStringList work;
    for (const WorktreeInfo &tree : detail.worktrees) {
        QString line = tree.branch.section(u'/', 1) + u':';
        const QString names = git(project, {u"ls-tree"_s, u"--name-only"_s, u"-r"_s, tree.branch});
        for (const QString &name : names.split(u'\n', Qt::SkipEmptyParts)) {
            const QString text = git(project, {u"show"_s, QString(tree.branch + u':' + name)});
            line += u' ' + name + u'=' + text.split(u'\n').join(u',');
        }
        work += line;
    }
    work.sort();
    return work;
}

void TestStepWorktrees::verifyApart(const RunDetail &detail)
{
    QSet<QString> paths;
    QSet<QString> branches;
    for (const WorktreeInfo &tree : detail.worktrees) {
        paths += tree.path;
        branches += tree.branch;
        QVERIFY(QDir(tree.path).exists());
    }
    QCOMPARE(static_cast<size_t>(paths.size()), detail.worktrees.size());
    QCOMPARE(static_cast<size_t>(branches.size()), detail.worktrees.size());
}

void TestStepWorktrees::keepTheirWork_data()
{
    QTest::addColumn<QByteArray>("flow");
    QTest::addColumn<QStringList>("work");
    QTest::addRow("shell steps at the same time")
        << "steps:\n  - { id: s, isolation: step, run: 'echo S > x.txt' }\n"_ba
           "  - { id: t, isolation: step, run: 'echo T > x.txt' }\n"
        << QStringList{u"own-1--s: x.txt=S"_s, u"own-1--t: x.txt=T"_s};
    QTest::addRow("foreach of a shell step")
        << "steps:\n  - { id: s, foreach: [File, IO, Pod], run: 'echo ${{ item }} > x.txt' }\n"_ba
        << QStringList{u"own-1--s.0: x.txt=File"_s, u"own-1--s.1: x.txt=IO"_s, u"own-1--s.2: x.txt=Pod"_s};
    QStringList agents;
    for (int i = 0; i < 6; ++i)
        agents += u"own-1--look.%1: x.md=item %2"_s.arg(i).arg(i + 1);
    QTest::addRow("foreach of an agent")
        << "permissions: { write: ['*.md'] }\nsteps:\n"_ba
           "  - { id: look, foreach: [1, 2, 3, 4, 5, 6], prompt: 'write x.md with item ${{ item }}' }\n"
        << agents;
    QTest::addRow("a name with the item's form")
        << "steps:\n  - { id: s, foreach: [a, b], run: 'echo ${{ item }} > x.txt' }\n"_ba
           "  - { id: s-1, isolation: step, run: 'echo c > x.txt' }\n"
        << QStringList{u"own-1--s-1: x.txt=c"_s, u"own-1--s.0: x.txt=a"_s, u"own-1--s.1: x.txt=b"_s};
    QTest::addRow("beside the run's") << "steps:\n  - { id: r, run: 'echo R > r.txt' }\n"_ba
                                         "  - { id: s, isolation: step, run: 'echo S > s.txt' }\n"
                                         "  - { id: q, needs: [r], run: 'echo Q >> r.txt' }\n"
                                      << QStringList{u"own-1--s: s.txt=S"_s, u"own-1: r.txt=R,Q"_s};
    QTest::addRow("from, as an agent")
        << "permissions: { write: ['*.md'] }\nsteps:\n"_ba
           "  - { id: a, isolation: step, run: 'echo A > a.txt' }\n"
           "  - { id: b, isolation: step, run: 'echo B > b.txt' }\n"
           "  - { id: c, needs: [a, b], isolation: step, from: a, prompt: 'write x.md with C' }\n"
        << QStringList{u"own-1--a: a.txt=A"_s, u"own-1--b: b.txt=B"_s, u"own-1--c: a.txt=A x.md=C"_s};
    QTest::addRow("from, as shell steps, one from the other")
        << "steps:\n  - { id: a, isolation: step, run: 'echo A > a.txt' }\n"_ba
           "  - { id: b, isolation: step, run: 'echo B > b.txt' }\n"
           "  - { id: c, needs: [a, b], isolation: step, from: a, run: 'ls > seen.txt' }\n"
           "  - { id: d, needs: [c], from: c, run: 'cat seen.txt > d.txt' }\n"
        << QStringList{u"own-1--a: a.txt=A d.txt=a.txt,seen.txt seen.txt=a.txt,seen.txt"_s,
                       u"own-1--b: b.txt=B"_s};
    QTest::addRow("a retry goes on in the same")
        << "steps:\n  - { id: s, isolation: step, retries: { max: 3, on: [gate_failed], backoff: 10ms },\n"_ba
           "      run: 'echo x >> n.txt; test $(wc -l < n.txt) -ge 3' }\n"
           "  - { id: t, isolation: step, run: 'echo T > n.txt' }\n"
        << QStringList{u"own-1--s: n.txt=x,x,x"_s, u"own-1--t: n.txt=T"_s};
    QTest::addRow("from the run's base, wherever the main tree is by then")
        << "steps:\n  - { id: a, isolation: step, run: 'echo A > a.txt; cd ${{ project.path }} && echo M > m.txt "_ba
           "&& git add m.txt && git -c user.name=t -c user.email=t@localhost commit -qm more' }\n"
           "  - { id: b, needs: [a], isolation: step, run: 'echo B > b.txt' }\n"
        << QStringList{u"own-1--a: a.txt=A"_s, u"own-1--b: b.txt=B"_s};
}

void TestStepWorktrees::keepTheirWork()
{
    QFETCH(QByteArray, flow);
    QFETCH(QStringList, work);
    NodeHarness node(false);
    const QTemporaryDir dir;
    const QString project = projectIn(dir.filePath(u"shop"_s), flow);
    const auto detail = settled(node, project);
    QVERIFY(detail);
    for (const StepInfo &step : detail->steps)
        QVERIFY2(step.status == StepStatus::Completed, qPrintable(step.stepId + u": "_s + step.detail));
    verifyApart(*detail);
    QCOMPARE(workOf(project, *detail), work);
}

void TestStepWorktrees::aQuestionSaysWhereItWouldBeDone_data()
{
    QTest::addColumn<QByteArray>("isolation");
    QTest::addColumn<WorkPlace>("place");
    QTest::newRow("none") << "none"_ba << WorkPlace::Project;
    QTest::newRow("run") << "run"_ba << WorkPlace::Worktree;
    QTest::newRow("step") << "step"_ba << WorkPlace::Worktree;
}

void TestStepWorktrees::aQuestionSaysWhereItWouldBeDone()
{
    QFETCH(QByteArray, isolation);
    QFETCH(WorkPlace, place);
    const QTemporaryDir dir;
    NodeHarness node(false);
    const QString project =
        projectIn(dir.path(), "steps:\n  - { id: s, agent: explorer, isolation: " + isolation +
                                  ", prompt: 'Run `git push --force`' }\n");
    const auto run = node.submit(StartRun{.project = project, .flow = u"own"_s, .trust = true});
    QVERIFY(run);
    std::vector<InboxInfo> items;
    (void)QTest::qWaitFor([&] {
        items = node.query(ListInbox{.run = run->refs.run}).value_or(std::vector<InboxInfo>());
        return !items.empty();
    }, patienceMs);
    QCOMPARE(items.size(), 1U);
    const InboxInfo &item = items.front();
    QCOMPARE(item.kind, InboxKind::Permission);
    QCOMPARE(item.command, u"git push --force"_s);
    QCOMPARE(item.place, place);
    const auto detail = node.query(GetRun{.run = run->refs.run});
    QVERIFY(detail);
    QCOMPARE(item.folder, place == WorkPlace::Project ? project : detail->worktrees.at(0).path);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::No}));
    QVERIFY(node.ended(run->refs.run));
}

// The name that the run would have had is somebody else's, with commits of their own.
void TestStepWorktrees::branchIsTheRealOne()
{
    NodeHarness node(false);
    const QTemporaryDir dir;
    const QString project = projectIn(
        dir.filePath(u"shop"_s), "steps:\n  - { id: r, run: 'echo ${{ run.branch }} > r.txt' }\n"
                                 "  - { id: q, needs: [r], run: 'echo ${{ run[`branch`] }} > q.txt' }\n");
    git(project, {u"checkout"_s, u"-q"_s, u"-b"_s, u"muster/own-1"_s});
    git(project, {u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, u"mine"_s});
    git(project, {u"checkout"_s, u"-q"_s, u"main"_s});
    const auto detail = settled(node, project);
    QVERIFY(detail);
    QCOMPARE(workOf(project, *detail), QStringList{u"own-1-2: q.txt=muster/own-1-2 r.txt=muster/own-1-2"_s});
}

void TestStepWorktrees::eachStepNamesItsOwn()
{
    NodeHarness node(false);
    const QTemporaryDir dir;
    const QString project =
        projectIn(dir.filePath(u"shop"_s), "steps:\n  - { id: r, run: 'echo R > r.txt' }\n"
                                           "  - { id: s, isolation: step, run: 'echo S > s.txt' }\n"
                                           "  - { id: t, needs: [s], from: s, run: 'echo T > t.txt' }\n"
                                           "  - { id: n, isolation: none, run: 'true' }\n");
    const auto detail = settled(node, project);
    QVERIFY(detail);
    const auto db =
        Connection::open({.file = node.paths().storeFile, .mode = ConnectionOptions::Mode::ReadOnly});
    QVERIFY(db);
    const auto steps = RunRepository(**db).steps(detail->run.id);
    QVERIFY(steps);
    QHash<QString, QString> branches;
    for (const StepRunRow &step : *steps) {
        const auto tree = WorktreeRepository(**db).find(step.worktree);
        branches.insert(step.stepId, tree ? tree->branch : QString());
    }
    QCOMPARE(branches, (QHash<QString, QString>{{u"r"_s, u"muster/own-1"_s},
                                                {u"s"_s, u"muster/own-1--s"_s},
                                                {u"t"_s, u"muster/own-1--s"_s},
                                                {u"n"_s, QString()}}));
}

void TestStepWorktrees::endOneByOne()
{
    NodeHarness node(false);
    const QTemporaryDir dir;
    const QString project =
        projectIn(dir.filePath(u"shop"_s),
                  "steps:\n  - { id: s, foreach: [a, b, c], run: 'echo 1 > ${{ item }}.txt' }\n");
    auto detail = settled(node, project);
    QVERIFY(detail);
    QCOMPARE(detail->worktrees.size(), 3U);
    std::ranges::sort(detail->worktrees, {}, &WorktreeInfo::branch); // made at once, in any order
    QVERIFY(node.submit(MergeWorktree{.worktree = detail->worktrees.at(0).id}));
    QVERIFY(node.submit(DropWorktree{.worktree = detail->worktrees.at(1).id}));
    const auto left = node.query(ListWorktrees{.project = project});
    QVERIFY(left);
    QCOMPARE(left->size(), 1U);
    for (const WorktreeInfo &tree : *left) {
        QVERIFY(QDir(tree.path).exists());
        QCOMPARE(tree.state, u"ahead"_s);
        QVERIFY(node.submit(MergeWorktree{.worktree = tree.id}));
    }
    const QStringList merged = git(project, {u"ls-tree"_s, u"--name-only"_s, u"main"_s}).split(u'\n');
    QCOMPARE(merged, (QStringList{u"a.txt"_s, u"c.txt"_s}));
}

// Runs are numbered per project, and folders of worktrees lie side by side.
void TestStepWorktrees::projectsOfOneName()
{
    NodeHarness node(false);
    const QTemporaryDir dir;
    const QByteArray flow = "steps:\n  - { id: r, run: 'basename $(dirname ${{ project.path }}) > r.txt' }\n"
                            "  - { id: s, isolation: step, run: 'echo S > s.txt' }\n";
    QSet<QString> paths;
    for (const QString &parent : {u"one"_s, u"two"_s}) {
        const QString project = projectIn(dir.filePath(parent + u"/shop"_s), flow);
        const auto detail = settled(node, project);
        QVERIFY(detail);
        QCOMPARE(workOf(project, *detail),
                 (QStringList{u"own-1--s: s.txt=S"_s, QString(u"own-1: r.txt="_s + parent)}));
        for (const WorktreeInfo &tree : detail->worktrees)
            paths += tree.path;
    }
    QCOMPARE(paths.size(), 4);
}

void TestStepWorktrees::areFoundAgainByTheNextNode()
{
    NodeHarness node(true);
    QVERIFY(node.submit(SetSetting{.key = u"pools.flow"_s, .value = 3})); // however few processors there are
    const QTemporaryDir dir;
    const QString project =
        projectIn(dir.filePath(u"shop"_s),
                  "steps:\n  - { id: s, foreach: [a, b, c], run: 'echo ${{ item }} >> x.txt; "
                  "until [ -e ${{ project.path }}/../go ]; do sleep 0.05; done; echo end >> x.txt' }\n"
                  "  - { id: t, needs: [s], isolation: step, run: 'echo T > x.txt' }\n");
    const auto run =
        node.submit(StartRun{.project = project, .flow = u"own"_s, .unattended = true, .trust = true});
    QVERIFY(run);
    const auto begun = [&] {
        const auto detail = node.query(GetRun{.run = run->refs.run});
        return detail ? detail->worktrees : std::vector<WorktreeInfo>();
    };
    std::vector<WorktreeInfo> before;
    QVERIFY(waitFor([&] {
        before = begun();
        return before.size() == 3 && std::ranges::all_of(before, [](const WorktreeInfo &tree) {
            return QFile::exists(tree.path + u"/x.txt"_s);
        });
    }));
    node.killServer();
    node.startServer();
    QFile go(dir.filePath(u"go"_s));
    QVERIFY(go.open(QIODevice::WriteOnly));
    const auto detail = node.ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    verifyApart(*detail);
    QCOMPARE(detail->worktrees.size(), 4U);
    for (size_t i = 0; i < before.size(); ++i)
        QCOMPARE(detail->worktrees.at(i).path, before.at(i).path);
    QCOMPARE(workOf(project, *detail),
             (QStringList{u"own-1--s.0: x.txt=a,end"_s, u"own-1--s.1: x.txt=b,end"_s,
                          u"own-1--s.2: x.txt=c,end"_s, u"own-1--t: x.txt=T"_s}));
}

// The command went well, but what it changed is not on the branch.
void TestStepWorktrees::whatCannotBeCommittedFailsTheStep()
{
    NodeHarness node(false);
    const QString project =
        projectIn(node.home() + u"/p"_s, "steps:\n  - { id: s, isolation: step, "
                                         "run: 'echo S > x.txt; rm -rf \"$(git rev-parse --git-dir)\"' }\n");
    const auto detail = settled(node, project);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Failed);
    QCOMPARE(detail->steps.front().status, StepStatus::Failed);
    QCOMPARE(detail->steps.front().reason, FailureReason::RuntimeError);
    QVERIFY(!detail->steps.front().detail.isEmpty());
}

QTEST_GUILESS_MAIN(TestStepWorktrees)
#include "tst_step_worktrees.moc"
