// Merge steps with real repositories: what is merged where, what stands in the way, and that a branch is
// never left half moved, whoever dies or merges there at the same time.
#include "tests/core/node/flow_bed.h"

#include <QJsonDocument>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestMergeSteps : public QObject {
    Q_OBJECT
private slots:
    void twoWritersInTheRunsBranch();
    void everyWay_data();
    void everyWay();
    void conflictsMoveNothing();
    void gatesThatFail_data();
    void gatesThatFail();
    void gatesTellTheirKind();
    void gatesSeeWhatWouldBeThere();
    void otherBranchesAreAskedFor_data();
    void otherBranchesAreAskedFor();
    void othersWorkWhileItAsks();
    void theMainTreeFollows();
    void theMainTreeIsInTheWay();
    void theTargetMovesMeanwhile();
    void twoRunsAtOnce();
    void stopsWhileItsGateRuns();
    void aKillInTheMidst_data();
    void aKillInTheMidst();
    void aKillOnceItHasMoved();

private:
    static QByteArray wait(const QString &file);
    static QJsonObject jsonOf(NodeHarness &node, const RunDetail &detail, const QString &step);
};

namespace {

const QByteArray kTwo =
    "steps:\n"
    "  - {id: a, isolation: step, run: 'echo A > a.txt'}\n"
    "  - {id: b, foreach: [x, y, z], as: n, run: 'test ${{ n }} = y || echo ${{ n }} > b${{ n "
    "}}.txt'}\n";

QStringList trialsIn(const Paths &paths)
{
    return QDir(paths.worktreeDir).entryList({u"trial-*"_s}, QDir::Dirs | QDir::NoDotAndDotDot);
}

} // namespace

// A command that goes on until the file is there.
QByteArray TestMergeSteps::wait(const QString &file)
{
    return "while [ ! -e " + file.toUtf8() + " ]; do sleep 0.05; done";
}

// What expressions see of the step, from the journal.
QJsonObject TestMergeSteps::jsonOf(NodeHarness &node, const RunDetail &detail, const QString &step)
{
    const auto events = node.query(
        ListEvents{.filter = {.run = detail.run.id, .kinds = {u"step.finished"_s}}, .limit = 1000});
    QJsonObject json;
    for (const Event &event : events.value_or(std::vector<Event>())) {
        if (event.data.value(u"key"_s).toString().contains(u'/' + step + u'#'))
            json = event.data.value(u"result"_s)[u"json"_s].toObject();
    }
    return json;
}

void TestMergeSteps::twoWritersInTheRunsBranch()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s, kTwo +
                                   "  - {id: m, needs: [a, b], merge: {from: [a, b], message: All of it}}\n"
                                   "  - {id: after, needs: [m], run: 'ls > after.txt'}\n"
                                   "  - {id: told, needs: [m], script: '[steps.m.json.merged.length, "
                                   "steps.m.json.skipped, steps.m.files, steps.m.branch]'}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"own"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QCOMPARE(bed.content(u"muster/own-1"_s),
             u"a.txt=A after.txt=a.txt,after.txt,bx.txt,bz.txt bx.txt=x bz.txt=z"_s);
    QCOMPARE(bed.git({u"log"_s, u"--format=%s"_s, u"muster/own-1"_s}).split(u'\n').mid(1),
             (QStringList{u"All of it"_s, u"All of it"_s, u"All of it"_s, u"begin"_s}));
    const QJsonArray told = QJsonDocument::fromJson(stepOf(*detail, u"told"_s)->output.toUtf8()).array();
    QCOMPARE(told.at(0), QJsonValue(3));
    QCOMPARE(told.at(1).toArray().size(), 1);
    QCOMPARE(told.at(1)[0][u"why"_s], QJsonValue(u"no_changes"_s));
    QCOMPARE(told.at(1)[0][u"item"_s], QJsonValue(1));
    QCOMPARE(told.at(2), QJsonValue(QJsonArray{u"a.txt"_s, u"bx.txt"_s, u"bz.txt"_s}));
    QCOMPARE(told.at(3), QJsonValue(u"muster/own-1"_s));
    // What was merged is not left for the person to merge again; what they look at is the run's branch.
    QStringList active;
    for (const WorktreeInfo &tree : detail->worktrees)
        active += tree.branch + u' ' + tree.state;
    active.sort();
    QCOMPARE(active,
             (QStringList{u"muster/own-1 ahead"_s, u"muster/own-1--a merged"_s, u"muster/own-1--b.0 merged"_s,
                          u"muster/own-1--b.1 clean"_s, u"muster/own-1--b.2 merged"_s}));
    QCOMPARE(bed.git({u"branch"_s, u"--list"_s, u"muster/own-1--a"_s}), QString());
    QVERIFY(trialsIn(node.paths()).isEmpty());
}

void TestMergeSteps::everyWay_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::addColumn<int>("parents");
    QTest::addRow("squash") << "squash"_ba << 1;
    QTest::addRow("merge") << "merge"_ba << 2;
}

void TestMergeSteps::everyWay()
{
    QFETCH(QByteArray, how);
    QFETCH(int, parents);
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s, kTwo + "  - {id: m, needs: [a], merge: {from: a, how: " + how + "}}\n"));
    NodeHarness node(false);
    const auto detail = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(bed.git({u"log"_s, u"-1"_s, u"--format=%P"_s, u"muster/own-1"_s}).split(u' ').size(), parents);
    QVERIFY(bed.git({u"log"_s, u"-1"_s, u"--format=%s"_s, u"muster/own-1"_s}).contains(u"muster/own-1--a"_s));
}

void TestMergeSteps::conflictsMoveNothing()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s,
                     "steps:\n  - {id: a, isolation: step, run: 'echo A > same.txt; echo A > a.txt'}\n"
                     "  - {id: b, isolation: step, run: 'echo B > same.txt'}\n"
                     "  - {id: m, needs: [a, b], merge: {from: [a, b]}}\n"));
    NodeHarness node(false);
    const auto detail = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(detail);
    const StepInfo *m = stepOf(*detail, u"m"_s);
    QCOMPARE(m->reason, FailureReason::Conflict);
    QCOMPARE(m->detail, u"b: same.txt"_s);
    QCOMPARE(bed.content(u"muster/own-1"_s), QString());
    QCOMPARE(bed.content(u"muster/own-1--a"_s), u"a.txt=A same.txt=A"_s); // both are still there
    QCOMPARE(bed.content(u"muster/own-1--b"_s), u"same.txt=B"_s);
}

void TestMergeSteps::gatesThatFail_data()
{
    QTest::addColumn<QByteArray>("gates");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("output");
    QTest::addRow("exit code") << "[true, 'echo so it is; exit 3', 'touch never']"_ba
                               << FailureReason::GateFailed << u"echo so it is; exit 3: exit code 3"_s
                               << u"so it is\n"_s;
    QTest::addRow("signal") << "kill -9 $$"_ba << FailureReason::GateFailed << u"kill -9 $$: signal 9"_s
                            << QString();
    QTest::addRow("a kind") << "{run: 'echo dirty; exit 4', kind: format}"_ba << FailureReason::GateFailed
                            << u"format: echo dirty; exit 4: exit code 4"_s << u"dirty\n"_s;
    QTest::addRow("a guessed kind") << "[{run: 'true', kind: build}, 'make check 2>/dev/null']"_ba
                                    << FailureReason::GateFailed
                                    << u"test: make check 2>/dev/null: exit code 2"_s << QString();
    QTest::addRow("time of a kind") << "{run: 'exec sleep 60', timeout: 300ms, kind: lint}"_ba
                                    << FailureReason::GateTimeout << u"lint: exec sleep 60"_s << QString();
    QTest::addRow("time") << "{run: 'echo began; exec sleep 60', timeout: 300ms}"_ba
                          << FailureReason::GateTimeout << u"echo began; exec sleep 60"_s << u"began\n"_s;
}

void TestMergeSteps::gatesThatFail()
{
    QFETCH(QByteArray, gates);
    QFETCH(FailureReason, reason);
    QFETCH(QString, detail);
    QFETCH(QString, output);
    const FlowBed bed;
    gates.replace("true,", "'true',");
    QVERIFY(bed.flow(u"own"_s, kTwo + "  - {id: m, needs: [a], merge: {from: a, gates: " + gates + "}}\n"));
    NodeHarness node(false);
    const auto ended = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(ended);
    const StepInfo *m = stepOf(*ended, u"m"_s);
    QCOMPARE(m->reason, reason);
    QCOMPARE(m->detail, detail);
    QCOMPARE(m->output, output);
    QCOMPARE(bed.content(u"muster/own-1"_s), QString());
    QVERIFY(trialsIn(node.paths()).isEmpty());
    QVERIFY(!bed.git({u"worktree"_s, u"list"_s}).contains(u"trial-"_s));
}

// In the events, the good ones too, and to the steps that go on after one that failed.
void TestMergeSteps::gatesTellTheirKind()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s, kTwo + "  - {id: m, needs: [a], on_error: continue, merge: {from: a, gates: "
                                      "[{run: 'true', kind: build}, 'true', {run: 'exit 3', kind: lint}]}}\n"
                                      "  - {id: n, needs: [m], script: 'steps.m.json.gate'}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"own"_s);
    QVERIFY(run);
    const auto ended = node.ended(*run);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    const QJsonObject failed{{u"number"_s, 2},           {u"command"_s, u"exit 3"_s},
                             {u"kind"_s, u"lint"_s},     {u"exit_code"_s, 3},
                             {u"status"_s, u"failed"_s}, {u"reason"_s, u"gate_failed"_s}};
    QCOMPARE(QJsonDocument::fromJson(stepOf(*ended, u"n"_s)->output.toUtf8()).object(), failed);
    const auto events = node.query(ListEvents{.filter = {.run = *run, .kinds = {u"merge.gate"_s}}});
    QVERIFY(events && events->size() == 3);
    QStringList told;
    for (const Event &event : *events)
        told += event.data[u"kind"_s].toString() + u' ' + event.data[u"status"_s].toString();
    QCOMPARE(told, (QStringList{u"build completed"_s, u" completed"_s, u"lint failed"_s}));
    QCOMPARE(events->back().data, failed);
}

void TestMergeSteps::gatesSeeWhatWouldBeThere()
{
    const FlowBed bed;
    QVERIFY(bed.flow(
        u"own"_s,
        kTwo + "  - {id: m, needs: [a, b], merge: {from: [a, b], gates: ['test \"$(cat a.txt bx.txt bz.txt | "
               "tr -d \"\\n\")\" = Axz', 'echo left > left.txt', 'test ${{ steps.a.status }} = "
               "completed']}}\n"));
    NodeHarness node(false);
    const auto detail = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QCOMPARE(bed.content(u"muster/own-1"_s),
             u"a.txt=A bx.txt=x bz.txt=z"_s); // nothing of what the gates left
}

void TestMergeSteps::otherBranchesAreAskedFor_data()
{
    QTest::addColumn<QByteArray>("permissions");
    QTest::addColumn<bool>("unattended");
    QTest::addColumn<std::optional<AnswerKind>>("answer");
    QTest::addColumn<bool>("merged");
    using Answer = std::optional<AnswerKind>;
    QTest::addRow("accepted at the start") << "[next]"_ba << true << Answer() << true;
    QTest::addRow("accepted as a pattern") << "['n*']"_ba << true << Answer() << true;
    QTest::addRow("not accepted, nobody there") << "[main]"_ba << true << Answer() << false;
    QTest::addRow("not accepted, yes") << "[main]"_ba << false << Answer(AnswerKind::Yes) << true;
    QTest::addRow("not accepted, no") << "[main]"_ba << false << Answer(AnswerKind::No) << false;
}

void TestMergeSteps::otherBranchesAreAskedFor()
{
    QFETCH(QByteArray, permissions);
    QFETCH(bool, unattended);
    QFETCH(std::optional<AnswerKind>, answer);
    QFETCH(bool, merged);
    const FlowBed bed;
    bed.git({u"branch"_s, u"next"_s});
    QVERIFY(bed.flow(u"own"_s, "permissions: {merge: " + permissions + "}\n" + kTwo +
                                   "  - {id: m, needs: [a], merge: {from: a, into: next}}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"own"_s, {}, unattended);
    QVERIFY(run);
    if (answer) {
        const InboxInfo item = node.openItem(*run);
        QCOMPARE(item.purpose, u"merge"_s);
        QCOMPARE(item.command, u"next"_s);
        QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = *answer}));
    }
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(bed.content(u"next"_s), merged ? u"a.txt=A"_s : QString());
    if (!merged)
        QCOMPARE(stepOf(*detail, u"m"_s)->reason, FailureReason::PermissionDenied);
    QCOMPARE(bed.content(u"main"_s), QString());
}

void TestMergeSteps::othersWorkWhileItAsks()
{
    const FlowBed bed;
    bed.git({u"branch"_s, u"next"_s});
    QVERIFY(bed.flow(u"own"_s, kTwo + "  - {id: m, needs: [a], merge: {from: a, into: next}}\n"));
    QVERIFY(bed.flow(u"other"_s, "steps:\n  - {id: s, run: echo done}\n"));
    NodeHarness node(false);
    QVERIFY(node.submit(SetPool{.name = u"flow"_s, .cap = 1}));
    const auto asks = bed.start(node, u"own"_s, {}, false);
    QVERIFY(asks);
    const InboxInfo item = node.openItem(*asks);
    const auto other = bed.start(node, u"other"_s);
    QVERIFY(other);
    const auto done = node.ended(*other);
    QVERIFY(done);
    QCOMPARE(done->run.status, RunStatus::Completed);
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    const auto merged = node.ended(*asks);
    QVERIFY(merged);
    QVERIFY2(merged->run.status == RunStatus::Completed, qPrintable(merged->run.detail));
    QCOMPARE(bed.content(u"next"_s), u"a.txt=A"_s);
}

void TestMergeSteps::theMainTreeFollows()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s, "permissions: {merge: [main]}\n" + kTwo +
                                   "  - {id: m, needs: [a], merge: {from: a, into: main}}\n"));
    QVERIFY(bed.write(u"mine.txt"_s, "of the person\n"));
    NodeHarness node(false);
    const auto detail = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QCOMPARE(bed.content(u"main"_s), u"a.txt=A"_s);
    QCOMPARE(bed.read(u"a.txt"_s), u"A\n"_s);
    QCOMPARE(bed.read(u"mine.txt"_s), u"of the person\n"_s);
    QCOMPARE(bed.git({u"status"_s, u"--porcelain"_s}), u"?? flows/\n?? mine.txt"_s);
}

void TestMergeSteps::theMainTreeIsInTheWay()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s, "permissions: {merge: [main]}\n" + kTwo +
                                   "  - {id: m, needs: [a], merge: {from: a, into: main}}\n"));
    QVERIFY(bed.write(u"a.txt"_s, "of the person\n"));
    NodeHarness node(false);
    const auto detail = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(detail);
    QCOMPARE(stepOf(*detail, u"m"_s)->reason, FailureReason::Conflict);
    QCOMPARE(stepOf(*detail, u"m"_s)->detail, u"main_tree_dirty: a.txt"_s);
    QCOMPARE(bed.content(u"main"_s), QString());
    QCOMPARE(bed.read(u"a.txt"_s), u"of the person\n"_s);
}

// The gate itself lets somebody else move the branch, the first time: it is tried again on what is there
// then.
void TestMergeSteps::theTargetMovesMeanwhile()
{
    const FlowBed bed;
    bed.git({u"branch"_s, u"next"_s});
    const QByteArray root = bed.root().toUtf8();
    QVERIFY(bed.write(u"gate.sh"_s, "echo run >> " + root + "/gates.log\n[ -e " + root +
                                        "/moved ] && exit 0\ntouch " + root + "/moved\ncd " + root +
                                        "\ntree=$(git rev-parse next^{tree})\ncommit=$(git -c user.name=t -c "
                                        "user.email=t@localhost commit-tree -p next -m other $tree)\n"
                                        "git update-ref refs/heads/next $commit\n"));
    QVERIFY(bed.flow(u"own"_s, "permissions: {merge: [next]}\n" + kTwo +
                                   "  - {id: m, needs: [a], merge: {from: a, into: next, gates: sh " + root +
                                   "/gate.sh}}\n"));
    NodeHarness node(false);
    const auto detail = node.ended(bed.start(node, u"own"_s).value());
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QCOMPARE(bed.content(u"next"_s), u"a.txt=A"_s);
    QCOMPARE(bed.git({u"log"_s, u"--format=%s"_s, u"next"_s}).split(u'\n').mid(1),
             (QStringList{u"other"_s, u"begin"_s}));
    QCOMPARE(bed.read(u"gates.log"_s), u"run\nrun\n"_s);
}

// Each says when its gate begins and ends: never within one another.
void TestMergeSteps::twoRunsAtOnce()
{
    const FlowBed bed;
    bed.git({u"branch"_s, u"next"_s});
    const QByteArray log = bed.file(u"log"_s).toUtf8();
    QVERIFY(bed.flow(
        u"own"_s, "parallel_runs: true\ninputs: {n: {type: string}}\npermissions: {merge: [next]}\nsteps:\n"
                  "  - {id: a, isolation: step, run: 'echo ${{ inputs.n }} > ${{ inputs.n }}.txt'}\n"
                  "  - {id: m, needs: [a], merge: {from: a, into: next, gates: 'echo in >> " +
                      log + "; ls | wc -l >> " + log + "; sleep 0.2; echo out >> " + log + "'}}\n"));
    NodeHarness node(false);
    QList<RunId> runs;
    for (const QString &n : {u"one"_s, u"two"_s, u"three"_s})
        runs += bed.start(node, u"own"_s, {{u"n"_s, n}}).value();
    for (const RunId run : std::as_const(runs)) {
        const auto detail = node.ended(run);
        QVERIFY(detail);
        QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    }
    QCOMPARE(bed.content(u"next"_s), u"one.txt=one three.txt=three two.txt=two"_s);
    // No gate ran twice: nobody was overtaken.
    QCOMPARE(bed.read(u"log"_s).simplified(), u"in 1 out in 2 out in 3 out"_s);
}

void TestMergeSteps::stopsWhileItsGateRuns()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"own"_s, kTwo + "  - {id: m, needs: [a], merge: {from: a, gates: 'touch " +
                                   bed.file(u"began"_s).toUtf8() + "; " + wait(bed.file(u"never"_s)) +
                                   "'}}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"own"_s);
    QVERIFY(run);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bed.file(u"began"_s)), patienceMs);
    QVERIFY(node.submit(CancelRun{.run = *run}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(stepOf(*detail, u"m"_s)->status, StepStatus::Cancelled);
    QCOMPARE(bed.content(u"muster/own-1"_s), QString());
    QVERIFY(trialsIn(node.paths()).isEmpty());
}

void TestMergeSteps::aKillInTheMidst_data()
{
    QTest::addColumn<QByteArray>("into");
    QTest::addColumn<QString>("branch");
    QTest::addRow("the run's branch") << "run"_ba << u"muster/own-1"_s;
    QTest::addRow("another branch") << "next"_ba << u"next"_s;
}

void TestMergeSteps::aKillInTheMidst()
{
    QFETCH(QByteArray, into);
    QFETCH(QString, branch);
    const FlowBed bed;
    bed.git({u"branch"_s, u"next"_s});
    QVERIFY(bed.flow(u"own"_s, "permissions: {merge: [next]}\n" + kTwo +
                                   "  - {id: m, needs: [a, b], merge: {from: [a, b], into: " + into +
                                   ", gates: 'echo x >> " + bed.file(u"gates"_s).toUtf8() + "; " +
                                   wait(bed.file(u"go"_s)) + "'}}\n"));
    NodeHarness node(true);
    const auto run = bed.start(node, u"own"_s);
    QVERIFY(run);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bed.file(u"gates"_s)), patienceMs);
    node.killServer();
    QCOMPARE(bed.content(branch), QString()); // either where it was, or where it should be
    QCOMPARE(trialsIn(node.paths()).size(), 1);
    QVERIFY(bed.write(u"go"_s, {}));
    node.startServer();
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QCOMPARE(bed.content(branch), u"a.txt=A bx.txt=x bz.txt=z"_s);
    QCOMPARE(jsonOf(node, *detail, u"m"_s).value(u"merged"_s).toArray().size(), 3);
    QCOMPARE(stepOf(*detail, u"m"_s)->attempt, 1);
    QVERIFY(trialsIn(node.paths()).isEmpty());
}

// Whether it has been written down by then or not: it is not merged a second time, and what was merged is
// known.
void TestMergeSteps::aKillOnceItHasMoved()
{
    for (int round = 0; round < 3; ++round) {
        const FlowBed bed;
        bed.git({u"branch"_s, u"next"_s});
        QVERIFY(bed.flow(u"own"_s, "permissions: {merge: [next]}\n" + kTwo +
                                       "  - {id: m, needs: [a, b], merge: {from: [a, b], into: next}}\n"));
        NodeHarness node(true);
        const auto run = bed.start(node, u"own"_s);
        QVERIFY(run);
        const QString before = bed.git({u"rev-parse"_s, u"next"_s});
        QVERIFY(testing::waitFor([&] { return bed.git({u"rev-parse"_s, u"next"_s}) != before; }));
        node.killServer();
        node.startServer();
        const auto detail = node.ended(*run);
        QVERIFY(detail);
        QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
        QCOMPARE(bed.content(u"next"_s), u"a.txt=A bx.txt=x bz.txt=z"_s);
        QCOMPARE(bed.git({u"rev-list"_s, u"--count"_s, u"next"_s}), u"4"_s);
        const QJsonObject json = jsonOf(node, *detail, u"m"_s);
        QCOMPARE(json.value(u"merged"_s).toArray().size(), 3);
        QCOMPARE(json.value(u"commit"_s).toString(), bed.git({u"rev-parse"_s, u"next"_s}));
        for (const WorktreeInfo &tree : detail->worktrees)
            QVERIFY2(tree.state == u"merged" || tree.filesChanged == 0, qPrintable(tree.branch));
    }
}

QTEST_GUILESS_MAIN(TestMergeSteps)
#include "tst_merge_steps.moc"
