// Rows 11 and 12 of the bars, the node's half: a real background node with 64 sessions of the demo agent,
// each saying numbered lines, and a client that follows them all. The node's CPU and memory; whether anything
// is lost or out of order, in the store and at the client; how late the node answers a small question (which
// is at least as long as its core loop stalls); how long until all can be found; and how long a chat waits
// for its first token beside all that, against the same on the quiet node.
//
// "paced": 200 events a second and session. "full speed": as fast as they go.
// MUSTER_BENCH_SESSIONS (64), MUSTER_BENCH_SECONDS (60), MUSTER_BENCH_ROUNDS (1).
#include "tests/bench/chatter.h"
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>

#include <unistd.h>

using namespace muster;
using namespace muster::bench;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr int perSecond = 200;
constexpr int pieceSize = 150; // with its envelope about 377 bytes
constexpr int askEveryMs = 20;
constexpr int quietTurns = 30;

int number(const char *name, int otherwise)
{
    return qEnvironmentVariableIsSet(name) ? qEnvironmentVariableIntValue(name) : otherwise;
}

// Seconds of CPU that a process has used.
double cpuOf(qint64 pid)
{
    const QByteArray stat = readFile(u"/proc/%1/stat"_s.arg(pid));
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 14)
        return 0;
    return static_cast<double>(fields.at(11).toLongLong() + fields.at(12).toLongLong()) /
           static_cast<double>(sysconf(_SC_CLK_TCK));
}

// What came of one session, line by line.
class Counter {
public:
    // False: something is missing before it, to be read from the store.
    bool take(qint64 offset, const QString &text)
    {
        if (offset > m_units)
            return false;
        const QString fresh = text.mid(m_units - offset);
        m_units += fresh.size();
        m_rest += fresh;
        qsizetype begin = 0;
        for (qsizetype end = 0; (end = m_rest.indexOf(u'\n', begin)) >= 0; begin = end + 1)
            takeLine(QStringView(m_rest).sliced(begin, end - begin));
        m_rest.remove(0, begin);
        return true;
    }
    [[nodiscard]] qint64 lines() const { return m_lines; }
    [[nodiscard]] qint64 units() const { return m_units; }
    [[nodiscard]] const QStringList &problems() const { return m_problems; }

private:
    void takeLine(QStringView line)
    {
        const qlonglong got = line.left(7).toLongLong(); // what follows the count has no number
        if (got != 0 && got != m_lines + 1)
            m_problems += u"line %1 after %2"_s.arg(got).arg(m_lines);
        if (got != 0)
            m_lines = got;
    }

    QString m_rest;
    qint64 m_units = 0;
    qint64 m_lines = 0;
    QStringList m_problems;
};

// A client that follows every text as it is said, as a window does: what it missed it asks for.
class Follower : public QObject {
    Q_OBJECT
public:
    explicit Follower(const QString &socketPath)
        : m_node({.socketPath = socketPath, .clientName = u"follower"_s, .launch = [] {
                      return Status();
                  }, .giveUpAfterMs = patienceMs})
    {
        m_node.subscribe({.filter = {}, .fromSeq = -1, .streams = true}, this,
                         [this](const api::Notice &notice) {
            const auto *said = std::get_if<api::StreamNotice>(&notice);
            if (said && said->run.isValid() && said->channel == "text"_L1 &&
                !counters[said->task].take(said->offset, said->text))
                ++gaps;
        });
    }
    // One at a time, as no client needs more.
    void readWhatIsMissing(qint64 lines)
    {
        const auto behind =
            std::ranges::find_if(counters, [&](const auto &c) { return c.second.lines() < lines; });
        if (behind == counters.end() || std::exchange(m_reading, true))
            return;
        const TaskId task = behind->first;
        m_node.query(api::GetStream{.task = task, .fromOffset = behind->second.units()}, this,
                     [this, task](const Result<api::StreamText> &text) {
            m_reading = false;
            if (text)
                (void)counters[task].take(text->offset, text->text);
        });
    }
    [[nodiscard]] bool has(qsizetype sessions, qint64 lines) const
    {
        return static_cast<qsizetype>(counters.size()) == sessions &&
               std::ranges::all_of(counters, [&](const auto &c) { return c.second.lines() == lines; });
    }
    [[nodiscard]] bool isConnected() const { return m_node.linkState() == api::LinkState::Connected; }

    std::map<TaskId, Counter> counters;
    int gaps = 0;

private:
    RemoteNode m_node;
    bool m_reading = false;
};

} // namespace

class BenchSessions : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void load_data();
    void load();
    void cleanupTestCase();

private:
    [[nodiscard]] QStringList problemsInStore(RunId run, qint64 lines) const;
    [[nodiscard]] bool allFound(RunId run, qint64 lines) const;

    int m_sessions = number("MUSTER_BENCH_SESSIONS", 64);
    int m_seconds = number("MUSTER_BENCH_SECONDS", 60);
    std::unique_ptr<MusterHome> m_home;
    std::unique_ptr<NodeClient> m_client;
    QString m_project;
    ConversationId m_chat;
    std::vector<double> m_quietMs;
};

void BenchSessions::initTestCase()
{
    m_home = std::make_unique<MusterHome>();
    m_project = m_home->makeProject(u"shop"_s);
    QStringList items;
    for (int i = 0; i < m_sessions; ++i)
        items += u"\"%1\""_s.arg(i);
    for (const auto &[name, prompt] :
         {std::pair{u"paced"_s, u"How many tests? @@slow:%1 @@chunk:%2 @@count:%3"_s.arg(1000 / perSecond)
                                    .arg(pieceSize)
                                    .arg(perSecond * m_seconds)},
          std::pair{u"full"_s, u"How many tests? @@slow:0 @@chunk:%1 @@count:%2"_s.arg(pieceSize).arg(
                                   perSecond * m_seconds)}})
        MusterHome::writeFlow(m_project, name,
                              u"muster: 1\nname: %1\ndefaults: { isolation: none }\nsteps:\n  - { id: all, "
                              "foreach: [%2], prompt: '%3' }\n"_s.arg(name, items.join(u", "_s), prompt)
                                  .toUtf8());
    m_home->startNode();
    m_client = std::make_unique<NodeClient>(*m_home);
    QVERIFY(m_client->submit(api::TrustProject{.path = m_project}));
    QVERIFY(m_client->submit(api::SetSetting{.key = u"pools.flow"_s, .value = m_sessions}));
    const auto chat = m_client->submit(api::NewConversation{.project = m_project});
    QVERIFY(chat);
    m_chat = chat->refs.conversation;
    m_quietMs =
        firstTokens(m_home->paths().socketFile, m_chat, [](size_t turns) { return turns >= quietTurns; });
    QVERIFY(!m_quietMs.empty());
}

QStringList BenchSessions::problemsInStore(RunId run, qint64 lines) const
{
    const StoreView store(m_home->paths().storeFile);
    QStringList problems = store.problems();
    const QStringList tasks = store.rows(u"SELECT id FROM tasks WHERE run_id = %1"_s.arg(run.value));
    if (tasks.size() != m_sessions)
        problems += u"%1 tasks"_s.arg(tasks.size());
    for (const QString &task : tasks) {
        Counter counter;
        const QStringList chunks =
            store.rows(u"SELECT offset, text FROM stream_chunks WHERE task_id = %1 AND "
                       "channel = 'text' ORDER BY id"_s.arg(task));
        for (const QString &chunk : chunks) {
            if (!counter.take(chunk.section(u'|', 0, 0).toLongLong(), chunk.section(u'|', 1)))
                problems += u"task %1 has a gap at %2"_s.arg(task).arg(counter.units());
        }
        problems += counter.problems();
        if (counter.lines() != lines)
            problems +=
                u"task %1 has %2 of %3 lines in the store"_s.arg(task).arg(counter.lines()).arg(lines);
    }
    return problems;
}

bool BenchSessions::allFound(RunId run, qint64 lines) const
{
    const StoreView store(m_home->paths().storeFile);
    return store.number(
               u"SELECT count(DISTINCT c.task_id) FROM stream_search s JOIN stream_chunks c ON c.id = "
               "s.rowid WHERE stream_search MATCH '\"%1\"' AND c.task_id IN (SELECT id FROM tasks WHERE "
               "run_id = %2)"_s.arg(lines, 7, 10, QChar(u'0'))
                   .arg(run.value)) == m_sessions;
}

void BenchSessions::load_data()
{
    QTest::addColumn<QString>("flow");
    for (int round = 1; round <= number("MUSTER_BENCH_ROUNDS", 1); ++round) {
        QTest::addRow("paced, %d", round) << u"paced"_s;
        QTest::addRow("full speed, %d", round) << u"full"_s;
    }
}

void BenchSessions::load()
{
    QFETCH(QString, flow);
    const qint64 lines = qint64{perSecond} * m_seconds;
    const qint64 pid = m_home->nodePid();
    const qint64 restKiB = residentKiB(pid);
    QVERIFY(writeFile(u"/proc/%1/clear_refs"_s.arg(pid), "5")); // the highest is counted anew
    Follower follower(m_home->paths().socketFile);
    QTRY_VERIFY_WITH_TIMEOUT(follower.isConnected(), patienceMs);
    QVERIFY(m_client->query(api::GetStatus{})); // what it asked for has been heard before this
    const auto run = m_client->submit(api::StartRun{.project = m_project, .flow = flow, .unattended = true});
    QVERIFY(run);
    const RunId id = run->refs.run;
    std::vector<double> answersMs;
    QElapsedTimer asked;
    bool waits = false;
    QTimer asking;
    asking.setTimerType(Qt::PreciseTimer);
    connect(&asking, &QTimer::timeout, this, [&] {
        if (std::exchange(waits, true))
            return;
        asked.start();
        m_client->api().query(api::GetStatus{}, &asking, [&](const Result<api::NodeStatus> &) {
            answersMs.push_back(static_cast<double>(asked.nsecsElapsed()) / 1e6);
            waits = false;
        });
    });
    const StoreView store(m_home->paths().storeFile);
    const auto count = [&](const QString &kind) {
        return store.number(
            u"SELECT count(DISTINCT task_id) FROM events WHERE run_id = %1 AND kind = '%2'"_s.arg(id.value)
                .arg(kind));
    };
    if (flow == u"paced")
        QVERIFY(waitUntil([&] { return count(u"session.turn_started"_s) == m_sessions; }, patienceMs));
    asking.start(askEveryMs);
    QElapsedTimer wall;
    wall.start();
    const double cpuBefore = cpuOf(pid);
    double cpu = 0;
    double seconds = 0;
    const std::vector<double> firstTokenMs = firstTokens(m_home->paths().socketFile, m_chat, [&](size_t) {
        const bool over = flow == u"paced" ? wall.hasExpired(m_seconds * 900)
                                           : count(u"session.turn_finished"_s) == m_sessions;
        if (over && seconds == 0) {
            seconds = static_cast<double>(wall.nsecsElapsed()) / 1e9;
            cpu = cpuOf(pid) - cpuBefore;
        }
        return over;
    });
    QVERIFY(!firstTokenMs.empty());
    QVERIFY(waitUntil([&] { return count(u"session.turn_finished"_s) == m_sessions; }, 20 * patienceMs));
    wall.start();
    asking.stop();
    QVERIFY(waitUntil([&] { return allFound(id, lines); }, patienceMs));
    const double foundMs = static_cast<double>(wall.nsecsElapsed()) / 1e6;
    QVERIFY(m_client->ended(id));
    qInfo("row 11, %s: %d sessions, %.0f events/s each in %.1f s: node %.2f cores, memory %lld MiB at rest, "
          "%lld at "
          "most, %lld after; an answer takes median %.1f, p99 %.1f, longest %.1f ms; all found after %.0f ms",
          QTest::currentDataTag(), m_sessions,
          flow == u"paced" ? perSecond : static_cast<double>(lines) / seconds, seconds, cpu / seconds,
          restKiB / 1024, peakResidentKiB(pid) / 1024, residentKiB(pid) / 1024, percentile(answersMs, 50),
          percentile(answersMs, 99), percentile(answersMs, 100), foundMs);
    qInfo(
        "row 12, %s: first token of a chat median %.0f, p99 %.0f ms; quiet %.0f and %.0f (%zu and %zu turns)",
        QTest::currentDataTag(), percentile(firstTokenMs, 50), percentile(firstTokenMs, 99),
        percentile(m_quietMs, 50), percentile(m_quietMs, 99), firstTokenMs.size(), m_quietMs.size());
    QVERIFY(waitUntil([&] {
        follower.readWhatIsMissing(lines);
        return follower.has(m_sessions, lines);
    }, patienceMs));
    QStringList problems;
    for (const auto &[task, counter] : follower.counters)
        problems += counter.problems();
    QCOMPARE(problems.join(u'\n'), QString());
    qInfo("nothing lost or out of order; the client had to read again at %d gaps", follower.gaps);
    QCOMPARE(problemsInStore(id, lines).join(u'\n'), QString());
}

void BenchSessions::cleanupTestCase()
{
    if (!m_client)
        return;
    m_client.reset();
    QVERIFY(m_home->stopNode());
    const StoreView store(m_home->paths().storeFile);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(m_home->root(), store.markers()), QStringList(), patienceMs);
}

QTEST_GUILESS_MAIN(BenchSessions)
#include "bench_sessions.moc"
