// The node is killed at random moments while a run of twenty step runs goes on; every run must end as if
// nothing had happened, each act done exactly once, and nothing be left running. MUSTER_KILLS (200) says how
// often, MUSTER_SEED repeats a history.
#include "core/store/connection.h"
#include "tests/core/node/node_harness.h"
#include "tests/e2e/effects_project.h"

#include <QRandomGenerator>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestNodeKills : public QObject {
    Q_OBJECT
private slots:
    void everyRunEndsAsIfNothingHadHappened();
};

namespace {

int numberFromEnvironment(const char *name, int otherwise)
{
    bool ok = false;
    const int number = qEnvironmentVariableIntValue(name, &ok);
    return ok ? number : otherwise;
}

// Processes that carry this home in their environment: all that a node of it, or anybody below it, is.
QList<qint64> processesOf(const QString &home)
{
    QList<qint64> found;
    const QStringList entries = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString &entry : entries) {
        bool isPid = false;
        const qint64 pid = entry.toLongLong(&isPid);
        QFile environment(u"/proc/%1/environ"_s.arg(entry));
        if (isPid && environment.open(QIODevice::ReadOnly) && environment.readAll().contains(home.toUtf8()))
            found += pid;
    }
    return found;
}

struct Look {
    QString integrity;
    qint64 events = 0;
    qint64 newest = 0;
};

Look lookAt(const Paths &paths)
{
    const auto db = Connection::open({.file = StoreOptions::forPaths(paths, Durability::Full).file,
                                      .mode = ConnectionOptions::Mode::ReadOnly});
    if (!db)
        return {};
    const auto text = [&](const QString &sql) {
        return (*db)->value<QString>(sql).value_or(QString()).value_or(QString());
    };
    return {.integrity = text(u"PRAGMA integrity_check"_s),
            .events = text(u"SELECT count(*) FROM events"_s).toLongLong(),
            .newest = text(u"SELECT max(seq) FROM events"_s).toLongLong()};
}

} // namespace

void TestNodeKills::everyRunEndsAsIfNothingHadHappened()
{
    const int wanted = numberFromEnvironment("MUSTER_KILLS", 200);
    const auto seed = static_cast<quint32>(
        numberFromEnvironment("MUSTER_SEED", static_cast<int>(QRandomGenerator::global()->bounded(1 << 30))));
    qInfo("seed %u", seed);
    QRandomGenerator chance(seed);
    const EffectsProject project;
    NodeHarness node(true);
    QElapsedTimer elapsed;
    elapsed.start();
    int kills = 0;
    int runs = 0;
    while (kills < wanted) {
        const qsizetype before = project.effects().size();
        const auto started = node.submit(api::StartRun{.project = project.path(),
                                                       .flow = u"effects"_s,
                                                       .unattended = true,
                                                       .approve = true,
                                                       .trust = true});
        QVERIFY2(started, started ? "" : qPrintable(started.error().detail));
        const RunId run = started->refs.run;
        ++runs;
        // A few kills to a run, from its first moment to its last, some right after each other.
        for (int left = static_cast<int>(chance.bounded(1, 9)); left > 0 && kills < wanted; --left) {
            const QDeadlineTimer moment(chance.bounded(4) == 0 ? chance.bounded(30) : chance.bounded(900));
            QVERIFY(QTest::qWaitFor([&] { return moment.hasExpired(); }, patienceMs));
            node.killServer();
            ++kills;
            node.startServer();
        }
        const auto detail = node.ended(run);
        QVERIFY(detail);
        if (detail->run.status != RunStatus::Completed) {
            for (const api::StepInfo &step : detail->steps)
                qInfo().noquote() << step.stepId << step.index << enumName(step.status) << step.attempt
                                  << (step.reason ? enumName(*step.reason) : QString()) << step.detail;
        }
        QCOMPARE(enumName(detail->run.status), enumName(RunStatus::Completed));
        QCOMPARE(detail->steps.size(), EffectsProject::stepRunsOfARun);
        for (const api::StepInfo &step : detail->steps)
            QCOMPARE(enumName(step.status), enumName(StepStatus::Completed));
        const QStringList effects = project.effects().sliced(before);
        const QSet<QString> once(effects.cbegin(), effects.cend());
        QCOMPARE(effects.size(), once.size());
        QCOMPARE(once.size(), EffectsProject::effectsOfARun);
    }
    qInfo("%d kills, %d runs, %lld s", kills, runs, elapsed.elapsed() / 1000);
    QVERIFY(node.submit(api::StopNode{.force = true}));
    QTRY_COMPARE_WITH_TIMEOUT(processesOf(node.home()), QList<qint64>(), patienceMs);
    const Look look = lookAt(node.paths());
    QCOMPARE(look.integrity, u"ok"_s);
    QCOMPARE(look.events, look.newest);
}

QTEST_GUILESS_MAIN(TestNodeKills)
#include "tst_node_kills.moc"
