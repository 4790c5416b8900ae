#include "core/flow/run_budget.h"

#include "core/base/near_limit.h"
#include "core/flow/rules.h"

#include <numeric>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// What costs money: agents, and runs of flow steps, which end theirs.
bool spends(const StepDefinition &step)
{
    return step.kind == StepKind::Agent || step.kind == StepKind::Flow;
}

// Of every step that is under way, whatever it belongs to: the money is gone for `finally` too.
void stopSpending(const FlowDefinition &definition, const FlowState &state, std::vector<FlowFact> &facts)
{
    const auto stop = [&](UnitRef ref) {
        const UnitState &unit = state.unit(ref);
        const bool underWay = unit.phase == UnitPhase::Queued || unit.phase == UnitPhase::Started;
        if (underWay && !unit.stopRequested)
            facts.emplace_back(AttemptStopping{.key = keyOf(definition, state, ref),
                                               .reason = FailureReason::BudgetExceeded});
    };
    for (int step = 0; step < definition.stepCount(); ++step) {
        if (!spends(definition.step(step)))
            continue;
        stop({step, kNoItem});
        const auto items = static_cast<int>(state.steps[static_cast<size_t>(step)].items.size());
        for (int item = 0; item < items; ++item)
            stop({step, item});
    }
}

} // namespace

qint64 spentOf(const FlowState &state)
{
    return std::accumulate(state.spending.begin(), state.spending.end(), state.spentMicroUsd,
                           [](qint64 sum, const auto &one) { return sum + one.second; });
}

bool takeSpent(FlowState &state, UnitRef unit, qint64 costMicroUsd)
{
    if (costMicroUsd <= 0)
        return false;
    const auto known = state.spending.find(unit);
    if (known != state.spending.end() && known->second >= costMicroUsd)
        return false;
    state.spending[unit] = costMicroUsd;
    return true;
}

void takeFinalCost(FlowState &state, UnitRef unit, const AttemptUsage &usage)
{
    const auto told = state.spending.find(unit);
    const qint64 onTheWay = told == state.spending.end() ? 0 : told->second;
    state.spentMicroUsd += usage.costMicroUsd.value_or(onTheWay);
    if (told != state.spending.end())
        state.spending.erase(told);
}

std::vector<FlowFact> budgetFacts(const FlowDefinition &definition, const FlowState &state)
{
    const qint64 budget = definition.budgetMicroUsd;
    std::vector<FlowFact> facts;
    if (state.broke && state.runningUnits + state.waitingUnits > 0)
        stopSpending(definition, state, facts);
    if (budget <= 0 || state.broke || state.openSteps == 0)
        return facts;
    const qint64 spent = spentOf(state);
    if (spent >= budget) {
        facts.emplace_back(BudgetCrossed{.spentMicroUsd = spent, .budgetMicroUsd = budget});
        stopSpending(definition, state, facts);
    } else if (!state.nearlyBroke && spent >= nearLimit(budget)) {
        facts.emplace_back(BudgetNear{.spentMicroUsd = spent, .budgetMicroUsd = budget});
    }
    return facts;
}

bool isBroke(const FlowDefinition &definition, const FlowState &state, int step)
{
    return state.broke && spends(definition.step(step));
}

RunFinished brokeVerdict(const FlowState &state)
{
    const qint64 spent = std::max(spentOf(state), state.crossed.spentMicroUsd);
    return {.status = RunStatus::Failed,
            .reason = FailureReason::BudgetExceeded,
            .detail = u"cost_limit %1 %2"_s.arg(spent).arg(state.crossed.budgetMicroUsd),
            .step = {}};
}

} // namespace muster
