// QueueModel and PoolListModel against a node of plain values: order, filter, what rows say by the clock,
// commands and refusals; and the words for load and queue.
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/pool_list_model.h"
#include "core/viewmodel/queue_model.h"
#include "tests/support/memory_node.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;
const qint64 noon = QDateTime(QDate(2026, 11, 22), QTime(12, 0)).toMSecsSinceEpoch();

api::TaskInfo running(qint64 id, qint64 startedAt)
{
    return {.id = TaskId{id},
            .source = u"flow"_s,
            .status = TaskStatus::Running,
            .runtime = u"demo"_s,
            .title = u"task %1"_s.arg(id),
            .startedAt = startedAt,
            .agentSteps = 12,
            .stepsMax = 40};
}

api::QueuedInfo waiting(qint64 id, int position)
{
    return {.task = TaskId{id},
            .title = u"task %1"_s.arg(id),
            .source = u"schedule"_s,
            .pools = {u"scheduled"_s},
            .position = position,
            .heldBackBy = u"scheduled"_s};
}

QList<qint64> idsOf(const QueueModel &model)
{
    QList<qint64> ids;
    for (const QueueRow &row : model.rows())
        ids += taskOf(row).value;
    return ids;
}

} // namespace

class TestQueueModels : public QObject {
    Q_OBJECT
private slots:
    void longestAtWorkFirst();
    void showsAPart();
    void keptUpByWhatTheNodeTells();
    void endsAndRunsNow();
    void atCapacityIsNoFailure();
    void rowsSayTheirTime();
    void capsGoToTheNode_data();
    void capsGoToTheNode();
    void expectedStart_data();
    void expectedStart();
    void loadInWords_data();
    void loadInWords();
    void overloadIsSaidAtCapacityAlone();
    void tooltipNamesThree();
};

void TestQueueModels::longestAtWorkFirst()
{
    MemoryNode node;
    NodeFeed feed(&node);
    node.tasks = {running(9, 300), running(4, 100), running(5, 200)};
    node.queue = {waiting(7, 1), waiting(6, 2)};
    QueueModel model(&feed);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(!model.isLoaded());
    model.setActive(true);
    QTRY_COMPARE(idsOf(model), QList<qint64>({4, 5, 9, 7, 6}));
    QVERIFY(model.isLoaded());
    QVERIFY(!model.index(2).data(QueueModel::WaitsRole).toBool());
    QVERIFY(model.index(3).data(QueueModel::WaitsRole).toBool());
    QCOMPARE(model.indexOf(TaskId{7}).row(), 3);
    QVERIFY(!model.indexOf(TaskId{70}).isValid());
    // The one that begins goes up, and is told as one row that goes and one that comes.
    node.tasks.push_back(running(7, 400));
    node.queue = {waiting(6, 1)};
    node.sendStatus();
    QTRY_COMPARE(idsOf(model), QList<qint64>({4, 5, 9, 7, 6}));
    QTRY_VERIFY(!model.index(3).data(QueueModel::WaitsRole).toBool());
    QCOMPARE(model.runningCount(), 4);
    QCOMPARE(model.waitingCount(), 1);
}

void TestQueueModels::showsAPart()
{
    MemoryNode node;
    NodeFeed feed(&node);
    node.tasks = {running(4, 100)};
    node.queue = {waiting(7, 1)};
    QueueModel model(&feed);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 2);
    model.setShows(QueueModel::Shows::Running);
    QCOMPARE(idsOf(model), QList<qint64>({4}));
    model.setShows(QueueModel::Shows::Waiting);
    QCOMPARE(idsOf(model), QList<qint64>({7}));
    QCOMPARE(model.runningCount(), 1); // of all of them
    model.setShows(QueueModel::Shows::All);
    QCOMPARE(idsOf(model), QList<qint64>({4, 7}));
}

void TestQueueModels::keptUpByWhatTheNodeTells()
{
    MemoryNode node;
    NodeFeed feed(&node);
    QueueModel model(&feed);
    PoolListModel pools(&feed);
    model.setActive(true);
    pools.setActive(true);
    QTRY_VERIFY(model.isLoaded() && pools.isLoaded());
    QSignalSpy loaded(&model, &QueueModel::loaded);
    QVERIFY(loaded.wait(2000)); // once more, for the feed has asked for the status
    const int asked = node.queryCount;
    QVERIFY(!loaded.wait(600)); // nothing happens: nothing is asked
    QCOMPARE(node.queryCount, asked);
    node.tasks = {running(4, 100)};
    node.pools = {{.name = u"flow"_s, .cap = 4, .held = 1}};
    node.sendStatus();
    QTRY_COMPARE(idsOf(model), QList<qint64>({4}));
    QTRY_COMPARE(pools.rowCount(), 1);
    model.setActive(false);
    pools.setActive(false);
    loaded.clear();
    node.tasks.clear();
    node.sendStatus();
    QVERIFY(!loaded.wait(600)); // nobody looks
    model.setActive(true);
    QTRY_COMPARE(model.rowCount(), 0);
}

void TestQueueModels::endsAndRunsNow()
{
    MemoryNode node;
    NodeFeed feed(&node);
    QueueModel model(&feed);
    const QSignalSpy failed(&model, &QueueModel::failed);
    model.end(TaskId{4});
    QCOMPARE(node.lastCommand<api::CancelTask>()->task, TaskId{4});
    model.runNow(TaskId{7}, false);
    QCOMPARE(node.lastCommand<api::RunTaskNow>()->task, TaskId{7});
    QVERIFY(!node.lastCommand<api::RunTaskNow>()->force);
    node.refuseWith = Error{.code = ErrorCode::Conflict, .detail = u"ended"_s, .where = u"4"_s};
    model.end(TaskId{4});
    QTRY_COMPARE(failed.size(), 1);
}

void TestQueueModels::atCapacityIsNoFailure()
{
    MemoryNode node;
    NodeFeed feed(&node);
    QueueModel model(&feed);
    const QSignalSpy failed(&model, &QueueModel::failed);
    QSignalSpy full(&model, &QueueModel::atCapacity);
    const qint64 frees = QDateTime::currentMSecsSinceEpoch() + 10 * minuteMs;
    node.refuseWith =
        Error{.code = ErrorCode::Conflict, .detail = u"at_capacity"_s, .where = u"scheduled %1"_s.arg(frees)};
    model.runNow(TaskId{7}, false);
    QTRY_COMPARE(full.size(), 1);
    QCOMPARE(full.front().front().value<TaskId>(), TaskId{7});
    const auto error = full.front().at(1).value<Error>();
    QVERIFY(describeAtCapacity(error, frees - 10 * minuteMs)
                ->startsWith(u"At capacity: a slot of “scheduled” frees in about 10 min"_s));
    QCOMPARE(failed.size(), 0);
    node.refuseWith.reset();
    model.runNow(TaskId{7}, true);
    QVERIFY(node.lastCommand<api::RunTaskNow>()->force);
}

void TestQueueModels::rowsSayTheirTime()
{
    const QueueRow runs = running(4, noon);
    QCOMPARE(titleOf(runs), u"task 4"_s);
    QCOMPARE(trailingOf(runs, noon + 252'000), u"4 min 12 s"_s);
    QCOMPARE(subtitleOf(runs, noon), u"12 of 40 step(s) · Flow · demo"_s);
    api::TaskInfo asks = running(4, noon);
    asks.status = TaskStatus::Waiting;
    QVERIFY(subtitleOf(asks, noon).startsWith(u"Waiting for you · "_s));

    api::QueuedInfo waits = waiting(7, 2);
    QCOMPARE(trailingOf(waits, noon), QString()); // nobody knows
    waits.expectedStart = noon + 3 * minuteMs;
    waits.heldBackUntil = noon + minuteMs;
    QCOMPARE(trailingOf(waits, noon), u"about 3 min"_s);
    QCOMPARE(subtitleOf(waits, noon), u"#2 · waits for a slot of “scheduled” · Schedule"_s);
    waits.title.clear();
    QCOMPARE(titleOf(waits), u"7"_s);
    waits.title = u"a\nb \u202E c"_s; // of a prompt that somebody wrote
    QCOMPARE(titleOf(waits).count(u'\n'), 0);
    QVERIFY2(titleOf(waits).contains(u"U+202E"_s), qPrintable(titleOf(waits)));
}

void TestQueueModels::capsGoToTheNode_data()
{
    QTest::addColumn<std::optional<int>>("cap");
    QTest::newRow("some") << std::optional(3);
    QTest::newRow("none at all") << std::optional(0);
    QTest::newRow("no cap") << std::optional<int>();
}

void TestQueueModels::capsGoToTheNode()
{
    QFETCH(const std::optional<int>, cap);
    MemoryNode node;
    NodeFeed feed(&node);
    PoolListModel model(&feed);
    const QSignalSpy failed(&model, &PoolListModel::failed);
    model.setCap(u"opus"_s, cap);
    const auto *set = node.lastCommand<api::SetPool>();
    QVERIFY(set);
    QCOMPARE(set->name, u"opus"_s);
    QCOMPARE(set->cap, cap);
    QCOMPARE(set->uncapped, !cap);
    QVERIFY(!set->remove);
    node.refuseWith = Error{.code = ErrorCode::InvalidArgument, .detail = u"0 … 256"_s, .where = u"cap"_s};
    model.setCap(u"opus"_s, cap);
    QTRY_COMPARE(failed.size(), 1);
}

void TestQueueModels::expectedStart_data()
{
    QTest::addColumn<qint64>("at");
    QTest::addColumn<QString>("words");
    QTest::newRow("unknown") << qint64(0) << u"When it begins is not known"_s;
    QTest::newRow("past") << noon - 1 << u"Begins any moment"_s;
    QTest::newRow("soon") << noon + 185'000
                          << u"Begins in about 3 min, at %1"_s.arg(clockTime(noon + 185'000, noon));
}

void TestQueueModels::expectedStart()
{
    QFETCH(const qint64, at);
    QFETCH(const QString, words);
    api::QueuedInfo task = waiting(7, 1);
    task.expectedStart = at;
    QCOMPARE(describeExpected(task, noon), words);
}

void TestQueueModels::loadInWords_data()
{
    QTest::addColumn<api::NodeStatus>("status");
    QTest::addColumn<QString>("words");
    QTest::newRow("nothing") << api::NodeStatus{} << u"Quiet"_s;
    QTest::newRow("a chat") << api::NodeStatus{.running = 1, .chatting = 1} << u"1 in chat"_s;
    QTest::newRow("works") << api::NodeStatus{.load = api::SwarmLoad::Working, .running = 2}
                           << u"2 working"_s;
    QTest::newRow("full") << api::NodeStatus{.load = api::SwarmLoad::Saturated,
                                             .running = 2,
                                             .queued = 5,
                                             .waitingForSlot = 5,
                                             .waitingForYou = 1}
                          << u"At capacity · 2 working · 5 queued · 1 waiting for you"_s;
}

void TestQueueModels::loadInWords()
{
    QFETCH(const api::NodeStatus, status);
    QFETCH(const QString, words);
    QCOMPARE(describeLoad(status), words);
}

void TestQueueModels::overloadIsSaidAtCapacityAlone()
{
    api::NodeStatus status{.load = api::SwarmLoad::Working, .running = 3, .chatting = 1, .waitingForSlot = 5};
    QCOMPARE(describeOverload(status), QString());
    status.load = api::SwarmLoad::Saturated;
    const QString said = describeOverload(status);
    for (const QString &part : {u"At capacity"_s, u"2 at work"_s, u"5 waiting for a slot"_s, u"chat"_s})
        QVERIFY2(said.contains(part), qPrintable(said));
}

void TestQueueModels::tooltipNamesThree()
{
    api::NodeStatus status{.load = api::SwarmLoad::Working, .running = 5};
    for (const qint64 id : {1, 2, 3})
        status.foremost.push_back({.task = TaskId{id},
                                   .title = u"task %1"_s.arg(id),
                                   .startedAt = noon - id * minuteMs,
                                   .steps = 312,
                                   .stepsMax = 800});
    QCOMPARE(describeLoadWhole(status, noon),
             u"5 working\ntask 1 · 1 min · 312 of 800 step(s)\ntask 2 · 2 min · 312 of 800 step(s)\n"
             "task 3 · 3 min · 312 of 800 step(s)\n+2 more"_s);
    status.heldBack = HeldBack::Memory;
    QVERIFY(describeLoadWhole(status, noon).endsWith(u"too little memory is free."_s));
}

QTEST_MAIN(TestQueueModels)
#include "tst_queue_models.moc"
