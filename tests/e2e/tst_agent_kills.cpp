// A thousand starts and kills of agents that leave everything behind that can be left: children and
// grandchildren that ignore SIGTERM and SIGHUP, double-forked, in groups and sessions of their own, without
// an environment, with our pipes open. Half of them as bare trees through the launcher, half as real
// sessions; some are killed once all of that stands, some in the midst of it. Several at a time.
//
// When an end is told, nothing of that tree may live. That is looked up past the product: the processes that
// were named, by pid and start time, and every process of /proc with the tree's tag on its command line.
//
// MUSTER_KILL_ROUNDS: how many in each of the eight rows (125). MUSTER_SEED: the seed; it is printed.
#include "core/agent/agent_session.h"
#include "core/process/child_registry.h"
#include "core/process/local_launcher.h"
#include "core/process/tree_supervisor.h"
#include "tests/support/process_probe.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 120'000;
constexpr int atOnce = 8;
constexpr int latestMs = 60; // of the kills that do not wait until all stands
const QString leaving = u"child group session daemon bare baredaemon holder"_s;
constexpr int leftEach = 7;

QString stubbornProgram() { return QStringLiteral(MUSTER_BIN_DIR "/../tests/stubborn"); }
QString agentProgram() { return QStringLiteral(MUSTER_BIN_DIR "/../tests/fake_acp_agent"); }
QString guardProgram() { return QStringLiteral(MUSTER_BIN_DIR "/muster-guard"); }

QByteArray readProc(const QString &pid, const QString &name)
{
    QFile file(u"/proc/"_s + pid + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// The living with that tag, as "pid command line".
QStringList livingWith(const QString &tag)
{
    QStringList found;
    const QByteArray wanted = tag.toUtf8();
    const QStringList pids = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
    for (const QString &pid : pids) {
        const QList<QByteArray> words = readProc(pid, u"cmdline"_s).split('\0');
        if (words.contains(wanted) && !readProc(pid, u"status"_s).contains("\nState:\tZ"))
            found += pid + u' ' + QString::fromUtf8(words.join(' '));
    }
    return found;
}

QString newTag()
{
    static int count = 0;
    return u"tag=%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(++count);
}

struct Figures {
    std::vector<qint64> verifyMs; // from the last signal to verified gone
    std::vector<qint64> totalMs;  // from the request to verified gone
    qsizetype named = 0;          // processes that were looked for by pid
    int early = 0;                // killed before all stood

    void print(const char *name)
    {
        const auto at = [](std::vector<qint64> &all, size_t percent) {
            std::ranges::sort(all);
            return all.empty() ? 0LL : static_cast<long long>(all[(all.size() - 1) * percent / 100]);
        };
        qInfo(
            "%s: %zu kills, %d of them early, %lld named processes; last signal to gone p50 %lld, p99 %lld, "
            "max %lld ms; request to gone p50 %lld, p99 %lld, max %lld ms",
            name, totalMs.size(), early, static_cast<long long>(named), at(verifyMs, 50), at(verifyMs, 99),
            at(verifyMs, 100), at(totalMs, 50), at(totalMs, 99), at(totalMs, 100));
    }
    void add(const Figures &other)
    {
        std::ranges::copy(other.verifyMs, std::back_inserter(verifyMs));
        std::ranges::copy(other.totalMs, std::back_inserter(totalMs));
        named += other.named;
        early += other.early;
    }
};

// Hands launches on and tells how each tree ended.
class WatchedLauncher final : public Launcher {
public:
    WatchedLauncher(Launcher &inner, std::function<void(const StopReport &)> told)
        : m_inner(inner)
        , m_told(std::move(told))
    {
    }
    LaunchedProcess *launch(const LaunchSpec &spec, QObject *parent) override
    {
        LaunchedProcess *process = m_inner.launch(spec, parent);
        QObject::connect(process, &LaunchedProcess::gone, process, m_told);
        return process;
    }

private:
    Launcher &m_inner;
    std::function<void(const StopReport &)> m_told;
};

// One agent from its start to its end: `ready()`, `kill()`, then `told()` with what lived when it was told.
class Victim {
public:
    virtual ~Victim() = default;
    [[nodiscard]] virtual bool ready() const = 0;
    virtual void kill(QRandomGenerator &random) = 0;
    [[nodiscard]] bool told() const { return m_told; }

    QByteArray said;
    StopReport report;
    QList<ProcessIdentity> named;
    QStringList left;         // of the tag, when the end was told
    qsizetype namedAlive = 0; // of the named

    void take() { named = reportedProcesses(said); } // while they live

protected:
    void end()
    {
        left = livingWith(m_tag);
        namedAlive = livingOf(named);
        m_told = true;
    }
    const QString m_tag = newTag();

private:
    bool m_told = false;
};

class Tree final : public Victim {
public:
    Tree(Launcher &launcher, bool lifeline)
    {
        LaunchSpec spec{.program = stubbornProgram(),
                        .args =
                            QStringList{m_tag, u"stubborn"_s} + leaving.split(u' ') + QStringList{u"stay"_s},
                        .env = {u"PATH=/usr/bin:/bin"_s},
                        .marker = newMarker()};
        spec.lifeline = lifeline;
        m_process.reset(launcher.launch(spec, nullptr));
        QObject::connect(m_process->pipes(), &PipeProcess::stdoutBytes, m_process.get(),
                         [this](const QByteArray &bytes) { said += bytes; });
        QObject::connect(m_process.get(), &LaunchedProcess::gone, m_process.get(),
                         [this](const StopReport &r) {
            report = r;
            end();
        });
    }
    [[nodiscard]] bool ready() const override { return said.endsWith("ready\n"); }
    void kill(QRandomGenerator &random) override
    {
        m_process->stop({.termGrace = std::chrono::milliseconds(random.bounded(2) * 50)});
    }

private:
    std::unique_ptr<LaunchedProcess> m_process;
};

enum class Way : std::uint8_t { Close, Stop, Cancel, Mixed };

// In the midst of a turn, of an agent that may listen to nothing either.
class Session final : public Victim {
public:
    Session(Launcher &launcher, const Clock &clock, const QString &folder, bool lifeline, Way way, bool deaf)
        : m_launcher(launcher, [this](const StopReport &r) { report = r; })
        , m_way(way)
    {
        SessionSpec spec;
        spec.runtime.id = u"fake"_s;
        spec.runtime.argv = {agentProgram(), m_tag};
        if (deaf)
            spec.runtime.argv += {u"--ignore-cancel"_s, u"--ignore-term"_s, u"--ignore-eof"_s};
        spec.runtime.handshakeTimeoutMs = patience;
        spec.workingDir = folder;
        spec.tmpRoot = folder + u"/tmp"_s;
        spec.environment = {u"PATH=/usr/bin:/bin"_s};
        spec.lifeline = lifeline;
        spec.timeouts = {.cancelGrace = 50ms, .stdinGrace = 50ms, .ladder = {.termGrace = 50ms}};
        m_session = std::make_unique<AgentSession>(spec, m_launcher, clock);
        QObject::connect(m_session.get(), &AgentSession::sessionEvent, m_session.get(),
                         [this](const SessionEvent &event) { hear(event); });
        m_session->start();
        (void)m_session->prompt(
            {.text = u"leave %1 %2 stubborn %3 stay; hang"_s.arg(stubbornProgram(), m_tag, leaving),
             .attachments = {}});
    }
    [[nodiscard]] bool ready() const override { return said.endsWith("ready\n"); }
    void kill(QRandomGenerator &random) override
    {
        const Way way = m_way == Way::Mixed ? static_cast<Way>(random.bounded(3)) : m_way;
        if (way == Way::Cancel)
            m_session->cancel();
        if (way == Way::Stop)
            m_session->stop(FailureReason::DeadlineExceeded, u"test"_s);
        else
            m_session->close();
    }

private:
    void hear(const SessionEvent &event)
    {
        if (const auto *text = std::get_if<TextDelta>(&event))
            said += text->text.toUtf8();
        else if (std::holds_alternative<SessionEnded>(event))
            end();
    }

    WatchedLauncher m_launcher;
    Way m_way;
    std::unique_ptr<AgentSession> m_session;
};

} // namespace

class TestAgentKills : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void trees_data();
    void trees();
    void sessions_data();
    void sessions();
    void cleanupTestCase();

private:
    using Make = std::function<std::unique_ptr<Victim>()>;
    void killAll(const Make &make, qsizetype leastNamed);
    void check(const Victim &victim, bool early, qsizetype leastNamed);

    TreeSupervisor m_supervisor;
    SystemClock m_clock;
    QTemporaryDir m_folder;
    QRandomGenerator m_random;
    int m_rounds = 125;
    Figures m_row;
    Figures m_all;
};

void TestAgentKills::initTestCase()
{
    QVERIFY(becomeSubreaper());
    const quint32 seed = qEnvironmentVariableIsSet("MUSTER_SEED")
                             ? qEnvironmentVariable("MUSTER_SEED").toUInt()
                             : QRandomGenerator::global()->generate();
    m_random.seed(seed);
    if (qEnvironmentVariableIsSet("MUSTER_KILL_ROUNDS"))
        m_rounds = qEnvironmentVariableIntValue("MUSTER_KILL_ROUNDS");
    qInfo("MUSTER_SEED=%u MUSTER_KILL_ROUNDS=%d", seed, m_rounds);
}

void TestAgentKills::killAll(const Make &make, qsizetype leastNamed)
{
    m_row = {};
    for (int done = 0; done < m_rounds;) {
        const int count = std::min(atOnce, m_rounds - done);
        std::vector<std::unique_ptr<Victim>> victims;
        for (int i = 0; i < count; ++i)
            victims.push_back(make());
        const bool early = m_random.bounded(3) == 0;
        QElapsedTimer since;
        since.start();
        const int momentMs = m_random.bounded(latestMs);
        QTRY_VERIFY_WITH_TIMEOUT(early
                                     ? since.hasExpired(momentMs)
                                     : std::ranges::all_of(victims, [](const auto &v) { return v->ready(); }),
                                 patience);
        for (const auto &victim : victims) {
            victim->take();
            victim->kill(m_random);
        }
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::all_of(victims, [](const auto &v) { return v->told(); }),
                                 patience);
        for (const auto &victim : victims) {
            check(*victim, early, leastNamed);
            if (QTest::currentTestFailed())
                return;
        }
        done += count;
    }
    QCOMPARE(ChildRegistry::instance().collectOrphans(), QList<qint64>());
    m_row.print(QTest::currentDataTag());
    m_all.add(m_row);
}

void TestAgentKills::check(const Victim &victim, bool early, qsizetype leastNamed)
{
    QCOMPARE(victim.report.survivors, QList<qint64>());
    QCOMPARE(victim.left.join(u'\n'), QString());
    QCOMPARE(victim.namedAlive, 0);
    if (!early)
        QCOMPARE(victim.named.size(), leastNamed);
    m_row.named += victim.named.size();
    m_row.early += early ? 1 : 0;
    m_row.verifyMs.push_back(victim.report.verifyMs);
    m_row.totalMs.push_back(victim.report.ms);
}

void TestAgentKills::trees_data()
{
    QTest::addColumn<bool>("cgroups");
    QTest::addColumn<bool>("lifeline");
    QTest::newRow("tree, ancestry") << false << false;
    QTest::newRow("tree, lifeline") << false << true;
    QTest::newRow("tree, cgroup") << true << false;
    QTest::newRow("tree, cgroup and lifeline") << true << true;
}

void TestAgentKills::trees()
{
    QFETCH(bool, cgroups);
    QFETCH(bool, lifeline);
    LocalLauncher launcher(&m_supervisor, guardProgram());
    if (cgroups && launcher.bestContainment() != Containment::Cgroup)
        qInfo("no cgroup can be made here: without it");
    launcher.setCgroupsAllowed(cgroups);
    killAll([&] { return std::make_unique<Tree>(launcher, lifeline); }, leftEach);
}

void TestAgentKills::sessions_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<bool>("deaf");
    QTest::addColumn<bool>("lifeline");
    QTest::newRow("session, closed") << Way::Close << false << true;
    QTest::newRow("session, stopped for a reason") << Way::Stop << true << true;
    QTest::newRow("session, cancelled and closed, deaf") << Way::Cancel << true << true;
    QTest::newRow("session, without a lifeline") << Way::Mixed << true << false;
}

void TestAgentKills::sessions()
{
    QFETCH(Way, way);
    QFETCH(bool, deaf);
    QFETCH(bool, lifeline);
    LocalLauncher launcher(&m_supervisor, guardProgram());
    killAll([&] {
        return std::make_unique<Session>(launcher, m_clock, m_folder.path(), lifeline, way, deaf);
    }, leftEach + 1);
}

void TestAgentKills::cleanupTestCase()
{
    m_all.print("all");
    QCOMPARE(livingWith(u"stay"_s).filter(u"tag=%1-"_s.arg(QCoreApplication::applicationPid())),
             QStringList());
}

QTEST_GUILESS_MAIN(TestAgentKills)
#include "tst_agent_kills.moc"
