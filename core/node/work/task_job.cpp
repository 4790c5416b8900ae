#include "core/node/work/task_job.h"

namespace muster {

TaskJob::TaskJob(ClaimedTask task, WorkContext &context, QObject *parent)
    : QObject(parent)
    , m_task(std::move(task))
    , m_context(context)
    , m_data(fromJsonObject<TaskData>(m_task.request.data).value_or(TaskData{}))
{
}

} // namespace muster
