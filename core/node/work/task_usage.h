// What work has used, in the forms of the task service, of flows and of the store, and what a task has made,
// written. Values: any thread; writeResult(): the writer's.
#pragma once

#include "core/node/work/day_costs.h"
#include "core/store/cost_repository.h"
#include "core/store/task_repository.h"
#include "core/tasks/task.h"

namespace muster {

template <typename From> [[nodiscard]] UsageTotals totalsOf(const From &from)
{
    return {.tokensIn = from.tokensIn,
            .tokensOut = from.tokensOut,
            .tokensCached = from.tokensCached,
            .costMicroUsd = from.costMicroUsd};
}

template <typename From> [[nodiscard]] TaskUsage usageOf(const From &from, int agentSteps)
{
    return {.tokensIn = from.tokensIn,
            .tokensOut = from.tokensOut,
            .tokensCached = from.tokensCached,
            .costMicroUsd = from.costMicroUsd,
            .agentSteps = agentSteps};
}

// Of two parts of the same work; what is unknown of one is unknown of both.
[[nodiscard]] inline TaskUsage sumOf(const TaskUsage &before, const TaskUsage &now)
{
    TaskUsage sum{.tokensIn = before.tokensIn + now.tokensIn,
                  .tokensOut = before.tokensOut + now.tokensOut,
                  .tokensCached = before.tokensCached + now.tokensCached,
                  .costMicroUsd = now.costMicroUsd,
                  .agentSteps = before.agentSteps + now.agentSteps};
    if (before.costMicroUsd && now.costMicroUsd)
        sum.costMicroUsd = *before.costMicroUsd + *now.costMicroUsd;
    else if (before.tokensIn + before.tokensOut > 0)
        sum.costMicroUsd.reset();
    return sum;
}

[[nodiscard]] inline Status writeUsage(Connection &db, const HeldLease &held, const TaskUsage &usage,
                                       qint64 nowMs)
{
    return CostRepository(db).spend(held.id, held.epoch, usage.agentSteps, totalsOf(usage), dayOf(nowMs));
}

[[nodiscard]] inline Status writeResult(Connection &db, const HeldLease &held, const TaskUsage &usage,
                                        const QJsonObject &output, qint64 nowMs)
{
    if (Status set = writeUsage(db, held, usage, nowMs); !set)
        return set;
    return TaskRepository(db).setOutput(held.id, held.epoch, output);
}

} // namespace muster
