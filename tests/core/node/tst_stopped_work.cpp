// While work is being stopped nothing begins in its place, and what cannot be ended is said with its names.
#include "core/store/connection.h"
#include "core/viewmodel/describe.h"
#include "tests/core/node/chat_helpers.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestStoppedWork : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void lostTaskBeginsWhenItsProcessesAreGone();
    void survivorsAreNamed();

private:
    [[nodiscard]] RunId start(NodeHarness &node, const QByteArray &prompt) const
    {
        QFile flow(m_folder.filePath(u"flows/own.flow.yaml"_s));
        if (!flow.open(QIODevice::WriteOnly))
            return {};
        flow.write("muster: 1\nname: own\nsteps:\n  - { id: a, prompt: '" + prompt +
                   "', retries: { max: 3, on: [unkillable, stalled], backoff: 1s } }\n");
        flow.close();
        const auto run = node.submit(StartRun{.project = m_folder.path(), .flow = u"own"_s, .trust = true});
        return run ? run->refs.run : RunId();
    }
    [[nodiscard]] QList<qint64> working() const { return agents(QDir(m_folder.path()).canonicalPath()); }
    static std::vector<Event> log(NodeHarness &node, RunId run, const QStringList &kinds)
    {
        return node.query(ListEvents{.filter = {.run = run, .kinds = kinds}}).value_or(std::vector<Event>());
    }

    QTemporaryDir m_folder;
};

void TestStoppedWork::initTestCase() { QVERIFY(QDir().mkpath(m_folder.filePath(u"flows"_s))); }

// Another process of the store took the task and gave it back: what this one began has lost its right, and is
// ended before the same task begins again.
void TestStoppedWork::lostTaskBeginsWhenItsProcessesAreGone()
{
    NodeHarness node(false);
    const RunId run = start(node, "@@ignorecancel @@stall:600 say hello");
    QVERIFY(run.isValid());
    QVERIFY(waitFor([&] { return !log(node, run, {u"session.turn_started"_s}).empty(); }));
    const QList<qint64> first = working();
    QCOMPARE(first.size(), 1);
    {
        const auto db = Connection::open({.file = node.paths().storeFile});
        QVERIFY(db);
        QVERIFY((*db)->exec(
            u"UPDATE tasks SET lease_epoch = lease_epoch + 1, lease_expires_at = 1 WHERE ended_at IS NULL"_s));
    }
    qsizetype most = 0;
    QVERIFY(waitFor([&] {
        most = std::max(most, working().size());
        return log(node, run, {u"session.turn_started"_s}).size() == 2;
    }));
    QCOMPARE(most, 1);
    QVERIFY(!working().contains(first.front()));
    const auto order = log(node, run, {u"session.started"_s, u"session.ended"_s});
    QCOMPARE(order.size(), size_t{3});
    QCOMPARE(order.at(1).kind, u"session.ended"_s);
    QVERIFY(node.submit(CancelRun{.run = run}));
    QVERIFY(node.ended(run));
    QCOMPARE(working(), QList<qint64>());
}

void TestStoppedWork::survivorsAreNamed()
{
    NodeHarness node(false);
    const RunId run = start(node, "@@ignorecancel @@stall:600 say hello");
    QVERIFY(waitFor([&] { return !log(node, run, {u"session.turn_started"_s}).empty(); }));
    const QList<qint64> agent = working();
    QCOMPARE(agent.size(), 1);
    const QString pid = QString::number(agent.front());
    QProcess holder;
    holder.start(u"" MUSTER_BIN_DIR "/../tests/hold_exit"_s, {pid});
    QVERIFY(waitFor([&] { return holder.bytesAvailable() > 0 || holder.state() == QProcess::NotRunning; }));
    if (holder.state() == QProcess::NotRunning)
        QSKIP("processes may not be traced here");
    QVERIFY(node.submit(CancelRun{.run = run}));
    const auto ended = node.ended(run);
    QVERIFY(ended);
    const auto tasks = node.query(ListTasks{.run = run});
    QCOMPARE(tasks->size(), size_t{1}); // and not tried again
    QCOMPARE(tasks->front().reason, FailureReason::Unkillable);
    QCOMPARE(tasks->front().detail, pid);
    const auto ends = log(node, run, {u"session.ended"_s});
    QCOMPARE(ends.size(), size_t{1});
    QCOMPARE(ends.front().data.value(u"reason"_s).toString(), u"unkillable"_s);
    QCOMPARE(ends.front().data.value(u"detail"_s).toString(), pid);
    QVERIFY(
        describeFailure(*tasks->front().reason, tasks->front().detail).endsWith(u"still there: "_s + pid));
    holder.closeWriteChannel();
    QVERIFY(waitFor([&] { return holder.state() == QProcess::NotRunning; }));
    QTRY_COMPARE_WITH_TIMEOUT(working(), QList<qint64>(), patienceMs);
}

QTEST_GUILESS_MAIN(TestStoppedWork)
#include "tst_stopped_work.moc"
