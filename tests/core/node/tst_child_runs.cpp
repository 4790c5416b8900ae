// Flow steps: a run of its own for each attempt, with what it gives back, where it begins, and what ends it.
#include "tests/core/node/flow_bed.h"

#include <QJsonDocument>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestChildRuns : public QObject {
    Q_OBJECT
private slots:
    void givesWhatItsStepsMade();
    void oneForEachItem();
    void oneInEachRoundOfALoop();
    void beginsWhereItsParentStands();
    void itsFailureIsTheSteps();
    void inputsThatDoNotFit();
    void runsWhatWasThereAtTheStart();
    void isRefusedBeforeAnythingStarts_data();
    void isRefusedBeforeAnythingStarts();
    void ofAnUntrustedProject();
    void isCancelledWithItsParent();
    void isCancelledByForceWithItsParent();
    void allGenerationsEndWithTheFirst();
    void isCancelledWhenTimeIsUp();
    void canBeCancelledByItself();
    void waitsForThePerson();
    void tellsWhatIsAccepted();
    void isDrivenOnceAfterAKill();

private:
    static QString waitFor(const QString &file);
};

// A command that goes on until the file is there.
QString TestChildRuns::waitFor(const QString &file)
{
    return u"while [ ! -e %1 ]; do sleep 0.05; done"_s.arg(file);
}

void TestChildRuns::givesWhatItsStepsMade()
{
    const FlowBed bed;
    QVERIFY(bed.flow(
        u"part"_s,
        "inputs: {who: {type: string}}\nsteps:\n"
        "  - {id: a, run: 'echo {\\\"n\\\": 7}', output: json, isolation: none}\n"
        "  - {id: b, needs: [a], isolation: run, run: 'echo ${{ inputs.who }} > b.txt; cat b.txt'}\n"));
    QVERIFY(bed.flow(u"whole"_s,
                     "steps:\n  - id: x\n    flow: { name: part, inputs: { who: 'you ${{ 1 + 1 }}' } }\n"
                     "  - id: y\n    needs: [x]\n    script: >-\n      [steps.x.output, steps.x.json.status, "
                     "steps.x.json.run, steps.x.json.steps.a.json.n, steps.x.json.steps.b.output, "
                     "steps.x.files, steps.x.branch, steps.x.status]\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    const StepInfo *x = stepOf(*detail, u"x"_s);
    const StepInfo *y = stepOf(*detail, u"y"_s);
    QVERIFY(x && y);
    QCOMPARE(x->kind, u"flow"_s);
    QCOMPARE(x->childFlow, u"part"_s);
    QCOMPARE(x->childNumber, 2);
    QCOMPARE(QJsonDocument::fromJson(y->output.toUtf8()).array(),
             (QJsonArray{u"you 2\n"_s, u"completed"_s, 2, 7, u"you 2\n"_s, QJsonArray{u"b.txt"_s},
                         u"muster/part-2"_s, u"completed"_s}));
    const auto child = node.query(GetRun{.run = x->child});
    QVERIFY(child);
    QCOMPARE(child->run.parent, *run);
    QCOMPARE(child->run.parentFlow, u"whole"_s);
    QCOMPARE(child->run.parentNumber, 1);
    QCOMPARE(child->run.parentStep, u"x"_s);
    QVERIFY(child->run.unattended);
    QCOMPARE(bed.content(u"muster/part-2"_s), u"b.txt=you 2"_s);
    const auto runs = bed.runs(node);
    QCOMPARE(runs.size(), 2U);
    QCOMPARE(runs.front().parent, *run);
}

void TestChildRuns::oneForEachItem()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "inputs: {n: {type: number}}\nsteps:\n  - {id: a, script: inputs.n * 10}\n"));
    QVERIFY(bed.flow(
        u"whole"_s,
        "batches: {few: {max_concurrent: 2}}\nsteps:\n"
        "  - {id: x, foreach: [1, 2, 3], as: n, batch: few, flow: {name: part, inputs: {n: '${{ n }}'}}}\n"
        "  - {id: y, needs: [x], script: 'steps.x.items.map(i => i.json.steps.a.json)'}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(stepOf(*detail, u"y"_s)->output, u"[10,20,30]"_s);
    QSet<RunId> children;
    for (int item = 0; item < 3; ++item) {
        const StepInfo *step = stepOf(*detail, u"x"_s, item);
        QVERIFY(step && step->child.isValid());
        children.insert(step->child);
        QCOMPARE(node.query(GetRun{.run = step->child})->run.parentStep, u"x[%1]"_s.arg(item));
    }
    QCOMPARE(children.size(), 3);
}

// What is advised where a loop is to have a loop in it.
void TestChildRuns::oneInEachRoundOfALoop()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "inputs: {n: {type: number}}\nsteps:\n"
                                "  - {id: l, loop: {max: 3, steps: [{id: a, isolation: none, run: 'echo "
                                "${{ inputs.n }}.${{ loop.index }} >> " +
                                    bed.file(u"rounds"_s).toUtf8() + "'}]}}\n"));
    QVERIFY(bed.flow(u"whole"_s,
                     "steps:\n  - {id: o, loop: {max: 2, steps: [{id: x, flow: {name: part, inputs: "
                     "{n: '${{ loop.index }}'}}}]}}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY2(run, run ? "" : qPrintable(run.error().where));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QVERIFY2(detail->run.status == RunStatus::Completed, qPrintable(detail->run.detail));
    QCOMPARE(bed.read(u"rounds"_s).split(u'\n', Qt::SkipEmptyParts).join(u' '), u"0.0 0.1 0.2 1.0 1.1 1.2"_s);
    QCOMPARE(bed.runs(node).size(), 3U);
}

void TestChildRuns::beginsWhereItsParentStands()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"inner"_s, "steps:\n  - {id: c, run: 'ls > inner.txt'}\n"));
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: b, flow: inner}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: early, flow: inner}\n"
                                 "  - {id: a, needs: [early], run: 'echo A > a.txt'}\n"
                                 "  - {id: x, needs: [a], flow: part}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    // Before the parent had a branch: at its base. Then at the branch's tip, over the flow between them.
    QCOMPARE(bed.content(u"muster/inner-2"_s), u"inner.txt=inner.txt"_s);
    QCOMPARE(bed.content(u"muster/inner-4"_s), u"a.txt=A inner.txt=a.txt,inner.txt"_s);
}

void TestChildRuns::itsFailureIsTheSteps()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, isolation: none, run: 'echo so it is; exit 3'}\n"));
    QVERIFY(bed.flow(
        u"whole"_s, "steps:\n  - {id: x, flow: part, retries: {max: 1, on: [gate_failed], backoff: 1ms}}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Failed);
    const StepInfo *x = stepOf(*detail, u"x"_s);
    QCOMPARE(x->reason, FailureReason::GateFailed);
    QCOMPARE(x->detail, u"a: exit code 3"_s);
    // Each attempt is a run; the step shows the last.
    QCOMPARE(x->attempt, 2);
    QCOMPARE(bed.runs(node).size(), 3U);
    QCOMPARE(x->childNumber, 3);
}

void TestChildRuns::inputsThatDoNotFit()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "inputs: {n: {type: number}}\nsteps:\n  - {id: a, script: inputs.n}\n"));
    QVERIFY(
        bed.flow(u"whole"_s, "steps:\n  - {id: x, flow: {name: part, inputs: {n: '${{ \"many\" }}'}}}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(stepOf(*detail, u"x"_s)->reason, FailureReason::LaunchFailed);
    QCOMPARE(stepOf(*detail, u"x"_s)->detail, u"inputs.n: wrong_type"_s);
    QCOMPARE(bed.runs(node).size(), 1U);
}

void TestChildRuns::runsWhatWasThereAtTheStart()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"inner"_s, "steps:\n  - {id: c, script: \"'first'\"}\n"));
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: b, flow: inner}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: a, isolation: none, run: '" +
                                     waitFor(bed.file(u"go"_s)).toUtf8() +
                                     "'}\n  - {id: x, needs: [a], flow: part}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    QVERIFY(bed.flow(u"inner"_s, "steps:\n  - {id: c, script: \"'second'\"}\n"));
    QVERIFY(QFile::remove(bed.file(u"flows/part.flow.yaml"_s)));
    node.reopen();
    QVERIFY(bed.write(u"go"_s, {}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(stepOf(*detail, u"x"_s)->output, u"first"_s);
}

void TestChildRuns::isRefusedBeforeAnythingStarts_data()
{
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<QByteArray>("whole");
    QTest::addColumn<QString>("problem");
    const QByteArray good = "steps: [{id: a, script: '1'}]\n";
    QTest::addRow("unknown") << good << "steps:\n  - {id: x, flow: parts}\n"_ba << u"unknown_flow 4:19"_s;
    QTest::addRow("with problems") << "steps: []\n"_ba << "steps:\n  - {id: x, flow: part}\n"_ba
                                   << u"flow_has_problems 4:19"_s;
    QTest::addRow("itself") << good << "steps:\n  - {id: x, flow: whole}\n"_ba << u"flow_circle 4:19"_s;
    QTest::addRow("itself, over another")
        << "steps: [{id: a, flow: whole}]\n"_ba
        << "steps:\n  - {id: x, flow: part}\n"_ba << u"flow_has_problems 4:19"_s;
    QTest::addRow("an input missing")
        << "inputs: {n: {type: number}}\n" + good << "steps:\n  - {id: x, flow: part}\n"_ba
        << u"missing_flow_input 4:19"_s;
}

void TestChildRuns::isRefusedBeforeAnythingStarts()
{
    QFETCH(QByteArray, part);
    QFETCH(QByteArray, whole);
    QFETCH(QString, problem);
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, part));
    QVERIFY(bed.flow(u"whole"_s, whole));
    NodeHarness node(false);
    const auto check =
        node.query(CheckFlow{.project = bed.root(), .flow = bed.file(u"flows/whole.flow.yaml"_s)});
    QVERIFY(check);
    QCOMPARE(check->problems.size(), 1U);
    const FlowProblemInfo &found = check->problems.front();
    QCOMPARE(u"%1 %2:%3"_s.arg(found.code).arg(found.line).arg(found.column), problem);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(!run);
    QCOMPARE(run.error().detail, u"flow_problems"_s);
    QVERIFY(bed.runs(node).empty());
}

// One of the person's own, or a built-in one, does not get the project's own files to run in its place.
void TestChildRuns::ofAnUntrustedProject()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"hello"_s, "steps: [{id: a, script: '1'}]\n"));
    NodeHarness node(false, [](const Paths &paths) {
        QDir().mkpath(paths.configDir + u"/flows"_s);
        QFile file(paths.configDir + u"/flows/mine.flow.yaml"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("muster: 1\nname: mine\nsteps: [{id: x, flow: hello}]\n");
    });
    const auto run = node.submit(StartRun{.project = bed.root(), .flow = u"mine"_s, .unattended = true});
    QVERIFY(!run);
    QCOMPARE(run.error().code, ErrorCode::NotTrusted);
    QVERIFY(run.error().where.endsWith(u"flows/hello.flow.yaml"_s));
}

void TestChildRuns::isCancelledWithItsParent()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, isolation: none, run: 'touch began; " +
                                    waitFor(bed.file(u"never"_s)).toUtf8() +
                                    "'}\nfinally:\n  - {id: f, isolation: none, run: touch swept}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: x, flow: part}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bed.file(u"began"_s)), patienceMs);
    QVERIFY(node.submit(CancelRun{.run = *run}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Cancelled);
    const auto child = node.ended(stepOf(*detail, u"x"_s)->child);
    QVERIFY(child);
    QCOMPARE(child->run.status, RunStatus::Cancelled);
    QVERIFY(QFile::exists(bed.file(u"swept"_s))); // its last steps have run
    QVERIFY(child->run.endedAt <= detail->run.endedAt);
}

void TestChildRuns::isCancelledByForceWithItsParent()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, isolation: none, run: 'touch began; " +
                                    waitFor(bed.file(u"never"_s)).toUtf8() +
                                    "'}\nfinally:\n  - {id: f, isolation: none, run: 'touch sweeping; " +
                                    waitFor(bed.file(u"never"_s)).toUtf8() + "'}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: x, flow: part}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bed.file(u"began"_s)), patienceMs);
    QVERIFY(node.submit(CancelRun{.run = *run}));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bed.file(u"sweeping"_s)), patienceMs);
    QVERIFY(node.submit(CancelRun{.run = *run}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Cancelled);
    const auto child = node.ended(stepOf(*detail, u"x"_s)->child);
    QVERIFY(child);
    QCOMPARE(stepOf(*child, u"f"_s)->status, StepStatus::Cancelled);
}

// As deep as it may be, and no deeper: five, one within the other.
void TestChildRuns::allGenerationsEndWithTheFirst()
{
    const FlowBed bed;
    const QByteArray wait = waitFor(bed.file(u"never"_s)).toUtf8();
    QVERIFY(bed.flow(u"f5"_s,
                     "steps:\n  - {id: a, isolation: none, run: 'touch began; " + wait +
                         "'}\n  - {id: b, runtime: demo, isolation: none, prompt: '@@stall:600 say hello'}\n"
                         "  - {id: c, needs: [a, b], run: ls}\n"));
    for (int depth = 4; depth >= 0; --depth) {
        const QByteArray next = QByteArray::number(depth + 1);
        QVERIFY(bed.flow(u'f' + QString::number(depth),
                         "steps:\n  - {id: x, foreach: [1, 2], flow: f" + next + "}\n"));
    }
    NodeHarness node(false);
    const auto check = node.query(CheckFlow{.project = bed.root(), .flow = u"f0"_s});
    QVERIFY(check);
    QCOMPARE(check->problems.size(), 1U);
    QCOMPARE(check->problems.front().code, u"flow_too_deep"_s);
    QVERIFY(!bed.start(node, u"f0"_s));
    QVERIFY(bed.runs(node).empty());
    const auto run = bed.start(node, u"f1"_s, {}, false);
    QVERIFY2(run, run ? "" : qPrintable(run.error().where));
    constexpr size_t all = 1 + 2 + 4 + 8 + 16;
    QVERIFY(testing::waitFor([&] {
        return bed.runs(node).size() == all && QFile::exists(bed.file(u"began"_s)) &&
               !processesIn(bed.root(), u"/muster-demo-agent"_s).isEmpty();
    }));
    QVERIFY(node.submit(CancelRun{.run = *run}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Cancelled);
    for (const RunInfo &one : bed.runs(node)) {
        QCOMPARE(one.status, RunStatus::Cancelled);
        QVERIFY(one.endedAt <= detail->run.endedAt);
    }
    QVERIFY(testing::waitFor([&] { return processesIn(bed.root()).isEmpty(); }));
}

void TestChildRuns::isCancelledWhenTimeIsUp()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, isolation: none, run: '" +
                                    waitFor(bed.file(u"never"_s)).toUtf8() + "'}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: x, flow: part, timeout: 300ms}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(stepOf(*detail, u"x"_s)->status, StepStatus::TimedOut);
    QCOMPARE(stepOf(*detail, u"x"_s)->reason, FailureReason::DeadlineExceeded);
    QCOMPARE(node.query(GetRun{.run = stepOf(*detail, u"x"_s)->child})->run.status, RunStatus::Cancelled);
}

void TestChildRuns::canBeCancelledByItself()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, approval: go on}\n"));
    QVERIFY(bed.flow(u"whole"_s,
                     "steps:\n  - {id: x, flow: part}\n  - {id: y, needs: [x], trigger: all_done, "
                     "script: steps.x.status}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    RunId child;
    QVERIFY(testing::waitFor([&] {
        const auto runs = bed.runs(node);
        child = runs.size() == 2 ? runs.front().id : RunId();
        return child.isValid() && runs.front().waitingForYou == 1;
    }));
    QVERIFY(node.submit(CancelRun{.run = child}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(stepOf(*detail, u"x"_s)->status, StepStatus::Cancelled);
}

void TestChildRuns::waitsForThePerson()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, approval: go on}\n"
                                "  - {id: c, needs: [a], isolation: none, run: 'touch began; " +
                                    waitFor(bed.file(u"go"_s)).toUtf8() +
                                    "'}\n  - {id: b, needs: [a, c], script: steps.a.approved}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: x, flow: part}\n"));
    QVERIFY(bed.flow(u"outer"_s, "steps:\n  - {id: x, flow: whole, timeout: 2m}\n"));
    NodeHarness node(false);
    const auto run = bed.start(node, u"outer"_s, {}, false);
    QVERIFY(run);
    const InboxInfo item = node.openItem();
    QVERIFY(item.id.isValid());
    // All that it is part of waits, also after a restart, and then goes on.
    const auto inAll = [&](RunStatus status, StepStatus step) {
        return testing::waitFor([&] {
            const auto runs = bed.runs(node);
            return runs.size() == 3 && std::ranges::all_of(runs, [&](const RunInfo &one) {
                const auto detail = node.query(GetRun{.run = one.id});
                return detail && detail->run.status == status && detail->steps.front().status == step;
            });
        });
    };
    QVERIFY(inAll(RunStatus::Waiting, StepStatus::Waiting));
    node.reopen();
    QVERIFY(inAll(RunStatus::Waiting, StepStatus::Waiting));
    QVERIFY(node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::Yes}));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(bed.file(u"began"_s)), patienceMs);
    QVERIFY(testing::waitFor([&] {
        const auto detail = node.query(GetRun{.run = *run});
        return detail && detail->run.status == RunStatus::Running &&
               stepOf(*detail, u"x"_s)->status == StepStatus::Running;
    }));
    QVERIFY(bed.write(u"go"_s, {}));
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(stepOf(*detail, u"x"_s)->output, u"true"_s);
}

void TestChildRuns::tellsWhatIsAccepted()
{
    const FlowBed bed;
    QVERIFY(bed.flow(u"inner"_s, "permissions: {write: [inner.md, own.md], run: ['make *']}\nsteps:\n"
                                 "  - {id: c, prompt: C, isolation: none}\n"));
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: b, flow: inner}\n"));
    QVERIFY(bed.flow(u"whole"_s,
                     "permissions: {write: [own.md]}\nsteps:\n  - {id: a, prompt: A, isolation: none}\n"
                     "  - {id: x, flow: part}\n"));
    NodeHarness node(false);
    const auto check =
        node.query(CheckFlow{.project = bed.root(), .flow = bed.file(u"flows/whole.flow.yaml"_s)});
    QVERIFY(check);
    QVERIFY(check->problems.empty());
    QCOMPARE(check->mayWrite, (QStringList{u"own.md"_s, u"inner.md"_s}));
    QCOMPARE(check->mayRun, QStringList{u"make *"_s});
    QCOMPARE(check->steps.back().flow, u"part"_s);
}

void TestChildRuns::isDrivenOnceAfterAKill()
{
    const FlowBed bed;
    const QByteArray line = "echo $$ >> " + bed.file(u"lines"_s).toUtf8();
    QVERIFY(bed.flow(u"part"_s, "steps:\n  - {id: a, isolation: none, run: '" + line + "; " +
                                    waitFor(bed.file(u"go"_s)).toUtf8() +
                                    "'}\n  - {id: b, needs: [a], isolation: none, run: '" + line + "'}\n"));
    QVERIFY(bed.flow(u"whole"_s, "steps:\n  - {id: x, flow: part}\n  - {id: y, needs: [x], script: "
                                 "steps.x.json.status}\n"));
    NodeHarness node(true);
    const auto run = bed.start(node, u"whole"_s);
    QVERIFY(run);
    QTRY_VERIFY_WITH_TIMEOUT(!bed.read(u"lines"_s).isEmpty(), patienceMs);
    node.killServer();
    QVERIFY(bed.write(u"go"_s, {}));
    node.startServer();
    const auto detail = node.ended(*run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QCOMPARE(stepOf(*detail, u"y"_s)->output, u"completed"_s);
    QCOMPARE(stepOf(*detail, u"x"_s)->attempt, 1);
    QCOMPARE(bed.runs(node).size(), 2U);
    QCOMPARE(bed.read(u"lines"_s).count(u'\n'), 2);
}

QTEST_GUILESS_MAIN(TestChildRuns)
#include "tst_child_runs.moc"
