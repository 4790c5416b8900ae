// What the task of a step or of an answer knows of it: its runtime, what that is instead of, and what it
// waits for.
#include "core/agent/resolution.h"
#include "core/node/queries/queries.h"
#include "core/store/limit_repository.h"
#include "core/store/task_repository.h"

#include <algorithm>

namespace muster::queries {

namespace {

// Of a step and of an answer alike.
template <typename Info> Status addRuntime(TaskRepository &tasks, Info &info)
{
    return tasks.spec(info.task).transform([&](const TaskSpec &spec) {
        info.runtime = spec.runtime;
        if (const PassedOver wish = passedOverIn(spec.resolveReason); !wish.runtime.isEmpty())
            info.fallback = {.wished = wish.runtime, .problem = wish.problem, .taken = spec.runtime};
    });
}

bool isUnderWay(MessageStatus status)
{
    return status == MessageStatus::Pending || status == MessageStatus::Streaming;
}

} // namespace

qint64 restOf(const TaskRow &row)
{
    return row.status == TaskStatus::Queued && row.putOff > 0 ? row.notBeforeMs : 0;
}

Status addWork(Connection &db, api::StepInfo &step)
{
    if (!step.task.isValid())
        return {};
    TaskRepository tasks(db);
    if (step.status == StepStatus::Ready) {
        const auto task = tasks.find(step.task);
        if (!task)
            return std::unexpected(task.error());
        step.notBefore = restOf(*task);
    }
    return addRuntime(tasks, step);
}

Status addWork(Connection &db, api::MessageInfo &message)
{
    TaskRepository tasks(db);
    if (Status added = addRuntime(tasks, message); !added || !isUnderWay(message.status))
        return added;
    const auto task = tasks.find(message.task);
    if (!task)
        return std::unexpected(task.error());
    message.notBefore = restOf(*task);
    if (message.notBefore == 0)
        return {};
    return LimitRepository(db).all().transform([&](const std::vector<LimitRow> &limits) {
        // Of several accounts the one that it waits for: the first to be free again.
        const LimitRow *first = nullptr;
        for (const LimitRow &limit : limits) {
            if (limit.runtime == message.runtime && limit.hard &&
                (!first || limit.restsUntilMs < first->restsUntilMs))
                first = &limit;
        }
        if (first)
            message.limit = first->detail;
    });
}

} // namespace muster::queries
