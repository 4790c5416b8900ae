// The engine between the rules and the world: what is stored before what is done, many facts in one append,
// letting go of a run, and what it asks after a restart.
#include "tests/core/flow/engine_world.h"
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowEngine : public QObject {
    Q_OBJECT
private slots:
    void runsToTheEnd();
    void aLostLeaseEndsAllActs();
    void reportsAtOnceShareAnAppend();
    void answersThatAreNotJsonAreErrors();
    void outputIsBounded();
    void aGateIsItsExitCode();
    void unknownRunsAreNotFound();
    void aFinishedRunIsNotBegunAgain();
    void aJournalThatDoesNotFitIsRefused();
    void callbacksAfterTheEndAreHarmless();
    void noQuestionOutlivesItsAnswer();
};

namespace {

const QString kTwo =
    u"muster: 1\nname: t\nsteps:\n  - {id: a, prompt: A}\n  - {id: b, needs: [a], prompt: B}\n"_s;

WorldSetup plain(const QString &yaml, AttemptResult result = {})
{
    return {.definition = flowOf(yaml), .outcome = [result](const AttemptSpec &) {
        return result;
    }};
}

QStringList log(const EngineWorld &world)
{
    QStringList lines;
    for (const FlowEvent &event : world.journal())
        lines.append(describe(event.fact));
    return lines;
}

} // namespace

void TestFlowEngine::runsToTheEnd()
{
    EngineWorld world(plain(kTwo));
    QVERIFY(world.runToEnd());
    QCOMPARE(world.verdict()->status, RunStatus::Completed);
    QCOMPARE(world.violations(), QStringList());
    QVERIFY(world.engine().activeRuns().empty());
    QCOMPARE(world.rows().value(u"b[-1]"_s).status, StepStatus::Completed);
    QCOMPARE(log(world).filter(u"settled"_s),
             QStringList({u"settled a completed"_s, u"settled b completed"_s}));
}

void TestFlowEngine::aLostLeaseEndsAllActs()
{
    EngineWorld world(plain(kTwo));
    world.failNextAppend = Error{.code = ErrorCode::Conflict};
    QVERIFY(!world.runToEnd());
    QCOMPARE(world.dropped()->code, ErrorCode::Conflict);
    QCOMPARE(world.beginnings(u"1/a#1"_s), 0);
    QVERIFY(world.engine().activeRuns().empty());
    QVERIFY(!world.step());
}

void TestFlowEngine::reportsAtOnceShareAnAppend()
{
    QString yaml = u"muster: 1\nname: t\nsteps:\n"_s;
    for (int i = 0; i < 200; ++i)
        yaml += u"  - {id: s%1, prompt: A}\n"_s.arg(i);
    EngineWorld world(plain(yaml));
    QVERIFY(world.runToEnd());
    QCOMPARE(world.verdict()->status, RunStatus::Completed);
    // 200 starts and 200 ends; the world commits while other reports come in.
    QCOMPARE_LT(world.appends(), 300);
}

void TestFlowEngine::answersThatAreNotJsonAreErrors()
{
    EngineWorld world(plain(u"muster: 1\nname: t\nsteps:\n  - {id: a, prompt: A, output: json}\n"_s,
                            {.output = u"I do not know."_s}));
    QVERIFY(world.runToEnd());
    QCOMPARE(world.verdict()->reason, FailureReason::RuntimeError);
}

void TestFlowEngine::outputIsBounded()
{
    EngineWorld world(plain(kTwo, {.output = QString(3'000'000, u'x')}));
    QVERIFY(world.runToEnd());
    QCOMPARE(world.rows().value(u"a[-1]"_s).output.size(), 1024 * 1024);
}

void TestFlowEngine::aGateIsItsExitCode()
{
    EngineWorld world(plain(u"muster: 1\nname: t\nsteps:\n  - {id: a, run: 'false'}\n"_s, {.exitCode = 1}));
    QVERIFY(world.runToEnd());
    QCOMPARE(world.verdict()->reason, FailureReason::GateFailed);
}

void TestFlowEngine::unknownRunsAreNotFound()
{
    EngineWorld world(plain(kTwo));
    QCOMPARE(world.engine().cancel(RunId{9}, u"x"_s).error().code, ErrorCode::NotFound);
    QVERIFY(!world.engine().state(RunId{9}));
    world.engine().attemptFinished({.run = RunId{9}, .step = u"a"_s}, {});
    world.engine().wake(RunId{9});
    world.start();
    const RunSetup again{.run = RunId{1}, .definition = flowOf(kTwo)};
    QCOMPARE(world.engine().start(again).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(world.engine().start({.run = RunId{2}}).error().code, ErrorCode::InvalidArgument);
}

void TestFlowEngine::aFinishedRunIsNotBegunAgain()
{
    EngineWorld world(plain(kTwo));
    QVERIFY(world.runToEnd());
    const auto events = world.journal().size();
    world.kill();
    QVERIFY(!world.step());
    QCOMPARE(world.journal().size(), events);
    QCOMPARE(world.verdict()->status, RunStatus::Completed);
    QCOMPARE(world.beginnings(u"1/a#1"_s), 1);
}

void TestFlowEngine::aJournalThatDoesNotFitIsRefused()
{
    EngineWorld world(plain(kTwo));
    const std::vector<FlowEvent> journal{
        {.atMs = 1, .fact = RunStarted{.run = RunId{1}}},
        {.atMs = 2, .fact = AttemptQueued{.key = {.run = RunId{1}, .step = u"z"_s}}}};
    QCOMPARE(world.engine().resume(RunId{1}, flowOf(kTwo), journal).error().code, ErrorCode::Corrupt);
    QCOMPARE(world.engine().resume(RunId{1}, flowOf(kTwo), {}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(world.engine().activeRuns().empty());
}

void TestFlowEngine::callbacksAfterTheEndAreHarmless()
{
    EngineWorld world(plain(kTwo));
    world.start();
    world.engine().drop(RunId{1}); // its first append is still under way
    while (world.step()) {
    }
    QVERIFY(!world.verdict());
    QCOMPARE(world.beginnings(u"1/a#1"_s), 0);
}

// Its time is over, that is stored, and the node dies before it takes the question back.
void TestFlowEngine::noQuestionOutlivesItsAnswer()
{
    int crashes = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        WorldSetup setup =
            plain(u"muster: 1\nname: t\nsteps:\n  - {id: a, approval: {ask: Go on?, timeout: 1ms}}\n"
                  "  - {id: b, needs: [a], prompt: B, retries: {max: 20, on: [crashed], backoff: 1s}}\n"_s);
        setup.seed = seed;
        setup.crashChance = 0.3;
        setup.mostCrashes = 3;
        EngineWorld world(setup);
        QVERIFY(world.runToEnd());
        QCOMPARE(world.verdict()->status, RunStatus::Completed);
        QVERIFY2(world.openApprovals().isEmpty(), QByteArray::number(seed).constData());
        crashes += world.crashes();
    }
    QVERIFY(crashes > 200);
}

QTEST_GUILESS_MAIN(TestFlowEngine)
#include "tst_flow_engine.moc"
