#include "core/node/work/task_limits.h"

namespace muster {

namespace {

constexpr qint64 flowStepMicroUsd = 5'000'000;
constexpr qint64 otherMicroUsd = 2'000'000;

} // namespace

TaskLimits limitsOf(const TaskData &data, TaskSource source, const ProjectSettings &project,
                    const WatchLimits &settings)
{
    TaskLimits limits{.watch = settings, .personsCap = data.personsCap};
    if (data.budgetMicroUsd > 0) {
        limits.watch.costMicroUsd = data.budgetMicroUsd;
    } else if (project.costMicroUsd) {
        limits.watch.costMicroUsd = *project.costMicroUsd;
        limits.personsCap = true;
    } else if (settings.costMicroUsd > 0) {
        limits.personsCap = true;
    } else {
        limits.watch.costMicroUsd = source == TaskSource::Flow ? flowStepMicroUsd : otherMicroUsd;
    }
    limits.watch.tokens = project.tokens.value_or(settings.tokens);
    limits.watch.steps = data.maxTurns > 0 ? data.maxTurns : project.steps.value_or(settings.steps);
    return limits;
}

} // namespace muster
