// An owner that was stopped for longer than its lease, and wakes up: another has its task by then, and
// nothing that the first still writes arrives. MUSTER_FENCING_ROUNDS: how often (10).
#include "core/process/proc_table.h"
#include "tests/core/tasks/task_world.h"

#include <QDateTime>
#include <QProcess>

#include <csignal>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 leaseMs = 150;

int roundsAsked(const char *variable, int usual)
{
    const int asked = qEnvironmentVariableIntValue(variable);
    return asked > 0 ? asked : usual;
}

} // namespace

// One that stands still with the lock of the store in its hand holds everybody up, itself too: nothing can be
// taken from it meanwhile, and this is about what can.
bool stopOutsideAWrite(const QProcess &process, TempStore &temp)
{
    const auto pid = static_cast<pid_t>(process.processId());
    const auto db = Connection::open({.file = temp.options.file, .busyTimeoutMs = 0});
    return db && QTest::qWaitFor([&] {
        const auto entry = readProcEntry(pid);
        if (::kill(pid, SIGSTOP) != 0 || !entry || entry->state != 'T')
            return false;
        if ((*db)->exec(u"BEGIN IMMEDIATE"_s))
            return (*db)->exec(u"ROLLBACK"_s).has_value();
        (void)::kill(pid, SIGCONT);
        return false;
    }, patienceMs);
}

class TestTaskFencing : public QObject {
    Q_OBJECT
private slots:
    void stoppedPastItsLeaseAndWoken();
    void tenProcessesAndACapOfThree();

private:
    // The next line of the process that begins so.
    static QByteArray lineOf(QProcess &process, const QByteArray &start)
    {
        QByteArray line;
        (void)QTest::qWaitFor([&] {
            while (process.canReadLine()) {
                line = process.readLine().trimmed();
                if (line.startsWith(start))
                    return true;
            }
            line.clear();
            return false;
        }, patienceMs);
        return line;
    }
};

void TestTaskFencing::stoppedPastItsLeaseAndWoken()
{
    const int rounds = roundsAsked("MUSTER_FENCING_ROUNDS", 10);
    TempStore temp;
    const auto db = temp.connection();
    Worker other(temp, livingOwner(2));
    QProcess owner;
    owner.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    owner.start(u"" TASK_OWNER ""_s, {temp.options.file, QString::number(leaseMs)});
    const auto everything = [&](TaskId id) {
        return db
            ->value<QString>(
                u"SELECT json_array(t.status, t.lease_owner, t.lease_epoch, t.lease_expires_at, "
                "t.turns, t.tokens_in, t.slot_claimed_at, t.ended_at, s.output) FROM tasks t JOIN "
                "task_specs s ON s.task_id = t.id WHERE t.id = ?"_s,
                id)
            .value()
            .value_or(QString());
    };
    int staleWrites = 0;
    for (int round = 0; round < rounds; ++round) {
        temp.clock.setNow(QDateTime::currentMSecsSinceEpoch());
        const TaskId id = other.enqueue(aRequest(u"task%1"_s.arg(round)));
        QCOMPARE(lineOf(owner, "started"), u"started %1 1"_s.arg(id.value).toLatin1());
        QTRY_VERIFY_WITH_TIMEOUT(TaskRepository(*db).find(id).value().usage.tokensIn > 0,
                                 patienceMs); // it is in the midst of writing
        QVERIFY(stopOutsideAWrite(owner, temp));
        std::vector<ClaimedTask> taken;
        QVERIFY(QTest::qWaitFor([&] {
            temp.clock.setNow(QDateTime::currentMSecsSinceEpoch());
            taken = other.takeOver();
            return !taken.empty();
        }, patienceMs));
        QCOMPARE(taken.front().id, id);
        QCOMPARE(taken.front().epoch, 2);
        QVERIFY(taken.front().ownerMayLive);
        const QString ours = everything(id);
        QCOMPARE(::kill(static_cast<pid_t>(owner.processId()), SIGCONT), 0);
        // It writes on until it hears that it has lost.
        QCOMPARE(lineOf(owner, "lost"), u"lost %1 0"_s.arg(id.value).toLatin1());
        if (everything(id) != ours)
            ++staleWrites;
        const auto ended =
            other.asked<void>([&](auto done) { other.port.finish(id, 2, completed, std::move(done)); });
        QVERIFY(ended && *ended);
    }
    QCOMPARE(staleWrites, 0);
    QCOMPARE(db->value<qint64>(u"SELECT count(*) FROM tasks WHERE status = 'completed' AND lease_epoch = 2"_s)
                 .value()
                 .value(),
             rounds);
    owner.kill();
    QTRY_COMPARE_WITH_TIMEOUT(owner.state(), QProcess::NotRunning, patienceMs);
    qInfo("%d rounds: %d stale writes", rounds, staleWrites);
}

// Ten processes go for ten tasks at the same moment. MUSTER_CLAIM_ROUNDS: how often (30).
void TestTaskFencing::tenProcessesAndACapOfThree()
{
    constexpr int claimers = 10;
    const int rounds = roundsAsked("MUSTER_CLAIM_ROUNDS", 30);
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(db->exec(u"PRAGMA synchronous = OFF"_s));
    QVERIFY(PoolRepository(*db).setCap(u"flow"_s, 3));
    std::vector<std::unique_ptr<QProcess>> processes;
    for (int i = 0; i < claimers; ++i) {
        const auto task = TaskRepository(*db).insert({.createdBy = u"person"_s}, {}, {u"flow"_s});
        QVERIFY(task);
        processes.emplace_back(std::make_unique<QProcess>())
            ->start(u"" STORE_PROBE ""_s, {u"one"_s, temp.options.file, task->id.toString()});
    }
    int wrongRounds = 0;
    for (int round = 0; round < rounds; ++round) {
        for (const auto &process : processes)
            process->write("go\n");
        int won = 0;
        for (const auto &process : processes) {
            const QByteArray line = lineOf(*process, "claim");
            QVERIFY2(!line.isEmpty(), process->readAllStandardError().constData());
            won += line == "claim 1" ? 1 : 0;
        }
        const qint64 holding =
            db->value<qint64>(u"SELECT count(*) FROM tasks WHERE slot_claimed_at IS NOT NULL"_s)
                .value()
                .value();
        wrongRounds += won != 3 || holding != 3 ? 1 : 0;
        QVERIFY(
            db->exec(u"UPDATE tasks SET status = 'queued', slot_claimed_at = NULL, lease_expires_at = 0"_s));
    }
    QCOMPARE(wrongRounds, 0);
    for (const auto &process : processes) {
        process->closeWriteChannel();
        QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, patienceMs);
    }
}

QTEST_GUILESS_MAIN(TestTaskFencing)
#include "tst_task_fencing.moc"
