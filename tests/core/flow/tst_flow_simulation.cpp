// Random flows with random ends, killed at random boundaries and paused at random moments: each ends as it
// would have without.
// MUSTER_SEEDS sets how many (2 000 by default, 100 000 before a release).
#include "tests/core/flow/random_flows.h"
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowSimulation : public QObject {
    Q_OBJECT
private slots:
    void crashesChangeNothing();
    void theSameSeedIsTheSameHistory();
    void noAgentBeginsOnceTheBudgetIsSpent();
};

void TestFlowSimulation::crashesChangeNothing()
{
    bool given = false;
    int seeds = qEnvironmentVariableIntValue("MUSTER_SEEDS", &given);
    seeds = given ? seeds : 2000;
    int crashes = 0;
    for (int i = 0; i < seeds; ++i) {
        const auto seed = static_cast<unsigned>(i);
        const Scenario scenario = randomFlow(seed, true);
        const QByteArray what = "seed " + QByteArray::number(i) + "\n" + scenario.yaml.toUtf8();
        EngineWorld calm(setupOf(scenario, 0));
        QVERIFY2(calm.runToEnd(), what.constData());
        EngineWorld stormy(setupOf(scenario, 0.06));
        QVERIFY2(stormy.runToEnd(), what.constData());
        crashes += stormy.crashes();
        const auto definition = flowOf(scenario.yaml);
        const QStringList wrong = stormy.violations() + repeated(stormy, *definition) +
                                  disagreeing(stormy, *definition) + stormy.openApprovals();
        QVERIFY2(wrong.isEmpty(), QByteArray(what + wrong.join(u'\n').toUtf8()).constData());
        QVERIFY2(scenario.timed || stormy.verdict()->status == calm.verdict()->status, what.constData());
        QVERIFY2(stormy.verdict()->status != RunStatus::Stuck, what.constData());
        if (scenario.exact)
            QVERIFY2(statuses(stormy, *definition) == statuses(calm, *definition), what.constData());
    }
    QVERIFY(crashes > seeds);
    qInfo("%d runs, %d crashes", seeds, crashes);
}

void TestFlowSimulation::theSameSeedIsTheSameHistory()
{
    for (unsigned seed = 0; seed < 20; ++seed) {
        const Scenario scenario = randomFlow(seed, true);
        QStringList histories[2];
        for (QStringList &history : histories) {
            EngineWorld world(setupOf(scenario, 0.06));
            QVERIFY(world.runToEnd());
            for (const FlowEvent &event : world.journal())
                history.append(QString::number(event.atMs) % u' ' % describe(event.fact));
        }
        QCOMPARE(histories[0], histories[1]);
    }
}

void TestFlowSimulation::noAgentBeginsOnceTheBudgetIsSpent()
{
    int crossed = 0;
    int kept = 0;
    for (unsigned seed = 0; seed < 500; ++seed) {
        Scenario scenario = randomFlow(seed);
        scenario.yaml.replace(u"name: t\n"_s, u"name: t\nbudget_usd: 1\n"_s);
        WorldSetup setup = setupOf(scenario, 0.06);
        setup.outcome = [seed](const AttemptSpec &spec) {
            AttemptResult result = outcomeOf(spec, seed);
            if (spec.kind == StepKind::Agent)
                result.usage.costMicroUsd = 300'000;
            return result;
        };
        const auto definition = setup.definition;
        EngineWorld world(std::move(setup));
        const QByteArray what = "seed " + QByteArray::number(seed) + "\n" + scenario.yaml.toUtf8();
        QVERIFY2(world.runToEnd(), what.constData());
        qint64 spent = 0;
        bool over = false;
        for (const FlowEvent &event : world.journal()) {
            over = over || std::holds_alternative<BudgetCrossed>(event.fact);
            if (const auto *finished = std::get_if<AttemptFinished>(&event.fact))
                spent += finished->result.usage.costMicroUsd.value_or(0);
            if (const auto *queued = std::get_if<AttemptQueued>(&event.fact); queued && over)
                QVERIFY2(definition->step(definition->indexOf(queued->key.step)).kind != StepKind::Agent,
                         what.constData());
        }
        QVERIFY2(!over || world.verdict()->status == RunStatus::Failed, what.constData());
        QVERIFY2(world.verdict()->status != RunStatus::Stuck, what.constData());
        QCOMPARE(world.finalState().spentMicroUsd, spent);
        crossed += over ? 1 : 0;
        kept += over ? 0 : 1;
    }
    QVERIFY2(crossed > 20 && kept > 20, QByteArray::number(crossed).constData());
}

QTEST_GUILESS_MAIN(TestFlowSimulation)
#include "tst_flow_simulation.moc"
