// Agents that send what no agent should, through a whole node: the step ends with a reason, the node's memory
// stays bounded, and another run that goes on at the same time does not notice.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

#include <QElapsedTimer>

#include <unistd.h>

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 allowedKiB = qint64{150} * 1024;

const QByteArray hostileFlow = "muster: 1\nname: hostile\ndefaults: { isolation: none, timeout: 3m "
                               "}\nsteps:\n  - { id: a, prompt: Go on. }\n";
const QByteArray healthyFlow = "muster: 1\nname: healthy\ndefaults: { isolation: none }\nsteps:\n"
                               "  - { id: a, prompt: 'How many tests? @@slow:50' }\n"
                               "  - { id: b, needs: [a], run: echo done }\n"
                               "  - { id: c, needs: [b], prompt: 'Read src and summarise it. @@slow:50' }\n";

} // namespace

class TestHostileAgents : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void streams_data();
    void streams();
    void cleanupTestCase();

private:
    [[nodiscard]] Result<api::CommandDone> startRun(const QString &project, const QString &flow);

    QTemporaryDir m_bin{QStringLiteral(MUSTER_BIN_DIR "/../tests/hostile-XXXXXX")};
    std::unique_ptr<MusterHome> m_home;
    std::unique_ptr<NodeClient> m_client;
    qint64 m_baseKiB = 0;
    qint64 m_mostKiB = 0;
    qint64 m_atEndKiB = 0;
};

// The programs of this build, but for the demo agent.
void TestHostileAgents::initTestCase()
{
    const auto place = [this](const QString &from, const QString &to) {
        return ::link(qPrintable(from), qPrintable(m_bin.filePath(to))) == 0 ||
               QFile::copy(from, m_bin.filePath(to));
    };
    for (const QString &name : {u"muster"_s, u"muster-guard"_s, u"muster-eval"_s})
        QVERIFY(place(QStringLiteral(MUSTER_BIN_DIR "/") + name, name));
    QVERIFY(place(QStringLiteral(MUSTER_BIN_DIR "/muster-demo-agent"), u"muster-demo-agent.real"_s));
    QVERIFY(place(QStringLiteral(MUSTER_TEST_DIR "/hostile_agent"), u"muster-demo-agent"_s));
    m_home = std::make_unique<MusterHome>(m_bin.path());
    const QString healthy = m_home->makeProject(u"healthy"_s);
    const QString hostile = m_home->makeProject(u"hostile"_s);
    MusterHome::writeFlow(healthy, u"healthy"_s, healthyFlow);
    MusterHome::writeFlow(hostile, u"hostile"_s, hostileFlow);
    m_home->startNode();
    m_client = std::make_unique<NodeClient>(*m_home);
    for (const QString &project : {healthy, hostile})
        QVERIFY(m_client->submit(api::TrustProject{.path = project}));
    // Warm, so that what follows is the streams' doing.
    const auto run = startRun(u"healthy"_s, u"healthy"_s);
    QVERIFY(run);
    const auto detail = m_client->ended(run->refs.run);
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    m_baseKiB = residentKiB(m_home->nodePid());
    QVERIFY(m_baseKiB > 0);
}

Result<api::CommandDone> TestHostileAgents::startRun(const QString &project, const QString &flow)
{
    return m_client->submit(
        api::StartRun{.project = m_home->path(project), .flow = flow, .unattended = true});
}

void TestHostileAgents::streams_data()
{
    QTest::addColumn<StepStatus>("status");
    QTest::addColumn<QString>("reason");  // empty: none
    QTest::addColumn<QString>("warning"); // code in the log that says what was wrong; empty: none is needed
    const QString none;
    QTest::newRow("big_text") << StepStatus::Completed << none << u"line_too_long"_s;
    QTest::newRow("big_line") << StepStatus::Completed << none << u"line_too_long"_s;
    QTest::newRow("unended_line") << StepStatus::Failed << u"crashed"_s << none;
    QTest::newRow("bad_utf8") << StepStatus::Completed << none << u"invalid_utf8"_s;
    QTest::newRow("garbage") << StepStatus::Completed << none << u"not_a_message"_s;
    QTest::newRow("truncated") << StepStatus::Failed << u"crashed"_s << none;
    QTest::newRow("flood") << StepStatus::Completed << none << none;
    QTest::newRow("flood_of_tools") << StepStatus::Completed << none << none;
    QTest::newRow("flood_of_text") << StepStatus::Failed << u"runtime_error"_s << none;
    QTest::newRow("deep") << StepStatus::Completed << none << u"bad_update"_s;
    QTest::newRow("stderr_flood") << StepStatus::Completed << none << none;
    QTest::newRow("killed") << StepStatus::Failed << u"crashed"_s << none;
    QTest::newRow("exit_in_handshake") << StepStatus::Failed << u"launch_failed"_s << none;
    QTest::newRow("garbage_in_handshake") << StepStatus::Completed << none << u"not_a_message"_s;
    QTest::newRow("big_handshake") << StepStatus::Failed << u"launch_failed"_s << u"line_too_long"_s;
    QTest::newRow("no_handshake") << StepStatus::Failed << u"launch_failed"_s << none;
}

void TestHostileAgents::streams()
{
    QFETCH(QString, reason);
    QFETCH(QString, warning);
    QVERIFY(writeFile(m_home->path(u"hostile/hostile.mode"_s), QTest::currentDataTag()));
    // The highest is counted anew, from what is there now: what was given back to the allocator may stay its
    // own.
    const qint64 before = residentKiB(m_home->nodePid());
    QVERIFY(writeFile(u"/proc/%1/clear_refs"_s.arg(m_home->nodePid()), "5"));
    QElapsedTimer elapsed;
    elapsed.start();
    const auto healthy = startRun(u"healthy"_s, u"healthy"_s);
    const auto hostile = startRun(u"hostile"_s, u"hostile"_s);
    QVERIFY(healthy);
    QVERIFY(hostile);
    const auto good = m_client->ended(healthy->refs.run);
    const qint64 goodMs = elapsed.elapsed();
    const auto bad = m_client->ended(hostile->refs.run);
    QVERIFY(good);
    QVERIFY(bad);
    const qint64 peak = peakResidentKiB(m_home->nodePid());
    m_atEndKiB = residentKiB(m_home->nodePid());
    m_mostKiB = std::max(m_mostKiB, peak - m_baseKiB);
    const api::StepInfo &step = bad->steps.front();
    const StoreView store(m_home->paths().storeFile);
    const QStringList warnings =
        store.rows(u"SELECT DISTINCT json_extract(data, '$.code') FROM events WHERE kind = 'session.warning' "
                   "AND run_id = %1"_s.arg(hostile->refs.run.value));
    qInfo("%s %s '%s', warnings %s; +%lld MiB at most; %lld ms, the other run %lld ms",
          qPrintable(enumName(step.status)), step.reason ? qPrintable(enumName(*step.reason)) : "-",
          qPrintable(step.detail.left(100)), qPrintable(warnings.join(u',')), (peak - m_baseKiB) / 1024,
          elapsed.elapsed(), goodMs);

    QCOMPARE(good->run.status, RunStatus::Completed);
    QTEST(step.status, "status");
    QCOMPARE(step.reason ? enumName(*step.reason) : QString(), reason);
    if (step.status != StepStatus::Completed)
        QVERIFY(!step.detail.isEmpty());
    if (!warning.isEmpty())
        QVERIFY(warnings.contains(warning));
    QVERIFY(peak - before < allowedKiB);
    QCOMPARE(store.problems(), QStringList());
}

void TestHostileAgents::cleanupTestCase()
{
    if (!m_home)
        return;
    m_client.reset();
    QVERIFY(m_home->stopNode());
    const StoreView store(m_home->paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(m_home->root(), store.markers()), QStringList(), 30'000);
    // A transcript is kept up to a limit.
    QVERIFY(store.number(
                u"SELECT coalesce(max(units), 0) FROM (SELECT sum(length(text)) AS units FROM stream_chunks "
                "GROUP BY task_id, channel)"_s) < 17 * 1024 * 1024);
    QVERIFY(m_atEndKiB - m_baseKiB < allowedKiB); // nothing grows from row to row
    qInfo("at most %lld MiB above the %lld MiB at rest; store %lld MiB", m_mostKiB / 1024, m_baseKiB / 1024,
          QFileInfo(m_home->paths().storeFile).size() / (1024 * 1024));
}

QTEST_GUILESS_MAIN(TestHostileAgents)
#include "tst_hostile_agents.moc"
