// Whoever watches a run may die at any moment: the run in the background node goes on as if nobody had been
// there. The node is the one that the first client started. MUSTER_KILLS: how many (50). MUSTER_SEED: the
// seed; printed.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTimer>

#include <csignal>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

const QByteArray flowText = R"(muster: 1
name: short
inputs:
  effects: { type: string }
defaults: { timeout: 5m, isolation: none }
steps:
  - id: a
    run: &act 'printf "%s\n" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; sleep 0.1'
  - { id: look, needs: [a], prompt: "How many tests are there?" }
  - { id: b, needs: [a], foreach: [1, 2], run: *act }
  - { id: c, needs: [look, b], run: *act }
)";
const QStringList effectsOfARun{u"a#1"_s, u"b[0]#1"_s, u"b[1]#1"_s, u"c#1"_s};

struct Figures {
    int runs = 0;
    int beforeTheStart = 0; // killed before it had started its run
    int whileItRan = 0;
    int afterTheEnd = 0;
};

} // namespace

class TestClientKills : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void runIsUnaffected_data();
    void runIsUnaffected();

private:
    [[nodiscard]] bool killedAtRandom(QProcess &client, const QList<int> &signalNumbers, int withinMs);
    void checkRun(const MusterHome &home, const StoreView &store, qint64 run) const;

    QRandomGenerator m_random;
    int m_kills = 50;
};

void TestClientKills::initTestCase()
{
    const quint32 seed = qEnvironmentVariableIsSet("MUSTER_SEED")
                             ? qEnvironmentVariable("MUSTER_SEED").toUInt()
                             : QRandomGenerator::global()->generate();
    m_random.seed(seed);
    if (qEnvironmentVariableIsSet("MUSTER_KILLS"))
        m_kills = qEnvironmentVariableIntValue("MUSTER_KILLS");
    qInfo("MUSTER_SEED=%u MUSTER_KILLS=%d", seed, m_kills);
}

// `arguments`: with PROJECT and EFFECTS to be filled in. `starts`: it starts the run itself; else it only
// watches.
void TestClientKills::runIsUnaffected_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("starts");
    QTest::addColumn<QList<int>>("signalNumbers");
    QTest::addColumn<int>("withinMs");
    const QStringList run{u"run"_s,     u"short"_s,           u"--project"_s, u"PROJECT"_s,
                          u"--input"_s, u"effects=EFFECTS"_s, u"--yes"_s,     u"--json"_s};
    const QString bin = QStringLiteral(MUSTER_BIN_DIR "/");
    QTest::newRow("command line, KILL") << QString(bin + u"muster"_s) << run << true << QList{SIGKILL} << 900;
    QTest::newRow("command line, HUP and TERM")
        << QString(bin + u"muster"_s) << run << true << QList{SIGHUP, SIGTERM} << 900;
    QTest::newRow("window, KILL") << QString(bin + u"muster-window"_s)
                                  << QStringList{u"--project"_s, u"PROJECT"_s} << false << QList{SIGKILL}
                                  << 2500;
}

bool TestClientKills::killedAtRandom(QProcess &client, const QList<int> &signalNumbers, int withinMs)
{
    const int number = signalNumbers.at(m_random.bounded(static_cast<int>(signalNumbers.size())));
    bool killed = false;
    QTimer::singleShot(m_random.bounded(withinMs), Qt::PreciseTimer, &client, [&] {
        killed = client.state() == QProcess::Running &&
                 ::kill(static_cast<pid_t>(client.processId()), number) == 0;
    });
    (void)QTest::qWaitFor([&] { return client.state() == QProcess::NotRunning; }, patienceMs);
    return killed;
}

void TestClientKills::checkRun(const MusterHome &home, const StoreView &store, qint64 run) const
{
    QCOMPARE(store.rows(u"SELECT status FROM runs WHERE id = %1"_s.arg(run)), QStringList{u"completed"_s});
    QStringList done;
    const QStringList lines =
        QString::fromUtf8(readFile(home.path(u"effects"_s))).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (line.startsWith(QString::number(run) + u'/'))
            done += line.section(u'/', 1);
    }
    done.sort();
    QCOMPARE(done, effectsOfARun);
}

void TestClientKills::runIsUnaffected()
{
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    QFETCH(bool, starts);
    QFETCH(QList<int>, signalNumbers);
    QFETCH(int, withinMs);
    if (!QFileInfo::exists(program))
        QSKIP("built without the window");
    MusterHome home;
    const QString project = home.makeProject(u"shop"_s);
    MusterHome::writeFlow(project, u"short"_s, flowText);
    arguments.replaceInStrings(u"PROJECT"_s, project).replaceInStrings(u"EFFECTS"_s, home.path(u"effects"_s));
    QCOMPARE(home.muster({u"trust"_s, project}).exitCode, 0); // starts the node, too
    NodeClient watcher(home);
    const auto status = watcher.query(api::GetStatus{});
    QVERIFY(status);

    QElapsedTimer elapsed;
    elapsed.start();
    Figures figures;
    for (int killed = 0; killed < m_kills;) {
        const StoreView before(home.paths().storeFile);
        const qint64 last = before.number(u"SELECT coalesce(max(id), 0) FROM runs"_s);
        if (!starts)
            QVERIFY(watcher.submit(api::StartRun{.project = project,
                                                 .flow = u"short"_s,
                                                 .inputs = {{u"effects"_s, home.path(u"effects"_s)}},
                                                 .unattended = true,
                                                 .approve = true}));
        const auto client = home.start(arguments, program);
        if (!killedAtRandom(*client, signalNumbers, withinMs)) {
            ++figures.afterTheEnd; // it had ended by itself
            continue;
        }
        ++killed;
        const StoreView store(home.paths().storeFile);
        const qint64 run = store.number(u"SELECT max(id) FROM runs"_s);
        if (run <= last) {
            ++figures.beforeTheStart;
            continue;
        }
        ++figures.runs;
        figures.whileItRan +=
            store.number(u"SELECT count(*) FROM runs WHERE ended_at IS NULL AND id = %1"_s.arg(run)) == 1 ? 1
                                                                                                          : 0;
        QVERIFY(watcher.ended(RunId{run}));
        checkRun(home, store, run);
        if (QTest::currentTestFailed())
            return;
    }
    // What was killed before it had started a run may have sent the wish: that run ends as well.
    QTRY_COMPARE_WITH_TIMEOUT(StoreView(home.paths().storeFile).loose(), QStringList(), patienceMs);
    const auto after = watcher.query(api::GetStatus{});
    QVERIFY(after);
    QCOMPARE(after->pid, status->pid); // the same node all the time
    QCOMPARE(home.muster({u"serve"_s, u"--stop"_s}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root()), QStringList(), 30'000);
    QCOMPARE(StoreView(home.paths().storeFile).problems(), QStringList());
    qInfo("%d kills (%d while the run went on, %d before it was started), %d runs, %d ended by themselves, "
          "%.1f s",
          m_kills, figures.whileItRan, figures.beforeTheStart, figures.runs, figures.afterTheEnd,
          static_cast<double>(elapsed.elapsed()) / 1000.0);
}

QTEST_GUILESS_MAIN(TestClientKills)
#include "tst_client_kills.moc"
