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
    void manyGraphsWithEveryWayToEnd();
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

// How a step of a mixed graph comes to its end, if it begins.
enum class Way : std::uint8_t {
    Completes,
    Fails,
    FailsGoesOn,
    FailsOptional,
    Skipped,
    SkippedSpreads,
    Approved
};
constexpr int kWays = 7;

struct Mixed {
    Graph graph;
    std::vector<Way> ways;
    std::vector<bool> inBranch; // of the switch, which is step 0
    bool taken = false;         // whether the switch takes that branch
};

FlowText always() { return {.source = {}, .literals = {QString(), QString()}, .expressions = {u"x"_s}}; }

FlowDefinitionPtr definitionOf(const Mixed &mixed)
{
    auto flow = std::make_shared<FlowDefinition>(*definitionOf(mixed.graph));
    flow->steps[0].kind = StepKind::Switch;
    flow->steps[0].text = always();
    flow->steps[0].cases = {SwitchCase{.label = u"x"_s, .then = {}}};
    for (size_t i = 1; i < flow->steps.size(); ++i) {
        StepDefinition &step = flow->steps[i];
        const Way way = mixed.ways[i];
        step.optional = way == Way::FailsOptional;
        step.onError = way == Way::FailsGoesOn ? OnError::Continue : OnError::Fail;
        step.onSkip = way == Way::SkippedSpreads ? OnSkip::Propagate : OnSkip::Success;
        if (way == Way::Skipped || way == Way::SkippedSpreads)
            step.when = always();
        if (way == Way::Approved)
            step.kind = StepKind::Approval;
        if (mixed.inBranch[i]) {
            flow->steps[0].cases[0].then.push_back(static_cast<int>(i));
            step.switchedBy = {0};
        }
    }
    return flow;
}

// The table of docs/flow-format.md, one step after the other.
struct Naive {
    StepStatus status = StepStatus::Pending;
    bool success = false;    // for those that need it with all_success
    bool spreads = false;    // a skip that goes on
    bool dependency = false; // failed for what it needs
};

Naive naiveEnd(const Mixed &mixed, size_t i, const std::vector<Naive> &before)
{
    const StepTrigger trigger = mixed.graph.triggers[i];
    const bool whatever = trigger == StepTrigger::AllDone || trigger == StepTrigger::Always;
    std::vector<Naive> needs;
    for (const int need : mixed.graph.needs[i])
        needs.push_back(before[static_cast<size_t>(need)]);
    if (mixed.inBranch[i] && !mixed.taken)
        return {.status = StepStatus::Excluded};
    const bool had = !needs.empty();
    std::erase_if(needs, [](const Naive &need) { return need.status == StepStatus::Excluded; });
    if (had && needs.empty() && !whatever)
        return {.status = StepStatus::Excluded};
    const bool allGood = std::ranges::all_of(needs, &Naive::success);
    const bool oneCompleted =
        std::ranges::any_of(needs, [](const Naive &need) { return need.status == StepStatus::Completed; });
    const bool begins =
        whatever || (trigger == StepTrigger::AllSuccess ? allGood : needs.empty() || oneCompleted);
    if (!begins)
        return {.status = StepStatus::Failed, .dependency = true};
    if (trigger == StepTrigger::AllSuccess && std::ranges::any_of(needs, &Naive::spreads))
        return {.status = StepStatus::Skipped, .success = true, .spreads = true};
    switch (mixed.ways[i]) {
    case Way::Fails:
    case Way::FailsOptional:
        return {.status = StepStatus::Failed};
    case Way::FailsGoesOn:
        return {.status = StepStatus::Failed, .success = true};
    case Way::Skipped:
        return {.status = StepStatus::Skipped, .success = true};
    case Way::SkippedSpreads:
        return {.status = StepStatus::Skipped, .success = true, .spreads = true};
    default:
        return {.status = StepStatus::Completed, .success = true};
    }
}

Mixed randomMixed(std::mt19937 &random, int steps)
{
    Mixed mixed;
    mixed.graph.onFailure = OnFailure::Continue;
    mixed.taken = random() % 2 == 0;
    for (int step = 0; step < steps; ++step) {
        mixed.graph.needs.emplace_back();
        for (int need = 0; need < step; ++need) {
            if (random() % 2 == 0)
                mixed.graph.needs.back().push_back(need);
        }
        mixed.graph.triggers.push_back(static_cast<StepTrigger>(step == 0 ? 0 : random() % 4));
        mixed.ways.push_back(static_cast<Way>(random() % kWays));
        const bool needsSwitch = std::ranges::contains(mixed.graph.needs.back(), 0);
        mixed.inBranch.push_back(needsSwitch && random() % 2 == 0);
    }
    return mixed;
}

// As play(), for what is asked of the evaluator and of a person too; what waits is taken in a random order.
std::vector<StepStatus> playMixed(const FlowDefinition &definition, const Mixed &mixed, std::mt19937 &random,
                                  std::optional<RunFinished> &verdict)
{
    FlowState state = initialState(definition);
    std::vector<FlowFact> waiting;
    const auto take = [&](FlowFact fact) {
        const auto transition = advance(definition, state, std::move(fact), 1);
        if (!transition)
            qFatal("%s", qPrintable(transition.error().detail));
        for (const Intent &intent : transition->intents) {
            if (const auto *start = std::get_if<StartAttempt>(&intent)) {
                const Way way = mixed.ways[static_cast<size_t>(definition.indexOf(start->spec.key.step))];
                AttemptResult result;
                if (way == Way::Fails || way == Way::FailsGoesOn || way == Way::FailsOptional)
                    result = {.outcome = AttemptOutcome::Error, .reason = FailureReason::GateFailed};
                waiting.emplace_back(AttemptFinished{.key = start->spec.key, .result = result});
            } else if (const auto *asked = std::get_if<AskApproval>(&intent)) {
                waiting.emplace_back(ApprovalAnswered{.key = asked->spec.key, .approved = true, .by = {}});
            } else if (const auto *evaluate = std::get_if<Evaluate>(&intent)) {
                if (evaluate->target == EvaluationTarget::Branch)
                    waiting.emplace_back(BranchTaken{.step = evaluate->step, .index = mixed.taken ? 0 : -1});
                else
                    waiting.emplace_back(ConditionEvaluated{.step = evaluate->step, .value = false});
            }
        }
    };
    take(RunStarted{.run = RunId{1}});
    while (!waiting.empty()) {
        std::swap(waiting[random() % waiting.size()], waiting.back());
        FlowFact fact = std::move(waiting.back());
        waiting.pop_back();
        take(std::move(fact));
    }
    verdict = state.verdict;
    std::vector<StepStatus> statuses;
    for (const StepState &step : state.steps)
        statuses.push_back(step.unit.status);
    return statuses;
}

} // namespace

// Five steps have too many ways: so many of them by chance, MUSTER_GRAPHS says how many (a million before a
// release).
void TestFlowGraphs::manyGraphsWithEveryWayToEnd()
{
    bool given = false;
    int graphs = qEnvironmentVariableIntValue("MUSTER_GRAPHS", &given);
    graphs = given ? graphs : 15'000;
    std::mt19937 random(1);
    for (int graph = 0; graph < graphs; ++graph) {
        const Mixed mixed = randomMixed(random, 2 + graph % 4);
        const FlowDefinitionPtr definition = definitionOf(mixed);
        std::vector<Naive> expected{{.status = StepStatus::Completed, .success = true}};
        bool good = true;
        for (size_t i = 1; i < mixed.ways.size(); ++i) {
            expected.push_back(naiveEnd(mixed, i, expected));
            const bool failed = expected.back().status == StepStatus::Failed && !expected.back().success;
            good = good && (!failed || mixed.ways[i] == Way::FailsOptional);
        }
        for (int order = 0; order < 3; ++order) {
            std::optional<RunFinished> verdict;
            const std::vector<StepStatus> statuses = playMixed(*definition, mixed, random, verdict);
            QVERIFY2(verdict, QByteArray::number(graph).constData());
            for (size_t i = 0; i < statuses.size(); ++i)
                QVERIFY2(statuses[i] == expected[i].status,
                         qPrintable(QString::number(graph) % u" step "_s % QString::number(i) % u' ' %
                                    enumName(statuses[i]) % u" not "_s % enumName(expected[i].status)));
            QVERIFY2(verdict->status == (good ? RunStatus::Completed : RunStatus::Failed),
                     QByteArray::number(graph).constData());
        }
    }
}

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
