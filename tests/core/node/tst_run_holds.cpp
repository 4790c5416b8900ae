// A run that is paused: what is under way ends, nothing more begins, not even what waits for a slot already,
// over a restart too. And of a flow that does not say otherwise, one run at a time.
#include "tests/core/node/node_harness.h"

#include <QDir>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestRunHolds : public QObject {
    Q_OBJECT
private slots:
    void init();
    void pausedOverARestart();
    void oneRunAtATime_data();
    void oneRunAtATime();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] bool exists(const QString &name) const { return QFile::exists(path(name)); }
    void write(const QString &name, const QByteArray &text = {}) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    [[nodiscard]] StartRun flow(const QByteArray &rest) const
    {
        write(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\ndefaults: {isolation: none}\n" + rest);
        return {.project = m_folder->path(), .flow = u"own"_s, .trust = true};
    }
    static std::optional<RunDetail> inStatus(NodeHarness &node, RunId run, RunStatus status)
    {
        std::optional<RunDetail> detail;
        (void)waitFor([&] {
            if (auto now = node.query(GetRun{.run = run}))
                detail = std::move(*now);
            return detail && detail->run.status == status;
        });
        return detail;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRunHolds::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(path(u"flows"_s)));
}

void TestRunHolds::pausedOverARestart()
{
    NodeHarness node(false);
    QVERIFY(node.submit(SetSetting{.key = u"pools.flow"_s, .value = 1}));
    const auto run = node.submit(flow("steps:\n"
                                      "  - { id: a, run: 'touch a; until test -e go; do sleep 0.02; done' }\n"
                                      "  - { id: b, run: 'touch b' }\n"
                                      "  - { id: c, needs: [a, b], run: 'touch c' }\n"));
    QVERIFY2(run, qPrintable(run ? QString() : run.error().detail));
    const RunId id = run->refs.run;
    QVERIFY(waitFor([&] { return exists(u"a"_s); })); // and b waits for the one slot
    QVERIFY(node.submit(PauseRun{.run = id}));
    QVERIFY(node.query(GetRun{.run = id})->run.pauseAsked);
    write(u"go"_s);
    // b is queued, so it counts as under way, but its task is not claimed while the run is to pause.
    QVERIFY(waitFor([&] {
        const auto detail = node.query(GetRun{.run = id});
        return detail && detail->run.stepsSettled == 1;
    }));
    node.reopen();
    const auto after = node.query(GetRun{.run = id});
    QVERIFY(after && after->run.pauseAsked && !isSettled(after->run.status));
    QVERIFY(!exists(u"b"_s));
    QVERIFY(node.submit(PauseRun{.run = id, .paused = false}));
    const auto ended = node.ended(id);
    QVERIFY(ended);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    QVERIFY(exists(u"c"_s));
    QCOMPARE(node.submit(PauseRun{.run = id}).error().code, ErrorCode::Conflict);
}

void TestRunHolds::oneRunAtATime_data()
{
    QTest::addColumn<bool>("parallel");
    QTest::newRow("one") << false;
    QTest::newRow("several") << true;
}

void TestRunHolds::oneRunAtATime()
{
    QFETCH(bool, parallel);
    NodeHarness node(false);
    const StartRun start = flow((parallel ? "parallel_runs: true\n" : "") +
                                QByteArray("steps:\n  - { id: ok, approval: Go on? }\n"));
    const auto first = node.submit(start);
    QVERIFY(first);
    QVERIFY(inStatus(node, first->refs.run, RunStatus::Waiting));
    const auto second = node.submit(start);
    QCOMPARE(second.has_value(), parallel);
    if (!parallel) {
        QCOMPARE(second.error().code, ErrorCode::Conflict);
        QCOMPARE(second.error().where, u"flow"_s);
    }
    QVERIFY(node.submit(CancelRun{.run = first->refs.run}));
    QVERIFY(node.ended(first->refs.run));
    QVERIFY(node.submit(start)); // nothing is in its way any more
}

QTEST_GUILESS_MAIN(TestRunHolds)
#include "tst_run_holds.moc"
