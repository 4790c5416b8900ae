// Every graph of up to four agent steps, every end of each step, against a naive oracle: no step twice, none
// lost, every run ends, and the verdict does not depend on the order in which things happen.
#include "tests/core/flow/rules_driver.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowGraphs : public QObject {
    Q_OBJECT
private slots:
    void everyGraphEndsAsItShould_data();
    void everyGraphEndsAsItShould();
};

namespace {

struct Graph {
    std::vector<std::vector<int>> needs; // of each step, only steps before it
    std::vector<StepTrigger> triggers;
    OnFailure onFailure = OnFailure::Stop;
};

FlowDefinitionPtr definitionOf(const Graph &graph)
{
    auto flow = std::make_shared<FlowDefinition>();
    flow->name = u"t"_s;
    flow->onFailure = graph.onFailure;
    for (int i = 0; i < static_cast<int>(graph.needs.size()); ++i) {
        StepDefinition step;
        step.id = u's' % QString::number(i);
        step.text.source = u"x"_s;
        step.needs = graph.needs[static_cast<size_t>(i)];
        step.trigger = graph.triggers[static_cast<size_t>(i)];
        flow->indexById.insert(step.id, i);
        flow->steps.push_back(step);
        for (const int need : step.needs)
            flow->steps[static_cast<size_t>(need)].neededBy.push_back(i);
    }
    return flow;
}

// What each step would come to if the run never stopped: -1 failed, 0 not begun, 1 completed.
std::vector<int> naive(const Graph &graph, unsigned good)
{
    std::vector<int> ends;
    for (size_t i = 0; i < graph.needs.size(); ++i) {
        const auto &needs = graph.needs[i];
        const auto completed =
            std::ranges::count_if(needs, [&](int need) { return ends[static_cast<size_t>(need)] == 1; });
        bool begins = true;
        if (graph.triggers[i] == StepTrigger::AllSuccess)
            begins = completed == static_cast<qsizetype>(needs.size());
        else if (graph.triggers[i] == StepTrigger::OneSuccess)
            begins = needs.empty() || completed > 0;
        ends.push_back(!begins ? 0 : (good >> i) & 1U ? 1 : -1);
    }
    return ends;
}

// Runs to the end, taking what is under way in the order of the seed.
struct Played {
    std::vector<int> begun;
    std::optional<RunFinished> verdict;
    std::vector<StepStatus> statuses;
};

Played play(const FlowDefinition &definition, unsigned good, unsigned seed)
{
    Played played{.begun = std::vector<int>(definition.steps.size()), .verdict = {}, .statuses = {}};
    FlowState state = initialState(definition);
    std::minstd_rand random(seed + 1);
    std::vector<AttemptKey> open;
    const auto take = [&](FlowFact fact) {
        const auto transition = advance(definition, state, std::move(fact), 1);
        if (!transition)
            qFatal("%s", qPrintable(transition.error().detail));
        for (const Intent &intent : transition->intents) {
            if (const auto *start = std::get_if<StartAttempt>(&intent)) {
                open.push_back(start->spec.key);
                ++played.begun[static_cast<size_t>(definition.indexOf(start->spec.key.step))];
            }
        }
    };
    take(RunStarted{.run = RunId{1}});
    while (!open.empty()) {
        const auto at = open.begin() + static_cast<qsizetype>(random() % open.size());
        const AttemptKey key = *at;
        open.erase(at);
        const int step = definition.indexOf(key.step);
        const bool stopped = state.unit({step, kNoItem}).stopRequested;
        AttemptResult result;
        if (stopped || ((good >> static_cast<unsigned>(step)) & 1U) == 0)
            result = {.outcome = stopped ? AttemptOutcome::Cancelled : AttemptOutcome::Error,
                      .reason = FailureReason::GateFailed};
        take(AttemptFinished{.key = key, .result = result});
    }
    played.verdict = state.verdict;
    for (const StepState &step : state.steps)
        played.statuses.push_back(step.unit.status);
    return played;
}

template <typename Fn> void eachGraph(int steps, Fn fn)
{
    // Bits: for each step which of those before it are needed; then its trigger out of three.
    const int edges = steps * (steps - 1) / 2;
    const int triggerWays = steps == 4 ? 27 : static_cast<int>(std::pow(3, steps));
    for (int bits = 0; bits < 1 << edges; ++bits) {
        for (int triggers = 0; triggers < triggerWays; ++triggers) {
            Graph graph;
            int edge = 0;
            int left = triggers;
            for (int step = 0; step < steps; ++step) {
                graph.needs.emplace_back();
                for (int need = 0; need < step; ++need, ++edge) {
                    if ((bits >> edge) & 1)
                        graph.needs.back().push_back(need);
                }
                // A step without needs has no use for a trigger: with four steps only the others get each.
                const bool fixed = steps == 4 && step == 0;
                graph.triggers.push_back(fixed ? StepTrigger::AllSuccess
                                               : static_cast<StepTrigger>(left % 3));
                left = fixed ? left : left / 3;
            }
            fn(graph);
        }
    }
}

} // namespace

void TestFlowGraphs::everyGraphEndsAsItShould_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<OnFailure>("onFailure");
    for (int steps = 1; steps <= 4; ++steps) {
        QTest::addRow("%d, stop", steps) << steps << OnFailure::Stop;
        QTest::addRow("%d, continue", steps) << steps << OnFailure::Continue;
    }
}

void TestFlowGraphs::everyGraphEndsAsItShould()
{
    QFETCH(int, steps);
    QFETCH(OnFailure, onFailure);
    int played = 0;
    eachGraph(steps, [&](Graph &graph) {
        graph.onFailure = onFailure;
        const FlowDefinitionPtr definition = definitionOf(graph);
        for (unsigned good = 0; good < 1U << static_cast<unsigned>(steps); ++good) {
            const std::vector<int> expected = naive(graph, good);
            const bool completes = std::ranges::all_of(expected, [](int end) { return end == 1; });
            for (unsigned seed = 0; seed < 3; ++seed, ++played) {
                const Played run = play(*definition, good, seed);
                QVERIFY(run.verdict);
                QCOMPARE(run.verdict->status, completes ? RunStatus::Completed : RunStatus::Failed);
                for (size_t i = 0; i < expected.size(); ++i) {
                    QCOMPARE_LE(run.begun[i], 1);
                    QVERIFY(isSettled(run.statuses[i]));
                    // A run that stops begins less, never more or otherwise.
                    if (onFailure == OnFailure::Continue || completes)
                        QCOMPARE(run.begun[i], expected[i] == 0 ? 0 : 1);
                    else if (expected[i] == 0)
                        QCOMPARE(run.begun[i], 0);
                    if (onFailure == OnFailure::Continue)
                        QCOMPARE(run.statuses[i],
                                 expected[i] == 1 ? StepStatus::Completed : StepStatus::Failed);
                }
            }
        }
    });
    QVERIFY(played > 0);
}

QTEST_GUILESS_MAIN(TestFlowGraphs)
#include "tst_flow_graphs.moc"
