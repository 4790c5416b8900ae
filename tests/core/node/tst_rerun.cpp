// Running again with a real node, git and commands: what is kept is not done again (each step says in a file
// beside the project that it ran), the new run goes on where kept work is, and the earlier run stays as it
// was.
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "tests/core/node/rerun_ground.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestRerun : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatFailed();
    void everyMode_data();
    void everyMode();
    void editedSaysWhatChanged();
    void beginsWhereKeptWorkIs();
    void stepsBeginFromKeptOnes();
    void itemsOfAForeach();
    void aBranchThatIsGoneIsRefused();
    void aRunThatIsAliveIsRefused();
    void nothingOfItIsAlive();
    void goesOnAfterItsNodeDied();
    void beginsAsAskedAfterItsNodeDied();
    void choicesSayWhatIsPossible();
    void agentsMayNot();
    void aRerunIsRunAgain();

private:
    static QStringList stepsOf(const RunDetail &detail);
    static QString filesOf(const Ground &ground, const RunDetail &detail);
};

namespace {

// A command that says that it ran.
QString step(const QString &id, const QString &more = u"true"_s, const QString &keys = {})
{
    return u"  - { id: %1, %2run: 'echo %1${{ run.number }} >> ${{ project.path }}/../ran; %3' }\n"_s.arg(
        id, keys, more);
}

const QString kGate = u"test -e ${{ project.path }}/../go"_s;

QString chain()
{
    return u"steps:\n"_s + step(u"a"_s) + step(u"b"_s, kGate, u"needs: [a], "_s) +
           step(u"c"_s, u"true"_s, u"needs: [b], "_s);
}

} // namespace

// "a completed kept 1"
QStringList TestRerun::stepsOf(const RunDetail &detail)
{
    QStringList lines;
    for (const StepInfo &step : detail.steps) {
        QString line = step.index < 0 ? step.stepId : u"%1[%2]"_s.arg(step.stepId).arg(step.index);
        line += u' ' + enumName(step.status);
        if (step.keptFrom.isValid())
            line += u" kept %1"_s.arg(step.keptFromNumber);
        lines += line;
    }
    return lines;
}

// What the branch of the worktree that the run's steps share holds.
QString TestRerun::filesOf(const Ground &ground, const RunDetail &detail)
{
    for (const WorktreeInfo &tree : detail.worktrees) {
        if (!tree.branch.contains("--"_L1))
            return ground.git({u"ls-tree"_s, u"--name-only"_s, u"-r"_s, tree.branch}).split(u'\n').join(u' ');
    }
    return {};
}

void TestRerun::onlyWhatFailed()
{
    Ground ground(chain());
    const auto first = ground.run();
    QVERIFY(first);
    QCOMPARE(first->run.status, RunStatus::Failed);
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"b1"_s}));
    const QStringList before = stepsOf(*first);
    ground.allow(u"go"_s);
    const auto second = ground.again({.run = first->run.id, .mode = RerunMode::Failed});
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"c2"_s}));
    QCOMPARE(stepsOf(*second), (QStringList{u"a completed kept 1"_s, u"b completed"_s, u"c completed"_s}));
    QCOMPARE(second->run.number, 2);
    QCOMPARE(second->run.rerunOf, first->run.id);
    QCOMPARE(second->run.rerunOfNumber, 1);
    QCOMPARE(second->run.rerunMode, RerunMode::Failed);
    QCOMPARE(second->run.stepsKept, 1);
    // The earlier run has all that it had.
    const auto still = ground.node.query(GetRun{.run = first->run.id});
    QVERIFY(still);
    QCOMPARE(still->run.status, RunStatus::Failed);
    QCOMPARE(stepsOf(*still), before);
    const auto events = ground.node.query(
        ListEvents{.filter = {.run = second->run.id, .kinds = {u"run.created"_s, u"step.kept"_s}}});
    QVERIFY(events);
    QCOMPARE(events->size(), 2U);
    const QJsonObject created = events->front().data;
    QCOMPARE(created.value(u"rerun_of"_s).toInteger(), first->run.id.value);
    QCOMPARE(created.value(u"rerun_mode"_s).toString(), u"failed"_s);
    QCOMPARE(created.value(u"kept"_s).toInt(), 1);
    QCOMPARE(created.value(u"redone"_s)[1][u"because"_s].toString(), u"b"_s);
}

void TestRerun::everyMode_data()
{
    QTest::addColumn<RerunRun>("ask");
    QTest::addColumn<QStringList>("ran");
    QTest::addColumn<QString>("refused");
    const QStringList all{u"a1"_s, u"a2"_s, u"b1"_s, u"b2"_s, u"c2"_s};
    QTest::newRow("whole") << RerunRun{.mode = RerunMode::Whole} << all << QString();
    QTest::newRow("from the first") << RerunRun{.mode = RerunMode::From, .step = u"a"_s} << all << QString();
    QTest::newRow("from what failed") << RerunRun{.mode = RerunMode::From, .step = u"b"_s}
                                      << QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"c2"_s} << QString();
    QTest::newRow("skip") << RerunRun{.mode = RerunMode::Skip, .step = u"b"_s}
                          << QStringList{u"a1"_s, u"b1"_s, u"c2"_s} << QString();
    QTest::newRow("skip what went well")
        << RerunRun{.mode = RerunMode::Skip, .step = u"a"_s} << QStringList() << u"rerun_did_not_fail"_s;
    QTest::newRow("from nowhere") << RerunRun{.mode = RerunMode::From, .step = u"z"_s} << QStringList()
                                  << u"rerun_unknown_step"_s;
    QTest::newRow("edited, which it is not") << RerunRun{.mode = RerunMode::Edited}
                                             << QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"c2"_s} << QString();
}

void TestRerun::everyMode()
{
    QFETCH(RerunRun, ask);
    QFETCH(QStringList, ran);
    QFETCH(QString, refused);
    Ground ground(chain());
    const auto first = ground.run();
    QVERIFY(first);
    ground.allow(u"go"_s);
    ask.run = first->run.id;
    if (!refused.isEmpty()) {
        QCOMPARE(ground.refused(ask).where, refused);
        QCOMPARE(ground.node.query(ListRuns{.project = ground.project})->size(), 1U);
        return;
    }
    const auto second = ground.again(ask);
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(ground.ran(), ran);
    QCOMPARE(ground.refused({.run = second->run.id, .mode = RerunMode::Failed}).where,
             u"rerun_nothing_to_redo"_s);
}

void TestRerun::editedSaysWhatChanged()
{
    const QString head =
        u"inputs: { who: { type: string, default: me }, gone: { type: string, default: x } }\n"_s;
    Ground ground(head + chain());
    const auto first = ground.run();
    QVERIFY(first);
    ground.write(
        u"inputs: { who: { type: string, default: you }, more: { type: number, default: 3 } }\nsteps:\n"_s +
        step(u"a"_s) + step(u"b"_s, u"echo better"_s, u"needs: [a], "_s) +
        step(u"c"_s, u"true"_s, u"needs: [b], "_s) + step(u"d"_s, u"true"_s, u"needs: [a], "_s));
    const auto choices = ground.node.query(GetRerunChoices{.run = first->run.id});
    QVERIFY(choices);
    QCOMPARE(errorFromJson(choices->at(4).error).code, ErrorCode::NotTrusted);
    QVERIFY(ground.node.submit(TrustProject{.path = ground.project}));
    const auto trusted = ground.node.query(GetRerunChoices{.run = first->run.id});
    QVERIFY(trusted);
    const RerunChoice &edited = trusted->at(4);
    QVERIFY(edited.error.isEmpty());
    QCOMPARE(edited.kept, QStringList(u"a"_s));
    QStringList why;
    for (const api::RedoneStep &redone : edited.redone)
        why += redone.step + u' ' + enumName(redone.why) + redone.because;
    QCOMPARE(why, (QStringList{u"b changed"_s, u"d added"_s, u"c needsb"_s}));
    const auto second = ground.again({.run = first->run.id, .mode = RerunMode::Edited});
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(second->run.inputs, (QJsonObject{{u"who"_s, u"me"_s}, {u"more"_s, 3}}));
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"c2"_s, u"d2"_s}));
    QVERIFY(second->definition.contains("better"_L1));
    QVERIFY(!ground.node.query(GetRun{.run = first->run.id})->definition.contains("better"_L1));
    // Another file, which has a mistake.
    Ground::put(ground.project + u"/other.flow.yaml"_s, "muster: 1\nname: own\nsteps: []\n");
    const Error wrong = ground.refused(
        {.run = second->run.id, .mode = RerunMode::Edited, .file = ground.project + u"/other.flow.yaml"_s});
    QCOMPARE(wrong.code, ErrorCode::InvalidArgument);
    QVERIFY2(wrong.where.contains("other.flow.yaml"_L1), qPrintable(wrong.where));
}

void TestRerun::beginsWhereKeptWorkIs()
{
    Ground ground(u"steps:\n"_s + step(u"a"_s, u"echo A > a.txt"_s) +
                  step(u"b"_s, u"test -e a.txt && "_s + kGate + u" && echo B > b.txt"_s, u"needs: [a], "_s));
    const auto first = ground.run();
    QVERIFY(first);
    QCOMPARE(filesOf(ground, *first), u"a.txt"_s);
    ground.git({u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, u"the main tree goes on"_s});
    const QString old = ground.git({u"rev-parse"_s, u"muster/own-1"_s});
    ground.allow(u"go"_s);
    const auto second = ground.again({.run = first->run.id, .mode = RerunMode::Failed});
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(filesOf(ground, *second), u"a.txt b.txt"_s);
    QCOMPARE(second->worktrees.at(0).branch, u"muster/own-2"_s);
    QCOMPARE(second->worktrees.at(0).filesChanged, 2); // what a merge of it would bring
    QCOMPARE(ground.git({u"rev-parse"_s, u"muster/own-1"_s}), old);
    // With nothing kept that was written it begins where the main tree is.
    const auto whole = ground.again({.run = first->run.id, .mode = RerunMode::Whole});
    QVERIFY(whole);
    QCOMPARE(filesOf(ground, *whole), u"a.txt b.txt"_s);
    QCOMPARE(ground.git({u"merge-base"_s, u"main"_s, u"muster/own-3"_s}),
             ground.git({u"rev-parse"_s, u"main"_s}));
}

void TestRerun::stepsBeginFromKeptOnes()
{
    Ground ground(u"permissions: { write: ['*.md'] }\nsteps:\n"_s +
                  step(u"a"_s, u"echo A > a.txt"_s, u"isolation: step, "_s) +
                  step(u"b"_s, kGate + u" && cat a.txt > b.txt"_s, u"needs: [a], from: a, "_s) +
                  u"  - { id: c, needs: [a, b], isolation: step, from: a, prompt: 'write x.md with C' }\n"_s +
                  step(u"d"_s, u"ls > d.txt"_s, u"needs: [b], isolation: step, "_s));
    const auto first = ground.run();
    QVERIFY(first);
    QCOMPARE(first->run.status, RunStatus::Failed);
    ground.allow(u"go"_s);
    const QString old = ground.git({u"rev-parse"_s, u"muster/own-1--a"_s});
    const auto second = ground.again({.run = first->run.id, .mode = RerunMode::Failed});
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    const auto held = [&](const QString &branch) {
        return ground.git({u"ls-tree"_s, u"--name-only"_s, u"-r"_s, branch}).split(u'\n').join(u' ');
    };
    QCOMPARE(held(u"muster/own-2--a"_s), u"a.txt b.txt"_s);
    QCOMPARE(held(u"muster/own-2--c"_s), u"a.txt b.txt x.md"_s); // from a: with what b did there
    QCOMPARE(held(u"muster/own-2--d"_s), u"d.txt"_s);
    QCOMPARE(ground.git({u"show"_s, u"muster/own-2--d:d.txt"_s}), u"d.txt"_s); // at the run's base
    QCOMPARE(ground.git({u"rev-parse"_s, u"muster/own-1--a"_s}), old);
    // And once more, from a run that has itself kept that step.
    const auto third = ground.again({.run = second->run.id, .mode = RerunMode::From, .step = u"c"_s});
    QVERIFY(third);
    QCOMPARE(third->run.status, RunStatus::Completed);
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"d2"_s}));
}

void TestRerun::itemsOfAForeach()
{
    Ground ground(u"on_failure: continue\nsteps:\n  - { id: r, foreach: [x, y, z], run: 'echo ${{ item }}${{ "
                  u"run.number }} >> "
                  "${{ project.path }}/../ran; echo ${{ item }} > it.txt; test ${{ item }} != y || "_s +
                  kGate + u"' }\n"_s +
                  step(u"t"_s, u"echo ${{ steps.r.items.length }}"_s, u"needs: [r], "_s));
    ground.atOnce(3); // none of them is let go because another failed first
    const auto first = ground.run();
    QVERIFY(first);
    QCOMPARE(ground.ran(), (QStringList{u"x1"_s, u"y1"_s, u"z1"_s}));
    ground.allow(u"go"_s);
    const auto second = ground.again({.run = first->run.id, .mode = RerunMode::Failed});
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(ground.ran(), (QStringList{u"t2"_s, u"x1"_s, u"y1"_s, u"y2"_s, u"z1"_s}));
    QCOMPARE(stepsOf(*second), (QStringList{u"r completed"_s, u"r[0] completed kept 1"_s, u"r[1] completed"_s,
                                            u"r[2] completed kept 1"_s, u"t completed"_s}));
    QCOMPARE(second->steps.at(1).label, u"x"_s);
    QCOMPARE(ground.git({u"show"_s, u"muster/own-2--r.1:it.txt"_s}), u"y"_s);
}

void TestRerun::aBranchThatIsGoneIsRefused()
{
    Ground ground(u"steps:\n"_s + step(u"a"_s, u"echo A > a.txt"_s) + step(u"b"_s, kGate, u"needs: [a], "_s));
    const auto first = ground.run();
    QVERIFY(first);
    QVERIFY(ground.node.submit(DropWorktree{.worktree = first->worktrees.at(0).id}));
    const Error gone = ground.refused({.run = first->run.id, .mode = RerunMode::Failed});
    QCOMPARE(gone.where, u"rerun_branch_gone"_s);
    QCOMPARE(gone.detail, u"muster/own-1"_s);
    // Somebody else took it away.
    const auto second = ground.run();
    QVERIFY(second);
    ground.git({u"worktree"_s, u"remove"_s, u"--force"_s, second->worktrees.at(0).path});
    ground.git({u"branch"_s, u"-D"_s, u"muster/own-2"_s});
    QCOMPARE(ground.refused({.run = second->run.id, .mode = RerunMode::Failed}).where,
             u"rerun_branch_gone"_s);
    // What was merged is in the main tree.
    const auto third = ground.run();
    QVERIFY(third);
    QVERIFY(ground.node.submit(MergeWorktree{.worktree = third->worktrees.at(0).id}));
    ground.allow(u"go"_s);
    const auto fourth = ground.again({.run = third->run.id, .mode = RerunMode::Failed});
    QVERIFY(fourth);
    QCOMPARE(fourth->run.status, RunStatus::Completed);
    QCOMPARE(filesOf(ground, *fourth), u"a.txt"_s);
}

void TestRerun::aRunThatIsAliveIsRefused()
{
    Ground ground(u"steps:\n  - { id: ok, approval: Go on? }\n"_s);
    const auto run = ground.node.submit(StartRun{.project = ground.project, .flow = u"own"_s, .trust = true});
    QVERIFY(run);
    QVERIFY(ground.node.openItem(run->refs.run).id.isValid());
    const Error alive = ground.refused({.run = run->refs.run});
    QCOMPARE(alive.where, u"rerun_alive"_s);
    QCOMPARE(alive.code, ErrorCode::Conflict);
    QCOMPARE(ground.refused({.run = RunId{99}}).code, ErrorCode::NotFound);
}

// Its journal does not fit any more, so that no node goes on with it; one of its tasks is still in the queue.
void TestRerun::nothingOfItIsAlive()
{
    Ground ground(u"steps:\n"_s + step(u"a"_s) + u"  - { id: ok, needs: [a], approval: Go on? }\n"_s);
    const auto run = ground.node.submit(StartRun{.project = ground.project, .flow = u"own"_s, .trust = true});
    QVERIFY(run);
    QVERIFY(ground.node.openItem(run->refs.run).id.isValid());
    {
        const auto db = Connection::open(
            {.file = ground.node.paths().storeFile, .mode = ConnectionOptions::Mode::ReadWrite});
        QVERIFY(db);
        QVERIFY((*db)->run(u"UPDATE events SET data = '{\"key\":\"1/a#7\"}' WHERE run_id = ? AND kind = "
                           "'step.finished'"_s,
                           run->refs.run));
        QVERIFY((*db)->run(
            u"UPDATE tasks SET status = 'queued', ended_at = NULL, not_before = ? WHERE run_id = ?"_s,
            qint64{4'000'000'000'000}, run->refs.run));
    }
    ground.node.reopen();
    const auto active = [&] {
        const auto detail = ground.node.query(GetRun{.run = run->refs.run});
        return detail && !isSettled(detail->run.status);
    };
    QVERIFY(active());
    QVERIFY(waitFor([&] {
        return ground.refused({.run = run->refs.run, .mode = RerunMode::Failed}).where ==
               u"rerun_unreadable"_s;
    }));
    QVERIFY(active());
    const auto again = ground.node.submit(RerunRun{.run = run->refs.run, .approve = true, .trust = true});
    QVERIFY(again);
    const auto second = ground.node.ended(again->refs.run);
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    const auto first = ground.node.ended(run->refs.run);
    QVERIFY(first);
    QCOMPARE(first->run.status, RunStatus::Cancelled);
    QCOMPARE(first->run.detail, u"rerun"_s);
    QVERIFY(waitFor(
        [&] { return ground.node.query(ListTasks{.run = run->refs.run, .activeOnly = true})->empty(); }));
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"a2"_s}));
}

void TestRerun::goesOnAfterItsNodeDied()
{
    Ground ground(u"steps:\n"_s + step(u"a"_s, u"echo A > a.txt"_s) + step(u"b"_s, kGate, u"needs: [a], "_s) +
                      step(u"c"_s,
                           u"test -e a.txt && until [ -e ${{ project.path }}/../end ]; do sleep 0.05; done"_s,
                           u"needs: [b], "_s),
                  true);
    const auto first = ground.run();
    QVERIFY(first);
    ground.allow(u"go"_s);
    const auto again = ground.node.submit(
        RerunRun{.run = first->run.id, .mode = RerunMode::Failed, .unattended = true, .trust = true});
    QVERIFY(again);
    QVERIFY(waitFor([&] { return ground.ran().contains(u"c2"_s); }));
    ground.node.killServer();
    ground.node.startServer();
    ground.allow(u"end"_s);
    const auto second = ground.node.ended(again->refs.run);
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"c2"_s}));
    QCOMPARE(stepsOf(*second), (QStringList{u"a completed kept 1"_s, u"b completed"_s, u"c completed"_s}));
}

// Between the row of the run and its first event.
void TestRerun::beginsAsAskedAfterItsNodeDied()
{
    Ground ground(chain());
    const auto first = ground.run();
    QVERIFY(first);
    ground.allow(u"go"_s);
    {
        const auto db = Connection::open(
            {.file = ground.node.paths().storeFile, .mode = ConnectionOptions::Mode::ReadWrite});
        QVERIFY(db);
        RunRepository runs(**db);
        RunRow row = runs.find(first->run.id).value();
        row.rerunOf = row.id;
        row.rerunMode = RerunMode::Failed;
        row.status = RunStatus::Queued;
        row.unattended = true;
        QVERIFY(runs.create(row, true));
    }
    QVERIFY(ground.node.submit(TrustProject{.path = ground.project}));
    ground.node.reopen();
    const auto second = ground.node.ended(RunId{first->run.id.value + 1});
    QVERIFY(second);
    QCOMPARE(second->run.status, RunStatus::Completed);
    QCOMPARE(ground.ran(), (QStringList{u"a1"_s, u"b1"_s, u"b2"_s, u"c2"_s}));
}

void TestRerun::choicesSayWhatIsPossible()
{
    Ground ground(chain());
    QVERIFY(ground.node.submit(TrustProject{.path = ground.project}));
    const auto first = ground.run();
    QVERIFY(first);
    const auto choices = ground.node.query(GetRerunChoices{.run = first->run.id, .step = u"a"_s});
    QVERIFY(choices);
    QStringList lines;
    for (const RerunChoice &choice : *choices)
        lines += enumName(choice.mode) + u' ' +
                 (choice.error.isEmpty() ? QString::number(choice.redone.size())
                                         : errorFromJson(choice.error).where);
    QCOMPARE(lines, (QStringList{u"whole 3"_s, u"from 3"_s, u"failed 2"_s, u"skip rerun_did_not_fail"_s,
                                 u"edited 2"_s}));
    QCOMPARE(choices->at(2).kept, QStringList(u"a"_s));
    QCOMPARE(ground.node.query(GetRerunChoices{.run = RunId{99}}).error().code, ErrorCode::NotFound);
    // Another run of the flow is active, and the flow allows one.
    ground.write(u"steps:\n  - { id: ok, approval: Go on? }\n"_s);
    QVERIFY(ground.node.submit(TrustProject{.path = ground.project}));
    QVERIFY(ground.node.submit(StartRun{.project = ground.project, .flow = u"own"_s}));
    const auto busy = ground.node.query(GetRerunChoices{.run = first->run.id});
    QVERIFY(busy);
    QCOMPARE(errorFromJson(busy->at(0).error).where, u"flow"_s);
}

// Only what an agent may ask for is let through: not this.
void TestRerun::agentsMayNot()
{
    Ground ground(chain());
    const auto first = ground.run();
    QVERIFY(first);
    const auto refused = ground.node.submitAsAgent(RerunRun{.run = first->run.id});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
    QCOMPARE(ground.node.query(ListRuns{.project = ground.project})->size(), 1U);
}

void TestRerun::aRerunIsRunAgain()
{
    Ground ground(u"steps:\n"_s + step(u"a"_s, u"echo A > a.txt"_s) +
                  step(u"b"_s, kGate + u" && echo B > b.txt"_s, u"needs: [a], "_s) +
                  step(u"c"_s, u"test -e ${{ project.path }}/../more && test -e a.txt && test -e b.txt"_s,
                       u"needs: [b], "_s));
    const auto first = ground.run();
    QVERIFY(first);
    // Nothing of it gets so far as to have a worktree: what is kept is still in that of the first.
    const auto skipped = ground.again({.run = first->run.id, .mode = RerunMode::Skip, .step = u"b"_s});
    QVERIFY(skipped);
    QCOMPARE(skipped->run.status, RunStatus::Failed);
    ground.allow(u"go"_s);
    ground.allow(u"more"_s);
    const auto third = ground.again({.run = skipped->run.id, .mode = RerunMode::From, .step = u"b"_s});
    QVERIFY(third);
    QCOMPARE(third->run.status, RunStatus::Completed);
    QCOMPARE(stepsOf(*third), (QStringList{u"a completed kept 1"_s, u"b completed"_s, u"c completed"_s}));
    QCOMPARE(filesOf(ground, *third), u"a.txt b.txt"_s);
}

QTEST_GUILESS_MAIN(TestRerun)
#include "tst_rerun.moc"
