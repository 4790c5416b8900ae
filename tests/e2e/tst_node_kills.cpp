// The background node is killed (SIGKILL) at random moments of a run of 20 steps and started again, until the
// run has ended. Each run must end as it does undisturbed, with each command run exactly once, nothing open,
// nothing left running, and nothing lost that was told to a client.
//
// MUSTER_KILLS: how many kills (200). MUSTER_SEED: the seed; it is printed.
#include "tests/e2e/node_client.h"
#include "tests/e2e/node_killer.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

#include <csignal>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr int runsInOneHome = 3;

// Each command says under its attempt's key that it began and that it ended.
const QByteArray flowText = R"(muster: 1
name: twenty
inputs:
  effects: { type: string }
defaults: { timeout: 5m, isolation: none }
permissions: { write: ["*.md"] }
batches: { few: { max_concurrent: 2 } }
steps:
  - id: first
    run: &act 'printf "begin %s\n" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; sleep 0.05; printf "end %s\n" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; echo done'
  - { id: c2, needs: [first], run: *act }
  - { id: c3, needs: [c2], run: *act }
  - { id: c4, needs: [c3], run: *act }
  - { id: parts, needs: [first], output: json, run: 'printf "begin %s\nend %s\n" "$MUSTER_GUARD" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; echo "[1,2,3]"' }
  - { id: each, needs: [parts], foreach: "${{ steps.parts.json }}", as: part, batch: few, run: *act }
  - { id: joined, needs: [each], run: *act }
  - { id: look, needs: [first], prompt: "How many tests are there?" }
  - { id: tell, needs: [look], prompt: "Read src and summarise it in two lines." }
  - { id: readers, needs: [parts], foreach: [src, docs], as: path, prompt: "Read ${{ path }} and summarise it in two lines." }
  - { id: note, needs: [look], isolation: run, prompt: "write HELLO.md with a greeting" }
  - { id: file, needs: [note], isolation: run, run: 'printf "begin %s\nend %s\n" "$MUSTER_GUARD" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; echo text >> made.txt' }
  - { id: own, needs: [parts], foreach: "${{ steps.parts.json }}", as: part, isolation: step, run: 'printf "begin %s\nend %s\n" "$MUSTER_GUARD" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; echo ${{ part }} >> made.txt' }
  - { id: gate, needs: [c4], optional: true, run: 'printf "begin %s\nend %s\n" "$MUSTER_GUARD" "$MUSTER_GUARD" >> "${{ inputs.effects }}"; exit 3' }
  - { id: saved, needs: [gate], trigger: all_done, run: *act }
  - { id: never, needs: [c2], when: false, run: *act }
  - { id: ok, needs: [joined], approval: { ask: "Go on?" } }
  - { id: after, needs: [ok], when: "${{ steps.ok.approved }}", run: *act }
  - { id: last1, needs: [after, saved, tell, readers, file, own, never], run: *act }
  - { id: last2, needs: [last1], run: *act }
  - { id: last3, needs: [last2], prompt: "How large is this repository?" }
)";

struct Figures {
    int kills = 0;
    int whileStarting = 0;
    int afterTheEnd = 0;
    int runs = 0;
    int resumed = 0; // times that a node took a run over
};

// What a run leaves in the world, without what names this run or this folder.
struct Effects {
    QStringList steps;    // from the store
    QStringList commands; // lines of the effects file, sorted
    QString branch;       // what the run's branch holds beyond its base, and those of its items
};

QString branchOf(const MusterHome &home, qint64 number)
{
    const QString branch = u"muster/twenty-%1"_s.arg(number);
    QString found = MusterHome::git(home.path(u"shop"_s), {u"diff"_s, u"--stat"_s, u"main"_s, branch});
    for (const QString &file : {u":HELLO.md"_s, u":made.txt"_s})
        found += MusterHome::git(home.path(u"shop"_s), {u"show"_s, QString(branch + file)});
    for (int item = 0; item < 3; ++item)
        found += MusterHome::git(home.path(u"shop"_s),
                                 {u"show"_s, QString(branch + u"--own.%1:made.txt"_s.arg(item))});
    return found;
}

} // namespace

class TestNodeKills : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void runsEndAsWithoutKills();
    void survivorsAreEndedAfterSeveralDeaths();

private:
    [[nodiscard]] RunId begin(MusterHome &home, NodeClient &client);
    [[nodiscard]] Effects effectsOf(const MusterHome &home, RunId run) const;
    void checkTold(NodeClient &client, const MusterHome &home) const;
    void killedRun(MusterHome &home);

    QRandomGenerator m_random;
    int m_wanted = 200;
    Figures m_figures;
    Effects m_undisturbed;
};

void TestNodeKills::initTestCase()
{
    const bool given = qEnvironmentVariableIsSet("MUSTER_SEED");
    const quint32 seed =
        given ? qEnvironmentVariable("MUSTER_SEED").toUInt() : QRandomGenerator::global()->generate();
    m_random.seed(seed);
    if (qEnvironmentVariableIsSet("MUSTER_KILLS"))
        m_wanted = qEnvironmentVariableIntValue("MUSTER_KILLS");
    qInfo("MUSTER_SEED=%u MUSTER_KILLS=%d", seed, m_wanted);

    MusterHome home;
    home.startNode();
    NodeClient client(home);
    client.follow();
    const RunId run = begin(home, client);
    QVERIFY(client.ended(run));
    checkTold(client, home);
    QVERIFY(home.stopNode());
    m_undisturbed = effectsOf(home, run);
    // 12 single commands and 2 times 3 items, each begun and ended once.
    QCOMPARE(m_undisturbed.commands.size(), 2 * (12 + 6));
    QCOMPARE(m_undisturbed.steps.front(), u"run|completed|-|"_s);
    QVERIFY(m_undisturbed.branch.contains(u"HELLO.md"_s));
    const StoreView store(home.paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
}

// An answer that the node's death took away: whether the start took effect is in the store.
RunId TestNodeKills::begin(MusterHome &home, NodeClient &client)
{
    const QString project = home.path(u"shop"_s);
    if (!QFileInfo::exists(project)) {
        (void)home.makeProject(u"shop"_s);
        MusterHome::writeFlow(project, u"twenty"_s, flowText);
    }
    const auto newest = [&] {
        return QFileInfo::exists(home.paths().storeFile)
                   ? StoreView(home.paths().storeFile).number(u"SELECT max(id) FROM runs"_s)
                   : -1;
    };
    const qint64 before = newest();
    while (true) {
        auto done = client.submit(api::TrustProject{.path = project});
        if (done)
            done = client.submit(api::StartRun{.project = project,
                                               .flow = u"twenty"_s,
                                               .inputs = {{u"effects"_s, home.path(u"effects"_s)}},
                                               .unattended = true,
                                               .approve = true});
        if (done)
            return done->refs.run;
        if (done.error().code != ErrorCode::Unavailable)
            qFatal("not started: %s %s", qPrintable(done.error().detail), qPrintable(done.error().where));
        if (const qint64 now = newest(); now > std::max(before, qint64{0}))
            return RunId{now};
    }
}

Effects TestNodeKills::effectsOf(const MusterHome &home, RunId run) const
{
    const StoreView store(home.paths().storeFile);
    Effects effects{.steps = store.outcome(run.value).replaceInStrings(home.root(), u"ROOT"_s)};
    const QString prefix = u' ' + run.toString() + u'/';
    const QStringList lines =
        QString::fromUtf8(readFile(home.path(u"effects"_s))).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (line.contains(prefix))
            effects.commands += QString(line).replace(prefix, u" "_s);
    }
    effects.commands.sort();
    effects.branch = branchOf(home, store.number(u"SELECT number FROM runs WHERE id = %1"_s.arg(run.value)));
    return effects;
}

// Every event in the log was told, once and in order, and nothing was told that is not in the log.
void TestNodeKills::checkTold(NodeClient &client, const MusterHome &home) const
{
    const StoreView store(home.paths().storeFile);
    const auto told = [&] {
        QStringList rows;
        for (const auto &[seq, kind] : client.told())
            rows += u"%1|%2"_s.arg(seq).arg(kind);
        return rows;
    };
    const auto logged = [&] {
        return store.rows(u"SELECT seq, kind FROM events ORDER BY seq"_s);
    };
    QTRY_VERIFY_WITH_TIMEOUT(told() == logged(), patienceMs);
    QCOMPARE(client.outOfOrder(), 0);
}

void TestNodeKills::killedRun(MusterHome &home)
{
    NodeClient client(home);
    client.follow();
    NodeKiller killer(home, m_random);
    home.startNode();
    killer.start(m_random.bounded(4, 17));
    const RunId run = begin(home, client);
    QVERIFY(client.ended(run));
    const int beforeTheEnd = killer.kills();
    if (!killer.isDone()) {
        killer.start(1); // one more, after the end
        QTRY_VERIFY_WITH_TIMEOUT(killer.isDone(), patienceMs);
        m_figures.afterTheEnd += killer.kills() - beforeTheEnd;
    }
    m_figures.kills += killer.kills();
    m_figures.whileStarting += killer.killsWhileStarting();
    ++m_figures.runs;
    checkTold(client, home);
    QVERIFY(home.stopNode());

    const StoreView store(home.paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    const Effects effects = effectsOf(home, run);
    QCOMPARE(effects.commands, m_undisturbed.commands);
    QCOMPARE(effects.steps, m_undisturbed.steps);
    QCOMPARE(effects.branch, m_undisturbed.branch);
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 20'000);
    m_figures.resumed += static_cast<int>(store.number(
        u"SELECT count(*) FROM events WHERE kind = 'run.resumed' AND run_id = %1"_s.arg(run.value)));
}

void TestNodeKills::runsEndAsWithoutKills()
{
    QElapsedTimer elapsed;
    elapsed.start();
    while (m_figures.kills < m_wanted) {
        MusterHome home;
        for (int i = 0; i < runsInOneHome && m_figures.kills < m_wanted; ++i) {
            killedRun(home);
            if (QTest::currentTestFailed()) {
                home.keep();
                qInfo("kept for a look: %s (after %d kills)", qPrintable(home.root()), m_figures.kills);
                return;
            }
        }
    }
    qInfo(
        "%d kills (%d before the node took connections, %d after the end) in %d runs, %d taken over, %.1f s",
        m_figures.kills, m_figures.whileStarting, m_figures.afterTheEnd, m_figures.runs, m_figures.resumed,
        static_cast<double>(elapsed.elapsed()) / 1000.0);
}

// A helper of an agent that ignores everything but KILL, the lifeline that would end it killed as well; then
// a node that dies while it is ending what was left. The next one finds it all the same.
void TestNodeKills::survivorsAreEndedAfterSeveralDeaths()
{
    MusterHome home;
    const QString project = home.makeProject(u"shop"_s);
    MusterHome::writeFlow(project, u"child"_s,
                          "muster: 1\nname: child\nsteps:\n"
                          "  - { id: a, isolation: none, prompt: 'How many tests? @@child:600 @@stall' }\n");
    home.startNode();
    NodeClient client(home);
    QVERIFY(client.submit(api::TrustProject{.path = project}));
    const auto run = client.submit(api::StartRun{.project = project, .flow = u"child"_s, .unattended = true});
    QVERIFY(run);
    const auto pidOf = [&](const QString &command) {
        const QStringList all = processesBelow(home.root());
        const auto found = std::ranges::find_if(all, [&](const QString &p) { return p.contains(command); });
        return found == all.cend() ? 0 : found->section(u' ', 0, 0).toInt();
    };
    QTRY_VERIFY_WITH_TIMEOUT(pidOf(u"sleep 600"_s) > 0, patienceMs);
    const int child = pidOf(u"sleep 600"_s);
    const int lifeline = pidOf(u"muster-guard --lifeline"_s);
    QVERIFY(lifeline > 0);
    QCOMPARE(::kill(lifeline, SIGKILL), 0);
    home.killNode();
    QCOMPARE(::kill(child, 0), 0);

    home.startNode();
    QVERIFY(home.waitUntilReady()); // it is sweeping now: the child has its grace
    home.killNode();
    if (::kill(child, 0) != 0)
        QSKIP("the machine was too slow to kill a node while it swept");
    home.startNode();
    QTRY_VERIFY_WITH_TIMEOUT(::kill(child, 0) != 0, patienceMs);
    QVERIFY(client.submit(api::CancelRun{.run = run->refs.run}));
    QVERIFY(client.ended(run->refs.run));
    QVERIFY(home.stopNode());
    const StoreView store(home.paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 20'000);
}

QTEST_GUILESS_MAIN(TestNodeKills)
#include "tst_node_kills.moc"
