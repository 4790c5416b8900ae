// The background node is killed (SIGKILL) at random moments while runs of all mixed flows go on side by side,
// and started again, until they have ended. Each must end as it does undisturbed with the same inputs, with
// the effect of each attempt there exactly once, and as the pure rules say of its journal; nothing may be
// left open or running, and nothing lost that a client was told or that it was answered.
//
// MUSTER_KILL_ROUNDS: how many kills (200). MUSTER_SEED: the seed; it is printed.
// A tenth as many again come while two real agent programs work, where tests/e2e/agents/install.sh was run.
#include "core/flow/flow_parser.h"
#include "core/flow/rules.h"
#include "core/node/flows/journal.h"
#include "tests/e2e/agents/fake_model.h"
#include "tests/e2e/agents/real_home.h"
#include "tests/e2e/mixed_flows.h"
#include "tests/e2e/node_client.h"
#include "tests/e2e/node_killer.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTimer>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr int setsInOneHome = 3;
constexpr auto answerEvery = std::chrono::milliseconds(60);

// What the ends of the runs depend on.
struct Choice {
    QString side;
    bool breaks = false;

    [[nodiscard]] QString name() const { return side + (breaks ? u", breaks" : u""); }
};

// What a run leaves in the world, without what names this run or this folder.
struct Effects {
    QStringList steps;    // from the store
    QStringList commands; // keys of attempts, sorted
    QStringList branches; // what the branches of the run hold
};

struct Figures {
    int kills = 0;
    int whileStarting = 0;
    int runs = 0;
    int resumed = 0; // times that a node took a run over
    int answers = 0; // to approvals, taken by a node
};

// Answers each approval of its runs by its title, as a person at a window would, over all deaths of the node.
class Answerer : public QObject {
public:
    explicit Answerer(NodeClient &client)
        : m_client(client)
    {
        connect(&m_timer, &QTimer::timeout, this, &Answerer::look);
        m_timer.start(answerEvery);
    }
    // What a node said that it took: inbox id, answer.
    [[nodiscard]] const QStringList &taken() const { return m_taken; }

private:
    void look()
    {
        m_client.api().query(api::ListInbox{}, this,
                             [this](const Result<std::vector<api::InboxInfo>> &items) {
            for (const api::InboxInfo &item : items.value_or(std::vector<api::InboxInfo>{}))
                answer(item);
        });
    }
    void answer(const api::InboxInfo &item)
    {
        const bool yes = item.title.startsWith(u"yes");
        if (item.kind != InboxKind::Approval || (!yes && !item.title.startsWith(u"no ")))
            return;
        m_client.api().submit(
            api::AnswerInbox{.inbox = item.id, .answer = yes ? api::AnswerKind::Yes : api::AnswerKind::No},
            this,
            [this, row = u"%1|%2"_s.arg(item.id.value).arg(yes ? u"yes"_s : u"no"_s)](const auto &done) {
            if (done)
                m_taken += row;
        });
    }

    NodeClient &m_client;
    QTimer m_timer;
    QStringList m_taken;
};

QStringList branchesOf(const MusterHome &home, const QString &flow, qint64 number)
{
    const QString project = home.path(u"shop"_s);
    const QString tag = u"muster/%1-%2"_s.arg(flow).arg(number);
    QStringList found;
    const QString refs =
        MusterHome::git(project, {u"for-each-ref"_s, u"--format=%(refname:short)"_s,
                                  QString(u"refs/heads/" + tag), QString(u"refs/heads/" + tag + u"--*")});
    for (const QString &ref : refs.split(u'\n', Qt::SkipEmptyParts)) {
        const QString held = MusterHome::git(project, {u"ls-tree"_s, u"-r"_s, ref});
        found += QString(ref).remove(0, tag.size()) + u'\n' + held;
    }
    return found;
}

} // namespace

class TestFlowKills : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void mixedRunsEndAsWithoutKills();
    void realAgentsGoOn();

private:
    using Runs = QHash<QString, RunId>; // by flow
    [[nodiscard]] RunId begin(const MusterHome &home, NodeClient &client, const QString &flow,
                              const Choice &choice) const;
    [[nodiscard]] Effects effectsOf(const MusterHome &home, const QString &flow, RunId run) const;
    void prepare(MusterHome &home, NodeClient &client, const std::vector<MixedFlow> &flows) const;
    void runSet(MusterHome &home, const Choice &choice, int kills, QHash<QString, Effects> &effects);
    void learn(const Choice &choice);
    void checkStore(const MusterHome &home) const;
    void checkTold(NodeClient &client, const MusterHome &home) const;
    void checkRules(const MusterHome &home, const QByteArray &text, RunId run) const;
    void checkTaken(const MusterHome &home, const QStringList &taken) const;

    QRandomGenerator m_random;
    int m_wanted = 200;
    Figures m_figures;
    QHash<QString, QHash<QString, Effects>> m_undisturbed; // by choice, by flow
    FakeModel m_model;
};

void TestFlowKills::initTestCase()
{
    const quint32 seed = qEnvironmentVariableIsSet("MUSTER_SEED")
                             ? qEnvironmentVariable("MUSTER_SEED").toUInt()
                             : QRandomGenerator::global()->generate();
    m_random.seed(seed);
    if (qEnvironmentVariableIsSet("MUSTER_KILL_ROUNDS"))
        m_wanted = qEnvironmentVariableIntValue("MUSTER_KILL_ROUNDS");
    qInfo("MUSTER_SEED=%u MUSTER_KILL_ROUNDS=%d", seed, m_wanted);
}

void TestFlowKills::prepare(MusterHome &home, NodeClient &client, const std::vector<MixedFlow> &flows) const
{
    const QString project = home.path(u"shop"_s);
    if (!QFileInfo::exists(project))
        (void)home.makeProject(u"shop"_s);
    for (const MixedFlow &flow : flows)
        MusterHome::writeFlow(project, flow.name, flow.text);
    // An answer may be lost with the node that gave it: both may be said twice.
    Result<api::CommandDone> done = fail(ErrorCode::Unavailable);
    while (!done && done.error().code == ErrorCode::Unavailable) {
        done = client.submit(api::TrustProject{.path = project});
        if (done)
            done = client.submit(api::SetSetting{.key = u"pools.flow"_s, .value = 8});
    }
    if (!done)
        qFatal("not prepared: %s", qPrintable(done.error().detail));
}

// An answer that the node's death took away: whether the start took effect is in the store.
RunId TestFlowKills::begin(const MusterHome &home, NodeClient &client, const QString &flow,
                           const Choice &choice) const
{
    const QString project = home.path(u"shop"_s);
    const auto newest = [&] {
        const QString sql = u"SELECT coalesce(max(id), 0) FROM runs WHERE flow = '%1'"_s.arg(flow);
        return StoreView(home.paths().storeFile).number(sql);
    };
    const qint64 before = newest();
    while (true) {
        const auto done = client.submit(api::StartRun{.project = project,
                                                      .flow = flow,
                                                      .inputs = {{u"effects"_s, home.path(u"effects"_s)},
                                                                 {u"side"_s, choice.side},
                                                                 {u"breaks"_s, choice.breaks}}});
        if (done)
            return done->refs.run;
        if (done.error().code != ErrorCode::Unavailable)
            qFatal("%s not started: %s %s", qPrintable(flow), qPrintable(done.error().detail),
                   qPrintable(done.error().where));
        if (const qint64 now = newest(); now > before)
            return RunId{now};
    }
}

Effects TestFlowKills::effectsOf(const MusterHome &home, const QString &flow, RunId run) const
{
    const StoreView store(home.paths().storeFile);
    Effects effects{.steps = store.outcome(run.value).replaceInStrings(home.root(), u"ROOT"_s)};
    const QString prefix = run.toString() + u'/';
    const QStringList lines =
        QString::fromUtf8(readFile(home.path(u"effects"_s))).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (line.startsWith(prefix))
            effects.commands += line.sliced(prefix.size());
    }
    effects.commands.sort();
    effects.branches =
        branchesOf(home, flow, store.number(u"SELECT number FROM runs WHERE id = %1"_s.arg(run.value)));
    return effects;
}

void TestFlowKills::checkStore(const MusterHome &home) const
{
    const StoreView store(home.paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(home.root(), store.markers()), QStringList(), 20'000);
}

// Every event in the log was told, once and in order, and nothing was told that is not in the log.
void TestFlowKills::checkTold(NodeClient &client, const MusterHome &home) const
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

// What the rules make of the journal is what stands in the rows.
void TestFlowKills::checkRules(const MusterHome &home, const QByteArray &text, RunId run) const
{
    const auto flow = parseFlow(text, u"flow"_s).definition;
    QVERIFY(flow);
    const auto db = Connection::open(
        {.file = home.paths().storeFile, .mode = ConnectionOptions::Mode::ReadOnly, .busyTimeoutMs = 20'000});
    QVERIFY(db);
    const auto journal = readJournal(**db, run);
    QVERIFY(journal);
    const auto state = foldJournal(*flow, *journal);
    QVERIFY2(state, state ? "" : qPrintable(state.error().detail));
    QVERIFY(state->verdict);
    QStringList folded;
    for (const FlowStepRow &row : allStepRows(*flow, *state))
        folded += u"%1|%2|%3|%4"_s.arg(row.step).arg(row.item).arg(enumName(row.status)).arg(row.attempt);
    folded.sort();
    QStringList stored = StoreView(home.paths().storeFile)
                             .rows(u"SELECT step_id, item_index, status, attempt FROM step_runs "
                                   "WHERE run_id = %1"_s.arg(run.value));
    // Items that only an earlier round of a loop had are in the store alone.
    stored.removeIf([&](const QString &row) { return row.contains(u"|excluded|") && !folded.contains(row); });
    stored.sort();
    QCOMPARE(stored, folded);
}

// An answer that a node said it took stands in the store.
void TestFlowKills::checkTaken(const MusterHome &home, const QStringList &taken) const
{
    const QStringList stored =
        StoreView(home.paths().storeFile).rows(u"SELECT id, answer FROM inbox WHERE status = 'answered'"_s);
    for (const QString &row : taken)
        QVERIFY2(stored.contains(row), qPrintable(row + u" is not in: "_s + stored.join(u' ')));
}

// One run of each flow, side by side, and so many kills meanwhile.
void TestFlowKills::runSet(MusterHome &home, const Choice &choice, int kills,
                           QHash<QString, Effects> &effects)
{
    NodeClient client(home);
    client.follow();
    home.startNode();
    prepare(home, client, mixedFlows());
    const Answerer answerer(client);
    NodeKiller killer(home, m_random);
    if (kills > 0)
        killer.start(kills);
    Runs runs;
    for (const MixedFlow &flow : mixedFlows())
        runs.insert(flow.name, begin(home, client, flow.name, choice));
    for (const RunId run : std::as_const(runs))
        QVERIFY2(client.ended(run), qPrintable(u"run "_s + run.toString()));
    if (!killer.isDone()) {
        killer.start(1); // one more, after the end
        QTRY_VERIFY_WITH_TIMEOUT(killer.isDone(), patienceMs);
    }
    m_figures.kills += killer.kills();
    m_figures.whileStarting += killer.killsWhileStarting();
    m_figures.runs += static_cast<int>(runs.size());
    m_figures.answers += static_cast<int>(answerer.taken().size());
    checkTold(client, home);
    QVERIFY(home.stopNode());
    checkStore(home);
    checkTaken(home, answerer.taken());
    for (const MixedFlow &flow : mixedFlows()) {
        checkRules(home, flow.text, runs.value(flow.name));
        effects.insert(flow.name, effectsOf(home, flow.name, runs.value(flow.name)));
    }
}

// How the runs end when nobody disturbs them.
void TestFlowKills::learn(const Choice &choice)
{
    if (m_undisturbed.contains(choice.name()))
        return;
    MusterHome home;
    QHash<QString, Effects> effects;
    runSet(home, choice, 0, effects);
    if (QTest::currentTestFailed()) {
        home.keep();
        return qInfo("kept for a look: %s (undisturbed)", qPrintable(home.root()));
    }
    for (const MixedFlow &flow : mixedFlows()) {
        const Effects &found = effects[flow.name];
        const bool fails = flow.name == u"mends" && choice.breaks;
        QVERIFY2(found.steps.front().startsWith(fails ? u"run|failed|gate_failed|"_s : u"run|completed|-|"_s),
                 qPrintable(flow.name + u": "_s + found.steps.front()));
        QStringList once = found.commands;
        once.removeDuplicates();
        QCOMPARE(found.commands, once);
        QVERIFY2(found.commands.size() >= 4, qPrintable(flow.name));
    }
    QCOMPARE(effects[u"fans"_s].branches.size(), 3);
    m_undisturbed.insert(choice.name(), effects);
}

void TestFlowKills::mixedRunsEndAsWithoutKills()
{
    const QStringList sides{u"left"_s, u"right"_s, u"none"_s};
    QElapsedTimer elapsed;
    elapsed.start();
    int resumed = 0;
    m_figures = {};
    while (m_figures.kills < m_wanted) {
        MusterHome home;
        for (int i = 0; i < setsInOneHome && m_figures.kills < m_wanted; ++i) {
            const Choice choice{.side = sides.at(m_random.bounded(3)), .breaks = m_random.bounded(2) == 1};
            const Figures before = m_figures;
            learn(choice);
            m_figures = before;
            QHash<QString, Effects> effects;
            if (!QTest::currentTestFailed())
                runSet(home, choice, m_random.bounded(8, 25), effects);
            const QHash<QString, Effects> wanted = m_undisturbed.value(choice.name());
            for (const MixedFlow &flow : mixedFlows()) {
                if (QTest::currentTestFailed())
                    break;
                [&] {
                    QCOMPARE(effects[flow.name].commands, wanted[flow.name].commands);
                    QCOMPARE(effects[flow.name].steps, wanted[flow.name].steps);
                    QCOMPARE(effects[flow.name].branches, wanted[flow.name].branches);
                }();
                if (QTest::currentTestFailed())
                    qInfo("in %s (%s)", qPrintable(flow.name), qPrintable(choice.name()));
            }
            if (QTest::currentTestFailed()) {
                home.keep();
                return qInfo("kept for a look: %s (after %d kills)", qPrintable(home.root()),
                             m_figures.kills);
            }
        }
        resumed += static_cast<int>(StoreView(home.paths().storeFile)
                                        .number(u"SELECT count(*) FROM events WHERE kind = 'run.resumed'"_s));
    }
    qInfo(
        "%d kills (%d before the node took connections) in %d runs, %d taken over, %d answers taken, %.1f s",
        m_figures.kills, m_figures.whileStarting, m_figures.runs, resumed, m_figures.answers,
        static_cast<double>(elapsed.elapsed()) / 1000.0);
}

// Their sessions end with each node and are resumed by their own ids; what they were to write is there once.
void TestFlowKills::realAgentsGoOn()
{
    for (const auto *runtime : {"claude", "codex"}) {
        if (nodeProgram().isEmpty() || installedVersion(*findProgram(QString::fromLatin1(runtime))).isEmpty())
            QSKIP("no claude and codex in the cache: run tests/e2e/agents/install.sh");
    }
    QVERIFY(m_model.start(nodeProgram()));
    QElapsedTimer elapsed;
    elapsed.start();
    int kills = 0;
    int runs = 0;
    for (; kills < std::max(m_wanted / 10, 1); ++runs) {
        MusterHome home;
        useRealAgents(home, {u"claude"_s, u"codex"_s}, m_model.url());
        const QString folder = home.makeProject(u"shop"_s);
        const QByteArray text = realAgentsFlow(folder);
        NodeClient client(home);
        client.follow();
        home.startNode();
        prepare(home, client, {{.name = u"real"_s, .text = text}});
        // Undisturbed at first: killed in its first start of all, codex leaves a home in which it never
        // starts.
        const RunId first = begin(home, client, u"real"_s, {.side = u"none"_s});
        QVERIFY(client.ended(first));
        NodeKiller killer(home, m_random);
        const RunId run = begin(home, client, u"real"_s, {.side = u"none"_s});
        killer.start(m_random.bounded(4, 11));
        const auto ended = client.ended(run);
        killer.stop();
        kills += killer.kills();
        [&] {
            QVERIFY(ended);
            checkTold(client, home);
            QVERIFY(home.stopNode());
            checkStore(home);
            checkRules(home, text, run);
            QCOMPARE(effectsOf(home, u"real"_s, run).commands, QStringList({u"first#1"_s, u"last#1"_s}));
            for (const auto *file : {"claude.txt", "codex.txt"})
                QCOMPARE(readFile(folder + u'/' + QString::fromLatin1(file)), "written by the fake model\n");
            QCOMPARE(ended->run.status, RunStatus::Completed);
        }();
        if (QTest::currentTestFailed()) {
            home.keep();
            return qInfo("kept for a look: %s (after %d kills)", qPrintable(home.root()), kills);
        }
    }
    qInfo("%d kills in %d runs of claude %s and codex %s, %.1f s", kills, runs,
          qPrintable(installedVersion(*findProgram(u"claude"_s))),
          qPrintable(installedVersion(*findProgram(u"codex"_s))),
          static_cast<double>(elapsed.elapsed()) / 1000.0);
}

QTEST_GUILESS_MAIN(TestFlowKills)
#include "tst_flow_kills.moc"
