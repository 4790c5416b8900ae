// Tasks and pools in a person's hands: started, weighed, begun at once with or without a slot, cancelled,
// tried again; and what is told of the queue. With real sessions of the demo agent.
#include "core/viewmodel/describe.h"
#include "tests/core/node/task_bed.h"

#include <QDateTime>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;

class TestTaskDesk : public QObject {
    Q_OBJECT
private slots:
    void runsToItsEnd();
    void queueSaysWhy();
    void atCapacityAndForced();
    void priorityDecides();
    void cancels();
    void retriesAndSupersedes();
    void statusTellsOfTheSwarm();
    void poolsAreSet();
    void refusals_data();
    void refusals();
    void lowMemoryHoldsBack();
};

void TestTaskDesk::runsToItsEnd()
{
    TaskBed bed;
    const TaskId id = bed.start(u"say hello"_s, {.title = u"Hello"_s, .priority = 3, .maxSteps = 40});
    QVERIFY(id.isValid());
    QVERIFY(bed.becomes(id, TaskStatus::Completed));
    const TaskInfo task = bed.task(id);
    QCOMPARE(task.title, u"Hello"_s);
    QCOMPARE(task.source, u"manual"_s);
    QCOMPARE(task.pool, u"manual"_s);
    QCOMPARE(task.priority, 3);
    QCOMPARE(task.stepsMax, 40);
    QCOMPARE(task.runtime, u"demo"_s);
    const auto text = bed.node.query(GetStream{.task = id});
    QVERIFY(text && !text->text.isEmpty());
    QVERIFY(bed.isEmptyOfProcesses());
}

void TestTaskDesk::queueSaysWhy()
{
    TaskBed bed;
    QVERIFY(bed.node.submit(SetPool{.name = u"opus"_s, .cap = 0}));
    const TaskId runs = bed.start(u"@@stall say hello"_s, {.deadlineMs = 500'000});
    QVERIFY(bed.becomes(runs, TaskStatus::Running));
    const TaskId second = bed.start(u"say hello"_s);
    const TaskId third = bed.start(u"say hello"_s, {.pools = {u"opus"_s}});
    QVERIFY(waitFor([&] { return bed.queue().size() == 2; }));
    const auto queue = bed.queue();
    QCOMPARE(queue.at(0).task, second);
    QCOMPARE(queue.at(0).position, 1);
    QCOMPARE(queue.at(0).heldBack, HeldBack::Slot);
    QCOMPARE(queue.at(0).heldBackBy, u"scheduled"_s); // whose cap `manual` shares
    QCOMPARE(queue.at(0).pools, (QStringList{u"manual"_s, u"scheduled"_s}));
    const qint64 frees = bed.task(runs).deadlineAt;
    QVERIFY(frees > 0);
    QCOMPARE(queue.at(0).heldBackUntil, frees);
    QCOMPARE(queue.at(0).expectedStart, frees);
    QCOMPARE(queue.at(1).task, third);
    QCOMPARE(queue.at(1).position, 2);
    QCOMPARE(queue.at(1).expectedStart, 0); // of the cap of zero nothing is known
    QCOMPARE(bed.node.query(ListQueue{.pool = u"opus"_s})->size(), 1U);
    QCOMPARE(bed.pool(u"scheduled"_s).held, 1);
    QCOMPARE(bed.pool(u"scheduled"_s).waiting, 2);
    QCOMPARE(bed.pool(u"scheduled"_s).freesAt, frees);
}

void TestTaskDesk::atCapacityAndForced()
{
    TaskBed bed;
    const TaskId runs = bed.start(u"@@stall say hello"_s, {.deadlineMs = 500'000});
    QVERIFY(bed.becomes(runs, TaskStatus::Running));
    const TaskId waits = bed.start(u"@@stall say hello"_s);
    const auto refused = bed.node.submit(RunTaskNow{.task = waits});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(refused.error().detail, u"at_capacity"_s);
    QCOMPARE(refused.error().where, u"scheduled %1"_s.arg(bed.task(runs).deadlineAt));
    QVERIFY2(
        describe(refused.error()).startsWith(u"At capacity: a slot of “scheduled” frees in about 8 min"_s),
        qPrintable(describe(refused.error())));
    QCOMPARE(bed.task(waits).status, TaskStatus::Queued);
    QVERIFY(!bed.audited(u"manual_force_bypass"_s));

    QVERIFY(bed.node.submit(RunTaskNow{.task = waits, .force = true}));
    QVERIFY(bed.becomes(waits, TaskStatus::Running));
    QCOMPARE(bed.pool(u"scheduled"_s).held, 2); // of a cap of one: counted all the same
    const auto audit = bed.audited(u"manual_force_bypass"_s);
    QVERIFY(audit);
    QCOMPARE(audit->refs.task, waits);
    QCOMPARE(audit->data.value(u"held_back"_s).toString(), u"scheduled"_s);
    // The next one waits until there is room under the cap again, not until one of the two has ended.
    const TaskId next = bed.start(u"say hello"_s);
    QVERIFY(bed.node.submit(CancelTask{.task = runs}));
    QVERIFY(bed.becomes(runs, TaskStatus::Cancelled));
    QCOMPARE(bed.task(next).status, TaskStatus::Queued);
    QVERIFY(bed.node.submit(CancelTask{.task = waits}));
    QVERIFY(bed.becomes(next, TaskStatus::Completed));
}

void TestTaskDesk::priorityDecides()
{
    TaskBed bed;
    const TaskId runs = bed.start(u"@@stall say hello"_s);
    QVERIFY(bed.becomes(runs, TaskStatus::Running));
    const TaskId first = bed.start(u"@@stall say hello"_s);
    const TaskId second = bed.start(u"@@stall say hello"_s);
    QVERIFY(bed.node.submit(SetPriority{.task = second, .priority = 7}));
    QVERIFY(waitFor([&] { return bed.queue().size() == 2 && bed.queue().front().task == second; }));
    QCOMPARE(bed.queue().front().priority, 7);
    QVERIFY(bed.node.submit(CancelTask{.task = runs}));
    QVERIFY(bed.becomes(second, TaskStatus::Running));
    QCOMPARE(bed.task(first).status, TaskStatus::Queued);
}

void TestTaskDesk::cancels()
{
    TaskBed bed;
    const TaskId runs = bed.start(u"@@stall say hello"_s);
    QVERIFY(bed.becomes(runs, TaskStatus::Running));
    const TaskId waits = bed.start(u"say hello"_s);
    QVERIFY(bed.node.submit(CancelTask{.task = waits}));
    QVERIFY(bed.becomes(waits, TaskStatus::Cancelled));
    QCOMPARE(bed.task(waits).startedAt, 0);
    QVERIFY(bed.node.submit(CancelTask{.task = runs}));
    QVERIFY(bed.becomes(runs, TaskStatus::Cancelled));
    QCOMPARE(bed.task(runs).reason, std::optional(FailureReason::Aborted));
    QVERIFY(bed.processes().isEmpty()); // before its record says so
    const auto again = bed.node.submit(CancelTask{.task = runs});
    QCOMPARE(again.error().code, ErrorCode::Conflict);
    QCOMPARE(again.error().detail, u"ended"_s);
}

void TestTaskDesk::retriesAndSupersedes()
{
    TaskBed bed;
    QVERIFY(bed.node.submit(SetPool{.name = u"opus"_s, .cap = 1}));
    const TaskId failed =
        bed.start(u"@@once:begun:crash say hello"_s, {.title = u"T"_s, .pools = {u"opus"_s}, .maxSteps = 9});
    QVERIFY(bed.becomes(failed, TaskStatus::Failed));
    const auto retried = bed.node.submit(RetryTask{.task = failed});
    QVERIFY(retried);
    const TaskId next = retried->refs.task;
    QVERIFY(bed.becomes(next, TaskStatus::Completed));
    const TaskInfo task = bed.task(next);
    QCOMPARE(task.retryOf, failed);
    QCOMPARE(task.attempt, 2);
    QCOMPARE(task.title, u"T"_s);
    QCOMPARE(task.stepsMax, 9);
    QCOMPARE(bed.task(failed).supersededBy, next);
    const auto twice = bed.node.submit(RetryTask{.task = failed});
    QCOMPARE(twice.error().detail, u"superseded"_s);
    QCOMPARE(twice.error().where, next.toString());
}

void TestTaskDesk::statusTellsOfTheSwarm()
{
    TaskBed bed;
    const auto status = [&] {
        return bed.node.query(GetStatus{}).value_or(NodeStatus{});
    };
    QCOMPARE(status().load, SwarmLoad::Quiet);
    const TaskId runs = bed.start(u"@@stall say hello"_s, {.title = u"Long one"_s, .maxSteps = 70});
    QVERIFY(waitFor([&] { return status().load == SwarmLoad::Working; }));
    QCOMPARE(status().running, 1); // of two pools, one task
    QCOMPARE(status().waitingForSlot, 0);
    const TaskId waits = bed.start(u"say hello"_s);
    QVERIFY(waitFor([&] { return status().load == SwarmLoad::Saturated; }));
    const NodeStatus now = status();
    QCOMPARE(now.running, 1);
    QCOMPARE(now.queued, 1);
    QCOMPARE(now.waitingForSlot, 1);
    QCOMPARE(now.foremost.size(), 1U);
    QCOMPARE(now.foremost.front().task, runs);
    QCOMPARE(now.foremost.front().title, u"Long one"_s);
    QCOMPARE(now.foremost.front().stepsMax, 70);
    QVERIFY(now.foremost.front().startedAt > 0);
    QVERIFY(bed.node.submit(CancelTask{.task = runs}));
    QVERIFY(bed.becomes(waits, TaskStatus::Completed));
    QVERIFY(waitFor([&] { return status().load == SwarmLoad::Quiet; }));
}

void TestTaskDesk::poolsAreSet()
{
    TaskBed bed;
    QCOMPARE(bed.pool(u"manual"_s).shares, u"scheduled"_s);
    QVERIFY(!bed.pool(u"chat"_s).cap);
    QVERIFY(bed.pool(u"flow"_s).cap.value_or(0) >= 2);
    QCOMPARE(bed.pool(u"scheduled"_s).deadlineMs, 1'200'000);
    QVERIFY(bed.node.submit(SetPool{.name = u"opus"_s, .cap = 1, .deadlineMs = 60'000}));
    QCOMPARE(bed.pool(u"opus"_s).cap, std::optional<int>(1));
    QVERIFY(bed.node.submit(SetPool{.name = u"opus"_s, .uncapped = true}));
    QVERIFY(!bed.pool(u"opus"_s).cap);
    QCOMPARE(bed.pool(u"opus"_s).deadlineMs, 60'000); // as it was
    QVERIFY(bed.node.submit(SetPool{.name = u"scheduled"_s, .cap = 5}));
    bed.node.reopen();
    QCOMPARE(bed.pool(u"scheduled"_s).cap,
             std::optional<int>(5)); // also the setting, which the start applies
    const TaskId uses = bed.start(u"@@stall say hello"_s, {.pools = {u"opus"_s}});
    QVERIFY(bed.becomes(uses, TaskStatus::Running));
    QCOMPARE(bed.node.submit(SetPool{.name = u"opus"_s, .remove = true}).error().detail, u"in_use"_s);
    QVERIFY(bed.node.submit(CancelTask{.task = uses}));
    QVERIFY(bed.becomes(uses, TaskStatus::Cancelled));
    QVERIFY(bed.node.submit(SetPool{.name = u"opus"_s, .remove = true}));
    QCOMPARE(bed.pool(u"opus"_s).name, QString());
}

void TestTaskDesk::refusals_data()
{
    QTest::addColumn<Command>("command");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const Command &command, ErrorCode code, const QString &detail) {
        QTest::newRow(name) << command << code << detail;
    };
    row("no such task", RunTaskNow{.task = {99}}, ErrorCode::NotFound, u"99"_s);
    row("cancel none", CancelTask{.task = {99}}, ErrorCode::NotFound, u"99"_s);
    row("retry none", RetryTask{.task = {99}}, ErrorCode::NotFound, u"99"_s);
    row("priority out of range", SetPriority{.task = {1}, .priority = 101}, ErrorCode::InvalidArgument,
        u"-100 … 100"_s);
    row("no prompt", StartTask{.project = u"/tmp"_s, .prompt = u" "_s}, ErrorCode::InvalidArgument,
        u"no_prompt"_s);
    row("no such pool", StartTask{.project = u"/tmp"_s, .prompt = u"x"_s, .pools = {u"nope"_s}},
        ErrorCode::NotFound, u"nope"_s);
    row("pool's name", SetPool{.name = u"a b"_s, .cap = 1}, ErrorCode::InvalidArgument, u"pool_name"_s);
    row("chat has no cap", SetPool{.name = u"chat"_s, .cap = 1}, ErrorCode::InvalidArgument,
        u"chat_has_no_cap"_s);
    row("remove what comes with it", SetPool{.name = u"flow"_s, .remove = true}, ErrorCode::Conflict,
        u"in_use"_s);
    row("remove none", SetPool{.name = u"nope"_s, .remove = true}, ErrorCode::NotFound, u"nope"_s);
}

void TestTaskDesk::refusals()
{
    QFETCH(Command, command);
    TaskBed bed;
    const auto refused = bed.node.submit(command);
    QVERIFY(!refused);
    QTEST(refused.error().code, "code");
    QTEST(refused.error().detail, "detail");
    QVERIFY(!describe(refused.error()).contains(refused.error().detail + u')'));
    QCOMPARE(bed.node.submitAsAgent(command).error().code, ErrorCode::PermissionDenied);
}

void TestTaskDesk::lowMemoryHoldsBack()
{
    TaskBed bed;
    QVERIFY(bed.node.submit(SetSetting{.key = u"admission.free_memory_mib"_s, .value = 1'048'576}));
    const TaskId id = bed.start(u"say hello"_s);
    QVERIFY(
        waitFor([&] { return bed.queue().size() == 1 && bed.queue().front().heldBack == HeldBack::Memory; }));
    QVERIFY(bed.queue().front().heldBackUntil > QDateTime::currentMSecsSinceEpoch());
    QCOMPARE(bed.node.query(GetStatus{})->heldBack, std::optional(HeldBack::Memory));
    const auto refused = bed.node.submit(RunTaskNow{.task = id});
    QCOMPARE(refused.error().detail, u"at_capacity"_s);
    QVERIFY(refused.error().where.startsWith(u"memory "_s));
    QVERIFY(bed.chat(u"say hello"_s, 2)); // a person's chat is not held back
    QVERIFY(bed.node.submit(SetSetting{.key = u"admission.free_memory_mib"_s, .value = 0}));
    QVERIFY(bed.becomes(id, TaskStatus::Completed));
}

QTEST_GUILESS_MAIN(TestTaskDesk)
#include "tst_task_desk.moc"
