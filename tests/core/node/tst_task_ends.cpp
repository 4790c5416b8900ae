// How a task by itself ends that does not end well: each from a real session of the demo agent, with the
// right reason and nothing left of its processes.
#include "core/viewmodel/describe.h"
#include "tests/core/node/agent_bed.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <csignal>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;

namespace {

// The system's, put ahead: to who looks at it every lease is over.
class AheadClock final : public Clock {
public:
    [[nodiscard]] qint64 nowMs() const override { return m_clock.nowMs() + 120'000; }
    [[nodiscard]] qint64 monotonicMs() const override { return m_clock.monotonicMs(); }

private:
    SystemClock m_clock;
};

TaskInfo taskOf(NodeHarness &node, TaskId id)
{
    const auto found = node.query(ListTasks{.task = id});
    return found ? found->front() : TaskInfo{};
}

TaskInfo ended(NodeHarness &node, TaskId id)
{
    (void)waitFor([&] { return isSettled(taskOf(node, id).status); });
    return taskOf(node, id);
}

// All of its threads: it takes a moment until the last one has heard of it.
bool isStopped(pid_t pid)
{
    const QString tasks = u"/proc/%1/task"_s.arg(pid);
    const QStringList threads = QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::ranges::all_of(threads, [&](const QString &thread) {
        QFile stat(tasks + u'/' + thread + u"/stat"_s);
        const QByteArray line = stat.open(QIODevice::ReadOnly) ? stat.readAll() : QByteArray();
        return line.sliced(line.lastIndexOf(')') + 1).trimmed().startsWith('T');
    });
}

// Whether somebody is in the middle of a write to the store. One that is stopped there holds all others up
// until it goes on, which is not what is tried here.
bool isBeingWritten(const QString &storeFile)
{
    bool free = false;
    const QString name = u"look"_s;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        db.setDatabaseName(storeFile);
        db.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=0"_s);
        if (db.open()) {
            QSqlQuery query(db);
            free = query.exec(u"BEGIN IMMEDIATE"_s);
            query.exec(u"ROLLBACK"_s);
        }
    }
    QSqlDatabase::removeDatabase(name);
    return !free;
}

} // namespace

class TestTaskEnds : public QObject {
    Q_OBJECT
private slots:
    void ends_data();
    void ends();
    void deadlineIsToldBefore();
    void waitingTakesNoTimeAndNoSlot();
    void theDaysBudget();
    void aCallThatDoesNotFit();
    void nodeKilled();
    void leaseOfAStoppedNode();
};

void TestTaskEnds::ends_data()
{
    QTest::addColumn<StartTask>("start");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<TaskStatus>("status");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const StartTask &start, FailureReason reason, TaskStatus status,
                        const QString &detail) {
        QTest::newRow(name) << start << reason << status << detail;
    };
    row("deadline", {.prompt = u"@@stall say hello"_s, .deadlineMs = 1500}, FailureReason::DeadlineExceeded,
        TaskStatus::TimedOut, u"deadline 1"_s);
    row("stalled", {.prompt = u"@@stall say hello"_s}, FailureReason::Stalled, TaskStatus::TimedOut,
        u"no word for"_s);
    row("turns", {.prompt = u"@@loop:50 say hello"_s, .maxSteps = 5}, FailureReason::TurnLimitExceeded,
        TaskStatus::Failed, u"turns_limit 6 5"_s);
    row("money", {.prompt = u"@@cost:500000 @@stall:600 say hello"_s, .budgetMicroUsd = 500'000},
        FailureReason::BudgetExceeded, TaskStatus::Failed, u"cost_limit 500000 500000"_s);
    row("crash", {.prompt = u"@@crash say hello"_s}, FailureReason::Crashed, TaskStatus::Failed, QString());
}

void TestTaskEnds::ends()
{
    QFETCH(StartTask, start);
    QFETCH(QString, detail);
    AgentBed bed(u"demo"_s, "x");
    QVERIFY(bed.node.submit(SetSetting{.key = u"agent.stall_seconds"_s, .value = 5}));
    start.project = bed.path({});
    const auto started = bed.node.submit(start);
    QVERIFY(started);
    const TaskInfo task = ended(bed.node, started->refs.task);
    QVERIFY(bed.processes().isEmpty()); // before its record
    QVERIFY(task.reason);
    QTEST(*task.reason, "reason");
    QTEST(task.status, "status");
    QVERIFY2(task.detail.startsWith(detail), qPrintable(task.detail));
    const auto all = bed.node.query(ListEvents{.filter = {.task = task.id}});
    QVERIFY(all);
    const auto nudges = std::ranges::count(*all, u"session.silent"_s, &Event::kind);
    QCOMPARE(nudges, task.reason == FailureReason::Stalled ? 1 : 0);
}

void TestTaskEnds::deadlineIsToldBefore()
{
    AgentBed bed(u"demo"_s, "x");
    const auto started = bed.node.submit(StartTask{
        .project = bed.path({}), .prompt = u"@@stall say hello"_s, .title = u"Slow"_s, .deadlineMs = 6000});
    QVERIFY(started);
    const InboxInfo warning = bed.node.openItem();
    QCOMPARE(warning.kind, InboxKind::Warning);
    QCOMPARE(warning.refs.task, started->refs.task);
    QCOMPARE(describeTitle(warning), u"Four fifths of its time are used: Slow"_s);
    QCOMPARE(taskOf(bed.node, started->refs.task).status, TaskStatus::Running);
    QCOMPARE(ended(bed.node, started->refs.task).reason, std::optional(FailureReason::DeadlineExceeded));
    QVERIFY(waitFor([&] { return bed.node.query(ListInbox{})->empty(); })); // it is over
}

// A person takes longer to answer than the work may, and another task has the slot meanwhile.
void TestTaskEnds::waitingTakesNoTimeAndNoSlot()
{
    AgentBed bed(u"demo"_s, "x");
    QVERIFY(bed.node.submit(SetPool{.name = u"scheduled"_s, .cap = 1}));
    const auto asks = bed.node.submit(
        StartTask{.project = bed.path({}), .prompt = u"write the file a.txt"_s, .deadlineMs = 20'000});
    QVERIFY(asks);
    const InboxInfo item = bed.node.openItem();
    if (!item.id.isValid())
        QSKIP("the demo agent asked nothing");
    QCOMPARE(item.kind, InboxKind::Permission);
    const auto other = bed.node.submit(StartTask{.project = bed.path({}), .prompt = u"say hello"_s});
    QCOMPARE(ended(bed.node, other->refs.task).status, TaskStatus::Completed);
    QCOMPARE(taskOf(bed.node, asks->refs.task).status, TaskStatus::Waiting);
    QCOMPARE(taskOf(bed.node, asks->refs.task).deadlineAt, 0); // it stands still
    QVERIFY(bed.node.submit(AnswerInbox{.inbox = item.id, .answer = AnswerKind::No}));
    QVERIFY(isSettled(ended(bed.node, asks->refs.task).status));
}

void TestTaskEnds::theDaysBudget()
{
    AgentBed bed(u"demo"_s, "x");
    QVERIFY(bed.node.submit(SetSetting{.key = u"budget.max_cost_per_day"_s, .value = 1}));
    const auto first =
        bed.node.submit(StartTask{.project = bed.path({}), .prompt = u"@@cost:700000 say hello"_s});
    QCOMPARE(ended(bed.node, first->refs.task).status, TaskStatus::Completed);
    bed.node.reopen(); // what the day has cost is in the store
    const auto second = bed.node.submit(
        StartTask{.project = bed.path({}), .prompt = u"@@cost:400000 @@stall:600 say hello"_s});
    const TaskInfo task = ended(bed.node, second->refs.task);
    QCOMPARE(task.reason, std::optional(FailureReason::BudgetExceeded));
    QCOMPARE(task.detail, u"day_cost_limit 1100000 1000000"_s);
    QVERIFY(describeFailure(*task.reason, task.detail).contains(u"$1.10 of $1.00"));
    QVERIFY(bed.processes().isEmpty());
}

// A price that the catalog knows: what a prompt costs at least is more than there is.
void TestTaskEnds::aCallThatDoesNotFit()
{
    AgentBed bed(u"counter"_s, "x");
    AgentBed::write(bed.node.paths().configDir + u"/runtimes/counter.json"_s,
                    R"({"id": "counter", "label": "Counter", "protocol": "stream_json",
                        "argv": [")" MUSTER_SOURCE_DIR R"(/tests/fixtures/agents/counter.sh"],
                        "stream_json": {"flags": [], "agent_name": "Counter", "mode": "default", "reports_cost": false},
                        "default_model": "dear",
                        "models": [{"id": "dear", "label": "Dear",
                                    "prices": {"input": 5000000, "output": 5000000, "cached": 5000000, "currency": "USD",
                                               "date": "2026-01-01", "source": "a test"}}]})");
    bed.node.reopen(); // the catalog is read at the start
    const auto started = bed.node.submit(StartTask{.project = bed.path({}),
                                                   .prompt = u"count "_s.repeated(200),
                                                   .runtime = u"counter"_s,
                                                   .budgetMicroUsd = 1000});
    QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
    const TaskInfo task = ended(bed.node, started->refs.task);
    QCOMPARE(task.reason, std::optional(FailureReason::BudgetExceeded));
    QVERIFY2(task.detail.startsWith(u"call_limit "_s) && task.detail.endsWith(u" 1000"_s),
             qPrintable(task.detail));
    QCOMPARE(task.tokensIn, 0); // it was not asked
    QVERIFY(bed.isEmptyOfProcesses());
}

// The next node goes on with it.
void TestTaskEnds::nodeKilled()
{
    QTemporaryDir project;
    NodeHarness node(true);
    const auto started =
        node.submit(StartTask{.project = project.path(), .prompt = u"@@once:begun:stall say hello"_s});
    QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
    const TaskId id = started->refs.task;
    QVERIFY(waitFor([&] {
        const auto work = node.query(ListWork{});
        return work && !work->empty() && work->front().session.isValid() &&
               taskOf(node, id).status == TaskStatus::Running;
    }));
    QVERIFY(waitFor([&] { return QFile::exists(project.filePath(u"begun"_s)); }));
    node.killServer();
    node.startServer();
    QCOMPARE(ended(node, id).status, TaskStatus::Completed);
    const auto taken = node.query(ListEvents{.filter = {.task = id, .kinds = {u"task.taken_over"_s}}});
    QVERIFY(taken && taken->size() == 1);
}

// Its owner stands still past its lease: what it had begun is ended, for two agents in one folder are worse
// than one attempt lost. When the owner wakes up it has nothing to say.
void TestTaskEnds::leaseOfAStoppedNode()
{
    QTemporaryDir project;
    NodeHarness node(true);
    const auto started = node.submit(StartTask{.project = project.path(), .prompt = u"@@stall say hello"_s});
    QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
    const TaskId id = started->refs.task;
    const auto agents = [&] {
        QList<qint64> pids;
        const QStringList all = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &pid : all) {
            if (QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)) == project.path())
                pids += pid.toLongLong();
        }
        return pids;
    };
    QVERIFY(waitFor([&] { return !agents().isEmpty() && taskOf(node, id).status == TaskStatus::Running; }));
    const auto pid = static_cast<pid_t>(node.query(GetStatus{})->pid);
    QVERIFY(waitFor([&] {
        if (::kill(pid, SIGSTOP) != 0 || !waitFor([&] { return isStopped(pid); }))
            return false;
        if (!isBeingWritten(node.paths().storeFile))
            return true;
        (void)::kill(pid, SIGCONT);
        return false;
    }));
    const AheadClock ahead;
    {
        auto other = Node::open({.paths = node.paths(), .binFolder = QStringLiteral(MUSTER_BIN_DIR)}, ahead);
        QVERIFY2(other, other ? "" : qPrintable(other.error().detail));
        bool ready = false;
        (*other)->start([&] { ready = true; });
        QVERIFY(waitFor([&] { return ready; }));
        InProcessNode api(**other, Caller{.role = Caller::Role::Person, .name = u"test"_s});
        TaskInfo task;
        QVERIFY(waitFor([&] {
            api.query<ListTasks>({.task = id}, this, [&](const Result<std::vector<TaskInfo>> &found) {
                if (found)
                    task = found->front();
            });
            return isSettled(task.status);
        }));
        QCOMPARE(task.reason, std::optional(FailureReason::LeaseExpired));
        QCOMPARE(task.status, TaskStatus::Failed);
        QVERIFY(agents().isEmpty());
        bool stopped = false;
        (*other)->stop([&] { stopped = true; });
        QVERIFY(waitFor([&] { return stopped; }));
    }
    QCOMPARE(::kill(pid, SIGCONT), 0);
    const auto alive = [&] {
        return node.query(GetStatus{}).has_value();
    };
    QVERIFY(waitFor(alive));
    QCOMPARE(taskOf(node, id).reason, std::optional(FailureReason::LeaseExpired));
}

QTEST_GUILESS_MAIN(TestTaskEnds)
#include "tst_task_ends.moc"
