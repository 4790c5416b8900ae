// Random flows that failed at random, run again under crashes: what is kept is not done again, and the end is
// that of a run in which it had gone well from the start. MUSTER_SEEDS sets how many (1 000 by default).
#include "core/flow/rerun.h"
#include "tests/core/flow/random_flows.h"
#include "tests/core/flow/rules_driver.h"

#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestFlowRerunGraphs : public QObject {
    Q_OBJECT
private slots:
    void failedEndsAsIfNothingHadFailed();
    void fromAStepEndsAsBefore();
    void skippingAndEditingEnd();
};

namespace {

int seedCount()
{
    bool given = false;
    const int seeds = qEnvironmentVariableIntValue("MUSTER_SEEDS", &given);
    return given ? seeds : 1000;
}

AttemptResult allWell(const AttemptSpec &) { return {.output = u"done"_s, .exitCode = 0}; }

// In which nothing fails and everything is approved.
WorldSetup goodSetup(const Scenario &scenario, double crashChance)
{
    WorldSetup setup = setupOf(scenario, crashChance);
    setup.outcome = allWell;
    setup.approve = true;
    return setup;
}

// By the text of the brief and not by the planner's: whether a step, or what it needs, is none of the kept.
bool mayBeDone(const FlowDefinition &definition, const std::set<int> &kept, int step)
{
    const int loop = definition.step(step).loop;
    if (loop >= 0)
        return mayBeDone(definition, kept, loop);
    return !kept.contains(step);
}

// Steps (and items) that were begun although they were kept.
QStringList doneAgain(const EngineWorld &world, const FlowDefinition &definition, const RerunPlan &plan)
{
    std::set<int> kept;
    std::set<std::pair<int, int>> items;
    for (const StepKept &step : plan.kept) {
        const int index = definition.indexOf(step.step);
        if (isSettled(step.unit.status))
            kept.insert(index);
        for (const KeptUnit &item : step.items)
            items.insert({index, item.item});
    }
    QStringList found;
    for (const FlowEvent &event : world.journal()) {
        const auto *queued = std::get_if<AttemptQueued>(&event.fact);
        const auto *asked = std::get_if<ApprovalRequested>(&event.fact);
        if (!queued && !asked)
            continue;
        const AttemptKey &key = queued ? queued->key : asked->key;
        const int step = definition.indexOf(key.step);
        if (!mayBeDone(definition, kept, step) || items.contains({step, key.item}))
            found.append(key.toString());
    }
    return found;
}

// Steps that completed in the earlier run, are done again, and need nothing that is.
QStringList unjustified(const FlowDefinition &definition, const FlowState &before, const RerunPlan &plan,
                        const std::set<int> &aims = {})
{
    std::set<int> redone;
    for (const RedoneStep &step : plan.redone)
        redone.insert(definition.indexOf(step.step));
    for (const StepKept &step : plan.kept) {
        if (step.passedOver)
            redone.insert(definition.indexOf(step.step));
    }
    QStringList found;
    for (const int step : redone) {
        const StepDefinition &made = definition.step(step);
        const UnitState &unit = before.unit({step, kNoItem});
        const bool rejected = made.kind == StepKind::Approval && unit.approved == false;
        const auto isRedone = [&](int need) {
            return redone.contains(need);
        };
        if (unit.status == StepStatus::Completed && !rejected && !made.isFinal && !aims.contains(step) &&
            std::ranges::none_of(made.needs, isRedone) && std::ranges::none_of(made.jumpedFrom, isRedone))
            found.append(made.id);
    }
    return found;
}

QByteArray told(const Scenario &scenario, const RerunPlan &plan, const QStringList &wrong)
{
    QStringList lines{u"seed "_s % QString::number(scenario.seed), scenario.yaml};
    for (const StepKept &step : plan.kept)
        lines += u"kept "_s % step.step % u' ' % enumName(step.unit.status);
    for (const RedoneStep &step : plan.redone)
        lines += u"redone "_s % step.step % u' ' % enumName(step.why) % u' ' % step.because;
    return (lines + wrong).join(u'\n').toUtf8();
}

// Without those of loops: a loop that completed is kept with what failed in it and was made good there.
QStringList differing(const EngineWorld &one, const EngineWorld &other, const FlowDefinition &definition)
{
    QStringList found;
    const FlowState left = one.finalState();
    const FlowState right = other.finalState();
    for (int step = 0; step < definition.stepCount(); ++step) {
        const StepStatus is = left.unit({step, kNoItem}).status;
        const StepStatus was = right.unit({step, kNoItem}).status;
        if (is != was && definition.step(step).loop < 0)
            found.append(definition.step(step).id % u' ' % enumName(is) % u", not "_s % enumName(was));
    }
    return found;
}

QStringList wrongIn(const EngineWorld &world, const FlowDefinition &definition, const RerunPlan &plan)
{
    return world.violations() + repeated(world, definition) + disagreeing(world, definition) +
           doneAgain(world, definition, plan);
}

} // namespace

void TestFlowRerunGraphs::failedEndsAsIfNothingHadFailed()
{
    int kept = 0;
    int completed = 0;
    int refused = 0;
    for (int i = 0; i < seedCount(); ++i) {
        const Scenario scenario = randomFlow(static_cast<unsigned>(i));
        const auto definition = flowOf(scenario.yaml);
        EngineWorld before(setupOf(scenario, 0));
        QVERIFY(before.runToEnd());
        const FlowState state = before.finalState();
        const auto plan = planRerun(*definition, state, *definition, {.mode = RerunMode::Failed});
        if (!plan) {
            QCOMPARE(plan.error().where, u"rerun_nothing_to_redo"_s);
            QCOMPARE(before.verdict()->status, RunStatus::Completed);
            ++refused;
            continue;
        }
        kept += static_cast<int>(plan->keptSteps().size());
        WorldSetup setup = goodSetup(scenario, 0.05);
        setup.kept = plan->kept;
        EngineWorld again(setup);
        QVERIFY2(again.runToEnd(), told(scenario, *plan, {}).constData());
        EngineWorld fresh(goodSetup(scenario, 0));
        QVERIFY(fresh.runToEnd());
        QStringList wrong = wrongIn(again, *definition, *plan) + unjustified(*definition, state, *plan);
        if (!scenario.timed && again.verdict()->status != fresh.verdict()->status)
            wrong += u"ends "_s % enumName(again.verdict()->status);
        const bool completes = !scenario.timed && fresh.verdict()->status == RunStatus::Completed;
        if (completes || scenario.exact)
            wrong += differing(again, fresh, *definition);
        QVERIFY2(wrong.isEmpty(), told(scenario, *plan, wrong).constData());
        completed += again.verdict()->status == RunStatus::Completed ? 1 : 0;
    }
    QCOMPARE_GT(kept, seedCount() / 4);
    QCOMPARE_GT(completed, seedCount() / 4);
    qInfo("%d steps kept, %d completed, %d with nothing to do", kept, completed, refused);
}

// The same outcomes: what is done anew comes to the same ends, and so does all the rest.
void TestFlowRerunGraphs::fromAStepEndsAsBefore()
{
    int played = 0;
    for (int i = 0; i < seedCount(); ++i) {
        const Scenario scenario = randomFlow(static_cast<unsigned>(i));
        if (!scenario.exact)
            continue;
        const auto definition = flowOf(scenario.yaml);
        EngineWorld before(setupOf(scenario, 0));
        QVERIFY(before.runToEnd());
        const FlowState state = before.finalState();
        const StepDefinition &aim = definition->step(i % definition->stepCount());
        const auto plan =
            planRerun(*definition, state, *definition, {.mode = RerunMode::From, .step = aim.id});
        if (aim.loop >= 0) {
            QCOMPARE(plan.error().where, u"rerun_step_in_loop"_s);
            continue;
        }
        if (!plan) {
            QCOMPARE(plan.error().where, u"rerun_nothing_to_redo"_s);
            QCOMPARE(state.unit({i % definition->stepCount(), kNoItem}).status, StepStatus::Excluded);
            continue;
        }
        std::set<int> aims{i % definition->stepCount()};
        if (aim.kind == StepKind::Group)
            aims.insert(aim.needs.begin(), aim.needs.end());
        WorldSetup setup = setupOf(scenario, 0.05);
        setup.kept = plan->kept;
        EngineWorld again(setup);
        QVERIFY2(again.runToEnd(), told(scenario, *plan, {}).constData());
        QStringList wrong = wrongIn(again, *definition, *plan) + unjustified(*definition, state, *plan, aims);
        wrong += differing(again, before, *definition);
        QVERIFY2(wrong.isEmpty(), told(scenario, *plan, wrong).constData());
        ++played;
    }
    QCOMPARE_GT(played, seedCount() / 5);
}

void TestFlowRerunGraphs::skippingAndEditingEnd()
{
    int skipped = 0;
    for (int i = 0; i < seedCount(); ++i) {
        const Scenario scenario = randomFlow(static_cast<unsigned>(i));
        const auto definition = flowOf(scenario.yaml);
        EngineWorld before(setupOf(scenario, 0));
        QVERIFY(before.runToEnd());
        const FlowState state = before.finalState();
        for (const RerunMode mode : {RerunMode::Skip, RerunMode::Edited}) {
            const auto failed = std::ranges::find_if(
                state.steps, [](const StepState &step) { return step.unit.status == StepStatus::Failed; });
            const auto index = static_cast<int>(failed - state.steps.begin());
            if (mode == RerunMode::Skip && index == definition->stepCount())
                continue;
            const RerunAsk ask{.mode = mode,
                               .step = mode == RerunMode::Skip ? definition->step(index).id : QString()};
            const auto plan = planRerun(*definition, state, *definition, ask);
            if (!plan)
                continue;
            WorldSetup setup = goodSetup(scenario, 0.05);
            setup.kept = plan->kept;
            EngineWorld again(setup);
            QVERIFY2(again.runToEnd(), told(scenario, *plan, {}).constData());
            QStringList wrong = wrongIn(again, *definition, *plan) + unjustified(*definition, state, *plan);
            if (again.verdict()->status == RunStatus::Stuck)
                wrong += u"stuck"_s;
            if (mode == RerunMode::Skip &&
                again.finalState().unit({index, kNoItem}).status != StepStatus::Skipped)
                wrong += u"not skipped: "_s % ask.step;
            QVERIFY2(wrong.isEmpty(), told(scenario, *plan, wrong).constData());
            skipped += mode == RerunMode::Skip ? 1 : 0;
        }
    }
    QCOMPARE_GT(skipped, seedCount() / 10);
}

QTEST_GUILESS_MAIN(TestFlowRerunGraphs)
#include "tst_flow_rerun_graphs.moc"
