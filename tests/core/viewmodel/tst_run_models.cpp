// RunModel, RunListModel, FlowListModel and ProjectListModel against a node of plain values: what they say,
// that they tell views correctly (QAbstractItemModelTester), and that they sleep while nobody looks.
#include "core/viewmodel/describe.h"
#include "core/viewmodel/flow_list_model.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/project_list_model.h"
#include "core/viewmodel/run_list_model.h"
#include "core/viewmodel/run_model.h"
#include "core/viewmodel/run_starter.h"
#include "tests/support/memory_node.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr RunId run{7};

api::StepInfo step(const QString &id, StepStatus status, int item = -1)
{
    return {.id = StepRunId{item + 100},
            .run = run,
            .stepId = id,
            .index = item,
            .label = item < 0 ? QString() : u"part %1"_s.arg(item),
            .kind = u"agent"_s,
            .status = status,
            .attempt = 1,
            .attemptsMax = 3,
            .startedAt = 1000,
            .task = TaskId{item + 50}};
}

api::RunDetail detailWith(std::vector<api::StepInfo> steps)
{
    return {.run = {.id = run, .number = 3, .flow = u"survey"_s, .status = RunStatus::Running},
            .steps = std::move(steps)};
}

struct Bed {
    MemoryNode node;
    NodeFeed feed{&node};
    ProjectContext context{&node};

    Bed()
    {
        node.projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s, .lastUsedAt = 5},
                         {.id = ProjectId{2}, .path = u"/q"_s, .name = u"q"_s, .lastUsedAt = 9}};
        node.answer = {.refs = {.project = ProjectId{1}}, .text = u"/p"_s};
        context.open(u"/p"_s);
        if (!QTest::qWaitFor([this] { return context.isOpen(); }))
            qFatal("the project did not open");
    }
};

} // namespace

class TestRunModels : public QObject {
    Q_OBJECT
private slots:
    void outcomesNameWhatWasFound();
    void stepsAndItemsAreATree();
    void itemsArriveOneByOne();
    void statusTexts_data();
    void statusTexts();
    void theToolInUseIsShown();
    void whatAPersonLooksAtFirst();
    void sleepsWhileInactive();
    void runsKeepTheirPlace();
    void partsStandBelowWhatTheyArePartOf();
    void olderRunsAreFetched();
    void flowsSayWhatWaitsForTrust();
    void projectsUsedLastComeFirst();
    void aStartedRunComesToTheFront();
    void aRefusedStartIsTold();
};

void TestRunModels::stepsAndItemsAreATree()
{
    Bed bed;
    bed.node.details.insert(
        run, detailWith({step(u"a"_s, StepStatus::Completed), step(u"read"_s, StepStatus::Running),
                         step(u"read"_s, StepStatus::Completed, 0), step(u"read"_s, StepStatus::Running, 1),
                         step(u"z"_s, StepStatus::Pending)}));
    RunModel model(&bed.feed, &bed.context);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    bed.context.setRun(run);
    QTRY_COMPARE(model.rowCount(), 3);
    const QModelIndex read = model.indexOf(u"read"_s, -1);
    QCOMPARE(read.data().toString(), u"read"_s);
    QCOMPARE(model.rowCount(read), 2);
    QCOMPARE(model.indexOf(u"read"_s, 1).data().toString(), u"part 1"_s);
    QCOMPARE(model.indexOf(u"read"_s, 1).parent(), read);
    QCOMPARE(model.statusText(read), u"1 of 2 done, 1 at work"_s);
    QCOMPARE(read.data(RunModel::ItemsSettledRole).toInt(), 1);
    bed.context.setRun({});
    QCOMPARE(model.rowCount(), 0);
}

void TestRunModels::itemsArriveOneByOne()
{
    Bed bed;
    std::vector<api::StepInfo> steps{step(u"read"_s, StepStatus::Running)};
    bed.node.details.insert(run, detailWith(steps));
    RunModel model(&bed.feed, &bed.context);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    bed.context.setRun(run);
    QTRY_COMPARE(model.rowCount(), 1);
    const QSignalSpy resets(&model, &RunModel::modelReset);
    for (int item = 0; item < 3; ++item) {
        steps.push_back(step(u"read"_s, StepStatus::Running, item));
        bed.node.details.insert(run, detailWith(steps));
        bed.node.touch(u"step.started"_s, {.run = run});
        QTRY_COMPARE(model.rowCount(model.index(0, 0)), item + 1);
    }
    QCOMPARE(resets.count(), 0); // so selection and scroll position stay
}

void TestRunModels::statusTexts_data()
{
    QTest::addColumn<StepStatus>("status");
    QTest::addColumn<int>("attempt");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<std::optional<FailureReason>>("reason");
    QTest::addColumn<QString>("text");
    const std::optional<FailureReason> none;
    QTest::newRow("running") << StepStatus::Running << 1 << false << none << u"Running"_s;
    QTest::newRow("in a later round of a loop")
        << StepStatus::Completed << 4 << false << none << u"Completed (attempt 4)"_s;
    QTest::newRow("again") << StepStatus::Running << 2 << false << none << u"Running (attempt 2 of 3)"_s;
    QTest::newRow("asks") << StepStatus::Waiting << 1 << true << none << u"Waiting for you"_s;
    QTest::newRow("waits") << StepStatus::Waiting << 1 << false << none << u"Waiting"_s;
    QTest::newRow("pending") << StepStatus::Pending << 0 << false << none << u"Waits for a, b"_s;
    QTest::newRow("failed") << StepStatus::Failed << 3 << false << std::optional(FailureReason::Crashed)
                            << u"Failed: Crashed (attempt 3 of 3)"_s;
}

void TestRunModels::statusTexts()
{
    QFETCH(const StepStatus, status);
    QFETCH(const int, attempt);
    QFETCH(const bool, asks);
    QFETCH(const std::optional<FailureReason>, reason);
    QFETCH(const QString, text);
    Bed bed;
    api::StepInfo info = step(u"s"_s, status);
    info.attempt = attempt;
    info.reason = reason;
    info.needs = {u"a"_s, u"b"_s};
    if (asks)
        info.inbox = InboxId{1};
    bed.node.details.insert(run, detailWith({info}));
    RunModel model(&bed.feed, &bed.context);
    model.setActive(true);
    bed.context.setRun(run);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, RunModel::StatusColumn).data().toString(), text);
    QVERIFY(model.index(0, 0).data(Qt::AccessibleTextRole).toString().contains(text));
}

void TestRunModels::theToolInUseIsShown()
{
    Bed bed;
    bed.node.details.insert(run, detailWith({step(u"s"_s, StepStatus::Running)}));
    RunModel model(&bed.feed, &bed.context);
    model.setActive(true);
    bed.context.setRun(run);
    QTRY_COMPARE(model.rowCount(), 1);
    const QModelIndex status = model.index(0, RunModel::StatusColumn);
    const EventRefs refs{.run = run, .task = TaskId{49}};
    const ToolStarted started{.toolId = u"1"_s, .title = u"Read src/main.py"_s};
    bed.node.touch(Event{.kind = kindOf(started), .refs = refs, .data = toJson(SessionEvent(started))});
    QTRY_COMPARE(status.data().toString(), u"Read src/main.py"_s);
    const ToolFinished finished{.toolId = u"1"_s};
    bed.node.touch(Event{.kind = kindOf(finished), .refs = refs, .data = toJson(SessionEvent(finished))});
    QTRY_COMPARE(status.data().toString(), u"Running"_s);
}

void TestRunModels::whatAPersonLooksAtFirst()
{
    Bed bed;
    api::StepInfo asks = step(u"ok"_s, StepStatus::Waiting);
    asks.inbox = InboxId{4};
    std::vector<api::StepInfo> steps{step(u"a"_s, StepStatus::Completed), step(u"b"_s, StepStatus::Completed),
                                     step(u"c"_s, StepStatus::Pending)};
    RunModel model(&bed.feed, &bed.context);
    model.setActive(true);
    bed.context.setRun(run);
    const auto first = [&] {
        bed.node.details.insert(run, detailWith(steps));
        const QSignalSpy answered(&model, &RunModel::detailChanged);
        bed.node.touch(u"step.settled"_s, {.run = run});
        if (!QTest::qWaitFor([&] { return answered.count() > 0; }))
            return u"no answer"_s;
        return model.mostInteresting().data().toString();
    };
    QCOMPARE(first(), u"b"_s); // the last that ended
    steps[2].status = StepStatus::Running;
    QCOMPARE(first(), u"c"_s);
    steps[0].status = StepStatus::Failed;
    QCOMPARE(first(), u"a"_s);
    steps.push_back(asks);
    QCOMPARE(first(), u"ok"_s);
}

void TestRunModels::sleepsWhileInactive()
{
    Bed bed;
    bed.node.details.insert(run, detailWith({step(u"s"_s, StepStatus::Running)}));
    RunModel model(&bed.feed, &bed.context);
    RunListModel runs(&bed.feed, &bed.context);
    bed.context.setRun(run);
    const int subscriptions = bed.node.subscriptionCount();
    const int queries = bed.node.queryCount;
    const QSignalSpy told(&bed.feed, &NodeFeed::changed);
    bed.node.touch(u"step.started"_s, {.run = run});
    QTRY_COMPARE(told.count(), 1);
    QCoreApplication::processEvents();
    QCOMPARE(bed.node.queryCount, queries);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(bed.node.subscriptionCount(), subscriptions + 1);
    model.setActive(false);
    QCOMPARE(bed.node.subscriptionCount(), subscriptions);
}

void TestRunModels::runsKeepTheirPlace()
{
    Bed bed;
    const auto info = [](qint64 id, RunStatus status) {
        return api::RunInfo{.id = RunId{id},
                            .number = static_cast<int>(id),
                            .flow = u"survey"_s,
                            .project = u"/p"_s,
                            .status = status};
    };
    bed.node.runs = {info(2, RunStatus::Running), info(1, RunStatus::Completed)};
    RunListModel model(&bed.feed, &bed.context);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 2);
    const QPersistentModelIndex chosen(model.indexOf(RunId{1}));
    QCOMPARE(chosen.data().toString(), u"survey #1"_s);
    bed.node.runs = {info(3, RunStatus::Queued), info(2, RunStatus::Failed), info(1, RunStatus::Completed)};
    bed.node.touch(u"run.created"_s, {.run = RunId{3}});
    QTRY_COMPARE(model.rowCount(), 3);
    QCOMPARE(chosen.row(), 2);
    QCOMPARE(model.index(1).data(RunListModel::StatusRole).toInt(), static_cast<int>(RunStatus::Failed));
    bed.node.runs.erase(bed.node.runs.begin());
    bed.node.touch(u"run.deleted"_s, {.run = RunId{3}});
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(chosen.row(), 1);
}

void TestRunModels::partsStandBelowWhatTheyArePartOf()
{
    Bed bed;
    const auto info = [](qint64 id, qint64 parent) {
        return api::RunInfo{.id = RunId{id},
                            .number = static_cast<int>(id),
                            .flow = u"f"_s,
                            .project = u"/p"_s,
                            .parent = RunId{parent},
                            .parentNumber = static_cast<int>(parent),
                            .parentFlow = parent > 0 ? u"f"_s : QString(),
                            .parentStep = parent > 0 ? u"x[0]"_s : QString()};
    };
    // 1 has the parts 2 and 5, 2 has 4; of 6 the parent is not in the list.
    bed.node.runs = {info(7, 0), info(6, 99), info(5, 1), info(4, 2), info(3, 0), info(2, 1), info(1, 0)};
    RunListModel model(&bed.feed, &bed.context);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 7);
    QList<qint64> order;
    for (int row = 0; row < model.rowCount(); ++row)
        order += model.rowAt(row)->id.value;
    QCOMPARE(order, (QList<qint64>{7, 6, 3, 1, 2, 4, 5}));
    QVERIFY(model.indexOf(RunId{2})
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(u"Part of f #1 · step x[0]"_s));
}

void TestRunModels::olderRunsAreFetched()
{
    Bed bed;
    for (int id = 250; id > 0; --id)
        bed.node.runs.push_back({.id = RunId{id}, .number = id, .flow = u"f"_s, .project = u"/p"_s});
    RunListModel model(&bed.feed, &bed.context);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 100);
    QVERIFY(model.canFetchMore({}));
    model.fetchMore({});
    QTRY_COMPARE(model.rowCount(), 200);
    model.fetchMore({});
    QTRY_COMPARE(model.rowCount(), 250);
    QVERIFY(!model.canFetchMore({}));
}

void TestRunModels::flowsSayWhatWaitsForTrust()
{
    Bed bed;
    bed.node.flows = {{.name = u"survey"_s, .origin = u"built-in"_s},
                      {.name = u"own"_s, .origin = u"project"_s, .usable = false, .trusted = false}};
    FlowListModel model(&bed.feed, &bed.context);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.untrustedCount(), 1);
    QVERIFY(!model.index(1).data(FlowListModel::UsableRole).toBool());
    bed.node.flows[1].trusted = bed.node.flows[1].usable = true;
    bed.node.touch(u"project.trusted"_s);
    QTRY_COMPARE(model.untrustedCount(), 0);
    bed.context.close();
    QTRY_COMPARE(model.rowCount(), 0);
}

void TestRunModels::projectsUsedLastComeFirst()
{
    Bed bed;
    ProjectListModel model(&bed.feed);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0).data().toString(), u"q"_s);
    QCOMPARE(model.index(1).data(ProjectListModel::PathRole).toString(), u"/p"_s);
    model.setOnly({u"/p"_s, u"/gone"_s});
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data(ProjectListModel::PathRole).toString(), u"/p"_s);
}

void TestRunModels::aStartedRunComesToTheFront()
{
    Bed bed;
    RunStarter starter(&bed.node, &bed.context);
    const QSignalSpy wanted(&bed.context, &ProjectContext::dockWanted);
    bed.node.answer = {.refs = {.run = run}};
    starter.start({.flow = u"survey"_s, .inputs = {{u"focus"_s, u"x"_s}}});
    QTRY_COMPARE(bed.context.run(), run);
    QCOMPARE(wanted.count(), 1);
    const auto *command = bed.node.lastCommand<api::StartRun>();
    QVERIFY(command);
    QCOMPARE(command->flow, u"survey"_s);
    QCOMPARE(command->inputs.value(u"focus"_s).toString(), u"x"_s);
    QVERIFY(!command->approve && !command->unattended && !command->trust);
    bed.node.answer = {.refs = {.run = RunId{77}}};
    starter.rerun({.run = run, .mode = RerunMode::Failed});
    QTRY_COMPARE(bed.context.run(), RunId{77});
    QCOMPARE(wanted.count(), 2);
    QCOMPARE(bed.node.lastCommand<api::RerunRun>()->mode, RerunMode::Failed);
}

void TestRunModels::aRefusedStartIsTold()
{
    Bed bed;
    RunStarter starter(&bed.node, &bed.context);
    const QSignalSpy failed(&bed.context, &ProjectContext::failed);
    bed.node.refuseWith = Error{.code = ErrorCode::NotTrusted, .detail = {}, .where = {}};
    starter.start({.flow = u"own"_s});
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(!bed.context.run().isValid());
}

void TestRunModels::outcomesNameWhatWasFound()
{
    const auto failed = [](const QString &detail) {
        return describeOutcome(StepStatus::Failed, FailureReason::RuntimeError, detail);
    };
    QCOMPARE(failed(u"no JSON in the output"_s), u"Failed: Its output holds no JSON"_s);
    QCOMPARE(failed(u"output_json"_s), u"Failed: Its output holds no JSON"_s);
    QCOMPARE(
        failed(u"output_schema\t$.a[1]\tNo number.\t{\"type\":\"integer\"}"_s),
        u"Failed: Its output does not fit the schema at $.a[1]: No number. (expected: {\"type\":\"integer\"})"_s);
    QCOMPARE(failed(u"expression: TypeError: x"_s),
             u"Failed: An expression could not be evaluated (TypeError: x)"_s);
    QCOMPARE(describeOutcome(StepStatus::Failed, FailureReason::Conflict, u"b[1]: a.txt"_s),
             u"Failed: Its changes conflict (b[1]: a.txt)"_s);
    QCOMPARE(
        describeOutcome(StepStatus::Failed, FailureReason::Conflict, u"main_tree_dirty: a.txt"_s),
        u"Failed: Where the branch is checked out, files are changed that the merge would overwrite (a.txt)"_s);
    QCOMPARE(failed(u"overloaded"_s), u"Failed: Ended with an error (overloaded)"_s);
}

QTEST_MAIN(TestRunModels)
#include "tst_run_models.moc"
